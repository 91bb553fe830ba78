"""Sheet 突合: every equation of the run, with both sides live where other sheets show them."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.model import RESERVES, BudgetLine, IncomeLine
from apportion.core.text import name_key
from apportion.outcome.outcome import Equation, Outcome
from apportion.outcome.reconcile import BOTH_PARTS, CONTRIBUTION, INCOME, SPENT, YEARLY, levels
from apportion.workbook.sheets.live import (
    MOST_FORMULA,
    MOST_TEXT,
    Area,
    Live,
    Ref,
    less,
    link_or_sum,
    sum_of,
)
from apportion.workbook.sheets.page import Page, heads
from apportion.workbook.summary.bills import POSTING, Postings
from apportion.workbook.summary.budget import (
    BESIDE,
    BUDGET,
    EXPENDITURE_PART,
    INCOME_PART,
    Written,
    by_line,
)
from apportion.workbook.summary.data import DATA, DataSheet
from apportion.workbook.summary.members import MEMBERS, MembersSheet
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

_NAMED: Mapping[str, tuple[int, ...]] = {
    "経費": (1, 2),
    "項": (1, 2),
    "事業": (1,),
    "区分": (0,),
    "総額": (),
}
"""By which of 区分, 事業 and 経費 the rows of データ are found, for each level of an equation."""


class Linked(NamedTuple):
    """One side: the sheets that it comes from and its formula."""

    origin: str
    live: Live


@dataclass(frozen=True)
class Links:
    """The sheets that the equations are added up from, for formulas on `sheet`."""

    sheet: str
    outcome: Outcome
    data: DataSheet
    members: MembersSheet
    income: Written[IncomeLine]
    spent: Written[BudgetLine]
    postings: Postings

    def left(self, equation: Equation) -> Linked | None:
        """The left side; None where the sheets do not show it."""
        if equation.against == YEARLY:
            return self._sum("調定一覧", self.postings.amounts.get(equation.of[0], ()))
        if equation.against == BOTH_PARTS:
            whole = self.income.total[BUDGET]
            # Else what nobody pays is a term of its own, which no cell holds.
            return self._sum("収入の部", [whole]) if whole.value == equation.left else None
        if equation.level == "納期":
            return self._with_gaps(equation, self._sum("調定一覧", [self.postings.total]))
        return self._with_gaps(equation, self._charged(equation)) if equation.against else None

    def right(self, equation: Equation) -> Linked | None:
        """The right side, in the same way."""
        if equation.against == YEARLY:
            live = self._yearly.get(equation.of[0])
            return Linked("団体別事業別", live) if live else None
        if equation.against == BOTH_PARTS:
            return self._sum("支出の部", [self.spent.total[BUDGET]])
        if equation.against == INCOME:
            return self._sum("収入の部", self._received(equation, BUDGET))
        return self._asked(equation) if equation.against == SPENT else None

    @cached_property
    def _yearly(self) -> Mapping[str, Live]:
        return self.members.of_payers(self.outcome, self.sheet)

    @cached_property
    def _cells(self) -> Mapping[tuple[str, str], Mapping[int, Ref]]:
        return by_line(self.spent)

    def _sum(self, origin: str, cells: Sequence[Ref]) -> Linked | None:
        return Linked(origin, link_or_sum(cells, self.sheet)) if cells else None

    def _charged(self, equation: Equation) -> Linked | None:
        """Rows of データ, found by the names in their columns."""
        names: list[dict[str, None]] = [{}, {}, {}]
        for line in self._lines(equation):
            for place in _NAMED[equation.level]:
                names[place][(line.category, line.project, line.name)[place]] = None
        if any(len(text) > MOST_TEXT for own in names for text in own):
            return None
        live = self.data.sum_of(self.sheet, names)
        return Linked("データ", live) if len(live.formula) <= MOST_FORMULA else None

    def _with_gaps(self, equation: Equation, side: Linked | None) -> Linked | None:
        """`side` and the 単価差 of 収入の部, where it is compared with that."""
        gaps = self._received(equation, BESIDE) if equation.against == INCOME else []
        gap = sum_of(gaps, self.sheet)
        if side is None or not gap.value:
            return side
        return Linked(f"{side.origin}、収入の部", side.live + gap)

    def _received(self, equation: Equation, column: int) -> list[Ref]:
        """Cells of 負担金収入."""
        lines = ((row.node.line, row.cells) for row in self.income.finest)
        return [
            cells[column]
            for line, cells in lines
            if line and line.subject == CONTRIBUTION and column in cells
            if not equation.of
            or name_key(line.category if equation.level == "区分" else line.project) in equation.of
        ]

    def _asked(self, equation: Equation) -> Linked | None:
        """Budget of these 経費 less what members do not pay."""
        if not equation.of:
            return Linked("支出の部", self._asked_in_all())
        rows = [self._cells[line.key] for line in self._lines(equation) if line.key in self._cells]
        if not rows:
            return None
        budget = link_or_sum([row[BUDGET] for row in rows], self.sheet)
        beside = sum_of([row[BESIDE] for row in rows if BESIDE in row], self.sheet)
        if any(BESIDE in row for row in rows):
            budget -= beside
        return Linked("支出の部", budget)

    def _asked_in_all(self) -> Live:
        """合計 less 積立金等 and what members do not pay: the row of 合計 holds all of that."""
        total = self.spent.total
        lines = ((row.node.line, row.cells) for row in self.spent.finest)
        others = [cells[BUDGET] for line, cells in lines if line and line.category == RESERVES]
        beside = [total[BESIDE]] if BESIDE in total else []
        return less(total[BUDGET], [*others, *beside], self.sheet)

    def _lines(self, equation: Equation) -> list[BudgetLine]:
        """経費 that the equation is about."""
        lines = (result.case.line for result in self.outcome.results)
        return [line for line in lines if _concerns(equation, line)]


def _concerns(equation: Equation, line: BudgetLine) -> bool:
    if equation.level == "経費":
        return line.key == equation.of
    if equation.level == "項":
        return equation.of[0] in levels(line)
    key = name_key(line.category if equation.level == "区分" else line.project)
    return not equation.of or key in equation.of


NAME = "突合"

NUMBER, LEVEL, EQUATION, LEFT, RIGHT, DIFFERENCE, LEFT_FROM, RIGHT_FROM = range(8)
_TITLES = ("番号", "範囲", "式", "左辺（円）", "右辺（円）", "差（円）", "左辺の元", "右辺の元")
_WIDEST = 360.0
_NOTE = "左辺と右辺は、別々に足し上げた額です。差 = 左辺 − 右辺。許容差はありません。"
_ORIGIN = (
    "「元」のシートの額を足す式です。「値」は、計算のときの額をそのまま書いたものです"
    "（どのシートにもない額）。"
)
_VALUE = "値"


def _linked(page: Page, summary: Summary) -> Area:
    links = Links(
        sheet=page.name,
        outcome=summary.outcome,
        data=summary.of(DATA),
        members=summary.of(MEMBERS),
        income=summary.of(INCOME_PART),
        spent=summary.of(EXPENDITURE_PART),
        postings=summary.of(POSTING),
    )
    return _write(page, summary.outcome, links)


def _write(page: Page, outcome: Outcome, links: Links | None) -> Area:
    """One row per equation; the column of 差. Without `links` both sides are values."""
    head = page.top(_NOTE, _ORIGIN)
    heads(page, head, _TITLES)
    for number, equation in enumerate(outcome.equations, start=1):
        row = head + number
        page.number(row, NUMBER, number, "count")
        page.text(row, LEVEL, equation.level, "center")
        page.text(row, EQUATION, equation.name)
        left, right = (links.left(equation), links.right(equation)) if links else (None, None)
        first = _side(page, row, LEFT, equation.left, left)
        second = _side(page, row, RIGHT, equation.right, right)
        page.difference(row, DIFFERENCE, less(first, [second], page.name))
    page.freeze(head + 1, 0)
    page.set_up((head, head), {EQUATION: _WIDEST}, portrait=True)
    return page.area(head + 1, DIFFERENCE, head + max(len(outcome.equations), 1), DIFFERENCE)


def _side(page: Page, row: int, column: int, yen: int, side: Linked | None) -> Ref:
    """One side and, in its column behind the 差, where it comes from."""
    page.text(row, column + LEFT_FROM - LEFT, side.origin if side else _VALUE, "small_center")
    if side is None:
        return page.number(row, column, yen)
    assert side.live.value == yen, (side, yen)
    return page.live(row, column, side.live)


PROOF = SheetOfSummary(
    name=NAME,
    title="突合",
    text="別々に足し上げた二つの額を比べる式のすべて。",
    write=_linked,
    areas=lambda differences: (differences,),
)
PROOF_OF_VALUES = SheetOfSummary(
    name=NAME,
    title="突合",
    write=lambda page, summary: _write(page, summary.outcome, None),
)
"""Of a workbook whose other sheets do not show the sides."""
