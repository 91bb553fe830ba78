"""合併 within the year: who took over whom, and what that does to the others, told once.

The successor stands for all its bodies the whole year. The amounts are compared with those of the
same year in which the bodies are apart.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.core.model import Attendance, Member, Roster, Tables
from apportion.core.problem import Problem, tell
from apportion.core.sums import summed
from apportion.core.year import FiscalYear, wareki
from apportion.outcome.charging import recomputed
from apportion.outcome.checks.midyear import destination
from apportion.outcome.workspace import Workspace

_SHOWN = 3


class Merger(NamedTuple):
    """A body that ended within the year, and the one that took its place."""

    former: Member
    heir: Member

    def words(self) -> str:
        """`みどり町（令和7年9月30日まで）はあおば市`."""
        assert self.former.valid_to is not None
        return f"{self.former.name}（{wareki(self.former.valid_to)}まで）は{self.heir.name}"


def notices(
    workspace: Workspace, tables: Tables, results: Sequence[LineResult | None]
) -> Iterator[Problem]:
    """An お知らせ where a body that is charged took over another one within the year."""
    now = _amounts(results)
    found = [merger for merger in _mergers(tables, workspace.year) if merger.heir.code in now]
    if not found:
        return
    apart = recomputed(workspace, _apart(tables, found, workspace.year))
    said = "、".join(merger.words() for merger in found[:_SHOWN])
    more = f"など{len(found)}団体" if found[_SHOWN:] else ""
    yield tell(
        "W860",
        found[0].former.source,
        said=said,
        more=more,
        effect="" if None in apart else _effect(found, now, results, apart),
    )


def _mergers(tables: Tables, year: FiscalYear) -> Iterator[Merger]:
    for member in tables.members:
        end = member.valid_to
        if member.successor and end and year.first_day <= end <= year.last_day:
            yield Merger(member, tables.heir(member.code))


def _amounts(results: Sequence[LineResult | None]) -> Mapping[str, int]:
    """Yen by 団体コード."""
    charges = (charge for result in results if result for charge in result.charges())
    return summed((charge.member.code, charge.yen) for charge in charges)


def _apart(tables: Tables, mergers: Sequence[Merger], year: FiscalYear) -> Tables:
    """The tables as if these bodies had not been merged: each takes part where its lists say."""
    listed = frozenset(code for roster in tables.rosters for code in roster.entries)
    ended = {merger.former.code for merger in mergers}
    members = tuple(
        replace(member, successor="", valid_to=None) if member.code in ended else member
        for member in tables.members
    )
    rosters = tuple(
        replace(roster, entries=_entries(roster, mergers, listed, year))
        for roster in tables.rosters
    )
    return replace(tables, members=members, rosters=rosters)


def _entries(
    roster: Roster, mergers: Sequence[Merger], listed: Collection[str], year: FiscalYear
) -> Mapping[str, Attendance]:
    """Those of a list without the mergers.

    A body that stands in no list at all (`listed` are all codes) was in those of its heir, as far as
    is known. So were the bodies of an heir that is new, where the list names none of them.
    """
    entries = dict(roster.entries)
    named = {heir.code for former, heir in mergers if former.code in roster.entries}
    for former, heir in mergers:
        entry = roster.entries.get(heir.code)
        if entry is None:
            continue
        made = heir.valid_from is not None and heir.valid_from > year.first_day
        if former.code not in listed or (made and heir.code not in named):
            entries.setdefault(former.code, Attendance(source=entry.source))
        if made:  # there is none without the merger
            entries.pop(heir.code, None)
    return entries


def _effect(
    mergers: Sequence[Merger],
    now: Mapping[str, int],
    results: Sequence[LineResult | None],
    apart: Sequence[LineResult | None],
) -> str:
    """What the heirs and the others pay more or less than apart."""
    heir_of = {merger.former.code: merger.heir.code for merger in mergers}
    before = ((heir_of.get(code, code), -yen) for code, yen in _amounts(apart).items())
    changes = summed((*now.items(), *before))
    heirs = {merger.heir.code: merger.heir for merger in mergers}
    own = "、".join(_change(heir, changes[code]) for code, heir in list(heirs.items())[:_SHOWN])
    others = [yen for code, yen in changes.items() if code not in heirs and yen]
    carried = _carried(results) - _carried(apart)
    return (
        f"合併しなかった場合の、もとの団体の計と比べて、{own}。"
        f"{destination(others, max(carried, 0))}"
    )


def _change(heir: Member, yen: int) -> str:
    if not yen:
        return f"{heir.name}の負担は変わりません"
    return f"{heir.name}の負担は {abs(yen):,}円 {'増えました' if yen > 0 else '減りました'}"


def _carried(results: Sequence[LineResult | None]) -> int:
    return sum(result.carried for result in results if result)
