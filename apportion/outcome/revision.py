"""補正: a workspace as it is after a 補正, and the instalments that its outcome makes of the former."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from apportion.allocate.case import Charge
from apportion.allocate.instalments import Instalment, Respread, owed_by_plan, respread
from apportion.core.model import BudgetLine, IncomeLine, Tables, Yen, total
from apportion.core.problem import Findings, Source
from apportion.core.year import Edition, revises, wareki
from apportion.outcome.outcome import Former, Revision
from apportion.outcome.workspace import Workspace
from apportion.rules.book import RuleFile
from apportion.rules.nodes import DuePlan
from apportion.tables.revision import day_of, revised

_SHOWN = 3


def after(workspace: Workspace, case: Edition) -> Workspace:
    """The workspace with the amounts after `case`; without tables where there is no such 補正."""
    findings = Findings()
    findings.extend(workspace.problems)
    if workspace.tables is None:
        return replace(workspace, case=case)
    tables = revised(workspace.tables, case, findings)
    day = day_of(workspace.tables, case, workspace.year, findings) if tables else None
    return replace(workspace, tables=tables, case=case, day=day, problems=findings.problems)


def revision(
    workspace: Workspace,
    billed: Mapping[str, Sequence[Charge]],
    former: Former,
    findings: Findings,
) -> tuple[Revision, tuple[Instalment, ...]]:
    """What the 補正 of a workspace changes, and the instalments after it."""
    case, tables = workspace.case, workspace.tables
    assert case is not None
    assert tables is not None
    if workspace.day is None:
        _no_day(tables, case, former, findings)
    owed = owed_by_plan(billed, workspace.book)
    spread = respread(owed, former.instalments, workspace.day, lambda code: tables.heir(code).code)
    _undated(spread, workspace, findings)
    before = replace(former, charges=_by_heir(former.charges, tables))
    made = Revision(case=case, day=workspace.day, former=before, stays=spread.stays)
    return made, spread.instalments


def _by_heir(charges: Mapping[str, Mapping[str, Yen]], tables: Tables) -> dict[str, dict[str, Yen]]:
    """Charges by who exists now: those of bodies that were merged are their heir's."""
    found: dict[str, dict[str, Yen]] = {}
    for code, own in charges.items():
        sums = found.setdefault(tables.heir(code).code, {})
        for key, yen in own.items():
            sums[key] = total((sums.get(key, 0), yen))
    return found


def _no_day(tables: Tables, case: Edition, former: Former, findings: Findings) -> None:
    """Without its day nobody can say which instalments are past."""
    if not any(part.day for part in former.instalments):
        return
    source = _heading(tables, case)
    name, _, unit = source.heading.partition("（")
    written = f"{name}（{unit.rstrip('）') or '千円'}、令和7年11月20日）"
    if former.issue:
        findings.add(
            "W856",
            source,
            f"{case.label}の日が書いてありません。",
            why=f"{former.issue}の請求が確定しているので、補正の日までに納期限の来た期は変えられません。",
            fix=f"議決の日を見出しに書いてください。例: {written}",
        )
    else:
        findings.add(
            "W855",
            source,
            f"{case.label}の日が書いてないので、すべての期を割り直しました。",
            why="日があると、その日までに納期限の来た期はそのままにして、残りの期だけを割り直します。",
            fix=f"議決の日を見出しに書いてください。例: {written}",
        )


def _heading(tables: Tables, case: Edition) -> Source:
    """A cell of a column of the 補正."""
    lines: tuple[BudgetLine | IncomeLine, ...] = (*tables.budget, *tables.income)
    cells = (cell for line in lines for cell in line.cells.items())
    return next(source for name, source in cells if (revises(name) or "")[-1:] == (case.number,))


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
    findings.add(
        "W857",
        plan.source,
        f"補正のあとに納期限の残っていない団体があります（{shown}）。",
        why="増えた額（減ったときは還付する額）は、納期限を「別に通知」とした期に入れました。",
        fix="納期限を決めたら、補正のための期を「0円」で足してください（ほかの期の額は変わりません）。"
        f"例: {last.mended(spare)}",
    )


def _plans(file: RuleFile) -> list[DuePlan]:
    return [plan for plan in (file.head.dues, *(e.own.dues for e in file.expenses)) if plan]
