"""The integer steps by which one 経費 is spread, as the formulas of 計算根拠 take them.

    T = 商 * W + 余り                          T yen among members with integer weights w, W their sum
    切捨額 = 商 * w + floor(余り * w / W)       剰余 = 余り * w mod W
    端数円数 = T - sum(切捨額)                  one yen each: larger 剰余, larger w, earlier member

With a payer (`Xが負担`) it takes all of 端数円数. No step needs more than whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """All steps for one 経費; sequences stand in the order of the members, 0 for who takes no part.

    `total` is T in yen, `whole` is W. `ranks` are 0 where a payer makes them meaningless.
    """

    total: int
    weights: tuple[int, ...]
    whole: int
    quotient: int
    left: int
    cuts: tuple[int, ...]
    remainders: tuple[int, ...]
    spare: int
    ranks: tuple[int, ...]
    added: tuple[int, ...]


def spread(total: int, weights: Sequence[int], payer: int | None) -> Spread:
    """Spread `total` yen (not negative); `weights` are not negative and not all 0."""
    whole = sum(weights)
    quotient, left = divmod(total, whole)
    cuts = tuple(quotient * weight + left * weight // whole for weight in weights)
    remainders = tuple(left * weight % whole for weight in weights)
    spare = total - sum(cuts)
    ranks = _ranks(remainders, weights) if payer is None else (0,) * len(weights)
    added = tuple(
        (spare if place == payer else 0) if payer is not None else int(0 < rank <= spare)
        for place, rank in enumerate(ranks)
    )
    return Spread(
        total=total,
        weights=tuple(weights),
        whole=whole,
        quotient=quotient,
        left=left,
        cuts=cuts,
        remainders=remainders,
        spare=spare,
        ranks=ranks,
        added=added,
    )


def _ranks(remainders: Sequence[int], weights: Sequence[int]) -> tuple[int, ...]:
    """Rank of each member by remainder, then weight, then place; 0 for a weight of 0."""
    order = sorted(
        (place for place, weight in enumerate(weights) if weight),
        key=lambda place: (-remainders[place], -weights[place], place),
    )
    rank_of = {place: rank for rank, place in enumerate(order, start=1)}
    return tuple(rank_of.get(place, 0) for place in range(len(weights)))
