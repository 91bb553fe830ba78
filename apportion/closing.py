"""Whether 収入の部 and 支出の部 agree, before anything is written: by 事業, by 区分, in total."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apportion.allocate.case import Case, LineResult
from apportion.check_reserve import drawings_agree
from apportion.findings import Findings
from apportion.model import RESERVES, BudgetLine, IncomeLine, Tables
from apportion.near import near
from apportion.reconcile import beside, contributions, open_ends, price_gaps, spending
from apportion.text import name_key

_EXACT = "負担金の合計は、収入の部の負担金収入と1円まで一致しなければなりません。"


def income_agrees(
    tables: Tables, known: Sequence[LineResult], findings: Findings, *, whole: bool
) -> None:
    """Σ 経費 = 収入の部 for every 事業 whose lines are all known, and for all of them together.

    `whole` tells whether rosters and figures were read without a fault.
    """
    before = findings.faults
    known = [result for result in known if whole or not _rests_on_members(result.case)]
    sums = Sums(tables, known)
    for line in sums.first_lines():
        _of_project(line, sums, findings)
    if findings.faults == before:
        _strange_income(sums, findings)
    if findings.faults == before and len(known) == len(tables.charged):
        _categories(sums, findings)
        told = findings.faults
        drawings_agree(tables, findings)
        if findings.faults == told:  # or both parts would differ by the same yen
            _both_parts(tables, known, findings)


def _rests_on_members(case: Case) -> bool:
    """Whether the sum of a line follows from rosters and figures, not from the budget alone."""
    expense = case.expense
    return case.unit_price or bool(expense.adjusts) or expense.base is not None


@dataclass(frozen=True, slots=True)
class Sums:
    """What members owe and what 収入の部 says, by 事業 or by 区分."""

    tables: Tables
    known: Sequence[LineResult]

    def first_lines(self) -> list[BudgetLine]:
        """The first line of each 事業 of which every line is known."""
        computed = {result.case.line.key for result in self.known}
        first: dict[str, BudgetLine] = {}
        for line in self.tables.charged:
            first.setdefault(name_key(line.project), line)
        unknown = {name_key(x.project) for x in self.tables.charged if x.key not in computed}
        return [line for key, line in first.items() if key not in unknown]

    def due(self, project: str) -> int:
        """Yen that 収入の部 must hold for a 事業."""
        key = name_key(project)
        results = [r for r in self.known if name_key(r.case.line.project) == key]
        return _due(results)

    def income(self, project: str) -> list[IncomeLine]:
        """負担金収入 of a 事業."""
        key = name_key(project)
        return [line for line in contributions(self.tables) if name_key(line.project) == key]


def _due(results: Sequence[LineResult]) -> int:
    paid = sum(yen - beside(r) for r, (_, yen) in zip(results, spending(results), strict=True))
    return paid + price_gaps(results)


def _of_project(line: BudgetLine, sums: Sums, findings: Findings) -> None:
    due, lines = sums.due(line.project), sums.income(line.project)
    income = sum(found.amount for found in lines)
    if not lines:
        _no_income(line, due, sums, findings)
    elif due != income:
        findings.add(
            "W410",
            line.source,
            f"「{line.project}」の経費の合計 {due:,}円 が、収入の部の負担金収入 {income:,}円 と"
            f"合いません（差 {due - income:,}円）。",
            why=f"{_reason(due, income)}収入の部の行: {lines[0].source.place()}",
            fix="支出の部（budget）の経費の額か、収入の部（income）の額を、予算書と見比べてください。",
        )


def _reason(due: int, income: int) -> str:
    if due and income and (due == income * 1000 or due * 1000 == income):
        return "ちょうど1,000倍違います。円と千円を取り違えた列があります。"
    return _EXACT


def _no_income(line: BudgetLine, due: int, sums: Sums, findings: Findings) -> None:
    names = dict.fromkeys(found.project for found in contributions(sums.tables) if found.project)
    close = near(line.project, names)
    findings.add(
        "W413",
        line.cells.get("事業", line.source),
        f"収入の部（income）に、「{line.project}」の負担金収入がありません。",
        why=_EXACT,
        fix=f"収入の部の「{close}」を「{line.project}」に直してください。"
        if close
        else f"収入の部に「{line.project}」の負担金収入 {due:,}円 の行を足してください。",
    )


def _strange_income(sums: Sums, findings: Findings) -> None:
    """負担金収入 of a 事業 that nobody pays for."""
    projects = {name_key(line.project) for line in sums.tables.charged}
    for line in contributions(sums.tables):
        if line.amount and name_key(line.project) not in projects:
            findings.add(
                "W417",
                line.source,
                f"収入の部の「{line.project or '（空欄）'}」という事業は、支出の部（budget）にありません。",
                why="負担金収入は、支出の部の同じ事業の経費を団体で負担する額です。",
                fix="事業の名前を支出の部と同じにするか、この行の科目を直してください。",
            )


def _categories(sums: Sums, findings: Findings) -> None:
    """区分: every 事業 agrees, so where these do not, a row stands under another 区分."""
    left: dict[str, int] = {}
    for result in sums.known:
        key = name_key(result.case.line.category)
        left[key] = left.get(key, 0) + _due([result])
    for income in contributions(sums.tables):
        key = name_key(income.category)
        left[key] = left.get(key, 0) - income.amount
    wrong = [line for line in sums.tables.charged if left[name_key(line.category)]]
    if wrong:
        findings.add(
            "W416",
            wrong[0].cells.get("区分", wrong[0].source),
            f"区分「{wrong[0].category}」の経費の合計が、収入の部の同じ区分の負担金収入と合いません。",
            why="事業ごとには合っているので、区分の違う行があります。"
            f"支出の部の区分: {_listed(line.category for line in sums.tables.charged)}。"
            f"収入の部の区分: {_listed(line.category for line in contributions(sums.tables))}。",
            fix="支出の部（budget）と収入の部（income）で、同じ事業の区分を同じ言葉にしてください。",
        )


def _both_parts(tables: Tables, results: Sequence[LineResult], findings: Findings) -> None:
    income = sum(line.amount for line in tables.income)
    spent = sum(budget for _, budget in spending(results))
    spent += sum(line.amount or 0 for line in tables.budget if line.category == RESERVES)
    if spent - income not in (0, open_ends(results)):
        findings.add(
            "W411",
            (tables.income or tables.budget)[-1].source,
            f"収入の部の合計 {income:,}円 と支出の部の合計 {spent:,}円 が合いません"
            f"（差 {income - spent:,}円）。",
            why="予算の収入と支出の合計は同じでなければなりません。",
            fix="積立金、保管金、繰越金の行も含めて、予算書と見比べてください。",
        )


def _listed(names: Iterable[str]) -> str:
    return "、".join(name or "（空欄）" for name in dict.fromkeys(names))
