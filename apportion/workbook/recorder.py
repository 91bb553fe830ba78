"""Notes of what a layout writes: the cells of one member, ready to be put into a finished sheet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from html import escape
from typing import NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from apportion.picture import Picture

_EPOCH = date(1899, 12, 30)
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Entry(NamedTuple):
    """What a cell holds: XML behind its style, and the name of the style."""

    kind: str
    inner: str
    style: str


@dataclass(slots=True)
class Recorder:
    """Takes what `Sheet` takes and notes it, cell by cell."""

    cells: dict[str, Entry] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Text as data."""
        inner = f'<is><t xml:space="preserve">{literal(text)}</t></is>'
        self._note(row, column, Entry(' t="inlineStr"', inner, style))

    def number(self, row: int, column: int, value: int, style: str = "money") -> None:
        """A whole number."""
        self._note(row, column, Entry("", f"<v>{value}</v>", style))

    def formula(
        self, row: int, column: int, formula: str, value: int | str, style: str = "money"
    ) -> None:
        """A formula with its value."""
        text = isinstance(value, str)
        kind, shown = (' t="str"', escape(str(value), quote=False)) if text else ("", value)
        self._note(row, column, Entry(kind, f"{_said(formula)}<v>{shown}</v>", style))

    def day(self, row: int, column: int, value: date, style: str) -> None:
        """A day."""
        self._note(row, column, Entry("", f"<v>{(value - _EPOCH).days}</v>", style))

    def blank(self, row: int, column: int, style: str = "text") -> None:
        """An empty cell."""
        self._note(row, column, Entry("", "", style))

    def height(self, row: int, points: float) -> None:
        """Height of a row: an invoice with other heights than the first is not filled."""
        self.heights[row] = points

    def merged(
        self, row: int, column: int, last_row: int, last_column: int, text: str, style: str
    ) -> None:
        """Text over a block: its first cell."""
        del last_row, last_column
        self.text(row, column, text, style)

    def name(self, row: int, column: int, name: str) -> None:
        """A name of a cell: the same on all invoices."""

    def picture(self, row: int, column: int, down: float, shown: Picture, side: float) -> None:
        """A picture: the same on all invoices of these rows, so the first one's stays."""

    def _note(self, row: int, column: int, entry: Entry) -> None:
        self.cells[_address(row, column)] = entry


@lru_cache(maxsize=10_000)
def _said(formula: str) -> str:
    """A formula, which most invoices have in common."""
    return f"<f>{escape(formula.removeprefix('='), quote=False)}</f>"


@lru_cache(maxsize=10_000)
def _address(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column))


def literal(text: str) -> str:
    """Text as a cell holds it: `_x0041_` would be read as A, so its first sign is written so."""
    return escape(_ESCAPED.sub("_x005F_", text), quote=False)


def written(address: str, entry: Entry, styles: Mapping[str, str]) -> str:
    """XML of a cell; `styles` are the style attributes by name."""
    start = f'<c r="{address}"{styles[entry.style]}{entry.kind}'
    return f"{start}>{entry.inner}</c>" if entry.inner else f"{start}/>"
