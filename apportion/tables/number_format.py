"""The number format of a cell: what a person sees of its value.

A format has up to four sections: `positive;negative;zero;text`, or sections with conditions. What
this reads of one: placeholders, thousands, scaling commas, percent, words, colours, General. Of any
other the shown number cannot be known.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from apportion.core.text import fold

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<skipped>[_*].)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/標準|標準)|(?P<digits>\.?[0#?][0#?,.]*)|(?P<text>@)|(?P<end>;)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[0-9.]+)")
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|[黒青水緑紫赤白黄]色?|colou?r ?[0-9]+|色 ?[0-9]+",
    re.IGNORECASE,
)
_RED = ("red", "赤", "赤色", "color3", "color 3")
_MEANINGFUL = re.compile("[A-Za-z/,@]")
"""Signs that stand for more than themselves: days, fractions, powers of ten."""
_NEGATIVE = "-△▲("
_MARKS = str.maketrans(dict.fromkeys("-+△▲() "))
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
_DASHES = {"-", "ー", "―", "─", ""}
_YEN = str.maketrans(dict.fromkeys((chr(0xA5), "\\")))
EXACT = Context(prec=15, rounding=ROUND_HALF_UP)
"""Excel keeps and shows 15 digits of a number."""


class Shown(NamedTuple):
    """What is seen of a value.

    `text` is it in plain digits (only words where `is_words`), `unit` the words that the format
    puts around it, without signs. `exact` tells whether it is the whole value that is seen.
    """

    seen: str
    text: str
    unit: str = ""
    exact: bool = True
    is_words: bool = False


class _Section(NamedTuple):
    """One section: words before and behind, the run of placeholders between them."""

    before: str = ""
    behind: str = ""
    digits: str = ""
    general: bool = False
    text: bool = False
    red: bool = False
    unclear: bool = False
    condition: tuple[str, Decimal] | None = None


def number(value: float) -> Decimal:
    """The number that Excel takes this one for: 124599.99999999999 is 124600."""
    return EXACT.create_decimal(value)


def shown(value: float, code: str) -> Shown | None:
    """What is seen of a number under a format; None where that cannot be known."""
    exact = number(value)
    sections = [section for section in _sections(code) if not section.text] or [
        _Section(general=True)
    ]
    section = _chosen(sections, exact)
    if section is None or section.unclear:
        return None
    words = section.before + section.behind
    if section.general:
        return _framed(section, _plain(exact), _plain(exact), exact=True)
    if not section.digits:
        nothing = exact == 0 and fold(words).strip() in _DASHES
        return Shown(words.strip(), "0") if nothing else _only_words(words)
    return _counted(section, exact, alone=section.condition is not None or len(sections) == 1)


def shown_text(text: str, code: str) -> str:
    """What is seen of a text under a format: `@"市"` adds its words, `;;;` hides it."""
    sections = _sections(code)
    own = sections[3:] or [section for section in sections if section.text]
    if not own:
        return text
    return own[0].before + (text if own[0].text else "") + own[0].behind


def _only_words(words: str) -> Shown:
    return Shown(words.strip(), words.strip(), exact=bool(words.strip()), is_words=True)


def _counted(section: _Section, value: Decimal, *, alone: bool) -> Shown | None:
    """The number as its placeholders show it; `alone` where Excel adds the minus itself."""
    scaling = _scaling(section.digits)
    if scaling is None:
        return None
    least, decimals, thousands = scaling
    words = section.before + section.behind
    scaled = value * 100 ** fold(words).count("%") / 1000**thousands
    rounded = abs(scaled).quantize(Decimal(1).scaleb(-decimals), context=_WIDE)
    if rounded == 0 and "0" not in section.digits:
        return Shown(words.strip(), "0", exact=value == 0)
    marked = alone or section.red or any(sign in _NEGATIVE for sign in fold(words))
    minus = "-" if value < 0 and marked else ""
    grouped = "," if "," in section.digits.rstrip(",") else ""
    seen = _padded(f"{rounded:{grouped}f}", least)
    read = minus + _padded(_plain(rounded), least)
    exact = scaled == (-rounded if minus else rounded)
    return _framed(section, f"{minus if alone else ''}{seen}", read, exact=exact)


def _padded(digits: str, least: int) -> str:
    """The number with so many digits before its point."""
    return "0" * (least - len(digits.partition(".")[0])) + digits


def _framed(section: _Section, seen: str, text: str, *, exact: bool) -> Shown:
    words = fold(section.before + section.behind).translate(_MARKS)
    unit = words.translate(_YEN) or words[:1]
    return Shown(f"{section.before}{seen}{section.behind}".strip(), text, unit, exact)


def _scaling(digits: str) -> tuple[int, int, int] | None:
    """Least digits before the point, digits behind it, thousands by which it is divided."""
    body = digits.rstrip(",")
    whole, point, decimals = body.partition(".")
    kept = whole.rstrip(",") if point else whole
    if "." in decimals or "," in decimals:
        return None
    return kept.count("0"), len(decimals), len(digits) - len(body) + len(whole) - len(kept)


def _chosen(sections: Sequence[_Section], value: Decimal) -> _Section | None:
    if any(section.condition for section in sections):
        return _conditional(sections, value)
    place = 0 if value > 0 or len(sections) == 1 else 1 if value < 0 else 2
    return sections[place if place < len(sections) else 0]


def _conditional(sections: Sequence[_Section], value: Decimal) -> _Section | None:
    last = len(sections) - 1
    for place, section in enumerate(sections):
        if section.condition is None and place < last:
            return None  # which numbers it is for is Excel's secret
        if section.condition is None or _holds(section.condition, value):
            return section
    return None


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    sign, limit = condition
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]


@lru_cache(maxsize=1_024)
def _sections(code: str) -> tuple[_Section, ...]:
    sections = [_Section()]
    for token in _TOKEN.finditer(code):
        if token["end"]:
            sections.append(_Section())
        else:
            sections[-1] = _with(sections[-1], token)
    return tuple(sections)


def _with(section: _Section, token: "re.Match[str]") -> _Section:
    """The section with one more token."""
    if token["bracket"] is not None:
        return _bracketed(section, token["bracket"])
    if token["digits"]:
        return section._replace(
            digits=token["digits"], unclear=bool(section.digits) or section.unclear
        )
    if token["general"]:
        return section._replace(general=True)
    if token["text"]:
        return section._replace(text=True)
    if token["other"] and _MEANINGFUL.fullmatch(token["other"]):
        return section._replace(unclear=True)
    word = " " if token["skipped"] else token["quoted"] or token["escaped"] or token["other"] or ""
    return _said(section, word)


def _said(section: _Section, word: str) -> _Section:
    if section.digits or section.general or section.text:
        return section._replace(behind=section.behind + word)
    return section._replace(before=section.before + word)


def _bracketed(section: _Section, inside: str) -> _Section:
    """Colour, condition, or currency: `[赤]`, `[>=100]`, `[$¥-411]`."""
    if inside.startswith("$"):
        return _said(section, inside[1:].partition("-")[0])
    if match := _CONDITION.fullmatch(inside):
        return section._replace(condition=(match[1], Decimal(match[2])))
    if _COLOUR.fullmatch(inside):
        return section._replace(red=inside.lower() in _RED)
    return section._replace(unclear=True)


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
