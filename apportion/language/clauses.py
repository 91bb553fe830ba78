"""負担割合: how the money of a 経費 is shared, clause by clause."""

import re
from collections.abc import Callable
from fractions import Fraction

from apportion.language import forms, messages
from apportion.language.amounts import (
    NUMBER,
    QUANTITY,
    amount,
    digits_ahead,
    quantity,
    ratio,
)
from apportion.language.amounts import share as share_or_amount
from apportion.language.cursor import Cursor, LineError, as_name
from apportion.language.names import Lexicon
from apportion.language.scan import Piece
from apportion.language.weights import refuse_second, weights
from apportion.language.who import SHARE_FIRST, circle, payers
from apportion.rulebook import (
    Clause,
    Flat,
    Mode,
    Money,
    Name,
    OwnValue,
    PerUnit,
    RateOf,
    Rest,
    SameAs,
    Share,
    Split,
    Who,
)

_UNIT = re.compile(rf"(.*?)\s*{QUANTITY}\s*につき")
_RATE = re.compile(rf"(.+?)の\s*({NUMBER}\s*(?:%|パーセント|割|‰|/\s*{NUMBER}|分の\s*{NUMBER})?)$")
_CUTS = {"端数切上げ": Mode.UP, "端数切捨て": Mode.DOWN}
_NO_NAME = re.compile(r"[%+=]|パーセント")
_SHARES = ("50%", "残り", "均等割")
_PART_OF = re.compile(r"[0-9]分$|残り$")

Form = Callable[[Who | None, Piece, Piece, Lexicon], Clause | None]


def clause(piece: Piece, lexicon: Lexicon) -> Clause:
    """One 負担割合."""
    cursor = Cursor(piece, forms.SPLIT)
    who = payers(cursor, lexicon)
    rest = cursor.rest
    for form in _FORMS:
        found = form(who, rest, piece, lexicon)
        if found is not None:
            return found
    return _split(who, rest, piece, lexicon)


def _same_as(who: Who | None, rest: Piece, piece: Piece, lexicon: Lexicon) -> SameAs | None:
    others = _before(rest, "の計と同額")
    return SameAs(who=who, of=circle(others, lexicon), source=piece.source) if others else None


def _own_value(who: Who | None, rest: Piece, piece: Piece, _lexicon: Lexicon) -> OwnValue | None:
    name = _before(rest, "の額")
    return OwnValue(who=who, figure=_figure(name, rest), source=piece.source) if name else None


def _flat(who: Who | None, rest: Piece, piece: Piece, _lexicon: Lexicon) -> Flat | None:
    each = _before(rest, "ずつ")
    if not each:
        return None
    cursor = Cursor(each, forms.EACH)
    money = amount(cursor)
    cursor.end()
    return Flat(who=who, amount=money, source=piece.source)


def _per_unit(who: Who | None, rest: Piece, piece: Piece, _lexicon: Lexicon) -> PerUnit | None:
    cursor = Cursor(rest, forms.PER_UNIT)
    found = cursor.match(_UNIT)
    if found is None:
        return None
    figure = piece.cut(*found.span(1))
    size, counter = quantity(piece, found, 2)
    if not counter:
        raise LineError(messages.no_unit(size.source, ("件", "人")))
    if not size.value:
        raise LineError(messages.zero(size.source))
    price, cut = amount(cursor), _unit_cut(cursor)
    return PerUnit(
        who=who,
        figure=_figure(figure, rest),
        size=size.value,
        counter=counter,
        price=price,
        cut=cut,
        source=piece.source,
    )


def _unit_cut(cursor: Cursor) -> Mode | None:
    """`(端数切上げ)` or nothing, and then the end."""
    mode = None
    if cursor.take("("):
        mode = _CUTS[cursor.need(*_CUTS).text]
        cursor.need(")")
    cursor.end()
    return mode


def _rate_of(who: Who | None, rest: Piece, piece: Piece, _lexicon: Lexicon) -> RateOf | None:
    found = Cursor(rest, forms.RATE).match(_RATE)
    if found is None or _PART_OF.search(found[1]):
        return None
    figure = _figure(piece.cut(*found.span(1)), rest)
    cursor = Cursor(piece.cut(*found.span(2)), forms.RATE)
    return RateOf(who=who, figure=figure, ratio=ratio(cursor), source=piece.source)


def _split(who: Who | None, rest: Piece, piece: Piece, lexicon: Lexicon) -> Split:
    cursor = Cursor(rest, forms.SPLIT)
    if not rest.text:
        raise LineError(messages.unfinished(piece.source, _SHARES, forms.SPLIT))
    part = _share(cursor, lexicon)
    if part is not None:
        cursor.take("を")
        refuse_second(cursor)
    found = () if part is not None and cursor.done else weights(cursor, lexicon)
    return Split(who=who, share=part, weights=found, source=piece.source)


def _share(cursor: Cursor, lexicon: Lexicon) -> Share | None:
    """`50%`, `残り`, `残りの 50%`, `定額 27千円`; None where a basis stands first."""
    start = cursor.skip()
    first = cursor.match(SHARE_FIRST)
    if first and first.group() == "残り":
        return _rest(cursor, start)
    if first:
        money = amount(cursor)
        return Money(money.yen, cursor.since(start).source)
    if digits_ahead(cursor) and not lexicon.drivers.ends(cursor.text, start):
        return share_or_amount(cursor)
    return None


def _rest(cursor: Cursor, start: int) -> Rest:
    part = cursor.take("の")
    word = cursor.since(start).source
    if part and digits_ahead(cursor):
        return Rest(ratio(cursor).value, cursor.since(start).source)
    if part or digits_ahead(cursor):
        raise LineError(messages.rest_of(word, "残りを" if part else "残りの"))
    return Rest(Fraction(1), word)


def _figure(piece: Piece, clause: Piece) -> Name:
    """Name of a figure, which holds no share unless it is in 「」."""
    if not piece.text:
        raise LineError(messages.unreadable(clause.source, (), forms.PER_UNIT))
    if piece.text[0] != "「" and _NO_NAME.search(piece.text):
        raise LineError(messages.unreadable(piece.source, (), forms.PER_UNIT))
    return as_name(piece)


def _before(piece: Piece, suffix: str) -> Piece | None:
    """Cut off a suffix; None where the piece does not end with it."""
    if not piece.text.endswith(suffix):
        return None
    return piece.cut(piece.start, piece.end - len(suffix))


_FORMS: tuple[Form, ...] = (_same_as, _own_value, _flat, _per_unit, _rate_of)
