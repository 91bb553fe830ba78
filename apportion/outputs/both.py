"""Two pieces of work at once where the system lends a second process, else one after the other."""

import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NoReturn, TypeVar

T = TypeVar("T")
U = TypeVar("U")

_DIE_WITH_PARENT = 1
"""The word of `prctl` for a signal that the system sends when the first process ends, however it ends."""


def both(own: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """What two pieces of work give, of which neither needs the other.

    A second process that ends without a result, for whatever reason, has its work done here: so an
    error is raised as it is without one. What `other` writes, it must be able to write again.
    """
    if not _is_lent():
        return own(), other()
    child, answer = _lend(other)
    try:
        found, told = own(), answer.read()
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        answer.close()
        _, failed = os.waitpid(child, 0)
    return found, other() if failed else pickle.loads(told)  # noqa: S301  from our own child


def _is_lent() -> bool:
    """Whether a copy of this process is safe (it has one thread) and has a processor of its own."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1:
        return False
    return len(list(Path("/proc/self/task").glob("*"))) == 1


def _lend(work: Callable[[], object]) -> tuple[int, BinaryIO]:
    """A copy of this process that does the work, and where its result will be read."""
    parent = os.getpid()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _serve(work, writing, parent)
    os.close(writing)
    return child, os.fdopen(reading, "rb")


def _serve(work: Callable[[], object], writing: int, parent: int) -> NoReturn:
    """Work, tell the result and end: what the parent has begun is the parent's to finish."""
    status = 1
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the system was asked
            os._exit(1)
        with os.fdopen(writing, "wb") as answer:
            answer.write(pickle.dumps(work()))
        status = 0
    finally:
        os._exit(status)
