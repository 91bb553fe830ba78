"""Reading a written settlement back: do all workbooks say what data/settlement.csv says."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from apportion.core.problem import OutputError, Problem
from apportion.core.text import name_key
from apportion.outcome.charges import unquoted
from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import OTHER, REFUND, SETTLEMENT, DataRow, settlement_rows
from apportion.outputs import readback
from apportion.outputs.data import COLLECTED, DATA, LETTERS, SUMMARY
from apportion.outputs.data_settled import settled_of
from apportion.outputs.proof import differences
from apportion.workbook.sheets.grid import Cell, Grids, Table, cell, grids, table

DETAIL, MEMBERS, ROWS, PARTS = "精算明細", "団体別", "データ", "内訳"
_HEADS = ("請求済額\n（円）", "精算額\n（円）", "差額\n（円）")
_SHORT = ("請求済額", "精算額", "差額")
_AMOUNTS = ("請求済額_円", "精算額_円", "差額_円")
_ABSENT = "－ 不参加"


class Row(NamedTuple):
    """A row of data/settlement.csv; 事業 and 経費 as written."""

    code: str
    project: str
    line: str
    amounts: tuple[int, int, int]
    way: str

    @property
    def key(self) -> tuple[str, str]:
        """Folded (事業, 経費)."""
        return name_key(self.project), name_key(self.line)


def computed(outcome: Outcome) -> tuple[Row, ...]:
    """Rows of an outcome."""
    return tuple(map(_row, settlement_rows(outcome.year.code, settled_of(outcome))))


def _row(cells: DataRow) -> Row:
    _, code, _, project, line, billed, settled, difference, way = cells
    amounts = (int(billed), int(settled), int(difference))
    return Row(str(code), str(project), str(line), amounts, str(way))


def written(folder: Path) -> tuple[Row, ...]:
    """Rows of data/settlement.csv; `OutputError` where it is not what `settle` writes."""
    try:
        text = (folder / DATA).read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        if tuple(rows[0]) != SETTLEMENT:
            raise ValueError(rows[0])  # noqa: TRY301  told below, as every other fault of the file
        return tuple(_row(tuple(map(unquoted, row))) for row in rows[1:])
    except (OSError, ValueError, IndexError, csv.Error) as error:
        message = (
            f"{folder / DATA} を読めません。\n"
            "  直し方: もう一度 apportion settle を実行してください。"
        )
        raise OutputError(message) from error


def compare(folder: Path, rows: Iterable[Row]) -> tuple[Problem, ...]:
    """Every amount in the workbooks of `folder` that is not what the rows say."""
    by_code: dict[str, list[Row]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    return (
        *(problem for code, own in by_code.items() for problem in _letter(folder, code, own)),
        *_collected(folder, by_code),
        *_summary(folder, by_code),
    )


def _letter(folder: Path, code: str, own: list[Row]) -> Iterator[Problem]:
    for path in sorted((folder / LETTERS).glob(f"{code}_*.xlsx")):
        if path.stem.endswith(COLLECTED):
            continue
        name = path.relative_to(folder).as_posix()
        found = readback.read(path)
        yield from differences(name, {"": found.amount}, {"": _due(own)})
        detail = table(grids(path, (DETAIL,)), DETAIL, ("事業", "経費", *_HEADS), path)
        cells = dict(_detail(detail))
        yield from differences(name, cells, _amounts(own))
        charged = {row.key: row.amounts[1] for row in own if row.line != OTHER}
        shared = {key: yen for key, yen in charged.items() if key in found.lines}
        yield from differences(name, found.lines, shared)
        yield from differences(name, found.basis, shared)


def _due(own: Iterable[Row]) -> int:
    return sum(row.amounts[2] for row in own if row.way == REFUND)


def _amounts(own: Iterable[Row]) -> dict[tuple[str, ...], int]:
    pairs = (
        ((*row.key, part), yen)
        for row in own
        for part, yen in zip(_SHORT, row.amounts, strict=True)
    )
    return dict(pairs)


def _detail(detail: Table) -> Iterator[tuple[tuple[str, ...], Cell]]:
    for row in detail.rows:
        project, line = detail.text(row, "事業"), detail.text(row, "経費")
        if line and detail.text(row, _HEADS[1]) != _ABSENT:
            for head, part in zip(_HEADS, _SHORT, strict=True):
                yield (name_key(project), name_key(line), part), detail.cell(row, head)


def _collected(folder: Path, by_code: Mapping[str, list[Row]]) -> Iterator[Problem]:
    """Letters to a 代表: every row of their 内訳."""
    for path in sorted((folder / LETTERS).glob(f"*{COLLECTED}.xlsx")):
        found = table(grids(path, (PARTS,)), PARTS, ("団体コード", "事業", *_HEADS), path)
        name = path.relative_to(folder).as_posix()
        for row in found.rows:
            code, project = found.text(row, "団体コード"), name_key(found.text(row, "事業"))
            own = [r for r in by_code.get(code, ()) if r.key[0] == project]
            if own:
                cells = {head: found.cell(row, head) for head in _HEADS}
                sums = (sum(r.amounts[place] for r in own) for place in range(len(_HEADS)))
                yield from differences(name, cells, dict(zip(_HEADS, sums, strict=True)))


def _summary(folder: Path, by_code: Mapping[str, list[Row]]) -> Iterator[Problem]:
    path = folder / SUMMARY
    found = grids(path, (MEMBERS, ROWS))
    rows = [row for own in by_code.values() for row in own]
    yield from differences(SUMMARY, dict(_data(found, path)), _by_member(rows))
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        for part, yen in zip(_SHORT, row.amounts, strict=True):
            sums[row.code, part] = sums.get((row.code, part), 0) + yen
    yield from differences(SUMMARY, dict(_members(found, path)), sums)


def _by_member(rows: Iterable[Row]) -> dict[tuple[str, ...], int]:
    return {
        (row.code, *row.key, part): yen
        for row in rows
        for part, yen in zip(_AMOUNTS, row.amounts, strict=True)
    }


def _data(found: Grids, path: Path) -> Iterator[tuple[tuple[str, ...], Cell]]:
    data = table(found, ROWS, SETTLEMENT, path)
    for row in data.rows:
        keys = (name_key(data.text(row, "事業")), name_key(data.text(row, "経費")))
        for part in _AMOUNTS:
            yield (data.text(row, "団体コード"), *keys, part), data.cell(row, part)


def _members(found: Grids, path: Path) -> Iterator[tuple[tuple[str, str], Cell]]:
    """合計 of every member: the last three columns."""
    members = table(found, MEMBERS, ("団体コード", "団体名", *_SHORT), path)
    headings = members.headings
    last = [len(headings) - 1 - headings[::-1].index(part) for part in _SHORT]
    for row in members.rows:
        code = str(members.grid[row][0])
        if code.isdigit():
            for part, column in zip(_SHORT, last, strict=True):
                yield (code, part), cell(MEMBERS, members.grid, row, column)
