"""Products of large weights, as programs compute them: IEEE doubles, INT as LibreOffice has it.

The worst case is a product one below a multiple of W: there a quotient comes out a hair too large.
"""

import math
from collections.abc import Callable, Sequence
from math import gcd

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apportion.workbook.workings.sharing import MOST_WEIGHT, Spread, Way, spread
from apportion.workbook.workings.steps import (
    ABOVE,
    BELOW,
    CUT,
    DIGITS,
    LEFT,
    NARROW,
    PRODUCT,
    QUOTIENT,
    REMAINDER,
    WEIGHT,
    WHOLE,
    Formulas,
    SheetArea,
)

HEAD, ROW = 4, 6
PRIMES = (9_999_991, 99_999_989, 1_999_999_973, 4_999_999_937)


def libre_int(number: float) -> float:
    """INT of LibreOffice: rounded to 15 digits first."""
    return float(math.floor(float(f"{number:.15g}")))


def ieee_int(number: float) -> float:
    return float(math.floor(number))


INTS = pytest.mark.parametrize("to_int", [libre_int, ieee_int])


def cells_of(steps: Spread, place: int) -> dict[str, tuple[str, float]]:
    """Formula and value of each column of a member, as 計算書 has them in row 6 below row 4."""
    formulas = Formulas(SheetArea(HEAD, ROW, ROW + 1), steps)
    formulas.wide = True
    return {column: (text, value) for column, text, value in formulas.row(ROW, place)}


def computed(
    steps: Spread, weights: Sequence[int], place: int, to_int: Callable[[float], float]
) -> tuple[float, float]:
    """Quotient and remainder of one member, from the formulas, in doubles."""
    known: dict[str, object] = {
        f"{WEIGHT}{ROW}": float(weights[place]),
        f"{LEFT}{HEAD}": float(steps.left),
        f"{WHOLE}{HEAD}": float(steps.whole),
        # What 商 gives is added to floor(余り * w / W): here it is left out.
        f"{QUOTIENT}{HEAD}": 0.0,
        "INT": to_int,
        "IF": lambda test, yes, no: yes if test else no,
    }
    found = cells_of(steps, place)
    for column in (DIGITS, ABOVE, PRODUCT, BELOW, CUT, REMAINDER):
        formula = found[column][0].removeprefix("=").replace("$", "")
        known[f"{column}{ROW}"] = eval(formula, {}, known)  # noqa: S307  our own formula
    cut, remainder = known[f"{CUT}{ROW}"], known[f"{REMAINDER}{ROW}"]
    assert isinstance(cut, float)
    assert isinstance(remainder, float)
    return cut / steps.way.unit, remainder


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


@given(whole=st.integers(NARROW + 1, MOST_WEIGHT - 1), total=st.integers(0, 10**13), data=st.data())
def test_every_number_on_the_way_has_at_most_fifteen_digits(
    whole: int, total: int, data: st.DataObject
) -> None:
    weight = data.draw(st.integers(1, whole - 1))
    steps = spread(total, [weight, whole - weight], Way())
    for place in (0, 1):
        found = {column: value for column, (_, value) in cells_of(steps, place).items()}
        assert steps.left * found[DIGITS] < 10**15
        assert 0 <= found[PRODUCT] < 10**15
        assert (found[ABOVE] + 1) * whole < 10**15


def test_plain_int_would_fail_there() -> None:
    """The correction is needed: without it the test above would see wrong numbers."""
    steps, _ = worst(PRIMES[-1], 4_321_987_654, Way())
    product = cells_of(steps, 0)[PRODUCT][1]
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
        found = cells_of(steps, 0)
        assert tuple("IF(" in found[column][0] for column in (ABOVE, BELOW)) == corrected


def test_quotients_are_corrected_by_one_where_they_came_out_too_large() -> None:
    steps = spread(10**9, [4 * 10**9, 10**8], Way())
    assert cells_of(steps, 0)[ABOVE][0] == (
        "=INT($I$4*K6/$G$4)-IF(INT($I$4*K6/$G$4)*$G$4>$I$4*K6,1,0)"
    )
