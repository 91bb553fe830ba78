"""What a year would be under drafts: computed in memory, each case as a run of its own would be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.core.dataclass import dataclass
from apportion.core.model import BudgetLine, Member, Tables, Yen
from apportion.core.problem import Findings, InputError, Level, Problem, grave
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.charging import line_results, resolved, with_relief
from apportion.outcome.checks import check
from apportion.outcome.computation import conclude, examine_year
from apportion.outcome.outcome import Outcome
from apportion.outcome.workspace import Workspace
from apportion.rules.book import COMMON, RuleBook, RuleFile
from apportion.why.drafts import DraftFile, laid_over, unasserted
from apportion.why.fairness import paid, people


@dataclass(frozen=True, kw_only=True)
class YearAsItStands:
    """A year that cases are made of: what was read, and what it comes to as it stands."""

    workspace: Workspace
    outcome: Outcome

    def case(self, drafts: Sequence[DraftFile]) -> Outcome:
        """What the year comes to under drafts; raises `InputError` with all that is wrong."""
        findings = Findings()
        changed = laid_over(self.workspace, drafts, findings)
        found = (p for p in check(changed) if p.level is Level.ERROR)
        findings.extend(p for p in found if p not in self._known)
        if findings.faults:
            raise InputError(findings.problems)
        results = tuple(self._results(changed, findings))
        if findings.faults:
            raise InputError(findings.problems)
        assert changed.tables is not None
        return replace(
            self.outcome,
            tables=changed.tables,
            book=changed.book,
            results=results,
            billed={},
            instalments=(),
            equations=(),
            problems=findings.problems,
        )

    def _results(self, changed: Workspace, findings: Findings) -> Iterator[LineResult]:
        """Results in budget order; a 事業 that nothing touches keeps those of the year."""
        tables = changed.tables
        assert tables is not None
        touched = self._touched(changed, tables)
        files = (f for f in changed.book.files if name_key(f.project.text) in {COMMON, *touched})
        budget = tuple(b for b in tables.budget if name_key(b.project) in touched)
        part = replace(changed, book=RuleBook(tuple(files), unread=changed.book.unread))
        own = replace(tables, budget=budget)
        made = line_results(resolved(part, own, findings), findings)
        if not findings.faults:
            made = with_relief(part, own, made, findings)
        before = (r for r in self.outcome.results if name_key(r.case.line.project) not in touched)
        results = (*before, *(result for result in made if result))
        found = grouped((name_key(result.case.line.project), result) for result in results)
        for key in dict.fromkeys(name_key(line.project) for line in tables.charged):
            yield from found.get(key, ())

    @cached_property
    def _known(self) -> frozenset[Problem]:
        """What is to be said of the year as it stands."""
        return frozenset(check(self.workspace))

    def _touched(self, changed: Workspace, tables: Tables) -> set[str]:
        """事業 for which anything is another than before."""
        before = self.outcome.tables
        lines = [_lines(own) for own in (before, tables)]
        files = [_files(book) for book in (self.workspace.book, changed.book)]
        projects = {*lines[0], *lines[1], *files[1]} - {COMMON}
        shared = ((t.members, t.rosters, t.figures) for t in (before, tables))
        if any(a is not b for a, b in zip(*shared, strict=True)) or _differ(files, COMMON):
            return projects
        return {key for key in projects if _differ(lines, key) or _differ(files, key)}


def _differ(sides: Sequence[Mapping[str, object]], key: str) -> bool:
    return sides[0].get(key) != sides[1].get(key)


def _lines(tables: Tables) -> dict[str, list[BudgetLine]]:
    return grouped((name_key(line.project), line) for line in tables.charged)


def _files(book: RuleBook) -> dict[str, RuleFile]:
    """Each file without its 検算, which decide nothing."""
    return {name_key(file.project.text): unasserted(file) for file in book.files}


def stands(root: Path, year: FiscalYear, edition: Edition | None = None) -> YearAsItStands:
    """The year in a workspace, after a 補正 where one is said; raises `InputError` where it is at fault."""
    examined = examine_year(root, year, edition)
    if grave(examined.problems):
        raise InputError(examined.problems)
    return YearAsItStands(workspace=examined.workspace, outcome=conclude(examined))


class CaseRow(NamedTuple):
    """A body in one case: what it pays, how that compares with the year as it stands, per head."""

    member: Member
    before: Yen
    yen: Yen
    each: Fraction | None
    place: int

    @property
    def change(self) -> int:
        """Difference from the year as it stands."""
        return self.yen - self.before


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """The year as it stands and several cases of it, by name."""

    base: Outcome
    cases: Mapping[str, Outcome]

    def rows(self, name: str, project: str = "") -> tuple[CaseRow, ...]:
        """Every body that pays in the year or in the case, in code order; place 1 pays most."""
        outcome = self.cases[name]
        members = {m.code: m for side in (self.base, outcome) for m in side.members}
        heads = people(outcome)
        before = {code: paid(self.base, code, project) for code in members}
        yen = {code: paid(outcome, code, project) for code in members}
        return tuple(
            CaseRow(
                members[code],
                before[code],
                yen[code],
                yen[code] / heads[code] if heads.get(code) else None,
                1 + sum(other > yen[code] for other in yen.values()),
            )
            for code in sorted(members)
            if not project or before[code] or yen[code]
        )


def what_if(ground: YearAsItStands, cases: Mapping[str, Sequence[DraftFile]]) -> WhatIf:
    """Several cases beside each other; raises `InputError` where a draft is wrong."""
    made = {name: ground.case(drafts) for name, drafts in cases.items()}
    return WhatIf(base=ground.outcome, cases=made)
