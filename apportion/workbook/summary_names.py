"""Names of sheets that every program takes: short enough, no forbidden signs, all different."""

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 31
"""Units of UTF-16 in a name."""
_WIDE = str.maketrans("[]:*?/\\", "［］：＊？／＼")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_RESERVED = ("History", "履歴")


def sheet_names(wanted: Iterable[str], taken: Iterable[str]) -> list[str]:
    """A name for each text, near to it; none is in `taken`, however it is spelt."""
    used = {_key(name) for name in (*taken, *_RESERVED)}
    names = []
    for text in wanted:
        name = _free(_CONTROLS.sub("", text.translate(_WIDE)).strip("' ") or "事業", used)
        used.add(_key(name))
        names.append(name)
    return names


def _free(text: str, used: set[str]) -> str:
    name, number = _cut(text, ""), 1
    while _key(name) in used:
        number += 1
        name = _cut(text, f"（{number}）")
    return name


def _cut(text: str, end: str) -> str:
    while _units(text + end) > _LONGEST:
        text = text[:-1]
    return text.rstrip("' ") + end


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
