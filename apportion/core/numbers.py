"""Yen, shares and figures in words: percentages in full, numbers as a rule may hold them."""

from fractions import Fraction

_DECIMALS = 10


def money(yen: int) -> str:
    """`44,710,000円`, `△200円`."""
    return f"△{-yen:,}円" if yen < 0 else f"{yen:,}円"


def percent(value: Fraction) -> str:
    """`90%`, `99.9%`, or `2/3` where no decimal is exact."""
    scaled = value * 100 * 10**_DECIMALS
    if scaled.denominator == 1:
        return f"{_decimal(scaled.numerator, _DECIMALS)}%"
    return f"{value.numerator}/{value.denominator}"


def about(value: Fraction) -> str:
    """`90%`, or `2/3、約66.7%` where no decimal is exact."""
    exact = percent(value)
    if exact.endswith("%"):
        return exact
    return f"{exact}、約{_decimal(round(value * 1000), 1)}%"


def plain(value: Fraction) -> str:
    """`10,000` or `0.5`: a number as a rule may hold it."""
    scaled = value * 10**_DECIMALS
    return _decimal(int(scaled), _DECIMALS)


def _decimal(scaled: int, digits: int) -> str:
    whole, part = divmod(scaled, 10**digits)
    return f"{whole:,}.{part:0{digits}d}".rstrip("0").rstrip(".")
