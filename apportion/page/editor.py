"""規則 while they are typed: what can be written, and what a line means."""

import re
from collections.abc import Iterator

from apportion.core.model import Tables
from apportion.page.told import Record
from apportion.rules.book import RuleBook
from apportion.rules.tell.chapters import chapters
from apportion.years.begin.starter import manual_path

_MANUAL = "rules/README.md"
_KEY = re.compile(r"([^:：|`\s■※A-Za-z.（][^:：|`\s]{0,15})[:：] +(.+)")
_CODE = re.compile(r"`([^`\n]+)`")
_MESSAGES = ("エラー", "注意", "お知らせ")


def written(tables: Tables | None) -> Record:
    """What can be written: lines of the manual by their key, headings, and the names of the tables."""
    values: dict[str, dict[str, None]] = {}
    headings: dict[str, None] = {}
    for line in lines():
        if line.startswith("■"):
            headings.setdefault(line)
        elif found := _KEY.fullmatch(line):
            values.setdefault(found[1], {}).setdefault(found[2])
    return {
        "values": {key: list(own) for key, own in values.items()},
        "headings": list(headings),
        "names": list(dict.fromkeys(_names(tables))) if tables else [],
    }


def lines() -> Iterator[str]:
    """Every line of a rule that the manual shows, in its tables and in its examples; no message."""
    fenced = message = False
    for row in manual_path(_MANUAL).read_text(encoding="utf-8-sig").splitlines():
        if row.startswith("```"):
            fenced, message = not fenced, False
        elif fenced:
            message = message or row.startswith(_MESSAGES)
            yield from [] if message else [row.strip()]
        else:
            yield from _CODE.findall(row)


def _names(tables: Tables) -> Iterator[str]:
    for column in tables.figures:
        yield f"{column.name}割"
        yield column.name
    yield from (roster.name for roster in tables.rosters)
    yield from (line.name for line in tables.charged)
    yield from (member.name for member in tables.members)


def meanings(book: RuleBook) -> Record:
    """What each line of each rule file says, in sentences, by file and number of the line."""
    found: dict[str, dict[int, list[str]]] = {}
    for chapter in chapters(book):
        for sentence in chapter.sentences:
            if place := sentence.source.line:
                own = found.setdefault(sentence.source.file, {}).setdefault(place, [])
                own += [] if sentence.text in own else [sentence.text]
    return {"files": found}
