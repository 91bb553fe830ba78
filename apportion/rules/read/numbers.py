"""Numbers with their units: `30%`, `30/100`, `100分の30`, `27千円`."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

from apportion.core.problem import tell
from apportion.core.text import fold
from apportion.core.year import FiscalYear, parse_date, wareki
from apportion.rules import messages
from apportion.rules.book import Bind
from apportion.rules.nodes import Money, Number, Ratio
from apportion.rules.read.forms import example
from apportion.rules.read.names import Cursor, Lexicon, LineError, as_name
from apportion.rules.read.scan import Piece

_YEAR = r"(?:(?:令和|平成|昭和|[RHSrhs])\s*(?:[0-9]{1,2}|元)|[0-9]{4})"
_DAY = re.compile(
    rf"{_YEAR}\s*(?:年\s*[0-9]{{1,2}}\s*月\s*[0-9]{{1,2}}\s*日|[./-][0-9]{{1,2}}[./-][0-9]{{1,2}})"
)
_MONTH = re.compile(rf"({_YEAR})\s*(?:年\s*([0-9]{{1,2}})\s*月|[./-]([0-9]{{1,2}}))")
_FISCAL = re.compile(rf"{_YEAR}\s*(?:年度)?")
_RELATIVE = {"前々年度": -2, "前年度": -1, "当年度": 0}
_NATURES = ("実績", "決算", "算定", "予算", "見込")
_BEFORE_DUE = re.compile(r"納期限の\s*([0-9]{1,3})\s*日前")
_REISSUE = re.compile(r"第\s*([0-9]{1,2})\s*回(?:\s*、\s*(.+))?")
_SETTLED = re.compile(r"\)\s*、\s*精算は\s*\(([^()]*)\)$")
OVER = ("平均", "合計")
"""What is made of the figures of several years."""
_AFTER_DAY = ("現在", "から")
_LAST_DAY = 28
"""The last day that each month of each year has."""


def day(cursor: Cursor) -> date:
    """Read a day, which must stand here."""
    found = cursor.match(_DAY)
    if found is None:
        raise cursor.error()
    known = parse_date(found.group())
    if known is None:
        raise LineError(tell("W220.day", cursor.since(found.start()).source, form=cursor.form))
    return known


def month(cursor: Cursor) -> date:
    """Read a month (`令和4年1月`) as its first day."""
    found = cursor.match(_MONTH)
    if found is None:
        raise cursor.error()
    known = parse_date(f"{found[1]}年{found[2] or found[3]}月1日")
    if known is None:
        raise LineError(tell("W220.day", cursor.since(found.start()).source, form=cursor.form))
    return known


def fiscal(cursor: Cursor, this: FiscalYear) -> FiscalYear:
    """Read a fiscal year: `令和6年度`, `前年度` (seen from `this`)."""
    if word := cursor.take(*_RELATIVE):
        return this + _RELATIVE[word.text]
    found = cursor.match(_FISCAL)
    year = FiscalYear.parse(found.group()) if found else None
    if year is None:
        raise cursor.error(*_RELATIVE)
    return year


def bind(piece: Piece, lexicon: Lexicon) -> Bind:
    """Read one 基礎数値."""
    if again := _SETTLED.search(piece.text):
        now = bind(piece.cut(piece.start, piece.start + again.start() + 1), lexicon)
        return replace(now, settled=_at_settlement(now, piece, again, lexicon))
    text = piece.text
    opened = text.rfind("(")
    if opened < 0 or not text.endswith(")"):
        raise LineError(messages.unfinished(piece.source, ("（時点）",), _dated(piece)))
    equals = text.find("=", 0, opened)
    heading = piece.cut(piece.start + equals + 1, piece.start + opened)
    alias = piece.cut(piece.start, piece.start + equals) if equals >= 0 else heading
    inside = piece.cut(piece.start + opened + 1, piece.end - 1)
    cursor = Cursor(inside, example("基礎数値"))
    years, days = _as_of(cursor, lexicon.year)
    cursor.end()
    return Bind(
        alias=as_name(alias),
        heading=as_name(heading),
        as_of=_time(inside),
        over=_over(inside) if years or days else "",
        years=years,
        days=days,
        source=piece.source,
    )


def _over(inside: Piece) -> str:
    return next(word for word in OVER if inside.text.endswith(word))


def _at_settlement(now: Bind, piece: Piece, found: re.Match[str], lexicon: Lexicon) -> Bind:
    """The same figure at the time of `、精算は（当年度実績）`."""
    inside = piece.cut(piece.start + found.start(1), piece.start + found.end(1))
    cursor = Cursor(inside, example("基礎数値"))
    years, days = _as_of(cursor, lexicon.year)
    cursor.end()
    return replace(
        now,
        as_of=_time(inside),
        over=_over(inside) if years or days else "",
        years=years,
        days=days,
        source=piece.source,
    )


def _time(inside: Piece) -> str:
    return inside.text.replace(" ", "").removesuffix("現在")


def _dated(piece: Piece) -> str:
    """The line with a 時点, as an example."""
    return f"基礎数値: {piece.text.rstrip('(')}（令和2年10月1日現在）"


def days_before_due(text: str) -> int | None:
    """Days of `納期限の15日前` (発行日, 通知期限 with まで); None for other words."""
    found = _BEFORE_DUE.fullmatch(fold(text).strip().removesuffix("まで"))
    return int(found[1]) if found else None


def reissue(text: str) -> tuple[int, str] | None:
    """Number and former invoice of `第1回、令和7年7月16日付け 第12号に代わるもの` (再発行)."""
    written = text.strip()
    found = _REISSUE.fullmatch(fold(written))
    if found is None:
        return None
    return int(found[1]), written[found.start(2) :] if found[2] else ""


def _as_of(cursor: Cursor, this: FiscalYear) -> tuple[tuple[FiscalYear, ...], tuple[date, ...]]:
    """Read a 時点; the years or the days of a 平均 or 合計, else nothing."""
    if _DAY.match(cursor.text, cursor.skip()):
        begin = day(cursor)
        return (), () if cursor.take("現在") else _to_day(cursor, begin)
    first = fiscal(cursor, this)
    if not cursor.take("から"):
        cursor.take(*_NATURES)
        return (), ()
    last = fiscal(cursor, this)
    cursor.need("まで")
    over = cursor.need(*OVER).text
    if last < first:
        right = f"{last.label}から{first.label}まで{over}"
        raise LineError(tell("W220.years", cursor.piece.source, new=right))
    return tuple(first + step for step in range(last.start - first.start + 1)), ()


def _to_day(cursor: Cursor, begin: date) -> tuple[date, ...]:
    """`から…まで`, a window; with 平均 or 合計 the same day of each year (its days)."""
    if not cursor.take("から"):
        raise cursor.error(*_AFTER_DAY)
    start = cursor.skip()
    end = day(cursor)
    last = cursor.since(start).source
    cursor.need("まで")
    if not cursor.take(*OVER):
        return ()
    if (begin.month, begin.day) != (end.month, end.day) or begin >= end or begin.day > _LAST_DAY:
        raise LineError(tell("W220.days", last, begin=wareki(begin)))
    return tuple(begin.replace(year=year) for year in range(begin.year, end.year + 1))


YEN = {"億円": 10**8, "百万円": 10**6, "万円": 10**4, "千円": 10**3, "円": 1}
SCALES = {"百万": 10**6, "億": 10**8, "万": 10**4, "千": 10**3, "": 1}
PERCENT = ("%", "パーセント")
SHARE_UNITS = ("%", "円", "千円")
AMOUNT_UNITS = ("円", "千円")

NUMBER = r"[0-9][0-9,.]*+"
BEFORE = r"((?:\s*(?:[0-9][0-9,.]*+|[^\s0-9]))*?)"
"""Pattern of what stands before a number: it ends where a number, or spaces before one, may begin."""
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
    value = value_of(piece.text)
    if value is None:
        raise LineError(messages.no_number(piece.source))
    return Number(value, piece.source)


def value_of(text: str) -> Fraction | None:
    """The number that a text is; None where it is none, as `1.2.3` and `1,5`."""
    if len(text) > _TOO_MANY or not _WELL_FORMED.fullmatch(text):
        return None
    return Fraction(text.replace(",", ""))


def quantity(piece: Piece, found: re.Match[str], group: int) -> tuple[Number, str]:
    """Give number and counter of the QUANTITY whose first group is `group` of `found`."""
    bare = exact(piece.cut(*found.span(group)))
    spread = piece.cut(found.start(group), found.end(group + 2)).source
    return Number(bare.value * SCALES[found[group + 1]], spread), found[group + 2].strip()


def whole(cursor: Cursor, least: int = 1, most: int = _MOST) -> int:
    """Read a whole number from `least` to `most`."""
    found = number(cursor)
    if found.value.denominator != 1 or not least <= found.value <= most:
        raise LineError(
            tell("W223.whole", found.source, least=least, most=most, new=str(max(least, 1)))
        )
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
        raise LineError(tell("W224", cursor.since(start).source, wanted="割合", form=cursor.form))
    _refuse_wari(cursor, start, value)
    raise _no_unit(cursor, start, PERCENT[:1])


def amount(cursor: Cursor) -> Money:
    """Read an amount, which must stand here."""
    start = cursor.skip()
    value = number(cursor)
    if unit := cursor.take(*YEN):
        return Money(value.value * YEN[unit.text], cursor.since(start).source)
    if part_after(cursor, start, value) is not None:
        raise LineError(tell("W224", cursor.since(start).source, wanted="金額", form=cursor.form))
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
        raise LineError(tell("W223.zero", source))
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
