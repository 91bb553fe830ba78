"""What was billed for a year: the latest sealed issue, 補正 and all, or what the inputs give now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apportion.core.model import (
    RESERVES,
    BudgetLine,
    FigureColumn,
    IncomeLine,
    Member,
    Tables,
    Yen,
    total,
)
from apportion.core.problem import Findings, Source
from apportion.core.text import name_key
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.checks.texts import is_drawing
from apportion.outcome.computation import compute
from apportion.outcome.issued import CHARGES, sealed_bytes
from apportion.outcome.settled import RESERVE, Reserve, SettledRow, difference_of, final_of
from apportion.outcome.workspace import load
from apportion.tables import revision
from apportion.tables.reserve import FORM
from apportion.years.issues.issue import Sealed, newest


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


Key = tuple[str, str, str]
"""団体コード, folded 事業 and folded 経費."""
Row = tuple[str, str, str, str, int]
"""団体コード, 団体名, 事業, 経費 and yen."""


@dataclass(frozen=True, kw_only=True)
class Billed:
    """Rows that were billed; `figures` are those of that time, `issue` names the sealed issue.

    Without a sealed issue `issue` is empty and `figures` are those of the workspace. `files` are the
    paths of what was read for it, below the workspace.
    """

    rows: tuple[Row, ...]
    figures: tuple[FigureColumn, ...]
    issue: str = ""
    files: tuple[str, ...] = ()

    def yen(self, tables: Tables) -> Mapping[Key, Yen]:
        """Yen by today's 団体コード, folded 事業 and folded 経費."""
        sums: dict[Key, list[int]] = {}
        for code, _, project, line, yen in self.rows:
            key = (tables.heir(code).code, name_key(project), name_key(line))
            sums.setdefault(key, []).append(yen)
        return {key: total(yen) for key, yen in sums.items()}


def billed(root: Path, year: FiscalYear, tables: Tables) -> Billed:
    """What was billed last. Raises `InputError` where it must be computed and the input is wrong."""
    issue = newest(root, year)
    if issue:
        return _of_issue(issue, year)
    return _computed(root, year, revision.last(tables), tables)


def _of_issue(issue: Sealed, year: FiscalYear) -> Billed:
    then = load(issue.inputs, year).tables
    rows = ((r.code, r.name, r.project, r.line, r.yen) for r in issue.charges())
    names = (CHARGES, *(f"入力/{name}" for name in (then.files if then else ())))
    for name in names:
        sealed_bytes(issue.folder, name)  # as sealed, or refused
    return Billed(
        rows=tuple(rows),
        figures=then.figures if then else (),
        issue=issue.label,
        files=tuple(f"{issue.path}/{name}" for name in names),
    )


def _computed(root: Path, year: FiscalYear, case: Edition | None, tables: Tables) -> Billed:
    outcome = compute(root, year, case=case)
    rows = (
        (c.member.code, c.member.name, c.line.project, c.line.name, c.yen) for c in outcome.charges
    )
    return Billed(rows=tuple(rows), figures=tables.figures)


def told(billed: Billed, year: FiscalYear, findings: Findings) -> None:
    """Say it where nothing was sealed: the bills that went out may be others."""
    if not billed.issue:
        findings.add(
            "W895",
            Source(file=f"outputs/確定/{year.code}"),
            "確定した請求がないので、いまの規則と表から計算した額を、請求済額としました。",
            why="送った請求と違う額になっているおそれがあります。",
            fix=f"送った請求書の額と見比べてください。請求を確定しておくには: apportion seal --year {year}",
        )


def known(billed: Billed, tables: Tables, listed: Iterable[str], findings: Findings) -> None:
    """Tell who was billed and is gone from the register or all 名簿 (`listed` codes), and lost 事業."""
    here = set(listed)
    names = {row[0]: row[1] for row in billed.rows if row[4]}
    for code, name in names.items():
        if code not in tables.by_code:
            _gone(name, code, "団体一覧（members/members）", tables, findings)
        elif tables.heir(code).code not in here:
            _gone(name, code, "名簿（roster）", tables, findings)
    projects = {name_key(line.project) for line in tables.charged}
    for project in dict.fromkeys(row[2] for row in billed.rows if row[4]):
        if name_key(project) not in projects:
            _lost(project, tables, findings)


def _gone(name: str, code: str, table: str, tables: Tables, findings: Findings) -> None:
    former = tables.by_code.get(code)
    findings.add(
        "W899",
        former.source if former else Source(file=_file(tables.members)),
        f"請求した{name}（{code}）が、いまの{table}にありません。",
        why="請求した団体には、差額があってもなくても精算書を作ります。",
        fix=f"{table}に、{name}の行を元のとおりに戻してください。"
        "年度の途中で抜けた団体の名簿は「R7.9.30まで」のように書きます。",
    )


def _lost(project: str, tables: Tables, findings: Findings) -> None:
    findings.add(
        "W899",
        Source(file=_file(tables.budget)),
        f"請求した「{project}」が、いまの支出の部（budget）にありません。",
        why="事業の名前が変わると、請求済額と決算額を比べられません。",
        fix=f"支出の部の事業の名前を「{project}」に戻してください。",
    )


def _file(rows: Sequence[Member | BudgetLine]) -> str:
    return rows[0].source.file if rows else ""
