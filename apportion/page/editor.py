"""規則 while they are typed: what can be written, and what a line means."""

import re
from collections.abc import Iterator, Sequence

from apportion.allocate.case import LineResult
from apportion.core.model import Member, Tables
from apportion.core.numbers import money
from apportion.core.sums import grouped
from apportion.outcome.outcome import Outcome
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


def paid(outcome: Outcome, member: Member | None) -> Record:
    """What a body pays by each ■経費, by file and number of its lines; without a body the first of each."""
    found: dict[str, dict[int, str]] = {}
    whole = grouped((result.case.expense.source, result) for result in outcome.results)
    for results in whole.values():
        expense, says = results[0].case.expense, _pays(results, member)
        for place in (expense.source, *(clause.source for clause in expense.clauses)):
            found.setdefault(place.file, {})[place.line] = says
    return {"files": found}


def _pays(results: Sequence[LineResult], member: Member | None) -> str:
    """`豊橋市は、この経費で 1,860,044円です。`; of several lines of the budget their sum."""
    body = member or results[0].case.participants[0].member
    own = [
        yen
        for result in results
        for one, yen in zip(result.case.participants, result.yen, strict=True)
        if one.member.code == body.code
    ]
    if not own:
        return f"{body.name}は、この経費を負担しません。"
    several = f"（{len(own)}件の計）" if len(own) > 1 else ""
    return f"{body.name}は、この経費で {money(sum(own))}{several}です。"
