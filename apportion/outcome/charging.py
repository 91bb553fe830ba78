"""From a workspace to the results of its lines: resolve, share, bound and round each of them."""

from collections.abc import Sequence

from apportion.allocate.case import Case, LineResult
from apportion.allocate.engine import Rounder, share_out, whole_yen
from apportion.allocate.relief import Relief
from apportion.allocate.resolve import Resolver, assign
from apportion.allocate.twoway import together
from apportion.core.model import Tables
from apportion.core.problem import Findings, Level, Source
from apportion.outcome.workspace import Workspace
from apportion.rules.book import RuleFile

LARGE = 100_000
"""Cells (member × line) from which importing numpy pays."""


def line_results(cases: dict[Case, bool], findings: Findings) -> list[LineResult | None]:
    """Results of the cases in their order; None where a fault keeps one from being computed."""
    rounder = _rounder(list(cases))
    alone = [_result(case, rounder, findings, sound=sound) for case, sound in cases.items()]
    return together(alone, findings)


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


def recomputed(workspace: Workspace, tables: Tables) -> list[LineResult | None]:
    """What other tables would make of the same rules; None where a fault keeps a line from it."""
    findings = Findings()
    results = line_results(resolved(workspace, tables, findings), findings)
    return with_relief(workspace, tables, results, findings)


def _rounder(cases: Sequence[Case]) -> Rounder:
    """Plain integers for a council, numpy for a national workspace."""
    if sum(case.size for case in cases) < LARGE:
        return whole_yen
    # Loaded here: importing numpy takes longer than computing a council.
    from apportion.allocate import vector  # noqa: PLC0415

    return vector.whole_yen


def _result(case: Case, rounder: Rounder, findings: Findings, *, sound: bool) -> LineResult | None:
    if not sound:
        return None
    before = findings.faults
    result = share_out(case, findings, rounder)
    return result if findings.faults == before else None


def spoiled_blocks(workspace: Workspace) -> frozenset[int]:
    """■経費 in which a line could not be read: what else is odd there only follows from it."""
    faulty = {(p.source.file, p.source.line) for p in workspace.problems if p.level is Level.ERROR}
    spoiled = set()
    for file in workspace.book.files:
        starts = sorted(source.line for source in _block_places(file))
        for expense in file.expenses:
            first = expense.source.line
            # The last block reaches to the end of its file.
            end = next((line for line in starts if line > first), 1 << 30)
            if any(name == file.source.file and first <= n < end for name, n in faulty):
                spoiled.add(id(expense))
    return frozenset(spoiled)


def _block_places(file: RuleFile) -> list[Source]:
    kinds = (file.expenses, file.bases, file.tiers, file.coefficients, file.groups)
    return [block.source for blocks in kinds for block in blocks]
