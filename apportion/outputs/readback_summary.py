"""Reading 負担金一覧.xlsx and 精算一覧.xlsx back: their amounts, each with the cell that holds it.

What was written is not remembered here: sheets, headings and rows are found by their words.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from apportion.core.text import name_key
from apportion.outputs.readback import PARTS
from apportion.workbook.sheets.grid import SheetTable, YenCell, cell, grids, table

MEMBERS, MATRIX, INCOME, DATA = "団体別事業別", "団体別経費別", "収入の部", "データ"
SETTLED = "団体別"
_CODE, _NAME, _KIND, _SUM, _TOTAL = "団体コード", "団体名", "区分", "合計", "総計"
_SHORT_CODE = "団体\nコード"
_LARGE, _MEDIUM, _COMPUTED, _CONTRIBUTION = "大項目", "中項目", "計算額（円）", "負担金収入"
_PROJECT, _LINE, _EXACT, _YEN = "事業", "経費", "正確額_円", "負担金額_円"


class DataRow(NamedTuple):
    """A row of データ."""

    code: str
    project: str
    line: str
    exact: str
    yen: YenCell


class ReadSummary(NamedTuple):
    """Amounts of the workbook; 事業 and labels are folded names.

    `members` by 団体コード and 事業 and `lines` by 団体コード, 事業 and 経費 (blank cells are left out),
    `sums` (合計) by 団体コード, `totals` (総計) by 事業, `income` (計算額) by the label of each row
    below 負担金収入.
    """

    members: Mapping[tuple[str, str], YenCell]
    sums: Mapping[str, YenCell]
    totals: Mapping[str, YenCell]
    lines: Mapping[tuple[str, str, str], YenCell]
    income: Mapping[str, YenCell]
    data: tuple[DataRow, ...]


def read(path: Path) -> ReadSummary:
    """Read the workbook. Raises `OutputError` where a sheet or a heading is missing."""
    found = grids(path, (MEMBERS, MATRIX, INCOME, DATA))
    members = table(found, MEMBERS, (_CODE, _KIND, _SUM), path)
    matrix = table(found, MATRIX, (_SHORT_CODE, _KIND, _SUM), path)
    income = table(found, INCOME, (_LARGE, _MEDIUM, _COMPUTED), path)
    data = table(found, DATA, (_CODE, _PROJECT, _LINE, _EXACT, _YEN), path)
    projects = members.headings[members.column(_KIND) + 1 : members.column(_SUM)]
    listed = [row for row in members.rows if members.text(row, _CODE).isdigit()]
    totals = [row for row in members.rows if members.text(row, _CODE) == _TOTAL]
    return ReadSummary(
        members={
            (members.text(row, _CODE), name_key(project)): members.cell(row, project)
            for row in listed
            for project in projects
            if members.text(row, project)
        },
        sums={members.text(row, _CODE): members.cell(row, _SUM) for row in listed},
        totals={name_key(p): members.cell(row, p) for row in totals for p in projects},
        lines=dict(_lines(matrix)),
        income=dict(_contributions(income)),
        data=tuple(_data(data)),
    )


def _lines(matrix: SheetTable) -> Iterator[tuple[tuple[str, str, str], YenCell]]:
    """Amounts below the names of 経費.

    The row above the names has each 事業 on its first column; its last column is 小計, and 合計
    closes the table.
    """
    above, first, end = matrix.grid[matrix.head - 1], matrix.column(_KIND) + 1, matrix.column(_SUM)
    starts = [column for column in range(first, end) if above[column] != ""]
    columns = [
        (column, name_key(str(above[start])), name_key(matrix.headings[column]))
        for start, stop in zip(starts, [*starts[1:], end], strict=True)
        for column in range(start, stop - 1)
    ]
    for row in matrix.rows:
        code = matrix.text(row, _SHORT_CODE)
        for column, project, line in columns if code.isdigit() else ():
            if matrix.grid[row][column] != "":
                yield (code, project, line), cell(MATRIX, matrix.grid, row, column)


def _contributions(part: SheetTable) -> Iterator[tuple[str, YenCell]]:
    large = ""
    for row in part.rows:
        large = part.text(row, _LARGE) or large
        label = part.text(row, _MEDIUM)
        if label and large == _CONTRIBUTION:
            yield name_key(label), part.cell(row, _COMPUTED)


def _data(part: SheetTable) -> Iterator[DataRow]:
    for row in part.rows:
        yield DataRow(
            code=part.text(row, _CODE),
            project=part.text(row, _PROJECT),
            line=part.text(row, _LINE),
            exact=part.text(row, _EXACT),
            yen=part.cell(row, _YEN),
        )


class SettledSummary(NamedTuple):
    """Amounts of 精算一覧, each by its part (請求済額 …) as well.

    `rows` (データ) by 団体コード and folded 事業 and 経費, `sums` (合計 on 団体別) by 団体コード.
    """

    rows: Mapping[tuple[str, str, str, str], YenCell]
    sums: Mapping[tuple[str, str], YenCell]


def read_settled(path: Path) -> SettledSummary:
    """Read the workbook. Raises `OutputError` where a sheet or a heading is missing."""
    found = grids(path, (SETTLED, DATA))
    columns = {part: f"{part}_円" for part in PARTS}
    data = table(found, DATA, (_CODE, _PROJECT, _LINE, *columns.values()), path)
    keys = {
        row: (data.text(row, _CODE), *(name_key(data.text(row, x)) for x in (_PROJECT, _LINE)))
        for row in data.rows
    }
    return SettledSummary(
        rows={
            (code, project, line, part): data.cell(row, column)
            for row, (code, project, line) in keys.items()
            for part, column in columns.items()
        },
        sums=dict(_settled_sums(table(found, SETTLED, (_CODE, _NAME, *PARTS), path))),
    )


def _settled_sums(members: SheetTable) -> Iterator[tuple[tuple[str, str], YenCell]]:
    """合計 of every member: the last three columns."""
    headings = members.headings
    last = {part: len(headings) - 1 - headings[::-1].index(part) for part in PARTS}
    for row in members.rows:
        code = str(members.grid[row][0])
        for part, column in last.items() if code.isdigit() else ():
            yield (code, part), cell(SETTLED, members.grid, row, column)
