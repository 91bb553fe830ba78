"""Sheet 団体別: 請求済額, 精算額 and 差額 of every member and 事業, with live totals both ways."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from apportion.core.model import Member
from apportion.core.text import name_key
from apportion.outcome.settled import SettledRow, billed_of, settled_of
from apportion.workbook.sheets.large import set_up_wide
from apportion.workbook.sheets.live import Live, Ref, less, sum_of, total_of
from apportion.workbook.sheets.page import Page, heads
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

CODE, MEMBER, FIRST = range(3)
HEADS = ("請求済額", "精算額", "差額")
TOTAL = "総計"
_NOTES = (
    "単位：円。差額 ＝ 精算額 − 請求済額。△は、請求した額が多かったことを示します。",
    "精算額は、決算額を負担金と同じ規則で分けた額（その他の収支を含む）です。",
)
BILLED, SETTLED, DIFFERENCE = range(3)


class Triple(NamedTuple):
    """Cells of 請求済額, 精算額 and 差額."""

    billed: Ref
    settled: Ref
    difference: Ref


def write(page: Page, summary: Summary) -> Mapping[str, Triple]:
    """Members in code order; gives 総計 of each 事業 by its folded name."""
    settled = summary.outcome.settlement
    projects = {name_key(row.project): row.project for row in settled.rows}
    head = page.top(*_NOTES, at=FIRST)
    _heads(page, head, list(projects.values()))
    first = head + 2
    for row, rows in enumerate(settled.by_member.values(), start=first):
        _row(page, row, rows[0].member, [_own(rows, key) for key in projects])
    groups = [[*_own(settled.rows, key)] for key in projects] + [list(settled.rows)]
    totals = _totals(page, first, first + len(settled.by_member), groups)
    page.freeze(first, FIRST)
    firsts = range(FIRST, FIRST + len(HEADS) * (len(projects) + 1), len(HEADS))
    blocks = [(column, column + len(HEADS) - 1) for column in firsts]
    # The first page has its title already.
    for start in set_up_wide(page, (head, head + 1), {}, FIRST, blocks)[1:]:
        page.top(*_NOTES, at=start)
    return dict(zip(projects, totals, strict=False))


def _heads(page: Page, head: int, projects: Sequence[str]) -> None:
    page.texts(head, ["", ""], "head")
    for place, name in enumerate((*projects, "合計")):
        column = FIRST + place * len(HEADS)
        page.merged(head, column, column + len(HEADS) - 1, name, "head")
    heads(page, head + 1, ["団体コード", "団体名", *HEADS * (len(projects) + 1)])


def _own(rows: Sequence[SettledRow], key: str) -> list[SettledRow]:
    return [row for row in rows if name_key(row.project) == key]


def _row(page: Page, row: int, member: Member, own: Sequence[Sequence[SettledRow]]) -> None:
    page.text(row, CODE, member.code, "code")
    page.text(row, MEMBER, member.name)
    cells: list[Triple] = []
    for place, rows in enumerate(own):
        column = FIRST + place * len(HEADS)
        if not rows:
            page.blanks(row, range(column, column + len(HEADS)))
            continue
        billed = page.number(row, column, billed_of(rows))
        settled = page.number(row, column + SETTLED, settled_of(rows))
        cells.append(Triple(billed, settled, _difference(page, billed, settled, "signed")))
    end = FIRST + len(own) * len(HEADS)
    sums = [sum_of([triple[part] for triple in cells], page.name) for part in (BILLED, SETTLED)]
    _sums(page, row, end, sums, "total_money")


def _sums(page: Page, row: int, column: int, sums: Sequence[Live], style: str) -> Triple:
    billed, settled = (page.live(row, column + at, live, style) for at, live in enumerate(sums))
    return Triple(billed, settled, _difference(page, billed, settled, style))


def _difference(page: Page, billed: Ref, settled: Ref, style: str) -> Ref:
    return page.live(settled.row, settled.column + 1, less(settled, [billed], page.name), style)


def _totals(
    page: Page, first: int, end: int, groups: Sequence[Sequence[SettledRow]]
) -> list[Triple]:
    """Row `end` with 総計 below each block of columns; `groups` are the rows of each."""
    page.merged(end, CODE, MEMBER, TOTAL, "grand_text")
    found = []
    for place, rows in enumerate(groups):
        column = FIRST + place * len(HEADS)
        areas = [page.area(first, column + at, end - 1, column + at) for at in (BILLED, SETTLED)]
        amounts = (billed_of(rows), settled_of(rows))
        sums = [total_of(area, yen) for area, yen in zip(areas, amounts, strict=True)]
        found.append(_sums(page, end, column, sums, "grand_money"))
    return found


MEMBERS = SheetOfSummary(name="団体別", title="負担金の精算 団体別事業別", write=write)
