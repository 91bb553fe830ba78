"""Workbooks to look at: 増減の理由 (`diff --xlsx`) and もしも (`what-if --xlsx`), each with a chart."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple

from apportion.core.sums import grouped, summed
from apportion.outcome.outcome import Outcome
from apportion.rules.book import STAMPS
from apportion.why.cases import CaseRow, WhatIf
from apportion.why.difference import Cause, Diff, LineChange
from apportion.why.switches import CauseKind
from apportion.why.words import Reasons, named
from apportion.workbook.sheets.live import Area, Live, Ref, known, less, total_of
from apportion.workbook.sheets.page import LOW_ROW, Page, add_page, heads
from apportion.workbook.sheets.sheet import new_book
from apportion.workbook.sheets.styles import Styles
from apportion.workbook.summary.past import (
    NOW,
    Series,
    bars,
    place,
    rows_of,
    unit,
    waterfall,
)

REASONS, LINES, CASES = "増減の理由", "経費ごとの理由", "もしも"
_CHART = 230.0
_NOTE = "前の額 ＋ 理由の計 ＝ 後の額。差は、すべて0円です。"
_ORDER = "理由は、変わったものを一つずつ置きかえるすべての順の平均です。順番によって変わりません。"
_ROUNDED = "団体ごとに円にそろえるため、全体では1円未満の端数の計が数円になることがあります。"


def of_diff(diff: Diff, changes: Sequence[LineChange], labels: tuple[str, str]) -> bytes:
    """Bytes of the workbook 増減の理由; the same difference gives the same bytes."""
    buffer, title = BytesIO(), title_of_diff(labels)
    book = new_book(buffer, title, diff.after.year)
    styles = Styles(book)
    stamps = diff.after.stamps
    pages = [add_page(book, styles, n, f"{title}　{n}", stamps) for n in (REASONS, LINES)]
    _members(pages[0], changes, labels)
    _lines(pages[1], diff, changes, labels)
    book.close()
    return buffer.getvalue()


def title_of_diff(labels: tuple[str, str]) -> str:
    """Title of the workbook, also among its properties."""
    return f"{labels[0]}から{labels[1]}へ　負担金の増減"


Kinds = tuple[CauseKind, ...]


def _kinds(changes: Sequence[LineChange]) -> list[Kinds]:
    """Causes that are not nothing somewhere, the largest over all bodies first."""
    sizes = summed((c.kinds, abs(c.yen)) for change in changes for c in change.causes)
    return sorted((k for k, size in sizes.items() if size), key=lambda k: (-sizes[k], named(k)))


class ReasonColumns(NamedTuple):
    """Columns of the table of bodies."""

    kinds: list[Kinds]

    @property
    def after(self) -> int:
        """Column of the amount after, behind those of the causes."""
        return 3 + len(self.kinds)


def _members(page: Page, changes: Sequence[LineChange], labels: tuple[str, str]) -> None:
    """A row for each body with its causes, their sums below, and the sums as a waterfall above."""
    columns = ReasonColumns(_kinds(changes))
    row = page.top(_NOTE, _ORDER, _ROUNDED)
    steps = len(columns.kinds) + 2
    table = row + rows_of(_CHART) + 1
    first = table + 1
    titles = [*(f"{named(kinds)}\n（円）" for kinds in columns.kinds)]
    ends = (f"{labels[1]}\n（円）", "差\n（円）")
    heads(page, table, ["団体\nコード", "団体名", f"{labels[0]}\n（円）", *titles, *ends])
    bodies = grouped((change.member.code, change) for change in changes)
    for at, own in enumerate(bodies.values(), start=first):
        _body(page, at, own, columns)
    end = first + len(bodies)
    page.merged(end, 0, 1, "合計", "grand_text")
    sums = [
        _below(page, (first, end), column, changes, columns)
        for column in range(2, columns.after + 1)
    ]
    page.difference(end, columns.after + 1, _gap(sums, page.name))
    page.freeze(first, 2)
    start = end + 3
    page.line(start - 1, "グラフのもとの数", "heading")
    _waterfall(page, (row, start), sums, (*labels, [named(k) for k in columns.kinds]))
    page.set_up((table, table), {0: 64.0, 1: 130.0}, row_height=LOW_ROW, rows=start + steps)


def _body(page: Page, row: int, own: Sequence[LineChange], columns: ReasonColumns) -> None:
    member = own[0].member
    page.text(row, 0, member.code, "code")
    page.text(row, 1, member.name)
    cells = [page.number(row, 2, sum(change.before for change in own))]
    yen = _by_kind(own)
    for column, kinds in enumerate(columns.kinds, start=3):
        cells.append(page.number(row, column, yen.get(kinds, 0), "signed"))
    cells.append(page.number(row, columns.after, sum(change.after for change in own)))
    page.difference(row, columns.after + 1, _gap(cells, page.name))


def _gap(cells: Sequence[Ref], sheet: str) -> Live:
    """後 less 前 less the causes."""
    return less(cells[-1], cells[:-1], sheet)


def _by_kind(own: Sequence[LineChange]) -> Mapping[Kinds, int]:
    return summed((cause.kinds, cause.yen) for change in own for cause in change.causes)


def _below(
    page: Page,
    rows: tuple[int, int],
    column: int,
    changes: Sequence[LineChange],
    columns: ReasonColumns,
) -> Ref:
    """Sum of a column in the row of 合計."""
    if column == 2:  # noqa: PLR2004  the amounts before
        value, look = int(sum(change.before for change in changes)), "grand_money"
    elif column == columns.after:
        value, look = int(sum(change.after for change in changes)), "grand_money"
    else:
        value, look = _by_kind(changes).get(columns.kinds[column - 3], 0), "grand_signed"
    area = page.area(rows[0], column, rows[1] - 1, column)
    return page.live(rows[1], column, total_of(area, value), look)


def _waterfall(
    page: Page, rows: tuple[int, int], sums: Sequence[Ref], names: tuple[str, str, list[str]]
) -> None:
    """The table under the chart: what each bar stands on, and how high it is."""
    chart_row, row = rows
    before, after, causes = names
    page.texts(row, ["", "項目", "土台（円）", "額・増（円）", "減（円）"], "head")
    reached: int = 0
    last = len(sums) - 1
    for place_, (cell, name) in enumerate(zip(sums, (before, *causes, after), strict=True)):
        at = row + 1 + place_
        whole = place_ in {0, last}
        low: int = 0 if whole else min(reached, reached + cell.value)
        page.blanks(at, [0])
        page.text(at, 1, name)
        page.number(at, 2, low)
        page.live(at, 3, known(max(cell.value, 0)))
        page.live(at, 4, known(max(-cell.value, 0)))
        reached = int(cell.value) if whole else reached + cell.value
    first, end = row + 1, row + len(sums)
    name, number_format = unit(max(abs(cell.value) for cell in sums) or 1)
    areas = [page.area(first, column, end, column) for column in (1, 2, 3, 4)]
    chart = waterfall(page, f"前の額から後の額まで（{name}）", areas, number_format)
    place(page, chart_row, chart, page.fitted({0: 64.0, 1: 130.0}), _CHART)


def _lines(page: Page, diff: Diff, changes: Sequence[LineChange], labels: tuple[str, str]) -> None:
    """A row for each cause of each body and 経費, with its facts in words."""
    head = page.top("金額の変わらない経費は、入れていません。")
    titles = (
        "団体\nコード",
        "団体名",
        "事業",
        "経費",
        labels[0],
        labels[1],
        "理由",
        "額（円）",
        "説明",
    )
    heads(page, head, titles)
    reasons = Reasons(diff)
    row = head + 1
    for change in changes:
        for cause in (cause for cause in change.causes if cause.yen):
            page.text(row, 0, change.member.code, "code")
            page.texts(row, (change.member.name, change.project, change.line), first=1)
            page.number(row, 4, change.before)
            page.number(row, 5, change.after)
            page.text(row, 6, named(cause.kinds))
            page.number(row, 7, cause.yen, "signed")
            page.text(row, 8, _told(reasons, change, cause), "remark")
            row += 1
    page.freeze(head + 1, 2)
    widths = {0: 64.0, 1: 90.0, 2: 120.0, 3: 120.0, 6: 90.0, 8: 330.0}
    page.set_up((head, head), widths, row_height=LOW_ROW)


def _told(reasons: Reasons, change: LineChange, cause: Cause) -> str:
    return "".join(reasons.of(change, cause))


# --- もしも ----------------------------------------------------------------------------------------


def of_cases(found: WhatIf, label: str, project: str = "") -> bytes:
    """Bytes of the workbook もしも: each case beside the year as it stands, body by body."""
    buffer, title = BytesIO(), title_of_cases(label)
    book = new_book(buffer, title, found.base.year)
    page = add_page(book, Styles(book), CASES, title, _stamps(found))
    _cases(page, {name: found.rows(name, project) for name in found.cases}, project)
    book.close()
    return buffer.getvalue()


def title_of_cases(label: str) -> str:
    """Title of the workbook, also among its properties."""
    return f"{label}　もしも"


def _stamps(found: WhatIf) -> tuple[str, ...]:
    """A case is decided by nobody."""
    sides: list[Outcome] = [found.base, *found.cases.values()]
    state = "例" if any(side.state == "例" for side in sides) else "案"
    return (*STAMPS[state], *found.base.book.lacks)


def _cases(page: Page, cases: Mapping[str, Sequence[CaseRow]], project: str) -> None:
    codes = sorted({own.member.code for rows in cases.values() for own in rows})
    known_ = {name: {own.member.code: own for own in rows} for name, rows in cases.items()}
    note = f"{project}の負担金です。" if project else "すべての事業の負担金です。"
    row = page.top(note, "年度のファイルは変えずに計算したものです。")
    table = row + (rows_of(_high(codes)) + 1) * len(cases)
    titles = [t for name in cases for t in (f"{name}\n（円）", "増減\n（円）", "率", "順位")]
    heads(page, table, ["団体\nコード", "団体名", "現行\n（円）", *titles])
    first = table + 1
    for at, code in enumerate(codes, start=first):
        _case_row(page, at, code, known_)
    end = first + len(codes)
    _case_sums(page, (first, end), known_)
    page.freeze(first, 3)
    widths = {0: 64.0, 1: 110.0}
    for number, name in enumerate(cases):
        column = 4 + 4 * number
        numbers = page.area(first, column, end - 1, column)
        labels = page.area(first, 1, end - 1, 1)
        at = row + (rows_of(_high(codes)) + 1) * number
        _chart(
            page, at, (name, labels, numbers), (list(known_[name].values()), widths, _high(codes))
        )
    starts = [row + (rows_of(_high(codes)) + 1) * number for number in range(1, len(cases))]
    page.set_up_pages((table, table), widths, [*starts, table], end + 1)


def _high(codes: Sequence[str]) -> float:
    return len(codes) * 11.5 + 50.0


def _case_row(page: Page, row: int, code: str, known_: Mapping[str, Mapping[str, CaseRow]]) -> None:
    some = next(own[code] for own in known_.values() if code in own)
    page.text(row, 0, code, "code")
    page.text(row, 1, some.member.name)
    before = page.number(row, 2, some.before)
    for number, own in enumerate(known_.values()):
        column = 3 + 4 * number
        found = own.get(code)
        yen = page.number(row, column, found.yen if found else 0)
        change = page.live(row, column + 1, less(yen, [before], page.name), "signed")
        page.ratio(row, column + 2, change, before, "percent", 3)
        page.number(row, column + 3, found.place if found else 0, "count")


def _case_sums(
    page: Page, rows: tuple[int, int], known_: Mapping[str, Mapping[str, CaseRow]]
) -> None:
    first, end = rows
    page.merged(end, 0, 1, "合計", "grand_text")
    everybody = {code: own for rows_ in known_.values() for code, own in rows_.items()}
    area = page.area(first, 2, end - 1, 2)
    before = page.live(
        end, 2, total_of(area, sum(own.before for own in everybody.values())), "grand_money"
    )
    for number, own in enumerate(known_.values()):
        column = 3 + 4 * number
        area = page.area(first, column, end - 1, column)
        value = sum(found.yen for found in own.values())
        yen = page.live(end, column, total_of(area, value), "grand_money")
        change = page.live(end, column + 1, less(yen, [before], page.name), "grand_signed")
        page.ratio(end, column + 2, change, before, "grand_percent", 3)
        page.blanks(end, [column + 3], "grand_text")


def _chart(
    page: Page,
    row: int,
    drawn: tuple[str, Area, Area],
    shown: tuple[Sequence[CaseRow], Mapping[int, float], float],
) -> None:
    """Bars of what each body pays more or less."""
    name, labels, numbers = drawn
    rows, widths, high = shown
    largest = max((abs(own.change) for own in rows), default=0)
    word, number_format = unit(largest)
    series = Series("増減", labels, numbers, NOW)
    chart = bars(page, f"{name}　現行からの増減（{word}）", series, number_format)
    place(page, row, chart, page.fitted(widths), high)
