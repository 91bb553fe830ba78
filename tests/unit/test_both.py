"""A second process changes nothing but the time: same results, same errors, same files."""

import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
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


def slow() -> int:
    """Work that leaves time for the other process to begin; who did it."""
    time.sleep(0.3)
    return os.getpid()


def test_both_give_what_they_gave(lent: bool) -> None:  # noqa: FBT001  a fixture
    here, there = both([slow, slow])
    assert here == os.getpid()
    assert (there != here) is lent


@pytest.mark.usefixtures("lent")
def test_results_stand_in_the_order_of_the_work_whoever_did_it() -> None:
    work: list[Callable[[], int]] = [partial(pow, number, 2) for number in range(200)]
    assert both([slow, *work])[1:] == [number**2 for number in range(200)]
    assert both([*work, slow])[:-1] == [number**2 for number in range(200)]


@pytest.mark.usefixtures("lent")
def test_every_piece_is_done_once(tmp_path: Path) -> None:
    def note(number: int) -> None:
        with (tmp_path / str(number)).open("x", encoding="utf-8"):
            time.sleep(0.001)

    both([partial(note, number) for number in range(200)])
    assert len(list(tmp_path.iterdir())) == 200


@pytest.mark.usefixtures("lent")
def test_an_error_of_the_second_work_is_raised() -> None:
    def fail() -> int:
        message = "一致しません"
        raise ReconciliationError(message)

    with pytest.raises(ReconciliationError, match="一致しません"):
        both([slow, fail])


@pytest.mark.usefixtures("lent")
def test_what_a_killed_process_leaves_is_done_here() -> None:
    mine = os.getpid()

    def work() -> int:
        if os.getpid() != mine:
            os.kill(os.getpid(), 9)
        return 7

    assert both([slow, work, work, work]) == [mine, 7, 7, 7]


@pytest.mark.usefixtures("lent")
def test_an_error_of_the_first_work_ends_the_second(tmp_path: Path) -> None:
    def work() -> None:
        time.sleep(0.3)
        (tmp_path / "late").touch()

    def fail() -> None:
        time.sleep(0.1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        both([fail, work])
    time.sleep(0.5)
    assert not any(tmp_path.iterdir())


@pytest.mark.usefixtures("lent")
def test_of_all_that_is_done_somebody_hears() -> None:
    heard = list[tuple[int, int]]()
    both([int] * 5, lambda *done: heard.append(done))
    assert heard == sorted(set(heard))
    assert {total for _, total in heard} <= {5}


def test_who_lends_ends_the_second_process_with_itself_at_once(tmp_path: Path) -> None:
    def work() -> None:
        time.sleep(0.5)
        (tmp_path / "late").touch()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first = os.fork()
    if first == 0:
        vars(module)["_lend"](work)
        os.kill(os.getpid(), 9)
    os.waitpid(first, 0)
    time.sleep(0.8)
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
