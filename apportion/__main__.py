"""The command `apportion`, also `python -m apportion`: a stop is told in a sentence, even while it loads."""

import signal
import sys
from types import FrameType
from typing import NoReturn

_STOPS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals by which a person or the system asks a program to end, where the system has them."""
_STOPPED = 2


def main() -> NoReturn:
    """Load the command line and run it."""
    _hear()
    try:
        from apportion.cli import main as command  # noqa: PLC0415  a stop while it loads is told here
    except KeyboardInterrupt:
        words = "中止しました。前の出力はそのままです。\n"
        shown = sys.stderr.encoding  # a Windows console shows cp932 only
        sys.stderr.write(words.encode(shown, "replace").decode(shown))
        sys.exit(_STOPPED)
    command()


def _hear() -> None:
    """Each of them stops what is done, as Ctrl-C does, once: what follows is put in order in peace."""
    for name in _STOPS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    for name in _STOPS:
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
