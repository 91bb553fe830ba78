"""One section of the budget: its blocks of trees, and what its totals say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apportion.findings import Findings
from apportion.yearly.import_budget import notices
from apportion.yearly.import_budget.accounts import Row
from apportion.yearly.import_budget.nesting import Ranks, nested, node_of
from apportion.yearly.import_budget.node import Equation, Kind, Node, comparison, equation
from apportion.yearly.import_budget.words import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`blocks` end with a 小計 each; `total` is the whole section, as printed or as it adds up."""

    title: str
    blocks: tuple[tuple[Node, ...], ...]
    totals: tuple[tuple[Node, tuple[Node, ...]], ...]
    total: Node | None

    @property
    def roots(self) -> tuple[Node, ...]:
        """Outermost rows of all blocks."""
        return tuple(node for block in self.blocks for node in block)


def section(title: str, rows: Sequence[Row], ranks: Ranks, *, spent: bool) -> Section:
    """Section of these rows; `spent` is whether its first block is what the 事業 cost."""
    blocks: list[tuple[Node, ...]] = []
    totals: list[tuple[Node, tuple[Node, ...]]] = []
    parts: list[Node] = []
    open_rows: list[Row] = []
    total = None
    for row in rows:
        if not row.is_total:
            open_rows.append(row)
            continue
        if open_rows:
            blocks.append(nested(open_rows, ranks, row, spent=spent and not blocks))
            open_rows = []
            parts += [] if row.is_subtotal else blocks[-1]
        of = blocks[-1] if row.is_subtotal and blocks else tuple(parts)
        node = node_of(row, ())
        totals.append((node, of))
        if row.is_subtotal:
            parts.append(node)
        else:
            total = node
    if open_rows:
        blocks.append(nested(open_rows, ranks, None, spent=spent and not blocks))
    return Section(title=title, blocks=tuple(blocks), totals=tuple(totals), total=total)


def report_gaps(part: Section, findings: Findings) -> None:
    """Tell rows whose amount is not printed and counts as the sum of what stands below."""
    for root in part.roots:
        for node in root.walk():
            for column in Column:
                yen = node.yen(column)
                if node.own and yen is not None and column not in node.own:
                    notices.not_printed(findings, node, column.value, yen)


def equations(part: Section) -> Iterator[Equation]:
    """Every row is the sum of what stands below it, every total the sum of its rows."""
    for root in part.roots:
        for node in root.walk():
            yield from comparison(f"{part.title}の「{node.name}」の増減", node)
    for column in Column:
        for root in part.roots:
            for node in root.walk():
                yield from equation(
                    Kind.SUM, f"{part.title}の「{node.name}」の内訳", node, node.children, column
                )
        for node, of in part.totals:
            yield from equation(Kind.SUM, f"{part.title}の{node.name}", node, of, column)
