"""How each weight comes about: columns of 指標一覧, and their derivation on the sheet 重み.

Lines that weigh their members alike have one column of weights together.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count

from apportion.allocate.case import LineResult
from apportion.core.dataclass import dataclass
from apportion.core.sums import grouped
from apportion.rules.nodes import Ratio, Split
from apportion.workbook.sheets.live import MOST_DIGITS, quoted
from apportion.workbook.workings.columns import Column, Columns, Facts, uses
from apportion.workbook.workings.sharing import MOST_WEIGHT, Combined, Mix, Sharing, combine

WEIGHTS = "重み"
FIRST_ROW = 9
"""First row of the table on 重み (zero-based)."""
RATIO, SUM, MULTIPLE, CONSTANT, KEPT = "DFGHI"
"""Columns of the numbers on 重み."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLine:
    """One 経費 whose amounts are formulas; without `mix` its weights are shown as values."""

    number: int
    result: LineResult
    sharing: Sharing
    mix: Mix | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """One term of a weight: its row on 重み and the columns whose product it is."""

    row: int
    label: str
    attendance: Column
    figure: Column | None
    ratio: int
    sum: int
    constant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightColumn:
    """A column of weights with its derivation from `row` on; without terms they are values."""

    column: Column
    row: int
    used: str
    terms: tuple[Derived, ...] = ()
    multiple: int = 1
    kept: Column | None = None

    @property
    def rows(self) -> int:
        """Rows on 重み."""
        return max(len(self.terms), 1)


def weights_of(
    columns: Columns, shared: Sequence[SharedLine], facts: Facts
) -> dict[int, WeightColumn]:
    """WeightColumn of each 経費, by its number; plain 均等割 has the column of 参加."""
    combined = {line.number: _combined(line, facts) for line in shared}
    # Equal weights that are values stay apart from those with a formula.
    groups = grouped(
        (((own.weights, True) if own else (line.sharing.weights, False)), line)
        for line in shared
        for own in [combined[line.number]]
    )
    found: dict[int, WeightColumn] = {}
    row, names = FIRST_ROW, (f"重み{number}" for number in count(1))
    for lines in groups.values():
        weight = _weight(columns, names, row, lines, facts, combined[lines[0].number])
        row += weight.rows
        found |= dict.fromkeys((line.number for line in lines), weight)
    return found


def _combined(line: SharedLine, facts: Facts) -> Combined | None:
    """The weights in whole numbers, where there is a formula that stays exact."""
    if line.mix is None:
        return None
    figures = [
        facts.figures[line.number, index].values if term.figure else (1,) * len(term.attendance)
        for index, term in enumerate(line.mix.terms)
    ]
    found = combine(line.mix.terms, figures, line.mix.kept)
    if found is None:
        return None
    units = line.sharing.way.unit // line.sharing.common
    return found if sum(found.weights) * units < MOST_WEIGHT else None


def _weight(
    columns: Columns,
    names: Iterator[str],
    row: int,
    lines: Sequence[SharedLine],
    facts: Facts,
    combined: Combined | None,
) -> WeightColumn:
    used, first = uses(line.number for line in lines), lines[0]
    if combined is None or first.mix is None:
        texts = ("重み（値）", used)
        column = columns.add(next(names), texts, first.sharing.weights)
        return WeightColumn(column=column, row=row, used=used)
    terms = tuple(_derived(row, first, facts, combined))
    kept = _kept(columns, first) if not all(first.mix.kept) else None
    plain = len(terms) == 1 and terms[0].figure is None and kept is None
    column = terms[0].attendance
    if not plain:
        texts = ("\n".join(term.label for term in terms), used)
        column = columns.add(next(names), texts, combined.weights, _pattern(terms, kept))
    return WeightColumn(
        column=column, row=row, used=used, terms=terms, multiple=combined.multiple, kept=kept
    )


def _derived(row: int, line: SharedLine, facts: Facts, combined: Combined) -> Iterator[Derived]:
    assert line.mix is not None
    numbers = zip(combined.ratios, combined.sums, combined.constants, strict=True)
    for index, (term, own) in enumerate(zip(line.mix.terms, numbers, strict=True)):
        ratio, whole, constant = own
        yield Derived(
            row=row + index,
            label=term.label,
            attendance=facts.attendances[term.attendance],
            figure=facts.figures.get((line.number, index)),
            ratio=ratio,
            sum=whole,
            constant=constant,
        )


def _kept(columns: Columns, line: SharedLine) -> Column:
    """1 for the members that share the rest again, 0 for those that a bound holds and all others."""
    assert line.mix is not None
    texts = ("上限・下限に\nかからない＝1", uses([line.number]))
    return columns.add(f"対象{line.number}", texts, line.mix.kept)


def _pattern(terms: Sequence[Derived], kept: Column | None) -> str:
    products = "+".join(
        f"{quoted(WEIGHTS)}!${CONSTANT}${term.row + 1}*{term.attendance.beside}"
        + (f"*{term.figure.beside}" if term.figure else "")
        for term in terms
    )
    return f"={kept.beside}*({products})" if kept else f"={products}"


def apart_formula(result: LineResult, base: str, code: str, apart: int) -> str:
    """`=INT($C$6*25/100)`, with 団体別加減; empty where the amount is no percentage of `base`."""
    ratio, position = _ratio(result, code), result.position_of[code]
    adjusted = sum(adjustment.yen[position] for adjustment in result.case.adjustments)
    if ratio is None or result.base * ratio != apart - adjusted:
        return ""
    # A percentage is written as one: 25/100 and not 1/4.
    over = 100 if (ratio * 100).denominator == 1 else ratio.denominator
    if result.base * ratio * over >= MOST_DIGITS:
        return ""
    more = f"{adjusted:+d}" if adjusted else ""
    return f"=INT({base}*{ratio * over}/{over}){more}"


def _ratio(result: LineResult, code: str) -> Fraction | None:
    """Part of 対象額 that the rule gives a member alone; None where it says something else."""
    position = result.position_of[code]
    parts = [part for part in result.case.parts if part.amount and position in part.who]
    ratios = [
        part.clause.share.value
        for part in parts
        if isinstance(part.clause, Split) and isinstance(part.clause.share, Ratio)
    ]
    return sum(ratios, Fraction(0)) if parts and len(ratios) == len(parts) else None
