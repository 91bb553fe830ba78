"""納期: `第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り、年額10万円超に限る`."""

from collections.abc import Sequence
from fractions import Fraction

from apportion.language import messages
from apportion.language.amounts import amount, digits_ahead, share, whole
from apportion.language.cursor import Cursor, LineError
from apportion.language.dates import day
from apportion.language.forms import example
from apportion.language.names import Lexicon
from apportion.language.scan import Piece
from apportion.rulebook import Due, DuePlan, Money, Ratio, Rest

_BEGIN = ("第1期",)
_PARTS = ("残り",)


def plan(piece: Piece, _lexicon: Lexicon) -> DuePlan:
    """納期."""
    cursor = Cursor(piece, example("納期"))
    dues: list[Due] = []
    over: Money | None = None
    while over is None:
        dues.append(_due(cursor, dues))
        if not cursor.take("、"):
            break
        over = _over(cursor)
    cursor.end()
    _check(dues)
    return DuePlan(dues=tuple(dues), over=over, source=piece.source)


def _due(cursor: Cursor, before: Sequence[Due]) -> Due:
    start = cursor.skip()
    if not cursor.take("第"):
        raise cursor.error(*_BEGIN)
    number = whole(cursor)
    cursor.need("期")
    if any(due.number == number for due in before):
        free = max(due.number for due in before) + 1
        raise LineError(messages.instalment_twice(cursor.since(start).source, number, free))
    date = day(cursor)
    part = _part(cursor)
    return Due(number=number, day=date, share=part, source=cursor.since(start).source)


def _part(cursor: Cursor) -> Ratio | Rest | Money:
    if rest := cursor.take("残り"):
        return Rest(Fraction(1), rest.source)
    if not digits_ahead(cursor):
        raise cursor.error(*_PARTS)
    return share(cursor)


def _over(cursor: Cursor) -> Money | None:
    """`年額10万円超に限る`."""
    if not cursor.take("年額"):
        return None
    over = amount(cursor)
    cursor.need("超に限る")
    return over


def _check(dues: Sequence[Due]) -> None:
    rests = [due.share for due in dues if isinstance(due.share, Rest)]
    parts = [due.share for due in dues if isinstance(due.share, Ratio)]
    total = sum((part.value for part in parts), Fraction(0))
    if len(rests) > 1:
        raise LineError(
            messages.several_rests(rests[-1].source, "「残り」は一つの期だけにしてください。")
        )
    if rests and total >= 1:
        raise LineError(messages.nothing_left(rests[0].source, total))
    amounts = len(parts) + len(rests) < len(dues)
    if rests or total == 1 or not parts or (amounts and total < 1):
        return
    last = parts[-1]
    mend = messages.rest_mend(last.source, total - last.value)
    raise LineError(messages.sum_of_shares(last.source, parts, mend))
