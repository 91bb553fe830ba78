"""精算: the rules once more on 決算額, less what was billed, by the ■精算 of each 事業."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from apportion import supplementary
from apportion.allocate.case import Charge, LineResult
from apportion.allocate.engine import settle as settle_line
from apportion.allocate.payers import Payers
from apportion.charging import resolved, with_relief
from apportion.check import check
from apportion.findings import Findings
from apportion.model import FigureColumn, Tables, Yen, total
from apportion.outcome import Outcome
from apportion.problem import InputError, grave
from apportion.reconcile import beside, prove
from apportion.rulebook import Settlement
from apportion.settled import Settled
from apportion.tables import revision
from apportion.text import name_key
from apportion.workspace import Workspace, load
from apportion.year import FiscalYear
from apportion.yearly import reserve, settle_billed, settle_equations, settle_rows, settle_tables
from apportion.yearly.settle_billed import Billed

AS_LEVIED = "賦課時"


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What a settlement rests on: budget and final tables, ■精算 by 事業, and what was billed."""

    workspace: Workspace
    tables: Tables
    said: Mapping[str, Settlement]
    billed: Billed


def settle(root: Path, year: FiscalYear) -> Outcome:
    """The year settled: its `settled` holds the differences, its charges are those of 決算額.

    Raises `InputError` with every problem, `ReconciliationError` on our fault.
    """
    findings = Findings()
    workspace = _last_budget(load(root, year))
    findings.extend(workspace.problems)
    findings.extend(check(workspace))
    ground = _ground(root, workspace, findings)
    results = _results(ground, findings) if ground else ()
    _stop(findings)
    assert ground is not None
    return _outcome(ground, results, findings)


def _last_budget(workspace: Workspace) -> Workspace:
    """The workspace with every 補正 in its amounts."""
    cases = revision.cases(workspace.tables) if workspace.tables else ()
    return supplementary.after(workspace, cases[-1]) if cases else workspace


def _stop(findings: Findings) -> None:
    if grave(findings.problems):
        raise InputError(findings.problems)


def _ground(root: Path, workspace: Workspace, findings: Findings) -> _Ground | None:
    tables = workspace.tables
    if tables is None:
        return None
    settle_tables.complete(tables, findings)
    said = settle_tables.settlements(tables, workspace.book, findings)
    _stop(findings)
    billed = settle_billed.billed(root, workspace.year, tables)
    settle_billed.told(billed, workspace.year, findings)
    return _Ground(workspace=workspace, tables=tables, said=said, billed=billed)


def _results(ground: _Ground, findings: Findings) -> tuple[LineResult, ...]:
    """Results on 決算額; each 事業 with the figures that its ■精算 says."""
    now = _computed(ground, ground.tables.figures, findings)
    levied = {key for key, said in ground.said.items() if said.figures == AS_LEVIED}
    if not levied or ground.billed.figures == ground.tables.figures:
        return now
    then = _computed(ground, ground.billed.figures, findings)
    return tuple(
        result
        for key in dict.fromkeys(name_key(r.case.line.project) for r in now)
        for result in (then if key in levied else now)
        if name_key(result.case.line.project) == key
    )


def _computed(
    ground: _Ground, figures: tuple[FigureColumn, ...], findings: Findings
) -> tuple[LineResult, ...]:
    tables = replace(settle_tables.final(ground.tables), figures=figures)
    workspace = replace(
        ground.workspace, tables=tables, book=settle_tables.rules(ground.workspace.book)
    )
    cases = resolved(workspace, tables, findings)
    known = [settle_line(case, findings) for case, sound in cases.items() if sound]
    if findings.faults:
        return ()
    made = with_relief(workspace, tables, known, findings)
    return tuple(result for result in made if result is not None)


def _outcome(ground: _Ground, results: Sequence[LineResult], findings: Findings) -> Outcome:
    tables, book = settle_tables.final(ground.tables), ground.workspace.book
    charges = [charge for result in results for charge in result.charges()]
    payers = Payers(tables, book, findings)
    settled = _settled(ground, results, charges, payers, findings)
    equations = settle_equations.equations(ground.tables, results, ground.billed, settled)
    prove(equations)
    return Outcome(
        year=ground.workspace.year,
        tables=tables,
        book=book,
        results=tuple(results),
        billed=payers.billed(charges),
        instalments=(),
        equations=equations,
        files=(*ground.workspace.files, *ground.billed.files),
        attached=ground.workspace.attached,
        problems=findings.problems,
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
    settle_billed.known(ground.billed, tables, (c.member.code for c in charges), findings)
    _stop(findings)
    ways = {key: said.difference for key, said in ground.said.items()}
    rows = settle_rows.rows(tables, results, ground.billed, ways)
    reserves = reserve.reserves(tables, ground.workspace.year, rows, findings)
    settle_rows.income_as_billed(tables, rows, findings)
    leads = {
        (charge.member.code, name_key(charge.line.project)): payers.of(charge).code
        for charge in charges
    }
    _stop(findings)
    return Settled(
        rows=rows,
        reserves=reserves,
        payers=leads,
        budget=tables.budget,
        unpaid=_unpaid(results),
        issue=ground.billed.issue,
    )


def _unpaid(results: Sequence[LineResult]) -> Mapping[str, Yen]:
    """What the rules of each 事業 leave to nobody."""
    sums: dict[str, list[int]] = {}
    for result in results:
        sums.setdefault(name_key(result.case.line.project), []).append(beside(result))
    return {key: total(yen) for key, yen in sums.items()}
