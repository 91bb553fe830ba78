"""納期: a member's yearly total cut into instalments that add up to it."""

from collections.abc import Iterable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Slot:
    """An instalment of a plan before it is cut: exact yen, and whether it is 残り.

    A spare one (0円) is for what a 補正 leaves when all others are past.
    """

    number: int
    day: date | None
    part: Fraction
    is_rest: bool = False
    is_spare: bool = False


Plan = tuple[DuePlan | None, DueRounding, str]
"""納期, 期割の端数 and 休日."""

Owed = Sequence[tuple[Plan, Yen]]
"""What a payer owes in a year, by plan."""


def instalments(billed: Mapping[str, Sequence[Charge]], book: RuleBook) -> tuple[Instalment, ...]:
    """All instalments, by payer and date; equal numbers on different days stay two.

    `billed` are the charges that each payer (団体コード) is invoiced for.
    """
    merged: dict[tuple[str, date | None, int], list[int]] = {}
    for code, owed in owed_by_plan(billed, book).items():
        for plan, yearly in owed:
            for number, day, yen in _cut(plan, yearly):
                merged.setdefault((code, day, number), []).append(yen)
    return in_order(Instalment(code, day, n, total(y)) for (code, day, n), y in merged.items())


def owed_by_plan(billed: Mapping[str, Sequence[Charge]], book: RuleBook) -> dict[str, Owed]:
    """What each payer owes, by the plan that holds for the charges."""
    plans: dict[int, Plan] = {}
    known: dict[Plan, Plan] = {}  # equal plans are one object, so that charges find it by identity
    owed: dict[str, Owed] = {}
    for code, charges in billed.items():
        totals: dict[int, tuple[Plan, list[int]]] = {}
        for charge in charges:
            case = charge.result.case
            if id(case) not in plans:
                made = _plan(case, book)
                plans[id(case)] = known.setdefault(made, made)
            plan = plans[id(case)]
            totals.setdefault(id(plan), (plan, []))[1].append(charge.yen)
        owed[code] = [(plan, total(amounts)) for plan, amounts in totals.values()]
    return owed


def in_order(listed: Iterable[Instalment]) -> tuple[Instalment, ...]:
    """By payer, date and number; what has no date stands last, a refund or a rest among it."""
    return tuple(sorted(listed, key=lambda i: (i.code, i.day or date.max, i.number)))


def _plan(case: Case, book: RuleBook) -> Plan:
    scope = book.scope(case.file)
    return scope.dues(case.expense), scope.due_rounding(), scope.holiday()


def _cut(plan: Plan, yearly: int) -> list[tuple[int, date | None, int]]:
    owed = slots(plan, yearly)
    amounts = cut_slots(owed, yearly, plan[1])
    return [(slot.number, slot.day, yen) for slot, yen in zip(owed, amounts, strict=True)]


def slots(plan: Plan, yearly: int) -> list[Slot]:
    """The instalments that a yearly amount is paid in; not above 年額…超 it is all in the first."""
    dues, _, _ = plan
    if dues is None:
        return [Slot(1, None, Fraction(yearly))]
    every = all_slots(plan, yearly)
    found = [slot for slot in every if not slot.is_spare] or every
    if dues.over is not None and yearly <= dues.over.yen:
        return [Slot(found[0].number, found[0].day, Fraction(yearly))]
    return found


def all_slots(plan: Plan, yearly: int) -> list[Slot]:
    """All instalments of a plan, spare ones too, whatever the yearly amount; none without 納期."""
    dues, _, holiday = plan
    listed = dues.dues if dues else ()
    stated = [_stated(due, yearly) for due in listed]
    rest = yearly - sum(stated, Fraction(0))
    return [
        _slot(due, move(due.day, holiday), part, rest)
        for due, part in zip(listed, stated, strict=True)
    ]


def _slot(due: Due, day: date, part: Fraction, rest: Fraction) -> Slot:
    if isinstance(due.share, Rest):
        return Slot(due.number, day, rest, is_rest=True)
    spare = isinstance(due.share, Money) and due.share.yen == 0
    return Slot(due.number, day, part, is_spare=spare)


def cut_slots(listed: Sequence[Slot], amount: int, rounding: DueRounding) -> list[int]:
    """Yen of each instalment; 残り, or else the one that 期割の端数 names, takes the rest.

    Raised or fixed instalments never ask for more than is left of the amount.
    """
    rests = [place for place, slot in enumerate(listed) if slot.is_rest]
    taker = rests[-1] if rests else (0 if rounding.first else len(listed) - 1)
    amounts, left = [0] * len(listed), amount
    for place, slot in enumerate(listed):
        if place != taker:
            amounts[place] = min(_whole(slot.part, rounding), max(left, 0))
            left -= amounts[place]
    amounts[taker] = left
    return amounts


def _stated(due: Due, yearly: int) -> Fraction:
    share = due.share
    if isinstance(share, Rest):
        return Fraction(0)
    return Fraction(share.yen) if isinstance(share, Money) else yearly * share.value


def _whole(part: Fraction, rounding: DueRounding) -> int:
    units = cut(part.numerator, part.denominator * rounding.unit, rounding.mode)
    return units * rounding.unit
