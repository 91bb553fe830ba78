"""What 上限 and 下限 lines ask of the members of one 経費, and what they did to their amounts."""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from apportion.model import PastCharge
from apportion.rulebook import Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundUse:
    """One 上限 or 下限 line for the members at `who`: yen brought to the unit (None: not bound).

    `past` are each one's charges of last year, where the limit is a part of them.
    """

    bound: Bound
    who: tuple[int, ...]
    limits: tuple[Fraction | None, ...]
    payer: int | None = None
    past: tuple[tuple[PastCharge, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A member that a bound holds: at `limit` yen, where the formula alone gives `free`."""

    position: int
    bound: Bound
    limit: Fraction
    free: Fraction


class Moved(Enum):
    """What a 上限 or 下限 made of an exact amount."""

    HELD = "止めた"
    TAKES_OVER = "超えた分を負担"
    SHARES_AGAIN = "割り直した"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step of the bounds on a member's exact yen, in the order in which they were solved.

    HELD: `after` is the limit. TAKES_OVER: `after` has what the others were over. SHARES_AGAIN: all
    but `fixed` of `before` becomes ``money / weight`` times as much; `money` is what those that no
    bound holds must bear together, `weight` what the formula alone gave them.
    """

    kind: Moved
    position: int
    bound: Bound
    before: Fraction
    after: Fraction
    fixed: Fraction = Fraction(0)
    money: Fraction = Fraction(1)
    weight: Fraction = Fraction(1)
