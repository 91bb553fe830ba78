"""`seen`: 注意 that are told now are entered into the table 見た注意, with the reason."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from apportion.core.catalogue import codes, entry
from apportion.core.problem import Findings, InputError, Level, Problem, Source, tell
from apportion.core.text import fold
from apportion.core.year import Edition, FiscalYear
from apportion.outcome.charges import to_csv
from apportion.outcome.computation import examine_year
from apportion.outputs.publish import replace_files
from apportion.tables import seen
from apportion.tables.edit import Replacement, changed, row_below, with_rows
from apportion.tables.files import open_table
from apportion.years import carried
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
    problems = list(carried.of_check(root, examine_year(root, year, edition)))
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
    headings = seen.FORM.headings.split(",")
    table = open_table(root, seen.FORM, year, Findings())
    if table is None:
        path = root / f"{seen.FORM.path.format(year=year.code)}.csv"
        data = to_csv(headings, rows)
        replace_files(root, [Replacement(path=path, former=None, data=data)])
        return path
    path = root / table.grid.file
    new = with_rows(table.grid, headings, enumerate(rows, start=row_below(table.grid)))
    data = changed(path.suffix, path.read_bytes(), new)
    replace_files(root, [Replacement(path=path, former=path, data=data)])
    return path
