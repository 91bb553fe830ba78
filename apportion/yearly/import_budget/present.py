"""The budget files as they are, and what the document makes of them: rows, columns, differences.

What a person added stays: 備考, further columns (特定財源, 補正), the order of the columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apportion.tables.cells import MONEY, plain, yen
from apportion.tables.grid import Cell, Grid, Kind
from apportion.tables.headings import measure
from apportion.tables.table import REMARK
from apportion.text import name_key
from apportion.yearly.import_budget.lines import Entry

Amounts = Mapping[str, int | None]
"""Yen by column (予算額, 前年度予算額) that the document gives for a line; None where unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A budget file: its headings in the order of the shipped ones, and that of the finest name."""

    title: str
    path: str
    name: str
    texts: tuple[str, ...]
    unit: str


SPENDING = Shape(
    title="支出の部", path="budget", name="経費", texts=("区分", "事業", "項", "経費"), unit="千円"
)
INCOME = Shape(
    title="収入の部", path="income", name="科目", texts=("区分", "事業", "科目"), unit="円"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of one line: `was` and `now` are cells by heading, empty where there is none."""

    project: str
    name: str
    was: Mapping[str, str]
    now: Mapping[str, str]

    @property
    def differing(self) -> tuple[str, ...]:
        """Headings under which something changes."""
        return tuple(head for head, text in self.now.items() if self.was.get(head, "") != text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A new file: headings and rows, with the change of every line, also of those that go."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    changes: tuple[Change, ...]


def merged(
    shape: Shape, grid: Grid | None, entries: Sequence[Entry], given: Sequence[Amounts]
) -> Merged:
    """The file that `entries` make of the present one (None: there is none)."""
    units = _units(shape, grid, given)
    headings = _headings(shape, grid, units)
    present = dict(_present(shape, grid)) if grid else {}
    changes = []
    for entry, amounts in zip(entries, given, strict=True):
        was = present.pop(entry.key, {})
        now = was | _texts(shape, entry, was) | _money(amounts, units, was)
        changes.append(Change(project=entry.project, name=entry.name, was=was, now=now))
    rows = tuple(tuple(change.now.get(head, "") for head in headings) for change in changes)
    gone = (_gone(shape, was) for was in present.values())
    return Merged(headings=headings, rows=rows, changes=(*changes, *gone))


def _gone(shape: Shape, was: Mapping[str, str]) -> Change:
    return Change(project=was.get("事業", ""), name=was.get(shape.name, ""), was=was, now={})


def _units(shape: Shape, grid: Grid | None, given: Sequence[Amounts]) -> dict[str, tuple[str, str]]:
    """Heading and unit of each column that the document fills, as the present file has them."""
    wanted = dict.fromkeys(name for amounts in given for name in amounts)
    units = {name: (f"{name}（{shape.unit}）", shape.unit) for name in wanted}
    for head in grid.headings if grid else ():
        found = measure(head)
        if found and found.is_money and name_key(found.name) in units:
            units[name_key(found.name)] = (head.text, found.unit)
    return units


def _headings(
    shape: Shape, grid: Grid | None, units: Mapping[str, tuple[str, str]]
) -> tuple[str, ...]:
    """Headings of the present file, then those that it lacks; the remark stays last."""
    amounts = [heading for heading, _ in units.values()]
    if grid is None:
        return (*shape.texts, *amounts, REMARK)
    own = [_known(cell, shape) for cell in grid.headings]
    lacking = [head for head in (*shape.texts, *amounts) if head not in own]
    place = own.index(REMARK) if REMARK in own else len(own)
    return (*own[:place], *lacking, *own[place:])


def _known(cell: Cell, shape: Shape) -> str:
    """A heading in our spelling where it is one of ours, else as it stands."""
    ours = {name_key(text): text for text in (*shape.texts, REMARK)}
    return ours.get(name_key(cell.text), cell.text)


def _present(shape: Shape, grid: Grid) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """Rows of the present file by folded (事業, name); of two of one name the first is kept."""
    heads = [_known(cell, shape) for cell in grid.headings]
    for row in reversed(grid.rows):
        cells = {head: cell.text for head, cell in zip(heads, row, strict=False) if head}
        yield (name_key(cells.get("事業", "")), name_key(cells.get(shape.name, ""))), cells


def _texts(shape: Shape, entry: Entry, was: Mapping[str, str]) -> dict[str, str]:
    """Names of a line, in the present spelling where only that differs, and its remark."""
    new = {
        "区分": entry.category,
        "事業": entry.project,
        "項": "／".join(entry.path),
        shape.name: entry.name,
    }
    kept = {head: _kept(new[head], was.get(head, "")) for head in shape.texts}
    return {**kept, REMARK: was.get(REMARK) or entry.remark}


def _kept(new: str, old: str) -> str:
    return old if name_key(old) == name_key(new) else new


def _money(
    amounts: Amounts, units: Mapping[str, tuple[str, str]], was: Mapping[str, str]
) -> dict[str, str]:
    """Amounts in the unit of their column; one that does not change keeps its spelling."""
    found = {}
    for name, value in amounts.items():
        heading, unit = units[name]
        old = was.get(heading, "")
        same = bool(old) and yen(Cell(old, Kind.PLAIN, 1, 1), unit) == value
        found[heading] = old if same else _written(value, unit)
    return found


def _written(value: int | None, unit: str) -> str:
    return "" if value is None else plain(Fraction(value, MONEY[unit])).replace("-", "△")
