"""Sheet データ: the rows of data/charges.csv as values, for filters and other programs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from apportion.core.sums import summed
from apportion.outcome.charges import CHARGES, charge_rows
from apportion.workbook.sheets.large import A3
from apportion.workbook.sheets.live import Area, Live
from apportion.workbook.sheets.page import Page
from apportion.workbook.sheets.sheet import Sheet
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

NAME = "データ"
HEADINGS = ("年度", "年度（西暦）", *CHARGES[1:-1])
"""Those of charges.csv but the last, the place of the rule: that is for those who keep the rules."""
_ARROW = "   "
"""Room for the button of the filter."""
_CATEGORY, _PROJECT, _LINE, _YEN = (
    HEADINGS.index(name) for name in ("事業区分", "事業", "経費", "負担金額_円")
)
_CODE, _ADDED = HEADINGS.index("団体コード"), HEADINGS.index("端数加算_円")
"""First and last column on paper: the title above each page tells the 年度."""

Names = tuple[str, str, str]
"""区分, 事業 and 経費 of a row, as they are written."""


class DataSheet(NamedTuple):
    """Where the columns of the charges stand, and the yen of all rows with the same names."""

    categories: Area
    projects: Area
    lines: Area
    yen: Area
    sums: Mapping[Names, int]

    def sum_of_line(self, sheet: str, project: str, line: str) -> str:
        """Sum the yen of all rows with the 事業 and 経費 in these cells of `sheet`: a formula.

        It goes by names, so that sorting the rows changes nothing.
        """
        wanted = (
            _is(area.on(sheet), cell)
            for area, cell in ((self.projects, project), (self.lines, line))
        )
        return f"=SUMPRODUCT({'*'.join(wanted)}*{self.yen.on(sheet)})"

    def sum_of(self, sheet: str, wanted: Sequence[Collection[str]]) -> Live:
        """Sum the yen of all rows with one of these 区分, 事業 and 経費; none given: with any."""
        value = sum(
            yen
            for names, yen in self.sums.items()
            if all(not own or name in own for name, own in zip(names, wanted, strict=True))
        )
        terms = [
            _any(_is(area.on(sheet), _literal(name)) for name in own)
            for area, own in zip(self, wanted, strict=False)
            if isinstance(area, Area) and own
        ]
        if not terms:
            return Live(f"=SUM({self.yen.on(sheet)})", value)
        return Live(f"=SUMPRODUCT({'*'.join(terms)}*{self.yen.on(sheet)})", value)


def write(page: Page, summary: Summary) -> DataSheet:
    """One heading row and one row per member and 経費; no title, no formula, no merged cell."""
    page.texts(0, HEADINGS, "data_head")
    outcome = summary.outcome
    charges = list(charge_rows(outcome.year, outcome.charges))
    rows = [(charge.year, outcome.year.start, *charge[1:-1]) for charge in charges]
    for number, row in enumerate(rows, start=1):
        _row(page.sheet, number, row)
    for column, heading in enumerate(HEADINGS):
        for text in {f"　{row[column]}" for row in rows} | {heading + _ARROW}:
            page.measure(column, text)
    last = max(len(rows), 1)
    page.sheet.raw.autofilter(0, 0, last, len(HEADINGS) - 1)
    page.freeze(1, 0)
    page.set_up((0, 0), portrait=True)
    page.sheet.raw.set_paper(A3)
    page.sheet.raw.print_area(0, _CODE, last, _ADDED)
    sums = summed(((c.category, c.project, c.line), c.yen) for c in charges)
    categories, projects, lines, yen = (
        page.area(1, column, last, column) for column in (_CATEGORY, _PROJECT, _LINE, _YEN)
    )
    return DataSheet(categories, projects, lines, yen, sums)


def _is(column: str, text: str) -> str:
    """Which cells of a column hold a text, as a formula says it: a plain = would pass over case."""
    # With &"" a column is an array for every program; without, IronCalc looks at one cell of it.
    return f'EXACT({column}&"",{text})'


def _any(tests: Iterable[str]) -> str:
    """Whether one of these holds, as a factor."""
    found = list(tests)
    return found[0] if len(found) == 1 else f"({'+'.join(found)})"


def _literal(text: str) -> str:
    """Text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def _row(sheet: Sheet, number: int, row: Sequence[int | str | Fraction]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, int):
            sheet.number(number, column, value, "data_number")
        else:
            sheet.text(number, column, str(value), "data_text")


DATA = SheetOfSummary(
    name=NAME,
    title="データ",
    text="団体と経費ごとの全行。抽出や再利用のため。",
    write=write,
)
