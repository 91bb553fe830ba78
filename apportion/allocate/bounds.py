"""Floors and caps: the one exact amount each that respects them and keeps the total.

``x_i(L) = min(high_i, max(low_i, L * weight_i))`` with L such that the sum is the total: the unique
solution (water-filling). Clipping everybody at once and freezing both sides is wrong when floors
and caps are given together; see the worked case in the tests.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Slot:
    """One member: what it weighs and between which amounts (yen) it must stay; None is open."""

    weight: Fraction
    low: Fraction | None = None
    high: Fraction | None = None

    def at(self, level: Fraction) -> Fraction:
        """Amount at water level `level`."""
        amount = level * self.weight
        if self.low is not None and amount < self.low:
            return self.low
        if self.high is not None and amount > self.high:
            return self.high
        return amount


@dataclass(frozen=True, slots=True)
class Infeasible:
    """The bounds leave no solution: `missing` yen cannot be charged (or floors exceed by -missing)."""

    missing: Fraction


def fill(slots: Sequence[Slot], total: Fraction) -> list[Fraction] | Infeasible:
    """Amounts of all slots that add up to `total` (not negative), or by how much that fails."""
    points = sorted({point for slot in slots for point in _breakpoints(slot)} | {Fraction(0)})
    below = bisect_right(points, total, key=lambda level: _sum(slots, level)) - 1
    if below < 0:
        return Infeasible(total - _sum(slots, points[0]))
    level = points[below]
    slope = _slope(slots, points, below)
    missing = total - _sum(slots, level)
    if missing and not slope:
        return Infeasible(missing)
    if missing:
        level += missing / slope
    return [slot.at(level) for slot in slots]


def _breakpoints(slot: Slot) -> list[Fraction]:
    bounds = (slot.low, slot.high) if slot.weight else ()
    return [bound / slot.weight for bound in bounds if bound is not None]


def _sum(slots: Sequence[Slot], level: Fraction) -> Fraction:
    return sum((slot.at(level) for slot in slots), Fraction(0))


def _slope(slots: Sequence[Slot], points: Sequence[Fraction], below: int) -> Fraction:
    """How fast the sum grows just above ``points[below]``."""
    start = points[below]
    end = points[below + 1] if below + 1 < len(points) else start + 1
    return (_sum(slots, end) - _sum(slots, start)) / (end - start)
