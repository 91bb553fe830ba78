"""Number formats that a workbook gives to cells by a condition (条件付き書式)."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HAS_DECIMALS = re.compile(r"=?\$?([A-Z]+)\$?([0-9]+)<>INT\(\$?\1\$?\2\)")
"""The condition of the tables that `init` writes: a number that is not whole shows its decimals."""


MOST_FORMATS = 100
"""Areas that are looked at: a cell is compared with each of them."""


class ConditionalFormat(NamedTuple):
    """A number format of an area; `decimals` where it is for numbers that are not whole."""

    area: tuple[int, int, int, int]
    code: str
    decimals: bool

    def covers(self, row: int, column: int) -> bool:
        """Whether the cell lies in the area."""
        left, top, right, bottom = self.area
        return left <= column <= right and top <= row <= bottom


def conditional_formats(sheet: "Worksheet") -> tuple[ConditionalFormat, ...]:
    """Every one of a sheet that changes how a number is shown."""
    return tuple(dict.fromkeys(_all(sheet)))


def _all(sheet: "Worksheet") -> Iterator[ConditionalFormat]:
    for block in sheet.conditional_formatting:
        for rule in block.rules:
            if rule.dxf is None or rule.dxf.numFmt is None:
                continue
            decimals = bool(rule.formula and _HAS_DECIMALS.fullmatch(rule.formula[0]))
            for area in block.sqref.ranges:
                yield ConditionalFormat(area.bounds, rule.dxf.numFmt.formatCode, decimals)


def codes(
    own: str, value: float, row: int, column: int, conditional: tuple[ConditionalFormat, ...]
) -> tuple[str, ...]:
    """Number formats that a cell may be shown in: one, unless a condition is not understood."""
    found = [each for each in conditional if each.covers(row, column)]
    if value != int(value) and any(each.decimals for each in found):
        return tuple(each.code for each in found if each.decimals)
    return (own, *(each.code for each in found if not each.decimals))
