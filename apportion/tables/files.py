"""The files of a workspace that hold tables: finding them, and opening each as a table."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from apportion.core.problem import (
    Fault,
    Findings,
    InputError,
    OutputError,
    Source,
    fault,
    tell,
)
from apportion.core.text import UNDECIDED, fold, mark_in, near, unmarked
from apportion.core.year import FiscalYear
from apportion.tables import csv_reader
from apportion.tables.grid import Cell, Grid
from apportion.tables.table import Table

_SHOWN = 30
"""Signs of a cell that a message shows."""


def cleaned(grid: Grid, findings: Findings) -> Grid:
    """The grid without control signs and 【要確認】; every cell that held one is a problem."""
    cells = [cell for row in (grid.headings, *grid.rows) for cell in row]
    signs = [cell for cell in cells if cell.forbidden]
    marked = [cell for cell in cells if mark_in(cell.text)]
    if not signs and not marked:
        return grid
    clean = grid._replace(
        headings=tuple(map(_clean, grid.headings)),
        rows=tuple(tuple(map(_clean, row)) for row in grid.rows),
    )
    for cell in signs:
        findings.add(tell("W127", clean.source(cell), cleaned=cell.cleaned.text, place=cell.place))
    for cell in marked:
        findings.add(_undecided(cell).at(clean.source(cell)))
    return clean


def _clean(cell: Cell) -> Cell:
    cell = cell.cleaned if cell.forbidden else cell
    return cell._replace(text=unmarked(cell.text))


def _undecided(cell: Cell) -> Fault:
    rest = unmarked(cell.text)
    shown = rest if len(rest) <= _SHOWN else f"{rest[:_SHOWN]}…"
    return fault(
        "W830.words" if rest else "W830.cell",
        shown=shown,
        undecided=UNDECIDED,
        place=cell.place,
    )


def _read_xlsx(file: str, data: bytes, findings: Findings) -> Grid | None:
    from apportion.tables import xlsx_reader  # noqa: PLC0415  most workspaces have CSV only

    return xlsx_reader.read(file, data, findings)


_READERS = {".csv": csv_reader.read, ".xlsx": _read_xlsx}
_NAMES = (
    "budget",
    "income",
    "names",
    "roster",
    "figures",
    "previous",
    "rotation",
    "reserve",
    "acts",
)
"""Tables of a year: none of them is another one under a mistyped name."""

_COPY = re.compile(r"~\$.*|.*コピー.*|.*\([0-9]+\).*")


class TableForm(NamedTuple):
    """What a table is called, where it lies and what its first row holds.

    `path` is below the workspace, without suffix, `{year}` standing for r7.
    """

    title: str
    path: str
    headings: str
    optional: bool = False


def open_table(root: Path, form: TableForm, year: FiscalYear, findings: Findings) -> Table | None:
    """Open the table of this form.

    None where it is optional and not there, or (with a problem) where none can be read.
    """
    path = form.path.format(year=year.code)
    found = [file for suffix in _READERS if (file := root / f"{path}{suffix}").is_file()]
    if not found and form.optional:
        return None
    if len(found) != 1:
        fault = _both(form) if found else _missing(form, root / path)
        findings.add(fault.at(Source(file=f"{path}.csv")))
        return None
    grid = _read(root, found[0], findings)
    if grid is None:
        return None
    if not grid.headings:
        findings.add(tell("W106", Source(file=grid.file), headings=form.headings))
        return None
    return Table(cleaned(grid, findings), findings)


def report_copies(
    root: Path, forms: Iterable[TableForm], year: FiscalYear, findings: Findings
) -> None:
    """Say which copies and lock files lie beside the tables: they are not read."""
    folders = {(root / form.path.format(year=year.code)).parent for form in forms}
    for folder in sorted(folders):
        for file in sorted(folder.glob("*")):
            if file.suffix.lower() in _READERS and is_copy(file.name):
                source = Source(file=file.relative_to(root).as_posix())
                findings.add(copy_fault(file.name).at(source))


def is_hidden(name: str) -> bool:
    """Whether a file of this name is one that a Mac leaves beside others: nobody wrote it."""
    return name.startswith(".")


def is_copy(name: str) -> bool:
    """Whether a file of this name is a copy or the lock file of an open workbook: never read."""
    # macOS writes コピー with the voicing marks as signs of their own.
    return _COPY.fullmatch(fold(unicodedata.normalize("NFC", name))) is not None


def _read(root: Path, file: Path, findings: Findings) -> Grid | None:
    name = file.relative_to(root).as_posix()
    try:
        data = file.read_bytes()
    except OSError:
        findings.add(tell("W104.table", Source(file=name)))
        return None
    return _READERS[file.suffix](name, data, findings)


def _missing(form: TableForm, path: Path) -> Fault:
    beside = [file.name for file in path.parent.glob("*") if not _is_known(file)]
    yearly, rules = "{year}" in form.path, path.parent.parent.name == "rules"
    guess = near(f"{path.name}.csv", beside)
    return fault(
        "W102.near"
        if guess
        else "W102.budget"
        if yearly and rules
        else "W102.year"
        if yearly
        else "W102",
        title=form.title,
        path=path.name,
        headings=form.headings,
        guess=guess,
        year=path.parent.name,
    )


def _is_known(file: Path) -> bool:
    """Whether a file cannot be a table under a mistyped name: it is a copy, or another table."""
    known = file.stem in _NAMES and file.suffix in _READERS
    return known or is_copy(file.name) or is_hidden(file.name)


def _both(form: TableForm) -> Fault:
    name = form.path.rpartition("/")[2]
    return fault("W103", title=form.title, name=name)


def copy_fault(name: str) -> Fault:
    """Fault (a notice) of a file that `is_copy` keeps from being read."""
    if name.startswith("~$"):
        return fault("W142.open", name=name)
    return fault("W142.copy", name=name)


def content(path: Path) -> bytes:
    """Bytes of a file from elsewhere. Raises `OutputError` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path} を読めません（{error.strerror or error}）。名前を確かめ、開いていれば閉じてください。"
        raise OutputError(message) from error


def opened(path: Path, findings: Findings) -> Grid:
    """The table in a file from elsewhere. Raises `OutputError` or `InputError` where it cannot be read."""
    grid = parsed(path.name, content(path), findings)
    if grid is None:
        raise InputError(findings.problems)
    return grid


def parsed(name: str, data: bytes, findings: Findings) -> Grid | None:
    """The table in the bytes of a file; None, with a problem, where it is none."""
    suffix = Path(name).suffix
    reader = _READERS.get(suffix.lower())
    if reader is None:
        findings.add(tell("W105.kind", Source(file=name), kind=suffix or name))
        return None
    return reader(name, data, findings)
