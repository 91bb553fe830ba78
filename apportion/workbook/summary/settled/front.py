"""Sheet 総括: each 事業 with 決算額, what was billed and settled, and where the difference goes."""

from collections.abc import Mapping, Sequence

from apportion.core.text import name_key
from apportion.outcome.settled import OTHER, Settled, SettledRow, difference_of
from apportion.workbook.letters.settled import HANDLED
from apportion.workbook.sheets.live import Ref, less, link, sum_of
from apportion.workbook.sheets.page import Page, heads
from apportion.workbook.summary.settled.accounts import EXPENDITURE_PART
from apportion.workbook.summary.settled.members import MEMBERS, Triple
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

PROJECT, SPENT, UNPAID, OTHERS, SETTLED, BILLED, DIFFERENCE, WAY, CLOSES = range(9)
_HEADS = (
    "事業",
    "決算額\n（円）",
    "団体が負担\nしない額（円）",
    f"{OTHER}\n（円）",
    "精算額\n（円）",
    "請求済額\n（円）",
    "差額\n（円）",
    "差額の扱い",
    "決算との差\n（円）",
)
_NOTES = (
    f"精算額 ＝ 決算額 − 団体が負担しない額 − {OTHER}。差額 ＝ 精算額 − 請求済額。",
    "団体が負担しない額は、特定財源などの対象外、端数未調整額、繰越などです。",
    f"{OTHER}は、利子など予算になかった収入から、予算より多く積んだ積立金などを引いた額です。",
)


def write(page: Page, summary: Summary) -> None:
    """One row for each 事業, and 合計."""
    settled, members, spent = (
        summary.outcome.settlement,
        summary.of(MEMBERS),
        summary.of(EXPENDITURE_PART),
    )
    head = page.top(f"請求済額: {settled.issue or 'いまの規則と表から計算した額'}", *_NOTES)
    heads(page, head, _HEADS)
    names = {name_key(row.project): row.project for row in settled.rows}
    rows = [
        _row(page, at, names[key], (settled, spent.get(key, ()), members[key]))
        for at, key in enumerate(names, start=head + 1)
    ]
    end = head + 1 + len(rows)
    page.text(end, PROJECT, "合計", "grand_text")
    for column in (SPENT, UNPAID, OTHERS, SETTLED, BILLED, DIFFERENCE):
        page.live(end, column, sum_of([cells[column] for cells in rows], page.name), "grand_money")
    page.blanks(end, [WAY, CLOSES], "grand_text")
    _ways(page, end + 2, [own.settlement for own in summary.outcome.papers])
    _figures(page, end + 5 + len(HANDLED), settled)
    page.set_up((head, head))


def _row(
    page: Page, row: int, name: str, sources: tuple[Settled, Sequence[Ref], Triple]
) -> Mapping[int, Ref]:
    settled, spent, sums = sources
    own = [found for found in settled.rows if name_key(found.project) == name_key(name)]
    page.text(row, PROJECT, name)
    cells = {
        SPENT: page.live(row, SPENT, sum_of(spent, page.name)),
        OTHERS: page.number(row, OTHERS, -_other(own)),
        SETTLED: page.live(row, SETTLED, link(sums.settled, page.name)),
        BILLED: page.live(row, BILLED, link(sums.billed, page.name)),
        DIFFERENCE: page.live(row, DIFFERENCE, link(sums.difference, page.name)),
    }
    cells[UNPAID] = page.number(row, UNPAID, settled.unpaid.get(name_key(name), 0))
    page.text(row, WAY, HANDLED[own[0].way], "center")
    rest = [cells[UNPAID], cells[OTHERS], cells[BILLED], cells[DIFFERENCE]]
    page.difference(row, CLOSES, less(cells[SPENT], rest, page.name))
    return cells


def _other(own: Sequence[SettledRow]) -> int:
    return sum(row.settled for row in own if row.is_other)


def _ways(page: Page, row: int, papers: Sequence[Settled]) -> None:
    """Where all differences go, as the papers say it."""
    page.line(row, "差額の扱い", "heading")
    heads(page, row + 1, ["扱い", "差額\n（円）", "追徴・増\n（円）", "還付・減\n（円）"])
    for at, (way, label) in enumerate(HANDLED.items(), start=row + 2):
        own = [difference_of(rows, way) for settled in papers for rows in settled.by_payer.values()]
        page.text(at, PROJECT, label)
        more = page.number(at, 2, sum(yen for yen in own if yen > 0))
        back = page.number(at, 3, sum(yen for yen in own if yen < 0))
        page.live(at, 1, sum_of([more, back], page.name))


def _figures(page: Page, row: int, settled: Settled) -> None:
    """Which column of 基礎数値 each 経費 was settled by."""
    for at, (project, column, lines) in enumerate(settled.figure_lines, start=row + 1):
        page.line(at, f"{project}: {column}（{lines}）")
    if settled.figures:
        page.line(row, "精算に使った基礎数値", "heading")


FRONT = SheetOfSummary(name="総括", title="負担金の精算 総括", write=write)
