"""The row of headings of a table: which column is this year's, last year's, the remark."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from apportion.findings import Findings
from apportion.problem import Source
from apportion.year import FiscalYear
from apportion.yearly.import_budget import messages
from apportion.yearly.import_budget.document import Cell, Line
from apportion.yearly.import_budget.words import Column, figure, squeezed, year_in

_UNIT = re.compile(r"\((百万円|千円|万円|億円|円)\)$")
_YEAR = re.compile(r"(?:令和|平成|昭和)(?:[0-9]{1,2}|元)年度?")
_BARE = re.compile(r"(?:当初|本年度|今年度|当年度)*(?:予算額?|金額)(?:\(?[A-Z]\)?)?")
_LAST = re.compile(r"(?:前年度)(?:当初)?(?:予算額?|金額)?(?:\(?[A-Z]\)?)?")
_AFTER_YEAR = re.compile(r"(?:当初)?(?:予算額?|金額)?(?:\(?[A-Z]\)?)?")
_REFERENCE = re.compile(r"\(?参考\)?")


class Role(Enum):
    """What a column holds."""

    NAME = "name"
    AMOUNT = "amount"
    REMARK = "remark"


_REMARKS = {"備考", "説明", "摘要", "積算内訳", "主な内容", "内容"}
_DIFFERENCES = {"比較", "増減", "増減額", "比較増減", "比較増△減", "差引"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Columns of a table by place; `unit` where a heading gives one."""

    roles: tuple[Role, ...]
    columns: Mapping[int, Column]
    unit: str | None = None

    def places(self, role: Role) -> Iterator[int]:
        """Places of a role."""
        return (place for place, found in enumerate(self.roles) if found is role)


def heads(line: Line, year: FiscalYear, findings: Findings) -> Heads | None:
    """Headings in `line`, or None where it is no row of headings with this year's amounts."""
    if not line.is_row or any(_is_amount(cell) for cell in line.cells):
        return None
    found = [_column(cell.text, year) for cell in line.cells]
    if not any(column is Column.NOW or other for column, other in found):
        return None
    for cell, (_, other) in zip(line.cells, found, strict=True):
        if other is not None:
            messages.other_year(findings, line.at(cell), other, year)
    columns: dict[int, Column] = {}
    for place, (column, _) in enumerate(found):
        if column in columns.values():
            messages.same_year(findings, line.at(line.cells[place]))
        elif column:
            columns[place] = column
    units = [match[1] for cell in line.cells if (match := _UNIT.search(squeezed(cell.text)))]
    return Heads(
        roles=tuple(_roles(line, columns)), columns=columns, unit=units[0] if units else None
    )


def _roles(line: Line, columns: Mapping[int, Column]) -> Iterator[Role]:
    """What stands left of the amounts is a name, what has no amounts right of that a remark."""
    first = min(columns, default=0)
    for place, cell in enumerate(line.cells):
        if place in columns:
            yield Role.AMOUNT
        elif squeezed(cell.text) in _REMARKS or place > first:
            yield Role.REMARK
        else:
            yield Role.NAME


def _is_amount(cell: Cell) -> bool:
    return figure(cell.text, "円", Source()) is not None


def _column(text: str, year: FiscalYear) -> tuple[Column | None, FiscalYear | None]:
    """Column that a heading names, or the year that it wrongly names."""
    words = _UNIT.sub("", squeezed(text))
    bare = _REFERENCE.sub("", words)
    named = year_in(bare)
    if words in _DIFFERENCES:
        return Column.DIFFERENCE, None
    if named is None:
        if _LAST.fullmatch(bare):
            return Column.BEFORE, None
        return (Column.NOW, None) if _BARE.fullmatch(words) else (None, None)
    if not _AFTER_YEAR.fullmatch(_YEAR.sub("", bare, count=1)):
        return None, None
    if named == year:
        return Column.NOW, None
    return (Column.BEFORE, None) if named + 1 == year else (None, named)
