"""積立金台帳: 事業調整積立金 of each 事業 from the end of last year to the end of this one."""

from collections.abc import Sequence

from apportion.check_reserve import is_drawing
from apportion.findings import Findings
from apportion.model import RESERVES, IncomeLine, Tables, Yen, total
from apportion.problem import Source
from apportion.settled import RESERVE, Reserve, SettledRow, difference_of, final_of
from apportion.tables.reserve import FORM
from apportion.text import name_key
from apportion.year import FiscalYear


def reserves(
    tables: Tables, year: FiscalYear, rows: Sequence[SettledRow], findings: Findings
) -> tuple[Reserve, ...]:
    """The reserve of each 事業 that was billed or has one; a balance below 0 is a fault."""
    projects = {name_key(line.project): line.project for line in tables.budget if line.project}
    projects |= {name_key(row.project): row.project for row in rows}
    projects |= {key: b.project for key, b in tables.reserve.items() if key not in projects}
    found = tuple(_of(project, tables, rows) for project in projects.values())
    for reserve in found:
        if reserve.after < 0:
            _overdrawn(reserve, tables, year, findings)
    return found


def _of(project: str, tables: Tables, rows: Sequence[SettledRow]) -> Reserve:
    key = name_key(project)
    own = (row for row in rows if name_key(row.project) == key)
    deposits = (
        final_of(line) or 0
        for line in tables.budget
        if line.category == RESERVES and name_key(line.project) == key
    )
    drawings = (_received(x) for x in tables.income if name_key(x.project) == key and is_drawing(x))
    before = tables.reserve.get(key)
    return Reserve(
        project=project,
        before=before.yen if before else Yen(0),
        settled=Yen(-difference_of(own, RESERVE)),
        deposited=total(deposits),
        drawn=total(drawings),
        known=before is not None,
    )


def _received(line: IncomeLine) -> Yen:
    return final_of(line) or Yen(0)


def _overdrawn(reserve: Reserve, tables: Tables, year: FiscalYear, findings: Findings) -> None:
    before = tables.reserve.get(name_key(reserve.project))
    path = FORM.path.format(year=year.code)
    findings.add(
        "W893",
        before.source if before else Source(file=path),
        f"「{reserve.project}」の事業調整積立金の年度末残高が負になります（{reserve.after:,}円）。",
        why=f"前年度末残高 {reserve.before:,}円 ＋ 精算で積む額 {reserve.settled:,}円 ＋ "
        f"積立金 {reserve.deposited:,}円 − 取崩 {reserve.drawn:,}円 です。"
        + (
            ""
            if before
            else f"前年度末残高の表（{path}）に、この事業の行がないので 0円 としました。"
        ),
        fix=f"前年度末残高を確かめて、{path}.csv に「{reserve.project},（残高）」と書いてください。"
        "残高で足りないときは、■精算の差額を「還付と追徴」か「翌年度で調整」にしてください。",
    )
