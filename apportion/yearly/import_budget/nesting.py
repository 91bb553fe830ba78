"""Which rows of a budget table stand below which.

A printed table shows two levels at most, the document has more. 区分 and 事業 are known from the
plan; any other row stands above those that add up to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, takewhile

from apportion.text import name_key
from apportion.yearly.import_budget.accounts import Row
from apportion.yearly.import_budget.node import Node
from apportion.yearly.import_budget.words import YEARS, Column, Figure

_DEEPEST = 8
"""Levels that no document has: rows of one amount would stand one below the other for ever."""

_MOST_PARTS = 500
"""Parts that no row has: looking for more takes time by the square of the rows."""

Ranks = Mapping[str, int]
"""Level (0 and 1) of 区分 and 事業 by folded name."""


def nested(
    rows: Sequence[Row], ranks: Ranks, total: Row | None, *, spent: bool
) -> tuple[Node, ...]:
    """Trees of the rows of one block, which `total` adds up.

    Where money is `spent` for them, a 区分 and a 事業 have rows below them; in the 収入の部 and among
    reserves they stand innermost.
    """
    following: list[tuple[Row, Node]] = []
    for row in reversed(rows):
        count = _count(row, following, ranks, spent=spent)
        if any(node.depth >= _DEEPEST for _, node in following[:count]):
            count = 0
        below = _side_by_side(row, tuple(node for _, node in following[:count]), ranks)
        following[:count] = [(row, node_of(row, below))]
    trees = tuple(node for _, node in following)
    return _side_by_side(total, trees, ranks) if total else trees


def node_of(row: Row, below: tuple[Node, ...]) -> Node:
    """Node of a row."""
    return Node(name=row.name, own=row.own, source=row.source, remark=row.remark, children=below)


def _side_by_side(whole: Row, trees: tuple[Node, ...], ranks: Ranks) -> tuple[Node, ...]:
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


def _inside(tree: Node, column: Column) -> int:
    return sum(node.yen(column) or 0 for node in tree.children)


def _years(row: Row) -> Iterator[tuple[Column, Figure]]:
    return ((column, row.own[column]) for column in YEARS if column in row.own)


def _lacking(yen: int, trees: Sequence[Node], column: Column) -> int:
    return yen - sum(tree.yen(column) or 0 for tree in trees)


def _count(row: Row, following: Sequence[tuple[Row, Node]], ranks: Ranks, *, spent: bool) -> int:
    """How many of the trees that follow stand below `row`."""
    rank = ranks.get(name_key(row.name))
    if rank is not None and not spent:
        return 0
    if rank is not None:
        below = takewhile(lambda pair: _rank(pair[0], ranks, outer=rank) > rank, following)
        return sum(1 for _ in below)
    if not row.own:
        return sum(1 for _ in takewhile(lambda pair: pair[0].column > row.column, following))
    if spent and row.column > 0:
        following = list(takewhile(lambda pair: name_key(pair[0].name) not in ranks, following))
    return _adding_up(row, following) or _run_of_nothing(row, following, ranks)


def _rank(row: Row, ranks: Ranks, *, outer: int) -> int:
    """Rank of a row; one that is not known stands below what is."""
    return ranks.get(name_key(row.name), outer + 1)


def _adding_up(row: Row, following: Sequence[tuple[Row, Node]]) -> int:
    """The fewest trees that add up to the row in both years, else in one (0: none do).

    One year is enough: a figure that is wrong in the other shall be told, not hide the structure.
    """
    found = {
        column: {
            count for count, yen in enumerate(_sums(following, column), 1) if yen == figure.yen
        }
        for column, figure in _years(row)
    }
    filled = [found[column] for column, figure in _years(row) if figure.yen]
    if not filled:
        return 0
    return min(set.intersection(*found.values()) or set.union(*filled), default=0)


def _sums(following: Sequence[tuple[Row, Node]], column: Column) -> Iterator[int]:
    return accumulate(node.yen(column) or 0 for _, node in following[:_MOST_PARTS])


def _run_of_nothing(row: Row, following: Sequence[tuple[Row, Node]], ranks: Ranks) -> int:
    """Trees below a row without money: up to the next row of its kind."""
    empty = [column for column, figure in _years(row) if not figure.yen]
    if row.column == 0:
        run = list(takewhile(lambda pair: pair[0].column > 0, following))
    else:
        run = list(takewhile(lambda pair: name_key(pair[0].name) in ranks, following))
    nothing = any(all(not node.yen(column) for _, node in run) for column in empty)
    return len(run) if nothing else 0
