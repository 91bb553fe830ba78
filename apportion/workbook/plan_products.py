"""Helper columns for products too wide for one cell: INT(余り * w / W) in two limbs of 10^5.

    桁 = INT(w / 10^5)
    商上 = INT(余り * 桁 / W)
    積下 = (余り * 桁 - 商上 * W) * 10^5 + 余り * (w - 桁 * 10^5)
    商下 = INT(積下 / W)                          INT(余り * w / W) = 商上 * 10^5 + 商下

For W below 5 * 10^9 every number on the way is below 10^15. From 10^14 on a quotient may come out a
hair too large; there `INT` is corrected: one less where quotient * W exceeds the product.
"""

from typing import NamedTuple

from apportion.workbook.plan_columns import Column, Columns, value_of
from apportion.workbook.plan_layout import BASIS, LEFT, WHOLE, Line
from apportion.workbook.plan_spread import Spread
from apportion.workbook.refs import Live, quoted

NARROW = 10**7
"""Sum of weights up to which 余り * w stays below 10^14, where one plain INT is exact."""

PLAIN = 10**14
"""Product up to which plain INT of a quotient is exact (measured)."""

LIMB = 10**5


class Limbs(NamedTuple):
    """Columns 商上, 積下 and 商下 of one 経費."""

    above: Column
    product: Column
    below: Column


def limb_column(columns: Columns, weights: Column) -> Column:
    """桁 of a column of weights."""
    own = columns.new(f"桁_{weights.name}", f"{weights.name}÷{LIMB:,} の\n整数部分", "")
    quotients = (
        Live(f"=INT({weights.at(i)}/{LIMB})", weight // LIMB)
        for i, weight in enumerate(weights.values)
    )
    return columns.fill(own, quotients)


def limbs(columns: Columns, line: Line, steps: Spread, pair: tuple[Column, Column]) -> Limbs:
    """商上, 積下 and 商下 of a 経費; `pair` are its columns of weights and 桁."""
    number = line.number
    above = _above(columns, line, steps, pair[1])
    product = _product(columns, number, above, pair)
    own = columns.new(f"商下{number}", "積下÷W の\n整数部分", "")
    largest = 2 * steps.whole * LIMB
    quotients = (
        Live(_quotient(product.at(i), above.second, largest), value // steps.whole)
        for i, value in enumerate(product.values)
    )
    return Limbs(above, product, columns.fill(own, quotients))


def _above(columns: Columns, line: Line, steps: Spread, limb: Column) -> Column:
    """商上; 余り and W of the 経費 stand above it, taken from 計算根拠."""
    left, whole = (f"={quoted(BASIS)}!{letter}{line.basis + 1}" for letter in (LEFT, WHOLE))
    constants = (Live(left, steps.left), Live(whole, steps.whole))
    own = columns.new(
        f"商上{line.number}", "余り×桁÷W の\n整数部分", "定数1＝余り\n定数2＝W", constants
    )
    largest = steps.whole * max(limb.values)
    quotients = (
        Live(
            _quotient(f"{own.first}*{limb.at(i)}", own.second, largest),
            steps.left * high // steps.whole,
        )
        for i, high in enumerate(limb.values)
    )
    return columns.fill(own, quotients)


def _product(columns: Columns, number: int, above: Column, pair: tuple[Column, Column]) -> Column:
    weights, limb = pair
    left, whole = (value_of(constant) or 0 for constant in above.constants)
    rows = zip(weights.values, limb.values, above.values, strict=True)
    products = (
        Live(
            f"=({above.first}*{limb.at(i)}-{above.at(i)}*{above.second})*{LIMB}"
            f"+{above.first}*({weights.at(i)}-{limb.at(i)}*{LIMB})",
            (left * high - quotient * whole) * LIMB + left * (weight - high * LIMB),
        )
        for i, (weight, high, quotient) in enumerate(rows)
    )
    return columns.fill(columns.new(f"積下{number}", "上の桁の残りと\n下の桁の積", ""), products)


def _quotient(product: str, whole: str, largest: int) -> str:
    """INT of a quotient, corrected where the product may be too large for plain INT."""
    plain = f"INT({product}/{whole})"
    return f"={plain}" if largest < PLAIN else f"={plain}-IF({plain}*{whole}>{product},1,0)"
