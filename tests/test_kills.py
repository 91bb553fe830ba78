"""A process that is killed at any point loses nothing: the next command has the old or the new."""

import os
import shutil
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from apportion.core.problem import OutputError
from apportion.core.year import FiscalYear
from apportion.outputs import publish, stage
from apportion.years.begin.new_year import new_year
from apportion.years.begin.starter import COUNCIL, init
from tests import workspace
from tests.program import apportion

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a child of its own")

MOVES = ("rename", "replace", "mkdir", "rmdir", "unlink")
"""Calls of the system by which folders change."""
EVERY = (*MOVES, "exchange", "exchanged")


@contextmanager
def each_move(hear: Callable[[str], None]) -> Iterator[None]:
    """Hear before each call that changes a folder, and before and after each exchange."""
    real = {name: getattr(os, name) for name in MOVES}
    exchange = vars(stage)["_exchange"]

    def heard(name: str) -> Callable[..., object]:
        def call(*words: object, **more: object) -> object:
            hear(name)
            return real[name](*words, **more)

        return call

    def exchanged(one: Path, other: Path) -> bool:
        hear("exchange")
        done: bool = exchange(one, other)
        hear("exchanged")
        return done

    with pytest.MonkeyPatch.context() as patch:
        for name in MOVES:
            patch.setattr(os, name, heard(name))
        patch.setattr(stage, "_exchange", exchanged)
        yield


def killed(work: Callable[[], object], at: int, moves: Sequence[str] = EVERY) -> bool:
    """Do the work in a child that is killed before its move `at`; whether it came so far."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pytest may have threads; the child needs none
        child = os.fork()
    if child == 0:
        count = iter([False] * at + [True])

        def hear(move: str) -> None:
            if move in moves and next(count, False):
                os.kill(os.getpid(), signal.SIGKILL)

        with suppress(BaseException), each_move(hear):
            work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def write(target: Path, text: str) -> None:
    with publish.staged(target, lambda _: "") as folder:
        (folder / "a.txt").write_text(text, "utf-8")
        (folder / "data").mkdir()
        (folder / "data/b.txt").write_text(text, "utf-8")


def texts(folder: Path) -> set[str]:
    """What the files say; a folder that is half there says too little or too much."""
    if not folder.exists():
        return {"nothing"}
    assert sorted(path.name for path in folder.rglob("*")) == ["a.txt", "b.txt", "data"]
    return {(folder / name).read_text("utf-8") for name in ("a.txt", "data/b.txt")}


@pytest.fixture(params=[True, False], ids=["exchange", "rename"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if not request.param:
        monkeypatch.setattr(stage, "_exchange", lambda _one, _other: False)
    return tmp_path / "outputs/r7"


def test_a_kill_before_any_move_leaves_the_old_or_the_new(target: Path) -> None:
    seen = set()
    at = 0
    while True:
        shutil.rmtree(target.parent, ignore_errors=True)
        write(target, "old")
        if not killed(lambda: write(target, "new"), at):
            break
        stage.recover(target.parent)
        (now,) = texts(target)
        seen.add(now)
        former = target.parent / "履歴/r7/1"
        assert texts(former) == ({"old"} if now == "new" else {"nothing"})
        assert {p.name for p in target.parent.iterdir()} <= {"r7", "履歴"}
        at += 1
    assert seen == {"old", "new"}
    assert at > 10


def test_the_first_outputs_are_there_or_not(target: Path) -> None:
    seen = set()
    at = 0
    while True:
        shutil.rmtree(target.parent, ignore_errors=True)
        if not killed(lambda: write(target, "new"), at):
            break
        stage.recover(target.parent)
        seen |= texts(target)
        at += 1
    assert seen == {"nothing", "new"}


def test_a_kill_while_the_next_command_mends_loses_nothing(target: Path) -> None:
    """Killed after the former ones are out of their place, and again at each move of the mend."""
    for first in range(6, 14):
        for second in range(12):
            shutil.rmtree(target.parent, ignore_errors=True)
            write(target, "old")
            killed(lambda: write(target, "new"), first)
            killed(lambda: stage.recover(target.parent), second)
            stage.recover(target.parent)
            (now,) = texts(target)
            assert texts(target.parent / "履歴/r7/1") == ({"old"} if now == "new" else {"nothing"})
            assert {p.name for p in target.parent.iterdir()} <= {"r7", "履歴"}


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, OSError, MemoryError])
def test_whatever_stops_a_swap_the_old_or_the_new_is_there(
    target: Path, kind: type[BaseException]
) -> None:
    for at in range(30):
        shutil.rmtree(target.parent, ignore_errors=True)
        write(target, "old")
        count = iter([False] * at + [True])

        def stop(_: str, count: Iterator[bool] = count) -> None:
            if next(count, False):
                raise kind

        with suppress(BaseException), each_move(stop):
            write(target, "new")
        stage.recover(target.parent)
        (now,) = texts(target)
        assert texts(target.parent / "履歴/r7/1") == ({"old"} if now == "new" else {"nothing"})


def test_what_the_message_says_of_the_former_outputs_is_so(target: Path) -> None:
    said = set()
    for at in range(30):
        shutil.rmtree(target.parent, ignore_errors=True)
        write(target, "old")
        count = iter(range(at))

        def refuse(_: str, count: Iterator[int] = count) -> None:
            if next(count, None) is None:
                raise PermissionError(13, "denied")

        told = refused(lambda: write(target, "new"), refuse)
        if "そのままです" in told:
            assert texts(target) == {"old"}
        elif "新しいもの" in told:
            assert texts(target) == {"new"}
        said.add(told.partition("）。")[2].partition("\n")[0])
        stage.recover(target.parent)
        (now,) = texts(target)
        assert texts(target.parent / "履歴/r7/1") == ({"old"} if now == "new" else {"nothing"})
    assert "前の出力はそのままです。" in said


def refused(work: Callable[[], object], refuse: Callable[[str], None]) -> str:
    """What is told where the disk refuses every move from some point on."""
    try:
        with each_move(refuse):
            work()
    except OutputError as error:
        return str(error)
    return ""


def make(root: Path) -> None:
    new_year(root, FiscalYear(2025), FiscalYear(2026))


def test_a_new_year_has_both_folders_or_none(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    years = [root / kind / "r8" for kind in ("rules", "members")]
    seen: list[bool] = []
    while killed(lambda: make(root), len(seen), ["rename", "replace"]):
        stage.recover(root)
        found = {folder.is_dir() and len(list(folder.iterdir())) for folder in years}
        seen.append(all(found))
        assert all(found) or found == {False}
        assert sorted(path.name for path in root.iterdir()) == ["members", "rules"]
        for folder in years:
            shutil.rmtree(folder, ignore_errors=True)
    assert seen == [False, True, True]  # before its steps are noted, before each of the two moves


def test_the_next_command_finishes_and_says_so(tmp_path: Path) -> None:
    """Between the two moves of `new-year`, then `check`."""
    root = workspace.copy(tmp_path)
    assert killed(lambda: make(root), 2, ["rename", "replace"])
    assert [(root / kind / "r8").exists() for kind in ("rules", "members")] == [True, False]
    done = apportion("check", "--year", "r7", "--dir", str(root))
    assert done.code == 0
    assert f"前に途中で止まった書き出しを終えました: {root.resolve()}/members/r8" in done.stderr
    assert (root / "members/r8/roster.csv").is_file()


def test_a_workspace_that_was_begun_is_begun_again(tmp_path: Path) -> None:
    folder = tmp_path / "council"
    assert killed(lambda: init(folder, COUNCIL), 20, ["mkdir"])
    assert [path.name[0] for path in folder.iterdir()] == ["."]
    assert "rules/README.md" in init(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["members", "rules"]
