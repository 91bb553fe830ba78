"""年度ごとに輪番: whose turn it is, optional, written by last year's run."""

from collections.abc import Mapping

from apportion.core.problem import fault
from apportion.core.text import fold, name_key
from apportion.tables.files import TableForm
from apportion.tables.register import Directory
from apportion.tables.table import REMARK, Table

NEXT = "次の番（団体コード）"
FORM = TableForm("輪番", "members/{year}/rotation", f"事業,経費,{NEXT}", optional=True)

Rotation = Mapping[tuple[str, str], str]
"""団体コード that is next, by (folded 事業, folded 経費)."""


def read(table: Table, directory: Directory) -> Rotation | None:
    """Read whose turn it is; None where a column is missing."""
    if not table.need("事業", "経費", NEXT):
        return None
    table.report_unknown([*FORM.headings.split(","), REMARK])
    turns: dict[tuple[str, str], str] = {}
    for row in table.rows():
        project, line, code = row.name("事業"), row.name("経費"), fold(row.text(NEXT))
        if code not in directory.by_code:
            table.report(row.cell(NEXT), fault("W308.next", code=code))
        elif project is not None and line is not None:
            turns[name_key(project), name_key(line)] = code
    return turns
