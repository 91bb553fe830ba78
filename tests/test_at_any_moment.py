"""Commands that are killed at any moment, and commands that are started together.

What is there afterwards is what one of the possible orders gives, byte for byte, and nothing else is
left behind. A few on every run; with `pytest -m long` 500 kills, 200 pairs and 50 triples.
"""

import os
import re
import shutil
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import permutations
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from apportion.cli import app, guarded
from apportion.core.year import Edition
from apportion.outputs import lock, owner
from apportion.pipeline import decide, run
from apportion.years.issues.decide import Decision
from tests import sealing, settling, small
from tests.small import R7, revise
from tests.workspace import edit

if sys.platform == "win32":
    pytest.skip("kills children of its own", allow_module_level=True)

import fcntl

Files = Mapping[str, bytes]
CLOCK = re.compile(rb"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[+-][0-9:]{5}")
"""When an import was made, which `undo` tells."""

YEAR = ("--year", "r7")
COMMANDS = {
    "run": ("run", *YEAR),
    "seal": ("seal", *YEAR, "--case", "補正1", "--note", "補正議決"),
    "fmt": ("fmt", *YEAR),
    "import": ("import", "figures", "new.csv", *YEAR, "--yes"),
    "new-year": ("new-year", "r8"),
    "withdraw": ("withdraw", *YEAR, "--note", "議決の誤り"),
    "settle": ("settle", *YEAR),
    "undo": ("undo", "--yes"),
    "check": ("check", *YEAR),
    "verify": ("verify", "outputs/r7-補正1"),
}
WRITING = tuple(name for name in COMMANDS if name not in {"check", "verify"})
TOGETHER = tuple(name for name in COMMANDS if name != "settle")


class Child:
    """A command in a process of its own, which has nothing to load first."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.told = root.with_name(f"{root.name}-{name}.txt")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pytest may have threads; the child needs none
            self.process = os.fork()
        if self.process == 0:
            self._work(root, COMMANDS[name])

    def _work(self, root: Path, words: Sequence[str]) -> None:
        code = 99
        with suppress(BaseException):
            os.chdir(root)
            sys.stdout = sys.stderr = self.told.open("w", encoding="utf-8")
            code = guarded(lambda: app([*words], standalone_mode=False))
            sys.stdout.flush()
        os._exit(code)

    def ended(self) -> int:
        """Its exit code; below 0 where it was killed."""
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def words(self) -> str:
        return self.told.read_text("utf-8")


def a_year(root: Path) -> Path:
    """Sealed, run, and then changed: there is something to do for every command."""
    sealing.decided(root)
    decide(root, R7, Decision(None, date(2025, 5, 30), "総会議決"))
    revise(root, 1, {"利用料": 300_000}, day="令和7年11月20日")
    with (root / "rules/r7/acts.csv").open("a", encoding="utf-8") as acts:
        acts.write("補正第1号,令和7年11月20日,議決,補正議決\n")
    run(root, R7)
    edit(root / sealing.RULES, "均等割 30% + 人口割 70%", "均等割30%+人口割 70%")
    numbers = "\nあおば市,1\nみどり町,2\nこだま村,3\n"
    small.save(root, "new.csv", "団体名,面積（ha、令和6年10月1日現在）" + numbers)
    assert command(root, "import") == 0
    small.save(root, "new.csv", "団体名,校数（校、令和6年5月1日現在）" + numbers)
    run(root, R7, edition=Edition(1))
    return root


def command(root: Path, name: str) -> int:
    return Child(root, name).ended()


@pytest.fixture(scope="module", name="starts")
def fixture_starts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The workspace in which each command has something to do."""
    folder = tmp_path_factory.mktemp("starts")
    year = a_year(folder / "year")
    settled = settling.worked(folder / "settled")
    assert command(settled, "settle") == 0
    edit(settled / "rules/r7/budget.csv", "940010", "930010")
    return {name: settled if name == "settle" else year for name in COMMANDS}


def files(root: Path) -> Files:
    """All that is there, folders too, but for the time of day."""
    return {
        path.relative_to(root).as_posix(): CLOCK.sub(b"", path.read_bytes())
        if path.is_file()
        else b""
        for path in root.rglob("*")
    }


def copy(start: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(start, target))


def left(root: Path) -> list[str]:
    """What a command that was cut short left behind."""
    return [p.name for p in root.rglob(".*") if p.name.startswith((owner.PREFIX, lock.NAME))]


class Whole(NamedTuple):
    """A command that nobody disturbs."""

    before: Files
    after: Files
    seconds: float


def whole(start: Path, folder: Path, name: str) -> Whole:
    root = copy(start, folder / "whole")
    before = files(root)
    began = time.monotonic()
    assert command(root, name) == 0, name
    return Whole(before, files(root), time.monotonic() - began)


def killed_once(start: Path, root: Path, name: str, seconds: float) -> bool:
    """Kill it after so many seconds; whether it was still at work."""
    copy(start, root)
    child = Child(root, name)
    time.sleep(seconds)
    os.kill(child.process, signal.SIGKILL)
    dead = child.ended() < 0
    if (root / lock.NAME).exists():  # a process that was lent to it dies with it, a moment later
        with (root / lock.NAME).open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
    return dead


@pytest.mark.parametrize("name", WRITING)
def test_a_kill_at_any_moment(name: str, starts: Mapping[str, Path], tmp_path: Path) -> None:
    kill_often(4, name, starts[name], tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", WRITING)
def test_500_kills(name: str, starts: Mapping[str, Path], tmp_path: Path) -> None:
    kill_often(63, name, starts[name], tmp_path)


def kill_often(count: int, name: str, start: Path, folder: Path) -> None:
    """The next command finds the old or the new, puts it in order, and the work can be done."""
    undisturbed = whole(start, folder, name)
    random = Random(name)  # noqa: S311  as good as any
    for number in range(count):
        root = folder / str(number)
        if not killed_once(start, root, name, random.uniform(0, undisturbed.seconds)):
            continue
        assert command(root, "check") in {0, 1}, (name, number)
        now = files(root)
        assert now in (undisturbed.before, undisturbed.after), (name, number, changed(start, root))
        assert not left(root)
        if now == undisturbed.before:
            assert command(root, name) == 0, (name, number)
            assert files(root) == undisturbed.after, (name, number)
        shutil.rmtree(root)


def changed(start: Path, root: Path) -> list[str]:
    old, new = files(start), files(root)
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


@pytest.fixture(scope="module", name="orders")
def fixture_orders(
    starts: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[tuple[str, ...]], Files | None]]:
    """What is there after these commands, one after the other; None where one of them is refused."""
    folder = tmp_path_factory.mktemp("orders")
    known: dict[tuple[str, ...], Path | None] = {(): starts["run"]}

    def place(names: tuple[str, ...]) -> Path | None:
        if names not in known:
            before = place(names[:-1])
            root = copy(before, folder / "、".join(names)) if before else None
            done = root and command(root, names[-1]) == 0
            known[names] = root if done else None
        return known[names]

    yield lambda names: files(root) if (root := place(names)) else None
    shutil.rmtree(folder)


Orders = Callable[[tuple[str, ...]], Files | None]


def at_once(names: Sequence[str], start: Path, root: Path, orders: Orders) -> None:
    """Each is done, or refused with its reason; what is there is what some order of those done gives."""
    copy(start, root)
    children = [Child(root, name) for name in names]
    codes = [child.ended() for child in children]
    for child, code in zip(children, codes, strict=True):
        said = child.words()
        assert code in {0, 1, 3}, (names, codes, said)
        assert code == 0 or "エラー" in said or "別の apportion が" in said, (names, codes, said)
        assert "Traceback" not in said
    done = [name for name, code in zip(names, codes, strict=True) if code == 0]
    possible = [orders(order) for order in dict.fromkeys(permutations(done))]
    assert files(root) in possible, (names, codes, changed(start, root))
    assert not left(root)
    shutil.rmtree(root)


def some(size: int, count: int) -> Iterator[list[str]]:
    random = Random(f"{size}")  # noqa: S311  the same ones everywhere
    return (random.choices(TOGETHER, k=size) for _ in range(count))


@pytest.mark.parametrize(("size", "count"), [(2, 6), (3, 2)], ids=["pairs", "triples"])
def test_commands_at_once(
    size: int, count: int, starts: Mapping[str, Path], tmp_path: Path, orders: Orders
) -> None:
    for names in some(size, count):
        at_once(names, starts["run"], tmp_path / "root", orders)


@pytest.mark.long
@pytest.mark.parametrize(("size", "count"), [(2, 200), (3, 50)], ids=["pairs", "triples"])
def test_many_commands_at_once(
    size: int, count: int, starts: Mapping[str, Path], tmp_path: Path, orders: Orders
) -> None:
    for names in some(size, count):
        at_once(names, starts["run"], tmp_path / "root", orders)
