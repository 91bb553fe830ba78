"""Formulas of one row of 計算根拠: the steps of `plan_spread` in cells, the rank among all members.

Every whole number on the way is small enough for a cell (see `plan_products`); INDEX takes the
member's own number out of a column of 指標一覧.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.rules.nodes import Mode, RestOrder
from apportion.workbook.letters.columns import ORDER, Column, Columns
from apportion.workbook.letters.layout import NUMBERS
from apportion.workbook.letters.sharing import Spread
from apportion.workbook.letters.weights import WeightColumn
from apportion.workbook.sheets.live import MOST_DIGITS, operand, over, quotient, times

NARROW = 10**7
"""Sum of weights up to which 余り * w stays below 10^14, where one plain INT is exact."""

LIMB = 10**5
"""A weight below `MOST_WEIGHT` is cut here in two: each product with 余り stays below 10^15."""


class Limbs(NamedTuple):
    """Columns 商上, 積下 and 商下 of one 経費, and its W (times the unit) as formulas write it."""

    above: Column
    product: Column
    below: Column
    divisor: str


def left_name(number: int) -> str:
    """`余り14`: name of the cell of 計算根拠 that holds 余り of a 経費."""
    return f"余り{number}"


def whole_name(number: int) -> str:
    """`重み計14`: name of the cell of 計算根拠 that holds W of a 経費."""
    return f"重み計{number}"


def limb_column(columns: Columns, weights: Column) -> Column:
    """桁 of a column of weights."""
    texts = (f"{weights.name}÷{LIMB:,} の\n整数部分", "")
    cells = (weight // LIMB for weight in weights.values)
    return columns.add(f"桁_{weights.name}", texts, cells, f"=INT({weights.beside}/{LIMB})")


def limbs(columns: Columns, number: int, steps: Spread, pair: tuple[Column, Column]) -> Limbs:
    """商上, 積下 and 商下 of a 経費; `pair` are its columns of weights and 桁."""
    weight, limb = pair
    units, left = steps.way.unit // steps.common, steps.left // steps.common
    rest = operand(over(left_name(number), steps.common))
    whole, high = operand(times(whole_name(number), units)), f"{rest}*{limb.beside}"
    above = columns.add(
        f"商上{number}",
        ("余り×桁÷W の\n整数部分", ""),
        (left * digits // steps.divisor for digits in limb.values),
        f"={quotient(high, whole, steps.divisor * max(limb.values))}",
    )
    product = columns.add(
        f"積下{number}",
        ("上の桁の残りと\n下の桁の積", ""),
        _products(steps, pair, above),
        f"=({high}-{above.beside}*{whole})*{LIMB}+{rest}*({weight.beside}-{limb.beside}*{LIMB})",
    )
    below = columns.add(
        f"商下{number}",
        (f"{product.name}÷W の\n整数部分", ""),
        (value // steps.divisor for value in product.values),
        f"={quotient(product.beside, whole, 2 * steps.divisor * LIMB)}",
    )
    return Limbs(above, product, below, whole)


def _products(steps: Spread, pair: tuple[Column, Column], above: Column) -> list[int]:
    weights, limb = pair
    left, divisor = steps.left // steps.common, steps.divisor
    rows = zip(weights.values, limb.values, above.values, strict=True)
    return [
        (left * high - quotient * divisor) * LIMB + left * (weight - high * LIMB)
        for weight, high, quotient in rows
    ]


MEMBER_ORDER, MEMBER_CODE = "団体順", "団体コード"
"""Names of the two cells of 計算根拠 that say whose invoice it is."""

ABSENT = "－ 不参加"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSource:
    """The columns of 指標一覧 that a row refers to, and its steps.

    `total` is the formula of 負担総額, `payer` the code of who takes 端数円数; `ranks` are there where
    a rule gives an order.
    """

    total: str

    steps: Spread
    weight: WeightColumn
    roster: Column
    apart: Column | None
    limbs: Limbs | None
    ranks: Column | None
    payer: str | None


class _Cells(NamedTuple):
    """The cells of the row, from 負担総額 to 負担金額."""

    total: str
    all_apart: str
    shared: str
    whole: str
    weight: str
    quotient: str
    left: str
    cut: str
    remainder: str
    spare: str
    rank: str
    added: str
    apart: str
    charge: str


class _Product(NamedTuple):
    """How floor(余り * w / divisor) and what it leaves are written, own and in columns of all."""

    floor: str
    rest: str
    floors: str
    rests: str


def formulas(addresses: Sequence[str], drawn: RowSource) -> Iterator[str | None]:
    """Formula of each cell of the row; None for a value."""
    cells, steps = _Cells(*addresses), drawn.steps
    by = times(cells.whole, steps.way.unit)
    product = _wide(drawn.limbs) if drawn.limbs else _narrow(cells, drawn)
    divisor = _divisor(cells.whole, steps)
    raised = _raised(product.rest, divisor, steps.way.mode)
    yield drawn.total
    yield f"=SUM({drawn.apart.name})" if drawn.apart else None
    yield f"={cells.total}-{cells.all_apart}"
    yield f"=SUM({drawn.weight.column.name})"
    yield f"={drawn.weight.own}"
    # T = 商 * W + 余り: T * w at once would have more digits than a cell holds.
    yield f"=INT({cells.shared}/{operand(by)})"
    yield f"={cells.shared}-{cells.quotient}*{by}"
    floor = f"{cells.quotient}*{cells.weight}+{product.floor}{raised}"
    yield f"=({floor})*{steps.way.unit}" if steps.way.unit > 1 else f"={floor}"
    yield f"={product.rest}{_taken(raised, divisor)}"
    yield _spare(cells, drawn, product, divisor)
    yield _rank(cells, drawn, product, divisor)
    yield _added(cells, drawn)
    yield f"=INDEX({drawn.apart.name},{MEMBER_ORDER})" if drawn.apart else None
    charge = f"{cells.cut}+{cells.added}+{cells.apart}"
    yield f'=IF(INDEX({drawn.roster.name},{MEMBER_ORDER})=0,"{ABSENT}",{charge})'


def _divisor(whole: str, steps: Spread) -> str:
    """W * unit, without what the unit and T have in common."""
    return operand(times(whole, steps.way.unit // steps.common))


def _raised(rest: str, divisor: str, mode: Mode) -> str:
    """What 四捨五入 and 切上げ add to the whole units; nothing for 切捨て."""
    # A comparison counts as 1 or 0 in a sum.
    if mode is Mode.DOWN:
        return ""
    return f"+(2*({rest})>={divisor})" if mode is Mode.HALF_UP else f"+(({rest})>0)"


def _taken(raised: str, divisor: str) -> str:
    """What a raised unit takes from the remainder."""
    return f"-({raised.removeprefix('+')})*{divisor}" if raised else ""


def _spare(cells: _Cells, drawn: RowSource, product: _Product, divisor: str) -> str:
    """端数円数: what all members' whole units leave."""
    steps = drawn.steps
    units = f"SUMPRODUCT({product.floors}{_raised(product.rests, divisor, steps.way.mode)})"
    return f"={cells.left}-{times(units, steps.way.unit)}"


def _rank(cells: _Cells, drawn: RowSource, product: _Product, divisor: str) -> str | None:
    """Place in the order of who is given (or, with a negative 端数円数, gives back) a unit.

    Without 端数円数 nobody has one.
    """
    way, name, weight = drawn.steps.way, drawn.weight.column.name, cells.weight
    if drawn.ranks is not None:
        return f"=IF({cells.spare}=0,0,INDEX({drawn.ranks.name},{MEMBER_ORDER}))"
    if way.rest is not RestOrder.REMAINDER:
        return None
    rests = product.rests + _taken(_raised(product.rests, divisor, way.mode), divisor)
    # SUMPRODUCT counts over columns without an array formula, which programs enter differently.
    own = cells.remainder
    if way.mode is Mode.DOWN:
        level = f"({rests}={own})*(({name}>{weight})+({name}={weight})*({ORDER}<={MEMBER_ORDER}))"
        return f"=IF({weight}*{cells.spare}=0,0,SUMPRODUCT(({rests}>{own})+{level}))"
    ahead, back = (
        f"SUMPRODUCT(({name}>0)*(({rests}{far}{own})+({rests}={own})"
        f"*(({name}{far}{weight})+({name}={weight})*({ORDER}{near}{MEMBER_ORDER}))))"
        for far, near in ((">", "<="), ("<", ">="))
    )
    return f"=IF({weight}*{cells.spare}=0,0,IF({cells.spare}<0,{back},{ahead}))"


def _added(cells: _Cells, drawn: RowSource) -> str | None:
    """What the order gives the member: a unit, or the last in turn what is less than a unit."""
    way, rank, spare = drawn.steps.way, cells.rank, cells.spare
    if drawn.payer is not None:
        return f'=IF({MEMBER_CODE}="{drawn.payer}",{spare},0)'
    if way.rest is RestOrder.NONE:
        return None
    if way.unit == 1 and way.mode is Mode.DOWN:
        return f"=IF({rank}=0,0,IF({rank}<={spare},1,0))"
    given, back = _units(rank, spare, way.unit), _units(rank, f"-{spare}", way.unit)
    return f"=IF({rank}=0,0,IF({spare}<0,-{back},{given}))"


def _units(rank: str, spare: str, unit: int) -> str:
    """A unit for the first ranks, what is left for the next, nothing for the others."""
    # 端数円数 need not be a multiple of the unit: the last in turn gets what is left.
    over = f"{spare}-({rank}-1)*{unit}"
    return f"IF({rank}*{unit}<={spare},{unit},IF({over}>0,{over},0))"


def _narrow(cells: _Cells, drawn: RowSource) -> _Product:
    name, steps = drawn.weight.column.name, drawn.steps
    left = over(cells.left, steps.common)
    divisor = _divisor(cells.whole, steps)
    floor, floors = (f"INT({left}*{w}/{divisor})" for w in (cells.weight, name))
    return _Product(
        floor=floor,
        rest=f"{left}*{cells.weight}-{floor}*{divisor}",
        floors=floors,
        rests=f"({left}*{name}-{floors}*{divisor})",
    )


def _wide(limbs: Limbs) -> _Product:
    above, product, below = (column.name for column in limbs[:3])
    own = [f"INDEX({name},{MEMBER_ORDER})" for name in (above, product, below)]
    return _Product(
        floor=f"{own[0]}*{LIMB}+{own[2]}",
        rest=f"{own[1]}-{own[2]}*{limbs.divisor}",
        floors=f"{above}*{LIMB}+{below}",
        rests=f"({product}-{below}*{limbs.divisor})",
    )


TOTALS = (1, 3, 9, 10)
"""Places of 個別の計, W, 端数円数 and 順位: they need the figures of all members."""

Value = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisRow:
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
    addresses: Sequence[str], drawn: RowSource, roster: Sequence[int], *, own_only: bool
) -> BasisRow:
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
    return BasisRow(
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


def free_row(roster: Sequence[int]) -> BasisRow:
    """Row of a 経費 that nobody owes anything for."""
    nothing = (0,) * (NUMBERS - 1)
    return BasisRow(
        look="0円",
        formulas=(None,) * NUMBERS,
        values=tuple((*nothing, 0 if listed else ABSENT) for listed in roster),
    )


def value_row(result: LineResult, places: Sequence[int], size: int, reason: str) -> BasisRow:
    """Row of values for a line without formulas; members that take no part have zeros."""
    position_of = {place: position for position, place in enumerate(places)}
    common, spare = _common(result), sum(result.rounded.yen) - sum(result.rounded.cuts)
    nobody = (*common, 0, "", "", 0, "", spare, "", 0, 0, ABSENT)
    positions = [position_of.get(place) for place in range(size)]
    return BasisRow(
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
    return number if abs(number) < MOST_DIGITS else f"{number:,}"
