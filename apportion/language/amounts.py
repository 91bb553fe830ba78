"""Numbers with their units: `30%`, `30/100`, `100分の30`, `27千円`."""

import re
from fractions import Fraction

from apportion.language import messages
from apportion.language.cursor import Cursor, LineError
from apportion.language.scan import Piece
from apportion.rulebook import Money, Number, Ratio

YEN = {"億円": 10**8, "百万円": 10**6, "万円": 10**4, "千円": 10**3, "円": 1}
SCALES = {"百万": 10**6, "億": 10**8, "万": 10**4, "千": 10**3, "": 1}
PERCENT = ("%", "パーセント")
SHARE_UNITS = ("%", "円", "千円")
AMOUNT_UNITS = ("円", "千円")

NUMBER = r"[0-9][0-9,.]*"
QUANTITY = rf"({NUMBER})\s*({'|'.join(SCALES)})\s*([^0-9\s]*?)"
"""Pattern of `1,000人` and `3万人`: number, scale, counter."""

_DIGITS = re.compile(r"[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?")
_WELL_FORMED = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_WARI = re.compile(r"\s*割(?:\s*([0-9])\s*分)?")
_AFTER_NUMBER = " を、,+()"
_TOO_MANY = 30
_MOST = 10**8


def digits_ahead(cursor: Cursor) -> bool:
    """Whether a number stands here."""
    return _DIGITS.match(cursor.text, cursor.skip()) is not None


def number(cursor: Cursor) -> Number:
    """Read a bare number, which must stand here."""
    found = cursor.match(_DIGITS)
    if found is None:
        raise cursor.error()
    return exact(cursor.piece.cut(*found.span()))


def exact(piece: Piece) -> Number:
    """Read the whole piece as a number."""
    if len(piece.text) > _TOO_MANY or not _WELL_FORMED.fullmatch(piece.text):
        raise LineError(messages.no_number(piece.source))
    return Number(Fraction(piece.text.replace(",", "")), piece.source)


def quantity(piece: Piece, found: re.Match[str], group: int) -> tuple[Number, str]:
    """Give number and counter of the QUANTITY whose first group is `group` of `found`."""
    bare = exact(piece.cut(*found.span(group)))
    spread = piece.cut(found.start(group), found.end(group + 2)).source
    return Number(bare.value * SCALES[found[group + 1]], spread), found[group + 2].strip()


def whole(cursor: Cursor, least: int = 1, most: int = _MOST) -> int:
    """Read a whole number from `least` to `most`."""
    found = number(cursor)
    if found.value.denominator != 1 or not least <= found.value <= most:
        raise LineError(messages.not_whole(found.source, least, most))
    return int(found.value)


def share(cursor: Cursor) -> Ratio | Money:
    """Read a part or an amount: `50%`, `3分の1`, `27千円`."""
    start = cursor.skip()
    value = number(cursor)
    if (part := part_after(cursor, start, value)) is not None:
        return part
    if unit := cursor.take(*YEN):
        return Money(value.value * YEN[unit.text], cursor.since(start).source)
    _refuse_wari(cursor, start, value)
    raise _no_unit(cursor, start, SHARE_UNITS)


def ratio(cursor: Cursor) -> Ratio:
    """Read a part, which must stand here."""
    start = cursor.skip()
    value = number(cursor)
    if (part := part_after(cursor, start, value)) is not None:
        return part
    if cursor.take(*YEN):
        raise LineError(messages.wrong_unit(cursor.since(start).source, "割合", cursor.form))
    _refuse_wari(cursor, start, value)
    raise _no_unit(cursor, start, PERCENT[:1])


def amount(cursor: Cursor) -> Money:
    """Read an amount, which must stand here."""
    start = cursor.skip()
    value = number(cursor)
    if unit := cursor.take(*YEN):
        return Money(value.value * YEN[unit.text], cursor.since(start).source)
    if part_after(cursor, start, value) is not None:
        raise LineError(messages.wrong_unit(cursor.since(start).source, "金額", cursor.form))
    raise _no_unit(cursor, start, AMOUNT_UNITS)


def part_after(cursor: Cursor, start: int, value: Number) -> Ratio | None:
    """Read on after the first number of a part: `30` is followed by `%`, `/100` or `分の30`."""
    if cursor.take(*PERCENT):
        return Ratio(value.value / 100, cursor.since(start).source)
    if cursor.take("/"):
        return _fraction(cursor, start, value, number(cursor))
    if cursor.take("分の"):
        return _fraction(cursor, start, number(cursor), value)
    return None


def _fraction(cursor: Cursor, start: int, above: Number, below: Number) -> Ratio:
    source = cursor.since(start).source
    if not below.value:
        raise LineError(messages.zero(source))
    return Ratio(above.value / below.value, source)


def _no_unit(cursor: Cursor, start: int, units: tuple[str, ...]) -> LineError:
    """No unit at all, a bare 万, or one that is none of `units`."""
    bare = cursor.since(start)
    if cursor.take(*(scale for scale in SCALES if scale)):
        return LineError(messages.no_unit(cursor.since(start).source, ("円",)))
    if cursor.done or cursor.text[bare.end] in _AFTER_NUMBER:
        return LineError(messages.no_unit(bare.source, units))
    return cursor.error(*units)


def _refuse_wari(cursor: Cursor, start: int, value: Number) -> None:
    """`3割`, `2割5分` and `5‰` have a mend of their own."""
    if found := cursor.match(_WARI):
        tenths = value.value / 10 + Fraction(int(found[1] or 0), 100)
        raise LineError(messages.wari(cursor.since(start).source, tenths))
    if cursor.take("‰"):
        raise LineError(messages.wari(cursor.since(start).source, value.value / 1000))
