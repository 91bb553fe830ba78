"""Sheet データ: the rows of data/settlement.csv as values, for filters and other programs."""

from apportion.outcome.settled import SETTLEMENT, settlement_rows
from apportion.workbook.sheets.large import A3
from apportion.workbook.sheets.page import Page
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

_ARROW = "   "
"""Room for the button of the filter."""


def write(page: Page, summary: Summary) -> None:
    """One heading row and one row per member and 経費; no title, no formula, no merged cell."""
    outcome = summary.outcome
    rows: list[tuple[str | int, ...]] = [*settlement_rows(outcome.year.code, outcome.settlement)]
    page.texts(0, SETTLEMENT, "data_head")
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                page.sheet.number(number, column, value, "data_number")
            else:
                page.sheet.text(number, column, value, "data_text")
    for column, heading in enumerate(SETTLEMENT):
        for text in {f"　{row[column]}" for row in rows} | {heading + _ARROW}:
            page.measure(column, text)
    page.sheet.raw.autofilter(0, 0, max(len(rows), 1), len(SETTLEMENT) - 1)
    page.freeze(1, 0)
    page.set_up((0, 0), portrait=True)
    # The title above each page tells the 年度.
    page.sheet.raw.set_paper(A3)
    page.sheet.raw.print_area(
        0, SETTLEMENT.index("団体コード"), max(len(rows), 1), len(SETTLEMENT) - 1
    )


DATA = SheetOfSummary(name="データ", title="データ", write=write)
