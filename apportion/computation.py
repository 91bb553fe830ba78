"""From a workspace to its outcome: resolve, share, bound, round, assert, reconcile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apportion.allocate.assign import assign
from apportion.allocate.case import Case, Charge, LineResult
from apportion.allocate.engine import Rounder, settle, whole_yen
from apportion.allocate.instalments import instalments
from apportion.allocate.payers import Payers
from apportion.allocate.relief import Relief
from apportion.allocate.resolve import Resolver
from apportion.assertions import Assertions, Block, blocks
from apportion.cautions import cautions
from apportion.check import check
from apportion.closing import income_agrees
from apportion.findings import Findings
from apportion.model import Tables
from apportion.outcome import Outcome
from apportion.problem import InputError, Level, Problem, Source, grave
from apportion.reconcile import equations, prove
from apportion.rulebook import RuleFile
from apportion.rulebook.book import RuleBook
from apportion.workspace import Workspace, load
from apportion.year import FiscalYear

LARGE = 100_000
"""Cells (member × line) from which importing numpy pays."""


@dataclass(frozen=True, slots=True)
class Examined:
    """Results (None: a fault keeps the line from being computed).

    `billed` are the charges by the 団体コード of who is invoiced; none where something is wrong.
    """

    workspace: Workspace
    results: tuple[LineResult | None, ...]
    billed: Mapping[str, tuple[Charge, ...]]
    problems: tuple[Problem, ...]


def compute(root: Path, year: FiscalYear, *, strict: bool = False) -> Outcome:
    """Outcome of a year. Raises `InputError` with every problem, `ReconciliationError` on our fault."""
    examined = examine(load(root, year))
    if grave(examined.problems, strict=strict):
        raise InputError(examined.problems)
    return conclude(examined)


def examine(workspace: Workspace) -> Examined:
    """Compute what can be computed and collect everything that is wrong."""
    findings = Findings()
    findings.extend(workspace.problems)
    findings.extend(check(workspace))
    if workspace.tables is None:
        return Examined(workspace, (), {}, findings.problems)
    cases = resolved(workspace, workspace.tables, findings)
    rounder = _rounder(list(cases))
    results = [_settled(case, rounder, findings, sound=sound) for case, sound in cases.items()]
    _assert(workspace, workspace.tables, list(cases), results, findings)
    findings.extend(cautions([result for result in results if result is not None]))
    billed: Mapping[str, tuple[Charge, ...]] = {}
    if not findings.faults:
        results = with_relief(workspace, workspace.tables, results, findings)
        billed = _billed(workspace.tables, workspace.book, results, findings)
    return Examined(workspace, tuple(results), billed, findings.problems)


def _billed(
    tables: Tables, book: RuleBook, results: Sequence[LineResult | None], findings: Findings
) -> Mapping[str, tuple[Charge, ...]]:
    known = (result for result in results if result is not None)
    charges = (charge for result in known for charge in result.charges())
    return Payers(tables, book, findings).billed(charges)


def conclude(examined: Examined) -> Outcome:
    """Outcome of a sound examination, its equations proved; a false one is our fault."""
    workspace, billed = examined.workspace, examined.billed
    assert workspace.tables is not None
    results = tuple(result for result in examined.results if result is not None)
    parts = instalments(billed, workspace.book)
    found = equations(workspace.tables, results, billed, parts)
    prove(found)
    return Outcome(
        year=workspace.year,
        tables=workspace.tables,
        book=workspace.book,
        results=results,
        billed=billed,
        instalments=parts,
        equations=found,
        files=workspace.files,
        problems=examined.problems,
    )


def resolved(workspace: Workspace, tables: Tables, findings: Findings) -> dict[Case, bool]:
    """Cases in budget order, and whether each was made without meeting a fault."""
    resolver = Resolver(workspace.year, tables, workspace.book, findings)
    spoiled = spoiled_blocks(workspace)
    faulty: set[int] = set()  # what all lines of a ■経費 share is worked out, and faulted, once
    cases: dict[Case, bool] = {}
    for line, file, expense in assign(tables, workspace.book, findings):
        before = findings.faults
        case = None if id(expense) in spoiled else resolver.case(line, file, expense)
        if findings.faults > before:
            faulty.add(id(expense))
        if case is not None:
            cases[case] = id(expense) not in faulty
    return cases


def with_relief(
    workspace: Workspace,
    tables: Tables,
    results: Sequence[LineResult | None],
    findings: Findings,
) -> list[LineResult | None]:
    """The results with a 激変緩和調整 behind the lines of each 事業 whose file bounds its sum."""
    relief = Relief(tables, workspace.book, findings)
    known = [result for result in results if result is not None]
    made: list[LineResult | None] = []
    for file in dict.fromkeys(id(result.case.file) for result in known):
        own = [result for result in known if id(result.case.file) == file]
        adjusted = relief.of(own[0].case.file, own)
        made += [*own, *([adjusted] if adjusted else [])]
    return made


def _rounder(cases: Sequence[Case]) -> Rounder:
    """Plain integers for a council, numpy for a national workspace."""
    if sum(case.size for case in cases) < LARGE:
        return whole_yen
    # Loaded here: importing numpy takes longer than computing a council.
    from apportion.allocate import vector  # noqa: PLC0415

    return vector.whole_yen


def _settled(case: Case, rounder: Rounder, findings: Findings, *, sound: bool) -> LineResult | None:
    if not sound:
        return None
    before = findings.faults
    result = settle(case, findings, rounder)
    return result if findings.faults == before else None


def _assert(
    workspace: Workspace,
    tables: Tables,
    cases: Sequence[Case],
    results: Sequence[LineResult | None],
    findings: Findings,
) -> None:
    """検算 and 収入の部, without repeating in other words what is already known to be wrong."""
    faulty = {p.source.file for p in findings.problems if p.level is Level.ERROR}
    whole = not any(file.startswith("members/") for file in faulty)
    assertions = Assertions(tables, workspace.book, findings, whole)
    sound: dict[int, bool] = {}
    for block in blocks(cases, results):
        sound |= dict.fromkeys(map(id, block.cases), _holds(assertions, block, findings))
    if any("budget" in file or "income" in file for file in faulty):
        return
    known = [result for result in results if result is not None and sound[id(result.case)]]
    income_agrees(tables, known, findings, whole=whole)


def _holds(assertions: Assertions, block: Block, findings: Findings) -> bool:
    before = findings.faults
    assertions.check(block)
    return findings.faults == before


def spoiled_blocks(workspace: Workspace) -> frozenset[int]:
    """■経費 in which a line could not be read: what else is odd there only follows from it."""
    faulty = {(p.source.file, p.source.line) for p in workspace.problems if p.level is Level.ERROR}
    spoiled = set()
    for file in workspace.book.files:
        starts = sorted(source.line for source in _block_places(file))
        for expense in file.expenses:
            first = expense.source.line
            end = next((line for line in starts if line > first), 1 << 30)
            if any(name == file.source.file and first <= n < end for name, n in faulty):
                spoiled.add(id(expense))
    return frozenset(spoiled)


def _block_places(file: RuleFile) -> list[Source]:
    kinds = (file.expenses, file.bases, file.tiers, file.coefficients, file.groups)
    return [block.source for blocks in kinds for block in blocks]
