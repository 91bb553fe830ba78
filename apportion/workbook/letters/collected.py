"""The bill to a payer whose amount is not just its own (the 代表 of a group), or of one 期.

Two sheets: the form, and 内訳 with a row per member and 事業. How each amount comes about stands in
the workbook of the member itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from apportion.allocate.case import Charge
from apportion.allocate.instalments import Instalment
from apportion.core.model import Member
from apportion.core.sums import summed
from apportion.forms.slots import Template
from apportion.outcome.outcome import Outcome
from apportion.workbook.letters.bill import Bill, BillRow, FurtherTable, open_terms
from apportion.workbook.letters.book import fill, set_up
from apportion.workbook.letters.form import NAME as FORM
from apportion.workbook.letters.naming import document_title, of
from apportion.workbook.letters.own_form import drawn
from apportion.workbook.letters.plan import Plan
from apportion.workbook.letters.sent import Letter
from apportion.workbook.letters.words import Words, is_taxed
from apportion.workbook.sheets.live import Ref
from apportion.workbook.sheets.page import STAMPS, Paper
from apportion.workbook.sheets.recorder import Recorder, shell
from apportion.workbook.sheets.sheet import Cells, Sheet

NAME = "内訳"

CODE, MEMBER, PROJECT, YEN = range(4)
_HEADS = ("団体コード", "団体名", "事業", "負担金額（円）")
_WIDTHS = (70.0, 120.0, 220.0, 100.0)
_HEAD_ROW = 3


class CollectedRow(NamedTuple):
    """Yen of a member in a 事業; those that contain 消費税 stand apart."""

    member: Member
    project: str
    taxed: bool
    yen: int


Charged = tuple[CollectedRow, Ref]
"""A row and the cell of its amount."""


def write(plan: Plan, letter: Letter, path: Path, *, template: Template | None = None) -> None:
    """Write the bill, on the council's own form where there is one.

    The same plan gives the same bytes; OSError where it cannot be written.
    """
    outcome, payer, part = plan.outcome, letter.member, letter.part
    detail, form = Recorder(), Recorder()
    cells = _detail(detail, outcome, _rows(outcome, outcome.billed[payer.code]))
    total = Ref(NAME, _HEAD_ROW + 1 + len(cells), YEN, sum(ref.value for _, ref in cells))
    detail.text(total.row, PROJECT, "合計", "total_text")
    detail.number(total.row, YEN, total.value, "total_money")
    bill = _bill(outcome, letter, cells, total.value)
    if part is not None:
        bill = _of_part(detail, bill, cells, part, total.row + 2)
    title, behind = document_title(outcome), [(NAME, partial(_set_up, outcome=outcome))]
    if template and bill.fits_own_form:
        own = drawn(template, shell(title, outcome.year, behind))
        content = own.book(_by_project(bill, cells), [detail])
    else:
        fill(form, bill)
        sheets = [(FORM, partial(set_up, plan=plan)), *behind]
        content = shell(title, outcome.year, sheets, form).book([[form], [detail]])
    path.write_bytes(content)


def _title(outcome: Outcome) -> str:
    return f"{outcome.year.label} 負担金 内訳"


def _set_up(sheet: Sheet, outcome: Outcome) -> None:
    paper = Paper(title=_title(outcome), state=outcome.state, of=of(outcome), widths=_WIDTHS)
    paper.set_up(sheet)


def _of_part(
    detail: Cells, bill: Bill, cells: Sequence[Charged], part: Instalment, row: int
) -> Bill:
    """The bill of one 期: its yen stand below 内訳, and the rows show the year."""
    detail.text(row, PROJECT, f"このうち第{part.number}期の額", "text")
    detail.number(row, YEN, part.yen, "money")
    own = all(cell.member.code == bill.payer.code for cell, _ in cells)
    if own:
        bill = _by_project(bill, cells)
    return replace(bill, part=part)


def _by_project(bill: Bill, cells: Sequence[Charged]) -> Bill:
    """The bill with a row for each 事業, as a form of the council has them."""
    outcome, rows = bill.words.outcome, []
    for project in dict.fromkeys(row.project for row, _ in cells):
        own = [(row.member.code, ref) for row, ref in cells if row.project == project]
        past = [outcome.before(code, project) for code in dict.fromkeys(c for c, _ in own)]
        known = [yen for yen in past if yen is not None]
        amount = sum(ref.value for _, ref in own)
        previous = sum(known) if known else None
        rows.append(BillRow(label=project, amount=amount, previous=previous))
    return replace(bill, heading="事業", rows=tuple(rows))


def _bill(outcome: Outcome, letter: Letter, cells: Sequence[Charged], whole: int) -> Bill:
    words, payer = Words(outcome), letter.member
    taxed = sum(ref.value for row, ref in cells if row.taxed)
    return Bill(
        payer=payer,
        words=words,
        serial=words.serial(payer, letter.ending),
        number=letter.number,
        heading="団体",
        rows=tuple(_bill_rows(outcome, cells)),
        whole=whole,
        terms=() if letter.part else open_terms(outcome, payer.code),
        taxed=taxed if words.taxed else None,
        notes=("各団体の額の計算は、その団体の計算書で確かめられます。",),
        parts=_parts(payer, cells) if letter.together else (),
    )


def _parts(payer: Member, cells: Sequence[Charged]) -> tuple[FurtherTable, ...]:
    """What a 代表 must know besides the bodies: the 事業, and which part of all is its own."""
    projects = summed((row.project, ref.value) for row, ref in cells)
    codes = dict.fromkeys(row.member.code for row, _ in cells)
    own = sum(ref.value for row, ref in cells if row.member.code == payer.code)
    rest = sum(ref.value for _, ref in cells) - own
    others = sum(code != payer.code for code in codes)
    shares = (f"{payer.name}の分", own), (f"代表して納入いただく{others}団体の分", rest)
    return (
        FurtherTable("事業ごとの額", "事業", tuple(projects.items())),
        FurtherTable(f"{payer.name}の分と、ほかの団体の分", "区分", shares),
    )


def _bill_rows(outcome: Outcome, cells: Sequence[Charged]) -> Iterator[BillRow]:
    """A row for each member, with what it paid last year for the same 事業."""
    for code in dict.fromkeys(row.member.code for row, _ in cells):
        own = [(row, ref) for row, ref in cells if row.member.code == code]
        projects = dict.fromkeys(row.project for row, _ in own)
        past = [outcome.before(code, project) for project in projects]
        known = [yen for yen in past if yen is not None]
        yield BillRow(
            label=own[0][0].member.name,
            amount=sum(ref.value for _, ref in own),
            previous=sum(known) if known else None,
        )


def _rows(outcome: Outcome, charges: Sequence[Charge]) -> list[CollectedRow]:
    """Yen of each member in each 事業: members in code order, 事業 in that of the budget."""
    projects = dict.fromkeys(result.case.line.project for result in outcome.results)
    order = {project: place for place, project in enumerate(projects)}
    sums = summed(
        ((c.member.code, c.line.project, is_taxed(outcome, c.result)), c.yen) for c in charges
    )
    members = {charge.member.code: charge.member for charge in charges}
    rows = (
        CollectedRow(members[code], project, taxed, yen)
        for (code, project, taxed), yen in sums.items()
    )
    return sorted(rows, key=lambda row: (row.member.code, order[row.project], row.taxed))


def _detail(sheet: Cells, outcome: Outcome, rows: Sequence[CollectedRow]) -> list[Charged]:
    """The rows, each with the cell of its amount."""
    sheet.text(0, 0, _title(outcome), "title")
    sheet.text(1, 0, STAMPS[outcome.state], "warn")
    for column, head in enumerate(_HEADS):
        sheet.text(_HEAD_ROW, column, head, "head")
    cells = []
    for place, row in enumerate(rows, start=_HEAD_ROW + 1):
        sheet.text(place, CODE, row.member.code, "code")
        sheet.text(place, MEMBER, row.member.name, "text")
        sheet.text(place, PROJECT, row.project + ("（10%対象）" if row.taxed else ""), "text")
        sheet.number(place, YEN, row.yen, "money")
        cells.append((row, Ref(NAME, place, YEN, row.yen)))
    return cells
