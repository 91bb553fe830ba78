"""もしも: what members would pay if shares were others, or if lines of rules said something else."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from apportion.core.numbers import percent
from apportion.page.told import Record
from apportion.rules import spell
from apportion.rules.tell.sentences import said
from apportion.why import typed
from apportion.why.cases import CaseRow, YearAsItStands, what_if
from apportion.why.drafts import DraftFile
from apportion.why.sweep import movable, moved, parts
from apportion.why.words import fixed, rate


def levers(year: YearAsItStands) -> list[Record]:
    """Each 経費 whose 負担割合 can be moved: its text, and the part of each driver now in percent."""
    return [
        {
            "project": project,
            "line": line,
            "text": said("、".join(spell.clause(clause) for clause in clauses)),
            "parts": [
                {"driver": driver, "part": percent(part)}
                for clause in clauses
                for driver, part in parts(clause)
            ],
        }
        for project, line, clauses in movable(year)
    ]


def rows(year: YearAsItStands, cases: Sequence[Mapping[str, Any]]) -> Record:
    """Every body in each case: `{"name", "moves": [{"project", "line", "driver", "part": 35}], "lines"}`.

    `part` is in percent, what is left goes to the other drivers as they stand to one another; `lines`
    are changes as `what-if --set` takes them. Raises `InputError` where one cannot be computed.
    """
    drafts = {str(case["name"]): list(_drafts(year, case)) for case in cases}
    found = what_if(year, drafts)
    return {
        "members": [
            {"code": member.code, "name": member.name, "yen": found.base.total_of(member.code)}
            for member in found.base.members
        ],
        "total": found.base.total,
        "cases": [
            {"name": name, "rows": {r.member.code: _row(r) for r in found.rows(name)}}
            for name in found.cases
        ],
    }


def _row(row: CaseRow) -> Record:
    each = None if row.each is None else f"{fixed(row.each, 1)}円"
    return {
        "name": row.member.name,
        "yen": row.yen,
        "change": row.change,
        "rate": rate(row.change, row.before),
        "each": each,
    }


def _drafts(year: YearAsItStands, case: Mapping[str, Any]) -> Iterator[DraftFile]:
    lines = [typed.setting(year.outcome.tables, text) for text in case["lines"] if text.strip()]
    settings = [found for move in case["moves"] for found in _moved(year, move)]
    yield from typed.of_settings([*settings, *lines])


def _moved(year: YearAsItStands, move: Mapping[str, Any]) -> Iterator[typed.Setting]:
    driver, part = str(move["driver"]), Fraction(str(move["part"])) / 100
    for project, line, clauses in movable(year):
        if (project, line) == (move["project"], move["line"]):
            for clause in clauses:
                yield typed.Setting(project, line, "負担割合", moved(clause, driver, part))
