"""事業調整積立金 at the end of last year: optional, written by last year's settlement."""

from collections.abc import Mapping

from apportion.core.model import Balance
from apportion.core.problem import Fault, fault
from apportion.core.text import name_key
from apportion.tables.amounts import report_no_amount
from apportion.tables.cells import NOTHING, yen
from apportion.tables.files import TableForm
from apportion.tables.table import REMARK, Table

BALANCE = "前年度末残高"
FORM = TableForm("積立金の残高", "members/{year}/reserve", f"事業,{BALANCE}（円）", optional=True)


def read(table: Table) -> Mapping[str, Balance] | None:
    """Balance of each 事業, by its folded name; None where a column is missing."""
    named = table.need("事業")
    money = [found for found in table.measures() if found.is_money]
    column = next((found for found in money if name_key(found.name) == BALANCE), None)
    if column is None:
        report_no_amount(table, BALANCE, {found.name: found for found in money})
        return None
    table.claim(BALANCE, column.heading)
    table.report_unknown([*FORM.headings.split(","), REMARK])
    if not named:
        return None
    found: dict[str, Balance] = {}
    for row in table.rows():
        project, amount = row.name("事業"), row.number(column, yen, NOTHING)
        if project is None or amount is None:
            continue
        balance = Balance(project, amount, table.source(row.under(column.heading)))
        if found.setdefault(name_key(project), balance) is not balance:
            table.report(row.cell("事業"), _double(project))
    return found


def _double(project: str) -> Fault:
    return fault("W119.balance", project=project)
