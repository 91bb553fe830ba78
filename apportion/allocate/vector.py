"""Largest remainder in numpy int64 for large workspaces: exact, or not used at all.

Two ways to work out ``T * w = q * W + r`` without leaving 63 bits, each with its proven limits:

P1  a, b = divmod(T, W); q = a*w + b*w // W; r = b*w % W      needs (W-1) * max(w) < 2^63, T < 2^63
P2  q = floor(float(T) * w / W), off by at most 1; r = T*w - q*W with wraparound is exact because
    it lies in [-W, 2W); then one correction by W              needs W < 2^61, T < 2^50

Beyond both, and for every rule but the default one, the plain integers of `engine` are used.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from apportion.allocate import engine
from apportion.allocate.case import Case
from apportion.allocate.rounding import Grant, Rounded, Shares
from apportion.rules.nodes import Mode, RestOrder, Stage

# P2: four roundings of 2^-53 on a quotient below 2^50 err by less than 1.
_P1, _P2_WHOLE, _P2_TOTAL = 2**63, 2**61, 2**50

Ints = NDArray[np.int64]


def whole_yen(case: Case, shares: Shares, charged: int) -> Rounded:
    """As `engine.whole_yen`, by int64 where the rule is the default and the limits hold."""
    rule = case.rounding
    default = (rule.unit, rule.mode, rule.rest) == (1, Mode.DOWN, RestOrder.REMAINDER)
    plain = not default or rule.stage is Stage.DRIVER or case.bounds or shares.scale != charged
    fast = None if plain else largest_remainder(shares)
    return fast or engine.whole_yen(case, shares, charged)


def largest_remainder(shares: Shares) -> Rounded | None:
    """`shares.scale` yen among all; None where the limits do not allow int64."""
    total, whole = shares.scale, shares.denominator
    # Refunds, and shares that charge more or less than the amount, stay with the plain integers.
    if total <= 0 or sum(shares.weights) != whole or min(shares.weights) < 0:
        return None
    largest = max(shares.weights)
    if (whole - 1) * largest < _P1 and total < _P1:
        cuts, remainders = _divided(total, whole, _array(shares.weights))
    elif whole < _P2_WHOLE and total < _P2_TOTAL:
        cuts, remainders = _estimated(total, whole, _array(shares.weights))
    else:
        return None
    return _given(total, cuts, remainders, _array(shares.weights))


@lru_cache(maxsize=256)
def _array(weights: tuple[int, ...]) -> Ints:
    return np.array(weights, dtype=np.int64)


def _divided(total: int, whole: int, weights: Ints) -> tuple[Ints, Ints]:
    times, left = divmod(total, whole)
    product = left * weights
    return times * weights + product // whole, product % whole


def _estimated(total: int, whole: int, weights: Ints) -> tuple[Ints, Ints]:
    cuts = np.floor(float(total) * weights.astype(np.float64) / float(whole)).astype(np.int64)
    with np.errstate(over="ignore"):
        remainders = np.int64(total) * weights - cuts * np.int64(whole)
    # Off by one at most, so the remainder tells which way, and one step mends it.
    low, high = remainders < 0, remainders >= whole
    return cuts - low + high, remainders + whole * low - whole * high


def _given(total: int, cuts: Ints, remainders: Ints, weights: Ints) -> Rounded:
    """The left-over yen to the largest remainders; ties: larger amount, then smaller position."""
    missing = total - int(cuts.sum())
    # lexsort takes its last key first.
    ranked = np.lexsort((np.arange(len(weights)), -weights, -remainders))
    # Who owes exactly nothing is never given a yen.
    order = ranked[weights[ranked] > 0]
    assert 0 <= missing <= len(order), (total, missing)
    yen = cuts.copy()
    yen[order[:missing]] += 1
    positions = order.tolist()
    return Rounded(
        tuple(cuts.tolist()),
        tuple(yen.tolist()),
        tuple(Grant(position, rank, 1) for rank, position in enumerate(positions[:missing], 1)),
        tuple(positions),
    )
