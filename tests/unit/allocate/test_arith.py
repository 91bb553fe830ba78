"""Values of formulas: what is exact, what is cut, and what has no value."""

from fractions import Fraction

import pytest

from apportion.allocate.arith import MOST_BITS, NoValueError, doubling, evaluate, power
from apportion.core.problem import Source
from apportion.rules.nodes import Number, Operation

HERE = Source()


def number(value: int) -> Number:
    return Number(Fraction(value), HERE)


def test_whole_powers_are_exact() -> None:
    assert power(Fraction(2, 3), Fraction(3)) == Fraction(8, 27)
    assert power(Fraction(2), Fraction(-2)) == Fraction(1, 4)
    assert power(Fraction(0), Fraction(0)) == 1


def test_other_powers_have_fifty_digits() -> None:
    root = power(Fraction(2), Fraction(1, 2))
    assert root == Fraction("1.4142135623730950488016887242096980785696718753769")
    assert abs(root**2 - 2) < Fraction(1, 10**48)
    assert power(Fraction(0), Fraction(1, 2)) == 0


@pytest.mark.parametrize(
    ("base", "exponent"),
    [
        (Fraction(0), Fraction(-1)),
        (Fraction(-1), Fraction(1, 2)),
        (Fraction(3), Fraction(MOST_BITS // 2 + 1)),
        (Fraction(1, 3), Fraction(-MOST_BITS)),
        (Fraction(10), Fraction(10**30, 3)),
    ],
)
def test_what_has_no_value(base: Fraction, exponent: Fraction) -> None:
    with pytest.raises(NoValueError):
        power(base, exponent)


def test_the_largest_power_that_is_worked_out() -> None:
    assert power(Fraction(3), Fraction(MOST_BITS // 2)) == 3 ** (MOST_BITS // 2)


def test_a_long_sum_is_no_deeper_than_a_short_one() -> None:
    term: Number | Operation = number(1)
    for _ in range(5000):
        term = Operation("+", term, number(1), HERE)
    assert evaluate(term, lambda _name: None, lambda _name: None) == 5001


def test_twice_the_figure_gives_the_factor() -> None:
    twice = doubling(Fraction(20), Fraction(3, 2)) / doubling(Fraction(10), Fraction(3, 2))
    assert abs(twice - Fraction(3, 2)) < Fraction(1, 10**45)
    assert doubling(Fraction(0), Fraction(3, 2)) == 0
