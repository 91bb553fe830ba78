"""The doors: what a cell says, as a value of the model or as the fault that keeps it out.

This is where text becomes yen, a figure, a date or a code; nowhere else.
"""

import re
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from apportion.core.model import Yen
from apportion.core.problem import Findings, Source
from apportion.core.text import fold
from apportion.core.year import parse_date, revises
from apportion.tables.grid import Cell, Kind

_PARENTHESIS = re.compile(r"(.+?) *\(([^()]+)\) *")
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

_NUMBER = re.compile(r"([-△▲]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]+)?")
_WITH_UNIT = re.compile(r"([-△▲]?[0-9,]*[0-9](?:\.[0-9]+)?)([^0-9,.]+)")
_LONGEST = 30
_DASHES = frozenset("-ー―─")
_DATE_LIKE = re.compile(r"[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}-[A-Za-z]{3}|[0-9]{1,4}/[0-9/]+")
_CODE = re.compile(r"[0-9]{6}")
_CODE_WEIGHTS = (6, 5, 4, 3, 2)


class Fault(NamedTuple):
    """A problem that does not know its place yet."""

    code: str
    what: str
    why: str = ""
    fix: str = ""

    def add_to(self, findings: Findings, source: Source) -> None:
        """Note the problem, now that its place is known."""
        findings.add(self.code, source, self.what, why=self.why, fix=self.fix)


def yen(cell: Cell, unit: str) -> Yen | Fault:
    """Whole yen of an amount written in `unit` (one of MONEY): 10.5 under 千円 is 10,500."""
    value = _number(cell, unit, "「0」と書き、「－」は備考の列に書いてください。")
    if isinstance(value, Fault):
        return value
    amount = value * MONEY[unit]
    if amount.denominator == 1:
        return Yen(amount.numerator)
    return Fault(
        "W116",
        f"「{cell.text}」{unit}は1円に満たない端数を含みます。",
        "予算と収入は円の単位で閉じるので、円未満は書けません。",
        f"「{plain(Fraction(amount.__floor__(), MONEY[unit]))}」のように、"
        "円未満のない額に直してください。",
    )


def fraction(cell: Cell, unit: str) -> Fraction | Fault:
    """Figure written in `unit`, exact; yen units give 円."""
    value = _number(cell, unit, "値がなければ空欄にし、0 なら「0」と書いてください。")
    return value if isinstance(value, Fault) else value * MONEY.get(unit, 1)


def day(cell: Cell) -> date | Fault:
    """Day written as `2005-10-01`, `令和7年4月1日` or `R7.4.1`."""
    return parse_date(cell.text) or Fault(
        "W124",
        f"「{cell.text}」を日付として読めません。",
        "年月日が決まらないと、その団体がいつからいつまであるのかが決まりません。",
        "「2005-10-01」か「平成17年10月1日」の形で書いてください。",
    )


def body_code(cell: Cell) -> str | Fault:
    """団体コード of 6 digits whose last one is the check digit of the others."""
    code = digits(cell.text)
    if not _CODE.fullmatch(code):
        return Fault(
            "W121",
            f"団体コード「{cell.text}」は6桁の数字ではありません。",
            "団体コードは、都道府県2桁、市区町村3桁、検査数字1桁の6桁です。",
            "総務省の「全国地方公共団体コード」の6桁を書いてください。",
        )
    if code[5] == check_digit(code[:5]):
        return code
    return Fault(
        "W122",
        f"団体コード「{code}」の6桁目（検査数字）が合いません。",
        f"先頭の5桁「{code[:5]}」の検査数字は「{check_digit(code[:5])}」です。",
        f"5桁が正しければ「{code[:5]}{check_digit(code[:5])}」に直してください。",
    )


def restored_code(cell: Cell) -> str | None:
    """Six digits of a code whose leading 0 was lost, as Excel loses it, or None."""
    code = "0" + digits(cell.text)
    return code if _CODE.fullmatch(code) and code[5] == check_digit(code[:5]) else None


def lost_zero(cell: Cell, code: str) -> Fault:
    """Fault of a code that `restored_code` could mend."""
    return Fault(
        "W123",
        f"団体コード「{cell.text}」の先頭の 0 が消えています。",
        "Excel は、数字だけのセルを数とみなして先頭の 0 を消します。",
        f"「{code}」に直してください。Excel では、先に列の表示形式を「文字列」にします。",
    )


def check_digit(five: str) -> str:
    """Last digit of the 団体コード that begins with these five."""
    weighted = sum(int(sign) * weight for sign, weight in zip(five, _CODE_WEIGHTS, strict=True))
    return str((11 - weighted % 11) % 10)


def digits(text: str) -> str:
    """`text` in half width without spaces."""
    return fold(text).replace(" ", "")


def plain(value: Fraction) -> str:
    """`20000` or `10.5`: a finite decimal as it is typed into a cell."""
    scale = 0
    while (value * 10**scale).denominator != 1:
        scale += 1
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(int(value * 10**scale)), 10**scale)
    return f"{sign}{whole}.{rest:0{scale}}" if scale else f"{sign}{whole}"


def _number(cell: Cell, unit: str, absent: str) -> Fraction | Fault:
    text = digits(cell.text)
    if cell.kind is Kind.DATE or _DATE_LIKE.fullmatch(text):
        return Fault(
            "W117",
            f"数の欄が日付「{cell.text}」になっています。",
            "Excel は「1/3」のような入力を日付に変えます。",
            "セルの表示形式を「標準」に戻し、数を入れ直してください。",
        )
    if text in _DASHES:
        return Fault(
            "W115", f"数の欄に「{cell.text}」があります。", "記号は数ではありません。", absent
        )
    value = _value(text)
    return (_without_unit(cell, unit) or _not_a_number(cell)) if value is None else value


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
    return Fault(
        "W114",
        f"「{cell.text}」には単位が付いています。",
        f"単位は見出しにあり（{unit}）、セルには数だけを書きます。",
        f"「{mended}」に直してください。",
    )


def _same_measure(written: str, unit: str) -> bool:
    return written == unit or (written in MONEY and unit in MONEY)


def _not_a_number(cell: Cell) -> Fault:
    return Fault(
        "W113",
        f"「{cell.text}」を数として読めません。",
        "推測で数に直すと、負担金が違っていても気付けません。",
        "「20000」「20,000」「10.5」「△500」のような数だけを書いてください。",
    )
