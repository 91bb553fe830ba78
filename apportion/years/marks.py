"""`seen`: 注意 that are told now are entered into the table 見た注意, with the reason."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from apportion.core.catalogue import codes, entry
from apportion.core.problem import Findings, InputError, Level, Problem, Source, tell
from apportion.core.text import fold, name_key
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.charges import to_csv
from apportion.outcome.computation import examine_year
from apportion.tables import seen
from apportion.tables.edit import Changes, Replacement, Value, changed, replace_files
from apportion.tables.files import open_table
from apportion.tables.table import Table
from apportion.years.issues import reissue
from apportion.years.settle.compute import settle


def told(
    root: Path, year: FiscalYear, typed: str, edition: Edition | None = None
) -> tuple[Problem, ...]:
    """The 注意 of a code that `check`, `run` or `settle` tell now and nobody marked.

    Raises `InputError` where there is none, or the code is that of an error.
    """
    code, place = fold(typed).strip().upper(), Source(file=f"rules/{year}/seen")
    if code not in codes():
        raise InputError((tell("W848", place, written=typed),))
    if entry(code).level == Level.ERROR.value:
        raise InputError((tell("W848.error", place, code=code, title=entry(code).title),))
    examined = examine_year(root, year, edition)
    problems = [*examined.problems, *reissue.changes(examined, root)]
    if edition is None:
        with suppress(InputError):
            problems += reissue.compared(settle(root, year), root).problems
    found = dict.fromkeys(p for p in problems if p.code == code and not p.seen)
    if not found:
        raise InputError((tell("W848.none", place, code=code),))
    return tuple(found)


def mark(root: Path, year: FiscalYear, problems: Sequence[Problem], reason: str) -> Path:
    """Add a row for each; the table. Raises `OutputError`."""
    rows = [(*seen.of(problem), reason) for problem in problems]
    table = open_table(root, seen.FORM, year, Findings())
    if table is None:
        path = root / f"{seen.FORM.path.format(year=year.code)}.csv"
        data = to_csv(seen.FORM.headings.split(","), rows)
        replace_files([Replacement(path=path, former=None, data=data)])
        return path
    path = root / table.grid.file
    data = changed(path.suffix, path.read_bytes(), _added(table, rows))
    replace_files([Replacement(path=path, former=path, data=data)])
    return path


def _added(table: Table, rows: Sequence[Sequence[str]]) -> Changes:
    columns = {name_key(cell.text): cell.column for cell in table.grid.headings}
    last = max(cells[0].row for cells in (table.grid.headings, *table.grid.rows))
    cells: dict[tuple[int, int], Value] = {
        (at, columns[heading]): value
        for at, row in enumerate(rows, start=last + 1)
        for heading, value in zip(seen.FORM.headings.split(","), row, strict=True)
        if heading in columns
    }
    return Changes(heading=table.grid.headings[0].row, cells=cells)
