"""見た注意: 注意 that a person has looked at and lets be, one row each; optional, and no amount follows from it.

A row holds while the message says the same: where its facts change, it is told again.
"""

from apportion.core.catalogue import codes, entry
from apportion.core.model import SeenMark
from apportion.core.problem import Level, Problem, fault
from apportion.core.text import fold, name_key
from apportion.tables.files import TableForm
from apportion.tables.table import REMARK, Row, Table

CODE, PLACE, WORDS, REASON = "番号", "場所", "内容", "理由"
FORM = TableForm("見た注意", "rules/{year}/seen", f"{CODE},{PLACE},{WORDS},{REASON}", optional=True)


def read(table: Table) -> tuple[SeenMark, ...]:
    """Marks in the order of the file; none where a column is missing."""
    if not table.need(CODE, WORDS, REASON):
        return ()
    table.allow(PLACE)
    table.report_unknown([*FORM.headings.split(","), REMARK])
    return tuple(mark for row in table.rows() if (mark := _mark(row)))


def _mark(row: Row) -> SeenMark | None:
    code = fold(row.text(CODE)).strip().upper()
    if code not in codes():
        row.table.report(row.cell(CODE), fault("W848", written=row.text(CODE)))
    elif entry(code).level == Level.ERROR.value:
        row.table.report(row.cell(CODE), fault("W848.error", code=code, title=entry(code).title))
    elif not row.text(REASON):
        row.table.report(row.cell(REASON), fault("W848.reason", code=code))
    else:
        return SeenMark(code, row.text(PLACE), key(row.text(WORDS)), row.text(REASON))
    return None


def of(problem: Problem) -> tuple[str, str, str]:
    """番号, 場所 and 内容 of the row for a problem."""
    return problem.code, problem.source.file, " ".join(problem.what.split())


def key(words: str) -> str:
    """What a message says, however it was copied."""
    return name_key("".join(words.split()))
