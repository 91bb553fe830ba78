"""Columns of 指標一覧 that hold facts: the figures that rules name, and who takes part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from apportion.allocate.shares import integers
from apportion.model import FigureColumn
from apportion.problem import Source
from apportion.workbook.plan_columns import Column, Columns
from apportion.workbook.plan_mix import Mix, Term

Mixes = Sequence[tuple[int, Mix]]
"""Number of each 経費 with its mix."""

Cells = tuple[int, ...]
"""Numbers of the members, in their order."""


@dataclass(slots=True)
class _Figure:
    """Values of one driver by member place, gathered over the lines that use it."""

    name: str
    origin: Source
    values: dict[int, Fraction] = field(default_factory=dict)

    def takes(self, term: Term) -> bool:
        """Whether the values of a term are those of this figure."""
        assert term.figure is not None
        same = (term.figure.name, term.figure.origin) == (self.name, self.origin)
        return same and all(self.values.get(i, value) == value for i, value in term.values.items())


class Facts(NamedTuple):
    """Columns of facts: figures by 経費 and term, and who takes part, by the cells."""

    figures: Mapping[tuple[int, int], Column]
    attendances: Mapping[Cells, Column]


def fact_columns(
    columns: Columns, mixes: Mixes, rosters: Mapping[int, Cells], known: Sequence[FigureColumn]
) -> Facts:
    """Columns for all mixes and for the rosters of all 経費 (by number)."""
    figures = _figure_columns(columns, mixes, known, len(next(iter(rosters.values()), ())))
    attendances = _uses((term.attendance, number) for number, mix in mixes for term in mix.terms)
    found: dict[Cells, Column] = {}
    for count, (cells, numbers) in enumerate(attendances.items(), start=1):
        heading = "参加＝1" if set(cells) <= {0, 1} else "参加した期間\n（月数・日数の比）"
        found[cells] = columns.add(f"参加{count}", (heading, uses(numbers)), cells)
    only_listed = (pair for pair in _pairs(rosters) if pair[0] not in found)
    for count, (cells, numbers) in enumerate(_uses(only_listed).items(), start=1):
        found[cells] = columns.add(f"名簿{count}", ("名簿にある＝1", uses(numbers)), cells)
    return Facts(figures, found)


def uses(numbers: Iterable[int]) -> str:
    """`番号 1、5、6`: the 経費 of 計算根拠 that a column serves."""
    return f"番号 {'、'.join(map(str, dict.fromkeys(numbers)))}"


def _pairs(rosters: Mapping[int, Cells]) -> Iterable[tuple[Cells, int]]:
    return ((cells, number) for number, cells in rosters.items())


def _uses(pairs: Iterable[tuple[Cells, int]]) -> dict[Cells, list[int]]:
    """Numbers of the 経費 that use the same cells."""
    found: dict[Cells, list[int]] = {}
    for cells, number in pairs:
        found.setdefault(cells, []).append(number)
    return found


def _figure_columns(
    columns: Columns, mixes: Mixes, known: Sequence[FigureColumn], size: int
) -> dict[tuple[int, int], Column]:
    figures: list[_Figure] = []
    used: dict[tuple[int, int], int] = {}
    for number, mix in mixes:
        for index, term in enumerate(mix.terms):
            if term.figure is not None:
                used[number, index] = _place(figures, term)
    made = [_figure(columns, i, figure, known, size) for i, figure in enumerate(figures, start=1)]
    return {key: made[place] for key, place in used.items()}


def _place(figures: list[_Figure], term: Term) -> int:
    """Place of the figure that has the values of a term; a new one where there is none."""
    assert term.figure is not None
    place = next((i for i, figure in enumerate(figures) if figure.takes(term)), len(figures))
    if place == len(figures):
        figures.append(_Figure(term.figure.name, term.figure.origin))
    figures[place].values.update(term.values)
    return place


def _figure(
    columns: Columns, number: int, figure: _Figure, known: Sequence[FigureColumn], size: int
) -> Column:
    whole, scale = integers(list(figure.values.values()))
    cells = dict(zip(figure.values, whole, strict=True))
    source = next((column for column in known if column.source == figure.origin), None)
    heading = _titled(source) if source else f"{figure.name}の値"
    heading += f"\n（{scale:,}倍した値）" if scale > 1 else ""
    texts = (heading, figure.origin.short())
    return columns.add(f"指標{number}", texts, (cells.get(place) for place in range(size)))


def _titled(column: FigureColumn) -> str:
    inside = "、".join(part for part in (column.unit, column.as_of) if part)
    return f"{column.name}\n（{inside}）" if inside else column.name
