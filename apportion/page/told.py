"""Problems and explanations as plain data, with the words in which the command line tells them."""

import re
from collections.abc import Iterable
from typing import Any

from apportion.core import mends
from apportion.core.catalogue import entry
from apportion.core.numbers import money
from apportion.core.problem import InputError, Level, Problem, Source, ranked
from apportion.core.year import wareki
from apportion.explain.steps import (
    Explanation,
    LineStory,
    Step,
    formula,
    number,
    place,
    value_of,
)

Record = dict[str, Any]
_SWAPPED = re.compile(r"「([^」]+)」を「([^」]+)」に直してください。")


def problems(found: Iterable[Problem]) -> list[Record]:
    """Problems, the gravest first; each with its title, its help page and its place."""
    return [
        {
            "code": problem.code,
            "level": problem.level.value,
            "title": entry(problem.code).title,
            "what": problem.what,
            "why": problem.why,
            "fix": problem.fix,
            "mends": offered(problem),
            "page": entry(problem.code).page,
            "place": _place(problem.source),
        }
        for problem in ranked(found)
    ]


def offered(problem: Problem) -> list[str]:
    """Lines that a message offers for the one that it is about: whole ones, or one with other words."""
    if not problem.source.text:
        return []
    if lines := mends.offered(problem.fix):
        return lines
    swapped = _SWAPPED.match(problem.fix)
    if swapped and swapped[1] == problem.source.words:
        return [problem.source.mended(swapped[2])]
    return []


def stopped(error: InputError) -> str:
    """Why there is no answer."""
    errors = sum(problem.level is Level.ERROR for problem in error.problems)
    return f"誤りが {errors} 件あるので、計算できません。何も書いていません。"


def story(found: Explanation) -> Record:
    """An explanation: the invoice, below it 事業, 経費 and steps, each with its place."""
    return {
        "member": found.member.name,
        "code": found.member.code,
        "heir_of": "" if found.asked.code == found.member.code else found.asked.name,
        "owed": money(found.owed),
        "invoiced": money(found.invoiced),
        "instalments": [
            {
                "label": found.label(due),
                "day": wareki(due.day) if due.day else "別に通知",
                "yen": money(due.yen),
            }
            for due in found.instalments
        ],
        "payers": [{"name": one.name, "yen": money(yen)} for one, yen in found.payers],
        "others": [{"name": one.name, "yen": money(yen)} for one, yen in found.others],
        "projects": [
            {
                "name": project.name,
                "yen": money(project.yen),
                "lines": [_line(line) for line in project.lines],
            }
            for project in found.projects
        ],
    }


def _line(line: LineStory) -> Record:
    return {
        "name": line.line.name,
        "yen": money(line.yen) if line.taking_part else "名簿になし",
        "rules": [value_of(rule.text) for rule in line.rules],
        "legal": [{"text": one.text, "place": _place(one.source)} for one in line.legal],
        "place": _place(line.place),
        "steps": [_step(step) for step in line.steps],
    }


def _step(step: Step) -> Record:
    return {
        "label": step.label,
        "value": "" if step.value is None else number(step.value, step.unit),
        "formula": formula(step),
        "words": step.words,
        "depth": step.depth,
        "place": _place(step.source),
    }


def _place(source: Source) -> Record:
    """Where a value stands: in words, and where the page opens it."""
    return {
        "words": place(source),
        "file": source.file,
        "line": source.line,
        "column": source.column,
        "length": source.length,
        "cell": source.cell,
        "sheet": source.sheet,
    }
