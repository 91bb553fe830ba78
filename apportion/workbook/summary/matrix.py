"""Sheet 団体別経費別: what each member pays for each 経費, 事業 by 事業, with live totals."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.core.model import BudgetLine, Member
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.workbook.sheets.large import set_up_wide
from apportion.workbook.sheets.live import Area, Live, Ref, known, less, sum_of, total_of
from apportion.workbook.sheets.page import Page
from apportion.workbook.summary.budget import BESIDE, BUDGET, EXPENDITURE_PART, by_line
from apportion.workbook.summary.members import BudgetProject, projects
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

NAME = "団体別経費別"
CODE, MEMBER, KIND, FIRST = range(4)
SUBTOTAL, TOTAL, GRAND = "小計", "合計", "総計"
_WIDEST = 84.0
_NOTES = (
    "単位：円。空欄は、その経費の名簿に載っていないことを表します。",
    "支出の部は、団体に負担を求める額（対象外などを除く）です。",
    "差 = 総計 − 支出の部",
)
"""Short lines: one that runs over the columns of the first page is cut there."""

Lines = Mapping[tuple[str, str], Mapping[int, Ref]]
"""Cells of 支出の部 by the key of each 経費; a 激変緩和調整 has none."""


class ProjectColumns(NamedTuple):
    """A 事業 with its 経費 from column `first` on; 小計 stands behind them."""

    project: BudgetProject
    results: tuple[LineResult, ...]
    first: int

    @property
    def subtotal(self) -> int:
        """Column of 小計."""
        return self.first + len(self.results)


def results_of(outcome: Outcome, project: BudgetProject) -> tuple[LineResult, ...]:
    """経費 of a 事業, in the order of the budget."""
    return tuple(r for r in outcome.results if name_key(r.case.line.project) == project.key)


def write(page: Page, summary: Summary) -> Area:
    """Members in code order, 経費 in the order of the budget; the row of 差."""
    outcome, lines = summary.outcome, by_line(summary.of(EXPENDITURE_PART))
    head = page.top(*_NOTES, at=FIRST)
    groups = tuple(_groups(outcome))
    end = groups[-1].subtotal + 1 if groups else FIRST
    _heads(page, head, groups, end)
    first = head + 2
    for row, member in enumerate(outcome.members, start=first):
        _member(page, row, member, groups, end)
    last = first + len(outcome.members) - 1
    totals = _totals(page, (first, last), groups, end)
    _compare(page, totals, groups, lines)
    page.freeze(first, FIRST)
    columns = [(group.first, group.subtotal) for group in groups]
    caps = dict.fromkeys(range(FIRST, end), _WIDEST)
    # The first page has its title already.
    for start in set_up_wide(page, (head, head + 1), caps, FIRST, [*columns, (end, end)])[1:]:
        page.top(*_NOTES, at=start)
    return page.area(last + 3, FIRST, last + 3, end)


def _groups(outcome: Outcome) -> Iterator[ProjectColumns]:
    column = FIRST
    for project in projects(outcome):
        group = ProjectColumns(project, results_of(outcome, project), column)
        yield group
        column = group.subtotal + 1


def _heads(page: Page, head: int, groups: Sequence[ProjectColumns], end: int) -> None:
    """The row of 事業, and below it the row of 経費."""
    page.texts(head, ["", "", ""], "small_head")
    page.texts(head + 1, ["団体\nコード", "団体名", "区分"], "small_head")
    for group in groups:
        page.merged(head, group.first, group.subtotal, group.project.name, "small_head")
        names = [result.case.line.name for result in group.results]
        page.texts(head + 1, [*names, SUBTOTAL], "small_head", first=group.first)
    page.blanks(head, [end], "small_head")
    page.text(head + 1, end, TOTAL, "small_head")


def _member(
    page: Page, row: int, member: Member, groups: Sequence[ProjectColumns], end: int
) -> None:
    page.text(row, CODE, member.code, "code")
    page.text(row, MEMBER, member.name)
    page.text(row, KIND, member.kind, "center")
    sums = []
    for group in groups:
        found = amounts(page, row, member, group.results, group.first)
        if found:
            area = page.area(row, group.first, row, group.subtotal - 1)
            live = total_of(area, sum(cell.value for cell in found))
            sums.append(page.live(row, group.subtotal, live, "total_money"))
        else:
            page.blanks(row, [group.subtotal], "total_text")
    page.live(row, end, sum_of(sums, page.name), "grand_money")


def amounts(
    page: Page, row: int, member: Member, results: Sequence[LineResult], first: int
) -> list[Ref]:
    """Write what a member pays for these 経費, blank where it takes no part; the cells."""
    found = []
    for column, result in enumerate(results, start=first):
        position = result.position_of.get(member.code)
        if position is None:
            page.blanks(row, [column])
        else:
            found.append(page.number(row, column, result.yen[position]))
    return found


def _totals(
    page: Page, rows: tuple[int, int], groups: Sequence[ProjectColumns], end: int
) -> dict[int, Ref]:
    """総計 of every column."""
    sums: dict[int, int] = {}
    for group in groups:
        own = [sum(result.yen) for result in group.results]
        sums |= dict(enumerate([*own, sum(own)], start=group.first))
    sums[end] = sum(sums[group.subtotal] for group in groups)
    row = rows[1] + 1
    page.merged(row, CODE, KIND, GRAND, "grand_text")
    return {
        column: page.live(
            row, column, total_of(page.area(rows[0], column, rows[1], column), value), "grand_money"
        )
        for column, value in sums.items()
    }


def _compare(
    page: Page, totals: Mapping[int, Ref], groups: Sequence[ProjectColumns], lines: Lines
) -> None:
    """Below 総計 what 支出の部 says, and the 差 to it."""
    row = max(cell.row for cell in totals.values()) + 1
    page.merged(row, CODE, KIND, "支出の部", "text")
    page.merged(row + 1, CODE, KIND, "差", "text")
    cells: dict[int, Ref] = {}
    for group in groups:
        own = [
            page.live(row, column, asked(lines, result.case.line, page.name))
            for column, result in enumerate(group.results, start=group.first)
        ]
        cells |= {cell.column: cell for cell in own}
        cells[group.subtotal] = page.live(row, group.subtotal, sum_of(own, page.name))
    subtotals = [cells[group.subtotal] for group in groups]
    end = max(totals)
    cells[end] = page.live(row, end, sum_of(subtotals, page.name))
    for column, cell in cells.items():
        page.difference(row + 1, column, less(totals[column], [cell], page.name))


def asked(lines: Lines, line: BudgetLine, sheet: str) -> Live:
    """Budget of a 経費 less what its members do not pay; 0 for one that is not in the budget."""
    cells = lines.get(line.key)
    if cells is None:
        return known(0)
    return less(cells[BUDGET], [cells[BESIDE]] if BESIDE in cells else [], sheet)


MATRIX = SheetOfSummary(
    name=NAME,
    title="団体別・経費別の負担金",
    text="団体ごと、経費ごとの負担金の額と、事業の小計、合計（A3）。",
    write=write,
    areas=lambda difference: (difference,),
)
