"""From exact shares to whole units, so that they add up; nothing of councils is known here.

    exact_i                 what member i owes, a fraction
    cut_i                   exact_i brought to the unit: towards zero, half away, or away from zero
    T - sum(cut)            the difference, given one unit each in a stated order, round and round

Largest remainder (Hamilton) is the default order: every member stays at the floor or the ceiling of
its exact share, and the sum of the absolute errors is the least possible. Negative totals mirror
positive ones. Units that were cut upwards too far are taken back from those raised furthest.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import cycle
from math import gcd, lcm
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.rules.nodes import Mode, RestOrder


@dataclass(frozen=True, slots=True)
class Shares:
    """Member i owes exactly ``scale * weights[i] / denominator`` yen.

    One denominator serves the whole line, so remainders are compared as integers.
    """

    scale: int
    weights: tuple[int, ...]
    denominator: int

    def exact(self, position: int) -> Fraction:
        """Exact yen of one member."""
        return Fraction(self.scale * self.weights[position], self.denominator)

    def numerators(self) -> tuple[int, ...]:
        """Exact yen of all, over `denominator`."""
        return tuple(self.scale * weight for weight in self.weights)

    def total(self) -> Fraction:
        """Sum of all members, exact yen."""
        return Fraction(self.scale * sum(self.weights), self.denominator)


def integers(values: Sequence[Fraction]) -> tuple[tuple[int, ...], int]:
    """Integers in the same proportion as `values`, and what one unit of `values` became."""
    denominator = lcm(*(value.denominator for value in values)) if values else 1
    # In integers: a product of fractions takes ten times as long.
    return tuple(v.numerator * (denominator // v.denominator) for v in values), denominator


def from_exact(amounts: Sequence[Fraction], scale: int = 1) -> Shares:
    """Shares that are exactly `amounts`; `scale` is taken out of the weights where it is not 0."""
    scale = scale or 1
    weights, denominator = integers([Fraction(amount, scale) for amount in amounts])
    return Shares(scale, *lowest(weights, denominator))


Piece = tuple[Fraction, tuple[int, ...], tuple[int, ...], int]
"""Money in yen, positions, weights and their whole: each position owes ``money * weight / whole``."""


def combine(size: int, scale: int, pieces: Iterable[Piece]) -> Shares:
    """Shares that are the sum of pieces.

    `scale` is the line's amount: with it taken out, a line that is all percentages has the same
    small weights whatever the budget says.
    """
    scale = scale or 1
    rates = tuple((Fraction(money, scale * whole), who, w) for money, who, w, whole in pieces)
    weights, denominator = _combined(size, rates)
    return Shares(scale, weights, denominator)


@lru_cache(maxsize=1024)
def _combined(
    size: int, rates: tuple[tuple[Fraction, tuple[int, ...], tuple[int, ...]], ...]
) -> tuple[tuple[int, ...], int]:
    """Weights over one denominator; lines that share a rule and a roster share the result."""
    denominator = lcm(*(rate.denominator for rate, _, _ in rates))
    weights = [0] * size
    for rate, positions, own in rates:
        times = rate.numerator * (denominator // rate.denominator)
        for position, weight in zip(positions, own, strict=True):
            weights[position] += times * weight
    return lowest(tuple(weights), denominator)


def lowest(weights: tuple[int, ...], denominator: int) -> tuple[tuple[int, ...], int]:
    """Weights and denominator with their common factor taken out."""
    common = gcd(denominator, *weights)
    return tuple(weight // common for weight in weights), denominator // common


@dataclass(frozen=True, slots=True)
class Grant:
    """One entry of the ledger: `yen` given to (or taken from) a member, by its rank in the order."""

    position: int
    rank: int
    yen: int


class Swap(NamedTuple):
    """A unit that `taker` is given in the place of `giver`, by position.

    Else the sum of `cause` over the lines of its 事業 would be neither of `within`, in yen.
    """

    giver: int
    taker: int
    cause: int
    within: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rounded:
    """Whole yen of a line: cut amounts, what was added, and the ledger of who got it, in order.

    `order` ranks every member that could be given a unit; `unallocated` is 端数未調整額; `swaps` are
    what 事業ごと changed of what the order alone would give.
    """

    cuts: tuple[int, ...]
    yen: tuple[int, ...]
    ledger: tuple[Grant, ...]
    order: tuple[int, ...]
    unallocated: int = 0
    swaps: tuple[Swap, ...] = ()


def cut(numerator: int, denominator: int, mode: Mode) -> int:
    """Whole units of numerator/denominator; a negative value mirrors the positive one."""
    if numerator < 0:
        return -cut(-numerator, denominator, mode)
    if mode is Mode.DOWN:
        return numerator // denominator
    if mode is Mode.UP:
        return -(-numerator // denominator)
    # Half up in integers; the sign was taken off above.
    return (2 * numerator + denominator) // (2 * denominator)


def cut_all(shares: Shares, unit: int, mode: Mode) -> tuple[int, ...]:
    """Every member's exact amount brought to `unit`, in yen."""
    whole = shares.denominator * unit
    return tuple(cut(numerator, whole, mode) * unit for numerator in shares.numerators())


@dataclass(frozen=True, slots=True, kw_only=True)
class RestRule:
    """Who is given the difference: an order, or one position (PAYER; BIGGEST: the first of its order).

    `sizes` orders POPULATION; `first` is where ROTATION begins. Positions stand in code order.
    """

    order: RestOrder = RestOrder.REMAINDER
    payer: int | None = None
    sizes: Sequence[Fraction] = ()
    first: int = 0


def close(shares: Shares, cuts: Sequence[int], total: int, unit: int, rest: RestRule) -> Rounded:
    """Give `total` - sum(cuts) out by `rest`, so that the amounts add up to `total`."""
    if total < 0:
        # A refund mirrors the charge, so that both name the same members for the odd yen.
        mirrored = Shares(-shares.scale, shares.weights, shares.denominator)
        return _mirror(close(mirrored, [-amount for amount in cuts], -total, unit, rest))
    difference = total - sum(cuts)
    order = tuple(_order(shares, cuts, difference, rest))
    if rest.order is RestOrder.NONE or not difference:
        return Rounded(tuple(cuts), tuple(cuts), (), order, difference)
    if rest.order in (RestOrder.PAYER, RestOrder.BIGGEST):
        grants: Sequence[Grant] = [Grant(order[0], 1, difference)]
    else:
        grants = list(_grants(difference, unit, _takers(shares, cuts, difference, order, rest)))
    return Rounded(tuple(cuts), _add(cuts, grants), tuple(grants), order)


def _grants(difference: int, unit: int, order: Sequence[int]) -> Iterator[Grant]:
    """One unit each, round and round; what is less than a unit goes to the next in the order."""
    sign = 1 if difference > 0 else -1
    left = abs(difference)
    for rank, position in enumerate(cycle(order), start=1):
        if not left:
            return
        yen = min(unit, left)
        left -= yen
        yield Grant(position, rank, sign * yen)


def _order(shares: Shares, cuts: Sequence[int], difference: int, rest: RestRule) -> list[int]:
    """Positions in the order in which units are given; who owes exactly nothing takes no part."""
    if rest.payer is not None:
        return [rest.payer]
    taking_part = [i for i, weight in enumerate(shares.weights) if weight]
    return sorted(taking_part, key=_key(shares, cuts, difference, rest))


def _key(
    shares: Shares, cuts: Sequence[int], difference: int, rest: RestRule
) -> Callable[[int], tuple[int | Fraction, ...]]:
    """Sort key of the order. Ties: larger exact amount, then smaller code (position)."""
    amounts = shares.numerators()
    size = len(amounts)

    def remainder(i: int) -> tuple[int | Fraction, ...]:
        left = amounts[i] - cuts[i] * shares.denominator
        if difference < 0:
            # Taking back runs the order from its other end.
            return (left, amounts[i], -i)
        return (-left, -amounts[i], i)

    keys: dict[RestOrder, Callable[[int], tuple[int | Fraction, ...]]] = {
        RestOrder.REMAINDER: remainder,
        RestOrder.NONE: remainder,  # ranks whom the rest would go to; nobody is given it
        RestOrder.SMALLEST: lambda i: (amounts[i], i),
        RestOrder.LARGEST: lambda i: (-amounts[i], i),
        RestOrder.BIGGEST: lambda i: (-amounts[i], i),
        RestOrder.POPULATION: lambda i: (-rest.sizes[i], i),
        RestOrder.ROTATION: lambda i: ((i - rest.first) % size,),
    }
    return keys[rest.order]


def _takers(
    shares: Shares, cuts: Sequence[int], difference: int, order: Sequence[int], rest: RestRule
) -> Sequence[int]:
    """Who may give back: by remainder only those that were raised give units back."""
    if difference > 0 or rest.order is not RestOrder.REMAINDER:
        return order
    amounts = shares.numerators()
    return [i for i in order if cuts[i] * shares.denominator > amounts[i]]


def _add(cuts: Sequence[int], grants: Sequence[Grant]) -> tuple[int, ...]:
    yen = list(cuts)
    for grant in grants:
        yen[grant.position] += grant.yen
    return tuple(yen)


def _mirror(rounded: Rounded) -> Rounded:
    return Rounded(
        tuple(-amount for amount in rounded.cuts),
        tuple(-amount for amount in rounded.yen),
        tuple(Grant(g.position, g.rank, -g.yen) for g in rounded.ledger),
        rounded.order,
        -rounded.unallocated,
    )
