"""The 精算書 to a 代表: the form, and 内訳 with a row per member and 事業."""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from apportion.core.model import Member
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import SettledRow
from apportion.workbook.letters.bill import Bill, BillRow
from apportion.workbook.letters.book import fill, set_up
from apportion.workbook.letters.form import NAME as FORM
from apportion.workbook.letters.layout import TOGETHER
from apportion.workbook.letters.naming import document_title, of
from apportion.workbook.letters.plan import Plan
from apportion.workbook.letters.settled import HANDLED, due, handled, told
from apportion.workbook.letters.words import Words
from apportion.workbook.sheets.live import Ref, less, total_of
from apportion.workbook.sheets.page import Page, add_page, heads
from apportion.workbook.sheets.sheet import add_sheet, new_book
from apportion.workbook.sheets.styles import Styles

NAME = "内訳"
CODE, MEMBER, PROJECT, BILLED, SETTLED, DIFFERENCE, WAY = range(7)
HEADS = (
    *("団体コード", "団体名", "事業", "請求済額\n（円）", "精算額\n（円）", "差額\n（円）"),
    "差額の扱い",
)


class SettledCells(NamedTuple):
    """A member and 事業: its first row, and the cells of its three amounts."""

    row: SettledRow
    billed: Ref
    settled: Ref
    difference: Ref


def needed(outcome: Outcome) -> tuple[Member, ...]:
    """Who pays for others, or not for all of its own."""
    settled = outcome.settlement
    return tuple(
        outcome.tables.by_code[code]
        for code, rows in settled.by_payer.items()
        if rows != settled.by_member.get(code, ())
    )


def content(plan: Plan, payer: Member, *, number: int) -> bytes:
    """Bytes of the workbook."""
    outcome, buffer = plan.outcome, BytesIO()
    target = new_book(buffer, document_title(outcome), outcome.year)
    styles = Styles(target)
    form = add_sheet(target, styles, FORM)
    title = f"{outcome.year.label} 負担金の精算 内訳"
    page = add_page(target, styles, NAME, title, outcome.stamps, of(outcome))
    cells = _detail(page, outcome.settlement.by_payer[payer.code])
    set_up(form, plan)
    fill(form, _bill(outcome, payer, cells, number))
    form.define_names(target)
    target.close()
    return buffer.getvalue()


def _detail(page: Page, rows: Sequence[SettledRow]) -> list[SettledCells]:
    head = page.top("差額 ＝ 精算額 − 請求済額。△は、請求した額が多かったことを示します。")
    heads(page, head, HEADS)
    owned = grouped(((row.member.code, name_key(row.project)), row) for row in rows)
    listed = sorted(owned.values(), key=lambda own: own[0].member.code)
    cells = [_row(page, at, own) for at, own in enumerate(listed, start=head + 1)]
    end = head + 1 + len(cells)
    page.merged(end, CODE, PROJECT, "合計", "grand_text")
    sums = zip(*((own.billed, own.settled, own.difference) for own in cells), strict=True)
    for column, refs in zip((BILLED, SETTLED, DIFFERENCE), sums, strict=True):
        area = page.area(head + 1, column, end - 1, column)
        page.live(end, column, total_of(area, sum(ref.value for ref in refs)), "grand_money")
    page.blanks(end, [WAY], "grand_text")
    page.set_up((head, head), portrait=True)
    return cells


def _row(page: Page, at: int, own: Sequence[SettledRow]) -> SettledCells:
    first = own[0]
    page.text(at, CODE, first.member.code, "code")
    page.texts(at, (first.member.name, first.project), first=MEMBER)
    billed = page.number(at, BILLED, sum(row.billed for row in own))
    settled = page.number(at, SETTLED, sum(row.settled for row in own))
    difference = page.live(at, DIFFERENCE, less(settled, [billed], page.name))
    page.text(at, WAY, HANDLED[first.way], "center")
    return SettledCells(first, billed, settled, difference)


def _bill(outcome: Outcome, payer: Member, cells: Sequence[SettledCells], number: int) -> Bill:
    words = Words(outcome)
    ways = [(own.row.way, own.difference) for own in cells]
    codes = dict.fromkeys(own.row.member.code for own in cells)
    return Bill(
        payer=payer,
        words=words,
        serial=words.serial(payer, TOGETHER),
        number=number,
        heading="団体",
        rows=tuple(_bill_row([c for c in cells if c.row.member.code == code]) for code in codes),
        whole=due(ways),
        handled=handled(outcome, ways),
        notes=(
            *told(outcome),
            "各団体の額の計算は、その団体の計算書で確かめられます。",
        ),
    )


def _bill_row(own: Sequence[SettledCells]) -> BillRow:
    return BillRow(
        label=own[0].row.member.name,
        amount=sum(cells.settled.value for cells in own),
        previous=sum(cells.billed.value for cells in own),
    )
