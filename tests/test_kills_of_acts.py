"""A command that is killed at any call of the file system: the next one finds the old or the new, and goes on.

Each act is started as a person starts it, in a child that is killed before its n-th call that opens a file to be
written, or makes, moves, marks or removes something. Then `check` is started: it cleans up, and the workspace is
that of before the act or that after it. Where it is that of before, the act is started again.
"""

import os
import shutil
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from apportion.outputs import both, stage
from tests import sealing, workspace
from tests.small import revise

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a child of its own")

CALLS = {
    *("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.truncate", "os.utime"),
    *("exchange", "exchanged"),
}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
STEPS = "手順.json.作成中"
"""Moved to its name where all is made; from then on it is the new that will be there."""


class Act(NamedTuple):
    """A command, and the stage of the year in which it is given."""

    stage: str
    words: str


ACTS = {
    "decide": Act("begun", "decide --date R7.5.30 --note 総会議決"),
    "decide a change": Act("changing", "decide --case 補正1 --date R7.11.20 --note 補正議決"),
    "run": Act("voted", "run"),
    "run again": Act("corrected", "run"),
    "seal": Act("run", "seal --note 総会議決"),
    "settle": Act("spent", "settle"),
    "decide a settlement": Act("settled", "decide --case 精算 --date R8.7.30 --note 決算認定"),
    "withdraw": Act("decided", "withdraw --note 誤り --date R7.6.10"),
    "import payments": Act("decided", "import payments 納入.csv --yes"),
    "import figures": Act("decided", "import figures 人口.csv --yes"),
    "import a change": Act("decided", "import budget 補正.txt --case 補正1 --yes"),
    "undo": Act("imported", "undo --yes"),
    "seen": Act("doubtful", "seen W867 --note 確かめた --yes"),
    "export": Act("decided", "export data"),
    "fmt": Act("careless", "fmt"),
}


def started(root: Path, words: str, hook: Callable[[], None] = lambda: None) -> int:
    """Exit code of a command in a child of its own, or minus the signal that ended it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pytest may have threads; the child needs none
        child = os.fork()
    if child == 0:
        with suppress(BaseException):
            _command(root, words, hook)
        os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _command(root: Path, words: str, hook: Callable[[], None]) -> None:
    from apportion.cli import app, guarded  # noqa: PLC0415  in the child alone

    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(quiet, stream)
    os.chdir(root)
    year = [] if words.startswith("undo") else ["--year", "r7"]
    sys.argv = ["apportion", *words.split(), *year]
    hook()
    os._exit(guarded(lambda: app(standalone_mode=False)))


@dataclass
class Killer:
    """Ends its process before the call number `at`; before none (-1) it writes down in `told` what they were."""

    root: Path
    at: int
    told: Path | None = None
    calls: int = 0
    file: int = -1

    def listen(self) -> None:
        exchange = vars(stage)["_exchange"]

        def exchanged(one: Path, other: Path) -> bool:
            self.hear("exchange", (one,))
            done: bool = exchange(one, other)
            self.hear("exchanged", (one,))
            return done

        vars(stage)["_exchange"] = exchanged
        if self.told:
            self.file = os.open(self.told, os.O_WRONLY | os.O_CREAT)
        sys.addaudithook(self.hear)

    def hear(self, event: str, words: Sequence[object]) -> None:
        if event not in CALLS and not (event == "open" and _writes(*words)):
            return
        if str(words[0]).startswith("/") and not str(words[0]).startswith(str(self.root)):
            return
        if self.told:
            os.write(self.file, f"{words[0]}\n".encode())
        elif self.calls == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.calls += 1


def _writes(path: object, mode: object, flags: object) -> bool:
    del path
    if isinstance(mode, str):
        return mode.strip("bt") != "r"
    return isinstance(flags, int) and bool(flags & WRITES)


def state(root: Path) -> dict[str, tuple[bytes, bool]]:
    """Every file, and whether it may be written; the hour of an import does not count."""
    files = (path for path in root.rglob("*") if path.is_file() or path.name.startswith("."))
    return {
        path.relative_to(root).as_posix(): (
            b"" if path.name == "取込.json" or path.is_dir() else path.read_bytes(),
            bool(path.stat().st_mode & 0o200),
        )
        for path in files
    }


@pytest.fixture(name="years", scope="module")
def fixture_years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """A council in the stages of its year. No second process: nobody else may write after a kill."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(both, "_is_lent", lambda: False)
        yield _years(tmp_path_factory.mktemp("years"))


def _years(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}

    def grown(name: str, former: str, *commands: str) -> Path:
        root = found[name] = Path(shutil.copytree(found[former], folder / name))
        for words in commands:
            assert started(root, words) == 0, (name, words)
        return root

    found["voted"] = sealing.decided(folder / "voted")
    begun = grown("begun", "voted")
    sealing.awaiting(begun)
    grown("run", "voted", "run")
    sealing.people(grown("corrected", "run"), 49_000, 21_000, 5_000)
    grown("decided", "begun", ACTS["decide"].words)
    revise(grown("changing", "decided"), 1, {"利用料": 300_000}, day="令和7年11月20日")
    grown("imported", "decided", ACTS["import figures"].words)
    spent = grown("spent", "decided")
    sealing.spent(spent)
    workspace.edit(spent / "rules/r7/budget.csv", "1200000,1200000", "1200000,1100000")
    grown("settled", "spent", "settle")
    careless = grown("careless", "decided") / "rules/r7"
    for path in careless.glob("*.txt"):
        path.write_bytes(path.read_bytes().replace(b": ", "：　".encode()))
    doubtful = grown("doubtful", "voted")
    acts = "決定,日,状態,理由\n当初,令和7年6月5日,議決,総会議決\n"
    (doubtful / "rules/r7/acts.csv").write_text(acts, "utf-8")
    return found


def killed_at(
    years: dict[str, Path], tmp_path: Path, name: str, chosen: Callable[[list[str]], Sequence[int]]
) -> None:
    """Killed before each of the chosen calls; `chosen` gets what they are about."""
    act, told = ACTS[name], tmp_path / "told"
    done = Path(shutil.copytree(years[act.stage], tmp_path / "done"))
    assert started(done, act.words, Killer(done, -1, told).listen) == 0
    old, new = state(years[act.stage]), state(done)
    assert old != new
    seen = set()
    for at in chosen(told.read_text("utf-8").splitlines()):
        root = Path(shutil.copytree(years[act.stage], tmp_path / f"{at}"))
        assert started(root, act.words, Killer(root, at).listen) == -signal.SIGKILL, at
        assert started(root, "check") in (0, 1)
        now = state(root)
        assert now in (old, new), (at, _unlike(now, old), _unlike(now, new))
        if now == old:
            assert started(root, act.words) == 0, at
            assert state(root) == new, (at, _unlike(state(root), new))
        seen.add(now == new)
        shutil.rmtree(root)
    assert seen == {True, False}


def _unlike(one: dict[str, tuple[bytes, bool]], other: dict[str, tuple[bytes, bool]]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _some(calls: list[str]) -> list[int]:
    """While it is made, about the moment when all is made, while it is put in its place, at the end."""
    made = [at for at, path in enumerate(calls) if path.endswith(STEPS)]
    moment = made[-1] if made else len(calls) - 2
    found = {moment // 2, moment, moment + 1, moment + 3, len(calls) - 1}
    return sorted(at for at in found if at < len(calls))


def _all(calls: list[str]) -> range:
    return range(len(calls))


@pytest.mark.parametrize("name", ACTS)
def test_a_kill_leaves_the_old_or_the_new(
    name: str, years: dict[str, Path], tmp_path: Path
) -> None:
    killed_at(years, tmp_path, name, _some)


@pytest.mark.long
@pytest.mark.parametrize("exchanges", [True, False])
@pytest.mark.parametrize("name", ACTS)
def test_a_kill_at_every_call_leaves_the_old_or_the_new(
    name: str,
    exchanges: bool,  # noqa: FBT001  whether the system has them
    years: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not exchanges:
        monkeypatch.setattr(stage, "_exchange", lambda _one, _other: False)
    killed_at(years, tmp_path, name, _all)
