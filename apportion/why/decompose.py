"""The change of an amount by cause, exact and free of any order.

The amount is a function of switches, each as it was before or as it is after. A switch is given its
Shapley value: the mean, over every order in which the switches could have been thrown, of what it
alone changed in its turn. Where some state cannot be evaluated, switches are joined until all can.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import factorial
from typing import TypeVar

K = TypeVar("K")

Block = tuple[K, ...]
"""Switches that are thrown together."""
Value = Callable[[frozenset[K]], Fraction | None]
"""The amount with these switches thrown; None where nothing can be said of that state."""


def causes(switches: Sequence[K], value: Value[K]) -> dict[Block[K], Fraction]:
    """What each switch changed, or each block of joined ones, by the order of `switches`.

    `value` is asked for every state; with none and with all of them thrown it must know.
    """
    known = cache(value)
    blocks: list[Block[K]] = [(switch,) for switch in switches]
    while len(blocks) > 1 and (failing := _failing(blocks, known)):
        blocks = _joined(blocks, failing)
    return {block: _shapley(block, blocks, known) for block in blocks}


def _states(blocks: Sequence[Block[K]]) -> list[frozenset[K]]:
    return [
        frozenset(switch for block in chosen for switch in block)
        for size in range(len(blocks) + 1)
        for chosen in combinations(blocks, size)
    ]


def _failing(blocks: Sequence[Block[K]], value: Value[K]) -> list[frozenset[K]]:
    return [state for state in _states(blocks) if value(state) is None]


def _joined(blocks: Sequence[Block[K]], failing: Sequence[frozenset[K]]) -> list[Block[K]]:
    """The blocks with that pair made one which leaves the fewest states that fail."""

    def left(pair: tuple[Block[K], Block[K]]) -> int:
        first, second = set(pair[0]), set(pair[1])
        return sum((first <= state) == (second <= state) for state in failing)

    first, second = min(combinations(blocks, 2), key=left)
    return [(*block, *second) if block is first else block for block in blocks if block != second]


def _shapley(block: Block[K], blocks: Sequence[Block[K]], value: Value[K]) -> Fraction:
    others = [other for other in blocks if other is not block]
    orders = factorial(len(blocks))
    share = Fraction(0)
    for size in range(len(blocks)):
        weight = Fraction(factorial(size) * factorial(len(others) - size), orders)
        for chosen in combinations(others, size):
            before = frozenset(switch for other in chosen for switch in other)
            share += weight * _step(before, block, value)
    return share


def _step(before: frozenset[K], block: Block[K], value: Value[K]) -> Fraction:
    start, end = value(before), value(before | set(block))
    assert start is not None
    assert end is not None
    return end - start


def whole(parts: Sequence[Fraction], total: int) -> list[int]:
    """Parts in whole units that add up to `total`, by largest remainder; opposite parts, opposite units.

    Ties: the larger part, then the first one.
    """
    cuts = [int(part) for part in parts]  # towards zero
    missing = total - sum(cuts)
    sign = 1 if missing > 0 else -1
    order = sorted(
        range(len(parts)),
        key=lambda place: (-sign * (parts[place] - cuts[place]), -abs(parts[place]), place),
    )
    for place in order[: abs(missing)]:
        cuts[place] += sign
    return cuts
