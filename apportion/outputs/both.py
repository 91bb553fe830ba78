"""Pieces of work at once where the system lends a second process, else one after the other."""

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NoReturn, TypeVar

from apportion.outputs.office import Hear, silent

T = TypeVar("T")

_DIE_WITH_PARENT = 1
"""The word of `prctl` for a signal that the system sends when the first process ends, however it ends."""


def both(work: Sequence[Callable[[], T]], hear: Hear = silent) -> list[T]:
    """What pieces of work give, in their order; none needs another. `hear` hears of those done.

    This process begins at the first, a second one at the last, until they meet. One that ends without
    a result, for whatever reason, has its work done here: so an error is raised as it is without
    one. What a piece writes, it must be able to write again.
    """
    turns = _turns(len(work))
    if turns is None:
        return [_heard(piece(), number, work, hear) for number, piece in enumerate(work, start=1)]
    try:
        child, answer = _lend(lambda: list(_taken(work[::-1], turns, silent)))
        try:
            found, told = list(_taken(work, turns, hear)), answer.read()
        except BaseException:
            os.kill(child, signal.SIGKILL)
            raise
        finally:
            answer.close()
            _, failed = os.waitpid(child, 0)
    finally:
        os.close(turns)
    left = [piece() for piece in work[len(found) :]] if failed else pickle.loads(told)[::-1]  # noqa: S301  from our own child
    return [*found, *left]


def _heard(result: T, number: int, work: Sequence[object], hear: Hear) -> T:
    hear(number, len(work))
    return result


def _turns(count: int) -> int | None:
    """A file with a byte for each piece of work; None where there is no second process.

    Two processes that share it read each byte once, so they never take more pieces than there are.
    """
    if not _is_lent():
        return None
    turns = os.memfd_create("turns")
    os.ftruncate(turns, count)
    return turns


def _taken(work: Sequence[Callable[[], T]], turns: int, hear: Hear) -> Iterator[T]:
    """Do a piece for each turn that is left."""
    for piece in work:
        if not os.read(turns, 1):
            return
        yield _heard(piece(), os.lseek(turns, 0, os.SEEK_CUR), work, hear)


def _is_lent() -> bool:
    """Whether a copy of this process is safe (it has one thread) and has a processor of its own."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1:
        return False
    return len(list(Path("/proc/self/task").glob("*"))) == 1


def _lend(work: Callable[[], object]) -> tuple[int, BinaryIO]:
    """A copy of this process that does the work, and where its result will be read."""
    parent = os.getpid()
    reading, writing = os.pipe()
    gc.freeze()  # neither process looks through what is there, nor copies it by that
    child = os.fork()
    if child == 0:
        _serve(work, writing, parent)
    gc.unfreeze()
    os.close(writing)
    return child, os.fdopen(reading, "rb")


def _serve(work: Callable[[], object], writing: int, parent: int) -> NoReturn:
    """Work, tell the result and end: what the parent has begun is the parent's to finish."""
    status = 1
    try:
        import ctypes  # noqa: PLC0415  nobody else needs it

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the system was asked
            os._exit(1)
        with os.fdopen(writing, "wb") as answer:
            answer.write(pickle.dumps(work()))
        status = 0
    finally:
        os._exit(status)
