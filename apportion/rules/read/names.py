"""Names that rule texts may use, matched longest first, so that one with 、 or に is read whole."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, fields, is_dataclass

from apportion.core.dataclass import dataclass
from apportion.core.model import KIND_GROUPS
from apportion.core.problem import Problem, tell
from apportion.core.text import keeps, name_key
from apportion.core.year import FiscalYear
from apportion.rules import messages
from apportion.rules.book import COMMON, Deduct, Vocabulary, stem
from apportion.rules.nodes import EQUAL, Name
from apportion.rules.read.scan import COMMENT_SIGNS, Item, Piece, Section

BASIS_KINDS = ("基準", "段階表", "係数表")
GROUP_KIND = "グループ"
GROUP_WORDS = (*KIND_GROUPS, "会員", "準会員", "参加団体", "全団体")
"""Built-in groups; a ■グループ cannot redefine them."""

BUDGET, PREVIOUS = "予算額", "前年度の負担金"

# A letter with the voiced marks that may follow it as signs of their own.
_LETTER = re.compile(r".[\u3099\u309a\uff9e\uff9f\u0300-\u036f]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class KnownNames:
    """A set of names, compared as `name_key` compares."""

    keys: frozenset[str]
    longest: int

    @classmethod
    def of(cls, *groups: Iterable[str]) -> "KnownNames":
        """Set of all names of `groups`."""
        keys = frozenset(key for names in groups for name in names if (key := name_key(name)))
        return cls(keys, max(map(len, keys), default=0))

    def ends(self, text: str, start: int) -> list[int]:
        """Columns after each known name that begins at `start`, longest name first."""
        found: list[int] = []
        key = ""
        for end, letter in _letters(text, start):
            key += letter
            if len(key) > self.longest:
                break
            if letter and key in self.keys:
                found.append(end)
        return found[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What the words of one file can mean: who pays, by what, for which lines, in which year."""

    year: FiscalYear
    lines: KnownNames
    who: KnownNames
    drivers: KnownNames
    figures: KnownNames
    units: Mapping[str, str] = field(default_factory=dict)
    draft: bool = False


def lexicon(
    project: str, year: FiscalYear, sections: tuple[Section, ...], vocabulary: Vocabulary
) -> Lexicon:
    """Names of the vocabulary and of the file's own blocks, by use."""
    bases = [
        *vocabulary.figures,
        *vocabulary.bases,
        *(name for section in sections for name in _aliases(section)),
        *_headed(sections, BASIS_KINDS),
    ]
    stems = {stem(name) for name in bases} - {""}
    both = [spelling for name in stems for spelling in (name, f"{name}割")]
    groups = [*GROUP_WORDS, *vocabulary.groups, *_headed(sections, (GROUP_KIND,))]
    return Lexicon(
        year=year,
        lines=KnownNames.of(_lines(project, vocabulary)),
        who=KnownNames.of(vocabulary.members, groups),
        drivers=KnownNames.of((EQUAL, *(name for name in both if name.endswith("割")))),
        figures=KnownNames.of(both, vocabulary.columns, (BUDGET, PREVIOUS)),
        units={name_key(name): unit for name, unit in vocabulary.units.items()},
        draft=vocabulary.draft,
    )


def _letters(text: str, start: int) -> Iterator[tuple[int, str]]:
    for letter in _LETTER.finditer(text, start):
        yield letter.end(), name_key(letter.group())


def spoiled(found: Sequence[Section], lines: Iterable[int]) -> frozenset[str]:
    """Stems of the names that the faults on `lines` keep from being known: ■ blocks, 基礎数値."""
    faulty = set(lines)
    starts = [section.heading.kind.line.number if section.heading else 0 for section in found]
    blocks = [found[bisect_right(starts, line) - 1].heading for line in faulty]
    names = [heading.name.text.strip("「」") for heading in blocks if heading]
    items = (item for section in found for item in section.items)
    names += [_alias(item) for item in items if _is_bind(item) and item.key.line.number in faulty]
    return frozenset(map(stem, names))


def _lines(project: str, vocabulary: Vocabulary) -> Iterator[str]:
    for name, lines in vocabulary.lines.items():
        if project == COMMON or name_key(name) == name_key(project):
            yield from lines


def _headed(sections: tuple[Section, ...], kinds: tuple[str, ...]) -> Iterator[str]:
    for section in sections:
        if section.heading and name_key(section.heading.kind.text) in kinds:
            yield section.heading.name.text.strip("「」")


def _aliases(section: Section) -> Iterator[str]:
    """Left sides of 基礎数値 (or the heading itself where there is none)."""
    for item in section.items:
        if _is_bind(item):
            yield _alias(item)


def _is_bind(item: Item) -> bool:
    return name_key(item.key.text) == "基礎数値"


def _alias(item: Item) -> str:
    # Behind 、精算は stands another time of the same figure.
    before, equals, _ = _AT_SETTLEMENT.split(item.value.text)[0].partition("=")
    return before.strip(" 「」") if equals else before.rpartition("(")[0].strip(" 「」")


_AT_SETTLEMENT = re.compile(r"\)\s*、\s*精算は")
_CHUNK = re.compile(r"[^\s、()「」]+")
_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")


class LineError(Exception):
    """A line cannot be read. `section.Block` catches it: it never leaves the language."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class Cursor:
    """Position in a piece. `form` is an example of the whole line, shown when reading fails."""

    __slots__ = ("form", "piece", "pos", "text")

    def __init__(self, piece: Piece, form: str) -> None:
        self.piece = piece
        self.form = form
        self.text = piece.line.folded[: piece.end]
        self.pos = piece.start

    @property
    def done(self) -> bool:
        """Whether nothing but spaces is left."""
        return self.skip() == len(self.text)

    @property
    def rest(self) -> Piece:
        """What is left."""
        return self.piece.cut(self.pos, self.piece.end)

    def skip(self) -> int:
        """Column of the next word."""
        self.pos = _after_spaces(self.text, self.pos)
        return self.pos

    def since(self, start: int) -> Piece:
        """Give what was read from a column on."""
        return self.piece.cut(start, self.pos)

    def take(self, *words: str) -> Piece | None:
        """Take the first of `words` that stands here."""
        start = self.skip()
        for word in words:
            if self.text.startswith(word, start):
                self.pos = start + len(word)
                return self.since(start)
        return None

    def need(self, *words: str) -> Piece:
        """Take one of `words`, which must stand here."""
        found = self.take(*words)
        if found is None:
            raise self.error(*words)
        return found

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take what `pattern` finds here."""
        found = pattern.match(self.text, self.skip())
        if found:
            self.pos = found.end()
        return found

    def end(self) -> None:
        """Make sure that nothing more stands here."""
        if not self.done:
            raise self.error()

    def name(self, known: KnownNames, stop: re.Pattern[str]) -> Name:
        """Read a name: in 「」, else the longest known one, else all before `stop`."""
        if quoted := self.quoted():
            return quoted
        start = self.skip()
        if self.known(known, stop):
            return as_name(self.since(start))
        found = stop.search(self.text, min(start + 1, len(self.text)))
        self.pos = found.start() if found else len(self.text)
        if self.pos <= start:
            raise self.error()
        return as_name(_without_comma(self.since(start)))

    def known(self, known: KnownNames, stop: re.Pattern[str]) -> bool:
        """Take the longest known name that `stop` or the end follows."""
        for end in known.ends(self.text, self.skip()):
            after = _after_spaces(self.text, end)
            if (
                after == len(self.text)
                or stop.match(self.text, after)
                or stop.match(self.text, end)
            ):
                self.pos = end
                return True
        return False

    def quoted(self) -> Name | None:
        """Read a name in 「」, if one stands here."""
        start = self.skip()
        if not self.text.startswith("「", start):
            return None
        close = self.text.find("」", start)
        if close < 0:
            raise LineError(messages.unclosed(self.rest.source, "「", "」"))
        self.pos = close + 1
        return as_name(self.since(start))

    def error(self, *words: str) -> LineError:
        """Say what is wrong here; `words` are those that could stand here."""
        rest = self.rest
        if not rest.text:
            read = self.piece if self.piece.text else self.piece.cut(0, self.piece.end)
            return LineError(messages.unfinished(read.source, words, self.form))
        if rest.text.startswith(COMMENT_SIGNS):
            return LineError(messages.comment_inside(rest.source))
        chunk = _CHUNK.match(rest.text)
        wrong = rest.cut(rest.start, rest.start + (chunk.end() if chunk else 1))
        if comma := _COMMA.search(wrong.text):
            start = wrong.start + comma.start()
            return LineError(tell("W229", rest.cut(start, start + 1).source, new="、"))
        meant = messages.meant(wrong.text, words)
        if meant and keeps(wrong.text, meant):
            return LineError(messages.mistyped(wrong.source, meant))
        place = wrong if words else rest
        return LineError(messages.unreadable(place.source, words, self.form))


def as_name(piece: Piece) -> Name:
    """Read the whole piece as a name, without its 「」."""
    inside = piece
    if piece.text.startswith("「") and piece.text.endswith("」"):
        inside = piece.cut(piece.start + 1, piece.end - 1)
    if not inside.text:
        raise LineError(tell("W231", piece.source))
    if inside is piece:
        _check_plain(piece)
    return Name(inside.text, inside.source)


def _after_spaces(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _check_plain(piece: Piece) -> None:
    if "「" in piece.text or "」" in piece.text:
        raise LineError(messages.unclosed(piece.source, "「", "」"))
    comment = piece.text.find("※")
    if comment >= 0:
        raise LineError(messages.comment_inside(piece.cut(piece.start + comment, piece.end).source))


def _without_comma(piece: Piece) -> Piece:
    comma = piece.text.find(",")
    if comma >= 0:
        start = piece.start + comma
        raise LineError(tell("W229", piece.cut(start, start + 1).source, new="、"))
    return piece


_NAMING = ("負担割合", "対象", "差し引く", "上限", "下限")
"""Keys of lines whose names must be known ones."""


def strange(key: str, node: object, lexicon: Lexicon) -> bool:
    """Whether a line of this key names what is neither a body, a group, a basis nor a figure."""
    return key in _NAMING and any(not known(own.text, lexicon) for own in _all_in(node))


def known(name: str, lexicon: Lexicon) -> bool:
    """Whether a name is that of a body, a group, a basis or a figure."""
    key = name_key(name)
    return any(key in own.keys for own in (lexicon.who, lexicon.drivers, lexicon.figures))


def _all_in(node: object) -> Iterator[Name]:
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Deduct) and node.amount is not None:
        return  # a name of its own
    elif isinstance(node, tuple):
        for each in node:
            yield from _all_in(each)
    elif is_dataclass(node):
        for own in fields(node):
            yield from _all_in(getattr(node, own.name))
