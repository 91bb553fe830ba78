"""Days, months and fiscal years inside a line, and the 時点 of 基礎数値."""

import re
from datetime import date

from apportion.language import messages
from apportion.language.cursor import Cursor, LineError, as_name
from apportion.language.forms import example
from apportion.language.names import Lexicon
from apportion.language.scan import Piece
from apportion.rulebook import Bind
from apportion.text import fold
from apportion.year import FiscalYear, parse_date

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
_AFTER_DAY = ("現在", "から")


def day(cursor: Cursor) -> date:
    """Read a day, which must stand here."""
    found = cursor.match(_DAY)
    if found is None:
        raise cursor.error()
    known = parse_date(found.group())
    if known is None:
        raise LineError(messages.no_date(cursor.since(found.start()).source, cursor.form))
    return known


def month(cursor: Cursor) -> date:
    """Read a month (`令和4年1月`) as its first day."""
    found = cursor.match(_MONTH)
    if found is None:
        raise cursor.error()
    known = parse_date(f"{found[1]}年{found[2] or found[3]}月1日")
    if known is None:
        raise LineError(messages.no_date(cursor.since(found.start()).source, cursor.form))
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
    text = piece.text
    opened = text.rfind("(")
    if opened < 0 or not text.endswith(")"):
        raise LineError(messages.unfinished(piece.source, ("（時点）",), _dated(piece)))
    equals = text.find("=", 0, opened)
    heading = piece.cut(piece.start + equals + 1, piece.start + opened)
    alias = piece.cut(piece.start, piece.start + equals) if equals >= 0 else heading
    inside = piece.cut(piece.start + opened + 1, piece.end - 1)
    cursor = Cursor(inside, example("基礎数値"))
    years = _as_of(cursor, lexicon.year)
    cursor.end()
    return Bind(
        alias=as_name(alias),
        heading=as_name(heading),
        as_of=inside.text.replace(" ", "").removesuffix("現在"),
        average=bool(years),
        years=years,
        source=piece.source,
    )


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


def _as_of(cursor: Cursor, this: FiscalYear) -> tuple[FiscalYear, ...]:
    """Read a 時点; the years of an average, else nothing."""
    if _DAY.match(cursor.text, cursor.skip()):
        day(cursor)
        if not cursor.take("現在"):
            _to_day(cursor)
        return ()
    first = fiscal(cursor, this)
    if not cursor.take("から"):
        cursor.take(*_NATURES)
        return ()
    last = fiscal(cursor, this)
    cursor.need("まで平均")
    if last < first:
        right = f"{last.label}から{first.label}まで平均"
        raise LineError(messages.backward_years(cursor.piece.source, right))
    return tuple(first + step for step in range(last.start - first.start + 1))


def _to_day(cursor: Cursor) -> None:
    if not cursor.take("から"):
        raise cursor.error(*_AFTER_DAY)
    day(cursor)
    cursor.need("まで")
