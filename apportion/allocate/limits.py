"""上限 and 下限 as amounts in yen for each member, and who takes the units that rounding leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.case import BoundUse
from apportion.allocate.rounding import RestRule, cut
from apportion.allocate.who import Circle
from apportion.allocate.words import Words
from apportion.model import Member
from apportion.rulebook import (
    Bound,
    Mode,
    Money,
    Name,
    OfLine,
    RestOrder,
    Rounding,
    Who,
)

POPULATION = "人口"


@dataclass(frozen=True, slots=True)
class Limits:
    """Makes `BoundUse`s. `base` is 対象額 in yen; `previous` gives a member's yen of last year."""

    circle: Circle
    base: int
    unit: int
    previous: Callable[[Member], int | None]

    def use(self, bound: Bound) -> BoundUse:
        """Limits of a bound, floors brought up to the unit and caps down."""
        who = self.circle.positions(bound.who)
        payers = self.circle.positions(_one(bound.payer)) if bound.payer else (None,)
        of = tuple(self._of(bound, self.circle.participants[i].member) for i in who)
        return BoundUse(
            bound=bound,
            who=who,
            limits=tuple(self._limit(bound, yen) for yen in of),
            payer=payers[0] if payers else None,
            of=of,
        )

    def _limit(self, bound: Bound, of: Fraction | None) -> Fraction | None:
        if of is None:
            return None
        exact = of if isinstance(bound.limit, Money) else of * bound.limit.ratio
        mode = Mode.DOWN if bound.upper else Mode.UP
        return Fraction(cut(exact.numerator, exact.denominator * self.unit, mode) * self.unit)

    def _of(self, bound: Bound, member: Member) -> Fraction | None:
        """What the limit is a part of: 対象額 or last year's charge; a stated amount is all of it."""
        if isinstance(bound.limit, Money):
            return bound.limit.yen
        if isinstance(bound.limit, OfLine):
            return Fraction(self.base)
        before = self.previous(member)
        if before is None and not bound.skip_new:
            self.circle.findings.add(
                "W514",
                bound.source,
                f"{member.name}の前年度の負担金がありません。",
                why="「前年度の…%」は、前年度の負担金（previous）を使います。",
                fix="行の終わりに「、前年度のない団体は除く」と書き足すか、"
                "previous に行を足してください。",
            )
        return None if before is None else Fraction(before)


def rest_rule(rounding: Rounding, circle: Circle, words: Words, turn: str) -> RestRule:
    """Order of the rest with its payer, sizes and (輪番) the position whose `turn` it is."""
    if rounding.payer is not None:
        found = circle.positions(_one(rounding.payer))
        return RestRule(order=rounding.rest, payer=found[0] if found else None)
    if rounding.rest is RestOrder.POPULATION:
        name = Name(POPULATION, rounding.source)
        sizes = tuple(words.value(name, p.member) or Fraction(0) for p in circle.participants)
        return RestRule(order=rounding.rest, sizes=sizes)
    if rounding.rest is RestOrder.ROTATION:
        codes = [p.member.code for p in circle.participants]
        first = next((i for i, code in enumerate(codes) if code >= turn), 0)
        return RestRule(order=rounding.rest, first=first)
    return RestRule(order=rounding.rest)


def _one(name: Name) -> Who:
    return Who((name,), (), name.source)
