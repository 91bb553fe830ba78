"""Rows of a 段階表: `3万人以上10万人未満: 2`, without gap or overlap."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from apportion.language import arith, forms, messages
from apportion.language.amounts import QUANTITY, quantity
from apportion.language.cursor import Cursor, LineError
from apportion.language.names import Lexicon
from apportion.language.scan import Item, Piece
from apportion.language.section import Block
from apportion.problem import Problem
from apportion.rulebook import Tier
from apportion.text import name_key

_LOW = re.compile(rf"{QUANTITY}\s*(以上|超|を超え)")
_HIGH = re.compile(rf"{QUANTITY}\s*(未満|以下)")

Edge = tuple[Fraction | None, bool, str]
_OPEN: Edge = (None, False, "")


def tiers(block: Block) -> tuple[Tier, ...]:
    """Give the steps in rising order; what is wrong between them is noted."""
    read = [tier for item in block.rows if (tier := _tier(block, item)) is not None]
    rising = tuple(sorted(read, key=_order))
    if len(rising) == len(block.rows):
        block.problems += _faults(rising)
    return rising


def _tier(block: Block, item: Item) -> Tier | None:
    edges = block.attempt(item.key, _edges)
    value = block.attempt(item.value, arith.row)
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
        block.problems.append(messages.other_counter(tier, other))
        return None
    return tier


def _edges(piece: Piece, _lexicon: Lexicon) -> tuple[Edge, Edge]:
    cursor = Cursor(piece, forms.STEP)
    low = _edge(cursor, _LOW, "以上")
    high = _edge(cursor, _HIGH, "以下")
    if low is high or not cursor.done:
        raise LineError(messages.no_edge(cursor.rest.source, forms.STEP))
    if low[0] is not None and high[0] is not None and low[0] >= high[0]:
        raise LineError(messages.backwards(piece.source))
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
            yield messages.other_counter(tier, rising[0].counter)
            return
    for below, above in pairwise(rising):
        if below.high is None or above.low is None or above.low < below.high:
            yield messages.overlap(below, above)
        elif above.low > below.high or not (below.high_included or above.low_included):
            yield messages.gap(below, above)
        elif below.high_included and above.low_included:
            yield messages.overlap(below, above)
