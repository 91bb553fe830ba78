"""The bill to a payer whose amount is not just its own: the 代表 of a group, or what it leaves.

Two sheets: the form, and 内訳 with a row per member and 事業. How each amount comes about stands in
the workbook of the member itself.
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from apportion.allocate.case import Charge
from apportion.model import Member
from apportion.outcome import Outcome
from apportion.workbook import invoice, invoice_form
from apportion.workbook.form import Bill
from apportion.workbook.invoice_texts import Words
from apportion.workbook.paper import STAMPS, Paper
from apportion.workbook.plan import Plan
from apportion.workbook.refs import Area, Ref, link, sum_of, total_of
from apportion.workbook.sheet import Sheet, add_sheet, new_book
from apportion.workbook.styles import Styles

NAME = "内訳"
CODE, MEMBER, PROJECT, YEN = range(4)
_HEADS = ("団体コード", "団体名", "事業", "負担金額（円）")
_WIDTHS = (70.0, 120.0, 220.0, 100.0)
_HEAD_ROW = 3

Row = tuple[Member, str, int]
"""Member, 事業 and yen."""


def needed(outcome: Outcome) -> tuple[Member, ...]:
    """Payers who are billed for other charges than just their own."""
    return tuple(
        payer
        for payer in outcome.payers
        if outcome.billed[payer.code] != outcome.by_member.get(payer.code, ())
    )


def file_name(payer: Member) -> str:
    """`232017_豊橋市_請求.xlsx`, beside the payer's own workbook."""
    return f"{invoice.file_name(payer).removesuffix('.xlsx')}_請求.xlsx"


def write(plan: Plan, payer: Member, path: Path, *, number: int) -> None:
    """Write the bill. The same plan gives the same bytes; OSError where it cannot be written."""
    outcome = plan.outcome
    buffer = BytesIO()
    book = new_book(buffer, f"{outcome.year.label} 負担金", outcome.year)
    styles = Styles(book)
    form, detail = (add_sheet(book, styles, name) for name in (invoice_form.NAME, NAME))
    cells = _detail(detail, outcome, _rows(outcome.billed[payer.code]))
    total = Ref(NAME, _HEAD_ROW + 1 + len(cells), YEN, sum(ref.value for _, ref in cells))
    sums = total_of(Area(NAME, _HEAD_ROW + 1, YEN, total.row - 1, YEN), total.value)
    detail.text(total.row, PROJECT, "合計", "total_text")
    detail.formula(total.row, YEN, sums.formula, sums.value, "total_money")
    invoice_form.set_up(form, plan)
    invoice_form.fill(
        form,
        plan,
        Bill(
            payer=payer,
            words=Words(outcome),
            serial=f"{outcome.year.code.upper()}-{payer.code}-代表",
            number=number,
            heading="団体",
            rows=tuple(
                (name, sum_of(refs, invoice_form.NAME)) for name, refs in _by_member(cells).items()
            ),
            total=link(total, invoice_form.NAME),
            notes=("各団体の額の計算は、その団体の計算書で確かめられます。",),
        ),
    )
    book.close()
    path.write_bytes(buffer.getvalue())


def _rows(charges: Sequence[Charge]) -> list[Row]:
    """Yen of each member in each 事業, in code order."""
    sums: dict[tuple[str, str], int] = {}
    members: dict[str, Member] = {}
    for charge in charges:
        key = (charge.member.code, charge.line.project)
        members[charge.member.code] = charge.member
        sums[key] = sums.get(key, 0) + charge.yen
    return [(members[code], project, sums[code, project]) for code, project in sorted(sums)]


def _detail(sheet: Sheet, outcome: Outcome, rows: Sequence[Row]) -> list[tuple[str, Ref]]:
    """The rows, and each amount's cell with the name of its member."""
    title = f"{outcome.year.label} 負担金 内訳"
    Paper(title=title, state=outcome.state, widths=_WIDTHS).set_up(sheet)
    sheet.text(0, 0, title, "title")
    sheet.text(1, 0, STAMPS[outcome.state], "warn")
    for column, head in enumerate(_HEADS):
        sheet.text(_HEAD_ROW, column, head, "head")
    cells = []
    for row, (member, project, yen) in enumerate(rows, start=_HEAD_ROW + 1):
        sheet.text(row, CODE, member.code, "code")
        sheet.text(row, MEMBER, member.name, "text")
        sheet.text(row, PROJECT, project, "text")
        sheet.number(row, YEN, yen, "money")
        cells.append((member.name, Ref(NAME, row, YEN, yen)))
    return cells


def _by_member(cells: Sequence[tuple[str, Ref]]) -> dict[str, list[Ref]]:
    found: dict[str, list[Ref]] = {}
    for name, ref in cells:
        found.setdefault(name, []).append(ref)
    return found
