"""What of one 経費 its members share in proportion, and what is settled for single members beside it.

A member that alone bears a part (`県に 25%`) or is held by 上限 or 下限 owes whole yen: its remainder
is 0, it comes last in the order of remainders. Setting it aside changes nobody's amount and keeps
the weights of the others small, so that a spreadsheet computes with them exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from apportion.allocate.case import LineResult
from apportion.rulebook import RestOrder, Stage
from apportion.workbook.plan_spread import Way

MOST_WEIGHT = 5 * 10**9
"""Sum of weights from which on the formulas of a spreadsheet are no longer exact (measured)."""

MOST_YEN = 10**14
"""Amount from which on INT of a quotient is no longer exact (measured)."""


_BY_RANK = (RestOrder.SMALLEST, RestOrder.LARGEST, RestOrder.POPULATION, RestOrder.ROTATION)
"""Orders in which a member without a remainder may be given a yen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """`total` yen shared by `weights`; `apart` is what each member owes beside it (with 加減).

    Sequences stand in the order of the members of the outcome.
    """

    total: int
    weights: tuple[int, ...]
    apart: tuple[int, ...]
    way: Way

    @property
    def common(self) -> int:
        """What the amount and the unit have in common: `plan_spread` takes it out."""
        return gcd(self.total, self.way.unit)


def obstacle(result: LineResult) -> str:
    """Why the amounts of a line cannot be shown as formulas; empty where they can."""
    rounding, exact = result.case.rounding, result.shares.total()
    found = (
        (
            bool(result.case.bounds) and not result.case.parts,
            "事業の計を上限・下限に合わせる調整のため",
        ),
        (result.case.unit_price, "配分ではなく単価から計算する経費のため"),
        (rounding.stage is not Stage.LINE, f"端数を{rounding.stage.value}に処理するため"),
        (exact.denominator != 1, "途中参加による繰越があり、配分総額に円未満の端数があるため"),
        (exact <= 0, "配分する金額が正でないため"),
        (exact >= MOST_YEN, "金額が大きく、表計算では正確に計算できないため"),
    )
    return next((reason for applies, reason in found if applies), "")


def sharing(result: LineResult, places: Sequence[int], size: int) -> Sharing:
    """Split of a line without `obstacle`; `places` leads from its participants to the members."""
    settled = _settled(result)
    weights, apart = [0] * size, [0] * size
    for position, place in enumerate(places):
        if position in settled:
            apart[place] = settled[position]
        else:
            weights[place] = result.shares.weights[position]
        apart[place] += sum(a.yen[position] for a in result.case.adjustments)
    return Sharing(
        total=int(result.shares.total()) - sum(settled.values()),
        weights=reduced(weights),
        apart=tuple(apart),
        way=_way(result, places, size),
    )


def _way(result: LineResult, places: Sequence[int], size: int) -> Way:
    case = result.case
    ranks = [0] * size
    if case.rounding.rest in _BY_RANK:
        for rank, position in enumerate(result.rounded.order, start=1):
            ranks[places[position]] = rank
    return Way(
        unit=case.rounding.unit,
        mode=case.rounding.mode,
        rest=case.rounding.rest,
        payer=None if case.rest.payer is None else places[case.rest.payer],
        ranks=tuple(ranks) if any(ranks) else (),
    )


def reduced(weights: Sequence[int]) -> tuple[int, ...]:
    """The same proportion in the smallest whole numbers."""
    common = gcd(*weights) or 1
    return tuple(weight // common for weight in weights)


def _settled(result: LineResult) -> dict[int, int]:
    """Whole yen of the members (by position) that share with nobody; not where these are all."""
    held = {held.position for held in result.held}
    rounding = result.case.rounding
    if rounding.rest in _BY_RANK:
        return {}
    found = {
        position: int(exact)
        for position in range(result.case.size)
        if (exact := result.shares.exact(position)).denominator == 1
        and exact
        and exact % rounding.unit == 0
        and (position in held or _alone(result, position))
    }
    paying = sum(1 for weight in result.shares.weights if weight)
    return found if len(found) < paying else {}


def _alone(result: LineResult, position: int) -> bool:
    """Whether every part that the member bears is borne by it alone."""
    parts = [part for part in result.case.parts if part.amount and position in part.who]
    return bool(parts) and all(len(part.who) == 1 for part in parts)


def exact_text(amount: Fraction) -> str:
    """`1234` or `1234567/890`: an exact amount that no cell of numbers can hold."""
    if amount.denominator == 1:
        return f"{amount.numerator:,}"
    return f"{amount.numerator}/{amount.denominator}"
