"""Sheets 収入の部 and 支出の部: the budget beside 決算, with their differences."""

from collections.abc import Mapping, Sequence

from apportion.core.model import RESERVES, Yen
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.outcome.settled import final_of
from apportion.workbook.sheets.live import Ref, less, total_of
from apportion.workbook.sheets.page import Page, heads
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

CATEGORY, PROJECT, NAME, BUDGET, FINAL, CHANGE = range(6)
_HEADS = ("区分", "事業", "科目", "予算額\n（円）", "決算額\n（円）", "決算−予算\n（円）")
_WIDEST = {CATEGORY: 135.0, PROJECT: 170.0, NAME: 200.0}

Row = tuple[str, str, str, Yen | None, Yen | None]


def write_income(page: Page, summary: Summary) -> None:
    """Every line of the 収入の部; its budget has every 補正."""
    rows = (
        (x.category, x.project, x.subject, x.amount, final_of(x))
        for x in summary.outcome.tables.income
    )
    _write(page, _HEADS, list(rows))


def write_expenditure(page: Page, summary: Summary) -> Mapping[str, Sequence[Ref]]:
    """Every line of the 支出の部; gives the cells of 決算額 of each 事業, without 積立金等."""
    budget = summary.outcome.settlement.budget
    headings = (*_HEADS[:NAME], "経費", *_HEADS[BUDGET:])
    rows = [(x.category, x.project, x.name, x.amount, final_of(x)) for x in budget]
    cells = zip(budget, _write(page, headings, rows), strict=True)
    return grouped((name_key(line.project), c) for line, c in cells if line.category != RESERVES)


def _write(page: Page, headings: Sequence[str], rows: Sequence[Row]) -> list[Ref]:
    """The table with 合計; gives the cells of 決算額."""
    head = page.top("予算額は、補正のあとの額です。")
    heads(page, head, headings)
    finals = []
    for at, (category, project, name, budget, final) in enumerate(rows, start=head + 1):
        page.texts(at, (category, project, name))
        before = _amount(page, at, BUDGET, budget)
        after = _amount(page, at, FINAL, final)
        page.live(at, CHANGE, less(after, [before], page.name), "signed")
        finals.append(after)
    end = head + 1 + len(rows)
    page.merged(end, CATEGORY, NAME, "合計", "grand_text")
    sums = (sum(row[3] or 0 for row in rows), sum(row[4] or 0 for row in rows))
    both = [
        page.live(
            end,
            column,
            total_of(page.area(head + 1, column, end - 1, column), value),
            "grand_money",
        )
        for column, value in zip((BUDGET, FINAL), sums, strict=True)
    ]
    page.live(end, CHANGE, less(both[1], [both[0]], page.name), "grand_signed")
    page.freeze(head + 1, 0)
    page.set_up((head, head), _WIDEST, portrait=True)
    return finals


def _amount(page: Page, row: int, column: int, yen: Yen | None) -> Ref:
    """A blank amount stays blank: formulas take it for 0."""
    if yen is not None:
        return page.number(row, column, yen)
    page.blanks(row, [column])
    return Ref(page.name, row, column, 0)


INCOME_PART = SheetOfSummary(name="収入の部", title="収入の部　予算と決算", write=write_income)
EXPENDITURE_PART = SheetOfSummary(
    name="支出の部", title="支出の部　予算と決算", write=write_expenditure
)
