"""Who pays: `市町村、愛知県（豊根村を除く）に`, and lists of names."""

import re

from apportion.core.problem import tell
from apportion.rules.nodes import Name, Who
from apportion.rules.read.forms import example
from apportion.rules.read.names import Cursor, KnownNames, Lexicon, LineError, as_name
from apportion.rules.read.numbers import NUMBER
from apportion.rules.read.scan import Piece

_STOP = re.compile(r"に|、|\(")
_GIVEN = re.compile(r"に(?!つき)")
_EACH_STOP = re.compile(r"ごとに|、|\(")
_BEARS_STOP = re.compile(r"が負担|、|\(")
_LIST_STOP = re.compile(r"、|\(")
_COMMA_STOP = re.compile(r"、")
_LEFT_OUT = re.compile(r"、|を除く")
SHARE_FIRST = re.compile(r"残り|定額(?=\s*[0-9])")
_PART_FIRST = re.compile(rf"{NUMBER}\s*(?:%|パーセント|[百千万億]*円|(?:/|分の)\s*[0-9])")
_AFTER_FIGURE = re.compile(r"[\s0-9+、の]|残り")
_NO_NAME = re.compile(r"[%+=]|パーセント")


def payers(cursor: Cursor, lexicon: Lexicon) -> Who | None:
    """Read the names before に; None, and nothing read, where the clause names nobody."""
    start = cursor.skip()
    if _share_stands(cursor) or _names_figure(cursor, lexicon):
        return None
    try:
        who = _circle(cursor, lexicon.who, _STOP)
    except LineError:
        who = None
    if who and cursor.match(_GIVEN) and not _NO_NAME.search(cursor.text, start, cursor.pos):
        return who
    cursor.pos = start
    return None


def each(cursor: Cursor, lexicon: Lexicon) -> Who | None:
    """Read the names before ごとに, if the piece has any."""
    if "ごとに" not in cursor.rest.text:
        return None
    who = _circle(cursor, lexicon.who, _EACH_STOP)
    cursor.need("ごとに")
    return who


def bearers(cursor: Cursor, lexicon: Lexicon) -> Who:
    """Read the names before が負担: `A市、D市が負担`."""
    who = _circle(cursor, lexicon.who, _BEARS_STOP)
    cursor.need("が負担")
    return who


def circle(piece: Piece, lexicon: Lexicon) -> Who:
    """Read the whole piece as names (団体 of a ■グループ, Xの計と同額)."""
    cursor = Cursor(piece, example("団体"))
    who = _circle(cursor, lexicon.who, _LIST_STOP)
    cursor.end()
    return who


def names(piece: Piece, known: KnownNames) -> tuple[Name, ...]:
    """Read the whole piece as names with 、 between them."""
    cursor = Cursor(piece, example("旧名"))
    found = _names(cursor, known, _COMMA_STOP)
    cursor.end()
    return found


def name(piece: Piece, _lexicon: Lexicon) -> Name:
    """Read the whole piece as one name."""
    return as_name(piece)


_NOT_IN_FILES = re.compile(r'[<>:"/\\|?*「」_-]')
_LONGEST_ACCOUNT = 30
"""Signs: the name stands in the names of files, and in 整理番号."""


def account(piece: Piece, _lexicon: Lexicon) -> Name:
    """会計: 一般会計, 介護保険特別会計."""
    name = as_name(piece)
    bad = _NOT_IN_FILES.search(name.text) or len(name.text) > _LONGEST_ACCOUNT
    if bad or "会計" not in name.text:
        raise LineError(tell("W256.name", piece.source))
    return name


def former(piece: Piece, lexicon: Lexicon) -> tuple[Name, ...]:
    """旧名."""
    return names(piece, lexicon.lines)


def _share_stands(cursor: Cursor) -> bool:
    """Whether a part or an amount stands here: in `100分の46を 大気に関する数割` it has no payer."""
    start = cursor.skip()
    return any(words.match(cursor.text, start) for words in (SHARE_FIRST, _PART_FIRST))


def _names_figure(cursor: Cursor, lexicon: Lexicon) -> bool:
    """Whether a known basis or figure that itself holds に stands here."""
    start = cursor.skip()
    found = cursor.known(lexicon.figures, _AFTER_FIGURE) and "に" in cursor.since(start).text
    cursor.pos = start
    return found


def _circle(cursor: Cursor, known: KnownNames, stop: re.Pattern[str]) -> Who:
    start = cursor.skip()
    inside = _names(cursor, known, stop)
    outside: tuple[Name, ...] = ()
    if cursor.take("("):
        outside = _names(cursor, known, _LEFT_OUT)
        cursor.need("を除く")
        cursor.need(")")
    return Who(inside, outside, cursor.since(start).source)


def _names(cursor: Cursor, known: KnownNames, stop: re.Pattern[str]) -> tuple[Name, ...]:
    found = [cursor.name(known, stop)]
    while cursor.take("、"):
        found.append(cursor.name(known, stop))
    return tuple(found)
