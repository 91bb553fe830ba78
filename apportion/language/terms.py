"""端数, 上限 and 下限, 途中参加, 平準化: how amounts are cut, bounded, prorated and spread."""

import re
from datetime import date

from apportion.language import messages
from apportion.language.amounts import amount, digits_ahead, ratio, whole
from apportion.language.cursor import Cursor, LineError, as_name
from apportion.language.dates import fiscal, month
from apportion.language.forms import example
from apportion.language.names import Lexicon
from apportion.language.scan import Piece
from apportion.language.who import each
from apportion.rulebook import (
    Bound,
    Decimals,
    DueRounding,
    Mode,
    Money,
    Name,
    OfLine,
    OfPrevious,
    Proration,
    RestOrder,
    Rounding,
    Smoothing,
    Stage,
)

_UNITS = {"万円": 10**4, "千円": 10**3, "百円": 100, "十円": 10, "円": 1}
_MODES = {mode.value: mode for mode in Mode}
_STAGES = {stage.value: stage for stage in Stage}
_ORDERS = {order.value: order for order in RestOrder if order is not RestOrder.PAYER}
_MOST_DECIMALS, _MOST_MONTHS = 20, 1200
_LIMITS = ("前年度の", "経費の")
_PAYER_STOP = re.compile(r"が負担")


def rounding(piece: Piece, _lexicon: Lexicon) -> Rounding:
    """端数 of amounts."""
    cursor = Cursor(piece, example("端数"))
    unit, mode = _unit(cursor), _mode(cursor)
    stage = Stage.LINE
    if cursor.take("("):
        stage = _STAGES[cursor.need(*_STAGES).text]
        cursor.need(")")
    cursor.need("、差額は")
    rest, payer = _rest(cursor)
    cursor.end()
    return Rounding(unit=unit, mode=mode, stage=stage, rest=rest, payer=payer, source=piece.source)


def decimals(piece: Piece, _lexicon: Lexicon) -> Decimals:
    """端数 of a ■基準."""
    cursor = Cursor(piece, example("端数", "基準"))
    digits = 0
    if cursor.need("整数", "小数第").text == "小数第":
        digits = whole(cursor, most=_MOST_DECIMALS)
        cursor.need("位")
    mode = _mode(cursor)
    cursor.end()
    return Decimals(digits=digits, mode=mode, source=piece.source)


def due_rounding(piece: Piece, _lexicon: Lexicon) -> DueRounding:
    """期割の端数."""
    cursor = Cursor(piece, example("期割の端数"))
    unit, mode = _unit(cursor), _mode(cursor)
    cursor.need("、差額は")
    first = cursor.need("第1期", "最終期").text == "第1期"
    cursor.end()
    return DueRounding(unit=unit, mode=mode, first=first, source=piece.source)


def upper(piece: Piece, lexicon: Lexicon) -> Bound:
    """上限."""
    return _bound(Cursor(piece, example("上限")), lexicon, upper=True)


def lower(piece: Piece, lexicon: Lexicon) -> Bound:
    """下限."""
    return _bound(Cursor(piece, example("下限")), lexicon, upper=False)


def proration(piece: Piece, _lexicon: Lexicon) -> Proration:
    """途中参加."""
    cursor = Cursor(piece, example("途中参加"))
    method = cursor.need("月割", "日割", "全額", "翌年度から").text
    next_month = False
    # Only months have a first one that may count or not.
    if method == "月割" and cursor.take("("):
        next_month = cursor.need("参加した月を含む", "翌月から").text == "翌月から"
        cursor.need(")")
    carry = False
    if cursor.take("、減った分は"):
        carry = cursor.need("他の団体で負担", "繰越").text == "繰越"
    cursor.end()
    return Proration(method=method, next_month=next_month, carry=carry, source=piece.source)


def smoothing(piece: Piece, lexicon: Lexicon) -> Smoothing:
    """平準化."""
    cursor = Cursor(piece, example("平準化"))
    cursor.need("総額")
    total = amount(cursor)
    cursor.need("を")
    count = whole(cursor, most=_MOST_MONTHS)
    months = cursor.need("か月", "年").text == "か月"
    first = _start(cursor, lexicon, months=months)
    cursor.need("、端数は")
    rest_first = cursor.need("初年度", "最終年度").text == "初年度"
    cursor.end()
    return Smoothing(
        total=total,
        count=count,
        months=months,
        first=first,
        rest_first=rest_first,
        source=piece.source,
    )


def _unit(cursor: Cursor) -> int:
    """`円`, `千円`, `100円` as yen."""
    count = whole(cursor) if digits_ahead(cursor) else 1
    return count * _UNITS[cursor.need(*_UNITS).text]


def _mode(cursor: Cursor) -> Mode:
    cursor.need("未満")
    return _MODES[cursor.need(*_MODES).text]


def _rest(cursor: Cursor) -> tuple[RestOrder, Name | None]:
    if cursor.rest.text.endswith("が負担"):
        rest = cursor.rest
        cursor.pos = rest.end
        return RestOrder.PAYER, as_name(rest.cut(rest.start, rest.end - len("が負担")))
    return _ORDERS[cursor.need(*_ORDERS).text], None


def _bound(cursor: Cursor, lexicon: Lexicon, *, upper: bool) -> Bound:
    who = each(cursor, lexicon)
    limit = _limit(cursor)
    cursor.need("、")
    payer = _other_side(cursor, lexicon, upper=upper)
    skip_new = cursor.take("、前年度のない団体は除く") is not None
    cursor.end()
    return Bound(
        upper=upper,
        who=who,
        limit=limit,
        payer=payer,
        skip_new=skip_new,
        source=cursor.piece.source,
    )


def _limit(cursor: Cursor) -> Money | OfPrevious | OfLine:
    start = cursor.skip()
    if cursor.take("前年度の"):
        part = ratio(cursor)
        return OfPrevious(part.value, cursor.since(start).source)
    if cursor.take("経費の"):
        part = ratio(cursor)
        return OfLine(part.value, cursor.since(start).source)
    if digits_ahead(cursor):
        return amount(cursor)
    raise cursor.error(*_LIMITS)


def _other_side(cursor: Cursor, lexicon: Lexicon, *, upper: bool) -> Name | None:
    """Who takes what is over or lacking: a named member, or None for all the others."""
    right = "超えた分" if upper else "足りない分"
    side = cursor.need("超えた分", "足りない分")
    if side.text != right:
        raise LineError(messages.wrong_side(side.source, "上限" if upper else "下限", right))
    cursor.need("は")
    if not upper or "が負担" not in cursor.rest.text:
        cursor.need("残りの団体で割り直す")
        return None
    payer = cursor.name(lexicon.who, _PAYER_STOP)
    cursor.need("が負担")
    return payer


def _start(cursor: Cursor, lexicon: Lexicon, *, months: bool) -> date:
    cursor.need("(")
    first = month(cursor) if months else fiscal(cursor, lexicon.year).first_day
    cursor.need("から")
    cursor.need(")")
    return first
