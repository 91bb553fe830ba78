"""The amount columns of budget and income: 予算額, 前年度予算額, whatever has a yen unit."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from apportion.core.model import Yen
from apportion.core.problem import Source, fault
from apportion.core.text import name_key
from apportion.core.year import revises
from apportion.tables.cells import MONEY, NOTHING, Measure, yen
from apportion.tables.table import REMARK, Row, Table

AMOUNT = "予算額"
PREVIOUS = "前年度予算額"


class Amounts(NamedTuple):
    """Yen of one row; `columns` holds the further ones by the heading before its parenthesis.

    `cells` are the places of `columns`, `texts` what stands there, with the unit. `text`, `unit` and
    `source` are of the 予算額 cell as it stands.
    """

    amount: Yen | None
    previous: Yen | None
    columns: Mapping[str, Yen]
    cells: Mapping[str, Source]
    texts: Mapping[str, tuple[str, str]]
    text: str
    unit: str
    source: Source


def claim_amounts(table: Table) -> dict[str, Measure] | None:
    """Claim all columns with a yen unit, by folded name; None, with a problem, without 予算額."""
    money: dict[str, Measure] = {}
    for found in table.measures():
        if found.is_money:
            key = _key(table, found)
            table.claim(key, found.heading)
            money.setdefault(key, found)
    if AMOUNT in money:
        return money
    bare = [cell for cell in table.rest() if name_key(cell.text).startswith(AMOUNT)]
    if bare:
        table.claimed.add(bare[0].column)
        table.report(bare[0], fault("W109.amount", heading=bare[0].text, money="、".join(MONEY)))
    else:
        report_no_amount(table, AMOUNT, money)
    return None


_UNNUMBERED = re.compile(r".*補正(?:予算)?額?")


def _key(table: Table, found: Measure) -> str:
    """The folded name of a column; the same for all spellings of a 補正, which needs its number."""
    key = name_key(found.name)
    if own := revises(key):
        changed, edition = own
        return f"{changed}{edition.column}"
    if _UNNUMBERED.fullmatch(key):
        table.report(
            found.heading, fault("W865.number", heading=found.heading.text, unit=found.unit)
        )
    return key


def report_no_amount(table: Table, name: str, money: Mapping[str, Measure]) -> None:
    """Report a missing column of yen; its mend never changes the unit that is written there."""
    table.findings.extend(table.grid.doubted(range(1, table.grid.width + 1)))
    if not table.columns.keys() - money.keys() - {REMARK}:
        return  # no heading at all is where it should be, and that is reported
    others = [column for key, column in money.items() if key != PREVIOUS]
    meant = others[0] if len(others) == 1 else None
    found = (
        fault(
            "W107.amount-near",
            missing=name,
            exist=table.existing,
            heading=meant.heading.text,
            unit=meant.unit,
        )
        if meant
        else fault("W107.amount", missing=name, exist=table.existing)
    )
    table.report(None, found)


def headings(money: Mapping[str, Measure]) -> list[str]:
    """Headings of amounts that every table of the budget may have, in the unit of this one."""
    return [f"{name}（{money[AMOUNT].unit}）" for name in (AMOUNT, PREVIOUS)]


def read_amounts(row: Row, money: Mapping[str, Measure]) -> Amounts:
    """Amounts of one row; what is blank is None, or not among the columns."""
    found = {
        key: amount
        for key, column in money.items()
        if (amount := row.number(column, yen, NOTHING)) is not None
    }
    amount, previous = found.pop(AMOUNT, None), found.pop(PREVIOUS, None)
    cell = row.under(money[AMOUNT].heading)
    places = {money[key].name: row.under(money[key].heading) for key in found}
    units = {column.name: column.unit for column in money.values()}
    return Amounts(
        amount=amount,
        previous=previous,
        columns={money[key].name: yen for key, yen in found.items()},
        cells={name: row.table.source(place) for name, place in places.items()},
        texts={name: (place.text, units[name]) for name, place in places.items()},
        text=cell.text,
        unit=money[AMOUNT].unit,
        source=row.table.source(cell),
    )
