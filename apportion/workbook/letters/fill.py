"""Invoices built once and filled many times: only what a member has of its own is written again.

The first invoice (the first one with the rows that most of them have) is made by XlsxWriter (behind
the council's own form, where there is one). For every other one, the same layout functions run
against a recorder; the cells that differ are exchanged in the sheets of the first. A text of the
first member's that stands in such a cell is taken out of the shared strings, so that no file holds
anything of another member.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from apportion.core.model import Member
from apportion.forms.slots import Template
from apportion.workbook.letters import book
from apportion.workbook.letters.book import behind_of, bill_of
from apportion.workbook.letters.own_form import OwnForm, drawn
from apportion.workbook.letters.plan import Plan
from apportion.workbook.sheets.package import (
    STRINGS,
    Gaps,
    PackagePart,
    Recorder,
    cut,
    deflated,
    joined,
    parts_of,
    style_of,
    without_strings,
    written,
)

_SHEETS = "xl/worksheets/sheet"
_FORM = f"{_SHEETS}1.xml"

Writer = Callable[[Recorder, Plan, Member, int], None]


class Prepared(NamedTuple):
    """The first invoice as parts, its sheets cut where invoices differ, and the cells of each.

    `notes` holds the members whose invoice has the rows and styles of the first; `form` is the
    council's own form, where it has one.
    """

    parts: dict[str, PackagePart]
    gaps: Mapping[str, Gaps]
    styles: Mapping[str, str]
    notes: Mapping[str, Mapping[str, Recorder]]
    form: OwnForm | None = None


def prepared(plan: Plan, template: Template | None = None) -> Prepared:
    """What the invoices of a plan have in common, worked out once."""
    members = plan.outcome.members
    form = drawn(template, book.behind(plan, members[0])) if template else None
    own = _writers(plan, form.sheets if form else None)
    notes = {
        member.code: {part: _recorded(write, plan, member, number) for part, write in own.items()}
        for number, member in enumerate(members, start=1)
    }
    # Behind a template stand the sheets of the first member.
    model = 0 if form else _commonest([*notes.values()])
    first = notes[members[model].code]
    parts = dict(form.parts if form else _written(plan, model))
    sheets = {name: parts[name].content().decode() for name in parts if name.startswith(_SHEETS)}
    styles = _styles(sheets, first)
    alike = {
        code: noted
        for code, noted in notes.items()
        if all(_alike(noted[name], first[name], styles) for name in noted)
    }
    gaps = {name: cut(sheets[name], _differing(name, alike.values(), first)) for name in first}
    cells = [cell for cut_sheet in gaps.values() for _, cell in cut_sheet.cells]
    strings = without_strings(parts[STRINGS].content().decode(), cells, sheets.values())
    parts[STRINGS] = deflated(STRINGS, strings.encode())
    return Prepared(parts, gaps, styles, alike, form)


def _writers(plan: Plan, sheets: Mapping[str, str] | None) -> dict[str, Writer]:
    """What an invoice has of its own, by part: our form is one of them, a template is not."""
    listed = behind_of(plan.outcome)
    ours = {one.name: f"{_SHEETS}{number}.xml" for number, one in enumerate(listed, start=2)}
    behind = sheets or ours
    own: dict[str, Writer] = {
        behind[one.name]: partial(_write_behind, one.write_own) for one in listed
    }
    return own if sheets else {_FORM: _write_form} | own


def _write_form(note: Recorder, plan: Plan, member: Member, number: int) -> None:
    book.write(note, plan, member, number=number)


def _write_behind(
    write: Callable[[Recorder, Plan, Member], None],
    note: Recorder,
    plan: Plan,
    member: Member,
    _number: int,
) -> None:
    write(note, plan, member)


def _commonest(notes: Sequence[Mapping[str, Recorder]]) -> int:
    """Place of the first invoice with the rows that most have (some are issued again, most or few)."""
    shapes = [
        tuple((tuple(note.cells), tuple(note.heights.items())) for note in noted.values())
        for noted in notes
    ]
    (shape, _), *_ = Counter(shapes).most_common(1)
    return shapes.index(shape)


def _written(plan: Plan, place: int) -> dict[str, PackagePart]:
    return parts_of(book.content(plan, plan.outcome.members[place], number=place + 1))


def _recorded(write: Writer, plan: Plan, member: Member, number: int) -> Recorder:
    note = Recorder()
    write(note, plan, member, number)
    return note


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
        return _anew(ready.form, plan, member, number)
    sheets = {
        name: deflated(name, _filled(ready, name, notes[name]).encode())
        for name, gaps in ready.gaps.items()
        if gaps.cells
    }
    bill = ready.form.filled(bill_of(plan, member, number=number)) if ready.form else {}
    return joined((ready.parts | sheets | bill).values())


def _anew(form: OwnForm | None, plan: Plan, member: Member, number: int) -> bytes:
    if form is None:
        return book.content(plan, member, number=number)
    own = drawn(form.template, book.behind(plan, member))
    return own.book(bill_of(plan, member, number=number))


def _filled(ready: Prepared, name: str, note: Recorder) -> str:
    gaps = ready.gaps[name]
    return gaps.filled(
        {address: written(address, note.cells[address], ready.styles) for address, _ in gaps.cells}
    )
