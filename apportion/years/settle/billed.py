"""What was billed for a year: the latest sealed issue, 補正 and all, or what the inputs give now."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from apportion.core.dataclass import dataclass
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
from apportion.core.problem import Findings, Source, tell
from apportion.core.sums import summed
from apportion.core.text import name_key
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.checks.texts import is_drawing
from apportion.outcome.computation import compute
from apportion.outcome.issued import CHARGES, INPUTS, Issue, Issues
from apportion.outcome.settled import RESERVE, Reserve, SettledRow, difference_of, final_of
from apportion.outcome.workspace import load
from apportion.tables import revision
from apportion.tables.reserve import FORM


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
        tell(
            "W893.before" if before else "W893",
            before.source if before else Source(file=path),
            project=reserve.project,
            after=reserve.after,
            before=reserve.before,
            settled=reserve.settled,
            deposited=reserve.deposited,
            drawn=reserve.drawn,
            path=path,
        )
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
        return summed(
            ((tables.heir(code).code, name_key(project), name_key(line)), yen)
            for code, _, project, line, yen in self.rows
        )


def last_billed(root: Path, year: FiscalYear, tables: Tables, issues: Issues) -> Billed:
    """What was billed last, by the sealed `issues`.

    Raises `InputError` where it must be computed and the input is wrong.
    """
    if issue := issues.newest():
        return _of_issue(issue, year)
    return _computed(root, year, revision.last(tables), tables)


def _of_issue(issue: Issue, year: FiscalYear) -> Billed:
    then = load(issue.inputs, year).tables
    rows = ((r.code, r.name, r.project, r.line, r.yen) for r in issue.charges())
    names = (CHARGES, *(f"{INPUTS}/{name}" for name in (then.files if then else ())))
    for name in names:
        issue.content(name)  # as sealed, or refused
    return Billed(
        rows=tuple(rows),
        figures=then.figures if then else (),
        issue=issue.label,
        files=tuple(f"{issue.path}/{name}" for name in names),
    )


def _computed(root: Path, year: FiscalYear, edition: Edition | None, tables: Tables) -> Billed:
    outcome = compute(root, year, edition=edition)
    rows = (
        (c.member.code, c.member.name, c.line.project, c.line.name, c.yen) for c in outcome.charges
    )
    return Billed(rows=tuple(rows), figures=tables.figures)


def told(billed: Billed, year: FiscalYear, findings: Findings) -> None:
    """Say it where nothing was sealed: the bills that went out may be others."""
    if not billed.issue:
        findings.add(tell("W895", Source(file=f"outputs/確定/{year.code}"), year=year))


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
            findings.add(tell("W899.project", Source(file=_file(tables.budget)), project=project))


def _gone(name: str, code: str, table: str, tables: Tables, findings: Findings) -> None:
    former = tables.by_code.get(code)
    findings.add(
        tell(
            "W899.member",
            former.source if former else Source(file=_file(tables.members)),
            name=name,
            code=code,
            table=table,
        )
    )


def _file(rows: Sequence[Member | BudgetLine]) -> str:
    return rows[0].source.file if rows else ""
