"""What all invoices of an outcome have in common, worked out once.

Only amounts that `allocate` computed are shown; where formulas give them, the plan holds the
formulas with their values, and proves that they agree.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from apportion.outcome import Outcome
from apportion.problem import ReconciliationError
from apportion.workbook.plan_columns import Column, Columns
from apportion.workbook.plan_figures import attendance_columns, figure_columns
from apportion.workbook.plan_layout import Layout, Line, lay_out
from apportion.workbook.plan_mix import mix_of
from apportion.workbook.plan_products import NARROW, Limbs, limb_column, limbs
from apportion.workbook.plan_rows import Drawn, Row, live_row, value_row
from apportion.workbook.plan_rules import RuleText, rule_text
from apportion.workbook.plan_sharing import MOST_WEIGHT, obstacle, sharing
from apportion.workbook.plan_spread import Spread, spread
from apportion.workbook.plan_weights import Facts, Shared, apart_columns, weight_columns

_TOO_WIDE = "重みの合計が大きく、表計算では正確に計算できないため"

Places = Mapping[str, int]
"""Place of each member code among the members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Equal for all invoices: layout, columns of 指標一覧, rows of 計算根拠 and their rules by 番号.

    `longest` is the longest number of any member in each column of numbers of 計算根拠.
    """

    outcome: Outcome
    places: Places
    layout: Layout
    columns: tuple[Column, ...]
    rows: Mapping[int, Row]
    rules: Mapping[int, RuleText]
    longest: tuple[str, ...]


def plan(outcome: Outcome) -> Plan:
    """Work out what the invoices share. Raises `ReconciliationError` where formulas fail."""
    layout = lay_out(outcome)
    places = {member.code: place for place, member in enumerate(outcome.members)}
    shared, reasons = _sort(layout, places)
    columns = Columns()
    drawn = _draw(columns, shared, layout, outcome)
    rows = {}
    for line in layout.charged:
        row = _row(line, drawn.get(line.number), reasons.get(line.number, ""), places)
        _prove(line, row, places)
        rows[line.number] = row
    return Plan(
        outcome=outcome,
        places=places,
        layout=layout,
        columns=tuple(columns.listed),
        rows=rows,
        rules={n.number: rule_text(n.result.case, outcome.book) for n in layout.charged},
        longest=tuple(_longest(rows.values())),
    )


def _sort(layout: Layout, places: Places) -> tuple[list[Shared], dict[int, str]]:
    """Lines that formulas can show, and for the others why not."""
    shared, reasons = [], {}
    for line in layout.charged:
        result, number = line.result, line.number
        reasons[number] = obstacle(result)
        if reasons[number]:
            continue
        own = _own_places(line, places)
        split = sharing(result, own, len(places))
        if sum(split.weights) >= MOST_WEIGHT:
            reasons[number] = _TOO_WIDE
            continue
        mix = mix_of(result, split, own)
        shared.append(Shared(number=number, result=result, sharing=split, mix=mix))
    return shared, reasons


def _draw(
    columns: Columns, shared: Sequence[Shared], layout: Layout, outcome: Outcome
) -> dict[int, Drawn]:
    """Collect the columns, and say which ones each line refers to."""
    mixes = [(line.number, line.mix) for line in shared if line.mix is not None]
    facts = Facts(
        figures=figure_columns(columns, mixes, outcome.tables.figures, len(outcome.members)),
        attendances=attendance_columns(columns, mixes),
    )
    weights = weight_columns(columns, shared, facts)
    aparts = apart_columns(columns, shared)
    steps = {
        line.number: spread(line.sharing.total, weights[line.number].values, line.sharing.payer)
        for line in shared
    }
    wide = _wide(columns, layout, weights, steps)
    return {n: Drawn(steps[n], weights[n], aparts.get(n), wide.get(n)) for n in steps}


def _wide(
    columns: Columns, layout: Layout, weights: Mapping[int, Column], steps: Mapping[int, Spread]
) -> dict[int, Limbs]:
    """Helper columns of the lines whose products do not fit into one cell."""
    found, made = {}, dict[str, Column]()
    for line in layout.charged:
        step = steps.get(line.number)
        if step is not None and step.whole > NARROW:
            weight = weights[line.number]
            limb = made.get(weight.name) or limb_column(columns, weight)
            made[weight.name] = limb
            found[line.number] = limbs(columns, line, step, (weight, limb))
    return found


def _row(line: Line, drawn: Drawn | None, reason: str, places: Places) -> Row:
    if drawn is None:
        return value_row(line.result, _own_places(line, places), len(places), reason)
    payer, participants = line.result.case.rest.payer, line.result.case.participants
    return live_row(line.basis, drawn, None if payer is None else participants[payer].member.code)


def _longest(rows: Iterable[Row]) -> Iterator[str]:
    numbers = (values for row in rows for values in row.values)
    for column in zip(*numbers, strict=True):
        known = [value for value in column if isinstance(value, int)]
        yield f"{max(map(abs, known), default=0):,}"


def _own_places(line: Line, places: Places) -> list[int]:
    return [places[p.member.code] for p in line.result.case.participants]


def _prove(line: Line, row: Row, places: Places) -> None:
    """The row shows the charges that were computed; anything else is our fault."""
    shown = [row.yen(place) for place in _own_places(line, places)]
    if shown != list(line.result.yen):
        name = line.result.case.line.name
        message = f"計算根拠の「{name}」が負担金と違います: {shown} ≠ {list(line.result.yen)}"
        raise ReconciliationError(message)
