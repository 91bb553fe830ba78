"""Columns of 指標一覧 with the figures that rules name, and what stands behind those of a ■ block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from apportion.allocate.case import DriverUse
from apportion.allocate.shares import integers
from apportion.model import FigureColumn
from apportion.problem import Source
from apportion.rulebook import TierTable
from apportion.rulebook.book import Table, stem
from apportion.workbook.plan_columns import Column, Columns
from apportion.workbook.plan_mix import Mix, Term
from apportion.workbook.plan_tables import Tables, is_simple, looked_up, nested, sentence

Mixes = Sequence[tuple[int, Mix]]
"""Number of each 経費 with its mix."""

Drivers = Mapping[tuple[int, int], Column]
"""Columns of figures by 経費 and term."""


class Known(NamedTuple):
    """What is known beside the mixes: figures, blocks in force for each 経費, codes of all members."""

    figures: Sequence[FigureColumn]
    tables: Mapping[int, Tables]
    codes: Sequence[str]
    own_only: bool


@dataclass(slots=True)
class _Figure:
    """Values of one driver by member place, gathered over the lines that use it.

    `table` is the block that gives them; `base` the figure in which it looks them up.
    """

    name: str
    origin: Source
    values: dict[int, Fraction] = field(default_factory=dict)
    table: Table | None = None
    base: "_Figure | None" = None

    def takes(self, term: Term) -> bool:
        """Whether the values of a term are those of this figure."""
        assert term.figure is not None
        same = (term.figure.name, term.figure.origin) == (self.name, self.origin)
        return same and all(self.values.get(i, value) == value for i, value in term.values.items())

    def steps(self) -> TierTable | None:
        """The 段階表 that gives all values, in whole numbers, from those of the base."""
        if self.base is None or not isinstance(self.table, TierTable):
            return None
        known = self.base.values
        fits = all(
            place in known and looked_up(self.table, known[place]) == value
            for place, value in self.values.items()
        )
        return self.table if fits and all(v.denominator == 1 for v in known.values()) else None


def driver_columns(columns: Columns, mixes: Mixes, known: Known) -> tuple[Drivers, tuple[str, ...]]:
    """Columns for all mixes, and what is to be said of the blocks behind them."""
    figures: list[_Figure] = []
    used: dict[tuple[int, int], int] = {}
    for number, mix in mixes:
        for index, term in enumerate(mix.terms):
            if term.figure is not None:
                used[number, index] = _place(figures, term)
                own = figures[used[number, index]]
                _look_up(figures, own, term.figure, known, known.tables[number])
    # A looked up figure stands behind the one that it is looked up in.
    order = sorted(range(len(figures)), key=lambda place: figures[place].base is not None)
    made: dict[int, Column] = {}
    for count, place in enumerate(order, start=1):
        base = next((made[i] for i in made if figures[i] is figures[place].base), None)
        made[place] = _column(columns, f"指標{count}", figures[place], base, known)
    told = tuple(
        sentence(made[place].name, table, live=bool(made[place].pattern), own_only=known.own_only)
        for place in order
        if (table := figures[place].table)
    )
    return {key: made[place] for key, place in used.items()}, told


def _place(figures: list[_Figure], term: Term) -> int:
    """Place of the figure that has the values of a term; a new one where there is none."""
    assert term.figure is not None
    place = next((i for i, figure in enumerate(figures) if figure.takes(term)), len(figures))
    if place == len(figures):
        figures.append(_Figure(term.figure.name, term.figure.origin))
    figures[place].values.update(term.values)
    return place


def _look_up(
    figures: list[_Figure], own: _Figure, driver: DriverUse, known: Known, tables: Tables
) -> None:
    """Note the block behind a figure, and where it is a plain 段階表 the figure under it."""
    own.table = tables.get(stem(driver.name))
    reading = driver.reading
    if own.base or not is_simple(own.table, tables) or not reading or len(reading.figures) != 1:
        return
    [column] = reading.figures
    same = (f for f in figures if f.table is None and f.origin == column.source)
    own.base = next(same, None)
    if own.base is None:
        own.base = _Figure(column.name, column.source)
        figures.append(own.base)
    for place, code in enumerate(known.codes):
        if code in column.values:
            own.base.values.setdefault(place, column.values[code])


def _column(
    columns: Columns, name: str, figure: _Figure, base: Column | None, known: Known
) -> Column:
    table, size = figure.steps(), len(known.codes)
    if table is not None and base is not None:
        texts = (f"{figure.name}の値", f"段階表（シート「重み」の下）\n{base.name}から")
        cells = [int(looked_up(table, Fraction(value))) for value in base.values]
        return columns.add(name, texts, cells, nested(table, base.beside))
    whole, scale = integers(list(figure.values.values()))
    found = dict(zip(figure.values, whole, strict=True))
    source = next((own for own in known.figures if own.source == figure.origin), None)
    heading = _titled(source) if source else f"{figure.name}の値"
    heading += f"\n（{scale:,}倍した値）" if scale > 1 else ""
    note = "規則の表\n（シート「重み」の下）" if figure.table else "基礎数値"
    return columns.add(name, (heading, note), (found.get(place) for place in range(size)))


def _titled(column: FigureColumn) -> str:
    inside = "、".join(part for part in (column.unit, column.as_of) if part)
    return f"{column.name}\n（{inside}）" if inside else column.name
