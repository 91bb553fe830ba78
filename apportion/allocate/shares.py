"""Exact shares of one budget line: integers over one denominator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm


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
    return tuple(int(value * denominator) for value in values), denominator


def from_exact(amounts: Sequence[Fraction], scale: int = 1) -> Shares:
    """Shares that are exactly `amounts`; `scale` is taken out of the weights where it is not 0."""
    scale = scale or 1
    weights, denominator = integers([Fraction(amount, scale) for amount in amounts])
    return Shares(scale, *_reduced(weights, denominator))


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
    return _reduced(tuple(weights), denominator)


def _reduced(weights: tuple[int, ...], denominator: int) -> tuple[tuple[int, ...], int]:
    """Weights and denominator with their common factor taken out."""
    common = gcd(denominator, *weights)
    return tuple(weight // common for weight in weights), denominator // common
