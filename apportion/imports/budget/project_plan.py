"""The 事業計画: numbered headings with their budget, and tables of items below them."""

from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, tell
from apportion.core.year import FiscalYear
from apportion.imports.budget.document import DocumentLine
from apportion.imports.budget.headings import (
    Headline,
    Heads,
    Role,
    Title,
    headline,
    heads,
    looks_like_budget,
    money_in,
    title,
)
from apportion.imports.budget.words import (
    YEARS,
    AmountColumn,
    BudgetNode,
    Figure,
    PrintedSum,
    SumKind,
    comparison,
    equation,
    figure,
    spelled,
    squeezed,
    unit_in,
    unplaced,
)

TOTALS = frozenset({"計", "合計", "小計", "総計"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPlan:
    """The headings of the first level, and what the 計 rows of tables say."""

    roots: tuple[BudgetNode, ...]
    totals: tuple[PrintedSum, ...]


@dataclass(slots=True, kw_only=True)
class _Heading:
    """A heading whose tables are being read."""

    depth: int
    name: str
    found: Headline
    line: DocumentLine
    items: list[BudgetNode] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _PlanReader:
    """Where the reading of the plan stands."""

    year: FiscalYear
    findings: Findings
    headings: list[_Heading] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    totals: list[PrintedSum] = field(default_factory=list)
    last: Title | None = None
    table: Heads | None = None
    unit: str | None = None
    begun: int = 0

    def line(self, line: DocumentLine) -> None:
        """Read one line."""
        if not line.text:
            self.table = None
        elif found := headline(line, self.year, self.findings):
            self.heading(found, line)
        elif looks_like_budget(line):
            unplaced(self.findings, line.whole, line.text)
        elif head := heads(line, self.year, self.findings):
            self.open(head)
        elif line.is_row and self.table is not None:
            self.row(line, self.table)
        elif not line.is_row:
            self.words(line)

    def words(self, line: DocumentLine) -> None:
        """Running text: a title, a unit, or what is only read by people."""
        self.table = None
        self.last = title(line.raw)
        self.unit = unit_in(line.text) or self.unit
        if money_in(line):
            self.findings.add(tell("W822", line.whole))

    def heading(self, found: Headline, line: DocumentLine) -> None:
        """A heading with its figures; its words may stand on the line before."""
        words, self.last, self.table, self.unit = found.title or self.last, None, None, None
        if words is None:
            self.findings.add(tell("W807.heading", line.whole))
            return
        if words.style in self.styles:
            del self.styles[self.styles.index(words.style) :]
        self.styles.append(words.style)
        depth = len(self.styles) - 1
        self.headings.append(_Heading(depth=depth, name=words.name, found=found, line=line))

    def open(self, head: Heads) -> None:
        """A row of headings."""
        self.table, self.begun = head, len(self.headings[-1].items) if self.headings else 0

    def row(self, line: DocumentLine, table: Heads) -> None:
        """A row of a table of items."""
        place = next(table.places(Role.NAME), 0)
        name = spelled(line.cells[place].text) if place < len(line.cells) else ""
        own = self.amounts(line, table)
        if not own:
            return
        if not self.headings or not name:
            unplaced(self.findings, line.whole, line.text)
            return
        node = BudgetNode(name=name, own=own, source=line.whole, is_item=True)
        items = self.headings[-1].items
        if squeezed(name) not in TOTALS:
            items.append(node)
            return
        for column in AmountColumn:
            of = tuple(items[self.begun :])
            self.totals += equation(
                SumKind.SUM, f"「{self.headings[-1].name}」の表の計", node, of, column
            )

    def amounts(self, line: DocumentLine, table: Heads) -> dict[AmountColumn, Figure]:
        """Figures of a row; what is no number is a problem."""
        own: dict[AmountColumn, Figure] = {}
        unit = (
            table.unit or self.unit or (self.headings[-1].found.unit if self.headings else "千円")
        )
        for place, column in table.columns.items():
            cell = line.cells[place] if place < len(line.cells) else None
            found = figure(cell.text, unit, line.at(cell)) if cell else None
            if found is None and column in YEARS:
                spot = line.at(cell) if cell else line.whole
                unplaced(self.findings, spot, cell.text if cell else "")
            if found is not None:
                own[column] = found
            if found and found.dash:
                self.findings.add(tell("W827", found.source))
        return own


def read(lines: Sequence[DocumentLine], year: FiscalYear, findings: Findings) -> ProjectPlan:
    """Headings and items of the plan, with what cannot be placed."""
    reader = _PlanReader(year=year, findings=findings)
    for line in lines:
        reader.line(line)
    return ProjectPlan(roots=tuple(_nested(reader.headings)), totals=tuple(reader.totals))


def equations(plan: ProjectPlan) -> Iterator[PrintedSum]:
    """Every heading is the sum of what stands below it, every 計 the sum of its table."""
    yield from plan.totals
    for root in plan.roots:
        for node in root.walk():
            yield from comparison(f"事業計画の「{node.name}」の増減", node)
            for column in AmountColumn:
                yield from equation(
                    SumKind.SUM, f"事業計画の「{node.name}」の内訳", node, node.children, column
                )


def _nested(headings: Sequence[_Heading]) -> Iterator[BudgetNode]:
    """Trees of headings: what follows deeper belongs to the one before."""
    start = 0
    while start < len(headings):
        first = headings[start]
        end = start + 1
        while end < len(headings) and headings[end].depth > first.depth:
            end += 1
        alone = end == start + 1
        below = (*_items(first, alone=alone), *_nested(headings[start + 1 : end]))
        yield BudgetNode(
            name=first.name, own=first.found.own, source=first.line.whole, children=below
        )
        start = end


def _items(heading: _Heading, *, alone: bool) -> Sequence[BudgetNode]:
    """Items of a heading; a single one without last year's amount has that of the heading."""
    if len(heading.items) != 1 or not alone:
        return heading.items
    only = heading.items[0]
    return [replace(only, own={**heading.found.own, **only.own})]
