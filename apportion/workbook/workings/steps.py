"""Formulas of a 経費 on 計算書: what stands over its members, and the row of each.

T ＝ 商 × W ＋ 余り: T × w at once would have more digits than a cell holds. Where 余り × w still has
too many, w is cut in two (`LIMB`) and columns at the right hold the parts.
"""

from collections.abc import Iterator
from typing import NamedTuple

from apportion.rules.nodes import Mode, RestOrder
from apportion.workbook.sheets.live import operand, over, quotient, times
from apportion.workbook.workings.sharing import Spread

NARROW = 10**7
"""Sum of weights up to which 余り * w stays below 10^14, where one plain INT is exact."""

LIMB = 10**5
"""A weight below `MOST_WEIGHT` is cut here in two: each product with 余り stays below 10^15."""

BASE, WHOLE_YEN, APARTS, SHARED, WHOLE, QUOTIENT, LEFT, SPARE = "CDEFGHIJ"
"""Columns over the members: 対象額, 負担総額, 個別の計, T, W, 商, 余り, 端数円数."""

WEIGHT, EXACT, CUT, REMAINDER, RANK, ADDED, APART, CHARGE = "CDEFGHIJ"
"""Columns of a member: w, T×w÷W, 端数処理額, 剰余, 順位, 加算, 個別に決まる額, 負担金額."""

DIGITS, ABOVE, PRODUCT, BELOW = "KLMN"
"""Columns for large weights."""


class SheetArea(NamedTuple):
    """The rows of a 経費 as programs count: that over the members, and those of the members."""

    head: int
    first: int
    last: int

    def over(self, column: str) -> str:
        """A number over the members: `$F$8`."""
        return f"${column}${self.head}"

    def all(self, column: str) -> str:
        """The cells of all members: `$E$10:$E$63`."""
        return f"{column}${self.first}:{column}${self.last}"


class ColumnProduct(NamedTuple):
    """How floor(余り * w / divisor) and what it leaves are written."""

    floor: str
    rest: str


class Formulas:
    """The formulas of one 経費 in its rows."""

    def __init__(self, area: SheetArea, steps: Spread) -> None:
        self.area, self.steps = area, steps
        self.wide = steps.divisor > NARROW
        units = steps.way.unit // steps.common
        self._left = over(area.over(LEFT), steps.common)
        self._divisor = _factor(times(area.over(WHOLE), units))
        self._by = _factor(times(area.over(WHOLE), steps.way.unit))

    def head(self) -> Iterator[tuple[str, str, int]]:
        """Column, formula and value of T's parts: W, 商, 余り and 端数円数."""
        steps, over_all = self.steps, self.area.over
        yield WHOLE, f"=SUM({self.area.all(WEIGHT)})", steps.whole
        yield QUOTIENT, f"=INT({over_all(SHARED)}/{self._by})", steps.quotient
        left = f"={over_all(SHARED)}-{over_all(QUOTIENT)}*{self._by}"
        yield LEFT, left, steps.left
        yield SPARE, f"={over_all(SHARED)}-SUM({self.area.all(CUT)})", steps.spare

    def row(self, row: int, place: int) -> Iterator[tuple[str, str, float]]:
        """Column, formula and value of a member (by its place) in a row."""
        steps = self.steps
        weight, own = steps.weights[place], f"{WEIGHT}{row}"
        exact = float(steps.total) * weight / steps.whole
        yield EXACT, f"={self.area.over(SHARED)}*{own}/{self.area.over(WHOLE)}", exact
        if self.wide:
            yield from self._limbs(row, place)
        product = self._product(row)
        raised = self._raised(product.rest)
        floor = f"{self.area.over(QUOTIENT)}*{own}+{product.floor}{raised}"
        cut = f"=({floor})*{steps.way.unit}" if steps.way.unit > 1 else f"={floor}"
        yield CUT, cut, steps.cuts[place]
        taken = f"-({raised.removeprefix('+')})*{self._divisor}" if raised else ""
        yield REMAINDER, f"={product.rest}{taken}", steps.remainders[place]
        if self.steps.way.rest is RestOrder.REMAINDER:
            yield RANK, self._rank(row), steps.ranks[place]
        if self._by_rank:
            yield ADDED, self._added(row), steps.added[place]

    @property
    def _by_rank(self) -> bool:
        """Whether who is given something follows from a rank."""
        return self.steps.way.payer is None and self.steps.way.rest is not RestOrder.NONE

    def _product(self, row: int) -> ColumnProduct:
        if self.wide:
            return ColumnProduct(
                f"{ABOVE}{row}*{LIMB}+{BELOW}{row}",
                f"{PRODUCT}{row}-{BELOW}{row}*{self._divisor}",
            )
        floor = f"INT({self._left}*{WEIGHT}{row}/{self._divisor})"
        return ColumnProduct(floor, f"{self._left}*{WEIGHT}{row}-{floor}*{self._divisor}")

    def _limbs(self, row: int, place: int) -> Iterator[tuple[str, str, int]]:
        """桁, 商上, 積下 and 商下."""
        steps, rest = self.steps, _factor(self._left)
        left, weight = steps.left // steps.common, steps.weights[place]
        digits, divisor = weight // LIMB, self._divisor
        high = f"{rest}*{DIGITS}{row}"
        above = left * digits // steps.divisor
        product = (left * digits - above * steps.divisor) * LIMB + left * (weight - digits * LIMB)
        most = max(steps.weights) // LIMB
        yield DIGITS, f"=INT({WEIGHT}{row}/{LIMB})", digits
        yield ABOVE, f"={quotient(high, divisor, steps.divisor * most)}", above
        low = f"{rest}*({WEIGHT}{row}-{DIGITS}{row}*{LIMB})"
        yield PRODUCT, f"=({high}-{ABOVE}{row}*{divisor})*{LIMB}+{low}", product
        below = quotient(f"{PRODUCT}{row}", divisor, 2 * steps.divisor * LIMB)
        yield BELOW, f"={below}", product // steps.divisor

    def _raised(self, rest: str) -> str:
        """What 四捨五入 and 切上げ add to the whole units; nothing for 切捨て."""
        mode = self.steps.way.mode
        if mode is Mode.DOWN:
            return ""
        test = f"2*({rest})>={self._divisor}" if mode is Mode.HALF_UP else f"({rest})>0"
        return f"+IF({test},1,0)"

    def _rank(self, row: int) -> str:
        """Place in the order of who is given (or, with a negative 端数円数, gives back) a unit."""
        weight, spare = f"{WEIGHT}{row}", self.area.over(SPARE)
        ahead = self._ahead(row, ">")
        if self.steps.way.mode is not Mode.DOWN:
            ahead = f"IF({spare}<0,{self._ahead(row, '<')},{ahead})"
        return f"=IF({weight}*{spare}=0,0,{ahead})"

    def _ahead(self, row: int, far: str) -> str:
        """How many stand before a member, and itself: by remainder, then weight, then place."""
        rests, weights = self.area.all(REMAINDER), self.area.all(WEIGHT)
        rest, weight = f"{REMAINDER}{row}", f"{WEIGHT}{row}"
        near = (
            (f"{REMAINDER}${self.area.first}:{rest}", f"{WEIGHT}${self.area.first}:{weight}")
            if far == ">"
            else (f"{rest}:{REMAINDER}${self.area.last}", f"{weight}:{WEIGHT}${self.area.last}")
        )
        return (
            f'COUNTIFS({rests},"{far}"&{rest},{weights},">0")'
            f'+COUNTIFS({rests},{rest},{weights},"{far}"&{weight},{weights},">0")'
            f"+COUNTIFS({near[0]},{rest},{near[1]},{weight})"
        )

    def _added(self, row: int) -> str:
        """What the order gives the member: a unit, or the last in turn what is less than a unit."""
        way, rank, spare = self.steps.way, f"{RANK}{row}", self.area.over(SPARE)
        if way.unit == 1 and way.mode is Mode.DOWN:
            return f"=IF({rank}=0,0,IF({rank}<={spare},1,0))"
        given, back = _units(rank, spare, way.unit), _units(rank, f"-{spare}", way.unit)
        return f"=IF({rank}=0,0,IF({spare}<0,-{back},{given}))"


def _factor(text: str) -> str:
    """A part of a product: one cell as it is, all else in brackets."""
    return text if text.replace("$", "").isalnum() else operand(text)


def _units(rank: str, spare: str, unit: int) -> str:
    """A unit for the first ranks, what is left for the next, nothing for the others."""
    # 端数円数 need not be a multiple of the unit: the last in turn gets what is left.
    left = f"{spare}-({rank}-1)*{unit}"
    return f"IF({rank}*{unit}<={spare},{unit},IF({left}>0,{left},0))"
