"""`verify --recalculate`: LibreOffice computes every formula anew; does it get what we wrote?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apportion.core.problem import Problem, Source, tell
from apportion.outputs.office import Hear, converted, silent
from apportion.workbook.sheets import grid
from apportion.workbook.sheets.grid import Place, Value

_MOST = 10
"""Cells that are told of one file; the others mostly follow from them."""
_AGAIN = "もう一度 apportion run を実行してください。手で直す必要があるときは、規則か表を直します。"


@dataclass(frozen=True, slots=True)
class Compared:
    """Formulas and files that were compared, by the folder or the file that they are in."""

    formulas: Mapping[str, int]
    files: Mapping[str, int]

    def __str__(self) -> str:
        return "、".join(
            f"{kind} {self.files[kind]} ファイル {count:,} 式"
            for kind, count in self.formulas.items()
        )


def compare(
    folder: Path, names: Sequence[str], program: Path, hear: Hear = silent
) -> tuple[tuple[Problem, ...], Compared]:
    """Every formula cell of the workbooks `names` in `folder` against its value computed anew.

    Whole numbers and texts must be equal, without any tolerance; see `Value.comparable` for
    ratios. Raises `OutputError` where LibreOffice fails.
    """
    problems: list[Problem] = []
    formulas: Counter[str] = Counter()
    files: Counter[str] = Counter()
    books = [folder / name for name in names]
    with converted(program, books, "xlsx", recalculated=True, hear=hear) as results:
        for name, book in zip(names, books, strict=True):
            written = grid.read(book)
            problems += different(name, written, grid.read(results[book]))
            kind = name.partition("/")[0]
            formulas[kind] += len(written)
            files[kind] += 1
    return tuple(problems), Compared(formulas, files)


def different(
    file: str, written: Mapping[Place, Value | None], computed: Mapping[Place, Value | None]
) -> list[Problem]:
    """Problems of one file; of very many the first ones."""
    found = list(_different(file, written, computed))
    return found[:_MOST]


def _different(
    file: str, written: Mapping[Place, Value | None], computed: Mapping[Place, Value | None]
) -> Iterator[Problem]:
    for place, value in written.items():
        again = computed.get(place)
        if value is None:
            yield _without_value(_source(file, place), again)
        elif again is None or again.is_error:
            yield _not_computed(_source(file, place), value, again)
        elif not value.is_same(again):
            yield tell("W621", _source(file, place), written=value, again=again)


def _source(file: str, place: Place) -> Source:
    return Source(file=file, sheet=place[0], cell=place[1])


def _not_computed(source: Source, written: Value, again: Value | None) -> Problem:
    shown = "式がありません" if again is None else str(again)
    return tell("W622", source, written=written, shown=shown)


def _without_value(source: Source, again: Value | None) -> Problem:
    shown = "式がありません" if again is None else str(again)
    return tell("W623", source, shown=shown)
