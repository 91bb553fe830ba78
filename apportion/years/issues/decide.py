"""`decide`: what was voted is written into the inputs of a copy, to be computed and sealed there.

The inputs of the office change only together with the outputs and the issue: all of them, or none.
"""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from apportion.core.problem import Findings, InputError, Source, tell
from apportion.core.text import decode
from apportion.core.year import Case, FiscalYear, act_name, folder_name, wareki
from apportion.outcome.charges import to_csv
from apportion.outcome.issued import FOLDER, Issues, path_of
from apportion.rules.book import DECIDED, STATES
from apportion.tables import acts
from apportion.tables.edit import (
    Changes,
    changed,
    column_numbers,
    encoded,
    row_below,
    with_rows,
)
from apportion.tables.files import open_table
from apportion.tables.grid import Grid

_HEADINGS = acts.FORM.headings.split(",")
_SHARED = ("rules/様式",)


class Decision(NamedTuple):
    """What was voted (`case` None: the first budget), on which day, and by whom (総会議決)."""

    case: Case
    day: date
    note: str

    @property
    def name(self) -> str:
        """As the table 決定 has it."""
        return act_name(self.case)


def copied(root: Path, year: FiscalYear, work: Path) -> None:
    """The inputs of a year and its issues below `work`, as a workspace of its own."""
    for name in (f"rules/{year}", f"members/{year}", *_SHARED, f"{FOLDER}/{year}"):
        if (root / name).is_dir():
            shutil.copytree(root / name, work / name, copy_function=shutil.copyfile)
    for path in (root / "members").glob("members.*"):
        shutil.copyfile(path, work / "members" / path.name)


def entered(work: Path, year: FiscalYear, decision: Decision) -> list[str]:
    """Write a decision into the inputs of a workspace; the files that are other ones now.

    Raises `InputError` where nobody knows when what came before it was decided.
    """
    files = [_listed(work, year, decision)]
    if decision.case is None:
        files += _agreeing(work, year)
    return files


def moves(year: FiscalYear, decision: Decision, number: int) -> tuple[str, str]:
    """The folders that a decision makes: its outputs, and its issue."""
    return f"outputs/{folder_name(year, decision.case)}", path_of(year, number)


def _listed(work: Path, year: FiscalYear, decision: Decision) -> str:
    """Its row in the table 決定, which is made where there is none."""
    findings = Findings()
    table = open_table(work, acts.FORM, year, findings)
    if table:
        table.need("決定", "日", "状態")
    findings.stop()
    row = (decision.name, wareki(decision.day), DECIDED, decision.note)
    if table is None:
        name = f"{acts.FORM.path.format(year=year.code)}.csv"
        rows = [*_before(work, year, decision), row]
        (work / name).write_bytes(to_csv(_HEADINGS, rows))
        return name
    path = work / table.grid.file
    path.write_bytes(changed(path.suffix, path.read_bytes(), _changes(table.grid, row)))
    return table.grid.file


def _before(work: Path, year: FiscalYear, decision: Decision) -> Iterator[tuple[str, ...]]:
    """Rows of the acts that came before, as their issues have them."""
    if decision.case is None:
        return
    bills = Issues.of(work, year).bills()
    if not bills or bills[0].case is not None or not all(issue.day for issue in bills):
        source = Source(file=f"{FOLDER}/{year}")
        file = f"rules/{year}/acts.csv"
        raise InputError((tell("W869.first", source, act=decision.name, file=file),))
    for issue in {issue.case: issue for issue in bills if issue.case != decision.case}.values():
        assert issue.day is not None
        yield act_name(issue.case), wareki(issue.day), DECIDED, issue.note


def _changes(grid: Grid, row: tuple[str, ...]) -> Changes:
    """The row in the place of the one of this name, or below the last one."""
    named = column_numbers(grid)["決定"]
    rows = {acts.name_of(row[named - 1].text): row[0].row for row in grid.rows}
    at = rows.get(acts.name_of(row[0]), row_below(grid))
    return with_rows(grid, _HEADINGS, [(at, row)])


_STATE = re.compile(rf"^(\s*状態\s*[:：]\s*){STATES[1]}(?=\s|#|$)", re.MULTILINE)


def _agreeing(work: Path, year: FiscalYear) -> Iterator[str]:
    """Rule files that still call themselves 案; an example (例) stays one."""
    for path in sorted((work / "rules" / year.code).glob("*.txt")):
        decoded = decode(path.read_bytes())
        if decoded is None:
            continue
        text = _STATE.sub(rf"\g<1>{DECIDED}", decoded.text)
        if text != decoded.text:
            path.write_bytes(encoded(text, decoded))
            yield path.relative_to(work).as_posix()
