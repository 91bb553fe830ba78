"""`verify --recalculate`: every formula computed anew by each program there is; do all get what we wrote?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.problem import Problem, Source, tell
from apportion.outputs.engines import Cells, Engine, Unread
from apportion.outputs.office import Hear, silent
from apportion.workbook.sheets import grid
from apportion.workbook.sheets.grid import Value

_MOST = 10
"""Cells that are told of one file; the others mostly follow from them."""
Computed = Mapping[str, Cells | Unread]
"""What each program, by name, makes of a workbook."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Formulas and files that were compared, by the folder or the file that they are in."""

    programs: Sequence[str]
    formulas: Mapping[str, int]
    files: Mapping[str, int]
    alone: int
    """Formulas that not every program can compute; the others agree."""

    def __str__(self) -> str:
        counted = "、".join(
            f"{kind} {self.files[kind]} ファイル {count:,} 式"
            for kind, count in self.formulas.items()
        )
        programs = " と ".join(self.programs)
        alone = f"{self.alone:,} 式は、片方だけで確かめました。" if self.alone else ""
        return f"{programs} ですべての式を計算し直した値とも一致しています（{counted}）。{alone}"


def compare(
    folder: Path, names: Sequence[str], engines: Sequence[Engine], hear: Hear = silent
) -> tuple[tuple[Problem, ...], Compared]:
    """Every formula cell of the workbooks `names` in `folder` against its value computed anew.

    Whole numbers and texts must be equal, without any tolerance; see `Value.is_same` for
    ratios. Raises `OutputError` where a program fails.
    """
    problems: list[Problem] = []
    formulas, files, alone = Counter[str](), Counter[str](), 0
    books = [folder / name for name in names]
    with ExitStack() as stack:
        shares = _shares(hear, len(engines), len(books))
        runs = [
            stack.enter_context(engine.computed(books, share))
            for engine, share in zip(engines, shares, strict=True)
        ]
        for name, *results in zip(names, *(run.books for run in runs), strict=True):
            written = grid.read(folder / name)
            computed = {e.name: result for e, result in zip(engines, results, strict=True)}
            found, only = different(name, written, computed)
            problems += found
            alone += only
            kind = name.partition("/")[0]
            formulas[kind] += len(written)
            files[kind] += 1
        programs = [run.program for run in runs]
    return tuple(problems), Compared(programs, formulas, files, alone)


def _shares(hear: Hear, engines: int, books: int) -> Iterator[Hear]:
    """For each program one who hears how far it is, and tells how far all are together."""
    done = [0] * engines

    def share(place: int) -> Hear:
        def told(count: int, _total: int) -> None:
            done[place] = count
            hear(sum(done), engines * books)

        return told

    return map(share, range(engines))


def different(
    file: str, written: Cells, computed: Mapping[str, Cells | Unread]
) -> tuple[list[Problem], int]:
    """Problems of one file, of very many the first ones; formulas that not every program computes.

    `computed` is what each program makes of it.
    """
    read = {program: cells for program, cells in computed.items() if not isinstance(cells, Unread)}
    found = list(_cells(file, written, read)) if read else []
    books = [
        tell(
            "W624.book" if read else "W622.book",
            Source(file=file),
            program=program,
            said=cells.said,
        )
        for program, cells in computed.items()
        if isinstance(cells, Unread)
    ]
    alone = len(written) if read and books else sum(one.code == "W624" for one in found)
    return [*books, *found[:_MOST]], alone


def _cells(file: str, written: Cells, computed: Mapping[str, Cells]) -> Iterator[Problem]:
    for (sheet, cell), value in written.items():
        source = Source(file=file, sheet=sheet, cell=cell)
        again = {program: cells.get((sheet, cell)) for program, cells in computed.items()}
        values = [one for one in again.values() if one and not one.is_error]
        if value is None:
            yield tell("W623", source, shown=_shown(again))
        elif not values:
            yield tell("W622", source, written=value, shown=_shown(again))
        elif not all(map(value.is_same, values)):
            yield tell("W621", source, written=value, again=_shown(again))
        elif len(values) < len(again):
            yield tell("W624", source, written=value, shown=_shown(again))


def _shown(again: Mapping[str, Value | None]) -> str:
    """What each program gets."""
    return "、".join(f"{program} {one or '式がありません'}" for program, one in again.items())
