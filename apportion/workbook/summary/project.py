"""部会資料: a sheet for each 事業 with its 経費, their rules in short, and what each member pays."""

from collections.abc import Mapping, Sequence
from functools import partial

from apportion.allocate.case import Case, LineResult
from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.outcome.outcome import Outcome
from apportion.rules.tell.sentences import adjust, bound, clause, project_bound
from apportion.workbook.sheets.large import set_up_single, set_up_wide
from apportion.workbook.sheets.live import (
    Area,
    Live,
    Ref,
    count_of,
    known,
    less,
    link,
    sum_of,
    total_of,
)
from apportion.workbook.sheets.page import Page
from apportion.workbook.summary.budget import BUDGET, EXPENDITURE_PART, by_line
from apportion.workbook.summary.compare import UNKNOWN
from apportion.workbook.summary.matrix import Lines, amounts, results_of
from apportion.workbook.summary.members import MEMBERS, BudgetProject
from apportion.workbook.summary.past import CHARGED, FROM_TABLE, NO_TABLE
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

CODE, MEMBER, FIRST = range(3)
_WIDEST, _RULE = 68.0, 260.0
"""Width of a column of yen, and of all columns above which a rule stands, in points."""
_MOST = 16
"""Columns of 経費 that one page of A3 can hold; a rule stands above all of them, if no more."""
_NOT_KNOWN = "この事業の前年度の額は分かりません。"
_NO_RULE = "予算額が0円のため、規則はありません。"


def sheet_of(project: BudgetProject, name: str) -> SheetOfSummary[Area]:
    """The sheet of a 事業, with a name that no other sheet has."""
    return SheetOfSummary(
        name=name,
        title=f"部会資料　{project.name}",
        text="部会資料。経費ごとのきまりと額、団体ごとの額と前年度からの増減。",
        write=partial(_write, project),
        areas=lambda difference: (difference,),
    )


def _write(project: BudgetProject, page: Page, summary: Summary) -> Area:
    """Write the sheet; the cell of 差."""
    outcome = summary.outcome
    results = results_of(outcome, project)
    payers = _payers(outcome, project, results)
    told = any(before is not None for _, before in payers)
    note = FROM_TABLE if told else _NOT_KNOWN if outcome.past else NO_TABLE
    at = FIRST if len(results) > _MOST else CODE
    head = page.top("単位：円。空欄は、名簿に載っていないことを表します。", note, at=at)
    report = _Report(page, results, head)
    # With a payer that nobody knows of, a sum would call all that it pays an increase.
    totals = report.members(payers, known=all(before is not None for _, before in payers))
    report.lines(totals, by_line(summary.of(EXPENDITURE_PART)))
    return report.finish(totals[report.sums], summary.of(MEMBERS).totals[project.key])


def _payers(
    outcome: Outcome, project: BudgetProject, results: Sequence[LineResult]
) -> list[tuple[Member, int | None]]:
    """Who pays now or paid last year, in code order, with the yen of last year."""
    past = outcome.past or {}
    codes = {code for result in results for code in result.position_of}
    codes |= {code for code, own in past.items() if own.get(project.key)}
    members = outcome.tables.by_code
    return [(members[code], outcome.paid_before(code, project.name)) for code in sorted(codes)]


def rule_in_short(case: Case) -> str:
    """What the 負担割合 of a 経費 say, with 上限, 下限 and 団体別加減."""
    expense = case.expense
    bounded = bound if expense.clauses else project_bound
    told = (
        *map(clause, expense.clauses),
        *(bounded(use.bound) for use in case.bounds),
        *map(adjust, expense.adjusts),
    )
    return "".join(told) or _NO_RULE


def _budget(lines: Lines, case: Case, sheet: str) -> Live:
    """予算額; 0 for a 激変緩和調整, which is not in the budget."""
    cells = lines.get(case.line.key)
    return link(cells[BUDGET], sheet) if cells else known(0)


@dataclass(frozen=True, slots=True)
class _Report:
    """A sheet with two tables: the 経費 from row `head` on, the members below them."""

    page: Page
    results: tuple[LineResult, ...]
    head: int

    @property
    def sums(self) -> int:
        """Column of 計; last year and 増減 follow."""
        return FIRST + len(self.results)

    @property
    def below(self) -> int:
        """Row of headings of the members."""
        return self.head + len(self.results) + 3

    def members(
        self, payers: Sequence[tuple[Member, int | None]], *, known: bool
    ) -> Mapping[int, Ref]:
        """Write the lower table; 総計 by column. `known`: last year is, of every payer."""
        names = [result.case.line.name for result in self.results]
        titles = ["団体\nコード", "団体名", *names, "計", f"前年度の\n{CHARGED}", "増減"]
        self.page.texts(self.below, titles, "small_head")
        rows = [
            self._member(row, member, before)
            for row, (member, before) in enumerate(payers, start=self.below + 1)
        ]
        row = self.below + 1 + len(rows)
        self.page.merged(row, CODE, MEMBER, "総計", "grand_text")
        totals = {}
        for column in range(FIRST, self.sums + 3):
            value = sum(cells[column].value for cells in rows if column in cells)
            style = "grand_signed" if column == self.sums + 2 else "grand_money"
            if known or column <= self.sums:
                area = self.page.area(self.below + 1, column, row - 1, column)
                totals[column] = self.page.live(row, column, total_of(area, value), style)
            else:
                self.page.text(row, column, UNKNOWN, "grand_right")
        return totals

    def _member(self, row: int, member: Member, before: int | None) -> Mapping[int, Ref]:
        page, sums = self.page, self.sums
        page.text(row, CODE, member.code, "code")
        page.text(row, MEMBER, member.name)
        yen = amounts(page, row, member, self.results, FIRST)
        live = total_of(page.area(row, FIRST, row, sums - 1), sum(cell.value for cell in yen))
        cells = {cell.column: cell for cell in yen}
        cells[sums] = page.live(row, sums, live, "total_money")
        if before is None:
            page.blanks(row, [sums + 1, sums + 2])
            return cells
        cells[sums + 1] = page.number(row, sums + 1, before)
        change = less(cells[sums], [cells[sums + 1]], page.name)
        cells[sums + 2] = page.live(row, sums + 2, change, "signed")
        return cells

    def lines(self, totals: Mapping[int, Ref], lines: Lines) -> None:
        """Write the upper table: each 経費 with its rule, members, budget and 負担金."""
        page, count = self.page, self.first_number
        self._wide(self.head, ("経費", "きまり"), "small_head")
        page.texts(self.head, ["参加\n団体数", "予算額", "負担金"], "small_head", first=count)
        budgets = []
        for place, result in enumerate(self.results):
            row, column, case = self.head + 1 + place, FIRST + place, result.case
            self._wide(row, (case.line.name, rule_in_short(case)), "remark")
            area = page.area(self.below + 1, column, totals[column].row - 1, column)
            page.live(row, count, count_of(area, page.name, case.size), "count")
            budgets.append(page.live(row, count + 1, _budget(lines, case, page.name)))
            page.live(row, count + 2, link(totals[column], page.name))
        row = self.below - 2
        self._wide(row, ("計", ""), "grand_text")
        page.blanks(row, [count], "grand_text")
        page.live(row, count + 1, sum_of(budgets, page.name), "grand_money")
        page.live(row, count + 2, link(totals[self.sums], page.name), "grand_money")

    @property
    def first_number(self) -> int:
        """Column of 参加団体数 in the upper table, behind the rule."""
        return FIRST + min(len(self.results), _MOST)

    def _wide(self, row: int, texts: tuple[str, str], style: str) -> None:
        self.page.merged(row, CODE, MEMBER, texts[0], style)
        self.page.merged(row, FIRST, self.first_number - 1, texts[1], style)

    def finish(self, total: Ref, elsewhere: Ref) -> Area:
        """The row of 差 to 団体別事業別, and print set-up."""
        page, row, end = self.page, total.row + 1, self.sums + 3
        page.merged(row, CODE, self.sums - 1, "差（団体別事業別の総計との差）", "text")
        page.difference(row, self.sums, less(total, [elsewhere], page.name))
        page.freeze(self.below + 1, FIRST)
        wide = max(_WIDEST, _RULE / len(self.results))
        page.widths.update(dict.fromkeys(range(FIRST, self.sums), wide))
        caps = dict.fromkeys(range(FIRST, end), wide)
        head = (self.below, self.below)
        if len(self.results) > _MOST:
            set_up_wide(page, head, caps, FIRST, [(column, column) for column in range(FIRST, end)])
        else:
            set_up_single(page, head, caps, row + 1)
        return page.area(row, self.sums, row, self.sums)
