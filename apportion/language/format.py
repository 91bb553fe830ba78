"""A rule text in its one spelling. What it means, its comments and the order of lines stay.

A line is spelled from what was read in it, is read again, and is only taken if it says the same.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from apportion.language.blocks import ALL_OTHERS
from apportion.language.cursor import LineError
from apportion.language.file import parse_text, words_of
from apportion.language.names import Lexicon
from apportion.language.scan import Heading, Item, Line, Row, classify, rows, sections
from apportion.language.section import HEAD, KEYS
from apportion.language.spelling import AMONG_WORDS, IN_A_LIST, bare, measure
from apportion.language.values import FORMS, FORMULA, LIST, NAME, Form
from apportion.problem import Problem, grave
from apportion.rulebook import Vocabulary
from apportion.text import fold, mark_in, name_key

_KEEPS = (IN_A_LIST, AMONG_WORDS, re.compile(""))
"""Which names keep their 「」: the last where the others make a line say something else."""

Formatted = tuple[str | None, tuple[Problem, ...]]
Said = tuple[str | tuple[Form, Any], ...]
"""What a line says: fixed words, and values with their forms."""


def formatted(path: str, text: str, vocabulary: Vocabulary) -> Formatted:
    """Text in its one spelling (lines end with LF), with the problems found in it.

    None where one of them is an error: a text that is not understood is left alone.
    """
    rules, problems = parse_text(path, text, vocabulary)
    if rules is None or grave(problems):
        return None, problems
    found = tuple(rows(path, text))
    lexicon = words_of(path, sections(found), vocabulary)
    spelled = "".join(f"{line}\n" for line in _single_blanks(_lines(text, found, lexicon)))
    assert parse_text(path, spelled, vocabulary)[0] == rules, path
    return spelled, problems


def _single_blanks(lines: Iterable[str]) -> Iterator[str]:
    """Never more than one empty line between others, and none at either end."""
    empty = started = False
    for line in lines:
        if line and empty and started:
            yield ""
        if line:
            yield line
        empty, started = not line, started or bool(line)


def _lines(text: str, found: Iterable[Row], lexicon: Lexicon) -> Iterator[str]:
    kind = HEAD
    for row, written in zip(found, text.split("\n"), strict=True):
        kind = name_key(row.kind.text) if isinstance(row, Heading) else kind
        # A marked line is about to be changed by a person: it stays as it is, with its mark.
        spelled = None if mark_in(written) else _line(row, kind, lexicon)
        yield spelled or written.strip()


def _line(row: Row, kind: str, lexicon: Lexicon) -> str | None:
    """One spelling of a line; None where none of ours says the same as what was written."""
    said = _said(row, kind, lexicon)
    spelled = "".join(part if isinstance(part, str) else part[0].spell(part[1]) for part in said)
    listed = any(not isinstance(part, str) and part[0] is LIST for part in said)
    for kept in _KEEPS if listed else _KEEPS[1:]:
        text = bare(spelled, kept)
        if _says(text, said, kind, lexicon):
            return text
    return None


def _says(text: str, said: Said, kind: str, lexicon: Lexicon) -> bool:
    try:
        return _said(classify(Line("", 1, text, fold(text))), kind, lexicon) == said
    except LineError:
        return False


def _said(row: Row, kind: str, lexicon: Lexicon) -> Said:
    if isinstance(row, Heading):
        return _said_above(row, kind, lexicon)
    if not isinstance(row, Item):
        return (row.words.written,)
    key, value = name_key(row.key.text), row.value
    form = FORMS[kind].get(key)
    if form:
        return (f"{key}: ", (form, form.read(value, lexicon)))
    if key in KEYS[kind]:
        return (f"{key}: ", value.written)
    formula = (FORMULA, FORMULA.read(value, lexicon))
    if kind == "段階表":
        return (f"{measure(row.key.text)}: ", formula)
    return ((NAME, NAME.read(row.key, lexicon)), ": ", formula)


def _said_above(row: Heading, kind: str, lexicon: Lexicon) -> Said:
    if not row.name.text:
        return (f"■{kind}",)
    if kind == "経費" and name_key(row.name.text) == ALL_OTHERS:
        return (f"■{kind} {ALL_OTHERS}",)
    form = LIST if kind == "経費" else NAME
    return (f"■{kind} ", (form, form.read(row.name, lexicon)))
