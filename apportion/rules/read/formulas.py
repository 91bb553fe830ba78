"""Formulas: `（予算額 - 特定財源） × 1/2`, `大きい方（人口、世帯）`, `人口が2倍で負担が1.5倍`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from apportion.core.numbers import plain
from apportion.core.problem import Problem, Source, tell
from apportion.core.text import name_key
from apportion.rules import messages
from apportion.rules.book import Tier
from apportion.rules.nodes import Arith, Doubling, Name, Number, Operation, Pick, SumOf
from apportion.rules.read import forms
from apportion.rules.read.forms import STEP, example
from apportion.rules.read.names import Cursor, KnownNames, Lexicon, LineError, as_name
from apportion.rules.read.numbers import (
    PERCENT,
    QUANTITY,
    YEN,
    digits_ahead,
    exact,
    number,
    quantity,
)
from apportion.rules.read.scan import Item, Piece
from apportion.rules.read.section import Block

_LOW = re.compile(rf"{QUANTITY}\s*(以上|超|を超え)")
_HIGH = re.compile(rf"{QUANTITY}\s*(未満|以下)")

Edge = tuple[Fraction | None, bool, str]
_OPEN: Edge = (None, False, "")


def tiers(block: Block) -> tuple[Tier, ...]:
    """Give the steps in rising order; what is wrong between them is noted."""
    for item in block.idle:
        _tier(block, item)
    read = [tier for item in block.rows if (tier := _tier(block, item)) is not None]
    rising = tuple(sorted(read, key=_order))
    if len(rising) == len(block.rows):
        block.problems += _faults(rising)
    return rising


def _tier(block: Block, item: Item) -> Tier | None:
    edges = block.attempt(item.key, _edges)
    value = block.attempt(item.value, row)
    if edges is None or value is None:
        return None
    (low, low_included, counter), (high, high_included, other) = edges
    tier = Tier(
        low=low,
        low_included=low_included,
        high=high,
        high_included=high_included,
        counter=counter or other,
        value=value,
        source=item.key.source,
    )
    if low is not None and high is not None and name_key(counter) != name_key(other):
        block.problems.append(_other_counter(tier, other))
        return None
    return tier


def _edges(piece: Piece, _lexicon: Lexicon) -> tuple[Edge, Edge]:
    cursor = Cursor(piece, forms.STEP)
    low = _edge(cursor, _LOW, "以上")
    high = _edge(cursor, _HIGH, "以下")
    if low is high or not cursor.done:
        raise LineError(tell("W226.step", cursor.rest.source, form=forms.STEP))
    if low[0] is not None and high[0] is not None and low[0] >= high[0]:
        raise LineError(_backwards(piece.source))
    return low, high


def _edge(cursor: Cursor, pattern: re.Pattern[str], included: str) -> Edge:
    found = cursor.match(pattern)
    if found is None:
        return _OPEN
    bound, counter = quantity(cursor.piece, found, 1)
    return bound.value, found[4] == included, counter


def _order(tier: Tier) -> tuple[bool, Fraction, bool]:
    return tier.low is not None, tier.low or Fraction(0), not tier.low_included


def _faults(rising: Sequence[Tier]) -> Iterator[Problem]:
    for tier in rising[1:]:
        if name_key(tier.counter) != name_key(rising[0].counter):
            yield _other_counter(tier, rising[0].counter)
            return
    for below, above in pairwise(rising):
        if below.high is None or above.low is None or above.low < below.high:
            yield _overlap(below, above)
        elif above.low > below.high or not (below.high_included or above.low_included):
            yield tell(
                "W241",
                above.source,
                below=_upper(below),
                above=_lower(above),
                between=_between(below, above),
            )
        elif below.high_included and above.low_included:
            yield _overlap(below, above)


_SUM = {"+": "+", "-": "-"}
_PRODUCT = {"×": "*", "*": "*", "÷": "/", "/": "/"}
_SIGNS = re.compile(r"[+\-×*÷/^]")
_STOP = re.compile(r"[+\-×*÷/^()、]|の計|\s")
_COUNTER = re.compile(r"[^\s+\-×*÷/^()、0-9%]+")
_PICKS = ("大きい方", "小さい方", "平均")
_PICK = re.compile(rf"({'|'.join(_PICKS)})\s*\(")
_DOUBLING = re.compile(r"(.+?)が\s*2\s*倍で\s*(?:負担が\s*)?([0-9][0-9,.]*+)\s*倍")
_MOST_SIGNS, _MOST_BRACKETS = 100, 20

Reader = Callable[[Cursor, KnownNames], Arith]


def basis(piece: Piece, lexicon: Lexicon) -> Arith | Doubling:
    """値 of a ■基準."""
    cursor = Cursor(piece, example("値"))
    if "倍で" not in piece.text:
        return _whole(cursor, lexicon)
    found = cursor.match(_DOUBLING)
    if found is None or not cursor.done:
        raise LineError(messages.unreadable(piece.source, (), example("値")))
    factor = exact(piece.cut(*found.span(2)))
    if not factor.value:
        raise LineError(tell("W223.zero", factor.source))
    return Doubling(as_name(piece.cut(*found.span(1))), factor.value, piece.source)


def base(piece: Piece, lexicon: Lexicon) -> Arith:
    """対象."""
    return _whole(Cursor(piece, example("対象")), lexicon)


def row(piece: Piece, lexicon: Lexicon) -> Arith:
    """Value of a row in a 段階表 or 係数表."""
    return _whole(Cursor(piece, STEP), lexicon)


def picked(cursor: Cursor, lexicon: Lexicon) -> Arith | None:
    """A formula that begins with 小さい方（ and the like, up to where it ends; None where none does."""
    if not _PICK.match(cursor.text, cursor.skip()):
        return None
    _check_depth(cursor)
    return _sum(cursor, lexicon.figures)


def _whole(cursor: Cursor, lexicon: Lexicon) -> Arith:
    _check_depth(cursor)
    tree = _sum(cursor, lexicon.figures)
    cursor.end()
    return tree


def _check_depth(cursor: Cursor) -> None:
    text = cursor.piece.text
    # A tree deeper than this is no rule, and would exhaust the stack of whoever walks it.
    if len(_SIGNS.findall(text)) > _MOST_SIGNS or text.count("(") > _MOST_BRACKETS:
        raise LineError(tell("W235", cursor.piece.source))


def _sum(cursor: Cursor, known: KnownNames) -> Arith:
    return _chain(cursor, known, _SUM, _product)


def _product(cursor: Cursor, known: KnownNames) -> Arith:
    return _chain(cursor, known, _PRODUCT, _power)


def _chain(cursor: Cursor, known: KnownNames, signs: Mapping[str, str], operand: Reader) -> Arith:
    """Operands joined by signs of one rank, from left to right."""
    left = operand(cursor, known)
    last = ""
    while sign := cursor.take(*signs):
        if last == "÷" and sign.text == "/":
            raise _ambiguous(cursor, left)
        right = operand(cursor, known)
        left = Operation(signs[sign.text], left, right, _spanning(left.source, right.source))
        last = sign.text if isinstance(right, Number) else ""
    return left


def _power(cursor: Cursor, known: KnownNames) -> Arith:
    left = _atom(cursor, known)
    if not cursor.take("^"):
        return left
    right = _atom(cursor, known)
    if isinstance(right, Number) and cursor.take("/"):
        raise _ambiguous(cursor, right)
    return Operation("^", left, right, _spanning(left.source, right.source))


def _ambiguous(cursor: Cursor, left: Arith) -> LineError:
    """`÷ 1/2` or `^ 1/2`: the fraction needs brackets; the second number follows here."""
    divided = left.right if isinstance(left, Operation) else left
    below = number(cursor)
    return LineError(messages.ambiguous_division(_spanning(divided.source, below.source)))


def _atom(cursor: Cursor, known: KnownNames) -> Arith:
    if cursor.take("("):
        return _bracket(cursor, known)
    start = cursor.skip()
    if picked := cursor.match(_PICK):
        return _pick(cursor, known, picked[1], start)
    if cursor.known(known, _STOP):
        return _name(cursor, as_name(cursor.since(start)))
    if digits_ahead(cursor):
        return _number(cursor)
    if cursor.done or _SIGNS.match(cursor.text, start) or cursor.text[start] in ")、":
        raise cursor.error()
    return _name(cursor, cursor.name(known, _STOP))


def _bracket(cursor: Cursor, known: KnownNames) -> Arith:
    opened = cursor.pos - 1
    tree = _sum(cursor, known)
    if not cursor.take(")"):
        raise _open_bracket(cursor, opened)
    return tree


def _pick(cursor: Cursor, known: KnownNames, function: str, start: int) -> Pick:
    terms = [_sum(cursor, known)]
    while cursor.take("、"):
        terms.append(_sum(cursor, known))
    if not cursor.take(")"):
        raise _open_bracket(cursor, start)
    return Pick(function, tuple(terms), cursor.since(start).source)


def _open_bracket(cursor: Cursor, start: int) -> LineError:
    if cursor.done:
        return LineError(messages.unclosed(cursor.since(start).source, "(", ")"))
    return cursor.error(")")


def _name(cursor: Cursor, name: Name) -> Name | SumOf:
    if suffix := cursor.take("の計"):
        return SumOf(name, _spanning(name.source, suffix.source))
    return name


def _number(cursor: Cursor) -> Number:
    """Read a number as formulas have it: bare, in %, as `3分の1` or as an amount."""
    start = cursor.skip()
    value = number(cursor)
    scale = Fraction(1)
    if unit := cursor.take(*YEN, *PERCENT):
        scale = Fraction(YEN[unit.text]) if unit.text in YEN else Fraction(1, 100)
    elif cursor.take("分の"):
        if not value.value:
            raise LineError(tell("W223.zero", value.source))
        scale = number(cursor).value / value.value**2
    elif cursor.match(_COUNTER):
        raise LineError(tell("W234", cursor.since(start).source, new=_written(value)))
    return Number(value.value * scale, cursor.since(start).source)


def _written(value: Number) -> str:
    return value.source.text[value.source.column - 1 :][: value.source.length]


def _spanning(first: Source, last: Source) -> Source:
    """From the beginning of one place to the end of another on the same line."""
    return replace(first, length=last.column + last.length - first.column)


_EDGES = re.compile(r"(.+?)(以上|超|を超え)(.+?)(未満|以下)")


def _backwards(source: Source) -> Problem:
    """Report a step that holds no number."""
    turned = _EDGES.sub(r"\3\2\1\4", source.words)
    return tell("W244", source, new=turned)


def _overlap(below: Tier, above: Tier) -> Problem:
    """Report numbers that belong to two steps."""
    return tell(
        "W242",
        above.source,
        line=below.source.line,
        below=_upper(below),
        above=_lower(above),
        mend=_apart(below, above),
    )


def _other_counter(tier: Tier, counter: str) -> Problem:
    """Report rows with different counters."""
    return tell(
        "W243",
        tier.source,
        own=tier.counter or "なし",
        others=counter or "なし",
        line=_recounted(tier, counter),
    )


def _apart(below: Tier, above: Tier) -> str:
    """The lower step with an end, or else the upper one begun where the lower ends."""
    if below.high is None:
        end = "未満" if above.low_included else "以下"
        line = below.source.mended(f"{_lower(below)}{_bound(above.low, above)}{end}")
        return f"{below.source.line}行目を次のように直してください: {line}"
    if above.high is not None and above.high <= below.high:
        return "この段を消すか、境の数を直してください。"
    begin = f"{_bound(below.high, below)}{'超' if below.high_included else '以上'}"
    line = above.source.mended(begin + ("" if above.high is None else _upper(above)))
    return f"次の行に直してください: {line}"


def _recounted(tier: Tier, counter: str) -> str:
    """The line with the counter of the others."""
    return tier.source.mended(
        re.sub(rf"(?<=[0-9０-９千万億]){re.escape(tier.counter)}", counter, tier.source.words),
    )


def _bound(bound: Fraction | None, tier: Tier) -> str:
    assert bound is not None
    return f"{plain(bound)}{tier.counter}"


def _upper(tier: Tier) -> str:
    if tier.high is None:
        return "上の限りのない段"
    return f"{plain(tier.high)}{tier.counter}{'以下' if tier.high_included else '未満'}"


def _lower(tier: Tier) -> str:
    if tier.low is None:
        return "下の限りのない段"
    return f"{plain(tier.low)}{tier.counter}{'以上' if tier.low_included else '超'}"


def _between(below: Tier, above: Tier) -> str:
    """Bracket of the missing step (`10,000人以上30,000人未満`); only two bounds leave a gap."""
    assert below.high is not None
    assert above.low is not None
    first, last = (f"{plain(bound)}{below.counter}" for bound in (below.high, above.low))
    after = "超" if below.high_included else "以上"
    return f"{first}{after}{last}{'未満' if above.low_included else '以下'}"
