"""負担割合 lines of one 経費 to parts: how much money each line brings, and by which weights.

Lines may say 残り, so a part's money is ``fixed + slope * R`` in the unknown rest R; R is what makes
the parts add up to 対象額. (`県に 市町村の計と同額` beside `市町村に 残りを …`: each pays half.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from fractions import Fraction
from math import lcm

from apportion.allocate.arith import NoValueError, evaluate
from apportion.allocate.case import DriverUse, Part, Participant, Reading
from apportion.allocate.rounding import cut, integers, lowest
from apportion.allocate.who import Circle
from apportion.allocate.worth import Worth
from apportion.core.dataclass import dataclass
from apportion.core.model import LOCAL, PREFECTURES, Member
from apportion.core.numbers import about, plain
from apportion.core.problem import tell
from apportion.rules.book import Coefficients, Expense, stem
from apportion.rules.nodes import (
    Arith,
    Clause,
    Flat,
    Money,
    Name,
    OwnValue,
    PerUnit,
    Pick,
    RateOf,
    Ratio,
    Reckoned,
    Rest,
    SameAs,
    Share,
    Split,
    Weight,
)

YEN = "円"

UnitClause = Flat | PerUnit | RateOf | OwnValue


@dataclass(frozen=True, slots=True)
class Quantities:
    """Amounts of ずつ, につき, の% and の額 lines."""

    circle: Circle
    words: Worth

    def amounts(self, clause: UnitClause, who: tuple[int, ...]) -> list[Fraction]:
        """Exact yen of each member of `who`, prorated."""
        self._check_unit(clause)
        participants = [self.circle.participants[i] for i in who]
        return [self._amount(clause, participant) for participant in participants]

    def reading(self, clause: UnitClause, who: tuple[int, ...]) -> Reading | None:
        """The figure that the amounts come from; None where the rule itself says them (ずつ)."""
        if isinstance(clause, Flat):
            return None
        members = [self.circle.participants[i].member for i in who]
        return self.words.reading(clause.figure, members)

    def _amount(self, clause: UnitClause, participant: Participant) -> Fraction:
        return participant.part * self._whole_year(clause, participant.member)

    def _whole_year(self, clause: UnitClause, member: Member) -> Fraction:
        if isinstance(clause, Flat):
            return clause.amount.yen
        value = self.words.value(clause.figure, member) or Fraction(0)
        if isinstance(clause, RateOf):
            return value * clause.ratio.value
        if isinstance(clause, OwnValue):
            return value
        units = value / clause.size
        if clause.cut is not None:
            units = Fraction(cut(units.numerator, units.denominator, clause.cut))
        return units * clause.price.yen

    def _check_unit(self, clause: UnitClause) -> None:
        if isinstance(clause, Flat):
            return
        wanted = clause.counter if isinstance(clause, PerUnit) else YEN
        unit = self.words.unit(clause.figure, wanted)
        if unit is not None and unit != wanted:
            self.words.findings.add(
                tell(
                    "W507.unit"
                    if unit and wanted != YEN
                    else "W507.yen"
                    if unit
                    else "W507.unknown",
                    clause.figure.source,
                    name=clause.figure.text,
                    unit=unit,
                    wanted=wanted,
                )
            )


_WHOLES = frozenset(map(Fraction, (1, 100, 1000)))
"""What the parts of a whole add up to: shares, %, ‰."""

PEOPLE = frozenset({"人", "世帯", "戸"})
"""Units whose figure of a 県 is the sum over its towns."""


@dataclass(frozen=True, slots=True)
class Splitter:
    """Makes parts of 総額方式. `carry`: what proration takes off stays open (繰越)."""

    circle: Circle
    words: Worth
    carry: bool

    _made: dict[int, Part] = field(default_factory=dict)

    def part(self, clause: Split, who: tuple[int, ...]) -> Part:
        """Weights of a clause among `who`; its money is not known yet."""
        if id(clause) not in self._made:
            self._made[id(clause)] = self._part(clause, who)
        return self._made[id(clause)]

    def _part(self, clause: Split, who: tuple[int, ...]) -> Part:
        if clause.weights:
            drivers = tuple(
                self._driver(weight, ratio, who)
                for weight, ratio in zip(clause.weights, ratios(clause.weights), strict=True)
            )
        else:
            drivers = (self._alone(clause, who),)
        weights, total = _together_weights(drivers)
        return Part(
            clause=clause,
            who=who,
            amount=Fraction(0),
            drivers=drivers,
            weights=weights,
            total=total,
        )

    def _alone(self, clause: Split, who: tuple[int, ...]) -> DriverUse:
        """`県に 50%`: one member bears the money, no driver is named."""
        if len(who) > 1:
            self.words.findings.add(
                tell("W503", clause.source, count=len(who), line=_with_way(clause))
            )
        return self._use("", Fraction(1), (Fraction(1),) * len(who), who)

    def _driver(self, weight: Weight, ratio: Fraction, who: tuple[int, ...]) -> DriverUse:
        members = [self.circle.participants[i].member for i in who]
        name = weight.driver.text
        if self._counts_twice(weight, members):
            return self._use(name, ratio, (Fraction(0),) * len(who), who)
        found = [self.words.value(weight.driver, member) for member in members]
        values = tuple(value or Fraction(0) for value in found)
        if None not in found:
            self._check_values(weight, values, members)
        made = self._use(name, ratio, values, who)
        return replace(
            made,
            origin=self.words.origin(weight.driver),
            reading=self.words.reading(weight.driver, members),
        )

    def _use(
        self,
        name: str,
        ratio: Fraction,
        values: tuple[Fraction, ...],
        who: tuple[int, ...],
    ) -> DriverUse:
        """A driver with the shares that its values make; all values 0 make no shares."""
        parts = [self.circle.participants[i].part for i in who]
        prorated = [v if part == 1 else v * part for v, part in zip(values, parts, strict=True)]
        units, scale = integers([*values, *prorated])
        weights = units[len(values) :]
        total = sum(units[: len(values)] if self.carry else weights)
        whole = Fraction(total, scale)
        return DriverUse(
            name=name, ratio=ratio, values=values, weights=weights, total=total, whole=whole
        )

    def _counts_twice(self, weight: Weight, members: Sequence[Member]) -> bool:
        """The population of a 県 is the sum of its towns: one 人口割 would count people twice."""
        homes = {m.code[:2] for m in members if m.kind in PREFECTURES}
        if not any(m.kind in LOCAL and m.code[:2] in homes for m in members):
            return False
        column = next((c for c in self.words.figures(weight.driver) if c.unit in PEOPLE), None)
        if column is not None:
            self.words.findings.add(
                tell("W506", weight.source, basis=weight.driver.text, column=column.name)
            )
        return column is not None

    def _check_values(
        self, weight: Weight, values: Sequence[Fraction], members: Sequence[Member]
    ) -> None:
        name = weight.driver.text
        below = [m.name for value, m in zip(values, members, strict=True) if value < 0]
        if below:
            self.words.findings.add(
                tell("W505", weight.source, name=name, below="、".join(below[:5]))
            )
        elif self._is_fixed_table(name) and sum(values) != 1:
            self._not_whole(weight, sum(values, Fraction(0)))
        elif not any(values):
            self.words.findings.add(tell("W504", weight.source, name=name))
        else:
            self._check_rates(weight, sum(values, Fraction(0)), members)

    def _check_rates(self, weight: Weight, whole: Fraction, members: Sequence[Member]) -> None:
        """Parts of a whole (人口 ÷ 人口の計) that no longer add up to it once a 端数 has cut them."""
        exact = self.words.exactly(weight.driver, members)
        if exact in _WHOLES and whole != exact:
            table = self.words.scope.tables[stem(weight.driver.text)]
            self.words.findings.add(
                tell(
                    "W509.cut",
                    table.source,
                    table=table.name.text,
                    whole=plain(whole),
                    exact=plain(exact),
                )
            )

    def _is_fixed_table(self, name: str) -> bool:
        table = self.words.scope.tables.get(stem(name))
        return isinstance(table, Coefficients) and table.percent

    def _not_whole(self, weight: Weight, whole: Fraction) -> None:
        table = self.words.scope.tables[stem(weight.driver.text)]
        self.words.findings.add(
            tell("W509", table.source, table=table.name.text, percent=about(whole))
        )


def _together_weights(drivers: Sequence[DriverUse]) -> tuple[tuple[int, ...], int]:
    """Weights of a clause over one denominator: what all its drivers give, added up."""
    rates = [Fraction(d.ratio, d.total) if d.total else Fraction(0) for d in drivers]
    scale = lcm(*(rate.denominator for rate in rates))
    times = [rate.numerator * (scale // rate.denominator) for rate in rates]
    columns = zip(*(driver.weights for driver in drivers), strict=True)
    weights = (sum(t * w for t, w in zip(times, column, strict=True)) for column in columns)
    return lowest(tuple(weights), scale)


def _with_way(clause: Split) -> str:
    return clause.source.mended(f"{clause.source.words.removesuffix('を')}を 均等割")


def ratios(weights: Sequence[Weight]) -> list[Fraction]:
    """Part of each weight: stated, or (残り, or a single weight without one) what the others leave."""
    stated = [w.ratio.value if isinstance(w.ratio, Ratio) else None for w in weights]
    left = 1 - sum((ratio for ratio in stated if ratio is not None), Fraction(0))
    return [left if ratio is None else ratio for ratio in stated]


def is_unit_price(clauses: Sequence[Clause]) -> bool:
    """単価方式: no line speaks of a part of 対象額."""
    return bool(clauses) and all(
        isinstance(clause.share, Money | Reckoned)
        for clause in clauses
        if isinstance(clause, Split)
    )


@dataclass(frozen=True, slots=True)
class Pot:
    """Money of a part before the rest R is known: ``fixed + slope * R`` yen."""

    fixed: Fraction
    slope: Fraction = Fraction(0)

    def times(self, factor: Fraction) -> "Pot":
        """A part of this money."""
        return Pot(self.fixed * factor, self.slope * factor)

    def at(self, rest: Fraction) -> Fraction:
        """Yen once R is known."""
        return self.fixed + self.slope * rest


def _together(pots: Iterator[Pot]) -> Pot:
    listed = list(pots)
    fixed = sum((pot.fixed for pot in listed), Fraction(0))
    return Pot(fixed, sum((pot.slope for pot in listed), Fraction(0)))


@dataclass(frozen=True, slots=True)
class Parts:
    """Makes the parts of one line. `base` is 対象額 in yen."""

    circle: Circle
    words: Worth
    splitter: Splitter
    base: int

    def of(self, expense: Expense) -> tuple[Part, ...]:
        """All parts with their money; what does not add up becomes a finding."""
        filled = [(part, pot) for clause in expense.clauses for part, pot in self._own(clause)]
        filled += [
            (part, pot) for clause in expense.clauses for part, pot in self._same(clause, filled)
        ]
        rest = Fraction(0)
        told = len(filled) < len(expense.clauses)  # who pays a line is not known: that is told
        if not told and not is_unit_price(expense.clauses):
            rest = self._rest(expense, _together(pot for _, pot in filled))
        return tuple(replace(part, amount=pot.at(rest)) for part, pot in filled)

    def _own(self, clause: Clause) -> Iterator[tuple[Part, Pot]]:
        """Part of a clause that does not look at other members."""
        who = () if isinstance(clause, SameAs) else self.circle.positions(clause.who)
        if not who or isinstance(clause, SameAs):
            return
        if isinstance(clause, Split):
            part = self.splitter.part(clause, who)
            if isinstance(clause.share, Reckoned):
                yield self._reckoned(part, clause.share)
            else:
                yield part, self._pot(clause.share)
            return
        quantities = Quantities(self.circle, self.words)
        weights, scale = integers(quantities.amounts(clause, who))
        part = replace(_fixed_part(clause, who, weights), reading=quantities.reading(clause, who))
        yield part, Pot(Fraction(sum(weights), scale))

    def _same(self, clause: Clause, others: list[tuple[Part, Pot]]) -> Iterator[tuple[Part, Pot]]:
        """`県に 市町村の計と同額`: the money of the members named, added up."""
        if not isinstance(clause, SameAs):
            return
        who = self.circle.positions(clause.who)
        of = set(self.circle.positions(clause.of))
        if not who:
            return  # told already
        if len(who) > 1 or of & set(who):
            self._not_one(clause, tuple(of & set(who)))
            return
        yield (
            replace(_fixed_part(clause, who, (1,)), of=tuple(sorted(of))),
            _together(pot.times(_portion(part, of)) for part, pot in others),
        )

    def _reckoned(self, part: Part, share: Reckoned) -> tuple[Part, Pot]:
        """小さい方（予算額、需要額の計）を: the part with what each term is worth, and its money."""
        before, money = self.words.findings.faults, self._worth(share.formula)
        sound = self.words.findings.faults == before
        terms = share.formula.terms if sound and isinstance(share.formula, Pick) else ()
        return replace(part, picked=tuple(map(self._worth, terms))), Pot(money)

    def _worth(self, term: Arith) -> Fraction:
        """Yen of a formula in which only sums and numbers of the line stand; 0 after a finding."""
        try:
            return evaluate(term, self._of_line, self.words.total) or Fraction(0)
        except NoValueError:
            self.words.findings.add(tell("W408.share", term.source))
            return Fraction(0)

    def _of_line(self, name: Name) -> Fraction | None:
        """予算額 and its columns; what each member has of its own is no amount of the line."""
        column = (
            None if stem(name.text) in self.words.scope.tables else self.words.columns.find(name)
        )
        if column is not None and column.shared:
            return next(iter(column.values.values()), None)
        if column is not None or stem(name.text) in self.words.scope.tables:
            new = f"{name.source.words}の計"
            self.words.findings.add(tell("W408.own", name.source, name=name.text, new=new))
        return None

    def _pot(self, share: Share | None) -> Pot:
        if share is None:
            return Pot(Fraction(self.base))
        if isinstance(share, Ratio):
            return Pot(self.base * share.value)
        if isinstance(share, Rest):
            return Pot(Fraction(0), share.part)
        return Pot(share.yen)

    def _rest(self, expense: Expense, whole: Pot) -> Fraction:
        """The rest R that makes the parts add up to 対象額."""
        left = self.base - whole.fixed
        if whole.slope:
            if left * self.base < 0:
                self.words.findings.add(
                    tell("W502", expense.source, fixed=_yen(whole.fixed), base=self.base)
                )
            return left / whole.slope
        if left:
            self._open(expense, whole.fixed)
        return Fraction(0)

    def _open(self, expense: Expense, fixed: Fraction) -> None:
        last = _last_share(expense)
        self.words.findings.add(
            tell(
                "W501.rest" if last else "W501",
                last.source if last else expense.source,
                fixed=_yen(fixed),
                base=self.base,
                difference=_yen(self.base - fixed),
                new="残り",
            )
        )

    def _not_one(self, clause: SameAs, inside: tuple[int, ...]) -> None:
        names = [self.circle.participants[position].member.name for position in inside]
        mend = "負担割合: 県に 市町村の計と同額"
        if len(names) == 1 and not clause.of.excluded:
            mend = clause.of.source.mended(f"{clause.of.source.words}（{names[0]}を除く）")
        self.words.findings.add(tell("W508", clause.source, mend=mend))


def _last_share(expense: Expense) -> Share | Reckoned | None:
    """What stands last before を: it becomes 残り where the lines do not add up."""
    shares = [clause.share for clause in expense.clauses if isinstance(clause, Split)]
    return shares[-1] if shares else None


def _fixed_part(clause: Clause, who: tuple[int, ...], weights: tuple[int, ...]) -> Part:
    return Part(
        clause=clause,
        who=who,
        amount=Fraction(0),
        drivers=(),
        weights=weights,
        total=sum(weights) or 1,
        fixed=True,
    )


def _portion(part: Part, positions: set[int]) -> Fraction:
    """Which part of a part's money falls on the members at `positions`."""
    inside = sum(w for i, w in zip(part.who, part.weights, strict=True) if i in positions)
    return Fraction(inside, part.total)


def _yen(amount: Fraction) -> str:
    return f"{int(amount):,}" if amount.denominator == 1 else f"約{int(amount):,}"
