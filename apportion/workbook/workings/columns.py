"""Columns of 指標一覧: one cell for each member, in the order of the members.

A formula is the same in every row: a pattern with `{row}` where the number of the row stands.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from typing import NamedTuple

from apportion.allocate.case import DriverUse
from apportion.allocate.rounding import integers
from apportion.core.dataclass import dataclass
from apportion.core.model import FigureColumn
from apportion.core.problem import Source
from apportion.core.sums import grouped
from apportion.explain.steps import value_of
from apportion.rules.book import Basis, Coefficients, Table, TierTable, stem
from apportion.rules.nodes import Number
from apportion.tables.grid import letters
from apportion.workbook.sheets.live import MOST_NESTED, quoted
from apportion.workbook.workings.sharing import Mix, Term

Tables = Mapping[str, Table]
"""Blocks of a rule file by the stem of their name."""


def sentence(column: str, table: Table, *, live: bool) -> str:
    """What a recipient needs to derive the values of a column, as the rule says it."""
    kind = {Basis: "基準", TierTable: "段階表", Coefficients: "係数表"}[type(table)]
    way = "「指標一覧」の式です。" if live else "値です（式では正確に表せないため）。"
    return f"{column}　{kind}「{table.name.text}」　{'、'.join(_said(table))}　{way}"


def _said(table: Table) -> Iterator[str]:
    """The lines of the block."""
    if isinstance(table, TierTable):
        yield f"{table.by.text}による"
        if table.marginal:
            yield "段ごとに積み上げる"
        yield from (_line(row.source.text) for row in table.rows)
    elif isinstance(table, Coefficients):
        yield from (_line(name.source.text) for name, _ in table.rows)
    else:
        yield value_of(table.formula.source.text)
        if table.decimals:
            yield value_of(table.decimals.source.text)


def _line(text: str) -> str:
    """`1万人未満: 1` as `1万人未満＝1`."""
    head, _, value = text.strip().replace("：", ":").partition(":")
    return f"{head.strip()}＝{value.strip()}"


def is_simple(table: Table | None, tables: Tables) -> bool:
    """Whether a 段階表 looks up whole numbers by a figure itself."""
    if not isinstance(table, TierTable) or table.marginal or len(table.rows) > MOST_NESTED:
        return False
    return stem(table.by.text) not in tables and all(
        isinstance(row.value, Number)
        and row.value.value.denominator == 1
        and (row.high is None or row.high.denominator == 1)
        for row in table.rows
    )


def steps(table: TierTable) -> list[tuple[int | None, str, int]]:
    """Upper bound (None: open), `<` or `<=`, and value of each step, from below."""
    rows = sorted(table.rows, key=lambda row: (row.high is None, row.high or 0))
    found = []
    for row in rows:
        assert isinstance(row.value, Number)
        high = None if row.high is None else int(row.high)
        found.append((high, "<=" if row.high_included else "<", int(row.value.value)))
    return found


def looked_up(table: TierTable, figure: Fraction) -> int:
    """What the formula gives for a figure: 0 where there is none, or no step fits."""
    if not figure:
        return 0
    for high, sign, value in steps(table):
        if high is None or figure < high or (sign == "<=" and figure == high):
            return value
    return 0


def nested(table: TierTable, cell: str) -> str:
    """`=IF(D{row}=0,0,IF(D{row}<10000,1,…))`: the value of the step."""
    text = "0"
    for high, sign, value in reversed(steps(table)):
        text = str(value) if high is None else f"IF({cell}{sign}{high},{value},{text})"
    return f"=IF({cell}=0,0,{text})"


FIGURES = "指標一覧"
ORDER_COLUMN, CODE_COLUMN, MEMBER_COLUMN, FIRST_COLUMN = range(4)
NAME_ROW, HEADING_ROW, NOTE_ROW, SUM_ROW, FIRST_ROW = range(4, 9)

Figure = int | None
"""What a cell holds: a number, or nothing (not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; with a `pattern` its cells are formulas, else numbers."""

    name: str
    place: int
    heading: str
    note: str
    cells: tuple[Figure, ...] = ()
    pattern: str = ""

    @property
    def letter(self) -> str:
        """`AB`."""
        return letters(self.place + 1)

    @property
    def values(self) -> tuple[int, ...]:
        """Whole numbers of the cells, 0 where nothing is known."""
        return tuple(value or 0 for value in self.cells)

    @property
    def beside(self) -> str:
        """`AB{row}`: how the pattern of another column means the cell in its own row."""
        return f"{self.letter}{{row}}"

    def formula(self, row: int) -> str:
        """The formula in a row (zero-based); empty for a number."""
        return self.pattern.replace("{row}", str(row + 1))

    @property
    def area(self) -> str:
        """`'指標一覧'!$H$9:$H$62`: its cells, as formulas on other sheets call them."""
        last = FIRST_ROW + len(self.cells)
        return f"{quoted(FIGURES)}!${self.letter}${FIRST_ROW + 1}:${self.letter}${last}"

    def cell(self, place: int) -> str:
        """`'指標一覧'!H9`: the cell of a member."""
        return f"{quoted(FIGURES)}!{self.letter}{FIRST_ROW + 1 + place}"


@dataclass(slots=True)
class Columns:
    """Columns while they are collected, from left to right."""

    listed: list[Column] = field(default_factory=list)

    def add(
        self,
        name: str,
        texts: tuple[str, str],
        cells: Iterable[Figure],
        pattern: str = "",
    ) -> Column:
        """Keep a further column; `texts` are its heading and its note."""
        heading, note = texts
        column = Column(
            name=name,
            place=FIRST_COLUMN + len(self.listed),
            heading=heading,
            note=note,
            cells=tuple(cells),
            pattern=pattern,
        )
        self.listed.append(column)
        return column


Mixes = Sequence[tuple[int, Mix]]
"""Number of each 経費 with its mix."""

Drivers = Mapping[tuple[int, int], Column]
"""Columns of figures by 経費 and term."""


class Known(NamedTuple):
    """What is known beside the mixes: figures, blocks in force for each 経費, codes of all members."""

    figures: Sequence[FigureColumn]
    tables: Mapping[int, Tables]
    codes: Sequence[str]


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
        sentence(made[place].name, table, live=bool(made[place].pattern))
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


Cells = tuple[int, ...]
"""Numbers of the members, in their order."""


class Facts(NamedTuple):
    """Columns of facts: figures by 経費 and term, and who takes part, by the cells.

    `told` says how the blocks of the rules give their figures.
    """

    figures: Drivers
    attendances: Mapping[Cells, Column]
    told: tuple[str, ...]


def fact_columns(columns: Columns, mixes: Mixes, known: Known) -> Facts:
    """Columns for all mixes."""
    figures, told = driver_columns(columns, mixes, known)
    attendances = grouped((term.attendance, number) for number, mix in mixes for term in mix.terms)
    found: dict[Cells, Column] = {}
    for count, (cells, numbers) in enumerate(attendances.items(), start=1):
        heading = "参加＝1" if set(cells) <= {0, 1} else "参加した期間\n（月数・日数の比）"
        found[cells] = columns.add(f"参加{count}", (heading, uses(numbers)), cells)
    return Facts(figures, found, told)


def uses(numbers: Iterable[int]) -> str:
    """`番号 1、5、6`: the 経費 that a column serves."""
    return f"番号 {'、'.join(map(str, dict.fromkeys(numbers)))}"
