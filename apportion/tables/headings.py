"""Headings with a parenthesis: 予算額（千円）, 国勢調査人口（人、令和2年10月1日現在）."""

import re
from typing import NamedTuple

from apportion.case_name import revises
from apportion.tables.cells import MONEY
from apportion.tables.grid import Cell
from apportion.text import fold

_PARENTHESIS = re.compile(r"(.+?) *\(([^()]+)\) *")
_COMMA = re.compile(r"[、,]")


class Measure(NamedTuple):
    """A column of numbers: its heading before the last parenthesis, unit and as-of from inside.

    `name` is as written, `unit` and `as_of` are folded without spaces; `as_of` may be empty.
    """

    heading: Cell
    name: str
    unit: str
    as_of: str

    @property
    def is_money(self) -> bool:
        """Whether the parenthesis holds a yen unit and nothing else but the day of a 補正."""
        return self.unit in MONEY and (not self.as_of or revises(self.name) is not None)


def measure(heading: Cell) -> Measure | None:
    """Read the parenthesis at the end of `heading`; None where there is none."""
    match = _PARENTHESIS.fullmatch(fold(heading.text))
    if match is None:
        return None
    # Folding keeps the length, so the name is cut from the heading as written.
    return Measure(heading, heading.text[: match.end(1)], *_inside(match))


def as_of(heading: str) -> str:
    """What stands behind the unit in the parenthesis of a heading, folded; empty for nothing."""
    match = _PARENTHESIS.fullmatch(fold(heading))
    return _inside(match)[1] if match else ""


def _inside(match: re.Match[str]) -> tuple[str, str]:
    unit, *rest = _COMMA.split(match[2].replace(" ", ""), maxsplit=1)
    return unit, "".join(rest)
