"""The files of a workspace that hold tables: finding them, and opening each as a table."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from apportion.core.problem import Findings, InputError, OutputError, Problem, Source
from apportion.core.text import UNDECIDED, fold, mark_in, near, unmarked
from apportion.core.year import FiscalYear
from apportion.tables import csv_reader, xlsx_reader
from apportion.tables.cells import Fault
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
        _control(cell).add_to(findings, clean.source(cell))
    for cell in marked:
        _undecided(cell).add_to(findings, clean.source(cell))
    return clean


def _clean(cell: Cell) -> Cell:
    cell = cell.cleaned if cell.forbidden else cell
    return cell._replace(text=unmarked(cell.text))


def _undecided(cell: Cell) -> Fault:
    rest = unmarked(cell.text)
    shown = rest if len(rest) <= _SHOWN else f"{rest[:_SHOWN]}…"
    return Fault(
        "W830",
        f"「{shown}」のセルに{UNDECIDED}が残っています。"
        if rest
        else f"{UNDECIDED}だけのセルがあります。",
        "人が決めること、確かめることに付ける印です。印が残っているあいだは計算しません。",
        f"中身を確かめて直し、セル {cell.place} の{UNDECIDED}を消してください。"
        if rest
        else f"中身を決めて、セル {cell.place} に書いてください。",
    )


def _control(cell: Cell) -> Fault:
    return Fault(
        "W127",
        f"「{cell.cleaned.text}」に、目に見えない制御文字が入っています。",
        "ほかの表から貼り付けたときに入ることがあり、名前が一致しなくなります。",
        f"セル {cell.place} を消して、手で入れ直してください。",
    )


_READERS = {".csv": csv_reader.read, ".xlsx": xlsx_reader.read}
_NAMES = ("budget", "income", "names", "roster", "figures", "previous", "rotation", "reserve")
"""Tables of a year: none of them is another one under a mistyped name."""

_COPY = re.compile(r"~\$.*|.*コピー.*|.*\([0-9]+\).*")


class Form(NamedTuple):
    """What a table is called, where it lies and what its first row holds.

    `path` is below the workspace, without suffix, `{year}` standing for r7.
    """

    title: str
    path: str
    headings: str
    optional: bool = False


def open_table(root: Path, form: Form, year: FiscalYear, findings: Findings) -> Table | None:
    """Open the table of this form.

    None where it is optional and not there, or (with a problem) where none can be read.
    """
    path = form.path.format(year=year.code)
    found = [file for suffix in _READERS if (file := root / f"{path}{suffix}").is_file()]
    if not found and form.optional:
        return None
    if len(found) != 1:
        fault = _both(form) if found else _missing(form, root / path)
        fault.add_to(findings, Source(file=f"{path}.csv"))
        return None
    grid = _read(root, found[0], findings)
    if grid is None:
        return None
    if not grid.headings:
        _empty(form).add_to(findings, Source(file=grid.file))
        return None
    return Table(cleaned(grid, findings), findings)


def report_copies(root: Path, forms: Iterable[Form], year: FiscalYear, findings: Findings) -> None:
    """Say which copies and lock files lie beside the tables: they are not read."""
    folders = {(root / form.path.format(year=year.code)).parent for form in forms}
    for folder in sorted(folders):
        for file in sorted(folder.glob("*")):
            if file.suffix.lower() in _READERS and is_copy(file.name):
                source = Source(file=file.relative_to(root).as_posix())
                copy_fault(file.name).add_to(findings, source)


def is_copy(name: str) -> bool:
    """Whether a file of this name is a copy or the lock file of an open workbook: never read."""
    # macOS writes コピー with the voicing marks as signs of their own.
    return _COPY.fullmatch(fold(unicodedata.normalize("NFC", name))) is not None


def _read(root: Path, file: Path, findings: Findings) -> Grid | None:
    name = file.relative_to(root).as_posix()
    try:
        data = file.read_bytes()
    except OSError:
        _locked().add_to(findings, Source(file=name))
        return None
    return _READERS[file.suffix](name, data, findings)


def _missing(form: Form, path: Path) -> Fault:
    fix = f"1行目が「{form.headings}」の表を作って置いてください。"
    beside = [file.name for file in path.parent.glob("*") if not _is_known(file)]
    guess = near(f"{path.name}.csv", beside)
    if guess:
        fix = f"「{guess}」がそれなら、{path.name}.csv か {path.name}.xlsx として保存してください。"
    elif "{year}" in form.path:
        fix += _made_from(path)
    why = f"{path.name}.csv か {path.name}.xlsx を、このフォルダーから読みます。"
    return Fault("W102", f"{form.title}の表がありません。", why, fix)


def _is_known(file: Path) -> bool:
    """Whether a file cannot be a table under a mistyped name: it is a copy, or another table."""
    return is_copy(file.name) or (file.stem in _NAMES and file.suffix in _READERS)


def _made_from(path: Path) -> str:
    """Which command makes the table of a year."""
    year = path.parent.name
    if path.parent.parent.name == "rules":
        return f"公表の予算から作るときは: apportion import budget ファイル --year {year}"
    return f"前の年度から作るときは: apportion new-year {year}"


def _both(form: Form) -> Fault:
    name = form.path.rpartition("/")[2]
    return Fault(
        "W103",
        f"{form.title}の表が2つあります（{name}.csv と {name}.xlsx）。",
        "どちらが正しいかが決まりません。",
        "古いほうを別の場所に移してください。",
    )


def _empty(form: Form) -> Fault:
    return Fault(
        "W106",
        "表が空です。",
        "見出しの行がないと、どの列が何の値かが決まりません。",
        f"1行目に「{form.headings}」と書いてください。",
    )


def _locked() -> Fault:
    return Fault(
        "W104",
        "ファイルを開けません。",
        "ほかのプログラムが使っているか、読む権限がありません。",
        "Excel で開いていれば閉じて、もう一度実行してください。",
    )


def copy_fault(name: str) -> Fault:
    """Fault (a notice) of a file that `is_copy` keeps from being read."""
    if name.startswith("~$"):
        return Fault(
            "W142",
            f"「{name}」は読みません。",
            "Excel がブックを開いている間に置く目印です。",
            "保存していない変更は結果に入りません。保存して閉じてから実行してください。",
        )
    return Fault(
        "W142",
        f"写しの「{name}」は読みません。",
        "名前に「コピー」や「(1)」のあるファイルは、同じものを二重に数えないように除きます。",
        "使うファイルであれば名前を直し、要らなければ別の場所に移してください。",
    )


def opened(path: Path, findings: Findings) -> Grid:
    """The table in a file from elsewhere. Raises `OutputError` or `InputError` where it cannot be read."""
    reader = _READERS.get(path.suffix.lower())
    try:
        grid = reader(path.name, path.read_bytes(), findings) if reader else None
    except OSError as error:
        message = f"{path} を読めません（{error.strerror or error}）。名前を確かめ、開いていれば閉じてください。"
        raise OutputError(message) from error
    if reader is None:
        raise InputError((_other_kind(path),))
    if grid is None:
        raise InputError(findings.problems)
    return grid


def _other_kind(path: Path) -> Problem:
    return Problem(
        code="W105",
        source=Source(file=path.name),
        what=f"「{path.suffix or path.name}」のファイルは取り込めません。",
        why="取り込めるのは、Excel ブック（.xlsx）と CSV（.csv）です。",
        fix="Excel で開き、「Excel ブック (*.xlsx)」で保存し直してください。",
    )
