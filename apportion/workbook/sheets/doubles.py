"""Formulas worked out as a spreadsheet does it: in doubles, from left to right.

Amounts with a fraction are looked at; yen follow only where no noise of a double could change them.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from apportion.rules.nodes import Mode


class Num(NamedTuple):
    """A part of a formula (an address, a number, a product), and what a spreadsheet makes of it."""

    text: str
    value: float


DECIMALS = 6
"""Decimals of an amount that count when it is cut: noise stands behind them."""
NOISE = 2**-48
"""By so much may programs differ in a quotient."""
_EXACT = 2**53
_MILLIONTHS: int = 10**DECIMALS
_PERCENT = 100


def number(value: Fraction) -> Num | None:
    """A number that ends within `DECIMALS`; None for others."""
    if 10**DECIMALS % value.denominator or abs(value) >= _EXACT:
        return None
    text = str(int(value)) if value.denominator == 1 else f"{float(value):.{DECIMALS}f}".rstrip("0")
    return Num(text, float(value)) if Fraction(text) == value else None


def percent(ratio: Fraction) -> tuple[Num, Num | None]:
    """A ratio as factor and divisor: 25 and 100, 1 and 3."""
    over = _PERCENT if (ratio * _PERCENT).denominator == 1 else ratio.denominator
    return Num(str(int(ratio * over)), float(ratio * over)), Num(str(over), float(over))


def product(factors: Iterable[Num], divisors: Iterable[Num]) -> Num:
    """`C12*D12*E12/F12`."""
    first, *others = factors
    text, value = first
    for factor in others:
        text, value = f"{text}*{factor.text}", value * factor.value
    for divisor in divisors:
        text, value = f"{text}/{divisor.text}", value / divisor.value
    return Num(text, value)


def total(terms: Iterable[tuple[bool, Num]]) -> Num:
    """A sum; each term with whether it is taken off."""
    text, value = "", 0.0
    for minus, term in terms:
        sign = "-" if minus else "+" if text else ""
        text, value = (
            f"{text}{sign}{term.text}",
            value - term.value if minus else value + term.value,
        )
    return Num(text, value)


def power(base: Num, over: Num) -> Num:
    """`E12^E13`."""
    return Num(f"{base.text}^{over.text}", base.value**over.value)


def picked(function: str, terms: Iterable[Num]) -> Num:
    """`MAX(E12,E13)` or `MIN(E12,E13)`."""
    listed = list(terms)
    values = [own.value for own in listed]
    value = max(values) if function == "MAX" else min(values)
    return Num(f"{function}({','.join(own.text for own in listed)})", value)


def cut(own: Num, unit: int | Fraction, mode: Mode) -> Num:
    """The formula that brings an amount to a unit (1/1000: to three decimals), away from noise."""
    sign, scaled, by = "-" if own.value < 0 else "", "", ""
    if unit > 1:
        scaled, by = f"/{unit}", f"*{unit}"
    elif unit < 1:
        scaled, by = f"*{Fraction(unit).denominator}", f"/{Fraction(unit).denominator}"
    inner = f"-({own.text})" if sign else f"({own.text})" if scaled else own.text
    brought = f"ROUND({inner}{scaled},{DECIMALS})"
    text = {
        Mode.DOWN: f"{sign}INT({brought}){by}",
        Mode.UP: f"{'' if sign else '-'}INT(-{brought}){by}",
        Mode.HALF_UP: f"{sign}ROUND({brought},0){by}",
    }[mode]
    return Num(text, float(_units(own.value, unit, mode) * unit))


def surely(own: Num, unit: int | Fraction, mode: Mode, exact: Fraction) -> bool:
    """Whether every program cuts an amount to `exact`, whatever its noise."""
    near = (own.value, own.value * (1 - NOISE), own.value * (1 + NOISE))
    wanted = exact / unit
    if wanted.denominator != 1 or abs(exact) >= _EXACT:
        return False
    return all(_units(value, unit, mode) == wanted.numerator for value in near)


def _units(value: float, unit: int | Fraction, mode: Mode) -> int:
    """How many units an amount is cut to, scaled as a spreadsheet does it."""
    scaled = abs(value) / unit if unit >= 1 else abs(value) * Fraction(unit).denominator
    whole, rest = divmod(_rounded(scaled), _MILLIONTHS)
    if mode is Mode.UP:
        whole += rest > 0
    elif mode is Mode.HALF_UP:
        whole += 2 * rest >= _MILLIONTHS
    return -whole if value < 0 else whole


def _rounded(value: float) -> int:
    """The nearest number of millionths, a half upwards."""
    top, bottom = value.as_integer_ratio()
    return (2 * top * _MILLIONTHS + bottom) // (2 * bottom)
