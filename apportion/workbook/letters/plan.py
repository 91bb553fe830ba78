"""What all invoices of an outcome have in common, worked out once.

Only amounts that `allocate` computed are shown; where formulas give them, the plan holds the
formulas with their values, and proves that they agree.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.core.model import Member
from apportion.core.problem import ReconciliationError
from apportion.outcome.outcome import Outcome
from apportion.workbook.letters.columns import Column, Columns, Facts, Known, fact_columns
from apportion.workbook.letters.layout import Layout, Line, is_free, lay_out, numbered
from apportion.workbook.letters.sharing import (
    MOST_WEIGHT,
    Spread,
    mix_of,
    obstacle,
    sharing,
    spread,
)
from apportion.workbook.letters.steps import (
    NARROW,
    BasisRow,
    Limbs,
    RowSource,
    free_row,
    limb_column,
    limbs,
    live_row,
    value_row,
)
from apportion.workbook.letters.told import RuleText, rule_text, told_of
from apportion.workbook.letters.weights import (
    Shared,
    WeightColumn,
    apart_columns,
    rank_columns,
    weights_of,
)
from apportion.workbook.sheets.sheet import Cells, Sheet

OWN_ONLY = "自団体のみ"
_TOO_WIDE = "重みの合計が大きく、表計算では正確に計算できないため"

Places = Mapping[str, int]
"""Place of each member code among the members."""

Results = Mapping[int, LineResult]
"""Every 経費 by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Equal for all invoices: layout, columns of 指標一覧, weights of 重み, rows of 計算根拠.

    `rows`, `rules` and `told` (each member's own text, where one is needed) are by number of the
    経費, `wide` are the numbers of those with limbs. `longest` is the longest number of any member
    in each column of numbers of 計算根拠; `blocks` say how rules derive figures. With `own_only` no
    invoice shows figures of another member.
    """

    outcome: Outcome
    places: Places
    layout: Layout
    columns: tuple[Column, ...]
    weights: tuple[WeightColumn, ...]
    rows: Mapping[int, BasisRow]
    rules: Mapping[int, RuleText]
    told: Mapping[int, tuple[str, ...]]
    wide: tuple[int, ...]
    longest: tuple[str, ...]
    blocks: tuple[str, ...]
    own_only: bool


class SheetOfPlan(NamedTuple):
    """A sheet behind the form of a member: its name, and how it is made.

    `set_up` sees to paper and heights, `write_common` to what every member reads, `write_own` to
    what only one does.
    """

    name: str
    set_up: Callable[[Sheet, Plan], None]
    write_common: Callable[[Cells, Plan], None]
    write_own: Callable[[Cells, Plan, Member], None]


def plan(outcome: Outcome) -> Plan:
    """Work out what the invoices share. Raises `ReconciliationError` where formulas fail."""
    results = numbered(outcome)
    places = {member.code: place for place, member in enumerate(outcome.members)}
    own_only = _own_only(outcome)
    shared, reasons = _sort(results, places)
    told = told_of(outcome, results, reasons)
    layout = lay_out(results, told)
    columns = Columns()
    facts = _facts(columns, shared, layout, outcome)
    drawn = _draw(columns, shared, layout, outcome, facts)
    rows = dict(_rows(layout, drawn, reasons, places, own_only=own_only))
    return Plan(
        outcome=outcome,
        places=places,
        layout=layout,
        columns=tuple(columns.listed),
        weights=_listed(own.weight for own in drawn.values()),
        rows=rows,
        rules={
            n: rule_text(r, outcome.book, free=is_free(r), own_only=own_only)
            for n, r in results.items()
        },
        told=told,
        wide=tuple(number for number, own in drawn.items() if own.limbs),
        longest=tuple(_longest(rows.values())),
        blocks=facts.told,
        own_only=own_only,
    )


def _own_only(outcome: Outcome) -> bool:
    """Whether ■請求書 keeps the figures of the others out of the invoices (指標一覧: 自団体のみ)."""
    said = (file.invoice.get("指標一覧", ()) for file in outcome.book.files)
    return any(remark.text == OWN_ONLY for remarks in said for remark in remarks)


def _sort(results: Results, places: Places) -> tuple[list[Shared], dict[int, str]]:
    """Lines that formulas can show, and for the others why not."""
    shared, reasons = [], {}
    for number, result in results.items():
        reason = "" if is_free(result) else obstacle(result)
        if reason or is_free(result):
            reasons[number] = reason
            continue
        own = _own_places(result, places)
        split = sharing(result, own, len(places))
        if sum(split.weights) * split.way.unit // split.common >= MOST_WEIGHT:
            reasons[number] = _TOO_WIDE
            continue
        mix = mix_of(result, split, own)
        shared.append(Shared(number=number, result=result, sharing=split, mix=mix))
    return shared, reasons


def _rosters(layout: Layout, outcome: Outcome) -> dict[int, tuple[int, ...]]:
    """1 for each member that stands in the roster of a 経費."""
    return {
        line.number: tuple(int(m.code in line.result.position_of) for m in outcome.members)
        for line in layout.lines
    }


def _facts(columns: Columns, shared: Sequence[Shared], layout: Layout, outcome: Outcome) -> Facts:
    """Collect the columns of facts."""
    rosters = _rosters(layout, outcome)
    known = Known(
        figures=outcome.tables.figures,
        tables={s.number: outcome.book.scope(s.result.case.file).tables for s in shared},
        codes=[member.code for member in outcome.members],
        own_only=_own_only(outcome),
    )
    mixes = [(line.number, line.mix) for line in shared if line.mix is not None]
    live = {line.number: rosters[line.number] for line in shared}
    return fact_columns(columns, mixes, live, known)


def _draw(
    columns: Columns, shared: Sequence[Shared], layout: Layout, outcome: Outcome, facts: Facts
) -> dict[int, RowSource]:
    """Collect the other columns, and say which ones each line refers to."""
    lines, rosters = {line.number: line for line in layout.lines}, _rosters(layout, outcome)
    weights = weights_of(columns, shared, facts)
    aparts = apart_columns(columns, shared, lines, [member.code for member in outcome.members])
    ranks = rank_columns(columns, shared)
    steps = {
        line.number: spread(
            line.sharing.total, weights[line.number].column.values, line.sharing.way
        )
        for line in shared
    }
    wide = _wide(columns, weights, steps)
    return {
        number: RowSource(
            total=_total(lines[number], own, aparts.get(number)),
            steps=own,
            weight=weights[number],
            roster=facts.attendances[rosters[number]],
            apart=aparts.get(number),
            limbs=wide.get(number),
            ranks=ranks.get(number),
            payer=None if own.way.payer is None else outcome.members[own.way.payer].code,
        )
        for number, own in steps.items()
    }


def _total(line: Line, steps: Spread, apart: Column | None) -> str:
    """負担総額: 対象額, and what 団体別加減 or 繰越 add to it."""
    more = steps.total + sum(apart.values if apart else ()) - line.result.base
    return f"={line.base}" + (f"{more:+d}" if more else "")


def _wide(
    columns: Columns, weights: Mapping[int, WeightColumn], steps: Mapping[int, Spread]
) -> dict[int, Limbs]:
    """Helper columns of the lines whose products do not fit into one cell."""
    found, made = {}, dict[str, Column]()
    for number, step in steps.items():
        if step.divisor > NARROW:
            weight = weights[number].column
            limb = made.get(weight.name) or limb_column(columns, weight)
            made[weight.name] = limb
            found[number] = limbs(columns, number, step, (weight, limb))
    return found


def _rows(
    layout: Layout,
    drawn: Mapping[int, RowSource],
    reasons: Mapping[int, str],
    places: Places,
    *,
    own_only: bool,
) -> Iterator[tuple[int, BasisRow]]:
    """The row of every line by its number, proved."""
    for line in layout.lines:
        row = _row(line, drawn, reasons, places, own_only=own_only)
        _prove(line, row, places)
        yield line.number, row


def _row(
    line: Line,
    drawn: Mapping[int, RowSource],
    reasons: Mapping[int, str],
    places: Places,
    *,
    own_only: bool,
) -> BasisRow:
    roster = [int(code in line.result.position_of) for code in places]
    if line.number in drawn:
        return live_row(line.addresses, drawn[line.number], roster, own_only=own_only)
    if is_free(line.result):
        return free_row(roster)
    own = _own_places(line.result, places)
    return value_row(line.result, own, len(places), reasons[line.number])


def _listed(weights: Iterable[WeightColumn]) -> tuple[WeightColumn, ...]:
    """Every weight once, in the order of the sheet 重み."""
    return tuple(sorted(set(weights), key=lambda weight: weight.row))


def _longest(rows: Iterable[BasisRow]) -> Iterator[str]:
    numbers = (values for row in rows for values in row.values)
    for column in zip(*numbers, strict=True):
        known = [value for value in column if isinstance(value, int)]
        yield f"{max(map(abs, known), default=0):,}"


def _own_places(result: LineResult, places: Places) -> list[int]:
    return [places[p.member.code] for p in result.case.participants]


def _prove(line: Line, row: BasisRow, places: Places) -> None:
    """The row shows the charges that were computed; anything else is our fault."""
    shown = [row.yen(place) for place in _own_places(line.result, places)]
    if shown != list(line.result.yen):
        name = line.result.case.line.name
        message = f"計算根拠の「{name}」が負担金と違います: {shown} ≠ {list(line.result.yen)}"
        raise ReconciliationError(message)
