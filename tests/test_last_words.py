"""What is said at the end of a command is so, also where nobody can hear it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from apportion.cli import app, guarded, report
from apportion.outputs import publish, stage
from tests import settling
from tests.program import apportion

OLD, NEW = "前の出力はそのままです。", "次のものは新しいものに替わっています: "
RUN = ("run", "--year", "r7", "--dir")


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    return settling.worked(tmp_path)


def told(root: Path, screen: str) -> tuple[int, str]:
    """Exit code and last words of a run whose screen is a full device or a closed pipe."""
    reading, writing = os.pipe()
    os.close(reading)
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-m", "apportion", *RUN, str(root)],
            stdout={"full": full, "closed": writing}[screen],
            stderr=subprocess.PIPE,
            check=False,
            encoding="utf-8",
        )
    finally:
        os.close(writing)
        os.close(full)
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("screen", ["full", "closed"])
def test_outputs_that_were_replaced_are_named_where_the_screen_is_gone(
    root: Path, screen: str
) -> None:
    code, said = told(root, screen)
    assert code == 3
    assert NEW + str((root / "outputs/r7").resolve()) in said
    assert OLD not in said
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    code, said = told(root, screen)  # the same bytes: they stay
    assert (code, OLD in said, NEW in said) == (3, True, False)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ZeroDivisionError])
def test_a_stop_after_the_outputs_says_that_they_are_new(
    root: Path,
    stop: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stopped(*_: object) -> None:
        raise stop

    monkeypatch.setattr(report, "_told", stopped)
    assert guarded(lambda: app([*RUN, str(root)], standalone_mode=False)) in {2, 10}
    assert NEW + str((root / "outputs/r7").resolve()) in capsys.readouterr().err


def test_a_stop_before_the_outputs_says_that_the_former_stay(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    assert apportion(*RUN, str(root)).code == 0
    monkeypatch.setattr(report, "run", stopped)
    assert guarded(lambda: app([*RUN, str(root)], standalone_mode=False)) == 2
    assert capsys.readouterr().err == f"中止しました。{OLD}\n"


def test_a_rule_file_that_was_rewritten_is_named_where_fmt_stops_behind_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = root / "rules/r7/10.txt"
    rules.write_text(rules.read_text("utf-8").replace("負担割合: ", "負担割合：　"), "utf-8")
    real = publish.replace_files

    def stopped(*words: Any, **how: Any) -> None:  # noqa: ANN401  as they are given
        real(*words, **how)
        raise KeyboardInterrupt

    monkeypatch.setattr(publish, "replace_files", stopped)
    words = ["fmt", "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app(words, standalone_mode=False)) == 2
    assert NEW + str(rules.resolve()) in capsys.readouterr().err


def test_a_folder_that_may_not_be_read_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the system says it to whoever may not look into the folder; root may look into all."""
    looked = os.stat

    def forbidden(path: str | Path, **how: bool) -> os.stat_result:
        if f"rules{os.sep}r7{os.sep}" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return looked(path, **how)

    monkeypatch.setattr(os, "stat", forbidden)
    check = ["check", "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app(check, standalone_mode=False)) == 3
    said = capsys.readouterr().err
    assert "rules/r7" in said
    assert OLD in said


def test_two_at_once_end_well_or_say_who_came_first(root: Path) -> None:
    command = [sys.executable, "-X", "utf8", "-m", "apportion", *RUN, str(root)]
    for _ in range(3):
        both = [
            subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8"
            )
            for _ in range(2)
        ]
        said = [process.communicate()[1] for process in both]
        for process, words in zip(both, said, strict=True):
            assert process.returncode == 0 or "別の apportion が" in words
        assert apportion("verify", str(root / "outputs/r7"), "--dir", str(root)).code == 0
        assert [path.name for path in (root / "outputs").iterdir()] == ["r7"]


def python(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-c", code, *words]
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8")


LOADING = """
import sys
class Stop:
    def find_spec(self, name, *_):
        if name == "apportion.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop())
from apportion.__main__ import main
main()
"""


def test_a_stop_while_the_program_loads_is_told() -> None:
    done = python(LOADING)
    assert (done.returncode, done.stderr) == (2, f"中止しました。{OLD}\n")


STOPPED = """
import os, signal
from apportion import __main__, pipeline
from apportion.outputs import stage
real = stage.place
def stop(*words, **how):
    if {after}:
        real(*words, **how)
    os.kill(os.getpid(), signal.{name})
stage.place = stop
__main__.main()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals of Unix")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_with_one_true_sentence(root: Path, name: str) -> None:
    done = python(STOPPED.format(after=False, name=name), *RUN, str(root))
    assert (done.returncode, done.stderr) == (2, f"中止しました。{OLD}\n")
    assert sorted(path.name for path in (root / "outputs").iterdir()) == []
    done = python(STOPPED.format(after=True, name=name), *RUN, str(root))
    assert done.returncode == 2
    assert done.stderr == f"中止しました。その前に、{NEW}{(root / 'outputs/r7').resolve()}\n"


def test_a_stop_within_the_move_says_what_was_moved(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert apportion(*RUN, str(root)).code == 0
    with (root / "rules/r7/10.txt").open("a", encoding="utf-8") as rules:
        rules.write("※ あとで書いた\n")
    swap = vars(stage)["_swap"]

    def stopped(*words: object) -> None:
        swap(*words)
        raise KeyboardInterrupt

    monkeypatch.setattr(stage, "_swap", stopped)
    assert guarded(lambda: app([*RUN, str(root)], standalone_mode=False)) == 2
    assert NEW + str((root / "outputs/r7").resolve()) in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
def test_a_folder_that_is_gone_and_letters_that_are_not_there(root: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    code = "import os, sys; os.mkdir(sys.argv[-1]); os.chdir(sys.argv[-1]); os.rmdir(sys.argv[-1]);"
    done = python(f"{code} from apportion.__main__ import main; main()", "check", str(gone))
    assert done.returncode == 3
    assert "いまのフォルダーを開けません" in done.stderr
    ascii_only = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "apportion", "check", "--year", "r7", "--dir", str(root)]
    plain = subprocess.run(command, capture_output=True, check=False, env=ascii_only)
    assert plain.returncode == 3
    assert "日本語の名前のファイルを扱えません" in plain.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("words", [(), ("--help",), ("help", "W403")])
def test_a_full_device_is_told_for_every_command(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-X", "utf8", "-m", "apportion", *words]
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, check=False, encoding="utf-8"
        )
    assert done.returncode == 3
    assert done.stderr.startswith("画面（または、結果を渡す先）に書けませんでした")
