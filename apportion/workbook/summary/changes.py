"""Sheet 変更比較: the charges after a 補正 against those before, and against what 収入の部 changed."""

from collections.abc import Iterator

from apportion.outcome.outcome import Outcome, Revision
from apportion.outcome.reconcile import contributions
from apportion.tables.revision import changed_by
from apportion.workbook.sheets.live import Area, Ref, known, less, link
from apportion.workbook.sheets.page import Page
from apportion.workbook.summary.compare import CHANGE, CODE, LABEL, RATE, ComparedRow, CompareTables
from apportion.workbook.summary.members import MEMBERS, MembersSheet, projects
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

NAME = "変更比較"
_WIDTHS = {CODE: 64.0, LABEL: 190.0}


def write(page: Page, summary: Summary) -> tuple[Area, ...]:
    """Write the sheet; the cell of 差 to 収入の部 (none where 単価差 stands between them)."""
    outcome, revision, members = summary.outcome, summary.outcome.revision, summary.of(MEMBERS)
    assert revision is not None
    page.widths.update(_WIDTHS)
    issue = revision.former.issue
    from_issue = f"変更前の額は、確定した請求（{issue}）の額です。"
    computed = "変更前の額は、この補正の前の予算で計算した額です。"
    row = page.top(from_issue if issue else computed)
    tables = CompareTables(page, "変更後", "変更前")
    by_project = list(_projects(outcome, revision, members))
    cells = tables.table(row + 1, "1　事業別の変更", by_project, "事業")
    after = row + 3 + len(by_project)
    areas = _close(page, after + 1, outcome, revision, cells[""][CHANGE])
    start = after + 4
    entries = list(_members(outcome, revision, members))
    tables.table(start, "2　団体別の変更", entries, "団体名")
    page.set_up_pages((start + 1, start + 1), _WIDTHS, (start,), start + 2 + len(entries))
    return areas


def _projects(outcome: Outcome, revision: Revision, members: MembersSheet) -> Iterator[ComparedRow]:
    for project in projects(outcome):
        old = sum(own.get(project.key, 0) for own in revision.former.charges.values())
        yield ComparedRow("", project.name, link(members.totals[project.key], NAME), old)


def _members(outcome: Outcome, revision: Revision, members: MembersSheet) -> Iterator[ComparedRow]:
    """Who pays now or did before, in code order."""
    cells, before = members.sum_of_each(outcome), revision.former.charges
    for code in sorted({*cells, *before}):
        live = link(cells[code], NAME) if code in cells else known(0)
        old = sum(before.get(code, {}).values())
        yield ComparedRow(code, outcome.tables.by_code[code].name, live, old)


def _close(
    page: Page, row: int, outcome: Outcome, revision: Revision, change: Ref
) -> tuple[Area, ...]:
    """Σ 増減 = Σ 補正 of 負担金収入."""
    if any(result.price_gap for result in outcome.results):
        page.line(
            row, "単価で決まる経費があるため、増減の合計と収入の部の補正額は同じになりません。"
        )
        return ()
    yen = sum(changed_by(line, revision.edition) for line in contributions(outcome.tables))
    page.merged(
        row, CODE, CHANGE - 1, f"収入の部（負担金収入）の{revision.edition.column}の額", "text"
    )
    revised = page.number(row, CHANGE, yen, "signed")
    page.blanks(row, [RATE])
    page.merged(row + 1, CODE, CHANGE - 1, "差（増減の合計との差）", "text")
    page.difference(row + 1, CHANGE, less(change, [revised], page.name))
    page.blanks(row + 1, [RATE])
    return (page.area(row + 1, CHANGE, row + 1, CHANGE),)


CHANGES = SheetOfSummary(
    name=NAME,
    title="補正による変更",
    text="事業別、団体別の、補正の前とあとの額。増減の合計と収入の部の補正額の差。",
    write=write,
    areas=lambda differences: differences,
    shown=lambda outcome: outcome.revision is not None,
)
