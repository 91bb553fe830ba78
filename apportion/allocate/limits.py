"""上限 and 下限 as amounts in yen for each member, and who takes the units that rounding leaves."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from apportion.allocate.case import BoundUse, Reading
from apportion.allocate.rounding import RestRule, cut
from apportion.allocate.who import Circle
from apportion.allocate.worth import Worth
from apportion.core.dataclass import dataclass
from apportion.core.model import Member, PastCharge
from apportion.core.numbers import plain
from apportion.core.problem import tell
from apportion.rules.nodes import (
    Bound,
    Mode,
    Money,
    Name,
    OfLine,
    OfOwn,
    OfPrevious,
    OwnFormula,
    Pick,
    RestOrder,
    Rounding,
    Who,
)

POPULATION = "人口"


@dataclass(frozen=True, slots=True)
class Limits:
    """Makes `BoundUse`s. `base` is 対象額 in yen; `previous` gives a member's charges of last year.

    `free` are the amounts before bounds, by position; `words` what formulas give (none in a head).
    """

    circle: Circle
    base: int
    unit: int
    previous: Callable[[Member], Sequence[PastCharge]]
    free: Sequence[Fraction]
    words: Worth | None = None

    def use(self, bound: Bound) -> BoundUse:
        """Limits of a bound, floors brought up to the unit and caps down."""
        who = self.circle.positions(bound.who)
        payers = self.circle.positions(bound.payer) if bound.payer else ()
        before = self.circle.findings.faults
        past = tuple(self._past(bound, self.circle.participants[i].member) for i in who)
        told = self.circle.findings.faults > before
        if who and not told and not any(past) and isinstance(bound.limit, OfPrevious):
            self.circle.findings.add(tell("W516", bound.source))
        return BoundUse(
            bound=bound,
            who=who,
            limits=tuple(self._limit(bound, i, p) for i, p in zip(who, past, strict=True)),
            payers=payers,
            past=past,
            reading=self._reading(bound, who),
        )

    def _reading(self, bound: Bound, who: Sequence[int]) -> Reading | None:
        """What a formula gives each member."""
        if not isinstance(bound.limit, OwnFormula) or self.words is None:
            return None
        if not bound.limit.unit:
            name, source = bound.limit.text, bound.limit.source
            self.circle.findings.add(tell("W507.formula", source, name=name))
        return self.words.reading(bound.limit, [self.circle.participants[i].member for i in who])

    def _limit(self, bound: Bound, position: int, past: Sequence[PastCharge]) -> Fraction | None:
        if isinstance(bound.limit, Money):
            exact = bound.limit.yen
        elif isinstance(bound.limit, OfLine):
            exact = self.base * bound.limit.ratio
        elif isinstance(bound.limit, OfOwn):
            exact = self.free[position] * bound.limit.ratio
        elif isinstance(bound.limit, OwnFormula):
            member = self.circle.participants[position].member
            found = self.words.value(bound.limit, member) if self.words else None
            if found is None:
                return None
            exact = found
            if bound.upper and exact < 0:
                self._below_nothing(bound.limit, member, exact)
        elif past:
            exact = sum(charge.yen for charge in past) * bound.limit.ratio
        else:
            return None
        mode = Mode.DOWN if bound.upper else Mode.UP
        return Fraction(cut(exact.numerator, exact.denominator * self.unit, mode) * self.unit)

    def _below_nothing(self, limit: OwnFormula, member: Member, exact: Fraction) -> None:
        """A cap of less than nothing would pay money out."""
        new = f"大きい方（{limit.text.removeprefix('（').removesuffix('）')}、0円）"
        if isinstance(limit.formula, Pick):
            new = f"大きい方（{limit.text}、0円）"
        self.circle.findings.add(
            tell(
                "W334.below",
                limit.source,
                member=member.name,
                yen=f"-{plain(-exact)}",
                line=limit.source.mended(new),
            )
        )

    def _past(self, bound: Bound, member: Member) -> tuple[PastCharge, ...]:
        """Last year's charges, where the limit is a part of them."""
        if not isinstance(bound.limit, OfPrevious):
            return ()
        if self.circle.tables.previous is None:
            self.circle.findings.add(tell("W515", bound.source))
            return ()
        charges = tuple(self.previous(member))
        if charges and self.circle.findings.in_file(charges[0].source.file):
            self.circle.findings.follow()  # an amount that cannot be read counts as 0 there
            return ()
        if not charges and not bound.skip_new:
            self.circle.findings.add(
                tell(
                    "W514",
                    bound.source,
                    member=member.name,
                    new=f"{bound.source.words}、前年度のない団体は除く",
                )
            )
        return charges


def nested(uses: Sequence[BoundUse]) -> tuple[BoundUse, ...]:
    """Lines for some within lines for more: of the same side, the narrower one holds for its members.

    Both are then solved among the members of the wider line.
    """
    return tuple(_within(_without(use, uses), uses) for use in uses)


def _without(use: BoundUse, uses: Sequence[BoundUse]) -> BoundUse:
    """A line without the limits of members that a narrower line of its side names."""
    narrower = {
        position
        for other in uses
        if other.bound.upper == use.bound.upper and set(other.who) < set(use.who)
        if not isinstance(other.bound.limit, OfOwn)  # 減免 and a 上限 for all hold both
        for position in other.who
    }
    if not narrower:
        return use
    pairs = zip(use.who, use.limits, strict=True)
    limits = tuple(None if position in narrower else limit for position, limit in pairs)
    return replace(use, limits=limits)


def _within(use: BoundUse, uses: Sequence[BoundUse]) -> BoundUse:
    """A line spread over the members of the widest line that has all of its own."""
    wider = [other.who for other in uses if set(other.who) > set(use.who)]
    if not wider or not use.who:
        return use
    whole = max(wider, key=len)
    place = {position: index for index, position in enumerate(use.who)}
    found = [place.get(position) for position in whole]
    return replace(
        use,
        who=whole,
        limits=tuple(None if i is None else use.limits[i] for i in found),
        past=tuple(() if i is None else use.past[i] for i in found) if use.past else (),
        named=use.who,
    )


def rest_rule(rounding: Rounding, circle: Circle, words: Worth, turn: str) -> RestRule:
    """Order of the rest with its payer, sizes and (輪番) the position whose `turn` it is."""
    if rounding.payer is not None:
        found = circle.positions(_listed(rounding.payer))
        if len(found) > 1:  # no order among them is stated
            name = rounding.payer
            circle.findings.add(tell("W503.rest", name.source, name=name.text, count=len(found)))
        return RestRule(order=rounding.rest, payer=found[0]) if found else RestRule()
    if rounding.rest is RestOrder.POPULATION:
        name = Name(POPULATION, rounding.source)
        sizes = tuple(words.value(name, p.member) or Fraction(0) for p in circle.participants)
        return RestRule(order=rounding.rest, sizes=sizes)
    if rounding.rest is RestOrder.ROTATION:
        codes = [p.member.code for p in circle.participants]
        first = next((i for i, code in enumerate(codes) if code >= turn), 0)
        return RestRule(order=rounding.rest, first=first)
    return RestRule(order=rounding.rest)


def _listed(name: Name) -> Who:
    """The one who bears the rest, or all of `A市、D市`: that they are several is told."""
    names = (Name(text.strip(), name.source) for text in name.text.split("、"))
    return Who(tuple(names), (), name.source)
