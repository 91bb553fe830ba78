"""Which 注意 a person has looked at: they stay, and are no more than told."""

from collections.abc import Iterable
from dataclasses import replace

from apportion.core.model import SeenMark, Tables
from apportion.core.problem import Level, Problem
from apportion.tables import seen


def marked(problems: Iterable[Problem], tables: Tables | None) -> tuple[Problem, ...]:
    """The problems, those with their reason that the table 見た注意 names by what they say."""
    marks = tables.seen if tables else ()
    return tuple(_marked(problem, marks) if marks else problem for problem in problems)


def _marked(problem: Problem, marks: Iterable[SeenMark]) -> Problem:
    if problem.level is Level.ERROR:
        return problem
    words = seen.key(problem.what)
    for mark in marks:
        placed = mark.place in ("", problem.source.file)
        if (mark.code, mark.words) == (problem.code, words) and placed:
            return replace(problem, seen=mark.reason)
    return problem
