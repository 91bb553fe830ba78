"""A rule text for the next year: years and dates moved on, what a person must decide marked.

Comments, the order of lines and the way things are written stay.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from apportion.core.dataclass import dataclass
from apportion.core.text import UNDECIDED, decode, fold, mark_in, name_key
from apportion.core.year import FiscalYear
from apportion.rules.book import DECIDED, stem
from apportion.rules.read.scan import Heading, Item, Row, rows
from apportion.rules.read.section import HEAD
from apportion.rules.read.terms import DATED, LETTERS
from apportion.tables.edit import encoded

_BASES = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
_NEXT = {"平成": "令和", "H": "R"}
_REIWA = 2019
_YEAR = re.compile(
    r"(令和|平成|昭和)( *)([0-9]{1,2}|元)(?= *年)"
    r"|(?<![A-Za-z])([RHSrhs])( *)([0-9]{1,2})(?= *[年./-])"
    r"|(?<![0-9])((?:19|20)[0-9]{2})(?= *年|[./-][0-9])"
)
_WIDE = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
_DAY = re.compile(r"[0-9]{1,2} *月 *[0-9]{1,2} *日|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{1,2}")


def moved(text: str, years: int) -> str:
    """`text` with every year that many years later: 令和７年度 becomes 令和８年度, 平成31年 令和2年."""
    folded = fold(text)
    parts, end = [], 0
    for found in _YEAR.finditer(folded):
        written = text[found.start() : found.end()]
        parts += [text[end : found.start()], _later(found, written, years)]
        end = found.end()
    return "".join((*parts, text[end:]))


def years_in(text: str) -> tuple[int, ...]:
    """Western number of every year that `text` names."""
    return tuple(map(_western, _YEAR.finditer(fold(text))))


def names_a_day(text: str) -> bool:
    """Whether a day stands in `text`: 7月31日, R7.7.31."""
    return _DAY.search(fold(text)) is not None


def _western(found: re.Match[str]) -> int:
    if found[7]:
        return int(found[7])
    number = found[3] or found[6]
    return _BASES[(found[1] or found[4]).upper()] + (1 if number == "元" else int(number))


def _later(found: re.Match[str], written: str, years: int) -> str:
    year = _western(found) + years
    digits = found[7] or found[3] or found[6]
    era, number = written[: -len(digits)], str(year)
    if not found[7]:
        name = (found[1] or found[4]).upper()
        if year >= _REIWA and name in _NEXT:
            name = _NEXT[name]
            era = name + era[len(found[1] or found[4]) :]
        number = str(year - _BASES[name])
    if number == "1" and found[1]:
        number = "元"
    return era + (number.translate(_WIDE) if ord(written[-1]) in _WIDE.values() else number)


_RELATIVE = re.compile("前々年度|前年度|当年度")
_CENSUS = "国勢調査"
_MOVING = 2
"""How many years back a 時点 may lie that is taken to move each year."""

_AMOUNT = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)? *(?:百万|億|万|千)?円")
_NEW = ("新規", "新設")


@dataclass(frozen=True, slots=True, kw_only=True)
class YearStep:
    """From one year to another.

    `ended` are the bodies that ceased to exist on the way, `same_members` whether the rosters stay.
    """

    old: FiscalYear
    new: FiscalYear
    ended: AbstractSet[str] = frozenset()
    same_members: bool = True

    @property
    def years(self) -> int:
        """How many years it is."""
        return self.new.start - self.old.start


@dataclass(frozen=True, slots=True)
class _Place:
    """A line with what must be known to move it: its block, and the figures of its file that move."""

    step: YearStep
    item: Item
    written: str
    kind: str
    name: str
    figures: AbstractSet[str]

    @property
    def value(self) -> str:
        """What stands behind the colon, folded."""
        return self.item.value.text

    @property
    def shifted(self) -> str:
        """The line with every year of its value moved on."""
        start = self.item.value.start
        return self.written[:start] + moved(self.written[start:], self.step.years)

    @property
    def retired(self) -> str:
        """The line as a comment: what it said held last year."""
        return f"※ {self.step.old.label}の{self.written.strip()}"


def next_rules(path: str, data: bytes, step: YearStep) -> bytes:
    """Bytes of a rule file for the next year, in its own encoding and with its own line ends.

    `data` must be a text that `language.read` can read.
    """
    decoded = decode(data)
    assert decoded is not None
    lines = _lines(path, decoded.text, step)
    return encoded("\n".join(lines), decoded)


def _lines(path: str, text: str, step: YearStep) -> Iterator[str]:
    found = tuple(rows(path, text))
    figures = _moving(found, step)
    kind, name = HEAD, ""
    for row, written in zip(found, text.split("\n"), strict=True):
        line = written
        if isinstance(row, Heading):
            kind, name = name_key(row.kind.text), row.name.text
            line = marked(written) if kind == "経費" and years_in(name) else written
        elif isinstance(row, Item):
            line = _moved(_Place(step, row, written, kind, name, figures))
        yield marked(line) if _names_ended(row, line, step) else line


def marked(line: str) -> str:
    """The line with 【要確認】 at its end."""
    return line if mark_in(line) else f"{line.rstrip()} {UNDECIDED}"


def _names_ended(row: Row, line: str, step: YearStep) -> bool:
    return isinstance(row, Item) and not line.startswith("※") and any(n in line for n in step.ended)


def _moved(place: _Place) -> str:
    key = name_key(place.item.key.text)
    return MOVES[key](place) if key in MOVES else place.written


def _moving(found: tuple[Row, ...], step: YearStep) -> set[str]:
    """Stems of the figures whose 時点 moves each year: one of them is recent, and no census."""
    recent = set()
    for row in found:
        if isinstance(row, Item) and name_key(row.key.text) == "基礎数値":
            heading, as_of = _bind(row.value.text)
            newest = max(years_in(as_of), default=0)
            if newest >= step.old.start - _MOVING or _RELATIVE.search(as_of):
                recent.add(heading)
    return {heading for heading in recent if _CENSUS not in heading}


def _bind(value: str) -> tuple[str, str]:
    """Stem of the figure's heading and its 時点: `人口 = 国勢調査人口(令和2年10月1日現在)`."""
    before, _, as_of = value.rpartition("(")
    return stem(before.rpartition("=")[2].strip(" 「」")), as_of


def _figure(place: _Place) -> str:
    heading, as_of = _bind(place.value)
    if place.kind == "精算" or heading not in place.figures:
        return place.written
    start = place.item.value.end - len(as_of)
    line = place.written[:start] + moved(place.written[start:], place.step.years)
    return marked(line)


def _shift(place: _Place) -> str:
    return place.shifted


def _shift_and_mark(place: _Place) -> str:
    return marked(place.shifted)


def _issued(place: _Place) -> str:
    return marked(place.shifted) if years_in(place.value) else place.written


def _letter(place: _Place) -> str:
    return marked(place.shifted) if names_a_day(place.value) else place.shifted


def _state(place: _Place) -> str:
    start, end = place.item.value.start, place.item.value.end
    decided = name_key(place.value) == DECIDED
    return place.written[:start] + "案" + place.written[end:] if decided else place.written


def _legal(place: _Place) -> str:
    recent = max(years_in(place.value), default=0) >= place.step.old.start
    return marked(place.written) if recent else place.written


def _remark(place: _Place) -> str:
    dated = years_in(place.value) or _AMOUNT.search(place.value)
    return marked(place.written) if dated else place.written


def _mark(place: _Place) -> str:
    return marked(place.written)


def _bound(place: _Place) -> str:
    return marked(place.written) if "前年度" in place.value else place.written


def _deducted(place: _Place) -> str:
    return marked(place.written) if _AMOUNT.search(place.value) else place.written


def _members(place: _Place) -> str:
    new = any(word in place.name for word in _NEW)
    return marked(place.written) if new else place.written


def _retire(place: _Place) -> str:
    return place.retired


def _assertion(place: _Place) -> str:
    """Amounts to be found were those of last year; a number of bodies may hold on."""
    subject, _, value = place.value.partition("=")
    if subject.strip() == "団体数":
        return place.written if place.step.same_members else place.retired
    return place.written if "予算額" in value else place.retired


MOVES: Mapping[str, Callable[[_Place], str]] = {
    "年度": _shift,
    "状態": _state,
    "根拠": _legal,
    "基礎数値": _figure,
    "納期": _shift_and_mark,
    "発行日": _issued,
    **dict.fromkeys(LETTERS, _shift_and_mark),
    "件名": _shift,
    "本文": _letter,
    "課税注記": _shift,
    **dict.fromkeys(DATED, _retire),
    "変更件名": _shift,
    "変更本文": _letter,
    "精算件名": _shift,
    "精算本文": _letter,
    "再発行": _retire,
    "備考": _remark,
    "平準化": _mark,
    "上限": _bound,
    "下限": _bound,
    "差し引く": _deducted,
    "旧名": _retire,
    "団体": _members,
    "検算": _assertion,
}
"""What becomes of a line, by its key; all others stay as they are."""
