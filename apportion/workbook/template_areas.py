"""Cells and blocks of cells as numbers: columns and rows, both from 1."""

import re

from apportion.text import name_key

_PART = re.compile(r"\$?([A-Z]*)\$?([0-9]*)")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

Point = tuple[str, int, int]
"""Folded sheet name, column and row."""

Block = tuple[int, int, int, int]
"""First column and row, last column and row."""


def corners(area: str) -> Block:
    """First column and row, last column and row of `B3`, `$A$1:B3`, `A:C` or `1:5`."""
    first, _, last = area.partition(":")
    (a, b), (c, d) = (_point(part) for part in (first, last or first))
    return (
        min(a or 1, c or 1),
        min(b or 1, d or 1),
        max(a, c) or _LAST_COLUMN,
        max(b, d) or _LAST_ROW,
    )


def _point(text: str) -> tuple[int, int]:
    """Column and row of a cell; 0 where a whole row or column is meant."""
    match = _PART.fullmatch(text)
    letters, digits = (match[1], match[2]) if match else ("", "")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(digits or 0)


def point(sheet: str, cell: str) -> Point:
    """A cell, to be compared."""
    return (name_key(sheet), *_point(cell))
