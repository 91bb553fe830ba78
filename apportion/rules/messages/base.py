"""Pieces of messages: the written words, the mended line, percentages in full."""

from collections.abc import Sequence
from fractions import Fraction

from apportion.core.problem import Problem, Source
from apportion.core.text import near

_DECIMALS = 10
_SHOWN = 12


def problem(code: str, source: Source, what: str, why: str, fix: str) -> Problem:
    """Put a problem together."""
    return Problem(code=code, source=source, what=what, why=why, fix=fix)


def said(source: Source) -> str:
    """Quote the words that `source` marks."""
    return source.words


def mended(source: Source, new: str) -> str:
    """Replace the marked words: the whole line, ready to copy."""
    return source.mended(new)


def appended(source: Source, new: str) -> str:
    """Put `new` behind the marked words: the whole line."""
    return mended(source, said(source) + new)


def listed(words: Sequence[str]) -> str:
    """`「切捨て」「四捨五入」「切上げ」`, the first ones of a long list."""
    shown = "".join(f"「{word}」" for word in words[:_SHOWN])
    return shown if len(words) <= _SHOWN else f"{shown}など"


def meant(word: str, known: Sequence[str]) -> str | None:
    """Guess the known word that `word` stands for.

    A word of two signs is too short for `near`: there one wrong sign is forgiven if it leaves
    only one word to choose.
    """
    close = near(word, known)
    alike = [
        other
        for other in known
        if len(other) == len(word) > 1
        and sum(a != b for a, b in zip(word, other, strict=True)) == 1
    ]
    return close or (alike[0] if len(alike) == 1 else None)


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
