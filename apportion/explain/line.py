"""All steps of one charge, from 予算額 to 負担金額."""

from collections.abc import Iterator
from dataclasses import field
from fractions import Fraction
from functools import cached_property

from apportion.allocate.case import Case, Charge, LineResult, Participant
from apportion.core.dataclass import dataclass
from apportion.core.model import BudgetLine, Member, Yen
from apportion.core.problem import Source
from apportion.core.text import name_key
from apportion.core.year import wareki
from apportion.explain.bounds import Bounds, is_relief, relief_steps
from apportion.explain.clauses import Clauses, Shared
from apportion.explain.ledger import Ledger
from apportion.explain.rest import Closing, RestWords, charged, rest_of
from apportion.explain.steps import (
    BODIES,
    PERIOD,
    Cut,
    CutRest,
    LineStory,
    Operand,
    Product,
    Step,
    term,
    told,
)
from apportion.explain.values import Reader
from apportion.outcome.outcome import Outcome
from apportion.rules.book import Deduct, Remark, Scope
from apportion.rules.nodes import Mode, Proration


def base_steps(case: Case) -> Iterator[Step]:
    """予算額, what is left out of it, and (last) 対象額; 単価方式 has a 予算額 only."""
    budget = budget_step(case)
    yield budget
    if case.unit_price:
        return
    counted = budget
    for step in _counted(case, budget):
        yield step
        counted = step
    yield from _base(case, counted)


def budget_step(case: Case) -> Step:
    """予算額; 単価方式 may have none."""
    amount = case.line.amount
    words = "団体ごとの単価などで決まる経費です。" if case.unit_price else _smoothed(case)
    return Step(
        key="budget",
        label="予算額",
        value=None if amount is None else Fraction(amount),
        terms=_revised(case.line),
        words=words,
        source=case.line.source,
    )


def _revised(line: BudgetLine) -> tuple[Product, ...]:
    """What a 補正 added to 予算額 (or took off); nothing where none did."""
    changed = [part for part in line.parts[1:] if part[1]]
    listed = (line.parts[0], *changed) if line.is_revised else ()
    return tuple(
        term(Operand(value=Fraction(yen), label=label, source=source))
        for label, yen, source in listed
    )


def _smoothed(case: Case) -> str:
    rule = case.expense.smoothing
    return rule.source.text.strip() if rule else ""


def _counted(case: Case, budget: Step) -> Iterator[Step]:
    """What is taken off (差し引く), or what the rule's own expression makes of the budget."""
    rule = case.expense.base
    if rule is not None:
        left_out = Operand(value=Fraction(case.excluded), label="対象外", source=rule.source)
        yield Step(
            key="counted",
            label="対象にする額",
            value=Fraction(case.line.amount or 0) - case.excluded,
            terms=(term(budget.operand()), term(left_out, minus=True)),
            words=rule.source.text.strip(),
            source=rule.source,
        )
        return
    deducted = [_deducted(case, d, n) for n, d in enumerate(case.expense.deducts, start=1)]
    yield from deducted
    if deducted:
        yield Step(
            key="counted",
            label="差し引いた残り",
            value=Fraction(case.line.amount or 0) - case.excluded,
            terms=(
                term(budget.operand()),
                *(
                    term(step.operand(deduct.name.text), minus=True)
                    for step, deduct in zip(deducted, case.expense.deducts, strict=True)
                ),
            ),
            cut=Cut(1, Mode.DOWN),
            source=case.expense.deducts[0].source,
        )


def _deducted(case: Case, deduct: Deduct, number: int) -> Step:
    key, name = f"deduct{number}", deduct.name.text
    if deduct.amount is not None:
        value, place = deduct.amount.yen, deduct.source
    else:
        column = next(c for c in case.line.columns if name_key(c) == name_key(name))
        value, place = Fraction(case.line.columns[column]), case.line.cells[column]
    return Step(key=key, label=f"差し引く {name}", value=value, source=place)


def _base(case: Case, counted: Step) -> Iterator[Step]:
    first_off = [
        Step(
            key=f"first_off{number}",
            label=f"{adjustment.rule.figure.text}の計",
            value=Fraction(sum(adjustment.yen)),
            words=adjustment.rule.source.text.strip(),
            source=adjustment.rule.source,
        )
        for number, adjustment in enumerate(case.adjustments, start=1)
        if adjustment.first_off
    ]
    yield from first_off
    whole = counted.key == "budget" and not first_off
    yield Step(
        key="base",
        label="対象額",
        value=Fraction(case.base),
        terms=(
            term(counted.operand()),
            *(term(step.operand(), minus=True) for step in first_off),
        ),
        words="予算額の全部を分けます。" if whole else "",
        source=case.line.source if whole else case.expense.source,
    )


def taking_part(case: Case, position: int, rule: Proration | None) -> Iterator[Step]:
    """How many take part, and which part of the year the member does."""
    participant = case.participants[position]
    place = participant.attendance.source
    name = participant.member.name
    yield Step(
        key="members",
        label="参加団体",
        value=Fraction(case.size),
        unit=BODIES,
        words=f"{name}は、名簿「{place.heading}」に{_days(participant)}。",
        source=place,
    )
    if participant.part != 1:
        said = rule.source if rule else Source()
        yield Step(
            key="period",
            label="参加する期間",
            value=participant.part,
            unit=PERIOD,
            words=said.text.strip(),
            source=said,
        )


def _days(participant: Participant) -> str:
    joins, leaves = participant.attendance.joins, participant.attendance.leaves
    first = f"{wareki(joins)}から" if joins else ""
    last = f"{wareki(leaves)}まで" if leaves else ""
    return f"「{first}{last}」とあります" if first or last else "○があります"


@dataclass(frozen=True)
class InCommon:
    """What the explanations of one 経費 have in common for all members, worked out once."""

    result: LineResult
    scope: Scope

    @cached_property
    def legal(self) -> tuple[Remark, ...]:
        """What the rules are based on."""
        return self.scope.legal(self.result.case.expense)

    @cached_property
    def proration(self) -> Proration | None:
        """What holds of members that take part in some months."""
        return self.scope.proration(self.result.case.expense)

    @cached_property
    def ledger(self) -> Ledger:
        """Who got the rest."""
        return Ledger(self.result)

    @cached_property
    def shared(self) -> Shared:
        """Steps through the 負担割合 lines."""
        return Shared(self.result.case)

    @cached_property
    def based(self) -> tuple[Step, ...]:
        """From 予算額 to 対象額."""
        return tuple(base_steps(self.result.case))


Common = dict[int, InCommon]
"""What explanations have in common, by the identity of the result."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells how the charges of one member came about; without `detailed` no steps are made.

    `shared` may be that of the tellers of other members; `said` words the rest of a 経費.
    """

    outcome: Outcome
    member: Member
    detailed: bool = True
    shared: Common = field(default_factory=dict)
    said: RestWords = told

    def line(self, result: LineResult) -> LineStory:
        """The story of one 経費; of a member that is not in its roster, why it pays nothing."""
        case = result.case
        position = result.position_of.get(self.member.code)
        legal = self._common(result).legal
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
        charge = Charge(self.member, result, position, result.yen[position])
        closed = self.detailed and case.parts and not case.unit_price
        rest = rest_of(self._common(result).ledger, position) if closed else None
        return LineStory(
            line=case.line,
            yen=charge.yen,
            taking_part=True,
            legal=legal,
            place=rules[0] if rules else case.line.source,
            rules=rules,
            steps=tuple(self._steps(charge, rest)) if self.detailed else (),
            rest=rest,
        )

    def _common(self, result: LineResult) -> InCommon:
        found = self.shared.get(id(result))
        if found is None:
            scope = self.outcome.book.scope(result.case.file)
            found = self.shared[id(result)] = InCommon(result, scope)
        return found

    def _absent(self, result: LineResult) -> Step:
        heading = next((p.attendance.source.heading for p in result.case.participants), "")
        roster = self.outcome.tables.roster_by_name.get(name_key(heading))
        return Step(
            key="absent",
            label="名簿",
            words=f"{self.member.name}は、名簿「{heading}」に印がないので、この経費を負担しません。",
            source=roster.source if roster else result.case.file.source,
        )

    def _steps(self, charge: Charge, rest: CutRest | None) -> Iterator[Step]:
        result, case = charge.result, charge.result.case
        if is_relief(result):
            yield from relief_steps(charge, self.outcome)
            return
        common = self._common(result)
        based = common.based
        yield from based
        yield from taking_part(case, charge.position, common.proration)
        if case.parts:
            base = Operand(value=Fraction(case.base), label=based[-1].label, step=based[-1].key)
            yield from self._shared(charge, base, rest)
        else:
            yield charged(charge, based[-1:])

    def _shared(self, charge: Charge, base: Operand, rest: CutRest | None) -> Iterator[Step]:
        """Through the rules to the exact share, and from there to whole yen."""
        result, case, common = charge.result, charge.result.case, self._common(charge.result)
        reader = Reader(self.outcome.tables, common.scope, self.member)
        carry = common.proration is not None and common.proration.carry
        told = list(Clauses(case, charge.position, reader, base, carry, common.shared).steps())
        shares = [step for step in told if step.key.endswith(".yen")]
        free = Step(
            key="free",
            label="規則だけの額" if case.bounds else "正確な額",
            value=result.free.exact(charge.position),
            terms=tuple(term(share.operand()) for share in shares),
            words="" if shares else "この団体に当たる負担割合の行がないので、0円です。",
            source=case.expense.source,
        )
        bounds = list(Bounds(result, charge.position, base, reader).steps(free))
        yield from (*told, free, *bounds)
        exact = next((s for s in reversed(bounds) if s.key.startswith("move")), free)
        yield from Closing(charge, reader, rest, self.said).steps(exact, shares)
