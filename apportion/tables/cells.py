"""The doors: what a cell says, as a value of the model or as the fault that keeps it out.

This is where text becomes yen, a figure, a date or a code; nowhere else.
"""

import re
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from apportion.core.model import Yen
from apportion.core.problem import Fault, fault
from apportion.core.text import fold
from apportion.core.year import parse_date, revises
from apportion.tables.grid import Cell, CellKind

_PARENTHESIS = re.compile(r"((?: *[^ ])+?) *\(([^()]+)\) *")
_COMMA = re.compile(r"[、,]")


class Measure(NamedTuple):
    """A column of numbers: its heading before the last parenthesis, unit and as-of from inside.

    `name` is as written, `unit` and `as_of` are folded without spaces; `as_of` may be empty.
    """

    heading: Cell
    name: str
    unit: str
    as_of: str

    @property
    def is_money(self) -> bool:
        """Whether the parenthesis holds a yen unit and nothing else but the day of a 補正."""
        return self.unit in MONEY and (not self.as_of or revises(self.name) is not None)


def measure(heading: Cell) -> Measure | None:
    """Read the parenthesis at the end of `heading`; None where there is none."""
    match = _PARENTHESIS.fullmatch(fold(heading.text))
    if match is None:
        return None
    # Folding keeps the length, so the name is cut from the heading as written.
    return Measure(heading, heading.text[: match.end(1)], *_inside(match))


def as_of(heading: str) -> str:
    """What stands behind the unit in the parenthesis of a heading, folded; empty for nothing."""
    match = _PARENTHESIS.fullmatch(fold(heading))
    return _inside(match)[1] if match else ""


def _inside(match: re.Match[str]) -> tuple[str, str]:
    unit, *rest = _COMMA.split(match[2].replace(" ", ""), maxsplit=1)
    return unit, "".join(rest)


MONEY = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "億円": 100_000_000}
"""Yen units of headings."""

NOTHING = Yen(0)
"""What an amount with a reported fault counts as, so that one mistake gives one message."""

_YEN_SIGN = chr(0xA5)  # cp932 has no such sign
TOO_LARGE = 10**15
"""Yen that Excel no longer holds: it keeps 15 digits of a number."""
# Commas in threes only: `1,00` is a slip and no hundred.
_NUMBER = re.compile(r"([-△▲]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]+)?")
_WITH_UNIT = re.compile(r"([-△▲]?[0-9,]*[0-9](?:\.[0-9]+)?)([^0-9,.]+)")
_LONGEST = 30
_DASHES = frozenset("-ー―─")
# What Excel makes of `1/3` and then saves into a CSV: 1月3日, 3-Jan.
_DATE_LIKE = re.compile(r"[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}-[A-Za-z]{3}|[0-9]{1,4}/[0-9/]+")
_CODE = re.compile(r"[0-9]{6}")
_DECIMAL_ZERO = re.compile(r"(?<=[0-9])\.0+$")
# Of the check digit: 11 less the weighted sum modulo 11, its last digit.
_CODE_WEIGHTS = (6, 5, 4, 3, 2)


def yen(cell: Cell, unit: str) -> Yen | Fault:
    """Whole yen of an amount written in `unit` (one of MONEY): 10.5 under 千円 is 10,500."""
    value = _number(cell, unit, blank=False)
    if isinstance(value, Fault):
        return value
    amount = value * MONEY[unit]
    if abs(amount) >= TOO_LARGE:
        return fault("W112.large", cell=cell.text, unit=unit)
    if amount.denominator == 1:
        return Yen(amount.numerator)
    return fault(
        "W116", cell=cell.text, unit=unit, whole=plain(Fraction(amount.__floor__(), MONEY[unit]))
    )


def fraction(cell: Cell, unit: str) -> Fraction | Fault:
    """Figure written in `unit`, exact; yen units give 円."""
    value = _number(cell, unit, blank=True)
    if isinstance(value, Fault) or unit not in MONEY:
        return value
    amount = value * MONEY[unit]
    return fault("W112.large", cell=cell.text, unit=unit) if abs(amount) >= TOO_LARGE else amount


def day(cell: Cell) -> date | Fault:
    """Day written as `2005-10-01`, `令和7年4月1日` or `R7.4.1`."""
    return parse_date(cell.text) or fault("W124.period", cell=cell.text)


def body_code(cell: Cell) -> str | Fault:
    """団体コード of 6 digits whose last one is the check digit of the others."""
    code = code_digits(cell.text)
    if not _CODE.fullmatch(code):
        return fault("W121", cell=cell.text)
    if code[5] == check_digit(code[:5]):
        return code
    return fault("W122", code=code, first=code[:5], check=check_digit(code[:5]))


def restored_code(cell: Cell) -> str | None:
    """Six digits of a code whose leading 0 was lost, as Excel loses it, or None."""
    code = "0" + code_digits(cell.text)
    return code if _CODE.fullmatch(code) and code[5] == check_digit(code[:5]) else None


def lost_zero(cell: Cell, code: str) -> Fault:
    """Fault of a code that `restored_code` could mend."""
    return fault("W123", cell=cell.text, code=code)


def check_digit(five: str) -> str:
    """Last digit of the 団体コード that begins with these five."""
    weighted = sum(int(sign) * weight for sign, weight in zip(five, _CODE_WEIGHTS, strict=True))
    return str((11 - weighted % 11) % 10)


def digits(text: str) -> str:
    """`text` in half width without spaces."""
    return fold(text).replace(" ", "")


def code_digits(text: str) -> str:
    """A written code without what other programs add: `98019.0` and `'098019` are numbers of it."""
    return _DECIMAL_ZERO.sub("", digits(text).removeprefix("'"))


def plain(value: Fraction) -> str:
    """`20000` or `10.5`: a finite decimal as it is typed into a cell."""
    scale = 0
    while (value * 10**scale).denominator != 1:
        scale += 1
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(int(value * 10**scale)), 10**scale)
    return f"{sign}{whole}.{rest:0{scale}}" if scale else f"{sign}{whole}"


def _number(cell: Cell, unit: str, *, blank: bool) -> Fraction | Fault:
    text = digits(cell.text)
    if cell.unit and not _fits(cell.unit.replace(" ", ""), unit):
        return fault("W130.unit", cell=cell.text, shown=cell.unit, unit=unit)
    if cell.kind is CellKind.DATE or _DATE_LIKE.fullmatch(text):
        return fault("W117", cell=cell.text)
    if text in _DASHES:
        return fault("W115.blank" if blank else "W115", cell=cell.text)
    value = _value(text)
    return (_without_unit(cell, unit) or fault("W113", cell=cell.text)) if value is None else value


def _value(text: str) -> Fraction | None:
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > _LONGEST:
        return None
    whole, decimals = match[2].replace(",", ""), (match[3] or ".")[1:]
    value = Fraction(int(whole + decimals), 10 ** len(decimals))
    return -value if match[1] else value


def _without_unit(cell: Cell, unit: str) -> Fault | None:
    """Fault of `20,000千円` in a cell, with the number to write there instead."""
    match = _WITH_UNIT.fullmatch(digits(cell.text))
    value = _value(match[1]) if match else None
    if match is None or value is None or not _same_measure(match[2], unit):
        return None
    mended = plain(value * MONEY.get(match[2], 1) / MONEY.get(unit, 1))
    return fault("W114", cell=cell.text, unit=unit, mended=mended)


def _fits(shown: str, unit: str) -> bool:
    """Whether a number format and a heading may speak of one unit; ¥ stands for every one of money."""
    return shown == unit or (shown in {_YEN_SIGN, "\\"} and unit in MONEY)


def _same_measure(written: str, unit: str) -> bool:
    return written == unit or (written in MONEY and unit in MONEY)
