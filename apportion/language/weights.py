"""Weights: `均等割 30% + 人口割 70%`, and whether they make exactly 100%."""

import re
from fractions import Fraction

from apportion.language import messages
from apportion.language.amounts import digits_ahead, ratio
from apportion.language.cursor import Cursor, LineError, as_name
from apportion.language.names import Lexicon
from apportion.problem import Source
from apportion.rulebook import Name, Ratio, Rest, Weight

_AFTER = re.compile(r"[\s0-9+、,※#]|残り")
_GIVEN = re.compile(r"に")
_UNKNOWN = re.compile(r"(?!残り)[^\s+、,%「」()※]+?割(?=$|[\s0-9+、,※#]|残り)")


def weights(cursor: Cursor, lexicon: Lexicon) -> tuple[Weight, ...]:
    """Every weight up to the end of the line; their ratios are checked."""
    start = cursor.skip()
    found = [_weight(cursor, lexicon)]
    while not cursor.done:
        cursor.take("+", "、")
        found.append(_weight(cursor, lexicon))
    checked = tuple(found)
    _check(checked, cursor.since(start).source)
    return checked


def refuse_second(cursor: Cursor) -> None:
    """`県に 50%、市町村に 残りを …`: a second clause needs a line of its own."""
    start = cursor.skip()
    if cursor.take("、"):
        raise LineError(messages.two_clauses(cursor.piece.cut(start, len(cursor.text)).source))


def _weight(cursor: Cursor, lexicon: Lexicon) -> Weight:
    start = cursor.skip()
    driver = _driver(cursor, lexicon)
    part = _part(cursor, lexicon)
    return Weight(driver, part, cursor.since(start).source)


def _driver(cursor: Cursor, lexicon: Lexicon) -> Name:
    if quoted := cursor.quoted():
        return quoted
    start = cursor.skip()
    if cursor.known(lexicon.drivers, _AFTER) or cursor.match(_UNKNOWN):
        return as_name(cursor.since(start))
    raise _no_driver(cursor, lexicon)


def _no_driver(cursor: Cursor, lexicon: Lexicon) -> LineError:
    """Where a basis should stand: 残り before its basis, a name without 割, or に forgotten."""
    start = cursor.skip()
    if cursor.take("残り"):
        return LineError(messages.rest_alone(cursor.since(start).source))
    if cursor.known(lexicon.who, _GIVEN):
        return LineError(messages.two_clauses(cursor.piece.cut(start, len(cursor.text)).source))
    for known, ending, reason in (
        (lexicon.figures, "割", "割り方に使う基準の名は「割」で終わります。"),
        (lexicon.who, "に", "負担する団体の名のあとには「に」を付けます。"),
    ):
        if cursor.known(known, _AFTER):
            word = cursor.since(start)
            if comma := cursor.take(","):
                return LineError(messages.comma(comma.source))
            return LineError(messages.mistyped(word.source, word.text + ending, reason))
    return cursor.error(*sorted(lexicon.drivers.keys))


def _part(cursor: Cursor, lexicon: Lexicon) -> Ratio | Rest | None:
    start = cursor.skip()
    if cursor.take("残り"):
        source = cursor.since(start).source
        if cursor.take("の"):
            ratio(cursor)
            raise LineError(messages.rest_of(cursor.since(start).source, "残り"))
        return Rest(Fraction(1), source)
    if digits_ahead(cursor) and not lexicon.drivers.ends(cursor.text, start):
        return ratio(cursor)
    return None


def _check(found: tuple[Weight, ...], source: Source) -> None:
    ratios = [weight.ratio for weight in found]
    if len(found) == 1 and ratios[0] is None:
        return
    if None in ratios:
        drivers = [weight.driver.source for weight in found]
        last = None not in ratios[:-1] and not any(isinstance(r, Rest) for r in ratios)
        raise LineError(messages.no_ratios(source, drivers, only_last=last))
    rests = [ratio for ratio in ratios if isinstance(ratio, Rest)]
    if len(rests) > 1:
        raise LineError(
            messages.several_rests(rests[-1].source, messages.one_rest(rests[0].source))
        )
    if rests and ratios[-1] is not rests[0]:
        raise LineError(messages.late_rest(rests[0].source, _rest_last(found, source)))
    _check_sum(found, source, rests[0] if rests else None)


def _rest_last(found: tuple[Weight, ...], source: Source) -> str:
    """Mend of a 残り among others: the line with it behind them."""
    ranked = sorted(found, key=lambda weight: isinstance(weight.ratio, Rest))
    return messages.in_this_order(source, [weight.source for weight in ranked])


def _check_sum(found: tuple[Weight, ...], source: Source, rest: Rest | None) -> None:
    parts = [weight.ratio for weight in found if isinstance(weight.ratio, Ratio)]
    total = sum((part.value for part in parts), Fraction(0))
    if rest and total >= 1:
        raise LineError(messages.nothing_left(rest.source, total))
    if rest or total == 1:
        return
    last = parts[-1]
    mend = (
        messages.single_mend(source, last.source)
        if len(parts) == 1
        else messages.rest_mend(last.source, total - last.value)
    )
    raise LineError(messages.sum_of_shares(source, parts, mend))
