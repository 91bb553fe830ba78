"""Files of data/ against a fresh computation: charges, budget, instalments, equations; 精算."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from apportion.allocate.instalments import Instalment, term_label
from apportion.core.problem import Problem, Source, tell
from apportion.core.sums import grouped, summed
from apportion.core.year import wareki
from apportion.outcome.charges import ChargeRow, unquoted
from apportion.outcome.issued import instalments
from apportion.outcome.outcome import Outcome
from apportion.outcome.reconcile import beside
from apportion.outcome.settled import SettlementRow, settlement_rows
from apportion.outputs.data import CHARGED, SETTLED

CHARGES, INVOICES = CHARGED.data, "data/invoices.csv"
EQUATIONS = "data/reconciliation.csv"
_AGAIN = "もう一度 apportion run を実行してください。"


def compare(folder: Path, rows: Sequence[ChargeRow], outcome: Outcome) -> Iterator[Problem]:
    """Everything in `folder` (whose charges are `rows`) that the outcome says differently.

    Instalments and equations follow from the charges: they are told where those agree. A file that
    cannot be read at all is left to its hash.
    """
    off = [*_budget(rows, outcome), *_charges(rows, outcome)]
    yield from off
    if not off:
        yield from _instalments(folder, outcome)
        yield from _equations(folder, outcome)


def _budget(rows: Sequence[ChargeRow], outcome: Outcome) -> Iterator[Problem]:
    """Σ charges of the file against the budget, line by line."""
    sums = summed(((row.project, row.line), row.yen) for row in rows)
    for result in outcome.results:
        line = result.case.line
        budget = sum(result.yen) if line.amount is None else line.amount - beside(result)
        charged = sums.get((line.project, line.name), 0)
        if charged != budget:
            yield tell(
                "W605",
                Source(file=CHARGES),
                project=line.project,
                line=line.name,
                charged=charged,
                budget=budget,
                difference=charged - budget,
                place=line.source.short(),
            )


def _charges(rows: Sequence[ChargeRow], outcome: Outcome) -> Iterator[Problem]:
    """Each row of the file against a fresh computation."""
    expected = {(c.member.code, c.line.project, c.line.name): c.yen for c in outcome.charges}
    for number, row in enumerate(rows, start=2):
        computed = expected.pop((row.code, row.project, row.line), None)
        if computed != row.yen:
            shown = "負担なし" if computed is None else f"{computed:,}円"
            yield _charge(number, f"{row.name}の「{row.line}」", f"{row.yen:,}円", shown)
    for (code, _, line), yen in expected.items():
        yield _charge(0, f"{code} の「{line}」", "ありません", f"{yen:,}円")


def _charge(number: int, what: str, written: str, computed: str) -> Problem:
    place = Source(
        file=CHARGES,
        line=number,
        cell=f"J{number}" if number else "",
        heading="負担金額_円" if number else "",
    )
    return _differs(place, what, written, computed)


def _instalments(folder: Path, outcome: Outcome) -> Iterator[Problem]:
    """Each 期 of each payer: its day and its yen."""
    try:
        former = instalments((folder / INVOICES).read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        return
    written, computed = _by_number(former), _by_number(outcome.instalments)
    for key in sorted(written.keys() | computed.keys()):
        before, now = written.get(key, []), computed.get(key, [])
        if before != now:
            code, number, account = key
            what = f"{code} の{term_label(number, account)}"
            yield _differs(Source(file=INVOICES), what, _parts(before), _parts(now))


Part = tuple[date | None, int]
"""納期限 and yen."""


def _by_number(parts: Iterable[Instalment]) -> dict[tuple[str, int, str], list[Part]]:
    """Instalments by 団体コード, 期 and 会計: a file that was changed may hold one twice."""
    return grouped(((one.code, one.number, one.account), (one.day, one.yen)) for one in parts)


def _parts(parts: Sequence[Part]) -> str:
    return "、".join(map(_part, parts)) or "ありません"


def _part(part: Part) -> str:
    day, yen = part
    return f"{f'{wareki(day)} ' if day else ''}{yen:,}円"


def _equations(folder: Path, outcome: Outcome) -> Iterator[Problem]:
    """Both sides of every equation."""
    try:
        data = (folder / EQUATIONS).read_bytes().decode("utf-8-sig")
        _, *rows = csv.reader(io.StringIO(data, newline=""))
        written = {unquoted(name): (int(left), int(right)) for name, left, right, _ in rows}
    except (OSError, ValueError):
        return
    computed = {equation.name: (equation.left, equation.right) for equation in outcome.equations}
    for name in written.keys() | computed.keys():
        if written.get(name) != computed.get(name):
            shown = _sides(written.get(name)), _sides(computed.get(name))
            yield _differs(Source(file=EQUATIONS), f"式「{name}」", *shown)


def _sides(sides: tuple[int, int] | None) -> str:
    return f"{sides[0]:,}円と{sides[1]:,}円" if sides else "ありません"


def _differs(place: Source, what: str, written: str, computed: str) -> Problem:
    return tell("W606", place, what=what, written=written, computed=computed)


def compare_settled(rows: Sequence[SettlementRow], outcome: Outcome) -> Iterator[Problem]:
    """Rows of data/settlement.csv that the outcome says differently."""
    computed = settlement_rows(outcome.year.code, outcome.settlement)
    now = {(row.code, *row.key): row for row in computed}
    for number, row in enumerate(rows, start=2):
        other = now.pop((row.code, *row.key), None)
        if other is None or _said(other) != _said(row):
            yield _settled_otherwise(number, row, other)
    for row in now.values():
        yield _settled_otherwise(0, None, row)


def _said(row: SettlementRow) -> tuple[str | int, ...]:
    """Words and amounts of a row but the name of the body."""
    return row.code, row.project, row.line, *row.amounts, row.way


def _settled_otherwise(
    number: int, row: SettlementRow | None, computed: SettlementRow | None
) -> Problem:
    known = row or computed
    assert known is not None
    return tell(
        "W606.settled",
        Source(file=SETTLED.data, line=number),
        project=known.project,
        line=known.line,
        code=known.code,
        written=_settled(row),
        computed=_settled(computed),
    )


def _settled(row: SettlementRow | None) -> str:
    return f"請求済額 {row.billed:,}円、精算額 {row.settled:,}円" if row else "なし"
