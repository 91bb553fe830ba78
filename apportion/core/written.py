"""What this process has put in its place so far: the last sentence of a failure must be true."""

import traceback
from collections.abc import Iterable

from apportion.core.year import __version__

HISTORY = "履歴"
"""Folder of former files, beside those that took their place."""


def next_number(names: Iterable[str]) -> str:
    """The next free one among the names in a folder of former files."""
    return str(max((int(name) for name in names if name.isdigit()), default=0) + 1)


_PLACES: dict[str, None] = {}


def note(place: object) -> None:
    """Something new stands at `place` from now on."""
    _PLACES[str(place)] = None


def forget() -> None:
    """A command begins."""
    _PLACES.clear()


def noted(place: object) -> bool:
    """Whether something new stands at `place`."""
    return str(place) in _PLACES


def sentence() -> str:
    """What became of the former outputs."""
    if not _PLACES:
        return "前の出力はそのままです。"
    return f"その前に、次のものは新しいものに替わっています: {'、'.join(_PLACES)}"


def unexpected(error: Exception) -> str:
    """A fault of ours in one sentence, with the place that whoever mends it needs."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    file = last.filename.replace("\\", "/").rpartition("/")[2]
    return (
        f"思いがけない誤りで止まりました。プログラムの誤りです。{sentence()}\n"
        f"  作成者に知らせること: {type(error).__name__}: {error}"
        f"（{file} {last.lineno}行目、apportion {__version__}）"
    )
