"""精算: the rules once more on 決算額, less what was billed, by the ■精算 of each 事業."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from apportion.allocate.case import Charge, LineResult
from apportion.allocate.payers import Payers
from apportion.allocate.rounding import RestRule, close, combine, cut_all
from apportion.core.dataclass import dataclass
from apportion.core.model import FigureColumn, IncomeLine, Tables, Yen, total
from apportion.core.problem import Findings, InputError, grave, tell
from apportion.core.sums import grouped, summed
from apportion.core.text import name_key
from apportion.core.year import SETTLED, FiscalYear
from apportion.outcome.charging import line_results, resolved, with_lines_behind
from apportion.outcome.checks import check
from apportion.outcome.issued import Issues
from apportion.outcome.outcome import Outcome
from apportion.outcome.reconcile import beside, contributions, prove
from apportion.outcome.revision import after
from apportion.outcome.seen import marked
from apportion.outcome.settled import OTHER, Settled, SettledRow, billed_of, final_of
from apportion.outcome.workspace import Workspace, load
from apportion.rules.book import RuleBook, Settlement
from apportion.rules.nodes import Mode
from apportion.tables.revision import last, state_of
from apportion.years.settle.billed import Billed, Key, known, last_billed, reserves, told
from apportion.years.settle.equations import equations
from apportion.years.settle.figures import as_levied, columns_of, own_figures, used
from apportion.years.settle.tables import (
    complete,
    final,
    final_place,
    off_scale,
    other,
    rules,
    settlements,
)


def settled_rows(
    tables: Tables, results: Sequence[LineResult], billed: Billed, ways: Mapping[str, str]
) -> tuple[SettledRow, ...]:
    """All rows: 事業 by 事業 in budget order, その他の収支 behind the 経費 of its 事業."""
    yen = billed.yen(tables)
    found = [*_charged(results, yen, ways), *_only_billed(tables, results, billed, ways)]
    by_project = grouped((name_key(row.project), row) for row in found)
    return tuple(
        row for own in by_project.values() for row in (*_in_order(own), *_others(tables, own))
    )


def _charged(
    results: Sequence[LineResult], yen: Mapping[Key, Yen], ways: Mapping[str, str]
) -> Iterator[SettledRow]:
    for result in results:
        line = result.case.line
        for charge in result.charges():
            yield SettledRow(
                member=charge.member,
                project=line.project,
                line=line.name,
                billed=yen.get((charge.member.code, *line.key), Yen(0)),
                settled=charge.yen,
                way=ways[name_key(line.project)],
            )


def _only_billed(
    tables: Tables, results: Sequence[LineResult], billed: Billed, ways: Mapping[str, str]
) -> Iterator[SettledRow]:
    """What was billed for a 経費 that the member takes no part in any more."""
    charged = {(p.member.code, *r.case.line.key) for r in results for p in r.case.participants}
    projects = {name_key(line.project): line.project for line in tables.charged}
    names = {name_key(line): line for *_, line, _ in billed.rows}
    for (code, project, line), yen in billed.yen(tables).items():
        if yen and (code, project, line) not in charged:
            yield SettledRow(
                member=tables.by_code[code],
                project=projects[project],
                line=names[line],
                billed=yen,
                settled=Yen(0),
                way=ways[project],
            )


def _in_order(own: Sequence[SettledRow]) -> list[SettledRow]:
    lines = list(dict.fromkeys(name_key(row.line) for row in own))
    return sorted(own, key=lambda row: (lines.index(name_key(row.line)), row.member.code))


def _others(tables: Tables, own: Sequence[SettledRow]) -> Iterator[SettledRow]:
    """その他の収支 of a 事業, shared like what its members owe after the year."""
    amount = other(tables, own[0].project)
    if not amount:
        return
    members = {row.member.code: row.member for row in own}
    codes = sorted(members)
    parts = shared(-amount, _weights(codes, own))
    for code, yen in zip(codes, parts, strict=True):
        yield SettledRow(
            member=members[code],
            project=own[0].project,
            line=OTHER,
            billed=Yen(0),
            settled=Yen(yen),
            way=own[0].way,
        )


def _weights(codes: Sequence[str], own: Sequence[SettledRow]) -> list[int]:
    """What each member owes; where nobody owes anything, what was billed, and else one each."""
    settled = [sum(row.settled for row in own if row.member.code == code) for code in codes]
    billed = [sum(row.billed for row in own if row.member.code == code) for code in codes]
    for sums in (settled, billed):
        if any(yen > 0 for yen in sums):
            return [max(yen, 0) for yen in sums]
    return [1] * len(codes)


def shared(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Whole yen in the ratio of `weights`, closed by the largest remainder."""
    places = tuple(range(len(weights)))
    shares = combine(len(weights), 1, [(Fraction(amount), places, tuple(weights), sum(weights))])
    return close(shares, cut_all(shares, 1, Mode.DOWN), amount, 1, RestRule()).yen


def income_as_billed(tables: Tables, listed: Sequence[SettledRow], findings: Findings) -> None:
    """負担金収入 of 決算 must be what was billed; what is not paid yet is another matter (収納)."""
    for key in dict.fromkeys(name_key(row.project) for row in listed):
        lines = [line for line in contributions(tables) if name_key(line.project) == key]
        income = total(final_of(line) or 0 for line in lines)
        asked = billed_of(row for row in listed if name_key(row.project) == key)
        if lines and income != asked:
            _not_as_billed(lines[0], income, asked, findings)


def _not_as_billed(line: IncomeLine, income: int, asked: int, findings: Findings) -> None:
    findings.add(
        tell(
            "W894",
            final_place(line),
            project=line.project,
            income=income,
            asked=asked,
            difference=income - asked,
        )
    )


AS_LEVIED = "賦課時"


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What a settlement rests on: budget and final tables, ■精算 by 事業, and what was billed."""

    workspace: Workspace
    tables: Tables
    said: Mapping[str, Settlement]
    billed: Billed


def settle(root: Path, year: FiscalYear, issues: Issues | None = None) -> Outcome:
    """The year settled: its `settled` holds the differences, its charges are those of 決算額.

    `issues` hold what was billed (default: those sealed in `root`).
    Raises `InputError` with every problem, `ReconciliationError` on our fault.
    """
    findings = Findings()
    workspace = _last_budget(load(root, year))
    findings.extend(workspace.problems)
    findings.extend(check(workspace))
    ground = _ground(root, workspace, issues or Issues.of(root, year), findings)
    results = _results(ground, findings) if ground else ()
    _stop(findings)
    assert ground is not None
    return _outcome(ground, results, findings)


def _last_budget(workspace: Workspace) -> Workspace:
    """The workspace with every 補正 in its amounts, in the state of 精算."""
    if workspace.tables is None:
        return workspace
    edition = last(workspace.tables)
    book = replace(workspace.book, act=state_of(workspace.tables, SETTLED))
    return replace(after(workspace, edition) if edition else workspace, book=book)


def _stop(findings: Findings) -> None:
    if grave(findings.problems):
        raise InputError(findings.problems)


def _ground(root: Path, workspace: Workspace, issues: Issues, findings: Findings) -> _Ground | None:
    tables = workspace.tables
    if tables is None:
        return None
    complete(tables, findings)
    off_scale(tables, findings)
    said = settlements(tables, workspace.book, findings)
    _stop(findings)
    billed = last_billed(root, workspace.year, tables, issues)
    told(billed, workspace.year, findings)
    return _Ground(workspace=workspace, tables=tables, said=said, billed=billed)


def _results(ground: _Ground, findings: Findings) -> tuple[LineResult, ...]:
    """Results on 決算額; each 事業 with the figures that its ■精算 says."""
    levied = {key for key, said in ground.said.items() if said.figures == AS_LEVIED}
    book, figures = rules(ground.workspace.book), ground.tables.figures
    now = _computed(ground, own_figures(book, figures, ground.workspace.year), figures, findings)
    if not levied:
        return now
    columns = columns_of(book, ground.billed.figures, figures, ground.workspace.year)
    then = _computed(ground, as_levied(book), columns, findings)
    return tuple(
        result
        for key in dict.fromkeys(name_key(r.case.line.project) for r in now)
        for result in (then if key in levied else now)
        if name_key(result.case.line.project) == key
    )


def _computed(
    ground: _Ground, book: RuleBook, figures: tuple[FigureColumn, ...], findings: Findings
) -> tuple[LineResult, ...]:
    tables = replace(final(ground.tables), figures=figures)
    workspace = replace(ground.workspace, tables=tables, book=book)
    cases = resolved(workspace, tables, findings)
    found = line_results(cases, findings)
    if findings.faults:
        return ()
    made = with_lines_behind(workspace, tables, found, findings)
    return tuple(result for result in made if result is not None)


def _outcome(ground: _Ground, results: Sequence[LineResult], findings: Findings) -> Outcome:
    tables, book = final(ground.tables), ground.workspace.book
    charges = [charge for result in results for charge in result.charges()]
    payers = Payers(tables, book, findings)
    settled = _settled(ground, results, charges, payers, findings)
    proved = equations(ground.tables, results, ground.billed, settled)
    prove(proved)
    return Outcome(
        year=ground.workspace.year,
        tables=tables,
        book=book,
        results=tuple(results),
        billed=payers.billed(charges),
        instalments=(),
        equations=proved,
        files=(*ground.workspace.files, *ground.billed.files),
        attached=ground.workspace.attached,
        problems=marked(findings.problems, tables),
        settled=settled,
    )


def _settled(
    ground: _Ground,
    results: Sequence[LineResult],
    charges: Sequence[Charge],
    payers: Payers,
    findings: Findings,
) -> Settled:
    tables = ground.tables
    known(ground.billed, tables, (c.member.code for c in charges), findings)
    _stop(findings)
    ways = {key: said.difference for key, said in ground.said.items()}
    year, columns = ground.workspace.year, tables.figures
    figures = used(results, ground.said, ground.workspace.book, columns, year, findings)
    rows = settled_rows(tables, results, ground.billed, ways)
    balances = reserves(tables, year, rows, findings)
    income_as_billed(tables, rows, findings)
    leads = _leads(charges, payers)
    _stop(findings)
    return Settled(
        rows=rows,
        reserves=balances,
        payers=leads,
        budget=tables.budget,
        unpaid=_unpaid(results),
        issue=ground.billed.issue,
        figures=figures,
        accounts=ground.workspace.book.account_of_each,
    )


def _leads(charges: Sequence[Charge], payers: Payers) -> Mapping[tuple[str, str], str]:
    """Who pays for each member and folded 事業."""
    return {
        (charge.member.code, name_key(charge.line.project)): payers.of(charge).code
        for charge in charges
    }


def _unpaid(results: Sequence[LineResult]) -> Mapping[str, Yen]:
    """What the rules of each 事業 leave to nobody."""
    return summed((name_key(r.case.line.project), beside(r)) for r in results)
