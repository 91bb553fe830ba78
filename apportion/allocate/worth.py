"""What the names in rules are worth: figures, ■基準, ■段階表 and ■係数表, per member and exact."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from fractions import Fraction

from apportion.allocate.arith import (
    DEFAULT_DECIMALS,
    NoValueError,
    cut_decimals,
    doubling,
    evaluate,
    has_power,
    has_sum,
    names_in,
)
from apportion.allocate.case import Reading
from apportion.allocate.columns import Figures
from apportion.allocate.who import Circle
from apportion.core.dataclass import dataclass
from apportion.core.model import FigureColumn, Member
from apportion.core.problem import Findings, Source, tell
from apportion.core.text import name_key
from apportion.rules.book import Basis, Coefficients, Scope, Table, Tier, TierTable, stem
from apportion.rules.nodes import EQUAL, Arith, Doubling, Name

OTHERS = "その他"

Valuation = Callable[[Arith], Fraction | None]
"""Value of a formula for the member in hand; None: not known."""


def doubled(basis: Basis, formula: Doubling, figure: Fraction) -> Fraction:
    """`人口が2倍で負担が1.5倍`, cut as a 別表 prints it."""
    return printed(basis, doubling(figure, formula.factor))


def printed(basis: Basis, value: Fraction) -> Fraction:
    """`value` cut by the block's 端数; a power is always cut, other formulas only where it is said."""
    decimals = basis.decimals or (DEFAULT_DECIMALS if has_power(basis.formula) else None)
    return cut_decimals(value, decimals) if decimals else value


def contains(row: Tier, value: Fraction) -> bool:
    """Whether a value lies in a step."""
    above = row.low is None or value > row.low or (row.low_included and value == row.low)
    below = row.high is None or value < row.high or (row.high_included and value == row.high)
    return above and below


def marginal(table: TierTable, value: Fraction, worth: Valuation) -> Fraction | None:
    """段ごとに積み上げる: each step's rate on the part of the value that lies in it."""
    summed = Fraction(0)
    for row in table.rows:
        rate = worth(row.value)
        if rate is None:
            return None
        low = row.low or Fraction(0)
        high = value if row.high is None else min(value, row.high)
        summed += max(high - low, Fraction(0)) * rate
    return summed


def rows_for(table: Coefficients, member: Member, circle: Circle) -> list[tuple[Name, Arith]]:
    """Rows of a 係数表 that fit a member: its own name before groups before その他."""
    own = [row for row in table.rows if name_key(row[0].text) == name_key(member.name)]
    groups = [
        row for row in table.rows if _is_group(row[0], circle) and _fits(row[0], member, circle)
    ]
    rest = [row for row in table.rows if row[0].text == OTHERS]
    return own or groups or rest


def names_of(table: Table) -> Iterator[Name]:
    """Names that the values of a block rest on."""
    if isinstance(table, TierTable):
        yield table.by
    for formula in formulas_of(table):
        yield from names_in(formula)


def formulas_of(table: Table) -> Iterator[Arith | Doubling]:
    """The formulas of a block: one, or that of each row."""
    if isinstance(table, Basis):
        yield table.formula
    elif isinstance(table, TierTable):
        yield from (row.value for row in table.rows)
    else:
        yield from (value for _, value in table.rows)


def _is_group(name: Name, circle: Circle) -> bool:
    return name.text != OTHERS and name_key(name.text) not in circle.tables.by_name


def _fits(name: Name, member: Member, circle: Circle) -> bool:
    test = circle.test(name)
    return test is not None and test(member)


DEEPEST = 10
"""How many ■基準, ■段階表 and ■係数表 may rest on one another."""


@dataclass(slots=True)
class Worth:
    """Values of names for the members of one line. Unknown names and blanks become findings.

    `roster` are the members over which `の計` adds up. `uncut`: no ■基準 cuts its values.
    """

    scope: Scope
    columns: Figures
    circle: Circle
    roster: Sequence[Member]
    findings: Findings
    uncut: bool = False
    _known: dict[tuple[str, str], Fraction | None] = field(default_factory=dict)
    _rows: dict[tuple[str, str], Source] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def value(self, name: Name, member: Member) -> Fraction | None:
        """Value of a name (with or without 割) for a member; None after a finding."""
        key = (stem(name.text), member.code)
        if key not in self._known:
            self._known[key] = self._compute(name, member)
        return self._known[key]

    def exactly(self, name: Name, members: Sequence[Member]) -> Fraction | None:
        """Sum of a name over some members if no ■基準 were cut; None where none is, or not known."""
        table = self.scope.tables.get(stem(name.text))
        if self.uncut or not isinstance(table, Basis):
            return None
        plain = replace(self, findings=Findings(), uncut=True, _known={}, _rows={}, _open=[])
        values = [plain.value(name, member) for member in members]
        known = [value for value in values if value is not None]
        return sum(known, Fraction(0)) if len(known) == len(values) else None

    def total(self, name: Name) -> Fraction | None:
        """`Xの計`."""
        values = [self.value(name, member) for member in self.roster]
        known = [value for value in values if value is not None]
        return sum(known, Fraction(0)) if len(known) == len(values) else None

    def reading(self, name: Name, members: Sequence[Member]) -> Reading:
        """The values of a name for some members (0 after a finding), and what they rest on."""
        return Reading(
            values=tuple(self.value(name, member) or Fraction(0) for member in members),
            places=self._places(name, members),
            figures=tuple(self.figures(name)),
            unit="" if stem(name.text) == stem(EQUAL) else self.unit(name) or "",
            under=self._under(name, members, {}),
            sums=self._sums(name),
        )

    def _under(
        self, name: Name, members: Sequence[Member], found: dict[str, Reading]
    ) -> dict[str, Reading]:
        """Readings of the names that a block rests on, from what was looked up for its values."""
        table = self.scope.tables.get(stem(name.text))
        own: dict[str, Reading] = {}
        for inner in names_of(table) if table else ():
            key = stem(inner.text)
            if key == stem(EQUAL):
                continue
            if key not in found:
                found[key] = Reading(values=(), places=())  # a block that rests on itself
                found[key] = self._looked_up(inner, members, found)
            own[key] = found[key]
        return own

    def _looked_up(
        self, name: Name, members: Sequence[Member], found: dict[str, Reading]
    ) -> Reading:
        key = stem(name.text)
        is_block = key in self.scope.tables
        known = (self._known.get((key, member.code)) for member in members if is_block)
        return Reading(
            values=tuple(value or Fraction(0) for value in known),
            places=self._places(name, members) if is_block else (),
            figures=tuple(self.figures(name)),
            unit=self.unit(name) or "",
            under=self._under(name, members, found),
            sums=self._sums(name),
        )

    def _sums(self, name: Name) -> dict[str, Fraction]:
        """What each `Xの計` of a formula is, where all of it was looked up."""
        table = self.scope.tables.get(stem(name.text))
        if table is None or not any(map(has_sum, formulas_of(table))):
            return {}
        keys = {stem(inner.text) for inner in names_of(table)}
        known = {
            key: [self._known.get((key, member.code)) for member in self.roster] for key in keys
        }
        return {
            key: sum((value or Fraction(0) for value in values), Fraction(0))
            for key, values in known.items()
            if None not in values
        }

    def _places(self, name: Name, members: Sequence[Member]) -> tuple[Source, ...]:
        """Where each value was written: the cell, the row of a table, or the block of a formula."""
        key = stem(name.text)
        table = self.scope.tables.get(key)
        if table is not None:
            return tuple(self._rows.get((key, m.code), table.source) for m in members)
        if key == stem(EQUAL):
            return (Source(),) * len(members)
        return self.columns.places(name, members)

    def origin(self, name: Name) -> Source:
        """Where the name's values were written."""
        if name.text == EQUAL:
            return Source()
        table = self.scope.tables.get(stem(name.text))
        if table is not None:
            return table.source
        column = self.columns.find(name)
        return column.source if column else Source()

    def unit(self, name: Name, wanted: str = "") -> str | None:
        """Unit of a name's values (empty: none stated); None where the name is unknown.

        Then names of the unit `wanted` are offered.
        """
        table = self.scope.tables.get(stem(name.text))
        if table is not None:
            return table.unit
        column = self.columns.find(name, wanted)
        return column.unit if column else None

    def figures(self, name: Name) -> Iterator[FigureColumn]:
        """Columns that the values of a name rest on, each once."""
        seen = {stem(EQUAL)}
        waiting = [name]
        while waiting:
            name = waiting.pop(0)
            key = stem(name.text)
            if key in seen:
                continue
            seen.add(key)
            table = self.scope.tables.get(key)
            if table is not None:
                waiting[:0] = names_of(table)
            elif column := self.columns.find(name):
                yield column

    def _compute(self, name: Name, member: Member) -> Fraction | None:
        key = stem(name.text)
        if key == stem(EQUAL):
            return Fraction(1)
        table = self.scope.tables.get(key)
        if table is None:
            return self.columns.value(name, member)
        if key in self._open or len(self._open) == DEEPEST:
            self.findings.add(
                tell(
                    "W333",
                    name.source,
                    name=name.text,
                    way="→".join([*self._open, stem(name.text)]),
                    deepest=DEEPEST,
                )
            )
            return None
        self._open.append(key)
        try:
            return self._of_table(table, member)
        except NoValueError:
            self.findings.add(tell("W334", table.source, table=table.name.text, member=member.name))
            return None
        finally:
            self._open.pop()

    def _of_table(self, table: Table, member: Member) -> Fraction | None:
        def worth(term: Arith) -> Fraction | None:
            return evaluate(term, lambda name: self.value(name, member), self.total)

        if isinstance(table, Basis):
            formula = table.formula
            if isinstance(formula, Doubling):
                figure = self.value(formula.figure, member)
                return None if figure is None else doubled(table, formula, figure)
            found = worth(formula)
            return found if found is None or self.uncut else printed(table, found)
        if isinstance(table, TierTable):
            looked_up = self.value(table.by, member)
            return None if looked_up is None else self._of_tiers(table, looked_up, member, worth)
        rows = rows_for(table, member, self.circle)
        if len(rows) == 1:
            self._rows[stem(table.name.text), member.code] = rows[0][0].source
            return worth(rows[0][1])
        self._no_row(table, member, found=len(rows))
        return None

    def _of_tiers(
        self, table: TierTable, value: Fraction, member: Member, worth: Valuation
    ) -> Fraction | None:
        self._check_steps(table)
        if table.marginal:
            return marginal(table, value, worth)
        row = next((row for row in table.rows if contains(row, value)), None)
        if row is not None:
            self._rows[stem(table.name.text), member.code] = row.source
            return worth(row.value)
        self._no_step(table, value, member)
        return None

    def _check_steps(self, table: TierTable) -> None:
        unit = self.unit(table.by)
        row = next((r for r in table.rows if unit and r.counter not in {"", unit}), None)
        if row is not None:
            self.findings.add(
                tell("W507.step", row.source, by=table.by.text, unit=unit, counter=row.counter)
            )

    def _no_step(self, table: TierTable, value: Fraction, member: Member) -> None:
        if self.scope.doubtful(table.name.text):
            self.findings.follow()
            return
        self.findings.add(
            tell("W331", table.source, table=table.name.text, member=member.name, value=value)
        )

    def _no_row(self, table: Coefficients, member: Member, *, found: int) -> None:
        if self.scope.doubtful(table.name.text):
            self.findings.follow()
            return
        self.findings.add(
            tell(
                "W332.several" if found else "W332",
                table.source,
                table=table.name.text,
                member=member.name,
            )
        )
