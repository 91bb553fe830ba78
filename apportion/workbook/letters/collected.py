"""The bill to a payer whose amount is not just its own (the 代表 of a group), or of one 期.

Two sheets: the form, and 内訳 with a row per member and 事業. How each amount comes about stands in
the workbook of the member itself.
"""

from collections import Counter
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
from apportion.workbook.letters.bill import Bill, BillRow
from apportion.workbook.letters.book import fill, set_up
from apportion.workbook.letters.form import NAME as FORM
from apportion.workbook.letters.naming import COLLECTED, document_title, file_name, of, stem_of
from apportion.workbook.letters.own_form import drawn
from apportion.workbook.letters.plan import Plan
from apportion.workbook.letters.words import Words, by_instalment, is_taxed
from apportion.workbook.sheets.live import Ref
from apportion.workbook.sheets.page import STAMPS, Paper
from apportion.workbook.sheets.recorder import Recorder, shell
from apportion.workbook.sheets.sheet import Cells, Sheet

NAME = "内訳"
TOGETHER = "-代表"
"""End of the 整理番号 of such a bill."""

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


class Sent(NamedTuple):
    """A bill besides the members' own workbooks: to whom, of which 期 (None: all), and its file."""

    payer: Member
    part: Instalment | None
    file: str


def sent(outcome: Outcome) -> tuple[Sent, ...]:
    """All such bills: of each 期 that asks for money (請求の単位: 期ごと), else those to a 代表."""
    if not by_instalment(outcome):
        return tuple(
            Sent(payer, None, file_name(outcome, payer, COLLECTED)) for payer in needed(outcome)
        )
    listed = [part for part in outcome.instalments if part.yen > 0]
    days = Counter((part.code, part.number) for part in listed)
    members = outcome.tables.by_code
    return tuple(
        Sent(
            members[part.code],
            part,
            part_name(stem_of(outcome, members[part.code]), part, days[part.code, part.number]),
        )
        for part in listed
    )


def needed(outcome: Outcome) -> tuple[Member, ...]:
    """Payers who are billed for other charges than just their own."""
    return tuple(
        payer
        for payer in outcome.payers
        if outcome.billed[payer.code] != outcome.by_member.get(payer.code, ())
    )


def part_name(stem: str, part: Instalment, days: int = 1) -> str:
    """`第1期/232017_豊橋市_令和7年度負担金_第1期.xlsx`.

    With several `days` under one number the day stands in it.
    """
    day = f"_{part.day.isoformat()}" if part.day and days > 1 else ""
    return f"第{part.number}期/{stem}_第{part.number}期{day}.xlsx"


def of_term(part: Instalment) -> str:
    """End of the 整理番号 of the bill of one 期."""
    return f"-第{part.number}期"


def files(outcome: Outcome) -> dict[Instalment, str]:
    """The workbook that asks for each instalment, below the folder of invoices."""
    bills = sent(outcome)
    by_part = {bill.part: bill.file for bill in bills if bill.part}
    if by_instalment(outcome):
        return by_part
    own = {member.code: file_name(outcome, member) for member in outcome.members}
    own |= {bill.payer.code: bill.file for bill in bills}
    return {part: own[part.code] for part in outcome.instalments if part.code in own}


def write(
    plan: Plan, bill_to: Sent, path: Path, *, number: int, template: Template | None = None
) -> None:
    """Write the bill, on the council's own form where there is one.

    The same plan gives the same bytes; OSError where it cannot be written.
    """
    outcome, payer, part = plan.outcome, bill_to.payer, bill_to.part
    detail, form = Recorder(), Recorder()
    cells = _detail(detail, outcome, _rows(outcome, outcome.billed[payer.code]))
    total = Ref(NAME, _HEAD_ROW + 1 + len(cells), YEN, sum(ref.value for _, ref in cells))
    detail.text(total.row, PROJECT, "合計", "total_text")
    detail.number(total.row, YEN, total.value, "total_money")
    bill = _bill(outcome, payer, cells, total.value, number)
    if part is not None:
        bill = _of_part(detail, bill, cells, part, total.row + 2)
    title, behind = document_title(outcome), [(NAME, partial(_set_up, outcome=outcome))]
    if template:
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
    return replace(
        bill,
        part=part,
        yearly=bill.total,
        total=part.yen,
        serial=bill.words.serial(bill.payer, of_term(part)),
    )


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


def _bill(
    outcome: Outcome, payer: Member, cells: Sequence[Charged], total: int, number: int
) -> Bill:
    words = Words(outcome)
    taxed = sum(ref.value for row, ref in cells if row.taxed)
    return Bill(
        payer=payer,
        words=words,
        serial=words.serial(payer, TOGETHER),
        number=number,
        heading="団体",
        rows=tuple(_bill_rows(outcome, cells)),
        total=total,
        taxed=taxed if words.taxed else None,
        notes=("各団体の額の計算は、その団体の計算書で確かめられます。",),
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
