"""The files of `data/` that a settlement writes."""

from collections.abc import Iterator

from apportion.core.model import Member
from apportion.core.text import name_key
from apportion.outcome.charges import to_csv
from apportion.outcome.checks.texts import ADJUSTMENT
from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import (
    NEXT_YEAR,
    SETTLEMENT,
    DataRow,
    Settled,
    SettledRow,
    difference_of,
    settlement_rows,
)
from apportion.outputs.data import reconciliation_csv
from apportion.tables import reserve


def settlement_files(outcome: Outcome) -> dict[str, bytes]:
    """The files by name; those for next year only where they hold something."""
    settled = settled_of(outcome)
    found = {
        "settlement.csv": to_csv(SETTLEMENT, settlement_rows(outcome.year.code, settled)),
        "reconciliation.csv": reconciliation_csv(outcome),
        "adjustment.csv": adjustment_csv(settled),
        "reserve.csv": reserve_csv(settled),
    }
    return {name: data for name, data in found.items() if data is not None}


def settled_of(outcome: Outcome) -> Settled:
    """What an outcome of 精算 settled."""
    assert outcome.settled is not None
    return outcome.settled


def adjustment_csv(settled: Settled) -> bytes | None:
    """Figures for next year's 団体別加減: one column, or one for each 事業 that adjusts next year."""
    own = [row for row in settled.rows if row.way == NEXT_YEAR]
    projects = {name_key(row.project): row.project for row in own}
    if not projects:
        return None
    headings = [
        f"{ADJUSTMENT}{f' {name}' if len(projects) > 1 else ''}（円）" for name in projects.values()
    ]
    return to_csv(("団体コード", "団体名", *headings), _adjustments(own, tuple(projects)))


def _adjustments(own: list[SettledRow], projects: tuple[str, ...]) -> Iterator[DataRow]:
    members: dict[str, Member] = {row.member.code: row.member for row in own}
    for code in sorted(members):
        mine = [row for row in own if row.member.code == code]
        sums = (difference_of(r for r in mine if name_key(r.project) == key) for key in projects)
        yield (code, members[code].name, *map(int, sums))


def reserve_csv(settled: Settled) -> bytes | None:
    """members/<next year>/reserve.csv: the balances that are known or not 0."""
    found = [(own.project, int(own.after)) for own in settled.reserves if own.known or own.after]
    return to_csv(reserve.FORM.headings.split(","), found) if found else None
