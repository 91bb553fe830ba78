"""Steps through the 負担割合 lines: the money of each, and the member's part of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from fractions import Fraction
from functools import partial

from apportion.allocate.case import Case, DriverUse, Part, Reading
from apportion.allocate.rounding import cut
from apportion.core.dataclass import dataclass
from apportion.core.problem import Source
from apportion.explain.steps import (
    BODIES,
    LARGEST,
    PERIOD,
    RATE,
    SMALLEST,
    Cut,
    Operand,
    Product,
    Step,
    percent,
    period,
    term,
    value_of,
)
from apportion.explain.values import Reader
from apportion.rules.book import Scope, stem
from apportion.rules.nodes import (
    EQUAL,
    Flat,
    Money,
    OwnValue,
    PerUnit,
    Pick,
    RateOf,
    Ratio,
    Reckoned,
    Rest,
    SameAs,
    Split,
)
from apportion.rules.spell.phrases import AMONG_WORDS, bare, formula


def title(name: str, reading: Reading, scope: Scope) -> str:
    """What a driver shares by: `国勢調査人口`, `段階表「人口区分割」`."""
    table = scope.tables.get(stem(name))
    if table is not None:
        return f"{_KINDS[type(table).__name__]}「{table.name.text}」"
    return reading.figures[0].name


_KINDS = {"Basis": "基準", "TierTable": "段階表", "Coefficients": "係数表"}


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
            terms: tuple[Product, ...] = tuple(self._repeated())
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

    def _repeated(self) -> Iterator[Product]:
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


def _priced(clause: Figured, factors: list[Operand], period: tuple[Operand, ...]) -> Product:
    if isinstance(clause, OwnValue):
        return term(*factors, *period)
    if isinstance(clause, RateOf):
        rate = Operand(value=clause.ratio.value, unit=RATE, source=clause.ratio.source)
        return term(*factors, rate, *period)
    price = Operand(value=clause.price.yen, source=clause.price.source)
    whole = clause.size == 1 or clause.cut is not None
    size = () if whole else (Operand(value=clause.size, unit=clause.counter),)
    return term(*factors, price, *period, over=size)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the explanations of one 経費 have in common for all members, worked out once."""

    case: Case
    _places: dict[int, dict[int, int]] = field(default_factory=dict)
    _steps: dict[str, Step] = field(default_factory=dict)

    def index(self, number: int, position: int) -> int | None:
        """Place of a member among those that line `number` means; None where it does not."""
        if number not in self._places:
            who = self.case.parts[number - 1].who
            self._places[number] = {own: place for place, own in enumerate(who)}
        return self._places[number].get(position)

    def step(self, key: str, make: Callable[[], Step]) -> Step:
        """A step that is the same for everybody."""
        if key not in self._steps:
            self._steps[key] = make()
        return self._steps[key]


@dataclass(frozen=True, slots=True)
class Clauses:
    """Explains the parts of one 経費 for the member at `position`.

    `base` is 対象額 as a number of formulas. `carry`: what proration takes off stays open (繰越).
    """

    case: Case
    position: int
    reader: Reader
    base: Operand
    carry: bool
    shared: Shared

    def steps(self) -> Iterator[Step]:
        """Every line that means the member; the steps whose keys end in `.yen` add up to its share."""
        for number, part in enumerate(self.case.parts, start=1):
            index = self.shared.index(number, self.position)
            if index is None:
                continue
            key = f"line{number}"
            yield self.shared.step(key, partial(_heading, part, key))
            if part.fixed:
                units = Units(self.case.parts, part, self.reader, self.period)
                yield from units.steps(key, index)
            else:
                yield from self._split(part, key, index)

    @property
    def period(self) -> tuple[Operand, ...]:
        """The part of the year as a factor; nothing for the whole year."""
        part = self.case.participants[self.position].part
        return () if part == 1 else (Operand(value=part, unit=PERIOD, step="period"),)

    def _split(self, part: Part, key: str, index: int) -> Iterator[Step]:
        money = self.base
        for step in self._money(part, key):
            yield step
            money = step.operand()
        for number, driver in enumerate(part.drivers, start=1):
            own = f"{key}.driver{number}"
            if driver.reading is None or stem(driver.name) == stem(EQUAL):
                yield from self._equal(part, driver, money, own, index)
            else:
                yield from self._by_value(part, driver, driver.reading, money, own, index)

    def _money(self, part: Part, key: str) -> Iterator[Step]:
        """What the line shares; nothing to say where that is the whole 対象額."""
        share = part.clause.share if isinstance(part.clause, Split) else None
        if share is not None:
            yield self.shared.step(f"{key}.money", partial(self._shared_money, part, key))

    def _shared_money(self, part: Part, key: str) -> Step:
        assert isinstance(part.clause, Split)
        if isinstance(part.clause.share, Reckoned):
            return self._reckoned(part, part.clause.share, key)
        is_rest = isinstance(part.clause.share, Rest)
        return Step(
            key=f"{key}.money",
            label="この行で分ける額",
            value=part.amount,
            terms=tuple(self._rest(part) if is_rest else [self._own(part)]),
            source=part.clause.source,
            depth=1,
        )

    def _reckoned(self, part: Part, share: Reckoned, key: str) -> Step:
        """小さい方（…）を: which of the amounts it is."""
        picked = share.formula if isinstance(share.formula, Pick) else None
        pairs = zip(picked.terms if picked else (), part.picked, strict=True)
        count = Operand(value=Fraction(len(part.picked)), unit="")
        mean = picked is not None and picked.function not in (LARGEST, SMALLEST)
        return Step(
            key=f"{key}.money",
            label="この行で分ける額",
            value=part.amount,
            terms=tuple(
                term(
                    Operand(value=value, label=bare(formula(of), AMONG_WORDS), source=of.source),
                    over=(count,) if mean else (),
                )
                for of, value in pairs
            ),
            by=picked.function if picked and not mean else "",
            words=share.source.words,
            source=share.source,
            depth=1,
        )

    def _own(self, part: Part) -> Product:
        """Money of a line that does not depend on what the others leave."""
        share = part.clause.share if isinstance(part.clause, Split) else None
        if isinstance(share, Ratio):
            return term(self.base, Operand(value=share.value, unit=RATE, source=share.source))
        line = part.clause.source
        label = "定額" if isinstance(share, Money) else f"「{value_of(line.text)}」の額"
        return term(Operand(value=part.amount, label=label, source=line))

    def _rest(self, part: Part) -> Iterator[Product]:
        """残り: 対象額 without the other lines; several lines of 残り share it by their parts."""
        parts = [(other, _rest_of(other)) for other in self.case.parts]
        scale = _rest_of(part) / sum(share for _, share in parts)
        factor = () if scale == 1 else (Operand(value=scale, unit=RATE, label="残りの割合"),)
        yield term(self.base, *factor)
        for other, share in parts:
            if not share:
                yield term(*self._own(other).factors, *factor, minus=True)

    def _equal(
        self, part: Part, driver: DriverUse, money: Operand, key: str, index: int
    ) -> Iterator[Step]:
        """均等割, or a line that one member bears."""
        heads = Operand(value=driver.whole, unit=BODIES)
        if driver.whole != len(part.who):
            whole = self.shared.step(f"{key}.whole", lambda: self._periods(part, driver, key))
            yield whole
            heads = whole.operand()
        factors = (money, *_ratio(part, driver), *self.period)
        yield Step(
            key=f"{key}.yen",
            label=_label(driver) or "この団体の分",
            value=part.amount * driver.share(index),
            terms=(term(*factors, over=() if driver.whole == 1 else (heads,)),),
            source=part.clause.source,
            depth=1,
        )

    def _periods(self, part: Part, driver: DriverUse, key: str) -> Step:
        """均等割 in a year in which not everybody takes part all the time."""
        people = [self.case.participants[position] for position in part.who]
        return Step(
            key=f"{key}.whole",
            label="参加する期間の計",
            value=driver.whole,
            unit=BODIES,
            terms=tuple(
                term(Operand(value=p.part, unit=PERIOD, label=p.member.name)) for p in people
            ),
            words=_periods_said([p.part for p in people]),
            source=part.clause.source,
            depth=1,
        )

    def _by_value(
        self,
        part: Part,
        driver: DriverUse,
        reading: Reading,
        money: Operand,
        key: str,
        index: int,
    ) -> Iterator[Step]:
        line = part.clause.source
        yield self.shared.step(key, lambda: self._driver(driver, reading, key, line))
        yield from self.reader.steps(driver.name, reading, index, f"{key}.value")
        value = Operand(value=driver.values[index], unit=reading.unit, step=f"{key}.value")
        whole = self.shared.step(f"{key}.whole", lambda: self._whole(part, driver, reading, key))
        yield whole
        factors = (money, *_ratio(part, driver), value, *self.period)
        yield Step(
            key=f"{key}.yen",
            label=f"{driver.name}の分",
            value=part.amount * driver.share(index),
            terms=(term(*factors, over=(whole.operand(),)),),
            source=line,
            depth=2,
        )

    def _driver(self, driver: DriverUse, reading: Reading, key: str, line: Source) -> Step:
        words = f"{title(driver.name, reading, self.reader.scope)}で分けます。"
        return Step(key=key, label=_label(driver), words=words, source=line, depth=1)

    def _whole(self, part: Part, driver: DriverUse, reading: Reading, key: str) -> Step:
        """The values of all that share, added up."""
        return Step(
            key=f"{key}.whole",
            label=f"{len(part.who)}団体の計",
            value=driver.whole,
            unit=reading.unit,
            terms=tuple(self._members(part, driver.values, reading)),
            words=_PARTS_COUNT if self._is_partial(part) else "",
            source=driver.origin,
            depth=2,
        )

    def _is_partial(self, part: Part) -> bool:
        """Whether a body that takes part in some months counts with so much of its value."""
        return not self.carry and any(self.case.participants[n].part != 1 for n in part.who)

    def _members(
        self, part: Part, values: Sequence[Fraction], reading: Reading
    ) -> Iterator[Product]:
        for position, value, place in zip(part.who, values, reading.places, strict=True):
            participant = self.case.participants[position]
            name = participant.member.name
            own = Operand(value=value, unit=reading.unit, label=name, source=place)
            period = Operand(value=participant.part, unit=PERIOD)
            yield term(own) if self.carry or participant.part == 1 else term(own, period)


def _heading(part: Part, key: str) -> Step:
    """A line as it is written."""
    return Step(key=key, label=part.clause.source.text.strip(), source=part.clause.source)


_PARTS_COUNT = "途中参加の団体の値には、参加する期間を掛けます。"


def _periods_said(parts: Sequence[Fraction]) -> str:
    """`12/12が52団体、9/12が1団体`."""
    counted = sorted(Counter(parts).items(), reverse=True)
    return "、".join(f"{period(part)}が{count}団体" for part, count in counted)


def _rest_of(part: Part) -> Fraction:
    """Which part of 残り a line takes; 0 for a line that takes none."""
    share = part.clause.share if isinstance(part.clause, Split) else None
    return share.part if isinstance(share, Rest) else Fraction(0)


def _ratio(part: Part, driver: DriverUse) -> tuple[Operand, ...]:
    ratio = Operand(value=driver.ratio, unit=RATE, source=part.clause.source)
    return () if driver.ratio == 1 else (ratio,)


def _label(driver: DriverUse) -> str:
    return driver.name if driver.ratio == 1 else f"{driver.name} {percent(driver.ratio)}"
