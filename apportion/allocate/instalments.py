"""納期: a member's yearly total cut into instalments that add up to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from apportion.allocate.case import Case, Charge
from apportion.allocate.holidays import move
from apportion.allocate.rounding import cut
from apportion.model import Yen, total
from apportion.rulebook import Due, DuePlan, DueRounding, Money, Rest
from apportion.rulebook.book import RuleBook


@dataclass(frozen=True, slots=True, order=True)
class Instalment:
    """What a member pays by one due date, in yen; without 納期 there is one without a date."""

    code: str
    day: date | None
    number: int
    yen: Yen


Plan = tuple[DuePlan | None, DueRounding, str]


def instalments(billed: Mapping[str, Sequence[Charge]], book: RuleBook) -> tuple[Instalment, ...]:
    """All instalments, by payer and date; equal numbers on different days stay two.

    `billed` are the charges that each payer (団体コード) is invoiced for.
    """
    plans: dict[int, Plan] = {}
    known: dict[Plan, Plan] = {}  # equal plans are one object, so that charges find it by identity
    merged: dict[tuple[str, date | None, int], list[int]] = {}
    for code, charges in billed.items():
        totals: dict[int, tuple[Plan, list[int]]] = {}
        for charge in charges:
            case = charge.result.case
            if id(case) not in plans:
                made = _plan(case, book)
                plans[id(case)] = known.setdefault(made, made)
            plan = plans[id(case)]
            totals.setdefault(id(plan), (plan, []))[1].append(charge.yen)
        for plan, amounts in totals.values():
            for number, day, yen in _cut(plan, total(amounts)):
                merged.setdefault((code, day, number), []).append(yen)
    listed = [Instalment(code, day, n, total(yen)) for (code, day, n), yen in merged.items()]
    return tuple(sorted(listed, key=lambda i: (i.code, i.day or date.min, i.number)))


def _plan(case: Case, book: RuleBook) -> Plan:
    scope = book.scope(case.file)
    return scope.dues(case.expense), scope.due_rounding(), scope.holiday()


def _cut(plan: Plan, yearly: int) -> list[tuple[int, date | None, int]]:
    dues, rounding, holiday = plan
    if dues is None:
        return [(1, None, yearly)]
    days = [move(due.day, holiday) for due in dues.dues]
    if dues.over is not None and yearly <= dues.over.yen:
        return [(dues.dues[0].number, days[0], yearly)]
    amounts = parts(dues.dues, yearly, rounding)
    return [(d.number, day, a) for d, day, a in zip(dues.dues, days, amounts, strict=True)]


def parts(dues: Sequence[Due], yearly: int, rounding: DueRounding) -> list[int]:
    """Yen of each instalment; 残り, or else the instalment that the rule names, takes the rest."""
    amounts = [_part(due, yearly, rounding) for due in dues]
    open_parts = [i for i, due in enumerate(dues) if isinstance(due.share, Rest)]
    stated = 0 if rounding.first else len(dues) - 1
    amounts[open_parts[-1] if open_parts else stated] += yearly - sum(amounts)
    return amounts


def _part(due: Due, yearly: int, rounding: DueRounding) -> int:
    share = due.share
    if isinstance(share, Rest):
        return 0
    amount = Fraction(share.yen) if isinstance(share, Money) else yearly * share.value
    return cut(amount.numerator, amount.denominator * rounding.unit, rounding.mode) * rounding.unit
