"""Formulas of one row of 計算根拠: the steps of `plan_spread` in cells, the rank among all members.

Every whole number on the way is small enough for a cell (see `plan_products`); INDEX takes the
member's own number out of a column of 指標一覧.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from apportion.rulebook import Mode, RestOrder
from apportion.workbook.plan_columns import ORDER, Column
from apportion.workbook.plan_products import LIMB, Limbs
from apportion.workbook.plan_spread import Spread
from apportion.workbook.plan_weights import Weight

MEMBER_ORDER, MEMBER_CODE = "団体順", "団体コード"
"""Names of the two cells of 計算根拠 that say whose invoice it is."""

ABSENT = "－ 不参加"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The columns of 指標一覧 that a row refers to, and its steps.

    `total` is the formula of 負担総額, `payer` the code of who takes 端数円数; `ranks` are there where
    a rule gives an order.
    """

    total: str

    steps: Spread
    weight: Weight
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


def formulas(addresses: Sequence[str], drawn: Drawn) -> Iterator[str | None]:
    """Formula of each cell of the row; None for a value."""
    cells, steps = _Cells(*addresses), drawn.steps
    by = f"{cells.whole}*{steps.way.unit}" if steps.way.unit > 1 else cells.whole
    product = _wide(drawn.limbs) if drawn.limbs else _narrow(cells, drawn)
    divisor = _divisor(cells.whole, steps)
    raised = _raised(product.rest, divisor, steps.way.mode)
    yield drawn.total
    yield f"=SUM({drawn.apart.name})" if drawn.apart else None
    yield f"={cells.total}-{cells.all_apart}"
    yield f"=SUM({drawn.weight.column.name})"
    yield f"={drawn.weight.own}"
    yield f"=INT({cells.shared}/{f'({by})' if '*' in by else by})"
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
    times = steps.way.unit // steps.common
    return f"({whole}*{times})" if times > 1 else whole


def _raised(rest: str, divisor: str, mode: Mode) -> str:
    """What 四捨五入 and 切上げ add to the whole units; nothing for 切捨て."""
    if mode is Mode.DOWN:
        return ""
    return f"+(2*({rest})>={divisor})" if mode is Mode.HALF_UP else f"+(({rest})>0)"


def _taken(raised: str, divisor: str) -> str:
    """What a raised unit takes from the remainder."""
    return f"-({raised.removeprefix('+')})*{divisor}" if raised else ""


def _spare(cells: _Cells, drawn: Drawn, product: _Product, divisor: str) -> str:
    """端数円数: what all members' whole units leave."""
    steps = drawn.steps
    units = f"SUMPRODUCT({product.floors}{_raised(product.rests, divisor, steps.way.mode)})"
    return f"={cells.left}-{units}" + (f"*{steps.way.unit}" if steps.way.unit > 1 else "")


def _rank(cells: _Cells, drawn: Drawn, product: _Product, divisor: str) -> str | None:
    """Place in the order of who is given (or, with a negative 端数円数, gives back) a unit.

    Without 端数円数 nobody has one.
    """
    way, name, weight = drawn.steps.way, drawn.weight.column.name, cells.weight
    if drawn.ranks is not None:
        return f"=IF({cells.spare}=0,0,INDEX({drawn.ranks.name},{MEMBER_ORDER}))"
    if way.rest is not RestOrder.REMAINDER:
        return None
    rests = product.rests + _taken(_raised(product.rests, divisor, way.mode), divisor)
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


def _added(cells: _Cells, drawn: Drawn) -> str | None:
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
    over = f"{spare}-({rank}-1)*{unit}"
    return f"IF({rank}*{unit}<={spare},{unit},IF({over}>0,{over},0))"


def _narrow(cells: _Cells, drawn: Drawn) -> _Product:
    name, steps = drawn.weight.column.name, drawn.steps
    left = f"{cells.left}/{steps.common}" if steps.common > 1 else cells.left
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
