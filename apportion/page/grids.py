"""表: the tables of a year as grids, and cells of them changed in place."""

import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from apportion.core.problem import Findings
from apportion.core.text import fold
from apportion.core.year import FiscalYear
from apportion.page.told import Record
from apportion.tables import edit
from apportion.tables.files import parsed
from apportion.tables.loading import FORMS

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SUFFIXES = (".csv", ".xlsx")


def tables(root: Path, year: FiscalYear) -> list[Record]:
    """Every table of a year that is there: what it is called, and its file."""
    places = ((form, root / form.path.format(year=year.code)) for form in FORMS)
    found = ((form, at.with_name(f"{at.name}{end}")) for form, at in places for end in _SUFFIXES)
    return [
        {"title": form.title, "file": file.relative_to(root).as_posix()}
        for form, file in found
        if file.is_file()
    ]


def changed(file: str, data: bytes, cells: Iterable[tuple[int, int, str]]) -> bytes:
    """Bytes of a table with some cells (row and column from 1) as they were typed.

    Nothing else of the file changes; in a workbook what reads as a number is stored as one.
    """
    grid = parsed(file, data, Findings())
    assert grid is not None, file
    suffix = Path(file).suffix
    typed = {(row, column): _value(suffix, text) for row, column, text in cells}
    return edit.changed(suffix, data, edit.Changes(heading=grid.headings[0].row, cells=typed))


def _value(suffix: str, text: str) -> edit.Value:
    folded = fold(text).replace(",", "").strip()
    return Fraction(folded) if suffix == ".xlsx" and _NUMBER.fullmatch(folded) else text
