"""Numbers of one 経費 on 計算根拠: formulas that are the same for everybody, values that are not.

A row that no exact formula can give shows values, with the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apportion.allocate.case import LineResult
from apportion.workbook.plan_formulas import ABSENT, Drawn, formulas
from apportion.workbook.plan_layout import NUMBERS

_LONGEST = 10**15
TOTALS = (1, 3, 9, 10)
"""Places of 個別の計, W, 端数円数 and 順位: they need the figures of all members."""

Value = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: `formulas` by column (None: a value), `values` by member and column.

    `look` is what stands under 重み: the name of the column, 値 or 0円. `reason` says why there are
    no formulas.
    """

    look: str
    formulas: tuple[str | None, ...]
    values: tuple[tuple[Value, ...], ...]
    reason: str = ""

    def yen(self, place: int) -> int:
        """負担金額 of a member; 0 where it is not in the roster."""
        charge = self.values[place][-1]
        return charge if isinstance(charge, int) else 0


def live_row(
    addresses: Sequence[str], drawn: Drawn, roster: Sequence[int], *, own_only: bool
) -> Row:
    """Row of formulas in these cells; with `own_only` totals of all members are values."""
    steps = drawn.steps
    aparts = drawn.apart.values if drawn.apart else (0,) * len(steps.weights)
    all_apart = sum(aparts)
    common = (steps.total + all_apart, all_apart, steps.total, steps.whole)
    columns = zip(
        *(steps.weights, steps.cuts, steps.remainders, steps.ranks, steps.added, aparts, roster),
        strict=True,
    )
    own = tuple(formulas(addresses, drawn))
    return Row(
        look=drawn.weight.column.name,
        formulas=tuple(_without_totals(own)) if own_only else own,
        values=tuple(
            (
                *(*common, weight, steps.quotient, steps.left),
                *(cut, remainder, steps.spare, rank, added, apart),
                cut + added + apart if listed else ABSENT,
            )
            for weight, cut, remainder, rank, added, apart, listed in columns
        ),
    )


def _without_totals(own: Iterable[str | None]) -> Iterable[str | None]:
    return (None if place in TOTALS else formula for place, formula in enumerate(own))


def free_row(roster: Sequence[int]) -> Row:
    """Row of a 経費 that nobody owes anything for."""
    nothing = (0,) * (NUMBERS - 1)
    return Row(
        look="0円",
        formulas=(None,) * NUMBERS,
        values=tuple((*nothing, 0 if listed else ABSENT) for listed in roster),
    )


def value_row(result: LineResult, places: Sequence[int], size: int, reason: str) -> Row:
    """Row of values for a line without formulas; members that take no part have zeros."""
    position_of = {place: position for position, place in enumerate(places)}
    common, spare = _common(result), sum(result.rounded.yen) - sum(result.rounded.cuts)
    nobody = (*common, 0, "", "", 0, "", spare, "", 0, 0, ABSENT)
    positions = [position_of.get(place) for place in range(size)]
    return Row(
        look="値",
        formulas=(None,) * NUMBERS,
        values=tuple(
            nobody if p is None else (*common, *_own(result, p, spare)) for p in positions
        ),
        reason=reason,
    )


def _common(result: LineResult) -> tuple[Value, Value, Value, Value]:
    """負担総額, 個別の計, T and W of a line, so that T * w / W is exact."""
    shares, adjusted = result.shares, sum(sum(a.yen) for a in result.case.adjustments)
    if result.case.unit_price:
        return sum(result.yen), adjusted, result.base, ""
    return sum(result.yen), adjusted, _shown(shares.scale), _shown(shares.denominator)


def _own(result: LineResult, position: int, spare: int) -> tuple[Value, ...]:
    rounded, order = result.rounded, result.rounded.order
    return (
        "" if result.case.unit_price else _shown(result.shares.weights[position]),
        "",
        "",
        rounded.cuts[position],
        "",
        spare,
        order.index(position) + 1 if position in order else "",
        rounded.yen[position] - rounded.cuts[position],
        sum(a.yen[position] for a in result.case.adjustments),
        result.yen[position],
    )


def _shown(number: int) -> Value:
    """A number, or its text where a cell would lose digits."""
    return number if abs(number) < _LONGEST else f"{number:,}"
