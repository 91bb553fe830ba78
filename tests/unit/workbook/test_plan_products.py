"""Products of large weights, as programs compute them: IEEE doubles, INT as LibreOffice has it.

The worst case is a product one below a multiple of W: there a quotient comes out a hair too large.
"""

import math
from collections.abc import Callable, Sequence
from math import gcd

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apportion.workbook.letters.columns import Column, Columns
from apportion.workbook.letters.sharing import MOST_WEIGHT, Spread, Way, spread
from apportion.workbook.letters.steps import (
    LIMB,
    NARROW,
    Limbs,
    left_name,
    limb_column,
    limbs,
    whole_name,
)

ROW = 9
PRIMES = (9_999_991, 99_999_989, 1_999_999_973, 4_999_999_937)


def libre_int(number: float) -> float:
    """INT of LibreOffice: rounded to 15 digits first."""
    return float(math.floor(float(f"{number:.15g}")))


def ieee_int(number: float) -> float:
    return float(math.floor(number))


INTS = pytest.mark.parametrize("to_int", [libre_int, ieee_int])


def drawn(steps: Spread, weights: Sequence[int]) -> tuple[Column, Column, Limbs]:
    columns = Columns()
    own = columns.add("重み1", ("", ""), weights)
    limb = limb_column(columns, own)
    return own, limb, limbs(columns, 1, steps, (own, limb))


def computed(
    steps: Spread, weights: Sequence[int], place: int, to_int: Callable[[float], float]
) -> tuple[float, float]:
    """Quotient and remainder of one member, from the formulas, in doubles."""
    own, limb, found = drawn(steps, weights)
    cells: dict[str, object] = {
        own.beside.replace("{row}", "10"): float(weights[place]),
        left_name(1): float(steps.left),
        whole_name(1): float(steps.whole),
        "INT": to_int,
        "IF": lambda test, yes, no: yes if test else no,
    }
    for column in (limb, *found[:3]):
        formula = column.formula(ROW).removeprefix("=")
        cells[column.beside.replace("{row}", "10")] = eval(formula, {}, cells)  # noqa: S307  our own formula
    above, product, below = (cells[column.beside.replace("{row}", "10")] for column in found[:3])
    assert isinstance(above, float)
    assert isinstance(product, float)
    assert isinstance(below, float)
    divisor = eval(found.divisor, {}, cells)  # noqa: S307  our own formula
    return above * LIMB + below, product - below * divisor


def worst(whole: int, weight: int, way: Way) -> tuple[Spread, list[int]]:
    """A 経費 whose 余り * w is one below a multiple of W * unit, so far as that can be."""
    divisor = whole * way.unit
    left = -pow(weight, -1, divisor) % divisor
    return spread(left, [weight, whole - weight], way), [weight, whole - weight]


@INTS
@given(whole=st.sampled_from(PRIMES) | st.integers(NARROW, MOST_WEIGHT - 1), data=st.data())
def test_two_limbs_are_exact_where_a_quotient_is_just_short_of_a_whole_number(
    to_int: Callable[[float], float], whole: int, data: st.DataObject
) -> None:
    weight = data.draw(st.integers(1, whole - 1))
    assume(gcd(weight, whole) == 1)
    steps, weights = worst(whole, weight, Way())
    assert steps.left * weight % whole == whole - 1
    for place in (0, 1):
        exact = divmod(steps.left * weights[place], whole)
        assert computed(steps, weights, place, to_int) == exact


@INTS
@given(whole=st.integers(10**6, MOST_WEIGHT // 1_000 - 1), data=st.data())
def test_they_are_exact_where_the_unit_is_a_thousand_yen(
    to_int: Callable[[float], float], whole: int, data: st.DataObject
) -> None:
    weight = data.draw(st.integers(1, whole - 1))
    assume(gcd(weight, whole * 1_000) == 1)
    steps, weights = worst(whole, weight, Way(unit=1_000))
    assert steps.divisor == whole * 1_000
    exact = divmod(steps.left * weight, steps.divisor)
    assert exact[1] == steps.divisor - 1
    assert computed(steps, weights, 0, to_int) == exact


@INTS
@given(whole=st.integers(2, NARROW), data=st.data())
def test_one_product_is_exact_up_to_ten_million(
    to_int: Callable[[float], float], whole: int, data: st.DataObject
) -> None:
    weight = data.draw(st.integers(1, whole - 1))
    assume(gcd(weight, whole) == 1)
    left = -pow(weight, -1, whole) % whole
    quotient = to_int(float(left) * float(weight) / float(whole))
    assert (quotient, left * weight - quotient * whole) == divmod(left * weight, whole)


@given(whole=st.integers(NARROW, MOST_WEIGHT - 1), total=st.integers(0, 10**13), data=st.data())
def test_every_number_on_the_way_has_at_most_fifteen_digits(
    whole: int, total: int, data: st.DataObject
) -> None:
    weight = data.draw(st.integers(1, whole - 1))
    weights = [weight, whole - weight]
    steps = spread(total, weights, Way())
    _, limb, found = drawn(steps, weights)
    for place in (0, 1):
        assert steps.left * limb.values[place] < 10**15
        assert 0 <= found.product.values[place] < 10**15
        assert (found.above.values[place] + 1) * whole < 10**15


def test_plain_int_would_fail_there() -> None:
    """The correction is needed: without it the test above would see wrong numbers."""
    steps, weights = worst(PRIMES[-1], 4_321_987_654, Way())
    _, _, found = drawn(steps, weights)
    product = found.product.values[0]
    wrong = [n for n in range(200) if libre_int(product_of(n) / PRIMES[-1]) != n + 199_990]
    assert product < 10**15
    assert wrong


def product_of(number: int) -> float:
    """One below a multiple of W, close to 10^15."""
    return float((number + 199_991) * PRIMES[-1] - 1)


def test_quotients_are_corrected_only_where_a_product_may_reach_10_to_14() -> None:
    small = spread(10**9, [10**7, 10**7], Way())
    large = spread(10**9, [4 * 10**9, 10**8], Way())
    for steps, corrected in ((small, (False, False)), (large, (True, True))):
        _, _, found = drawn(steps, steps.weights)
        formulas = [column.pattern for column in (found.above, found.below)]
        assert tuple("IF(" in formula for formula in formulas) == corrected


def test_quotients_are_corrected_by_one_where_they_came_out_too_large() -> None:
    steps = spread(10**9, [4 * 10**9, 10**8], Way())
    _, _, found = drawn(steps, steps.weights)
    assert found.above.formula(ROW) == (
        "=INT(余り1*E10/重み計1)-IF(INT(余り1*E10/重み計1)*重み計1>余り1*E10,1,0)"
    )
