"""A workspace is written by one command at a time; whoever comes second is told who came first."""

import os
import subprocess
import sys
import types
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from apportion.core.problem import OutputError
from apportion.outputs import lock, owner
from tests import settling
from tests.program import apportion

COMMAND = [sys.executable, "-X", "utf8"]
HOLD = """
import sys, time
from pathlib import Path
from apportion.outputs import lock
with lock.held(Path(sys.argv[1]), "run"):
    print("held", flush=True)
    time.sleep(60)
"""
WRITING = (
    ("run", "--year", "r7"),
    ("fmt", "--year", "r7"),
    ("new-year", "r8"),
    ("seal", "--year", "r7", "--note", "総会議決"),
    ("settle", "--year", "r7"),
    ("import", "figures", "a.csv", "--year", "r7"),
    ("undo", "--yes"),
    ("seen", "W889", "--year", "r7", "--note", "x", "--yes"),
    ("withdraw", "--year", "r7", "--note", "x"),
)
READING = (
    ("check", "--year", "r7"),
    ("fmt", "--year", "r7", "--check"),
    ("run", "--year", "r7", "--only", "共同事業"),
)


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    return settling.worked(tmp_path)


@pytest.fixture(autouse=True)
def fixture_no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "PAUSES", (0.01,))


def holder(root: Path) -> subprocess.Popen[str]:
    """A process that has the lock."""
    held = subprocess.Popen([*COMMAND, "-c", HOLD, str(root)], stdout=subprocess.PIPE, text=True)
    assert held.stdout is not None
    assert held.stdout.readline() == "held\n"
    return held


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_who_comes_second_is_told_who_came_first_and_reading_goes_on(root: Path) -> None:
    first = holder(root)
    try:
        for words in READING:
            assert apportion(*words, "--dir", str(root)).code != 3, words
        before = sorted(root.rglob("*"))
        with pytest.raises(OutputError) as caught, lock.held(root, "seal"):
            pytest.fail("two at once")
        said = str(caught.value)
        assert said.startswith(
            "いま、別の apportion がこのフォルダーで書いています（run、コンピューター "
        )
        assert " から）。何も書いていません。" in said
        told = apportion("run", "--year", "r7", "--dir", str(root))
        assert (told.code, "別の apportion が" in told.stderr) == (3, True)
        assert sorted(root.rglob("*")) == before
    finally:
        ended(first)


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_every_command_that_writes_waits_its_turn(
    root: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    from apportion.cli import app, guarded  # noqa: PLC0415  loads the engine

    asked: list[str] = []
    real = lock.held

    def held(at: Path, name: str) -> AbstractContextManager[None]:
        asked.append(name)
        return real(at, name)

    monkeypatch.setattr(lock, "held", held)
    guarded(lambda: app([*words, "--dir", str(root)], standalone_mode=False))
    assert asked == [words[1] if words[0] == "import" else words[0]]
    assert not (root / lock.NAME).exists()


def test_a_dead_owner_keeps_nobody_waiting_and_leaves_nothing(root: Path) -> None:
    ended(holder(root))
    assert (root / lock.NAME).exists()
    assert apportion("check", "--year", "r7", "--dir", str(root)).code == 0
    assert not (root / lock.NAME).exists()
    ended(holder(root))
    with lock.held(root, "run"):
        pass
    assert not (root / lock.NAME).exists()


def test_a_living_owner_keeps_his_file(root: Path) -> None:
    first = holder(root)
    try:
        lock.clear(root)
        assert (root / lock.NAME).exists()
    finally:
        ended(first)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be taken away there")
def test_the_lock_of_a_file_that_was_taken_away_is_none(tmp_path: Path) -> None:
    path = tmp_path / lock.NAME
    opened = vars(lock)["_opened"]
    old, new = opened(path), None
    path.unlink()
    try:
        assert not vars(lock)["_is_ours"](path, old)
        new = opened(path)
        assert vars(lock)["_is_ours"](path, new)
    finally:
        os.close(old)
        os.close(new or 0)


def test_a_place_that_takes_no_file_stops_nobody(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", refused)
    with lock.held(root, "run"):
        pass


def test_twenty_processes_never_write_together(tmp_path: Path) -> None:
    """Each adds one to a number by reading and writing it; a lost step would be missing at the end."""
    (tmp_path / "n").write_text("0")
    code = """
import sys
from pathlib import Path
from apportion.outputs import lock, owner
owner.PAUSES = (0.01,) * 1000
for _ in range(20):
    with lock.held(Path(sys.argv[1]), "run"):
        file = Path(sys.argv[1], "n")
        file.write_text(str(int(file.read_text()) + 1))
"""
    running = [subprocess.Popen([*COMMAND, "-c", code, str(tmp_path)]) for _ in range(20)]
    assert [process.wait() for process in running] == [0] * 20
    assert (tmp_path / "n").read_text() == "400"
    assert [path.name for path in tmp_path.iterdir()] == ["n"]


def test_windows_locks_a_byte_behind_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The module as Windows loads it, with a system that locks one byte for one handle."""
    taken: dict[int, int] = {}

    def locking(file: int, how: int, count: int) -> None:
        place = os.lseek(file, 0, os.SEEK_CUR)
        assert (how, count, place) == (2, 1, 1 << 30)
        if taken.setdefault(place, file) != file:
            raise PermissionError(13, "Permission denied")

    system = types.ModuleType("msvcrt")
    system.__dict__.update(locking=locking, LK_NBLCK=2)
    monkeypatch.setitem(sys.modules, "msvcrt", system)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("time.sleep", lambda _: None)
    own = types.ModuleType("apportion.outputs.lock")
    exec(compile(Path(lock.__file__).read_text("utf-8"), lock.__file__, "exec"), own.__dict__)  # noqa: S102
    with own.held(tmp_path, "run"):
        assert (tmp_path / lock.NAME).read_text("utf-8").startswith("run、コンピューター ")
        with pytest.raises(OutputError, match="run、コンピューター "), own.held(tmp_path, "seal"):
            pytest.fail("two at once")
    assert not (tmp_path / lock.NAME).exists()
