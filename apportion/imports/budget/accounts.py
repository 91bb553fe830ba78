"""The tables 収入の部 and 支出の部: rows with this year's and last year's amounts, and totals."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, takewhile

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, Source, tell
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.imports.budget.document import DocumentCell, DocumentLine
from apportion.imports.budget.headings import Heads, Role, heads, money_in, unit_row
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
    harmless,
    is_figure,
    spelled,
    squeezed,
    unit_in,
    unplaced,
)

_TOTAL = re.compile(r"(?P<sub>小計)|(?:歳入|歳出|収入|支出|総)?合?計|総額")
_SHIFTS = (0, 1, -1)
_EMPTY = DocumentCell("", 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AccountRow:
    """One row: `column` is the place of its name, 0 being the outermost."""

    name: str
    column: int
    own: dict[AmountColumn, Figure]
    remark: str
    source: Source

    @property
    def is_subtotal(self) -> bool:
        """Whether it adds up the rows since the last subtotal."""
        return squeezed(self.name) == "小計"

    @property
    def is_total(self) -> bool:
        """Whether it adds up rows at all."""
        return _TOTAL.fullmatch(squeezed(self.name)) is not None


@dataclass(slots=True, kw_only=True)
class _SectionReader:
    """Where the reading of one section stands."""

    year: FiscalYear
    findings: Findings
    unit: str | None
    table: Heads | None = None

    def rows(self, lines: Sequence[DocumentLine]) -> Iterator[AccountRow]:
        """Rows of the section; what has figures and is no row is a problem."""
        for line in lines:
            self.unit = unit_in(line.text) or self.unit
            if head := heads(line, self.year, self.findings):
                self.table, self.unit = head, head.unit or self.unit
            elif unit := unit_row(line):
                self.unit = unit
            elif line.is_row and self.table:
                yield from self.row(line, self.table)
            elif line.is_row and _figures(line):
                unplaced(self.findings, line.whole, line.text)
            elif money_in(line):
                self.findings.add(tell("W822", line.whole))

    def row(self, line: DocumentLine, table: Heads) -> Iterator[AccountRow]:
        """The row that a line is, moved by one column where it was printed so."""
        unit = self.unit
        if unit is None:
            self.findings.add(tell("W808", line.whole))
            self.unit = unit = "円"
        for shift in _SHIFTS:
            row = _shifted(line, table, unit, shift)
            if row is not None:
                if shift:
                    way = "左" if shift > 0 else "右"
                    self.findings.add(tell("W823", row.source, name=row.name, way=way))
                self.dashes(row)
                yield from _groups(line, table, row, shift)
                yield row
                return
        if _figures(line):
            unplaced(self.findings, line.whole, line.text)

    def dashes(self, row: AccountRow) -> None:
        """Say where 「－」 stands for nothing."""
        for found in row.own.values():
            if found.dash:
                self.findings.add(tell("W827", found.source))


def read(
    lines: Sequence[DocumentLine], year: FiscalYear, findings: Findings, unit: str | None
) -> tuple[tuple[AccountRow, ...], str | None]:
    """Rows of one section and its unit, which the next one has too where it names none."""
    reader = _SectionReader(year=year, findings=findings, unit=unit)
    return tuple(reader.rows(lines)), reader.unit


def _shifted(line: DocumentLine, table: Heads, unit: str, shift: int) -> AccountRow | None:
    """The row with its cells moved to the right by `shift`, or None where it makes no sense so."""
    cells = _moved(line.cells, shift, len(table.roles))
    if cells is None:
        return None
    names = [place for place in table.places(Role.NAME) if cells[place].text]
    others = [cells[place] for place in table.places(Role.REMARK)]
    own = {
        column: found
        for place, column in table.columns.items()
        if (found := figure(cells[place].text, unit, line.at(cells[place])))
    }
    unread = [
        place
        for place, column in table.columns.items()
        if column in YEARS and cells[place].text and not is_figure(cells[place].text)
    ]
    stray = any(is_figure(cell.text) for cell in (*others, *(cells[place] for place in names)))
    odd = stray or unread or (shift and len(names) > 1)
    if not names or odd or AmountColumn.NOW not in own:
        return None
    inner, name = _innermost(cells, names)
    return AccountRow(
        name=spelled(name),
        column=inner,
        own=own,
        remark=harmless("、".join(cell.text for cell in others if cell.text)),
        source=line.at(cells[inner]),
    )


def _innermost(cells: Sequence[DocumentCell], names: Sequence[int]) -> tuple[int, str]:
    """Place and words of the name of a row; 収入 and 合計 in two cells are one word."""
    spread = "".join(cells[place].text for place in names)
    total = _TOTAL.fullmatch(squeezed(spread)) is not None
    return (names[0], spread) if total else (names[-1], cells[names[-1]].text)


def _groups(line: DocumentLine, table: Heads, row: AccountRow, shift: int) -> Iterator[AccountRow]:
    """The names left of the innermost one: groups that begin here, without figures of their own."""
    cells = _moved(line.cells, shift, len(table.roles)) or ()
    for place in table.places(Role.NAME):
        if place < row.column and cells[place].text:
            name = spelled(cells[place].text)
            yield AccountRow(
                name=name, column=place, own={}, remark="", source=line.at(cells[place])
            )


def _moved(cells: Sequence[DocumentCell], shift: int, width: int) -> Sequence[DocumentCell] | None:
    """Exactly `width` cells; None where a text would fall over the edge."""
    moved = [*[_EMPTY] * shift, *cells[max(0, -shift) :]]
    lost = [*cells[: max(0, -shift)], *moved[width:]]
    if any(cell.text for cell in lost):
        return None
    return [*moved, *[_EMPTY] * (width - len(moved))][:width]


def _figures(line: DocumentLine) -> bool:
    return any(is_figure(cell.text) for cell in line.cells)


_DEEPEST = 8
"""Levels that no document has: rows of one amount would stand one below the other for ever."""

_MOST_PARTS = 500
"""Parts that no row has: looking for more takes time by the square of the rows."""

Ranks = Mapping[str, int]
"""Level (0 and 1) of 区分 and 事業 by folded name."""


def nested(
    rows: Sequence[AccountRow],
    ranks: Ranks,
    total: AccountRow | None,
    *,
    spent: bool,
    levelled: bool = False,
) -> tuple[BudgetNode, ...]:
    """Trees of the rows of one block, which `total` adds up.

    Where money is `spent` for them, a 区分 and a 事業 have rows below them; in the 収入の部 and among
    reserves they stand innermost. Where the rows are `levelled`, their columns alone say what stands
    below what.
    """
    following: list[tuple[AccountRow, BudgetNode]] = []
    for row in reversed(rows):
        count = _deeper(row, following) if levelled else _count(row, following, ranks, spent=spent)
        if any(node.depth >= _DEEPEST for _, node in following[:count]):
            count = 0
        below = tuple(node for _, node in following[:count])
        below = below if levelled else _side_by_side(row, below, ranks)
        following[:count] = [(row, node_of(row, below))]
    trees = tuple(node for _, node in following)
    return _side_by_side(total, trees, ranks) if total and not levelled else trees


def node_of(row: AccountRow, below: tuple[BudgetNode, ...]) -> BudgetNode:
    """Node of a row."""
    return BudgetNode(
        name=row.name, own=row.own, source=row.source, remark=row.remark, children=below
    )


def _side_by_side(
    whole: AccountRow, trees: tuple[BudgetNode, ...], ranks: Ranks
) -> tuple[BudgetNode, ...]:
    """Two rows of one amount stand side by side where what adds them up lacks just the second."""
    lacking = {column: _lacking(figure.yen, trees, column) for column, figure in _years(whole)}
    for place, tree in enumerate(trees):
        if name_key(tree.name) in ranks:
            continue
        # One year is enough here as well: see `_adding_up`.
        if any(yen and yen == _inside(tree, column) for column, yen in lacking.items()):
            alone = replace(tree, children=())
            return (*trees[:place], alone, *tree.children, *trees[place + 1 :])
    return trees


def _inside(tree: BudgetNode, column: AmountColumn) -> int:
    return sum(node.yen(column) or 0 for node in tree.children)


def _years(row: AccountRow) -> Iterator[tuple[AmountColumn, Figure]]:
    return ((column, row.own[column]) for column in YEARS if column in row.own)


def _lacking(yen: int, trees: Sequence[BudgetNode], column: AmountColumn) -> int:
    return yen - sum(tree.yen(column) or 0 for tree in trees)


def _count(
    row: AccountRow,
    following: Sequence[tuple[AccountRow, BudgetNode]],
    ranks: Ranks,
    *,
    spent: bool,
) -> int:
    """How many of the trees that follow stand below `row`."""
    rank = ranks.get(name_key(row.name))
    if rank is not None and not spent:
        return 0
    if rank is not None:
        below = takewhile(lambda pair: _rank(pair[0], ranks, outer=rank) > rank, following)
        return sum(1 for _ in below)
    if not row.own:
        return _deeper(row, following)
    if spent and row.column > 0:
        following = list(takewhile(lambda pair: name_key(pair[0].name) not in ranks, following))
    return _adding_up(row, following) or _run_of_nothing(row, following, ranks)


def _deeper(row: AccountRow, following: Sequence[tuple[AccountRow, BudgetNode]]) -> int:
    """How many of the trees that follow stand in columns further in."""
    return sum(1 for _ in takewhile(lambda pair: pair[0].column > row.column, following))


def _rank(row: AccountRow, ranks: Ranks, *, outer: int) -> int:
    """Rank of a row; one that is not known stands below what is."""
    return ranks.get(name_key(row.name), outer + 1)


def _adding_up(row: AccountRow, following: Sequence[tuple[AccountRow, BudgetNode]]) -> int:
    """The fewest trees that add up to the row in both years and the 増減, else in one (0: none do).

    One year is enough: a figure that is wrong in the other shall be told, not hide the structure.
    """
    found = {
        column: {
            count for count, yen in enumerate(_sums(following, column), 1) if yen == figure.yen
        }
        for column, figure in row.own.items()
    }
    filled = [found[column] for column, figure in _years(row) if figure.yen]
    if not filled:
        return 0
    years = [found[column] for column, _ in _years(row)]
    agreeing = set.intersection(*found.values()) or set.intersection(*years)
    return min(agreeing or set.union(*filled), default=0)


def _sums(
    following: Sequence[tuple[AccountRow, BudgetNode]], column: AmountColumn
) -> Iterator[int]:
    return accumulate(node.yen(column) or 0 for _, node in following[:_MOST_PARTS])


def _run_of_nothing(
    row: AccountRow, following: Sequence[tuple[AccountRow, BudgetNode]], ranks: Ranks
) -> int:
    """Trees below a row without money: up to the next row of its kind."""
    empty = [column for column, figure in _years(row) if not figure.yen]
    if row.column == 0:
        run = list(takewhile(lambda pair: pair[0].column > 0, following))
    else:
        run = list(takewhile(lambda pair: name_key(pair[0].name) in ranks, following))
    nothing = any(all(not node.yen(column) for _, node in run) for column in empty)
    return len(run) if nothing else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSection:
    """`blocks` end with a 小計 each; `total` is the whole section, as printed or as it adds up."""

    title: str
    blocks: tuple[tuple[BudgetNode, ...], ...]
    totals: tuple[tuple[BudgetNode, tuple[BudgetNode, ...]], ...]
    total: BudgetNode | None

    @property
    def roots(self) -> tuple[BudgetNode, ...]:
        """Outermost rows of all blocks."""
        return tuple(node for block in self.blocks for node in block)


def section(
    title: str,
    rows: Sequence[AccountRow],
    ranks: Ranks,
    *,
    spent: bool,
    levelled: bool = False,
) -> AccountSection:
    """Section of these rows; `spent` is whether its first block is what the 事業 cost."""
    blocks: list[tuple[BudgetNode, ...]] = []
    totals: list[tuple[BudgetNode, tuple[BudgetNode, ...]]] = []
    parts: list[BudgetNode] = []
    open_rows: list[AccountRow] = []
    total = None
    for row in rows:
        if not row.is_total:
            open_rows.append(row)
            continue
        if open_rows:
            inner = spent and not blocks
            blocks.append(nested(open_rows, ranks, row, spent=inner, levelled=levelled))
            open_rows = []
            parts += [] if row.is_subtotal else blocks[-1]
        node = node_of(row, ())
        totals.append((node, blocks[-1] if row.is_subtotal and blocks else tuple(parts)))
        parts += [node] if row.is_subtotal else []
        total = total if row.is_subtotal else node
    if open_rows:
        inner = spent and not blocks
        blocks.append(nested(open_rows, ranks, None, spent=inner, levelled=levelled))
    return AccountSection(title=title, blocks=tuple(blocks), totals=tuple(totals), total=total)


def report_gaps(part: AccountSection, findings: Findings) -> None:
    """Tell rows whose amount is not printed and counts as the sum of what stands below."""
    for root in part.roots:
        for node in root.walk():
            for column in AmountColumn:
                yen = node.yen(column)
                if node.own and yen is not None and column not in node.own:
                    findings.add(
                        tell("W820", node.source, row=node.name, column=column.value, yen=yen)
                    )


def equations(part: AccountSection) -> Iterator[PrintedSum]:
    """Every row is the sum of what stands below it, every total the sum of its rows."""
    for root in part.roots:
        for node in root.walk():
            yield from comparison(f"{part.title}の「{node.name}」の増減", node)
    for column in AmountColumn:
        for root in part.roots:
            for node in root.walk():
                yield from equation(
                    SumKind.SUM, f"{part.title}の「{node.name}」の内訳", node, node.children, column
                )
        for node, of in part.totals:
            yield from equation(SumKind.SUM, f"{part.title}の{node.name}", node, of, column)
