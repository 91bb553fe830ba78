"""基礎数値: one column per figure with its unit and date, one row per body."""

import re
from fractions import Fraction

from apportion.core.model import FigureColumn, Member
from apportion.core.problem import fault
from apportion.core.text import name_key
from apportion.tables.cells import MONEY, Measure, fraction
from apportion.tables.files import TableForm
from apportion.tables.register import CODE, NAME, Directory, member_rows
from apportion.tables.table import REMARK, Row, Table

FORM = TableForm(
    "基礎数値", "members/{year}/figures", "団体コード,団体名,国勢調査人口（人、令和2年10月1日現在）"
)

_DATED = re.compile("[年月日]|現在|実績|決算")
"""Signs of a reference date: a parenthesis with nothing else has no unit."""

_NOT_FIGURES = ("よみ", "区分", "郡", "会員区分")


def read(table: Table, directory: Directory) -> tuple[FigureColumn, ...] | None:
    """Read the figures, in the order of columns; None where code or name has no column."""
    if not table.need(CODE, NAME):
        return None
    columns = claim(table)
    rows = list(member_rows(table, directory))
    return tuple(_column(table, column, rows) for column in columns)


def _column(table: Table, column: Measure, rows: list[tuple[Row, Member]]) -> FigureColumn:
    values = {
        member.code: value
        for row, member in rows
        if (value := row.number(column, fraction, Fraction(0))) is not None
    }
    places = {member.code: row.under(column.heading) for row, member in rows}
    return FigureColumn(
        name=column.name,
        unit="円" if column.unit in MONEY else column.unit,
        as_of=column.as_of,
        values=values,
        cells={code: table.source(place) for code, place in places.items()},
        source=table.source(column.heading),
    )


def claim(table: Table) -> list[Measure]:
    """Columns with a unit. One name may come with several dates: they are editions of a figure."""
    editions: dict[str, Measure] = {}
    for found in table.measures():
        if not found.as_of and _DATED.search(found.unit):
            table.claimed.add(found.heading.column)
            table.report(found.heading, fault("W109.figure", heading=found.name))
            continue
        name = f"{name_key(found.name)}（{found.as_of}）"
        table.claim(name, found.heading)
        editions.setdefault(name, found)
    for heading in table.rest():
        if heading.text not in _NOT_FIGURES:
            table.claimed.add(heading.column)
            table.report(heading, fault("W109.figure", heading=heading.text))
    table.report_unknown([CODE, NAME, REMARK])
    return list(editions.values())
