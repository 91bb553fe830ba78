"""支出の部: one budget line per row."""

import re

from apportion.core.model import RESERVES, BudgetLine
from apportion.core.problem import fault
from apportion.tables.amounts import AMOUNT, claim_amounts, headings, read_amounts
from apportion.tables.cells import Measure
from apportion.tables.files import TableForm
from apportion.tables.table import MEMO, REMARK, Row, Table

FORM = TableForm("支出の部", "rules/{year}/budget", "区分,事業,項,経費,予算額（千円）")

_NAMES = ("区分", "事業", "経費")
_SLASH = re.compile("[／/]")


def read(table: Table) -> tuple[BudgetLine, ...] | None:
    """Budget lines in the order of the file, or None where a column is missing."""
    named = table.need("区分", "事業", "項", "経費")
    money = claim_amounts(table)
    if money is None or not named:
        return None
    known = ["区分", "事業", "項", "経費", *headings(money), REMARK, MEMO]
    table.allow(MEMO)
    table.report_unknown(known, money[AMOUNT].unit)
    lines: dict[tuple[str, str], BudgetLine] = {}
    for row in table.rows():
        line = _line(row, money)
        if line and lines.setdefault(line.key, line) is not line:
            table.report(
                row.cell("経費"),
                fault(
                    "W119.line",
                    project=line.project,
                    line=line.name,
                    first=lines[line.key].source.cell,
                ),
            )
    return tuple(lines.values())


def _line(row: Row, money: dict[str, Measure]) -> BudgetLine | None:
    category, name = row.text("区分"), row.name("経費")
    # The lower block of the 支出の部 has lines of the council itself, of no 事業.
    project = row.text("事業") if category == RESERVES else row.name("事業")
    amounts = read_amounts(row, money)
    if name is None or project is None:
        return None
    return BudgetLine(
        category=category,
        project=project,
        path=tuple(part.strip() for part in _SLASH.split(row.text("項")) if part.strip()),
        name=name,
        amount=amounts.amount,
        previous=amounts.previous,
        columns=amounts.columns,
        cells={**amounts.cells, **{h: row.table.source(row.cell(h)) for h in _NAMES}},
        note=row.text(REMARK),
        memo=row.text(MEMO),
        source=amounts.source,
    )
