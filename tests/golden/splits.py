"""Members, drivers and splits of the second derivations, in exact fractions.

Nothing here comes from the program. Every amount stays a `Fraction` until the one rounding of each
経費 in `charging.py`. The formulas are examples, no decisions of the council.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

PREFECTURE = "230006"


@dataclass(frozen=True, slots=True)
class Member:
    """A body of the register; the prefecture's population may be missing."""

    code: str
    name: str
    population: int | None

    @property
    def people(self) -> int:
        """The population, which must be known."""
        if self.population is None:
            message = f"no population: {self.name}"
            raise ValueError(message)
        return self.population


Shares = dict[str, Fraction]
Driver = Callable[[Member], Fraction]
Split = Callable[[Fraction, Sequence[Member]], Shares]


# --- drivers: one number for each member ----------------------------------------------------------


def equal(_: Member) -> Fraction:
    """均等割."""
    return Fraction(1)


def population(member: Member) -> Fraction:
    """人口割."""
    return Fraction(member.people)


def tier(member: Member) -> Fraction:
    """人口区分割: 1, 2, 3, 4, 6, 10 from 0, 1万, 3万, 5万, 10万, 30万 people on."""
    steps = ((300_000, 10), (100_000, 6), (50_000, 4), (30_000, 3), (10_000, 2), (0, 1))
    return Fraction(next(points for least, points in steps if member.people >= least))


def degressive(member: Member) -> Fraction:
    """逓減人口割: twice the people, 1.5 times the charge; three decimals, half up."""
    with localcontext() as context:
        context.prec = 60
        exponent = Decimal("1.5").ln() / Decimal(2).ln()
        value = Decimal(member.people) ** exponent
        return Fraction(value.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP))


# --- splits: exact shares of an amount ------------------------------------------------------------


def spread(amount: Fraction, members: Sequence[Member], driver: Driver) -> Shares:
    """The amount in proportion to one driver."""
    weights = {member.code: driver(member) for member in members}
    total = sum(weights.values())
    return {code: amount * weight / total for code, weight in weights.items()}


def add(*parts: Shares) -> Shares:
    """Shares added member by member."""
    codes = {code for part in parts for code in part}
    return {
        code: sum((part.get(code, Fraction(0)) for part in parts), Fraction(0)) for code in codes
    }


def equally(amount: Fraction, members: Sequence[Member]) -> Shares:
    """均等割 over all."""
    return spread(amount, members, equal)


def mixed(equal_percent: int, driver: Driver) -> Split:
    """均等割 x% + another driver for what is left."""

    def split(amount: Fraction, members: Sequence[Member]) -> Shares:
        head = amount * equal_percent / 100
        return add(spread(head, members, equal), spread(amount - head, members, driver))

    return split


def prefecture_first(percent: int, towns: Split) -> Split:
    """県に x%, 市町村に 残りを …."""

    def split(amount: Fraction, members: Sequence[Member]) -> Shares:
        own = amount * percent / 100
        others = [member for member in members if member.code != PREFECTURE]
        return {PREFECTURE: own} | towns(amount - own, others)

    return split


def bodies_first(bodies: Sequence[str], own: int, rest: Split) -> Split:
    """A fixed amount over some bodies, 残り over all, they among them."""

    def split(amount: Fraction, members: Sequence[Member]) -> Shares:
        named = [member for member in members if member.code in bodies]
        return add(equally(Fraction(own), named), rest(amount - own, members))

    return split


def each(yen: int) -> Split:
    """参加団体に n円ずつ: a price, whatever the amount of the line."""

    def split(_: Fraction, members: Sequence[Member]) -> Shares:
        return {member.code: Fraction(yen) for member in members}

    return split


def hold(
    weights: Shares, amount: Fraction, beyond: Callable[[str, Fraction], int | None]
) -> Shares:
    """Freeze who goes beyond a bound at it and spread the rest again, until nobody does.

    The others bear or save the difference in proportion to their shares. With floors alone, or caps
    alone, their level only falls, or only rises; so this ends at the one solution that keeps the sum.
    """
    held: dict[str, int] = {}
    while True:
        free = sum(weight for code, weight in weights.items() if code not in held)
        level = (amount - sum(held.values())) / free
        more = {
            code: bound
            for code, weight in weights.items()
            if code not in held
            for bound in [beyond(code, level * weight)]
            if bound is not None
        }
        if not more:
            return {
                code: Fraction(held[code]) if code in held else level * weight
                for code, weight in weights.items()
            }
        held |= more


def at_least(yen: int, inner: Split) -> Split:
    """A floor for each member of a split; the others save what it brings."""

    def split(amount: Fraction, members: Sequence[Member]) -> Shares:
        return hold(inner(amount, members), amount, lambda _, x: yen if x < yen else None)

    return split


def at_most(caps: Mapping[str, int], inner: Split) -> Split:
    """A cap of its own for each member of a split; the others bear the excess."""

    def split(amount: Fraction, members: Sequence[Member]) -> Shares:
        shares = inner(amount, members)
        return hold(shares, amount, lambda code, x: caps[code] if x > caps[code] else None)

    return split
