"""Which columns of a table from elsewhere are taken, and as what."""

from collections.abc import Iterator, Sequence

from apportion.core.dataclass import dataclass
from apportion.core.problem import InputError, Problem, tell
from apportion.core.text import fold, name_key
from apportion.imports.heading import (
    CODES,
    NAMES,
    PREFECTURES,
    SourceColumn,
    called,
    is_number,
    shown,
)
from apportion.imports.source import Given
from apportion.tables.cells import Measure, measure
from apportion.tables.grid import Cell, CellKind

_OTHERS = (*CODES, *NAMES, *PREFECTURES, "備考", "よみ", "区分", "郡", "会員区分")
_ALL = ("計", "総数", "人口")


@dataclass(frozen=True, slots=True)
class Taken:
    """A column of the file and the heading it gets; `measure` is None in a roster."""

    column: SourceColumn
    heading: str
    measure: Measure | None = None


def figure_columns(given: Given, wanted: Sequence[str], year: str) -> tuple[Taken, ...]:
    """Columns for figures: those named, else all whose headings have a unit and a 時点.

    `wanted` holds `見出し` or `見出し=名前（単位、時点）`. Raises `InputError`.
    """
    chosen = _chosen(given, wanted) if wanted else [(c, c.name) for c in _candidates(given)]
    taken = tuple(_taken(column, heading) for column, heading in chosen)
    dated = tuple(each for each in taken if _complete(each.measure))
    if not dated or (wanted and len(dated) < len(taken)):
        wrong = next((t for t in taken if wanted and not _complete(t.measure)), None)
        raise InputError((_no_unit(given, wrong.column.name if wrong else "", year),))
    return dated


def roster_columns(given: Given, wanted: Sequence[str], known: Sequence[str]) -> tuple[Taken, ...]:
    """Columns for rosters: those named, else all whose headings are rosters already."""
    keys = {name_key(name) for name in known}
    chosen = (
        _chosen(given, wanted)
        if wanted
        else [(c, c.name) for c in _candidates(given) if name_key(c.name) in keys]
    )
    if not chosen:
        raise InputError((_no_roster(given, known),))
    return tuple(Taken(column, heading) for column, heading in chosen)


def _candidates(given: Given) -> Iterator[SourceColumn]:
    return (c for c in given.columns if c.name and name_key(c.name) not in _OTHERS)


def _chosen(given: Given, wanted: Sequence[str]) -> list[tuple[SourceColumn, str]]:
    return [_one(given, words) for words in wanted]


def _one(given: Given, words: str) -> tuple[SourceColumn, str]:
    # A heading may hold a = of its own; the last one parts it from the new heading.
    source, equals, heading = fold(words).rpartition("=")
    at = len(source)
    source, heading = (words[:at].strip(), words[at + 1 :].strip()) if equals else (words, words)
    found = [column for column in given.columns if column.called(source)]
    found += [column for column in given.columns if column.below(source) and column not in found]
    if len(found) != 1:
        raise InputError((_unclear(given, source, found),))
    return found[0], heading


def _taken(column: SourceColumn, heading: str) -> Taken:
    return Taken(column, heading, measure(Cell(heading, CellKind.PLAIN, 1, 1)))


def _complete(found: Measure | None) -> bool:
    """Whether a heading has a unit and a 時点."""
    return found is not None and bool(found.as_of)


def _no_unit(given: Given, name: str, year: str) -> Problem:
    return tell(
        "W841.unit-named" if name else "W841.unit",
        given.place,
        shown=name or _suggested(given),
        headings=shown(given.columns),
        file=given.grid.file,
        year=year,
    )


def _suggested(given: Given) -> str:
    """A column with numbers, as it must be called: the one that looks most like a 人口."""
    numbers = {cell.column for row in given.rows.values() for cell in row if is_number(cell.text)}
    free = numbers - {*given.band.keys, *given.band.prefectures}
    names = [(c, name) for c, name in called(given.columns) if c.column in free]
    usual = [(c, name) for c, name in names if not c.states_day and "コード" not in c.name]
    best = min(usual, key=lambda pair: _unlike(pair[0]), default=None)
    return best[1] if best else "計"


def _unlike(column: SourceColumn) -> tuple[bool, bool]:
    return "人口" not in name_key(column.joined), not name_key(column.name).endswith(_ALL)


def _no_roster(given: Given, known: Sequence[str]) -> Problem:
    first = next((column.name for column in _candidates(given)), "参加")
    return tell(
        "W841.roster",
        given.place,
        known="、".join(known) or "なし",
        headings=shown(given.columns),
        first=first,
    )


def _unclear(given: Given, name: str, found: Sequence[SourceColumn]) -> Problem:
    return tell(
        "W841.column-several" if found else "W841.column",
        given.place,
        name=name,
        count=len(found),
        meant="、".join(column.both for column in found),
        headings=shown(given.columns),
    )
