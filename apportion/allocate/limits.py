"""上限 and 下限 as amounts in yen for each member, and who takes the units that rounding leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.case import BoundUse
from apportion.allocate.rounding import RestRule, cut
from apportion.allocate.who import Circle
from apportion.allocate.words import Words
from apportion.model import BudgetLine, Member
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

Previous = Callable[[Member, BudgetLine], Fraction | None]
"""Last year's charge of a member for the line, in yen; None where there was none."""

POPULATION = "人口"


@dataclass(frozen=True, slots=True)
class Limits:
    """Makes `BoundUse`s of one line. `base` is 対象額 in yen."""

    circle: Circle
    line: BudgetLine
    base: int
    unit: int
    previous: Previous

    def use(self, bound: Bound) -> BoundUse:
        """Limits of a bound, floors brought up to the unit and caps down."""
        who = self.circle.positions(bound.who)
        payers = self.circle.positions(_one(bound.payer)) if bound.payer else (None,)
        return BoundUse(
            bound=bound,
            who=who,
            limits=tuple(self._limit(bound, self.circle.participants[i].member) for i in who),
            payer=payers[0] if payers else None,
        )

    def _limit(self, bound: Bound, member: Member) -> Fraction | None:
        exact = self._exact(bound, member)
        if exact is None:
            return None
        mode = Mode.DOWN if bound.upper else Mode.UP
        return Fraction(cut(exact.numerator, exact.denominator * self.unit, mode) * self.unit)

    def _exact(self, bound: Bound, member: Member) -> Fraction | None:
        if isinstance(bound.limit, Money):
            return bound.limit.yen
        if isinstance(bound.limit, OfLine):
            return self.base * bound.limit.ratio
        before = self.previous(member, self.line)
        if before is None and not bound.skip_new:
            self.circle.findings.add(
                "W514",
                bound.source,
                f"{member.name}の前年度の負担金がありません。",
                why="「前年度の…%」は、前年度の負担金（previous）を使います。",
                fix="行の終わりに「、前年度のない団体は除く」と書き足すか、"
                "previous に行を足してください。",
            )
        return None if before is None else before * bound.limit.ratio


def rest_rule(rounding: Rounding, circle: Circle, words: Words) -> RestRule:
    """Order of the rest, its payer and sizes as positions among the participants."""
    if rounding.payer is not None:
        found = circle.positions(_one(rounding.payer))
        return RestRule(order=rounding.rest, payer=found[0] if found else None)
    if rounding.rest is RestOrder.POPULATION:
        name = Name(POPULATION, rounding.source)
        sizes = tuple(words.value(name, p.member) or Fraction(0) for p in circle.participants)
        return RestRule(order=rounding.rest, sizes=sizes)
    return RestRule(order=rounding.rest)


def _one(name: Name) -> Who:
    return Who((name,), (), name.source)
