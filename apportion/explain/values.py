"""Steps to what a name is worth for a member: down through ■ blocks to the figures of the tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from fractions import Fraction
from math import prod

from apportion.allocate.arith import (
    DEFAULT_DECIMALS,
    cut_decimals,
    exponent,
    has_power,
    power,
)
from apportion.allocate.case import Reading
from apportion.core.dataclass import dataclass
from apportion.core.model import FigureColumn, Member, Tables
from apportion.core.problem import Source
from apportion.explain.steps import (
    BODIES,
    LARGEST,
    POWER,
    SMALLEST,
    Cut,
    Operand,
    Product,
    Step,
    term,
)
from apportion.rules.book import Basis, Scope, Table, TierTable, stem
from apportion.rules.nodes import (
    EQUAL,
    Arith,
    Decimals,
    Doubling,
    Name,
    Number,
    Operation,
    Pick,
    SumOf,
)
from apportion.rules.spell.phrases import formula


@dataclass(frozen=True, slots=True)
class Reader:
    """Explains the values of names for one member, as the rules of one 事業 understand them."""

    tables: Tables
    scope: Scope
    member: Member

    def steps(self, name: str, reading: Reading, index: int, key: str) -> Iterator[Step]:
        """The figures that a value rests on, level by level, and (last) the value, as step `key`."""
        table = self.scope.tables.get(stem(name))
        if table is not None:
            yield from _Levels(self, index, key).steps(table, reading)
        elif reading.figures:
            yield from self.figure(reading.figures[0], key)

    def figure(self, column: FigureColumn, key: str) -> Iterator[Step]:
        """The member's figure, and those of its former bodies; nothing where all are blank."""
        codes = (self.member.code, *self.tables.former_bodies.get(self.member.code, ()))
        cells = [code for code in codes if code in column.values]
        if len(cells) == 1:
            yield from self._body(column, cells[0], key)
        elif cells:
            parts = [list(self._body(column, code, f"{key}.{code}")) for code in cells]
            yield from (step for part in parts for step in part)
            yield Step(
                key=key,
                label=f"{self.member.name}の{column.name}",
                value=sum((column.values[code] for code in cells), Fraction(0)),
                unit=column.unit,
                terms=tuple(term(part[-1].operand()) for part in parts),
                words="合併前の団体の数を合わせます。",
                source=column.source,
                depth=2,
            )

    def _body(self, column: FigureColumn, code: str, key: str) -> Iterator[Step]:
        """The figure of one body: a cell, or the mean or sum of several years."""
        if not column.editions:
            yield self._cell(column, code, key)
            return
        years = [
            self._cell(edition, code, f"{key}.year{number}")
            for number, edition in enumerate(column.editions, start=1)
        ]
        yield from years
        count = (Operand(value=Fraction(len(years)), unit=""),) if column.over == "平均" else ()
        yield Step(
            key=key,
            label=column.over,
            value=column.values[code],
            unit=column.unit,
            terms=tuple(term(year.operand(), over=count) for year in years),
            words=column.as_of,
            source=column.source,
            depth=2,
        )

    def _cell(self, column: FigureColumn, code: str, key: str) -> Step:
        return Step(
            key=key,
            label=column.name
            if column.shared
            else f"{self.tables.by_code[code].name}の{column.name}",
            value=column.values[code],
            unit=column.unit,
            words=column.as_of,
            source=column.cells.get(code, column.source),
            depth=2,
        )


@dataclass(frozen=True, slots=True)
class _Way:
    """How a value follows from numbers: the sum of `terms`, or what `by` makes of them."""

    terms: tuple[Product, ...] = ()
    by: str = ""

    @property
    def is_fact(self) -> bool:
        """Whether it is a number that a row says, and nothing else."""
        numbers = [operand for own in self.terms for operand in (*own.factors, *own.divisors)]
        return not any(operand.step for operand in numbers)

    def value(self) -> Fraction:
        """What the terms make, exact but for a power."""
        if self.by == POWER:
            base, over = self.terms[0].factors
            return power(base.value, over.value)
        values = [_product_of(own) for own in self.terms]
        if self.by:
            return max(values) if self.by == LARGEST else min(values)
        return sum(values, Fraction(0))


def _product_of(own: Product) -> Fraction:
    value = prod((operand.value for operand in own.factors), start=Fraction(1))
    for divisor in own.divisors:
        value /= divisor.value
    return -value if own.minus else value


@dataclass(slots=True)
class _Levels:
    """The steps of one value: every name that its block asks for, once, before what rests on it."""

    reader: Reader
    index: int
    key: str
    made: list[Step] = field(default_factory=list)
    known: dict[str, Operand] = field(default_factory=dict)

    def steps(self, table: Table, reading: Reading) -> Sequence[Step]:
        """All of them; the value itself is the last."""
        self.block(table, reading, self.key, 0)
        return self.made

    def block(self, table: Table, reading: Reading, key: str, level: int) -> Operand:
        """The value that a block gives, and before it what that rests on."""
        value = reading.values[self.index]
        way, said = _Level(self, reading, key, level).way(table)
        decimals = _decimals(table)
        cut = Cut(Fraction(1, 10**decimals.digits), decimals.mode) if decimals else None
        worked = way.value() if way.terms and not way.is_fact else None
        if worked is not None and decimals:
            worked = cut_decimals(worked, decimals)
        known = worked == value
        step = Step(
            key=key,
            label=f"{stem(table.name.text)}の値",
            value=value,
            unit=table.unit,
            terms=way.terms if known else (),
            by=way.by if known else "",
            cut=cut if known else None,
            words=_words(table, said),
            source=said[0] if said and said[0].line else table.source,
            depth=2 + level,
        )
        return self.add(step)

    def add(self, step: Step) -> Operand:
        """A further step, as a number of later ones."""
        self.made.append(step)
        return step.operand(step.label)


def _decimals(table: Table) -> Decimals | None:
    """How the values of a block are cut: by its 端数; a power always is."""
    if not isinstance(table, Basis):
        return None
    return table.decimals or (DEFAULT_DECIMALS if has_power(table.formula) else None)


def _words(table: Table, said: Sequence[Source]) -> str:
    if isinstance(table, TierTable) and table.marginal:
        return f"{table.by.text}を段ごとに積み上げた値です。"
    return "、".join(source.text.strip() for source in said if source.text)


@dataclass(slots=True)
class _Level:
    """The formula of one block: its terms, and the steps that its names and brackets need."""

    levels: _Levels
    reading: Reading
    key: str
    level: int
    brackets: int = 0

    def way(self, table: Table) -> tuple[_Way, list[Source]]:
        """How the value comes about, and the lines that say so."""
        if isinstance(table, Basis):
            line = table.formula
            source = line.figure.source if isinstance(line, Doubling) else line.source
            said = [source] + ([table.decimals.source] if table.decimals else [])
            return (self._doubling(line) if isinstance(line, Doubling) else self._way(line)), said
        if isinstance(table, TierTable):
            looked_up = self._name(table.by)
            if table.marginal:
                return self._steps_of(table, looked_up), []
            row = self._row((row.source, row.value) for row in table.rows)
        else:
            row = self._row((name.source, value) for name, value in table.rows)
        return (self._way(row[1]), [row[0]]) if row else (_Way(), [])

    def _row(self, rows: Iterable[tuple[Source, Arith]]) -> tuple[Source, Arith] | None:
        """The row that holds for the member."""
        place = self.reading.places[self.levels.index]
        return next((row for row in rows if row[0] == place), None)

    def _doubling(self, line: Doubling) -> _Way:
        figure = self._name(line.figure)
        if figure.value <= 0:
            return _Way()
        step = Step(
            key=f"{self.key}.exponent",
            label="指数",
            value=exponent(line.factor),
            unit="",
            words=f"2倍で{float(line.factor):g}倍になる指数（log {float(line.factor):g} ÷ log 2）",
            source=line.figure.source,
            depth=2 + self.level,
        )
        return _Way((term(figure, self.levels.add(step)),), POWER)

    def _steps_of(self, table: TierTable, looked_up: Operand) -> _Way:
        """段ごとに積み上げる: the part of the value that lies in each step, times its rate."""
        terms: list[Product] = []
        for row in table.rows:
            low, rate = row.low or Fraction(0), self._operand(row.value)
            high = looked_up.value if row.high is None else row.high
            if looked_up.value > low and looked_up.value <= high:
                terms += [
                    term(looked_up, rate),
                    *(
                        [term(Operand(value=low, unit=looked_up.unit), rate, minus=True)]
                        * bool(low)
                    ),
                ]
            elif looked_up.value > low:
                terms.append(term(Operand(value=high - low, unit=looked_up.unit), rate))
        return _Way(tuple(terms))

    def _way(self, line: Arith) -> _Way:
        """A formula as a sum of products; what is in brackets has a step of its own."""
        if isinstance(line, Operation) and line.operator in "+-":
            left, right = self._sum(line.left), self._sum(line.right)
            if line.operator == "-":
                right = [replace(own, minus=not own.minus) for own in right]
            return _Way((*left, *right))
        if isinstance(line, Operation) and line.operator == "^":
            return _Way((term(self._operand(line.left), self._operand(line.right)),), POWER)
        if isinstance(line, Operation):
            return _Way((self._product(line),))
        if isinstance(line, Pick) and line.function in (LARGEST, SMALLEST):
            return _Way(tuple(self._one(inner) for inner in line.terms), line.function)
        if isinstance(line, Pick):
            count = Operand(value=Fraction(len(line.terms)), unit="")
            means = (self._one(inner) for inner in line.terms)
            return _Way(tuple(replace(own, divisors=(*own.divisors, count)) for own in means))
        return _Way((term(self._operand(line)),))

    def _sum(self, line: Arith) -> Sequence[Product]:
        way = self._way(line)
        return way.terms if not way.by else (term(self._kept(line, way)),)

    def _one(self, line: Arith) -> Product:
        """A formula as one product."""
        terms = self._sum(line)
        return terms[0] if len(terms) == 1 else term(self._kept(line, _Way(tuple(terms))))

    def _product(self, line: Operation) -> Product:
        left, right = self._one(line.left), self._one(line.right)
        if line.operator == "/" and (right.divisors or right.minus):
            right = term(self._kept(line.right, _Way((right,))))
        divided = line.operator == "/"
        return Product(
            factors=left.factors if divided else (*left.factors, *right.factors),
            divisors=(*left.divisors, *(right.factors if divided else right.divisors)),
            minus=left.minus != right.minus,
        )

    def _operand(self, line: Arith) -> Operand:
        if isinstance(line, Number):
            return Operand(value=line.value, unit="", source=line.source)
        if isinstance(line, Name):
            return self._name(line)
        if isinstance(line, SumOf):
            return self._total(line.name)
        return self._kept(line, self._way(line))

    def _kept(self, line: Arith, way: _Way) -> Operand:
        """What stands in brackets, as a step of its own."""
        self.brackets += 1
        step = Step(
            key=f"{self.key}.part{self.brackets}",
            label=formula(line).replace("「", "").replace("」", ""),
            value=way.value(),
            unit="",
            terms=way.terms,
            by=way.by,
            source=line.source,
            depth=2 + self.level,
        )
        return self.levels.add(step)

    def _total(self, name: Name) -> Operand:
        key = stem(name.text)
        at = f"計 {key}"
        if at not in self.levels.known:
            inner = self.reading.under.get(key)  # none below 均等割
            column = inner.figures[0].source if inner and inner.figures else Source()
            table = self.levels.reader.scope.tables.get(key)
            step = Step(
                key=f"{self.key}.total{len(self.levels.known)}",
                label=f"{name.text}の計",
                value=self.reading.sums[key],
                unit=inner.unit if inner else BODIES,
                words="参加する団体の計です。",
                source=table.source if table else column,
                depth=2 + self.level,
            )
            self.levels.known[at] = self.levels.add(step)
        return self.levels.known[at]

    def _name(self, name: Name) -> Operand:
        """What a name is worth; its own steps stand before, where they do not yet."""
        key = stem(name.text)
        if key == stem(EQUAL):
            return Operand(value=Fraction(1), unit="", label=EQUAL)
        if key not in self.levels.known:
            self.levels.known[key] = self._worth(name, self.reading.under[key])
        return self.levels.known[key]

    def _worth(self, name: Name, reading: Reading) -> Operand:
        levels, key = self.levels, stem(name.text)
        table = levels.reader.scope.tables.get(key)
        if table is not None:
            # Those that are made, and those that wait for this one.
            blocks = sum(".block" in step.key for step in levels.made) + self.level + 1
            return levels.block(table, reading, f"{levels.key}.block{blocks}", self.level + 1)
        figures = sum(1 for known in levels.known.values() if ".figure" in known.step) + 1
        steps = list(levels.reader.figure(reading.figures[0], f"{levels.key}.figure{figures}"))
        for step in steps:
            levels.add(replace(step, depth=2 + self.level))
        if steps:
            return steps[-1].operand()
        return Operand(value=Fraction(0), unit=reading.unit, label=name.text)
