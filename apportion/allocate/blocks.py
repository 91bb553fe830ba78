"""■基準, ■段階表 and ■係数表: the value of one block for one member, once its names have values."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from apportion.allocate.arith import (
    DEFAULT_DECIMALS,
    cut_decimals,
    doubling,
    has_power,
    names_in,
)
from apportion.allocate.who import Circle
from apportion.model import Member
from apportion.rulebook import Arith, Basis, Coefficients, Doubling, Name, Tier, TierTable
from apportion.rulebook.book import Table
from apportion.text import name_key

OTHERS = "その他"

Worth = Callable[[Arith], Fraction | None]
"""Value of a formula for the member in hand; None: not known."""


def doubled(basis: Basis, formula: Doubling, figure: Fraction) -> Fraction:
    """`人口が2倍で負担が1.5倍`, cut as a 別表 prints it."""
    return printed(basis, doubling(figure, formula.factor))


def printed(basis: Basis, value: Fraction) -> Fraction:
    """`value` cut by the block's 端数; a power is always cut, other formulas only where it is said."""
    decimals = basis.decimals or (DEFAULT_DECIMALS if has_power(basis.formula) else None)
    return cut_decimals(value, decimals) if decimals else value


def contains(row: Tier, value: Fraction) -> bool:
    """Whether a value lies in a step."""
    above = row.low is None or value > row.low or (row.low_included and value == row.low)
    below = row.high is None or value < row.high or (row.high_included and value == row.high)
    return above and below


def marginal(table: TierTable, value: Fraction, worth: Worth) -> Fraction | None:
    """段ごとに積み上げる: each step's rate on the part of the value that lies in it."""
    summed = Fraction(0)
    for row in table.rows:
        rate = worth(row.value)
        if rate is None:
            return None
        low = row.low or Fraction(0)
        high = value if row.high is None else min(value, row.high)
        summed += max(high - low, Fraction(0)) * rate
    return summed


def rows_for(table: Coefficients, member: Member, circle: Circle) -> list[tuple[Name, Arith]]:
    """Rows of a 係数表 that fit a member: its own name before groups before その他."""
    own = [row for row in table.rows if name_key(row[0].text) == name_key(member.name)]
    groups = [
        row for row in table.rows if _is_group(row[0], circle) and _fits(row[0], member, circle)
    ]
    rest = [row for row in table.rows if row[0].text == OTHERS]
    return own or groups or rest


def names_of(table: Table) -> Iterator[Name]:
    """Names that the values of a block rest on."""
    if isinstance(table, Basis):
        yield from names_in(table.formula)
    elif isinstance(table, TierTable):
        yield table.by
        for row in table.rows:
            yield from names_in(row.value)
    else:
        for _, value in table.rows:
            yield from names_in(value)


def _is_group(name: Name, circle: Circle) -> bool:
    return name.text != OTHERS and name_key(name.text) not in circle.tables.by_name


def _fits(name: Name, member: Member, circle: Circle) -> bool:
    test = circle.test(name)
    return test is not None and test(member)
