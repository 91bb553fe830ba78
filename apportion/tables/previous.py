"""Last year's charges: optional, written by last year's run, read for caps and comparison."""

from collections.abc import Mapping

from apportion.core.model import PastCharge
from apportion.core.problem import fault
from apportion.core.text import name_key
from apportion.tables.amounts import report_no_amount
from apportion.tables.cells import NOTHING, Measure, yen
from apportion.tables.files import TableForm
from apportion.tables.register import CODE, NAME, Directory
from apportion.tables.table import REMARK, Table

AMOUNT = "負担金額"
FORM = TableForm(
    "前年度の負担金",
    "members/{year}/previous",
    "団体コード,団体名,事業,経費,負担金額（円）",
    optional=True,
)

Previous = Mapping[tuple[str, str, str], PastCharge]
"""Charges by (団体コード, folded 事業, folded 経費)."""


def read(table: Table, directory: Directory) -> Previous | None:
    """Read last year's charges; None where a column is missing."""
    named = table.need(CODE, NAME, "事業", "経費")
    column = next((m for m in table.measures() if name_key(m.name) == AMOUNT and m.is_money), None)
    if column is None:
        report_no_amount(table, AMOUNT, {m.name: m for m in table.measures() if m.is_money})
        return None
    table.claim(AMOUNT, column.heading)
    table.report_unknown([*FORM.headings.split(","), REMARK])
    return _charges(table, directory, column) if named else None


def _charges(table: Table, directory: Directory, column: Measure) -> Previous:
    charges: dict[tuple[str, str, str], PastCharge] = {}
    for row in table.rows():
        member, amount = directory.find(row), row.number(column, yen, NOTHING)
        project, line = row.name("事業"), row.name("経費")
        if member is None or amount is None or project is None or line is None:
            continue
        key = (member.code, name_key(project), name_key(line))
        charge = PastCharge(amount, table.source(row.under(column.heading)))
        if charges.setdefault(key, charge) != charge:
            table.report(row.cell(CODE), fault("W119.previous", name=member.name, line=line))
    return charges
