"""Sheet データ: the rows of data/charges.csv as values, for filters and other programs."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from apportion.datafiles import CHARGES, charge_rows
from apportion.outcome import Outcome
from apportion.workbook.page import Page
from apportion.workbook.refs import Area
from apportion.workbook.sheet import Sheet

NAME = "データ"
HEADINGS = ("年度", "年度（西暦）", *CHARGES[1:])
_ARROW = "   "
"""Room for the button of the filter."""
_PROJECT, _LINE, _YEN = (HEADINGS.index(name) for name in ("事業", "経費", "負担金額_円"))


class DataSheet(NamedTuple):
    """Where the columns of the charges stand."""

    projects: Area
    lines: Area
    yen: Area

    def sum_of_line(self, sheet: str, project: str, line: str) -> str:
        """Sum the yen of all rows with the 事業 and 経費 in these cells of `sheet`: a formula.

        It goes by names, so that sorting the rows changes nothing.
        """
        wanted = (
            f"EXACT({area.on(sheet)},{cell})"
            for area, cell in ((self.projects, project), (self.lines, line))
        )
        return f"=SUMPRODUCT({'*'.join(wanted)}*{self.yen.on(sheet)})"


def write(page: Page, outcome: Outcome) -> DataSheet:
    """One heading row and one row per member and 経費; no title, no formula, no merged cell."""
    page.texts(0, HEADINGS, "data_head")
    charges = list(charge_rows(outcome))
    rows = [(charge.year, outcome.year.start, *charge[1:]) for charge in charges]
    for number, row in enumerate(rows, start=1):
        _row(page.sheet, number, row)
    for column, heading in enumerate(HEADINGS):
        for text in {f"　{row[column]}" for row in rows} | {heading + _ARROW}:
            page.measure(column, text)
    last = max(len(rows), 1)
    page.sheet.raw.autofilter(0, 0, last, len(HEADINGS) - 1)
    page.freeze(1, 0)
    page.set_up((0, 0))
    return DataSheet(*(page.area(1, column, last, column) for column in (_PROJECT, _LINE, _YEN)))


def _row(sheet: Sheet, number: int, row: Sequence[int | str | Fraction]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, int):
            sheet.number(number, column, value, "data_number")
        else:
            sheet.text(number, column, str(value), "data_text")
