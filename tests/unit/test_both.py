"""A second process changes nothing but the time: same results, same errors, same files."""

import os
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from apportion.core.problem import ReconciliationError
from apportion.outputs import both as module
from apportion.outputs.both import both
from apportion.pipeline import run, run_settlement
from tests.settling import worked
from tests.small import R7

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no second process elsewhere")


@pytest.fixture(name="lent", params=[True, False])
def fixture_lent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """With a second process, and without one."""
    monkeypatch.setattr(module, "_is_lent", lambda: request.param)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pytest may have threads; the child needs none
        yield request.param


def test_both_give_what_they_gave(lent: bool) -> None:  # noqa: FBT001  a fixture
    here, there = both(os.getpid, os.getpid)
    assert here == os.getpid()
    assert (there != here) is lent


@pytest.mark.usefixtures("lent")
def test_an_error_of_the_second_work_is_raised() -> None:
    def fail() -> None:
        message = "一致しません"
        raise ReconciliationError(message)

    with pytest.raises(ReconciliationError, match="一致しません"):
        both(int, fail)


@pytest.mark.usefixtures("lent")
def test_what_a_killed_process_leaves_is_done_here() -> None:
    mine = os.getpid()

    def work() -> int:
        if os.getpid() != mine:
            os.kill(os.getpid(), 9)
        return 7

    assert both(int, work) == (0, 7)


@pytest.mark.usefixtures("lent")
def test_an_error_of_the_first_work_ends_the_second(tmp_path: Path) -> None:
    def work() -> None:
        time.sleep(0.3)
        (tmp_path / "late").touch()

    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        both(fail, work)
    time.sleep(0.5)
    assert not any(tmp_path.iterdir())


def test_who_lends_ends_the_second_process_with_itself_at_once(tmp_path: Path) -> None:
    def work() -> None:
        time.sleep(0.05)
        (tmp_path / "late").touch()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first = os.fork()
    if first == 0:
        vars(module)["_lend"](work)
        os.kill(os.getpid(), 9)
    os.waitpid(first, 0)
    time.sleep(0.3)
    assert not any(tmp_path.iterdir())


def test_files_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, together = (written(tmp_path / str(way), monkeypatch, lent=way) for way in (False, True))
    assert {path.parts[1] for path in alone} == {"r7", "r7-精算"}
    assert alone == together


def written(root: Path, monkeypatch: pytest.MonkeyPatch, *, lent: bool) -> dict[Path, bytes]:
    """All files of a run and of a settlement."""
    monkeypatch.setattr(module, "_is_lent", lambda: lent)
    worked(root)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run(root, R7)
        run_settlement(root, R7)
    files = [path for path in (root / "outputs").rglob("*") if path.is_file()]
    return {path.relative_to(root): path.read_bytes() for path in files}
