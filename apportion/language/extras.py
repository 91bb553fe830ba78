"""Smaller lines of a 経費: 差し引く, 団体別加減, 検算."""

import re
from fractions import Fraction

from apportion.language import forms, messages
from apportion.language.amounts import NUMBER, YEN, amount, whole
from apportion.language.cursor import Cursor, LineError, as_name
from apportion.language.forms import example
from apportion.language.names import Lexicon
from apportion.language.scan import Piece
from apportion.rulebook import Adjust, Assertion, Deduct
from apportion.text import name_key

HEADS, BUDGET = "団体数", "予算額"

_KINDS = ("先に引き、後で足す", "差し引く", "足す")
_AMOUNT = re.compile(rf"(.*?)\s*({NUMBER}\s*(?:{'|'.join(YEN)})?)$")


def deduct(piece: Piece, lexicon: Lexicon) -> Deduct:
    """差し引く: a budget column, or a name with an amount."""
    whole_name = piece.text.startswith("「") and piece.text.endswith("」")
    known = lexicon.figures.ends(piece.text, 0)
    found = _AMOUNT.fullmatch(piece.text)
    if found is None or whole_name or (known and known[0] == len(piece.text)):
        return Deduct(as_name(piece), None, piece.source)
    name, money = (
        piece.cut(piece.start + found.start(group), piece.start + found.end(group))
        for group in (1, 2)
    )
    if not name.text:
        raise LineError(messages.unreadable(piece.source, (), example("差し引く")))
    return Deduct(as_name(name), amount(Cursor(money, example("差し引く"))), piece.source)


def adjust(piece: Piece, _lexicon: Lexicon) -> Adjust:
    """団体別加減."""
    for kind in _KINDS:
        suffix = f"を{kind}"
        if piece.text.endswith(suffix):
            figure = piece.cut(piece.start, piece.end - len(suffix))
            return Adjust(as_name(figure), kind, piece.source)
    raise LineError(messages.unreadable(piece.source, (), example("団体別加減")))


def assertion(piece: Piece, _lexicon: Lexicon) -> Assertion:
    """検算."""
    subject, equals, _ = piece.text.partition("=")
    if not equals:
        raise LineError(messages.no_equals(piece.source, _with_equals(piece)))
    name = as_name(piece.cut(piece.start, piece.start + len(subject)))
    heads = name_key(name.text) == HEADS
    value = piece.cut(piece.start + len(subject) + 1, piece.end)
    cursor = Cursor(value, forms.HEADS if heads else example("検算"))
    count = _count(cursor) if heads else None
    yen = None if heads or cursor.take(BUDGET) else amount(cursor).yen
    tolerance = _tolerance(cursor)
    cursor.end()
    return Assertion(name, yen, count, tolerance, piece.source)


def _with_equals(piece: Piece) -> str:
    """The line with the sign that was forgotten, where it is clear where it belongs."""
    found = _AMOUNT.fullmatch(piece.text)
    return f"検算: {found[1]} = {found[2]}" if found else example("検算")


def _count(cursor: Cursor) -> int:
    start = cursor.skip()
    count = whole(cursor, least=0)
    cursor.take("団体")
    if cursor.take(*YEN):
        source = cursor.since(start).source
        raise LineError(messages.wrong_unit(source, "団体の数", f"検算: {HEADS} = {count}"))
    return count


def _tolerance(cursor: Cursor) -> Fraction:
    """`(±1円)`, else nothing."""
    if not cursor.take("("):
        return Fraction(0)
    cursor.need("±")
    allowed = amount(cursor)
    cursor.need(")")
    return allowed.yen
