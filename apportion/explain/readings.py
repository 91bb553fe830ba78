"""Steps to what a name is worth for the member: cells of the figures, rows and formulas of ■ blocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.case import Reading
from apportion.explain.steps import Operand, Step, term
from apportion.model import FigureColumn, Member, Tables
from apportion.problem import Source
from apportion.rulebook import Arith, Basis, Doubling, TierTable
from apportion.rulebook.book import Scope, Table, stem


@dataclass(frozen=True, slots=True)
class Reader:
    """Explains the values of names for one member, as the rules of one 事業 understand them."""

    tables: Tables
    scope: Scope
    member: Member

    def steps(self, name: str, reading: Reading, index: int, key: str) -> Iterator[Step]:
        """The figures that a value rests on and (last) the value itself, as step `key`."""
        table = self.scope.tables.get(stem(name))
        direct = table is None
        for number, column in enumerate(reading.figures, start=1):
            yield from self._figure(column, key if direct else f"{key}.figure{number}")
        if table is not None:
            place = reading.places[index]
            yield _of_table(table, key, reading.values[index], place)

    def _figure(self, column: FigureColumn, key: str) -> Iterator[Step]:
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
        """The figure of one body: a cell, or the mean of several years."""
        if not column.editions:
            yield self._cell(column, code, key)
            return
        years = [
            self._cell(edition, code, f"{key}.year{number}")
            for number, edition in enumerate(column.editions, start=1)
        ]
        yield from years
        count = Operand(value=Fraction(len(years)), unit="")
        yield Step(
            key=key,
            label="平均",
            value=column.values[code],
            unit=column.unit,
            terms=tuple(term(year.operand(), over=(count,)) for year in years),
            words=column.as_of,
            source=column.source,
            depth=2,
        )

    def _cell(self, column: FigureColumn, code: str, key: str) -> Step:
        return Step(
            key=key,
            label=f"{self.tables.by_code[code].name}の{column.name}",
            value=column.values[code],
            unit=column.unit,
            words=column.as_of,
            source=column.cells.get(code, column.source),
            depth=2,
        )


def _of_table(table: Table, key: str, value: Fraction, row: Source) -> Step:
    """The value that a ■ block gives: a formula is quoted, and so is the row that fits."""
    said = [_formula(table.formula)] if isinstance(table, Basis) else [row]
    if isinstance(table, Basis) and table.decimals:
        said.append(table.decimals.source)
    words = "、".join(source.text.strip() for source in said if source.text)
    if isinstance(table, TierTable) and table.marginal:
        words = f"{table.by.text}を段ごとに積み上げた値です。"
    return Step(
        key=key,
        label=f"{stem(table.name.text)}の値",
        value=value,
        unit=table.unit,
        words=words,
        source=said[0] if said[0].line else table.source,
        depth=2,
    )


def _formula(formula: Arith | Doubling) -> Source:
    return formula.figure.source if isinstance(formula, Doubling) else formula.source


def title(name: str, reading: Reading, scope: Scope) -> str:
    """What a driver shares by: `国勢調査人口`, `段階表「人口区分割」`."""
    table = scope.tables.get(stem(name))
    if table is not None:
        return f"{_KINDS[type(table).__name__]}「{table.name.text}」"
    return reading.figures[0].name


_KINDS = {"Basis": "基準", "TierTable": "段階表", "Coefficients": "係数表"}
