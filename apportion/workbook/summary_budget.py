"""Sheets 収入の部 and 支出の部: the published rows, with the computed amounts beside them."""

from collections.abc import Callable, Mapping

from apportion.model import RESERVES, BudgetLine, IncomeLine, Tables
from apportion.outcome import Outcome
from apportion.reconcile import CONTRIBUTION, beside, contributions
from apportion.text import name_key
from apportion.workbook.page import Page
from apportion.workbook.refs import Live, Ref, link, sum_of
from apportion.workbook.summary_data import DataSheet
from apportion.workbook.summary_members import MembersSheet
from apportion.workbook.summary_part import BESIDE, BUDGET, L, Part, Spot, Written
from apportion.workbook.tree import Entry, Node, tree

INCOME, EXPENDITURE = "収入の部", "支出の部"

_SUMS = "上の段の額、小計、合計は、すぐ下の段の行を足す式です。差 = 当初予算 − 計算額"
_OWED = "計算額は、負担金収入の行ではシート「団体別事業別」の総計、ほかの収入の行では予算額です。"
_SPENT = "計算額は、シート「データ」の負担金額を経費ごとに足した額です（積立金等の行では予算額）。"
_BESIDE_NOTE = " − 負担金以外（対象外、端数未調整額、繰越、単価差、団体別加減）"
_GAP_NOTE = " − 負担金以外（単価差）"


def write_income(page: Page, outcome: Outcome, members: MembersSheet) -> Written[IncomeLine]:
    """収入の部; 負担金収入 of a 事業 is compared with what its members pay."""
    lines: dict[str, list[IncomeLine]] = {}
    for line in contributions(outcome.tables):
        lines.setdefault(name_key(line.project), []).append(line)

    def computed(line: IncomeLine, spot: Spot) -> Live:
        same = lines.get(name_key(line.project), [])
        if not (same and same[0] is line) or name_key(line.project) not in members.totals:
            return _as_budgeted(page, spot, line.amount)
        whole = link(members.totals[name_key(line.project)], page.name)
        rest = sum(other.amount for other in same[1:])
        return Live(f"{whole.formula}-{rest}", whole.value - rest) if rest else whole

    gaps = _price_gaps(outcome)

    def not_paid(line: IncomeLine) -> int:
        same = lines.get(name_key(line.project), [])
        return gaps.get(name_key(line.project), 0) if same and same[0] is line else 0

    has_beside = any(gaps.values())
    part = Part(page, *_years(outcome), computed, not_paid, has_beside=has_beside)
    sums = f"{_SUMS}{_GAP_NOTE}。" if has_beside else f"{_SUMS}。"
    return part.write(income_blocks(outcome.tables), _OWED, sums)


def _price_gaps(outcome: Outcome) -> dict[str, int]:
    """単価差 of each 事業, by folded name."""
    gaps: dict[str, int] = {}
    for result in outcome.results:
        key = name_key(result.case.line.project)
        gaps[key] = gaps.get(key, 0) + result.price_gap
    return gaps


def write_expenditure(page: Page, outcome: Outcome, data: DataSheet) -> Written[BudgetLine]:
    """支出の部 to the finest 経費; what members pay is added up from the rows of データ."""
    results = {result.case.line.key: result for result in outcome.results}
    other = {key: beside(r) for key, r in results.items() if r.case.line.amount is not None}

    def computed(line: BudgetLine, spot: Spot) -> Live:
        if line.category == RESERVES:
            return _as_budgeted(page, spot, line.amount or 0)
        labels = (spot.labels[line.project], spot.labels[line.name])
        return Live(data.sum_of_line(page.name, *labels), sum(results[line.key].yen))

    def not_charged(line: BudgetLine) -> int:
        return 0 if line.category == RESERVES else other.get(line.key, 0)

    has_beside = any(other.values())
    part = Part(page, *_years(outcome), computed, not_charged, has_beside=has_beside)
    sums = f"{_SUMS}{_BESIDE_NOTE}。" if has_beside else f"{_SUMS}。"
    return part.write(expenditure_blocks(outcome.tables), _SPENT, sums)


def income_blocks(tables: Tables) -> list[tuple[Node[IncomeLine], ...]]:
    """Income of the 事業 (負担金収入, 取崩収入), then what belongs to none (保管金, 繰越金)."""
    of_projects = [line for line in tables.income if line.category or line.project]
    others = [line for line in tables.income if not (line.category or line.project)]
    return [tree(map(_income_entry, lines)) for lines in (of_projects, others) if lines]


def expenditure_blocks(tables: Tables) -> list[tuple[Node[BudgetLine], ...]]:
    """Lines that members pay for, then the lower block (積立金, 保管金, 繰越金支出)."""
    reserves = [line for line in tables.budget if line.category == RESERVES]
    blocks = [
        tree(map(_charged_entry, tables.charged)),
        tree(_reserve_entry(line, reserves) for line in reserves),
    ]
    return [block for block in blocks if block]


def _income_entry(line: IncomeLine) -> Entry[IncomeLine]:
    if not (line.category or line.project):
        return (), line.subject, line
    path = (line.subject, joined(line.category, line.subject)) if line.category else (line.subject,)
    return path, line.project or line.subject, line


def _charged_entry(line: BudgetLine) -> Entry[BudgetLine]:
    above = dict.fromkeys((line.category, line.project))
    return (*filter(None, above), *line.path), line.name, line


def _reserve_entry(line: BudgetLine, reserves: list[BudgetLine]) -> Entry[BudgetLine]:
    """Print a 積立金 under the name of its 事業, unless the 事業 has several."""
    same = [other for other in reserves if (other.project, other.path) == (line.project, line.path)]
    if line.project and len(same) > 1:
        return (*line.path, line.project), line.name, line
    return line.path, line.project or line.name, line


def joined(category: str, subject: str) -> str:
    """`システム事業` and `事業調整積立金取崩収入` make `システム事業調整積立金取崩収入`."""
    overlap = max(n for n in range(len(subject) + 1) if category.endswith(subject[:n]))
    return category + subject[overlap:]


def _as_budgeted(page: Page, spot: Spot, yen: int) -> Live:
    return link(Ref(page.name, spot.row, BUDGET, yen), page.name)


def _years(outcome: Outcome) -> tuple[str, str]:
    return outcome.year.label, (outcome.year + -1).label


def contribution_of(income: Written[IncomeLine], sheet: str) -> Callable[[str], Live]:
    """負担金収入 of a folded 事業 less 単価差, as a formula on `sheet`."""
    return _less_beside(income, lambda line: line.subject == CONTRIBUTION, sheet)


def charged_of(spent: Written[BudgetLine], sheet: str) -> Callable[[str], Live]:
    """Budget of a folded 事業 less what members do not pay, as a formula on `sheet`."""
    return _less_beside(spent, lambda line: line.category != RESERVES, sheet)


def by_line(spent: Written[BudgetLine]) -> Mapping[tuple[str, str], Mapping[int, Ref]]:
    """Cells of each 経費 that members pay for, by its key and the columns of `summary_part`."""
    rows = ((row.node.line, row.cells) for row in spent.finest)
    return {line.key: cells for line, cells in rows if line and line.category != RESERVES}


def _less_beside(
    written: Written[L], wanted: Callable[[L], bool], sheet: str
) -> Callable[[str], Live]:
    budget, others = (written.by_project(column, wanted) for column in (BUDGET, BESIDE))

    def live(key: str) -> Live:
        whole = sum_of(budget.get(key, []), sheet)
        if not others:
            return whole
        other = sum_of(others.get(key, []), sheet)
        return Live(f"{whole.formula}-{other.formula[1:]}", whole.value - other.value)

    return live
