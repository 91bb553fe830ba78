"""Helper columns for products too wide for one cell: INT(余り * w / W) in two limbs of 10^5.

    桁 = INT(w / 10^5)
    商上 = INT(余り * 桁 / W)
    積下 = (余り * 桁 - 商上 * W) * 10^5 + 余り * (w - 桁 * 10^5)
    商下 = INT(積下 / W)                          INT(余り * w / W) = 商上 * 10^5 + 商下

For W below 5 * 10^9 every number on the way is below 10^15. From 10^14 on a quotient may come out a
hair too large; there `INT` is corrected: one less where quotient * W exceeds the product.
"""

from typing import NamedTuple

from apportion.workbook.plan_columns import Column, Columns
from apportion.workbook.plan_spread import Spread

NARROW = 10**7
"""Sum of weights up to which 余り * w stays below 10^14, where one plain INT is exact."""

PLAIN = 10**14
"""Product up to which plain INT of a quotient is exact (measured)."""

LIMB = 10**5


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
    times, left = steps.way.unit // steps.common, steps.left // steps.common
    over = f"({left_name(number)}/{steps.common})" if steps.common > 1 else left_name(number)
    whole = f"({whole_name(number)}*{times})" if times > 1 else whole_name(number)
    above = columns.add(
        f"商上{number}",
        ("余り×桁÷W の\n整数部分", ""),
        (left * high // steps.divisor for high in limb.values),
        _quotient(f"{over}*{limb.beside}", whole, steps.divisor * max(limb.values)),
    )
    product = columns.add(
        f"積下{number}",
        ("上の桁の残りと\n下の桁の積", ""),
        _products(steps, pair, above),
        f"=({over}*{limb.beside}-{above.beside}*{whole})*{LIMB}"
        f"+{over}*({weight.beside}-{limb.beside}*{LIMB})",
    )
    below = columns.add(
        f"商下{number}",
        (f"{product.name}÷W の\n整数部分", ""),
        (value // steps.divisor for value in product.values),
        _quotient(product.beside, whole, 2 * steps.divisor * LIMB),
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


def _quotient(product: str, whole: str, largest: int) -> str:
    """INT of a quotient, corrected where the product may be too large for plain INT."""
    plain = f"INT({product}/{whole})"
    return f"={plain}" if largest < PLAIN else f"={plain}-IF({plain}*{whole}>{product},1,0)"
