"""収入の部 and 支出の部 in the published layout: every total is a live sum of the rows below it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from apportion.model import BudgetLine, IncomeLine
from apportion.text import name_key
from apportion.workbook.page import Page, heads
from apportion.workbook.refs import Area, Live, Ref, less, sum_of
from apportion.workbook.tree import Node

L = TypeVar("L", BudgetLine, IncomeLine)

LARGE, MEDIUM, BUDGET, NOTE, PREVIOUS, COMPUTED, BESIDE, DIFFERENCE = range(8)
_SUMMED = (BUDGET, PREVIOUS, COMPUTED, BESIDE)
_DEEPEST = 5
_REMARK_WIDTH = 250.0


class Spot(NamedTuple):
    """Row of a finest line, with the addresses of the labels above it and its own."""

    row: int
    labels: Mapping[str, str]


class Row(NamedTuple, Generic[L]):
    """A written row: its money cells by column, and the rows below it."""

    node: Node[L]
    cells: Mapping[int, Ref]
    below: tuple["Row[L]", ...]
    last: int

    def finest(self) -> Iterable["Row[L]"]:
        """Rows of the finest lines."""
        if not self.below:
            yield self
        for row in self.below:
            yield from row.finest()


class Written(NamedTuple, Generic[L]):
    """What other sheets refer to: all finest rows, the row of 合計, and the column of 差."""

    finest: tuple[Row[L], ...]
    total: Mapping[int, Ref]
    differences: Area

    def by_project(self, column: int, wanted: Callable[[L], bool]) -> dict[str, list[Ref]]:
        """Cells of a column for the wanted lines, by folded 事業."""
        found: dict[str, list[Ref]] = {}
        for row in self.finest:
            line = row.node.line
            if line is not None and wanted(line) and column in row.cells:
                found.setdefault(name_key(line.project), []).append(row.cells[column])
        return found


@dataclass(frozen=True, slots=True)
class Part(Generic[L]):
    """How one part is filled: `computed` gives the 計算額 of a finest line, `beside` 負担金以外.

    Without a line that has something beside it, that column is left out.
    """

    page: Page
    year: str
    year_before: str
    computed: Callable[[L, Spot], Live]
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
        self.page.freeze(head + 1, BUDGET)
        self.page.set_up((head, head), {NOTE: _REMARK_WIDTH})
        column = self._column(DIFFERENCE)
        finest = tuple(found for written in rows for found in written.finest())
        return Written(finest, total, self.page.area(head + 1, column, row, column))

    def _titles(self) -> list[str]:
        titles = [
            "大項目",
            "中項目",
            f"{self.year}\n当初予算（円）",
            "備考",
            f"（参考）{self.year_before}\n当初予算（円）",
            "計算額（円）",
            "負担金以外\n（円）",
            "差（円）",
        ]
        return titles if self.has_beside else titles[:BESIDE] + titles[DIFFERENCE:]

    def _column(self, column: int) -> int:
        return column if self.has_beside or column < BESIDE else column - 1

    def _row(self, node: Node[L], row: int, level: int, above: Mapping[str, str]) -> Row[L]:
        labels = {**above, node.label: self._label(node, row, level)}
        below: list[Row[L]] = []
        last = row
        for child in node.children:
            below.append(self._row(child, last + 1, level + 1, labels))
            last = below[-1].last
        look = "total_money" if level == 0 else "money"
        if node.line is None:
            self.page.blanks(row, [NOTE], "total_text" if level == 0 else "text")
            cells = self._sums(row, [child.cells for child in below], look)
        else:
            self.page.text(row, NOTE, node.line.note, "total_remark" if level == 0 else "remark")
            cells = self._finest(node.line, Spot(row, labels), look)
        return Row(node, self._compared(row, cells), tuple(below), last)

    def _label(self, node: Node[L], row: int, level: int) -> str:
        """Write the label in 大項目, or indented in 中項目; its address."""
        if level == 0:
            self.page.text(row, LARGE, node.label, "total_text")
            self.page.blanks(row, [MEDIUM], "total_text")
            return Ref(self.page.name, row, LARGE, 0).address
        indent = min(level - 1, _DEEPEST)
        bold = "bold_" if level == 1 and node.children else ""
        self.page.blanks(row, [LARGE])
        self.page.text(row, MEDIUM, node.label, f"{bold}item_{indent}")
        return Ref(self.page.name, row, MEDIUM, 0).address

    def _finest(self, line: L, spot: Spot, look: str) -> dict[int, Ref]:
        row, page = spot.row, self.page
        cells = {COMPUTED: page.live(row, self._column(COMPUTED), self.computed(line, spot), look)}
        if line.amount is None:  # 単価方式 without 予算額: the charges themselves are compared
            same = Live(f"={cells[COMPUTED].address}", cells[COMPUTED].value)
            cells[BUDGET] = page.live(row, BUDGET, same, look)
        else:
            cells[BUDGET] = page.number(row, BUDGET, line.amount, look)
        if line.previous is None:
            page.blanks(row, [PREVIOUS])
        else:
            cells[PREVIOUS] = page.number(row, PREVIOUS, line.previous, look)
        if self.has_beside:
            cells[BESIDE] = page.number(row, BESIDE, self.beside(line), look)
        return cells

    def _total(self, row: int, label: str, rows: Sequence[Mapping[int, Ref]]) -> Mapping[int, Ref]:
        self.page.text(row, LARGE, label, "grand_text")
        self.page.blanks(row, [MEDIUM, NOTE], "grand_text")
        return self._compared(row, self._sums(row, rows, "grand_money"))

    def _sums(self, row: int, rows: Sequence[Mapping[int, Ref]], look: str) -> dict[int, Ref]:
        cells: dict[int, Ref] = {}
        for column in _SUMMED:
            below = [cells_below[column] for cells_below in rows if column in cells_below]
            if below:
                live = sum_of(below, self.page.name)
                cells[column] = self.page.live(row, self._column(column), live, look)
        if PREVIOUS not in cells:
            self.page.blanks(row, [PREVIOUS])
        return cells

    def _compared(self, row: int, cells: dict[int, Ref]) -> Mapping[int, Ref]:
        others = [cells[column] for column in (COMPUTED, BESIDE) if column in cells]
        live = less(cells[BUDGET], others, self.page.name)
        self.page.difference(row, self._column(DIFFERENCE), live)
        return cells
