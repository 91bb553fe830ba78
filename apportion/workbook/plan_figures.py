"""Columns of 指標一覧 that hold facts: the figures that rules name, and who takes part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from apportion.allocate.shares import integers
from apportion.model import FigureColumn
from apportion.problem import Source
from apportion.workbook.plan_columns import Column, Columns
from apportion.workbook.plan_mix import Mix

Mixes = Sequence[tuple[int, Mix]]
"""Number of each 経費 with its mix."""


@dataclass(slots=True)
class Figure:
    """Values of one driver by member place, gathered over the lines that use it."""

    name: str
    origin: Source
    values: dict[int, Fraction] = field(default_factory=dict)

    def takes(self, mix: Mix) -> bool:
        """Whether the values of a mix are those of this figure."""
        assert mix.figure is not None
        same = (mix.figure.name, mix.figure.origin) == (self.name, self.origin)
        return same and all(self.values.get(i, value) == value for i, value in mix.values.items())


def figure_columns(
    columns: Columns, mixes: Mixes, known: Sequence[FigureColumn], size: int
) -> dict[int, Column]:
    """Columns of the drivers beside 均等割, by the number of the 経費 that uses them."""
    figures: list[Figure] = []
    used: dict[int, int] = {}
    for number, mix in mixes:
        if mix.figure is None:
            continue
        place = next((i for i, figure in enumerate(figures) if figure.takes(mix)), len(figures))
        if place == len(figures):
            figures.append(Figure(mix.figure.name, mix.figure.origin))
        figures[place].values.update(mix.values)
        used[number] = place
    made = [_figure(columns, i, figure, known, size) for i, figure in enumerate(figures, start=1)]
    return {number: made[place] for number, place in used.items()}


def _figure(
    columns: Columns, number: int, figure: Figure, known: Sequence[FigureColumn], size: int
) -> Column:
    whole, scale = integers(list(figure.values.values()))
    cells = dict(zip(figure.values, whole, strict=True))
    source = next((column for column in known if column.source == figure.origin), None)
    heading = _titled(source) if source else f"{figure.name}の値"
    heading += f"\n（{scale:,}倍した値）" if scale > 1 else ""
    own = columns.new(f"指標{number}", heading, figure.origin.short())
    return columns.fill(own, (cells.get(place) for place in range(size)))


def _titled(column: FigureColumn) -> str:
    inside = "、".join(part for part in (column.unit, column.as_of) if part)
    return f"{column.name}\n（{inside}）" if inside else column.name


def attendance_columns(columns: Columns, mixes: Mixes) -> dict[tuple[int, ...], Column]:
    """Columns 参加, by their cells; they are the weights of a 均等割 as well."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for number, mix in mixes:
        groups.setdefault(mix.attendance, []).append(number)
    found = {}
    for count, (attendance, numbers) in enumerate(groups.items(), start=1):
        whole_year = set(attendance) <= {0, 1}
        heading = "参加＝1" if whole_year else "参加した期間\n（月数・日数の比）"
        own = columns.new(f"参加{count}", heading, uses(numbers))
        found[attendance] = columns.fill(own, attendance)
    return found


def uses(numbers: Iterable[int]) -> str:
    """`番号 1、5、6`: the 経費 of 計算根拠 that a column serves."""
    return f"番号 {'、'.join(map(str, numbers))}"
