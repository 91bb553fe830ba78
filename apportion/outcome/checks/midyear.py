"""途中参加: what it does to the others, told once for each 事業.

The amounts are compared with those of the same year in which everybody takes part all year.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from apportion.allocate.case import LineResult, Participant
from apportion.core.model import Attendance, Roster, Tables
from apportion.core.problem import Problem, tell
from apportion.core.sums import summed
from apportion.core.text import name_key
from apportion.core.year import wareki
from apportion.outcome.charging import recomputed
from apportion.outcome.workspace import Workspace
from apportion.rules.nodes import Proration

_SHOWN = 3
_ALL_YEAR = 12

Amounts = Mapping[str, int]
"""Yen by 団体コード."""


class ProjectLines(NamedTuple):
    """A 事業: its lines, and those who are not there all year."""

    name: str
    results: list[LineResult]
    partial: dict[str, Participant]


def notices(
    workspace: Workspace, tables: Tables, results: Sequence[LineResult | None]
) -> Iterator[Problem]:
    """An お知らせ for each 事業 with a member that does not bear the whole year."""
    groups = [group for group in _groups(results) if group.partial]
    if not groups:
        return
    whole = {group.name: group for group in _groups(_all_year(workspace, tables))}
    for group in groups:
        rule = _rule(workspace, group)
        if rule is not None and group.name in whole:
            yield _notice(group, whole[group.name], rule)


def _groups(results: Sequence[LineResult | None]) -> list[ProjectLines]:
    found: dict[str, ProjectLines] = {}
    for result in results:
        if result is None:
            continue
        name = result.case.line.project
        group = found.setdefault(name_key(name), ProjectLines(name, [], {}))
        group.results.append(result)
        for participant in result.case.participants:
            if participant.part != 1:
                group.partial.setdefault(participant.member.code, participant)
    return list(found.values())


def _all_year(workspace: Workspace, tables: Tables) -> list[LineResult | None]:
    """The same year with everybody there all year."""
    rosters = tuple(
        Roster(
            name=roster.name,
            entries={
                code: Attendance(source=entry.source) for code, entry in roster.entries.items()
            },
            source=roster.source,
        )
        for roster in tables.rosters
    )
    return recomputed(workspace, replace(tables, rosters=rosters))


def _rule(workspace: Workspace, group: ProjectLines) -> Proration | None:
    """The 途中参加 of the first line that says one."""
    cases = (result.case for result in group.results)
    rules = (workspace.book.scope(case.file).proration(case.expense) for case in cases)
    return next((rule for rule in rules if rule is not None), None)


def _amounts(group: ProjectLines) -> Amounts:
    charges = (charge for result in group.results for charge in result.charges())
    return summed((charge.member.code, charge.yen) for charge in charges)


def _notice(group: ProjectLines, whole: ProjectLines, rule: Proration) -> Problem:
    now, before = _amounts(group), _amounts(whole)
    changes = {code: now[code] - before.get(code, 0) for code in now}
    own = {code: change for code, change in changes.items() if code in group.partial}
    others = [change for code, change in changes.items() if code not in group.partial and change]
    names = [_who(group.partial[code], own[code]) for code in own]
    shown = "、".join(names[:_SHOWN]) + (f"など{len(names)}団体" if names[_SHOWN:] else "")
    return tell(
        "W858",
        rule.source,
        line=group.name,
        shown=shown,
        difference=-sum(own.values()),
        destination=destination(others, sum(result.carried for result in group.results)),
    )


def _who(participant: Participant, change: int) -> str:
    """`みどり町（令和7年10月1日から、6/12、1,234円の減）`."""
    attendance, part = participant.attendance, participant.part
    first = f"{wareki(attendance.joins)}から" if attendance.joins else ""
    last = f"{wareki(attendance.leaves)}まで" if attendance.leaves else ""
    months = part * _ALL_YEAR
    share = f"{months}か月分" if months.denominator == 1 else f"{part}年分"
    change_said = f"{-change:,}円の減" if change <= 0 else f"{change:,}円の増"
    return f"{participant.member.name}（{first}{last}、{share}、{change_said}）"


def destination(others: Sequence[int], carried: int) -> str:
    """Who bears what is missing: changes of the others in yen, and what nobody bears."""
    told = []
    if others:
        word = "増えました" if sum(others) >= 0 else "減りました"
        most = max(others, key=abs)
        told.append(
            f"ほかの{len(others)}団体の負担が計 {abs(sum(others)):,}円 {word}"
            f"（1団体あたり最大 {abs(most):,}円）。"
        )
    if carried:
        told.append(f"{carried:,}円は繰越です（どの団体も負担しません）。")
    return "".join(told) or "ほかの団体の負担は変わりません。"
