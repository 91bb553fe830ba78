"""補正: a workspace as it is after a 補正, and the instalments that its outcome makes of the former."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from apportion.allocate.case import Charge
from apportion.allocate.instalments import Instalment, Respread, owed_by_plan, respread
from apportion.core.model import BudgetLine, IncomeLine, Tables, Yen
from apportion.core.problem import Findings, Problem, Source, tell
from apportion.core.sums import grouped, summed
from apportion.core.text import on_lines
from apportion.core.year import Edition, revises, wareki
from apportion.outcome.outcome import Former, Revision
from apportion.outcome.workspace import Workspace
from apportion.rules.book import RuleFile, Scope
from apportion.rules.nodes import DuePlan
from apportion.rules.read import days_before_due
from apportion.tables.revision import act_of, day_of, in_order, revised, state_of

_SHOWN = 3


def after(workspace: Workspace, edition: Edition) -> Workspace:
    """The workspace with the amounts after `edition`; without tables where there is no such 補正."""
    findings = Findings()
    findings.extend(workspace.problems)
    if workspace.tables is None:
        return replace(workspace, edition=edition)
    tables = revised(workspace.tables, edition, findings)
    day = day_of(workspace.tables, edition, workspace.year, findings) if tables else None
    in_order(workspace.tables, edition, workspace.year, findings)
    book = replace(workspace.book, act=state_of(workspace.tables, str(edition)))
    return replace(
        workspace,
        tables=tables,
        book=book,
        edition=edition,
        day=day,
        problems=findings.problems,
    )


def revise(
    workspace: Workspace,
    billed: Mapping[str, Sequence[Charge]],
    former: Former,
    issued: Sequence[Instalment],
    findings: Findings,
) -> tuple[Revision, tuple[Instalment, ...]]:
    """What the 補正 of a workspace changes, and the instalments after it.

    `issued` are the instalments of its own bills, where they were sealed already.
    """
    edition, tables = workspace.edition, workspace.tables
    assert edition is not None
    assert tables is not None
    if workspace.day is None:
        _no_day(tables, edition, former, findings)
    owed = owed_by_plan(billed, workspace.book)
    spread = respread(
        owed, former.instalments, workspace.day, lambda code: tables.heir(code).code, issued
    )
    _undated(spread, workspace, findings)
    if not issued:
        findings.extend(_disturbed(spread, former.instalments, workspace))
    before = replace(former, charges=_by_heir(former.charges, tables))
    made = Revision(edition=edition, day=workspace.day, former=before, stays=spread.stays)
    return made, spread.instalments


def _by_heir(charges: Mapping[str, Mapping[str, Yen]], tables: Tables) -> dict[str, dict[str, Yen]]:
    """Charges by who exists now: those of bodies that were merged are their heir's."""
    owed = grouped(
        (tables.heir(code).code, pair) for code, own in charges.items() for pair in own.items()
    )
    return {code: summed(own) for code, own in owed.items()}


def _no_day(tables: Tables, edition: Edition, former: Former, findings: Findings) -> None:
    """Without its day nobody can say which instalments are past."""
    if not any(part.day for part in former.instalments):
        return
    act = act_of(tables, str(edition))
    source = act.source if act else _heading(tables, edition)
    name, _, unit = source.heading.partition("（")
    written = f"{name}（{unit.rstrip('）') or '千円'}、令和7年11月20日）"
    told = edition.label
    findings.add(
        tell(
            "W856.act" if act else "W856",
            source,
            edition=told,
            issue=former.issue,
            written=written,
        )
        if former.issue
        else tell("W855.act" if act else "W855", source, edition=told, written=written)
    )


def _heading(tables: Tables, edition: Edition) -> Source:
    """A cell of a column of the 補正."""
    lines: tuple[BudgetLine | IncomeLine, ...] = (*tables.budget, *tables.income)
    cells = (cell for line in lines for cell in line.cells.items())
    return next(source for name, source in cells if (revises(name) or "")[-1:] == (edition,))


def _undated(spread: Respread, workspace: Workspace, findings: Findings) -> None:
    """Payers that owe (or get back) an amount after their last 納期."""
    tables = workspace.tables
    if not spread.undated or tables is None:
        return
    plan = next(plan for file in workspace.book.files for plan in _plans(file))
    names = [tables.by_code[code].name for code in spread.undated]
    shown = "、".join(names[:_SHOWN]) + (f"など{len(names)}団体" if names[_SHOWN:] else "")
    last, day = plan.dues[-1].source, wareki(workspace.year.last_day)
    spare = f"{last.words}、第{max(due.number for due in plan.dues) + 1}期 {day} 0円"
    findings.add(tell("W857", plan.source, shown=shown, example=last.mended(spare)))


class Disturbed(NamedTuple):
    """A 期 that changes though it was paid, in part or as a whole, or its notice comes too late."""

    part: Instalment
    before: int
    after: int
    paid: int
    late: bool

    def words(self, tables: Tables) -> str:
        """`みどり町 第2期（令和8年1月30日） 250,000円 → 200,000円（納入済 250,000円、通知期限後）`."""
        part, paid = self.part, f"納入済 {self.paid:,}円" if self.paid else ""
        why = "、".join(filter(None, (paid, "通知期限後" if self.late else "")))
        due = f"（{wareki(part.day)}）" if part.day else ""
        name = tables.by_code[part.code].name
        return f"{name} 第{part.number}期{due} {self.before:,}円 → {self.after:,}円（{why}）"


def _disturbed(
    spread: Respread, former: Sequence[Instalment], workspace: Workspace
) -> tuple[Problem, ...]:
    """What an act changes though it was paid on its day, or can be told no more in time."""
    tables, edition, day = workspace.tables, workspace.edition, workspace.day
    assert edition is not None
    assert tables is not None
    if day is None:
        return ()
    found = list(_changing(spread, former, workspace, day))
    if not found:
        return ()
    act = act_of(tables, str(edition))
    told = tell(
        "W838",
        act.source if act else _heading(tables, edition),
        act=edition.column,
        day=wareki(day),
        count=len(found),
        changed=on_lines(found, "件", lambda one: one.words(tables)),
        year=workspace.year,
    )
    return (told,)


def _changing(
    spread: Respread, former: Sequence[Instalment], workspace: Workspace, day: date
) -> Iterator[Disturbed]:
    """Every one of them, by payer and 期."""
    book, tables = workspace.book, workspace.tables
    assert tables is not None
    said = Scope((*book.common, *book.files)).invoice("通知期限")
    needed = days_before_due(said[0].text) if said else None
    payments = (p for p in tables.payments if p.day <= day)
    paid = summed(((p.code, p.number), p.yen) for p in payments)
    now = {(p.code, p.number, p.day): p.yen for p in spread.instalments}
    for part in former:
        after = now.get((part.code, part.number, part.day), Yen(0))
        own = paid.get((part.code, part.number), 0)
        late = bool(part.day and needed and part.day - timedelta(days=needed) < day)
        if after != part.yen and part not in spread.stays and (own or late):
            yield Disturbed(part, part.yen, after, own, late)


def _plans(file: RuleFile) -> list[DuePlan]:
    return [plan for plan in (file.head.dues, *(e.own.dues for e in file.expenses)) if plan]
