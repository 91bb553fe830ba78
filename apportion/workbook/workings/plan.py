"""What 計算書 shows of each 経費, worked out once: its columns of 指標一覧, its weights, its steps.

Only amounts that `allocate` computed are shown; where formulas give them, the plan holds what the
formulas give, and proves that they agree.
"""

from collections.abc import Mapping, Sequence

from apportion.allocate.case import LineResult
from apportion.core.dataclass import dataclass
from apportion.core.problem import ReconciliationError
from apportion.outcome.outcome import Outcome
from apportion.workbook.letters.layout import is_free, numbered
from apportion.workbook.workings.columns import Column, Columns, Facts, Known, fact_columns
from apportion.workbook.workings.sharing import (
    MOST_WEIGHT,
    Sharing,
    Spread,
    mix_of,
    obstacle,
    sharing,
    spread,
)
from apportion.workbook.workings.weights import SharedLine, WeightColumn, weights_of

_TOO_WIDE = "重みの合計が大きく、表計算では正確に計算できないため"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSteps:
    """A 経費 whose amounts are formulas: how it is shared, its weight and its steps."""

    sharing: Sharing
    weight: WeightColumn
    steps: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedLine:
    """A 経費: its number, the place of each participant among the members, and its formulas.

    Without `live` it is shown as values; `reason` says why (empty: nobody owes anything).
    """

    number: int
    result: LineResult
    places: tuple[int, ...]
    live: LiveSteps | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workings:
    """All 経費 by 事業, the columns of 指標一覧 and the weights; `blocks` say how rules derive figures."""

    outcome: Outcome
    columns: tuple[Column, ...]
    weights: tuple[WeightColumn, ...]
    projects: Mapping[str, tuple[WorkedLine, ...]]
    blocks: tuple[str, ...]


def workings(outcome: Outcome) -> Workings:
    """Work them out. Raises `ReconciliationError` where formulas give other amounts."""
    results = numbered(outcome)
    places = {member.code: place for place, member in enumerate(outcome.members)}
    own = {
        number: tuple(places[p.member.code] for p in result.case.participants)
        for number, result in results.items()
    }
    shared, reasons = _sort(results, own, len(places))
    columns = Columns()
    facts = _facts(columns, shared, outcome)
    weights = weights_of(columns, shared, facts)
    live = {line.number: _live(line, weights[line.number]) for line in shared}
    projects: dict[str, list[WorkedLine]] = {}
    for number, result in results.items():
        line = WorkedLine(
            number=number,
            result=result,
            places=own[number],
            live=live.get(number),
            reason=reasons.get(number, ""),
        )
        _prove(line)
        projects.setdefault(result.case.line.project, []).append(line)
    return Workings(
        outcome=outcome,
        columns=tuple(columns.listed),
        weights=tuple(sorted(set(weights.values()), key=lambda weight: weight.row)),
        projects={name: tuple(lines) for name, lines in projects.items()},
        blocks=facts.told,
    )


def _sort(
    results: Mapping[int, LineResult], own: Mapping[int, Sequence[int]], size: int
) -> tuple[list[SharedLine], dict[int, str]]:
    """Lines that formulas can show, and for the others why not."""
    shared, reasons = [], {}
    for number, result in results.items():
        reason = "" if is_free(result) else obstacle(result)
        if reason or is_free(result):
            reasons[number] = reason
            continue
        split = sharing(result, own[number], size)
        if sum(split.weights) * split.way.unit // split.common >= MOST_WEIGHT:
            reasons[number] = _TOO_WIDE
            continue
        mix = mix_of(result, split, own[number])
        shared.append(SharedLine(number=number, result=result, sharing=split, mix=mix))
    return shared, reasons


def _facts(columns: Columns, shared: Sequence[SharedLine], outcome: Outcome) -> Facts:
    """Collect the columns of facts."""
    known = Known(
        figures=outcome.tables.figures,
        tables={s.number: outcome.book.scope(s.result.case.file).tables for s in shared},
        codes=[member.code for member in outcome.members],
    )
    return fact_columns(columns, [(s.number, s.mix) for s in shared if s.mix is not None], known)


def _live(line: SharedLine, weight: WeightColumn) -> LiveSteps:
    steps = spread(line.sharing.total, weight.column.values, line.sharing.way)
    return LiveSteps(sharing=line.sharing, weight=weight, steps=steps)


def _prove(line: WorkedLine) -> None:
    """The steps give the charges that were computed; anything else is our fault."""
    if line.live is None:
        return
    steps, apart = line.live.steps, line.live.sharing.apart
    shown = [steps.cuts[p] + steps.added[p] + apart[p] for p in line.places]
    if shown != list(line.result.yen):
        name = line.result.case.line.name
        message = f"計算書の「{name}」が負担金と違います: {shown} ≠ {list(line.result.yen)}"
        raise ReconciliationError(message)
