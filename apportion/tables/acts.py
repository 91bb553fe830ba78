"""決定: what the year decided and when, one row an act; optional, kept by the office.

Without the table the first budget has the 状態 of its rule files, and every 補正 is 案.
"""

from collections.abc import Iterator
from datetime import date

from apportion.core.model import Act
from apportion.core.problem import Fault, fault
from apportion.core.text import name_key
from apportion.core.year import FIRST, KINDS, SETTLED, Edition, FiscalYear, parse_date, wareki
from apportion.rules.book import DECIDED, STATES
from apportion.tables.files import TableForm
from apportion.tables.table import REMARK, Row, Table

FORM = TableForm("決定", "rules/{year}/acts", "決定,日,状態,理由", optional=True)

_NAMES = (FIRST, *(f"{kind}第1号" for kind in KINDS), SETTLED)


def read(table: Table, year: FiscalYear) -> tuple[Act, ...] | None:
    """Acts in the order of the file; None where a column is missing."""
    if not table.need("決定", "日", "状態"):
        return None
    table.allow("理由")
    table.report_unknown([*FORM.headings.split(","), REMARK])
    found: list[Act] = []
    for row in table.rows():
        act = _act(row, year)
        if act and not _misplaced(row, act, [other.name for other in found]):
            _compare(row, act, found)
            found.append(act)
    return tuple(found)


def _act(row: Row, year: FiscalYear) -> Act | None:
    text, state = row.text("決定"), row.text("状態")
    name = name_of(text)
    if not name:
        row.table.report(row.cell("決定"), fault("W862", written=text, names="、".join(_NAMES)))
    if state not in STATES:
        row.table.report(row.cell("状態"), fault("W864", written=state, states="、".join(STATES)))
    day = parse_date(row.text("日"))
    if not row.text("日"):
        if state == DECIDED:
            row.table.report(row.cell("日"), fault("W863", act=text, year=year.label))
            return None
    elif not _in_time(row, name, day, year):
        return None
    if not name or state not in STATES:
        return None
    source = row.table.source(row.cell("決定"))
    return Act(name, day, state, row.text("理由"), source)


def name_of(text: str) -> str:
    """`当初`, `補正1`, `精算`; empty for anything else."""
    key = name_key(text)
    if key in (FIRST, f"{FIRST}予算", SETTLED):
        return key.removesuffix("予算")
    edition = Edition.parse(text)
    return str(edition) if edition else ""


def _in_time(row: Row, name: str, day: date | None, year: FiscalYear) -> bool:
    """Whether the day is one on which such an act can be decided."""
    first, last = year.first_day, year.last_day
    if name == FIRST:
        # 総会 decide before the year begins, or in its first months.
        first = first.replace(year=year.start - 1, month=10)
    elif name == SETTLED:
        first, last = last, (year + 2).last_day
    if day and first <= day <= last:
        return True
    found = fault(
        "W863.time" if day else "W863.unread",
        written=row.text("日"),
        act=row.text("決定"),
        first=wareki(first),
        last=wareki(last),
    )
    row.table.report(row.cell("日"), found)
    return False


def _misplaced(row: Row, act: Act, known: list[str]) -> bool:
    """Whether it stands twice, leaves out a number, or has no 当初 above it."""
    found = None
    if act.name in known:
        found = fault("W862.twice", act=written(act.name))
    elif not known and act.name != FIRST:
        found = fault("W862.first", act=written(act.name))
    elif missing := _missing(act, known):
        found = fault("W862.number", act=written(act.name), missing=written(missing))
    if found:
        row.table.report(row.cell("決定"), found)
    return found is not None


def _compare(row: Row, act: Act, before: list[Act]) -> None:
    """Its day and state beside those above it."""
    if found := _earlier(act, before):
        row.table.report(row.cell("日"), found)
    elif found := _decided_first(act, before):
        row.table.report(row.cell("状態"), found)


def _earlier(act: Act, before: list[Act]) -> Fault | None:
    """That its day is before one above it."""
    days = [(other.name, other.day) for other in before if other.day]
    above, former = max(days, key=lambda own: own[1], default=("", None))
    if act.day is None or former is None or former <= act.day:
        return None
    return fault(
        "W863.order",
        act=written(act.name),
        above=written(above),
        day=wareki(act.day),
        former=wareki(former),
    )


def _decided_first(act: Act, before: list[Act]) -> Fault | None:
    """That it is decided while one above it is not."""
    waiting = next((other for other in before if other.state != DECIDED), None)
    if waiting is None or act.state != DECIDED:
        return None
    return fault(
        "W864.order", act=written(act.name), above=written(waiting.name), state=waiting.state
    )


def _missing(act: Act, known: list[str]) -> str:
    """The act of the same kind that must stand above; empty where it does."""
    edition = Edition.parse(act.name)
    if edition is None or edition.number == 1:
        return ""
    former = str(Edition(edition.number - 1, edition.kind))
    return "" if former in known else former


def written(name: str) -> str:
    """As the table names an act: `補正第1号`, `当初`."""
    edition = Edition.parse(name)
    return edition.column if edition else name


def editions(acts: tuple[Act, ...]) -> Iterator[Edition]:
    """Those that change the year after its first budget."""
    return (edition for act in acts if (edition := Edition.parse(act.name)))
