"""Names that rule texts may use, matched longest first, so that one with 、 or に is read whole."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from apportion.language.scan import Item, Section
from apportion.model import KIND_GROUPS
from apportion.rulebook import COMMON, EQUAL, Vocabulary
from apportion.rulebook.book import stem
from apportion.text import name_key
from apportion.year import FiscalYear

BASIS_KINDS = ("基準", "段階表", "係数表")
GROUP_KIND = "グループ"
GROUP_WORDS = (*KIND_GROUPS, "会員", "準会員", "参加団体", "全団体")
"""Built-in groups; a ■グループ cannot redefine them."""

BUDGET = "予算額"

# A letter with the voiced marks that may follow it as signs of their own.
_LETTER = re.compile(r".[\u3099\u309a\uff9e\uff9f\u0300-\u036f]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Known:
    """A set of names, compared as `name_key` compares."""

    keys: frozenset[str]
    longest: int

    @classmethod
    def of(cls, *groups: Iterable[str]) -> "Known":
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
    lines: Known
    who: Known
    drivers: Known
    figures: Known


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
        lines=Known.of(_lines(project, vocabulary)),
        who=Known.of(vocabulary.members, groups),
        drivers=Known.of((EQUAL, *(name for name in both if name.endswith("割")))),
        figures=Known.of(both, vocabulary.columns, (BUDGET,)),
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
    before, equals, _ = item.value.text.partition("=")
    return before.strip(" 「」") if equals else before.rpartition("(")[0].strip(" 「」")
