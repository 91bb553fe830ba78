"""Numbers of one 経費 on 計算根拠: formulas that are the same for everybody, values that are not.

A row that no exact formula can give shows values, with the reason and the exact share as text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.workbook.plan_columns import ORDER, Column
from apportion.workbook.plan_layout import LETTERS
from apportion.workbook.plan_products import LIMB, Limbs
from apportion.workbook.plan_sharing import exact_text
from apportion.workbook.plan_spread import Spread

MEMBER_ORDER, MEMBER_CODE = "団体順", "団体コード"
"""Names of the two cells of 計算根拠 that say whose invoice it is."""

_LONGEST = 10**15

Value = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: `formulas` by column (None: a value), `values` by member and column.

    `reason` says why there are no formulas; `exact` is then each member's exact share.
    """

    formulas: tuple[str | None, ...]
    values: tuple[tuple[Value, ...], ...]
    reason: str = ""
    exact: tuple[str, ...] = ()

    def yen(self, place: int) -> int:
        """負担金額 of a member."""
        return int(self.values[place][-1])


class Drawn(NamedTuple):
    """The columns of 指標一覧 that a row refers to, and its steps."""

    steps: Spread
    weights: Column
    apart: Column | None
    limbs: Limbs | None


class _Product(NamedTuple):
    """How INT(余り * w / W) is written: for the member, for all of them, and what it leaves."""

    cut: str
    remainder: str
    spare: str
    each: str


def live_row(at: int, drawn: Drawn, payer: str | None) -> Row:
    """Row of formulas in row `at` (zero-based); `payer` is the code of who takes 端数円数."""
    steps = drawn.steps
    aparts = drawn.apart.values if drawn.apart else (0,) * len(steps.weights)
    all_apart = sum(aparts)
    common = (steps.total + all_apart, all_apart, steps.total, steps.whole)
    columns = zip(
        steps.weights, steps.cuts, steps.remainders, steps.ranks, steps.added, aparts, strict=True
    )
    return Row(
        formulas=tuple(_formulas([f"{letter}{at + 1}" for letter in LETTERS], drawn, payer)),
        values=tuple(
            (
                *(*common, weight, steps.quotient, steps.left),
                *(cut, remainder, steps.spare, rank, added, apart, cut + added + apart),
            )
            for weight, cut, remainder, rank, added, apart in columns
        ),
    )


def _formulas(cells: Sequence[str], drawn: Drawn, payer: str | None) -> Iterator[str | None]:
    total, all_apart, shared, whole, weight, quotient, left, cut, remainder = cells[:9]
    spare, rank, added, apart, _ = cells[9:]
    name = drawn.weights.name
    product = _wide(cells, drawn.limbs) if drawn.limbs else _narrow(cells, name)
    ahead = f"({product.each}>{remainder})"
    level = f"({product.each}={remainder})*(({name}>{weight})+({name}={weight})*({ORDER}<={MEMBER_ORDER}))"
    yield None
    yield f"=SUM({drawn.apart.name})" if drawn.apart else None
    yield f"={total}-{all_apart}"
    yield f"=SUM({name})"
    yield f"=INDEX({name},{MEMBER_ORDER})"
    yield f"=INT({shared}/{whole})"
    yield f"={shared}-{quotient}*{whole}"
    yield f"={quotient}*{weight}+{product.cut}"
    yield f"={product.remainder}"
    yield f"={left}-{product.spare}"
    yield None if payer else f"=IF({weight}=0,0,SUMPRODUCT({ahead}+{level}))"
    if payer:
        yield f'=IF({MEMBER_CODE}="{payer}",{spare},0)'
    else:
        yield f"=IF({weight}=0,0,IF({rank}<={spare},1,0))"
    yield f"=INDEX({drawn.apart.name},{MEMBER_ORDER})" if drawn.apart else None
    yield f"={cut}+{added}+{apart}"


def _narrow(cells: Sequence[str], name: str) -> _Product:
    whole, weight, left = cells[3], cells[4], cells[6]
    return _Product(
        cut=f"INT({left}*{weight}/{whole})",
        remainder=f"{left}*{weight}-INT({left}*{weight}/{whole})*{whole}",
        spare=f"SUMPRODUCT(INT({left}*{name}/{whole}))",
        each=f"{left}*{name}-INT({left}*{name}/{whole})*{whole}",
    )


def _wide(cells: Sequence[str], limbs: Limbs) -> _Product:
    whole = cells[3]
    above, product, below = (column.name for column in limbs)
    own_above, own_product, own_below = (
        f"INDEX({name},{MEMBER_ORDER})" for name in (above, product, below)
    )
    return _Product(
        cut=f"{own_above}*{LIMB}+{own_below}",
        remainder=f"{own_product}-{own_below}*{whole}",
        spare=f"SUM({above})*{LIMB}-SUM({below})",
        each=f"{product}-{below}*{whole}",
    )


def value_row(result: LineResult, places: Sequence[int], size: int, reason: str) -> Row:
    """Row of values for a line without formulas; members that take no part have zeros."""
    position_of = {place: position for position, place in enumerate(places)}
    common = _common(result)
    nobody = (*common, 0, "", "", 0, "", common_spare(result), "", 0, 0, 0)
    positions = [position_of.get(place) for place in range(size)]
    return Row(
        formulas=(None,) * len(LETTERS),
        values=tuple(nobody if p is None else (*common, *_own(result, p)) for p in positions),
        reason=reason,
        exact=tuple("0" if p is None else exact_text(result.shares.exact(p)) for p in positions),
    )


def common_spare(result: LineResult) -> int:
    """What cutting left of the line, in yen."""
    return sum(result.rounded.yen) - sum(result.rounded.cuts)


def _common(result: LineResult) -> tuple[Value, Value, Value, Value]:
    """負担総額, 個別の計, T and W of a line, so that T * w / W is exact."""
    shares, adjusted = result.shares, sum(sum(a.yen) for a in result.case.adjustments)
    if result.case.unit_price:
        return sum(result.yen), adjusted, result.base, ""
    return sum(result.yen), adjusted, _shown(shares.scale), _shown(shares.denominator)


def _own(result: LineResult, position: int) -> tuple[Value, ...]:
    rounded, order = result.rounded, result.rounded.order
    return (
        "" if result.case.unit_price else _shown(result.shares.weights[position]),
        "",
        "",
        rounded.cuts[position],
        "",
        common_spare(result),
        order.index(position) + 1 if position in order else "",
        rounded.yen[position] - rounded.cuts[position],
        sum(a.yen[position] for a in result.case.adjustments),
        result.yen[position],
    )


def _shown(number: int) -> Value:
    """A number, or its text where a cell would lose digits."""
    return number if abs(number) < _LONGEST else f"{number:,}"
