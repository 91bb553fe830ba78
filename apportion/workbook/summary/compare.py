"""Sheet 前年度比較: this year against last, by 事業 and by member, with the largest changes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.outcome.outcome import Outcome
from apportion.workbook.sheets.live import Live, Ref, known, less, link, total_of
from apportion.workbook.sheets.page import SMALLEST, Page, fitting
from apportion.workbook.summary.members import MEMBERS, MembersSheet, projects
from apportion.workbook.summary.past import (
    BEFORE,
    CHARGED,
    LESS,
    NO_TABLE,
    NOW,
    Past,
    Series,
    bars,
    by_member,
    by_project,
    columns,
    place,
    rows_of,
    unit,
)
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

NAME = "前年度比較"
CODE, LABEL, THIS, LAST, CHANGE, RATE = range(6)
_WIDTHS = {CODE: 64.0, LABEL: 190.0}
_MOST = 10
UNKNOWN = "－"
"""Instead of an amount of last year that nobody knows, and of what follows from it."""
_HIGH, _LOW = 220.0, 170.0
"""Heights of charts in points."""


class ComparedRow(NamedTuple):
    """A row to compare: code (empty for a 事業), label, this year (live), last year (None: not known)."""

    code: str
    label: str
    this: Live
    last: int | None

    @property
    def change(self) -> int:
        """増減 in yen; 0 where last year is not known."""
        return 0 if self.last is None else self.this.value - self.last


Cells = Mapping[int, Ref]
"""Cells of a row by column."""


def write(page: Page, summary: Summary) -> None:
    """Write the sheet; without anything of last year only one line that says so."""
    outcome, members = summary.outcome, summary.of(MEMBERS)
    past = by_project(outcome)
    page.widths.update(_WIDTHS)
    row = page.top(past.source)
    if not past.yen:
        page.set_up((0, 0), portrait=True)
        return
    last = f"{(outcome.year + -1).label}{past.what}"
    tables = CompareTables(page, f"{outcome.year.label}{CHARGED}", last)
    after = tables.projects(row + 1, _projects(outcome, members, past))
    if not outcome.past:
        page.line(after, f"団体別: {NO_TABLE}")
        page.set_up_pages((row + 2, row + 2), _WIDTHS, (), after)
        return
    entries = list(_members(outcome, members))
    most = [_most(entries, more=True), _most(entries, more=False)]
    start = after + sum(map(_rows, most))
    written = tables.table(start, "4　団体別の比較", entries, "団体名")
    for number, (found, more) in enumerate(zip(most, (True, False), strict=True)):
        at = after + number * _rows(most[0])
        tables.largest(at, [(written[entry.code], entry) for entry in found], more=more)
    end = start + 2 + len(entries)
    breaks = _breaks(after, after + _rows(most[0]), start)
    page.set_up_pages((start + 1, start + 1), _WIDTHS, breaks, end)


def _breaks(more: int, less_: int, members: int) -> tuple[int, ...]:
    """Rows where new pages begin: as much as fits stands on the first one."""
    if fitting(members) >= SMALLEST:
        return (members,)
    return (less_ if fitting(less_) >= SMALLEST else more, members)


def _projects(outcome: Outcome, members: MembersSheet, past: Past) -> Iterator[ComparedRow]:
    """事業 of this year in their order, then those that only last year had."""
    now = {project.key: project.name for project in projects(outcome)}
    for key, name in now.items():
        yield ComparedRow("", name, link(members.totals[key], NAME), past.yen.get(key))
    for key, yen in past.yen.items():
        if key not in now:
            yield ComparedRow("", f"{key}（前年度のみ）", known(0), yen)


def _members(outcome: Outcome, members: MembersSheet) -> Iterator[ComparedRow]:
    """Who pays now or paid last year, in code order."""
    before = by_member(outcome)
    cells = members.sum_of_each(outcome)
    for code in sorted({*cells, *before}):
        live = link(cells[code], NAME) if code in cells else known(0)
        yield ComparedRow(code, outcome.tables.by_code[code].name, live, before.get(code))


def _most(entries: Sequence[ComparedRow], *, more: bool) -> list[ComparedRow]:
    """Whose amount grew (or fell) most, the largest change first."""
    sign = 1 if more else -1
    found = [entry for entry in entries if entry.change * sign > 0]
    return sorted(found, key=lambda entry: (-sign * entry.change, entry.code))[:_MOST]


def _rows(found: Sequence[ComparedRow]) -> int:
    """Rows that a table of the largest changes takes with its chart."""
    return len(found) + 3 + rows_of(_LOW) if found else 3


@dataclass(frozen=True, slots=True)
class CompareTables:
    """Tables with the same columns; `this` and `last` are the labels of what is compared."""

    page: Page
    this: str
    last: str

    def projects(self, row: int, entries: Iterator[ComparedRow]) -> int:
        """Table and chart of the 事業; the next free row."""
        cells = self.table(row, "1　事業別の比較", list(entries), "事業")
        end = row + 2 + len(cells) - 1
        labels = self.page.area(row + 2, CODE, end - 1, CODE)
        series = [
            Series(name, labels, labels._replace(column=column, last_column=column), colour)
            for name, column, colour in ((self.last, LAST, BEFORE), (self.this, THIS, NOW))
        ]
        # The row of 合計, by an empty text, is no bar.
        largest = max(c[x].value for k, c in cells.items() if k for x in (THIS, LAST) if x in c)
        name, number_format = unit(largest)
        chart = columns(self.page, f"事業別の負担金（{name}）", series, number_format)
        place(self.page, end + 2, chart, self._widths(), _HIGH)
        return end + 2 + rows_of(_HIGH)

    def table(
        self, row: int, title: str, entries: Sequence[ComparedRow], label: str
    ) -> dict[str, Cells]:
        """Rows with 合計 below; their cells by code or label, those of 合計 by an empty text."""
        page = self.page
        self._head(row, title, label)
        cells: dict[str, Cells] = {}
        for at, entry in enumerate(entries, start=row + 2):
            self._label(at, entry)
            this = page.live(at, THIS, entry.this)
            last = None if entry.last is None else page.number(at, LAST, entry.last)
            cells[entry.code or entry.label] = self._changed(at, this, last, "")
        end = row + 2 + len(entries)
        page.merged(end, CODE, LABEL, "合計", "grand_text")
        rows = (row + 2, end - 1)
        this = page.live(end, THIS, self._sum(rows, THIS, cells), "grand_money")
        # With a row that nobody knows, a sum would call all of it an increase.
        known = all(LAST in own for own in cells.values())
        last = page.live(end, LAST, self._sum(rows, LAST, cells), "grand_money") if known else None
        return cells | {"": self._changed(end, this, last, "grand_")}

    def largest(self, row: int, found: Sequence[tuple[Cells, ComparedRow]], *, more: bool) -> None:
        """Table and chart of the largest changes; `found` are their rows in the table of members."""
        page = self.page
        word = "増えた" if more else "減った"
        title = f"{2 if more else 3}　{word}額の大きい団体" + (
            f"（{len(found)}団体）" if found else ""
        )
        if not found:
            page.line(row, title, "heading")
            page.line(row + 1, f"前年度より{word}団体はありません。")
            return
        self._head(row, title, "団体名")
        for at, (cells, entry) in enumerate(found, start=row + 2):
            self._label(at, entry)
            this, last = (page.live(at, c, link(cells[c], page.name)) for c in (THIS, LAST))
            self._changed(at, this, last, "")
        area = page.area(row + 2, LABEL, row + 1 + len(found), LABEL)
        numbers = area._replace(column=CHANGE, last_column=CHANGE)
        name, number_format = unit(abs(found[0][1].change))
        series = Series("増減", area, numbers, NOW if more else LESS)
        heading = f"前年度から{word}額（{name}）"
        chart = bars(page, heading, series, number_format)
        place(page, row + 2 + len(found), chart, self._widths(), _LOW)

    def _head(self, row: int, title: str, label: str) -> None:
        self.page.line(row, title, "heading")
        if label == "事業":
            self.page.merged(row + 1, CODE, LABEL, label, "head")
        else:
            self.page.texts(row + 1, ("団体\nコード", label), "head")
        titles = [f"{self.this}\n（円）", f"{self.last}\n（円）", "増減（円）", "増減率"]
        self.page.texts(row + 1, titles, "head", first=THIS)

    def _label(self, row: int, entry: ComparedRow) -> None:
        if entry.code:
            self.page.text(row, CODE, entry.code, "code")
            self.page.text(row, LABEL, entry.label)
        else:
            self.page.merged(row, CODE, LABEL, entry.label, "text")

    def _changed(self, row: int, this: Ref, last: Ref | None, look: str) -> Cells:
        page = self.page
        if last is None:
            page.texts(row, [UNKNOWN] * 3, f"{look}right", first=LAST)
            return {THIS: this}
        change = page.live(row, CHANGE, less(this, [last], page.name), f"{look}signed")
        page.ratio(row, RATE, change, last, f"{look}percent", 3)
        return {THIS: this, LAST: last, CHANGE: change}

    def _sum(self, rows: tuple[int, int], column: int, cells: Mapping[str, Cells]) -> Live:
        area = self.page.area(rows[0], column, rows[1], column)
        return total_of(area, sum(own[column].value for own in cells.values()))

    def _widths(self) -> list[float]:
        return self.page.fitted(_WIDTHS)


COMPARE = SheetOfSummary(
    name=NAME,
    title="前年度比較",
    text="事業別、団体別の前年度との比較と、増減の大きい団体。",
    write=write,
)
