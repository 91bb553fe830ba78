"""Invoices built once and filled many times: only what a member has of its own is written again.

The first invoice is made by XlsxWriter. For every other one, the same layout functions run against
a recorder; the cells that differ are exchanged in the sheets of the first. A text of the first
member's that stands in such a cell is taken out of the shared strings, so that no file holds
anything of another member.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from apportion.model import Member
from apportion.workbook import invoice, invoice_basis, invoice_form, invoice_lines
from apportion.workbook.package import (
    STRINGS,
    Gaps,
    Part,
    cut,
    deflated,
    joined,
    parts_of,
    style_of,
    without_strings,
)
from apportion.workbook.plan import Plan

_SHEETS = "xl/worksheets/sheet"
_EPOCH = date(1899, 12, 30)
_OWN = {
    "xl/worksheets/sheet1.xml": invoice_form.NAME,
    "xl/worksheets/sheet2.xml": invoice_lines.NAME,
    "xl/worksheets/sheet3.xml": invoice_basis.NAME,
}


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
        inner = f'<is><t xml:space="preserve">{escape(text, quote=False)}</t></is>'
        self._note(row, column, Entry(' t="inlineStr"', inner, style))

    def number(self, row: int, column: int, value: int, style: str = "money") -> None:
        """A whole number."""
        self._note(row, column, Entry("", f"<v>{value}</v>", style))

    def formula(
        self, row: int, column: int, formula: str, value: int | str, style: str = "money"
    ) -> None:
        """A formula with its value."""
        kind = ' t="str"' if isinstance(value, str) else ""
        said = escape(formula.removeprefix("="), quote=False)
        shown = escape(str(value), quote=False)
        self._note(row, column, Entry(kind, f"<f>{said}</f><v>{shown}</v>", style))

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

    def _note(self, row: int, column: int, entry: Entry) -> None:
        self.cells[xl_rowcol_to_cell(row, column)] = entry


def recorded(plan: Plan, member: Member, number: int) -> dict[str, Recorder]:
    """What an invoice has of its own, by part of the package."""
    notes = {part: Recorder() for part in _OWN}
    form, lines, basis = notes.values()
    invoice_form.write(form, plan, member, number=number)
    invoice_lines.write_own(lines, plan, member)
    invoice_basis.write_own(basis, plan, member)
    return notes


class Prepared(NamedTuple):
    """The first invoice as parts, its sheets cut where invoices differ, and the cells of each.

    `notes` holds the members whose invoice has the rows and styles of the first.
    """

    parts: dict[str, Part]
    gaps: Mapping[str, Gaps]
    styles: Mapping[str, str]
    notes: Mapping[str, Mapping[str, Recorder]]


def prepared(plan: Plan) -> Prepared:
    """What the invoices of a plan have in common, worked out once."""
    members = plan.outcome.members
    first = recorded(plan, members[0], 1)
    parts = parts_of(invoice.content(plan, members[0], number=1))
    sheets = {name: parts[name].content().decode() for name in parts if name.startswith(_SHEETS)}
    styles = _styles(sheets, first)
    notes = {m.code: recorded(plan, m, number) for number, m in enumerate(members, start=1)}
    alike = {
        code: own
        for code, own in notes.items()
        if all(_alike(own[name], first[name], styles) for name in own)
    }
    gaps = {name: cut(sheets[name], _differing(name, alike.values(), first)) for name in first}
    cells = [cell for cut_sheet in gaps.values() for _, cell in cut_sheet.cells]
    strings = without_strings(parts[STRINGS].content().decode(), cells, sheets.values())
    return Prepared(parts | {STRINGS: deflated(STRINGS, strings.encode())}, gaps, styles, alike)


def _styles(sheets: Mapping[str, str], first: Mapping[str, Recorder]) -> dict[str, str]:
    """Style attribute of each named style that the first invoice uses in its own cells."""
    return {
        note.cells[address].style: style_of(cell)
        for name, note in first.items()
        for address, cell in cut(sheets[name], frozenset(note.cells)).cells
    }


def _alike(note: Recorder, first: Recorder, styles: Mapping[str, str]) -> bool:
    """Whether an invoice has the rows and styles of the first (a bill beside a mere calculation)."""
    known = all(entry.style in styles for entry in note.cells.values())
    return known and note.heights == first.heights and note.cells.keys() == first.cells.keys()


def _differing(
    name: str, notes: Iterable[Mapping[str, Recorder]], first: Mapping[str, Recorder]
) -> frozenset[str]:
    """Cells in which some invoice differs from the first."""
    own = first[name].cells
    return frozenset(
        address
        for recorders in notes
        for address, entry in recorders[name].cells.items()
        if own[address] != entry
    )


def content(ready: Prepared, plan: Plan, member: Member, *, number: int) -> bytes:
    """The invoice of a member; written anew where its rows are not those of the first."""
    notes = ready.notes.get(member.code)
    if notes is None:
        return invoice.content(plan, member, number=number)
    sheets = {
        name: deflated(name, _filled(ready, name, notes[name]).encode())
        for name, gaps in ready.gaps.items()
        if gaps.cells
    }
    return joined((ready.parts | sheets).values())


def _filled(ready: Prepared, name: str, note: Recorder) -> str:
    gaps = ready.gaps[name]
    return gaps.filled(
        {address: _cell(address, note.cells[address], ready.styles) for address, _ in gaps.cells}
    )


def _cell(address: str, entry: Entry, styles: Mapping[str, str]) -> str:
    start = f'<c r="{address}"{styles[entry.style]}{entry.kind}'
    return f"{start}>{entry.inner}</c>" if entry.inner else f"{start}/>"
