"""The integer steps by which one 経費 is spread, as the formulas of 計算根拠 take them.

    T = 商 * W * unit + 余り                           T yen among members with integer weights w
    floor = 商 * w + floor(余り * w / (W * unit))       whole units of a member; W is the sum of w
    端数処理額 = (floor + raised) * unit                raised 1 or 0: 四捨五入, 切上げ; never for 切捨て
    剰余 = 余り * w - (floor - 商 * w + raised) * W * unit
    端数円数 = T - sum(端数処理額)                      a unit each, by the order of the rule

With a payer (`Xが負担`) it takes all of 端数円数. What T and the unit have in common is taken out
of 余り and the unit (`common`), so that the numbers stay small. No step needs more than whole
numbers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd

from apportion.rulebook import Mode, RestOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a 経費 is brought to whole units, and who is given what that leaves.

    `payer` takes it all; `ranks` are given where the order does not follow from the remainders
    (0: never given any).
    """

    unit: int = 1
    mode: Mode = Mode.DOWN
    rest: RestOrder = RestOrder.REMAINDER
    payer: int | None = None
    ranks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """All steps for one 経費; sequences stand in the order of the members, 0 for who takes no part.

    `total` is T in yen, `whole` is W, `divisor` W * unit and `left` 余り, both over `common`.
    `ranks` are 0 where nobody is given a unit by rank, or nothing is spare.
    """

    way: Way
    total: int
    weights: tuple[int, ...]
    whole: int
    common: int
    divisor: int
    quotient: int
    left: int
    cuts: tuple[int, ...]
    remainders: tuple[int, ...]
    spare: int
    ranks: tuple[int, ...]
    added: tuple[int, ...]


def spread(total: int, weights: Sequence[int], way: Way) -> Spread:
    """Spread `total` yen (not negative); `weights` are not negative and not all 0."""
    whole, common = sum(weights), gcd(total, way.unit)
    divisor = whole * way.unit // common
    quotient, left = divmod(total // common, divisor)
    floors = [divmod(left * weight, divisor) for weight in weights]
    raised = [_raised(rest, divisor, way.mode) for _, rest in floors]
    cuts = [
        (quotient * weight + floor + up) * way.unit
        for weight, (floor, _), up in zip(weights, floors, raised, strict=True)
    ]
    remainders = [rest - up * divisor for (_, rest), up in zip(floors, raised, strict=True)]
    spare = total - sum(cuts)
    ranks = _ranks(remainders, weights, spare, way)
    return Spread(
        way=way,
        total=total,
        weights=tuple(weights),
        whole=whole,
        common=common,
        divisor=divisor,
        quotient=quotient,
        left=left * common,
        cuts=tuple(cuts),
        remainders=tuple(remainders),
        spare=spare,
        ranks=ranks,
        added=tuple(_added(spare, ranks, way)),
    )


def _raised(rest: int, divisor: int, mode: Mode) -> int:
    if mode is Mode.HALF_UP:
        return int(2 * rest >= divisor)
    return int(mode is Mode.UP and rest > 0)


def _ranks(
    remainders: Sequence[int], weights: Sequence[int], spare: int, way: Way
) -> tuple[int, ...]:
    """Rank of each member by remainder, then weight, then place; the other way round to take back.

    Where nothing is spare nobody has a rank.
    """
    if not spare:
        return (0,) * len(weights)
    if way.rest is not RestOrder.REMAINDER:
        return way.ranks or (0,) * len(weights)
    sign = -1 if spare >= 0 else 1
    order = sorted(
        (place for place, weight in enumerate(weights) if weight),
        key=lambda place: (sign * remainders[place], sign * weights[place], -sign * place),
    )
    rank_of = {place: rank for rank, place in enumerate(order, start=1)}
    return tuple(rank_of.get(place, 0) for place in range(len(weights)))


def _added(spare: int, ranks: Sequence[int], way: Way) -> Iterator[int]:
    """What each member is given: all of it, nothing, or by rank a unit (the last one what is left)."""
    sign, many = (-1, -spare) if spare < 0 else (1, spare)
    for place, rank in enumerate(ranks):
        if way.payer is not None:
            yield spare if place == way.payer else 0
        else:
            yield sign * max(min(way.unit, many - (rank - 1) * way.unit), 0) if rank else 0
