"""取崩 of 事業調整積立金: what the 支出の部 takes off must come in, and must be there."""

from collections.abc import Iterator

from apportion.findings import Findings
from apportion.model import BudgetLine, IncomeLine, Tables, total
from apportion.near import near
from apportion.problem import Problem
from apportion.text import name_key
from apportion.workspace import Workspace

DRAWN = "取崩"
"""Heading of the budget column, before its parenthesis."""
INCOME = "事業調整積立金取崩収入"


def is_drawing(line: IncomeLine) -> bool:
    """Whether a line of the 収入の部 is 事業調整積立金取崩収入."""
    return DRAWN in name_key(line.subject)


def drawings_agree(tables: Tables, findings: Findings) -> None:
    """Σ 取崩 of a 事業 in the 支出の部 = its 事業調整積立金取崩収入 in the 収入の部."""
    for key, lines in _drawn(tables).items():
        income = [x for x in tables.income if name_key(x.project) == key and is_drawing(x)]
        taken, got = _sum(lines), total(line.amount for line in income)
        if taken != got:
            place = lines[0].cells[_heading(lines[0])]
            where = f"収入の部の行: {income[0].source.place()}" if income else ""
            findings.add(
                "W896",
                place,
                f"「{lines[0].project}」の取崩の計 {taken:,}円 が、収入の部の{INCOME} {got:,}円 と"
                f"合いません（差 {taken - got:,}円）。",
                why=f"取り崩した積立金の分だけ、その事業の負担金が減ります。{where}",
                fix=f"収入の部の「{lines[0].project}」の{INCOME}を {taken:,}円 にするか、"
                "支出の部の「取崩」の列を直してください。",
            )


def drawings_are_there(workspace: Workspace) -> Iterator[Problem]:
    """Σ 取崩 of a 事業 is no more than its balance, where members/<year>/reserve says it."""
    tables = workspace.tables
    if tables is None or not tables.reserve:
        return
    for key, lines in _drawn(tables).items():
        balance, taken = tables.reserve.get(key), _sum(lines)
        held = balance.yen if balance else 0
        if taken > held:
            yield Problem(
                code="W897",
                source=lines[0].cells[_heading(lines[0])],
                what=f"「{lines[0].project}」の取崩の計 {taken:,}円 が、"
                f"積立金の前年度末残高 {held:,}円 より多くなっています。",
                why=f"残高の行: {balance.source.place()}"
                if balance
                else "前年度末残高の表（reserve）に、この事業の行がありません。",
                fix=f"取崩を {held:,}円 までにするか、残高を確かめてください。",
            )


def balances_have_a_project(workspace: Workspace) -> Iterator[Problem]:
    """A balance of a 事業 that neither part of the budget names."""
    tables = workspace.tables
    if tables is None:
        return
    lines: tuple[BudgetLine | IncomeLine, ...] = (*tables.budget, *tables.income)
    projects = {name_key(line.project): line.project for line in lines}
    for key, balance in tables.reserve.items():
        if key not in projects and balance.yen:
            close = near(balance.project, filter(None, projects.values()))
            yield Problem(
                code="W898",
                source=balance.source,
                what=f"積立金の残高の「{balance.project}」という事業は、予算にありません。",
                why="残高は、事業の名前で予算と結び付けます。",
                fix=f"「{balance.project}」を「{close}」に直してください。"
                if close
                else "事業の名前を予算と同じにしてください。"
                "終わった事業なら、予算の積立金等にその事業の行（0円）を足してください。",
            )


def _drawn(tables: Tables) -> dict[str, list[BudgetLine]]:
    """Lines with an amount under 取崩, by folded 事業."""
    found: dict[str, list[BudgetLine]] = {}
    for line in tables.charged:
        if any(name_key(heading) == DRAWN for heading in line.columns):
            found.setdefault(name_key(line.project), []).append(line)
    return found


def _heading(line: BudgetLine) -> str:
    return next(heading for heading in line.columns if name_key(heading) == DRAWN)


def _sum(lines: list[BudgetLine]) -> int:
    return total(line.columns[_heading(line)] for line in lines)
