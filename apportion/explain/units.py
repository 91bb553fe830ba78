"""Steps through the lines whose amounts do not scale: ずつ, につき, の%, の額, の計と同額."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.case import Part
from apportion.allocate.rounding import cut
from apportion.explain.readings import Reader
from apportion.explain.steps import RATE, Cut, Operand, Step, Term, term
from apportion.explain.words import value_of
from apportion.rulebook import Flat, OwnValue, PerUnit, RateOf, SameAs

Figured = PerUnit | RateOf | OwnValue


@dataclass(frozen=True, slots=True)
class Units:
    """Explains one such `part` among all `parts`; `period` is the part of the year as a factor."""

    parts: Sequence[Part]
    part: Part
    reader: Reader
    period: tuple[Operand, ...]

    def steps(self, key: str, index: int) -> Iterator[Step]:
        """The member's own figure and (last) its yen; `index` is its place in ``part.who``."""
        clause = self.part.clause
        if isinstance(clause, SameAs):
            terms: tuple[Term, ...] = tuple(self._repeated())
        elif isinstance(clause, Flat):
            each = Operand(value=clause.amount.yen, source=clause.amount.source)
            terms = (term(each, *self.period),)
        else:
            assert isinstance(clause, Figured)
            value = self._value(clause, key, index)
            yield from value
            factors = [value[-1].operand()]
            if isinstance(clause, PerUnit) and clause.cut is not None:
                counted = _counted(clause, value[-1], key)
                yield counted
                factors = [counted.operand()]
            terms = (_priced(clause, factors, self.period),)
        yield Step(
            key=f"{key}.yen",
            label=f"{clause.figure.text}の分" if isinstance(clause, Figured) else "この行の分",
            value=self.part.amount * self.part.weights[index] / self.part.total,
            terms=terms,
            words=_together(clause) if isinstance(clause, SameAs) else "",
            source=clause.source,
            depth=1,
        )

    def _value(self, clause: Figured, key: str, index: int) -> list[Step]:
        assert self.part.reading is not None
        name = clause.figure.text
        return list(self.reader.steps(name, self.part.reading, index, f"{key}.value"))

    def _repeated(self) -> Iterator[Term]:
        """What the others pay together, line by line."""
        of = set(self.part.of)
        for other in self.parts:
            pairs = zip(other.who, other.weights, strict=True)
            inside = sum(weight for position, weight in pairs if position in of)
            if inside and not isinstance(other.clause, SameAs):
                line = other.clause.source
                money = Operand(value=other.amount, label=value_of(line.text), source=line)
                share = Fraction(inside, other.total)
                yield term(money, Operand(value=share, unit=RATE, label="その団体の分"))


def _together(clause: SameAs) -> str:
    return f"{'、'.join(name.text for name in clause.of.names)}の、各行の額のうちの分を合わせます。"


def _counted(clause: PerUnit, value: Step, key: str) -> Step:
    """How many times the unit of the price goes into the figure."""
    assert clause.cut is not None
    assert value.value is not None
    times = value.value / clause.size
    size = Operand(value=clause.size, unit=clause.counter, source=clause.source)
    return Step(
        key=f"{key}.units",
        label="単位の数",
        value=Fraction(cut(times.numerator, times.denominator, clause.cut)),
        unit="",
        terms=(term(value.operand(), over=(size,)),),
        cut=Cut(1, clause.cut),
        words=f"{clause.counter}の数を単位で割り、端数は{clause.cut.value}にします。",
        source=clause.source,
        depth=2,
    )


def _priced(clause: Figured, factors: list[Operand], period: tuple[Operand, ...]) -> Term:
    if isinstance(clause, OwnValue):
        return term(*factors, *period)
    if isinstance(clause, RateOf):
        rate = Operand(value=clause.ratio.value, unit=RATE, source=clause.ratio.source)
        return term(*factors, rate, *period)
    price = Operand(value=clause.price.yen, source=clause.price.source)
    whole = clause.size == 1 or clause.cut is not None
    size = () if whole else (Operand(value=clause.size, unit=clause.counter),)
    return term(*factors, price, *period, over=size)
