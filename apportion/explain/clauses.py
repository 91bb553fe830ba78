"""Steps through the 負担割合 lines: the money of each, and the member's part of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.case import Case, DriverUse, Part, Reading
from apportion.explain.readings import Reader, title
from apportion.explain.steps import BODIES, PERIOD, RATE, Operand, Step, Term, term
from apportion.explain.units import Units
from apportion.explain.words import percent, value_of
from apportion.rulebook import EQUAL, Money, Ratio, Rest, Split
from apportion.rulebook.book import stem


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

    def steps(self) -> Iterator[Step]:
        """Every line that means the member; the steps whose keys end in `.yen` add up to its share."""
        for number, part in enumerate(self.case.parts, start=1):
            if self.position not in part.who:
                continue
            key = f"line{number}"
            yield Step(key=key, label=part.clause.source.text.strip(), source=part.clause.source)
            if part.fixed:
                units = Units(self.case.parts, part, self.reader, self.period)
                yield from units.steps(key, part.who.index(self.position))
            else:
                yield from self._split(part, key)

    @property
    def period(self) -> tuple[Operand, ...]:
        """The part of the year as a factor; nothing for the whole year."""
        part = self.case.participants[self.position].part
        return () if part == 1 else (Operand(value=part, unit=PERIOD, step="period"),)

    def _split(self, part: Part, key: str) -> Iterator[Step]:
        money = self.base
        for step in self._money(part, key):
            yield step
            money = step.operand()
        for number, driver in enumerate(part.drivers, start=1):
            own = f"{key}.driver{number}"
            if driver.reading is None or stem(driver.name) == stem(EQUAL):
                yield from self._equal(part, driver, money, own)
            else:
                yield from self._by_value(part, driver, driver.reading, money, own)

    def _money(self, part: Part, key: str) -> Iterator[Step]:
        """What the line shares; nothing to say where that is the whole 対象額."""
        share = part.clause.share if isinstance(part.clause, Split) else None
        if share is not None:
            terms = self._rest(part) if isinstance(share, Rest) else [self._own(part)]
            yield Step(
                key=f"{key}.money",
                label="この行で分ける額",
                value=part.amount,
                terms=tuple(terms),
                source=part.clause.source,
                depth=1,
            )

    def _own(self, part: Part) -> Term:
        """Money of a line that does not depend on what the others leave."""
        share = part.clause.share if isinstance(part.clause, Split) else None
        if isinstance(share, Ratio):
            return term(self.base, Operand(value=share.value, unit=RATE, source=share.source))
        line = part.clause.source
        label = "定額" if isinstance(share, Money) else f"「{value_of(line.text)}」の額"
        return term(Operand(value=part.amount, label=label, source=line))

    def _rest(self, part: Part) -> Iterator[Term]:
        """残り: 対象額 without the other lines; several lines of 残り share it by their parts."""
        parts = [(other, _rest_of(other)) for other in self.case.parts]
        scale = _rest_of(part) / sum(share for _, share in parts)
        factor = () if scale == 1 else (Operand(value=scale, unit=RATE, label="残りの割合"),)
        yield term(self.base, *factor)
        for other, share in parts:
            if not share:
                yield term(*self._own(other).factors, *factor, minus=True)

    def _equal(self, part: Part, driver: DriverUse, money: Operand, key: str) -> Iterator[Step]:
        """均等割, or a line that one member bears."""
        heads = Operand(value=driver.whole, unit=BODIES)
        if driver.whole != len(part.who):
            whole = self._periods(part, driver, key)
            yield whole
            heads = whole.operand()
        factors = (money, *_ratio(part, driver), *self.period)
        yield Step(
            key=f"{key}.yen",
            label=_label(driver) or "この団体の分",
            value=part.amount * driver.shares[part.who.index(self.position)],
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
            source=part.clause.source,
            depth=1,
        )

    def _by_value(
        self, part: Part, driver: DriverUse, reading: Reading, money: Operand, key: str
    ) -> Iterator[Step]:
        index = part.who.index(self.position)
        words = f"{title(driver.name, reading, self.reader.scope)}で分けます。"
        line = part.clause.source
        yield Step(key=key, label=_label(driver), words=words, source=line, depth=1)
        yield from self.reader.steps(driver.name, reading, index, f"{key}.value")
        value = Operand(value=driver.values[index], unit=reading.unit, step=f"{key}.value")
        whole = self._whole(part, driver, reading, key)
        yield whole
        factors = (money, *_ratio(part, driver), value, *self.period)
        yield Step(
            key=f"{key}.yen",
            label=f"{driver.name}の分",
            value=part.amount * driver.shares[index],
            terms=(term(*factors, over=(whole.operand(),)),),
            source=line,
            depth=2,
        )

    def _whole(self, part: Part, driver: DriverUse, reading: Reading, key: str) -> Step:
        """The values of all that share, added up."""
        return Step(
            key=f"{key}.whole",
            label=f"{len(part.who)}団体の計",
            value=driver.whole,
            unit=reading.unit,
            terms=tuple(self._members(part, driver.values, reading)),
            source=driver.origin,
            depth=2,
        )

    def _members(self, part: Part, values: Sequence[Fraction], reading: Reading) -> Iterator[Term]:
        for position, value, place in zip(part.who, values, reading.places, strict=True):
            participant = self.case.participants[position]
            name = participant.member.name
            own = Operand(value=value, unit=reading.unit, label=name, source=place)
            period = Operand(value=participant.part, unit=PERIOD)
            yield term(own) if self.carry or participant.part == 1 else term(own, period)


def _rest_of(part: Part) -> Fraction:
    """Which part of 残り a line takes; 0 for a line that takes none."""
    share = part.clause.share if isinstance(part.clause, Split) else None
    return share.part if isinstance(share, Rest) else Fraction(0)


def _ratio(part: Part, driver: DriverUse) -> tuple[Operand, ...]:
    ratio = Operand(value=driver.ratio, unit=RATE, source=part.clause.source)
    return () if driver.ratio == 1 else (ratio,)


def _label(driver: DriverUse) -> str:
    return driver.name if driver.ratio == 1 else f"{driver.name} {percent(driver.ratio)}"
