"""Words of ordinances that ours say otherwise: `A市が負担`, `1人当たり`, `予算額の2分の1`.

The language has one form for each meaning. A line that cannot be read, or that names what nobody
knows, is put into our words; it is offered only where the reader then reads it, knowing every name.
"""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace

from apportion.core.problem import Problem, tell
from apportion.core.text import fold, name_key
from apportion.rules import messages
from apportion.rules.book import Bind
from apportion.rules.nodes import OwnFormula, OwnValue
from apportion.rules.read.forms import PRICE, example
from apportion.rules.read.names import Lexicon, LineError, all_in, known, strange
from apportion.rules.read.numbers import bind
from apportion.rules.read.phrasing import PART, Assuming, unwrapped
from apportion.rules.read.sayings import HOST, WORDS_OF_KEYS
from apportion.rules.read.scan import Item, Piece, RuleLine, classify
from apportion.rules.read.years import behind, limited

Reader = Callable[[Piece, Lexicon], object]

_LONGEST = 400
"""Signs of a line that is looked at: a sentence of an ordinance is shorter, and searching takes time."""


def otherwise(
    item: Item, lexicon: Lexicon, reader: Reader, found: object, beside: Container[str]
) -> Problem | None:
    """Problem that offers the line in our words; None where ours say no better.

    It is asked for a line that cannot be read or that names what nobody knows. `found` is what the
    reader makes of it: a problem stays, with our line as its mend. `beside` are the keys of its
    block.
    """
    key = name_key(item.key.text)
    text = item.value.text
    part = key == "負担割合" and _PART_OF_BUDGET.search(text)
    if len(text) > _LONGEST or key not in WORDS_OF_KEYS or "「" in text:
        return None
    fault = found if isinstance(found, Problem) else None
    own = _OWN_MEND.search(fault.fix) if fault else None
    mended = own and _reads(own[1], lexicon, reader, key)
    if mended or (part and any(k in beside for k in _LESSENING)):
        return None
    told = [o for o in _offers(item, key, lexicon) if o.lines != (f"{key}: {text}",)]
    offers = [o for o in told if all(_reads(line, lexicon, reader, key) for line in o.lines)]
    if fault and not offers and (said := _advised(item, told, lexicon, reader, key)):
        return replace(fault, fix=said.fix)
    if not offers:
        return None if fault is None else _without_false_mends(fault, lexicon, reader, key)
    said = _told(item.value, list(dict.fromkeys(offers)))
    return said if fault is None else replace(fault, fix=said.fix)


def _offers(item: Item, key: str, lexicon: Lexicon) -> Iterator[Assuming]:
    """What a clause may mean, in our words."""
    for found in WORDS_OF_KEYS[key](unwrapped(key, item.value.text, lexicon), lexicon):
        yield found if isinstance(found, Assuming) else Assuming(found)


def _advised(
    item: Item, told: Sequence[Assuming], lexicon: Lexicon, reader: Reader, key: str
) -> Problem | None:
    """What else there is to say: of a formula, only a figure is unknown; of a body, only its name."""
    for offer in told:
        node = _node(offer.lines[0], lexicon, reader, key)
        if isinstance(node, OwnValue) and isinstance(node.figure, OwnFormula):
            lacks = [own.text for own in all_in(node) if not known(own.text, lexicon)]
            line = offer.lines[0].translate(_WIDE)
            return tell("W255.column", item.value.source, line=line, lacks="」「".join(lacks))
    return tell("W226.host", item.value.source) if HOST.search(item.value.text) else None


def _without_false_mends(
    fault: Problem, lexicon: Lexicon, reader: Reader, key: str
) -> Problem | None:
    """The fault with only those lines for copying that the reader reads; None where it keeps all."""
    found = _OFFERED.search(fault.fix)
    if found is None:
        return None
    lines = found[2].split(_OR)
    right = [line for line in lines if _reads(line, lexicon, reader, key)]
    if len(right) == len(lines):
        return None
    if right:
        return replace(fault, fix=fault.fix.replace(found[2], _OR.join(right)))
    return replace(fault, fix=messages.unreadable(fault.source, (), example(key)).fix)


def _told(value: Piece, offers: Sequence[Assuming]) -> Problem:
    end, source = behind(value), value.source
    shown = [tuple(f"{line}{end}".translate(_WIDE) for line in own.lines) for own in offers]
    if len(shown) > 1:
        return tell("W255.choice", source, lines=_OR.join(lines[0] for lines in shown))
    [lines], given = shown, offers[0].given
    if len(lines) > 1:
        more = "\n    ".join(lines)
        return tell("W255.lines", source, given=given, count=len(lines), lines=more)
    return tell("W255", source, given=given, line=lines[0])


_WIDE = str.maketrans({"(": "（", ")": "）"})
_PART_OF_BUDGET = re.compile(rf"予算額の\s*{PART}")
_LESSENING = ("対象", "差し引く", "団体別加減", "平準化")
"""Keys beside which a part of 予算額 is not that part of 対象額."""
_OR = "、または "
_ASIDE = r"(?:（(?:そのつもり|経費の|ほかに)[^）]*）)?$"
"""What a mend says beside its line."""
_OWN_MEND = re.compile(rf"次の行に直してください: (.+?){_ASIDE}")
_OFFERED = re.compile(rf"(次の行に直してください|単位を付けてください): (.+?){_ASIDE}")
"""The line that the reader itself offers."""
_BY_ANOTHER = {PRICE: "負担割合"}
"""Keys that ours do not have, and the key of the lines that say the same."""


def _reads(line: str, lexicon: Lexicon, reader: Reader, key: str) -> bool:
    """Whether a line can be read, and names only what is known."""
    node = _node(line, lexicon, reader, key)
    if node is None or isinstance(node, Bind):
        return node is not None
    return not strange(_BY_ANOTHER.get(key, key), node, lexicon)


def _node(line: str, lexicon: Lexicon, reader: Reader, key: str) -> object:
    """What a line of ours is read as; None where it is not."""
    row = classify(RuleLine("", 1, line, fold(line)))
    if not isinstance(row, Item):
        return None
    own = reader if row.key.text == _BY_ANOTHER.get(key, key) else bind
    try:
        return own(limited(row)[0].value, lexicon)
    except LineError:
        return None
