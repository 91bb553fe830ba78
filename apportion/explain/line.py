"""All steps of one charge, from 予算額 to 負担金額."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from apportion.allocate.case import Charge, LineResult
from apportion.explain.base import base_steps, budget_step, taking_part
from apportion.explain.bounds import Bounds
from apportion.explain.clauses import Clauses
from apportion.explain.readings import Reader
from apportion.explain.relief import is_relief, relief_steps
from apportion.explain.rest import Closing, charged, rest_of
from apportion.explain.steps import LineStory, Operand, Rest, Step, term
from apportion.ledger import Ledger
from apportion.model import Member, Yen
from apportion.outcome import Outcome
from apportion.text import name_key


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells how the charges of one member came about; without `detailed` no steps are made."""

    outcome: Outcome
    member: Member
    detailed: bool = True

    def line(self, result: LineResult) -> LineStory:
        """The story of one 経費; of a member that is not in its roster, why it pays nothing."""
        case = result.case
        position = result.position_of.get(self.member.code)
        legal = self.outcome.book.scope(case.file).legal(case.expense)
        if position is None:
            absent = self._absent(result)
            return LineStory(
                line=case.line,
                yen=Yen(0),
                taking_part=False,
                legal=legal,
                place=absent.source,
                steps=(budget_step(case), absent),
            )
        rules = tuple(part.clause.source for part in case.parts if position in part.who)
        story = LineStory(
            line=case.line,
            yen=result.yen[position],
            taking_part=True,
            legal=legal,
            place=rules[0] if rules else case.line.source,
            rules=rules,
        )
        return self._detailed(story, result, position) if self.detailed else story

    def _detailed(self, story: LineStory, result: LineResult, position: int) -> LineStory:
        charge = Charge(self.member, result, position, result.yen[position])
        closed = result.case.parts and not result.case.unit_price
        rest = rest_of(Ledger(result), position) if closed else None
        return replace(story, steps=tuple(self._steps(charge, rest)), rest=rest)

    def _absent(self, result: LineResult) -> Step:
        heading = next((p.attendance.source.heading for p in result.case.participants), "")
        roster = self.outcome.tables.roster_by_name.get(name_key(heading))
        return Step(
            key="absent",
            label="名簿",
            words=f"{self.member.name}は、名簿「{heading}」に印がないので、この経費を負担しません。",
            source=roster.source if roster else result.case.file.source,
        )

    def _steps(self, charge: Charge, rest: Rest | None) -> Iterator[Step]:
        result, case = charge.result, charge.result.case
        if is_relief(result):
            yield from relief_steps(charge, self.outcome)
            return
        based = list(base_steps(case))
        yield from based
        scope = self.outcome.book.scope(case.file)
        yield from taking_part(case, charge.position, scope.proration(case.expense))
        if case.parts:
            base = Operand(value=Fraction(case.base), label=based[-1].label, step=based[-1].key)
            yield from self._shared(charge, base, rest)
        else:
            yield charged(charge, based[-1:])

    def _shared(self, charge: Charge, base: Operand, rest: Rest | None) -> Iterator[Step]:
        """Through the rules to the exact share, and from there to whole yen."""
        result, case = charge.result, charge.result.case
        scope = self.outcome.book.scope(case.file)
        proration = scope.proration(case.expense)
        reader = Reader(self.outcome.tables, scope, self.member)
        carry = proration is not None and proration.carry
        told = list(Clauses(case, charge.position, reader, base, carry).steps())
        shares = [step for step in told if step.key.endswith(".yen")]
        free = Step(
            key="free",
            label="規則だけの額" if case.bounds else "正確な額",
            value=result.free.exact(charge.position),
            terms=tuple(term(share.operand()) for share in shares),
            words="" if shares else "この団体に当たる負担割合の行がないので、0円です。",
            source=case.expense.source,
        )
        bounds = list(Bounds(result, charge.position, base).steps(free))
        yield from (*told, free, *bounds)
        exact = next((s for s in reversed(bounds) if s.key.startswith("move")), free)
        yield from Closing(charge, reader, rest).steps(exact, shares)
