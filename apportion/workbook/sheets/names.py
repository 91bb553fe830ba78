"""Names of sheets: near to what they are for, and such as every program takes."""

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 31
"""Units of UTF-16 in a name."""
_WIDE = str.maketrans("[]:*?/\\", "［］：＊？／＼")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
# Excel keeps these for its list of tracked changes.
_RESERVED = ("History", "履歴")


def sheet_names(wanted: Iterable[str], taken: Iterable[str]) -> list[str]:
    """A name for each text, near to it; none is in `taken`, however it is spelt."""
    used = {_folded(name) for name in (*taken, *_RESERVED)}
    names = []
    for text in wanted:
        name = _free(_CONTROLS.sub("", text.translate(_WIDE)).strip("' ") or "事業", used)
        used.add(_folded(name))
        names.append(name)
    return names


def _free(text: str, used: set[str]) -> str:
    name, number = _cut(text, ""), 1
    while _folded(name) in used:
        number += 1
        name = _cut(text, f"（{number}）")
    return name


def _cut(text: str, end: str) -> str:
    while _units(text + end) > _LONGEST:
        text = text[:-1]
    # Excel opens no book with a name that ends in an apostrophe.
    return text.rstrip("' ") + end


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
