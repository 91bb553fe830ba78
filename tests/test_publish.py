"""Outputs are replaced whole or not at all, and the former ones are kept."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from apportion.core.problem import OutputError
from apportion.outputs import owner, publish, stage


def anything(_: Path) -> str:
    return ""


def write(target: Path, text: str) -> None:
    with publish.staged(target, anything) as folder:
        (folder / "a.txt").write_text(text, encoding="utf-8")


def read(folder: Path) -> str:
    return (folder / "a.txt").read_text(encoding="utf-8")


@pytest.fixture(params=[True, False], ids=["exchange", "rename"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if not request.param:  # as on a system without renameat2
        monkeypatch.setattr(stage, "_exchange", lambda _one, _other: False)
    return tmp_path / "outputs" / "r7"


def test_the_former_outputs_go_to_the_history(target: Path) -> None:
    for text in ("1", "2", "3"):
        write(target, text)
    assert read(target) == "3"
    assert [read(target.parent / "履歴" / "r7" / n) for n in ("1", "2")] == ["1", "2"]
    assert sorted(p.name for p in target.parent.iterdir()) == ["r7", "履歴"]


def test_a_failure_leaves_the_old_outputs(target: Path) -> None:
    write(target, "old")
    with pytest.raises(TypeError), publish.staged(target, anything) as folder:
        (folder / "a.txt").write_text(None)  # type: ignore[arg-type]
    assert read(target) == "old"
    assert [p.name for p in target.parent.iterdir()] == ["r7"]


def test_outputs_of_the_same_bytes_stay_and_no_history_is_made(target: Path) -> None:
    write(target, "1")
    number = target.stat().st_ino
    write(target, "1")
    assert target.stat().st_ino == number
    assert [p.name for p in target.parent.iterdir()] == ["r7"]


def outputs(target: Path, text: str, state: str) -> None:
    """What a run writes, in short."""
    with publish.staged(target, anything) as folder:
        (folder / "a.txt").write_text(text, encoding="utf-8")
        listed = {"年度": "r7", "状態": state, "入力": {}, "出力": publish.outputs(folder)}
        (folder / publish.NAME).write_text(json.dumps(listed), encoding="utf-8")


def history(target: Path) -> list[str]:
    folders = (target.parent / "履歴" / target.name).iterdir()
    return [read(path) for path in sorted(folders, key=lambda path: int(path.name))]


def test_of_drafts_the_last_ones_are_kept_and_of_bills_all(target: Path) -> None:
    """Bills may have been sent, also where nobody sealed them."""
    texts = [str(number) for number in range(1, 10)]
    for text in texts:
        outputs(target, text, "議決" if text in ("2", "4") else "案")
    assert history(target) == ["2", "3", "4", "5", "6", "7", "8"]
    assert read(target) == "9"
    assert sorted(p.name for p in target.parent.iterdir()) == ["r7", "履歴"]


def test_the_same_bytes_are_kept_once(target: Path) -> None:
    for text in ("1", "2", "1", "2", "1", "3"):
        outputs(target, text, "議決")
    assert history(target) == ["1", "2"]


def test_what_somebody_wrote_into_is_kept_beside_what_it_was(target: Path) -> None:
    for text in ("1", "2", "1"):
        outputs(target, text, "議決")
    (target / "a.txt").write_text("by hand", encoding="utf-8")
    outputs(target, "3", "議決")
    assert history(target) == ["1", "2", "by hand"]


def test_what_is_sealed_is_not_kept_once_more(target: Path) -> None:
    outputs(target, "1", "議決")
    shutil.copytree(target, target.parent / "確定/r7/第1回/出力")
    outputs(target, "2", "議決")
    assert not (target.parent / "履歴/r7/1").exists()
    outputs(target, "3", "議決")
    assert history(target) == ["2"]


def test_what_a_dead_process_left_is_swept(target: Path, dead: int) -> None:
    write(target, "old")
    left = named(target, process=dead)
    left.mkdir()
    (left / "a.txt").write_text("half", "utf-8")
    write(target, "new")
    assert [p.name for p in target.parent.iterdir() if p.name[0] == "."] == []


def test_a_living_stage_of_another_process_is_never_swept(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, "PAUSES", (0.01,))
    write(target, "old")
    with living() as process:
        other = named(target, process=process)
        other.mkdir()
        with pytest.raises(
            OutputError, match=r"別の apportion が .* に書いています（コンピューター"
        ):
            write(target, "new")
        assert other.is_dir()
    assert read(target) == "old"
    write(target, "new")
    assert not other.exists()


def test_a_stage_of_another_computer_lives_for_a_day(target: Path) -> None:
    young, old = (named(target, process=1, computer="elsewhere", age=age) for age in (60, 90_000))
    for each in (young, old):
        each.mkdir(parents=True)
    stage.recover(target.parent)
    assert [young.exists(), old.exists()] == [True, False]


def test_a_number_that_was_given_to_a_later_process_is_no_owner(target: Path) -> None:
    with living() as process:
        left = named(target, process=process, age=3600)
        left.mkdir(parents=True)
        stage.recover(target.parent)
    assert not left.exists()


@pytest.mark.parametrize("name", [".作成中-r7-1", ".作成中-メモ", ".作成中-r7-1-2-3"])
def test_a_folder_that_is_no_stage_is_left_alone(target: Path, name: str) -> None:
    mine = target.parent / name
    mine.mkdir(parents=True)
    write(target, "new")
    assert mine.is_dir()


@pytest.fixture
def dead() -> int:
    """Number of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


@contextmanager
def living() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        yield process.pid
    finally:
        process.communicate(b"\n")


def named(target: Path, process: int, computer: str | None = None, age: int = 0) -> Path:
    """A stage of another owner."""
    parts = owner.claim(target.parent, target.name).name.rsplit("-", 3)
    since = int(parts[1]) - age * 1000
    return target.parent / f"{parts[0]}-{since}-{process}-{computer or parts[3]}"


def test_an_open_workbook_is_named_before_anything_is_done(target: Path) -> None:
    write(target, "old")
    (target / "~$負担金一覧.xlsx").write_bytes(b"")
    with pytest.raises(OutputError, match=r"r7/負担金一覧\.xlsx"):
        write(target, "new")
    assert read(target) == "old"


def test_a_disk_that_refuses_is_told_and_the_old_outputs_stay(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(target, "old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stage, "_swap", full)
    with pytest.raises(OutputError, match="前の出力はそのままです"):
        write(target, "new")
    assert read(target) == "old"
