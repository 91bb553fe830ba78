"""Sheets 収入の部 and 支出の部: the published rows, with the computed amounts beside them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from apportion.core.dataclass import dataclass
from apportion.core.model import RESERVES, BudgetLine, IncomeLine, Tables
from apportion.core.sums import grouped, summed
from apportion.core.text import name_key
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.outcome import Outcome
from apportion.outcome.reconcile import CONTRIBUTION, beside, contributions
from apportion.tables.revision import changed_by, until
from apportion.workbook.sheets.live import Area, Live, Ref, known, less, link, sum_of
from apportion.workbook.sheets.page import Page, heads
from apportion.workbook.summary.data import DATA
from apportion.workbook.summary.members import MEMBERS
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Node(Generic[T]):
    """A level with its children, or a finest line (without children)."""

    label: str
    line: T | None
    children: tuple["Node[T]", ...] = ()

    def finest(self) -> Iterator[T]:
        """All finest lines below, or the line itself."""
        if self.line is not None:
            yield self.line
        for child in self.children:
            yield from child.finest()


Entry = tuple[Sequence[str], str, T]
"""A finest line: the labels above it, its own label, and the line."""


def tree(entries: Iterable[Entry[T]]) -> tuple[Node[T], ...]:
    """Levels in the order in which they first appear."""
    below = grouped((e[0][0] if e[0] else number, e) for number, e in enumerate(entries))
    return tuple(_node(group) for group in below.values())


def _node(group: Sequence[Entry[T]]) -> Node[T]:
    path, label, line = group[0]
    if not path:
        return Node(label, line)
    return Node(path[0], None, tree((path[1:], label, line) for path, label, line in group))


L = TypeVar("L", BudgetLine, IncomeLine)

LARGE, MEDIUM, FIRST, BUDGET, NOTE, PREVIOUS, COMPUTED, BESIDE, DIFFERENCE = range(9)
"""Columns, not all of them shown; that of 補正第n号 is -n."""
_DEEPEST = 5
_REMARK_WIDTH = 250.0


class LinePlace(NamedTuple):
    """Row of a finest line, the addresses of the labels above it and its own, the column of its budget."""

    row: int
    labels: Mapping[str, str]
    budget: int


class WrittenRow(NamedTuple, Generic[L]):
    """A written row: its money cells by column, and the rows below it."""

    node: Node[L]
    cells: Mapping[int, Ref]
    below: tuple["WrittenRow[L]", ...]
    last: int

    def finest(self) -> Iterable["WrittenRow[L]"]:
        """Rows of the finest lines."""
        if not self.below:
            yield self
        for row in self.below:
            yield from row.finest()


class Written(NamedTuple, Generic[L]):
    """What other sheets refer to: all finest rows, the row of 合計, and the column of 差."""

    finest: tuple[WrittenRow[L], ...]
    total: Mapping[int, Ref]
    differences: Area

    def by_project(self, column: int, wanted: Callable[[L], bool]) -> dict[str, list[Ref]]:
        """Cells of a column for the wanted lines, by folded 事業."""
        lines = ((row.node.line, row.cells) for row in self.finest)
        return grouped(
            (name_key(line.project), cells[column])
            for line, cells in lines
            if line is not None and wanted(line) and column in cells
        )


@dataclass(frozen=True, slots=True)
class BudgetPart(Generic[L]):
    """How one part is filled: `computed` gives the 計算額 of a finest line, `beside` 負担金以外.

    Without a line that has something beside it, that column is left out. `revisions` are the 補正
    that the budget has in it, each with a column behind 当初予算.
    """

    page: Page
    years: tuple[FiscalYear, FiscalYear]
    revisions: tuple[Edition, ...]
    computed: Callable[[L, LinePlace], Live]
    beside: Callable[[L], int]
    has_beside: bool

    def write(self, blocks: Sequence[tuple[Node[L], ...]], *notes: str) -> Written[L]:
        """Blocks, each closed by 小計, and 合計 below."""
        head = self.page.top(*notes)
        heads(self.page, head, self._titles())
        row, rows, subtotals = head + 1, [], []
        for nodes in blocks:
            top = []
            for node in nodes:
                top.append(self._row(node, row, 0, {}))
                row = top[-1].last + 1
            subtotals.append(self._total(row, "小計", [written.cells for written in top]))
            rows += top
            row += 1
        total = self._total(row, "合計", subtotals)
        self.page.freeze(head + 1, MEDIUM + 1)
        self.page.set_up((head, head), {self._column(NOTE): _REMARK_WIDTH})
        column = self._column(DIFFERENCE)
        finest = tuple(found for written in rows for found in written.finest())
        return Written(finest, total, self.page.area(head + 1, column, row, column))

    @property
    def _shown(self) -> list[int]:
        """Columns from left to right."""
        revised: list[int] = [FIRST, *(-edition.number for edition in self.revisions)]
        return [
            *(LARGE, MEDIUM, *(revised if self.revisions else ()), BUDGET, NOTE, PREVIOUS),
            *(COMPUTED, *((BESIDE,) if self.has_beside else ()), DIFFERENCE),
        ]

    @property
    def _summed(self) -> list[int]:
        return [column for column in self._shown if column not in (LARGE, MEDIUM, NOTE, DIFFERENCE)]

    def sums(self, beside: str) -> str:
        """The note on what is added up and what 差 is; `beside` tells what 負担金以外 holds."""
        budget = "補正後" if self.revisions else "当初予算"
        return _SUMS.format(budget=budget) + (f"{beside}。" if self.has_beside else "。")

    def _titles(self) -> list[str]:
        year, before = (f"{year.label}\n" for year in self.years)
        titles = {
            LARGE: "大項目",
            MEDIUM: "中項目",
            FIRST: f"{year}当初予算（円）",
            **{-edition.number: f"{edition.column}\n（円）" for edition in self.revisions},
            BUDGET: f"{year}{'補正後' if self.revisions else '当初予算'}（円）",
            NOTE: "備考",
            PREVIOUS: f"（参考）{before}当初予算（円）",
            COMPUTED: "計算額（円）",
            BESIDE: "負担金以外\n（円）",
            DIFFERENCE: "差（円）",
        }
        return [titles[column] for column in self._shown]

    def _column(self, column: int) -> int:
        return self._shown.index(column)

    def _row(self, node: Node[L], row: int, level: int, above: Mapping[str, str]) -> WrittenRow[L]:
        labels = {**above, node.label: self._label(node, row, level)}
        below: list[WrittenRow[L]] = []
        last = row
        for child in node.children:
            below.append(self._row(child, last + 1, level + 1, labels))
            last = below[-1].last
        look = "total_money" if level == 0 else "money"
        if node.line is None:
            self.page.blanks(row, [self._column(NOTE)], "total_text" if level == 0 else "text")
            cells = self._sums(row, [child.cells for child in below], look)
        else:
            style = "total_remark" if level == 0 else "remark"
            self.page.text(row, self._column(NOTE), node.line.note, style)
            cells = self._finest(node.line, LinePlace(row, labels, self._column(BUDGET)), look)
        return WrittenRow(node, self._compared(row, cells), tuple(below), last)

    def _label(self, node: Node[L], row: int, level: int) -> str:
        """Write the label in 大項目, or indented in 中項目; its address."""
        if level == 0:
            # Over both columns: 大項目 is as narrow as its heading.
            self.page.merged(row, LARGE, MEDIUM, node.label, "total_label")
            return Ref(self.page.name, row, LARGE, 0).address
        indent = min(level - 1, _DEEPEST)
        bold = "bold_" if level == 1 and node.children else ""
        self.page.blanks(row, [LARGE], "side")
        self.page.text(row, MEDIUM, node.label, f"{bold}item_{indent}")
        return Ref(self.page.name, row, MEDIUM, 0).address

    def _finest(self, line: L, spot: LinePlace, look: str) -> dict[int, Ref]:
        row, page = spot.row, self.page
        cells = {COMPUTED: page.live(row, self._column(COMPUTED), self.computed(line, spot), look)}
        budget = spot.budget
        if line.amount is None:  # 単価方式 without 予算額: the charges themselves are compared
            cells[BUDGET] = page.live(row, budget, link(cells[COMPUTED], page.name), look)
            page.blanks(row, range(MEDIUM + 1, budget))
        elif self.revisions:
            cells |= self._revised(line, line.amount, row, look)
        else:
            cells[BUDGET] = page.number(row, budget, line.amount, look)
        if line.previous is None:
            page.blanks(row, [self._column(PREVIOUS)])
        else:
            cells[PREVIOUS] = page.number(row, self._column(PREVIOUS), line.previous, look)
        if self.has_beside:
            cells[BESIDE] = page.number(row, self._column(BESIDE), self.beside(line), look)
        return cells

    def _revised(self, line: L, amount: int, row: int, look: str) -> dict[int, Ref]:
        """当初予算, each 補正 and their sum."""
        changes = {-edition.number: changed_by(line, edition) for edition in self.revisions}
        yen = {FIRST: amount - sum(changes.values()), **changes}
        cells = {
            column: self.page.number(row, self._column(column), of, look)
            for column, of in yen.items()
        }
        live = sum_of(list(cells.values()), self.page.name)
        return cells | {BUDGET: self.page.live(row, self._column(BUDGET), live, look)}

    def _total(self, row: int, label: str, rows: Sequence[Mapping[int, Ref]]) -> Mapping[int, Ref]:
        self.page.merged(row, LARGE, MEDIUM, label, "grand_text")
        self.page.blanks(row, [self._column(NOTE)], "grand_text")
        return self._compared(row, self._sums(row, rows, "grand_money"))

    def _sums(self, row: int, rows: Sequence[Mapping[int, Ref]], look: str) -> dict[int, Ref]:
        cells: dict[int, Ref] = {}
        for column in self._summed:
            below = [cells_below[column] for cells_below in rows if column in cells_below]
            if below:
                live = sum_of(below, self.page.name)
                cells[column] = self.page.live(row, self._column(column), live, look)
        # What nobody knows (last year, mostly) is no 0 that would look like an amount.
        unknown = [self._column(column) for column in self._summed if column not in cells]
        self.page.blanks(row, unknown, look.replace("money", "text") if look != "money" else "text")
        return cells

    def _compared(self, row: int, cells: dict[int, Ref]) -> Mapping[int, Ref]:
        others = [cells[column] for column in (COMPUTED, BESIDE) if column in cells]
        live = less(cells[BUDGET], others, self.page.name)
        self.page.difference(row, self._column(DIFFERENCE), live)
        return cells


_SUMS = "上の段の額、小計、合計は、すぐ下の段の行を足す式です。差 = {budget} − 計算額"
_OWED = "計算額は、負担金収入の行ではシート「団体別事業別」の総計、ほかの収入の行では予算額です。"
_SPENT = "計算額は、シート「データ」の負担金額を経費ごとに足した額です（積立金等の行では予算額）。"
_BESIDE_NOTE = " − 負担金以外（対象外、端数未調整額、繰越、徴収しない額、単価差、団体別加減）"
_GAP_NOTE = " − 負担金以外（単価差）"


def write_income(page: Page, summary: Summary) -> Written[IncomeLine]:
    """収入の部; 負担金収入 of a 事業 is compared with what its members pay."""
    outcome, members = summary.outcome, summary.of(MEMBERS)
    lines = grouped((name_key(line.project), line) for line in contributions(outcome.tables))

    def computed(line: IncomeLine, spot: LinePlace) -> Live:
        same = lines.get(name_key(line.project), [])
        if not (same and same[0] is line) or name_key(line.project) not in members.totals:
            return _as_budgeted(page, spot, line.amount)
        whole = link(members.totals[name_key(line.project)], page.name)
        # Several rows of one 事業: the first is compared with what all others leave.
        rest = sum(other.amount for other in same[1:])
        return whole - known(rest) if rest else whole

    gaps = _price_gaps(outcome)

    def not_paid(line: IncomeLine) -> int:
        same = lines.get(name_key(line.project), [])
        return gaps.get(name_key(line.project), 0) if same and same[0] is line else 0

    has_beside = any(gaps.values())
    part = BudgetPart(page, *_budgets(outcome), computed, not_paid, has_beside=has_beside)
    return part.write(income_blocks(outcome.tables), _OWED, part.sums(_GAP_NOTE))


def _price_gaps(outcome: Outcome) -> Mapping[str, int]:
    """単価差 of each 事業, by folded name."""
    return summed((name_key(r.case.line.project), r.price_gap) for r in outcome.results)


def write_expenditure(page: Page, summary: Summary) -> Written[BudgetLine]:
    """支出の部 to the finest 経費; what members pay is added up from the rows of データ."""
    outcome, data = summary.outcome, summary.of(DATA)
    results = {result.case.line.key: result for result in outcome.results}
    other = {key: beside(r) for key, r in results.items() if r.case.line.amount is not None}

    def computed(line: BudgetLine, spot: LinePlace) -> Live:
        if line.category == RESERVES:
            return _as_budgeted(page, spot, line.amount or 0)
        labels = (spot.labels[line.project], spot.labels[line.name])
        return Live(data.sum_of_line(page.name, *labels), sum(results[line.key].yen))

    def not_charged(line: BudgetLine) -> int:
        return 0 if line.category == RESERVES else other.get(line.key, 0)

    has_beside = any(other.values())
    part = BudgetPart(page, *_budgets(outcome), computed, not_charged, has_beside=has_beside)
    return part.write(expenditure_blocks(outcome.tables), _SPENT, part.sums(_BESIDE_NOTE))


def income_blocks(tables: Tables) -> list[tuple[Node[IncomeLine], ...]]:
    """Income of the 事業 (負担金収入, 取崩収入), then what belongs to none (保管金, 繰越金)."""
    of_projects = [line for line in tables.income if line.category or line.project]
    others = [line for line in tables.income if not (line.category or line.project)]
    return [tree(map(_income_entry, lines)) for lines in (of_projects, others) if lines]


def expenditure_blocks(tables: Tables) -> list[tuple[Node[BudgetLine], ...]]:
    """Lines that members pay for, then the lower block (積立金, 保管金, 繰越金支出)."""
    reserves = [line for line in tables.budget if line.category == RESERVES]
    blocks = [
        tree(map(_charged_entry, tables.charged)),
        tree(_reserve_entry(line, reserves) for line in reserves),
    ]
    return [block for block in blocks if block]


def _income_entry(line: IncomeLine) -> Entry[IncomeLine]:
    if not (line.category or line.project):
        return (), line.subject, line
    path = (line.subject, joined(line.category, line.subject)) if line.category else (line.subject,)
    return path, line.project or line.subject, line


def _charged_entry(line: BudgetLine) -> Entry[BudgetLine]:
    above = dict.fromkeys((line.category, line.project))
    return (*filter(None, above), *line.path), line.name, line


def _reserve_entry(line: BudgetLine, reserves: list[BudgetLine]) -> Entry[BudgetLine]:
    """Print a 積立金 under the name of its 事業, unless the 事業 has several."""
    same = [other for other in reserves if (other.project, other.path) == (line.project, line.path)]
    if line.project and len(same) > 1:
        return (*line.path, line.project), line.name, line
    return line.path, line.project or line.name, line


def joined(category: str, subject: str) -> str:
    """`システム事業` and `事業調整積立金取崩収入` make `システム事業調整積立金取崩収入`."""
    overlap = max(n for n in range(len(subject) + 1) if category.endswith(subject[:n]))
    return category + subject[overlap:]


def _as_budgeted(page: Page, spot: LinePlace, yen: int) -> Live:
    return link(Ref(page.name, spot.row, spot.budget, yen), page.name)


def _budgets(
    outcome: Outcome,
) -> tuple[tuple[FiscalYear, FiscalYear], tuple[Edition, ...]]:
    """This year and the last, and the 補正 that the amounts have in them."""
    revisions = tuple(e for e in until(outcome.tables, outcome.edition) if e.has_columns)
    return (outcome.year, outcome.year + -1), revisions


def contribution_of(income: Written[IncomeLine], sheet: str) -> Callable[[str], Live]:
    """負担金収入 of a folded 事業 less 単価差, as a formula on `sheet`."""
    return _less_beside(income, lambda line: line.subject == CONTRIBUTION, sheet)


def charged_of(spent: Written[BudgetLine], sheet: str) -> Callable[[str], Live]:
    """Budget of a folded 事業 less what members do not pay, as a formula on `sheet`."""
    return _less_beside(spent, lambda line: line.category != RESERVES, sheet)


def by_line(spent: Written[BudgetLine]) -> Mapping[tuple[str, str], Mapping[int, Ref]]:
    """Cells of each 経費 that members pay for, by its key and the columns of `summary_part`."""
    rows = ((row.node.line, row.cells) for row in spent.finest)
    return {line.key: cells for line, cells in rows if line and line.category != RESERVES}


def _less_beside(
    written: Written[L], wanted: Callable[[L], bool], sheet: str
) -> Callable[[str], Live]:
    budget, others = (written.by_project(column, wanted) for column in (BUDGET, BESIDE))

    def live(key: str) -> Live:
        whole = sum_of(budget.get(key, []), sheet)
        return whole - sum_of(others.get(key, []), sheet) if others else whole

    return live


def _differences(written: Written[L]) -> tuple[Area]:
    return (written.differences,)


INCOME_PART = SheetOfSummary(
    name="収入の部",
    title="収入の部",
    text="公表された様式の収入の部と、団体の負担金の合計。",
    write=write_income,
    areas=_differences,
)
EXPENDITURE_PART = SheetOfSummary(
    name="支出の部",
    title="支出の部",
    text="公表された様式の支出の部（経費の段まで）と、団体の負担金の合計。",
    write=write_expenditure,
    areas=_differences,
)
