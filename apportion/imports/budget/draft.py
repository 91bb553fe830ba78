"""What was found in a document that cannot be read: a draft of both tables, to finish by hand.

Every line holds 【要確認】, so that a draft that nobody finished is not taken for a budget.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.problem import InputError, Problem, Source
from apportion.core.text import fold
from apportion.core.year import FiscalYear
from apportion.imports.budget.document import DocumentLine
from apportion.imports.budget.estimate_tables import (
    cells_of,
    is_total,
    one_below_another,
    section_in,
    unnumbered,
)
from apportion.imports.budget.headings import DocumentPart, unit_row
from apportion.imports.budget.words import UNITS, figure, harmless, unit_in
from apportion.outputs.publish import replace_files
from apportion.tables.edit import Replacement, new_csv

FOLDER = "予算の下書き"
UNDECIDED = "【要確認】"
_HEADINGS = {
    DocumentPart.SPENDING: ("区分", "事業", "項", "経費", "予算額（円）", "備考"),
    DocumentPart.INCOME: ("区分", "事業", "科目", "予算額（円）", "備考"),
}
_FILES = {DocumentPart.SPENDING: "budget.csv", DocumentPart.INCOME: "income.csv"}
_MONEY = re.compile(rf"[-△▲]? ?[0-9][0-9,]*(?:{UNITS})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Rows of each table as they would be written, without headings."""

    root: Path
    folder: Path
    rows: dict[DocumentPart, tuple[tuple[str, ...], ...]]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(rows) for rows in self.rows.values())

    def tables(self) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
        """Name and rows, the headings first, of each table that has any."""
        for part, rows in self.rows.items():
            if rows:
                yield _FILES[part], (_HEADINGS[part], *rows)

    def write(self) -> Path | None:
        """Write the tables beside the workspace's own; the folder of the former ones."""
        made = [(self.folder / name, rows) for name, rows in self.tables()]
        return replace_files(
            self.root,
            [
                Replacement(path=path, former=path if path.exists() else None, data=new_csv(rows))
                for path, rows in made
            ],
        )


class DraftedError(InputError):
    """The document is of no form that can be read; `draft` holds the figures that it has."""

    def __init__(self, problems: tuple[Problem, ...], draft: Draft) -> None:
        super().__init__(problems)
        self.draft = draft


def drafted(root: Path, lines: Sequence[DocumentLine], year: FiscalYear) -> Draft:
    """A draft of every line that has a name and a figure."""
    rows: dict[DocumentPart, list[tuple[str, ...]]] = {part: [] for part in _FILES}
    here, unit = DocumentPart.SPENDING, ""
    for line in one_below_another(lines):
        unit = unit_row(line) or unit_in(line.text) or unit
        here = section_in(line) or here
        if found := _found(line):
            rows[here].append(_row(here, *found, unit))
    kept = {part: tuple(found) for part, found in rows.items()}
    return Draft(root=root, folder=root / FOLDER / year.code, rows=kept)


def _found(line: DocumentLine) -> tuple[str, str] | None:
    """Name and the first figure behind it, as printed; None where a line has no such two."""
    cells = [cell.text for cell in cells_of(line) if cell.text]
    for place, text in enumerate(cells):
        if place and _MONEY.fullmatch(fold(text)):
            names = [each for each in cells[:place] if not re.fullmatch(r"\W*[0-9]*\W*", each)]
            name = unnumbered(names[0]) if names else ""
            return (name, text) if name and not is_total(name) else None
    return None


def _row(part: DocumentPart, name: str, printed: str, unit: str) -> tuple[str, ...]:
    own = printed.endswith("円")
    found = figure(printed, unit or "円", Source()) if unit or own else None
    amount = UNDECIDED if found is None else str(found.yen).replace("-", "△")
    path = ("",) if part is DocumentPart.SPENDING else ()
    note = harmless(f"文書の額: {printed}{'' if own else unit}")
    return ("", UNDECIDED, *path, name, amount, note)
