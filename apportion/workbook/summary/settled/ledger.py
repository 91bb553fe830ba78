"""Sheet 積立金台帳: the reserve of each 事業 from the end of last year to the end of this one."""

from functools import reduce
from operator import add

from apportion.outcome.settled import Reserve
from apportion.workbook.sheets.live import Live, Ref, link, total_of
from apportion.workbook.sheets.page import Page, heads
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

PROJECT, BEFORE, SETTLED, DEPOSITED, DRAWN, AFTER = range(6)
_HEADS = (
    "事業",
    "前年度末残高\n（円）",
    "精算で積む額\n（円）",
    "積立金\n（円）",
    "取崩\n（円）",
    "年度末残高\n（円）",
)


def write(page: Page, summary: Summary) -> None:
    """One row for each 事業, and 合計."""
    reserves = summary.outcome.settlement.reserves
    unknown = any(not reserve.known for reserve in reserves)
    head = page.top(
        "年度末残高 ＝ 前年度末残高 ＋ 精算で積む額 ＋ 積立金 − 取崩。精算で積む額の△は、積立金を充てた額です。",
        "積立金は支出の部、取崩は収入の部の決算額です。",
        *(("前年度末残高の分からない事業は、残高を 0円 としています。",) if unknown else ()),
    )
    heads(page, head, _HEADS)
    for row, reserve in enumerate(reserves, start=head + 1):
        _row(page, row, reserve)
    end = head + 1 + len(reserves)
    page.text(end, PROJECT, "合計", "grand_text")
    columns = zip(*(_amounts(reserve) for reserve in reserves), strict=True)
    for column, amounts in enumerate(columns, start=BEFORE):
        area = page.area(head + 1, column, end - 1, column)
        page.live(end, column, total_of(area, sum(amounts)), "grand_money")
    page.set_up((head, head), portrait=True)


def _amounts(own: Reserve) -> tuple[int, ...]:
    return (own.before, own.settled, own.deposited, own.drawn, own.after)


def _row(page: Page, row: int, own: Reserve) -> None:
    page.text(row, PROJECT, own.project)
    *parts, after = _amounts(own)
    cells = [page.number(row, column, yen) for column, yen in enumerate(parts, start=BEFORE)]
    page.live(row, AFTER, _after(cells, after, page.name), "total_money")


def _after(cells: list[Ref], value: int, sheet: str) -> Live:
    *added, drawn = (link(cell, sheet) for cell in cells)
    live = reduce(add, added) - drawn
    assert live.value == value, (live, value)
    return live


LEDGER = SheetOfSummary(name="積立金台帳", title="事業調整積立金台帳", write=write)
