"""Reading the written files back: does every workbook say what the charges say, cell by cell."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from apportion.core.problem import Problem, Source
from apportion.core.text import name_key
from apportion.outcome.charges import ChargeRow
from apportion.outcome.outcome import Outcome
from apportion.outputs import data, readback, readback_summary
from apportion.workbook.letters import layout
from apportion.workbook.sheets.grid import Cell

INVOICES = "請求書"
SUMMARY = "負担金一覧.xlsx"

Key = tuple[str, str, str]
Charged = Mapping[Key, int]
"""Yen by (団体コード, 事業, 経費), names folded."""

T = TypeVar("T")


def charged(rows: Iterable[ChargeRow]) -> Charged:
    """Charges of a data/charges.csv."""
    return {(row.code, name_key(row.project), name_key(row.line)): row.yen for row in rows}


def computed(outcome: Outcome) -> Charged:
    """Charges of an outcome."""
    return {
        (c.member.code, name_key(c.line.project), name_key(c.line.name)): c.yen
        for c in outcome.charges
    }


def billed(folder: Path) -> Mapping[str, int]:
    """Yen that each invoice workbook asks for, by data/invoices.csv."""
    return data.read_billed((folder / "data" / "invoices.csv").read_bytes())


def compare(folder: Path, charges: Charged, bills: Mapping[str, int]) -> tuple[Problem, ...]:
    """Every amount in the workbooks of `folder` that is not what the data say."""
    return (
        *_invoices(folder, charges),
        *_bills(folder, bills),
        *_summary(folder, charges),
    )


def _invoices(folder: Path, charges: Charged) -> Iterator[Problem]:
    """The workbook of each member."""
    totals = _sums(charges, lambda key: key[0])
    for code, total in totals.items():
        own = {key[1:]: yen for key, yen in charges.items() if key[0] == code}
        for path in sorted((folder / INVOICES).glob(f"{code}_*.xlsx")):
            if not path.stem.endswith(layout.COLLECTED):
                name = path.relative_to(folder).as_posix()
                yield from _invoice(name, readback.read(path), own, total)


def _bills(folder: Path, bills: Mapping[str, int]) -> Iterator[Problem]:
    """The bills to payers of more than their own, and those of one 期."""
    for name, yen in bills.items():
        path = folder / INVOICES / name
        if (
            path.stem.endswith(layout.COLLECTED) or path.parent.name != INVOICES
        ) and path.is_file():
            amount = readback.amount(path)
            yield from differences(f"{INVOICES}/{name}", {"": amount}, {"": yen})


def _invoice(
    name: str, found: readback.Invoice, own: Mapping[tuple[str, str], int], total: int
) -> Iterator[Problem]:
    yield from differences(name, {"": found.amount}, {"": total})
    yield from differences(name, found.lines, own)
    yield from differences(name, found.told, own)
    yield from differences(name, found.basis, own)


def _summary(folder: Path, charges: Charged) -> Iterator[Problem]:
    found = readback_summary.read(folder / SUMMARY)
    rows = {(row.code, name_key(row.project), name_key(row.line)): row.yen for row in found.data}
    by_project = _sums(charges, lambda key: key[1])
    income = {project: yen for project, yen in by_project.items() if project in found.income}
    yield from differences(SUMMARY, found.members, _sums(charges, lambda key: key[:2]))
    yield from differences(SUMMARY, found.sums, _sums(charges, lambda key: key[0]))
    yield from differences(SUMMARY, found.totals, by_project)
    yield from differences(SUMMARY, found.lines, charges)
    yield from differences(SUMMARY, found.income, income)
    yield from differences(SUMMARY, rows, charges)


def _sums(charges: Charged, key: Callable[[Key], T]) -> dict[T, int]:
    sums: dict[T, int] = {}
    for found, yen in charges.items():
        sums[key(found)] = sums.get(key(found), 0) + yen
    return sums


def differences(file: str, cells: Mapping[T, Cell], expected: Mapping[T, int]) -> Iterator[Problem]:
    """Cells that hold another amount, and amounts that have no cell."""
    for key, yen in expected.items():
        cell = cells.get(key)
        if cell is None or cell.yen != yen:
            yield _different(file, cell, yen)


def _different(file: str, cell: Cell | None, yen: int) -> Problem:
    sheet, _, place = cell.place.partition("!") if cell else ("", "", "")
    written = "ありません" if cell is None or cell.yen is None else f"{cell.yen:,}円"
    return Problem(
        code="W601",
        source=Source(file=file, sheet=sheet, cell=place),
        what=f"金額がデータと違います（ファイル {written}、データ {yen:,}円）。",
        why="data/charges.csv の金額と、このセルの金額が一致しません。",
        fix="もう一度 apportion run を実行してください。",
    )
