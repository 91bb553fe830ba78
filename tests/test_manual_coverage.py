"""The manual shows every phrase of the language: each key, each choice, each form of the grammar.

The rule texts that `test_manual` computes are read here, and every word of the rulebook that the
language can make must come out of one of them, with each of its options.
"""

import dataclasses
import types
import typing
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache

from apportion.core.text import name_key
from apportion.rules.book import STATES, RuleFile, Vocabulary
from apportion.rules.nodes import Arith, Mode
from apportion.rules.read import blocks, parse
from apportion.rules.read.names import GROUP_WORDS
from apportion.rules.read.numbers import SCALES, YEN
from apportion.rules.read.scan import Heading, Item, rows
from apportion.rules.read.section import HEAD, KEYS
from tests.manual import reading
from tests.manual.council import varied, whole_file
from tests.tree import words_of_the_tree

Option = tuple[str, str, object]

# `県に 市町村の計と同額` needs a body: without one it would mean everybody; units are cut up or down.
IMPOSSIBLE = {
    ("SameAs", "who", None),
    ("PerUnit", "cut", Mode.HALF_UP),
    ("RuleFile", "unread", True),  # what a mistake leaves behind, not something to write
}
CHOICES: dict[tuple[str, str], Iterable[str]] = {
    ("RuleFile", "state"): STATES,
    ("RuleFile", "holiday"): ("翌営業日", "前営業日", "そのまま"),
    ("Expense", "tax"): blocks.TAXES,
    ("Adjust", "kind"): ("先に引き、後で足す", "差し引く", "足す"),
    ("Settlement", "difference"): blocks.DIFFERENCES,
    ("Settlement", "figures"): blocks.FIGURE_TIMES,
    ("Proration", "method"): ("月割", "日割", "全額", "翌年度から"),
    ("Operation", "operator"): "+-*/^",
    ("Bind", "over"): ("平均", "合計"),
    ("Pick", "function"): ("大きい方", "小さい方", "平均"),
}


@cache
def texts() -> tuple[str, ...]:
    """Every rule text that the manual runs, its variants too."""
    found = []
    for example in reading.examples():
        for fence in example.fences:
            if fence.path.endswith(".txt"):
                found.append(fence.text)
            elif not fence.path:
                found.append(whole_file(fence.text))
                found += [
                    varied(found[-1], reading.codes(row[0]))
                    for grid in example.variants
                    for row in grid.rows
                ]
    return tuple(found)


@cache
def files() -> tuple[RuleFile, ...]:
    read = [parse("rules/r7/10.txt", text, Vocabulary()) for text in texts()]
    assert [problem for _, problems in read for problem in problems] == []
    return tuple(file for file, _ in read if file is not None)


def nodes(value: object) -> Iterator[object]:
    """Every word of a tree."""
    if isinstance(value, tuple):
        for inner in value:
            yield from nodes(inner)
    elif dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from nodes(getattr(value, field.name)) if field.compare else ()


def flat(value: object) -> Iterator[object]:
    """What stands in a field: itself, or what its lists hold."""
    if isinstance(value, tuple):
        for inner in value:
            yield from flat(inner)
    else:
        yield value


def shown() -> set[Option]:
    """Options that the examples use: class, field and what stands there."""
    found: set[Option] = set()
    for node in nodes(files()):
        name = type(node).__name__
        found.add((name, "", ""))
        for field in dataclasses.fields(typing.cast("RuleFile", node)):
            for one in flat(getattr(node, field.name)):
                plain = one is None or isinstance(one, bool | Enum | str)
                found.add((name, field.name, one if plain else type(one).__name__))
    return found


def possible() -> Iterator[Option]:
    """Options that the language has."""
    for kind in words_of_the_tree():
        name = kind.__name__
        if not dataclasses.is_dataclass(kind) or kind is Vocabulary:
            continue
        yield name, "", ""
        hints = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            if field.compare:
                yield from ((name, field.name, option) for option in options(hints[field.name]))
    for (name, attribute), words in CHOICES.items():
        yield from ((name, attribute, word) for word in words)


def options(hint: object) -> Iterator[object]:
    """What a field may hold, where that is a matter of kind and not of names and numbers."""
    arguments = set(typing.get_args(hint))
    if arguments >= set(typing.get_args(Arith)):
        return  # a formula may be anything anywhere: each kind once is enough
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is tuple:
        for argument in arguments:
            yield from options(argument)
    elif hint is types.NoneType:
        yield None
    elif hint is bool:
        yield from (True, False)
    elif isinstance(hint, type) and issubclass(hint, Enum):
        yield from hint
    elif isinstance(hint, type) and dataclasses.is_dataclass(hint):
        yield hint.__name__


def test_every_form_of_the_language_has_an_example() -> None:
    wanted = set(possible()) - IMPOSSIBLE
    assert len(wanted) > 150
    assert sorted(map(str, wanted - shown())) == []


def test_every_key_stands_in_an_example() -> None:
    seen: set[tuple[str, str]] = set()
    for text in texts():
        kind = HEAD
        for row in rows("rules/r7/10.txt", text):
            if isinstance(row, Heading):
                kind = name_key(row.kind.text)
            elif isinstance(row, Item):
                seen.add((kind, name_key(row.key.text)))
    wanted = {(kind, key) for kind, keys in KEYS.items() for key in keys}
    assert wanted - seen == set()


def test_every_word_is_named() -> None:
    text = (reading.ROOT / "rules/README.md").read_text("utf-8-sig")
    words = {*GROUP_WORDS, *YEN, *filter(None, SCALES), *KEYS}
    assert {word for word in words - {HEAD} if word not in text} == set()
