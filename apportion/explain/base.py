"""Steps from 予算額 to 対象額, and how the member takes part."""

from collections.abc import Iterator
from fractions import Fraction

from apportion.allocate.case import Case, Participant
from apportion.explain.steps import BODIES, PERIOD, Cut, Operand, Step, Term, term
from apportion.model import BudgetLine
from apportion.problem import Source
from apportion.rulebook import Deduct, Mode, Proration
from apportion.text import name_key
from apportion.year import wareki


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


def _revised(line: BudgetLine) -> tuple[Term, ...]:
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
