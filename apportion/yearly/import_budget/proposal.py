"""What an import would write, and writing it: the former files are kept."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apportion.findings import Findings
from apportion.problem import InputError, Problem, Source, grave
from apportion.tables.files import Form, open_table
from apportion.tables.grid import Grid
from apportion.text import name_key
from apportion.year import FiscalYear
from apportion.yearly.import_budget import document, messages, names, reading, remarks
from apportion.yearly.import_budget.lines import Entry
from apportion.yearly.import_budget.present import (
    INCOME,
    SPENDING,
    Change,
    Merged,
    Shape,
    merged,
)
from apportion.yearly.import_budget.words import YEARS, Column
from apportion.yearly.replacing import Replacement, replace_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One budget file to be: `present` is the file that it follows, None where there is none."""

    shape: Shape
    path: Path
    present: Path | None
    merged: Merged
    total: int

    @property
    def changes(self) -> tuple[Change, ...]:
        """Lines that are new, go or change."""
        found = self.merged.changes
        return tuple(change for change in found if not change.now or change.differing)

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return self.present is None or bool(self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the document says of `year`; `problems` hold no error. Totals are in 円."""

    year: FiscalYear
    document: FiscalYear
    sheets: tuple[Sheet, ...]
    problems: tuple[Problem, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return any(sheet.differs for sheet in self.sheets)


def propose(root: Path, file: Path, year: FiscalYear) -> Proposal:
    """Read the document and compare it with the files of `year`; nothing is written.

    Raises `InputError` where a figure cannot be placed, does not add up, or a file cannot be read.
    """
    findings = Findings()
    lines = document.read(file, findings)
    found = reading.read(lines, year, file.name, findings) if lines else None
    called = names.read(root, year, findings)
    sheets: list[Sheet] = []
    if found:
        reading.judge(found, findings)
        remarks.compare(root, found, year, findings)
        for shape, entries in (
            (SPENDING, tuple(found.budget(called))),
            (INCOME, tuple(found.receipts(called))),
        ):
            sheets += _sheet(root, shape, _of_year(entries, found.year, year), year, findings)
        called.report_unused(findings)
    elif not grave(findings.problems):
        messages.nothing_found(findings, file.name, "事業計画")
    if found is None or grave(findings.problems):
        raise InputError(findings.problems)
    return Proposal(
        year=year, document=found.year, sheets=tuple(sheets), problems=findings.problems
    )


def write(proposal: Proposal) -> Path | None:
    """Write what differs; the folder in which the former files are kept, None where there were none.

    Raises `OutputError` where the disk or an open workbook forbids it; then all is as before.
    """
    return replace_files(
        [
            Replacement(path=sheet.path, former=sheet.present, data=_csv(sheet.merged))
            for sheet in proposal.sheets
            if sheet.differs
        ]
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Entries with the amounts, by column of the file, that the asked year takes from them."""

    entries: tuple[Entry, ...]
    amounts: tuple[Mapping[str, int | None], ...]


def _of_year(entries: Sequence[Entry], document: FiscalYear, year: FiscalYear) -> _Wanted:
    """The document's own year has both columns; the year before has the one of comparison."""
    if document == year:
        return _Wanted(
            tuple(entries),
            tuple({column.value: e.yen[column] for column in YEARS} for e in entries),
        )
    by = f"{document.label}の文書の比較欄（{year.label}）による"
    moved = tuple(
        Entry(
            category=e.category,
            project=e.project,
            path=e.path,
            name=e.name,
            yen=e.yen,
            remark=by,
            source=e.source,
        )
        for e in entries
    )
    return _Wanted(moved, tuple({Column.NOW.value: e.yen[Column.BEFORE]} for e in entries))


def _sheet(
    root: Path, shape: Shape, wanted: _Wanted, year: FiscalYear, findings: Findings
) -> list[Sheet]:
    _report(wanted, year, findings)
    form = Form(shape.title, f"rules/{{year}}/{shape.path}", ",".join(shape.texts), optional=True)
    table = open_table(root, form, year, findings)
    grid = table.grid if table else None
    if grid is not None and not _has_names(grid, shape):
        messages.unreadable_present(findings, Source(file=grid.file), grid.file)
        return []
    return [
        Sheet(
            shape=shape,
            path=root / "rules" / year.code / f"{shape.path}.csv",
            present=root / grid.file if grid else None,
            merged=merged(shape, grid, wanted.entries, wanted.amounts),
            total=sum(amounts[Column.NOW.value] or 0 for amounts in wanted.amounts),
        )
    ]


def _report(wanted: _Wanted, year: FiscalYear, findings: Findings) -> None:
    """Tell lines of one name, and lines without an amount."""
    seen: set[tuple[str, str]] = set()
    for entry, amounts in zip(wanted.entries, wanted.amounts, strict=True):
        if entry.key in seen:
            messages.twice(findings, entry.source, entry.project, entry.name)
        seen.add(entry.key)
        if amounts[Column.NOW.value] is None:
            messages.unknown_amount(findings, entry.source, entry.name, year)


def _has_names(grid: Grid, shape: Shape) -> bool:
    keys = {name_key(cell.text) for cell in grid.headings}
    return {"事業", shape.name} <= keys


def _csv(found: Merged) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(found.headings)
    writer.writerows(found.rows)
    return text.getvalue().encode("utf-8-sig")
