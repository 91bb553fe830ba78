"""One writer: a workspace is written by one command at a time, from whatever computer.

The system holds the lock, on a file in the workspace, and lets go of it when the process ends,
however it ends: a dead command keeps nobody waiting. Unix: `flock`; whoever is done takes the file
away, so whoever gets the lock looks whether its file is still the one of that name. Windows: the
lock of one byte, far behind the text of the file, which others may then read; an open file cannot be
taken away there.
"""

import getpass
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from apportion.outputs import owner

NAME = ".apportion.lock"
_MOST = 400
"""Bytes that say who it is."""

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30

    def _locked(file: int) -> bool:
        os.lseek(file, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _locked(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a file system without locks: the stages still keep two writers apart
        return True


@contextmanager
def held(root: Path, command: str) -> Iterator[None]:
    """Write alone in the workspace `root`. Raises `OutputError` where somebody else does, and who."""
    path = root / NAME
    file = _taken(path, command)
    try:
        yield
    finally:
        if file is not None:
            _let_go(path, file)


def clear(root: Path) -> None:
    """Take away the file that a killed command left; not where somebody holds it."""
    path = root / NAME
    if path.is_file() and (file := _opened(path)) is not None:
        if _is_ours(path, file):
            _let_go(path, file)
        else:
            os.close(file)


def _taken(path: Path, command: str) -> int | None:
    """The file, locked; None where none can be made: then nothing can be written beside it either."""
    who = ""
    for pause in (*owner.PAUSES, 0.0):
        file = _opened(path)
        if file is None:
            return None
        if _is_ours(path, file):
            os.truncate(file, 0)
            os.write(file, _words(command).encode()[:_MOST])
            return file
        with suppress(OSError):
            who = os.read(file, _MOST).decode("utf-8", "ignore") or who
        os.close(file)
        time.sleep(pause)
    place = "このフォルダーで"
    raise owner.busy(place, who or "不明")


def _opened(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        return None


def _is_ours(path: Path, file: int) -> bool:
    """Whether the lock is ours, on the file that others will look at."""
    if not _locked(file):
        return False
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except OSError:
        return False  # taken away by who came first


def _let_go(path: Path, file: int) -> None:
    if sys.platform != "win32":
        with suppress(OSError):
            path.unlink()
    os.close(file)
    if sys.platform == "win32":
        with suppress(OSError):  # the next one has it open already
            path.unlink()


def _words(command: str) -> str:
    with suppress(OSError, KeyError, ImportError):
        user = f"、利用者 {getpass.getuser()}"
        return f"{command}、コンピューター {platform.node()}{user}、{_now()} から"
    return f"{command}、コンピューター {platform.node()}、{_now()} から"


def _now() -> str:
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}"
