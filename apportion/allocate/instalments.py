"""納期: a member's yearly total cut into instalments that add up to it, and the number (期) of each."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import count
from typing import NamedTuple

from apportion.allocate.case import Case, Charge
from apportion.allocate.rounding import cut
from apportion.core.dataclass import dataclass
from apportion.core.model import Yen, total
from apportion.core.sums import grouped, summed
from apportion.rules.book import RuleBook
from apportion.rules.nodes import Due, DuePlan, DueRounding, Money, Rest

_CLOSED = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
FIRST_KNOWN, LAST_KNOWN = 1949, 2099
"""Years for which the equinoxes, and so the national holidays, can be worked out."""

_STEP = {"翌営業日": timedelta(days=1), "前営業日": timedelta(days=-1)}


def is_known(day: date) -> bool:
    """Whether the national holidays around `day` are known."""
    return FIRST_KNOWN < day.year < LAST_KNOWN


def is_closed(day: date) -> bool:
    """Whether offices and banks are closed: weekends, national holidays, 29 December to 3 January."""
    # Loaded here: only a year with due dates needs the calendar.
    import jpholiday  # noqa: PLC0415

    return (
        day.weekday() >= 5  # noqa: PLR2004  Saturday is the sixth day of date.weekday
        or (day.month, day.day) in _CLOSED
        or bool(jpholiday.is_holiday(day))
    )


def move(day: date, rule: str) -> date:
    """`day`, or the next or previous working day (`翌営業日`, `前営業日`, `そのまま`)."""
    step = _STEP.get(rule)
    while step is not None and is_closed(day):
        day += step
    return day


Day = date | None
"""納期限; None: told apart, after all others."""


@dataclass(frozen=True, slots=True, order=True)
class Instalment:
    """What a member pays by one due date, in yen; without 納期 there is one without a date.

    `number` is the 期, one for each date of a payer over all 事業 (see `term_numbers`); `account` the
    会計 that it is of, whose 期 have numbers of their own. It is empty where bills are not divided.
    """

    code: str
    day: Day
    number: int
    yen: Yen
    account: str = ""

    @property
    def label(self) -> str:
        """`第1期`, `介護保険特別会計 第1期`."""
        return term_label(self.number, self.account)

    @property
    def slot(self) -> "TermSlot":
        """What it is of a payer, without its amount."""
        return TermSlot(self.code, self.day, self.number, self.account)


class TermSlot(NamedTuple):
    """An instalment without its amount."""

    code: str
    day: Day
    number: int
    account: str = ""


def term_label(number: int, account: str = "") -> str:
    """A 期 in words, with its 会計 where bills are divided."""
    return f"{account} 第{number}期".lstrip()


@dataclass(frozen=True, slots=True)
class PlannedInstalment:
    """An instalment of a plan before it is cut: exact yen, and whether it is 残り.

    A spare one (0円) is for what a 補正 leaves when all others are past.
    """

    day: Day
    part: Fraction
    is_rest: bool = False
    is_spare: bool = False


Plan = tuple[DuePlan | None, DueRounding, str]
"""納期, 期割の端数 and 休日."""

Owed = Sequence[tuple[Plan, Yen]]
"""What a payer owes in a year, by plan."""


Issued = Mapping[str, Sequence[Instalment]]
"""By payer what was billed before, its own first, then that of bodies that it took over."""


def instalments(
    billed: Mapping[str, Sequence[Charge]], book: RuleBook, issued: Issued
) -> tuple[Instalment, ...]:
    """All instalments, by payer and date; what several 事業 ask for on one day is one.

    `billed` are the charges that each payer (団体コード) is invoiced for.
    """
    listed: list[Instalment] = []
    for account, own in by_account(billed, book).items():
        for code, owed in owed_by_plan(own, book).items():
            yen = summed((day, yen) for plan, yearly in owed for day, yen in _cut(plan, yearly))
            known = [part for part in issued.get(code, ()) if part.account == account]
            numbers = term_numbers(yen, known)
            listed += [Instalment(code, day, numbers[day], yen[day], account) for day in yen]
    return in_order(listed)


Billed = Mapping[str, Sequence[Charge]]
"""Charges by the 団体コード of who is invoiced."""


def by_account(billed: Billed, book: RuleBook) -> Mapping[str, Billed]:
    """What each payer is invoiced for by 会計; all under an empty name where bills are not divided."""
    if not book.accounts:
        return {"": billed}
    return {account: of_account(billed, book, account) for account in book.accounts}


def of_account(billed: Billed, book: RuleBook, account: str) -> dict[str, tuple[Charge, ...]]:
    """The charges of one 会計, by who is invoiced for any of them."""
    files = {id(file) for file in book.files if book.account(file) == account}
    owned = (
        (code, tuple(charge for charge in charges if id(charge.result.case.file) in files))
        for code, charges in billed.items()
    )
    return {code: charges for code, charges in owned if charges}


def term_numbers(days: Collection[Day], issued: Sequence[Instalment]) -> dict[Day, int]:
    """The 期 of each day of a payer: by date, over all 事業, from 1.

    A day that was billed before keeps its number for ever. A day that stands in place of one that
    is gone takes its number over, where the numbers stay in the order of days; others go on counting.
    """
    found: dict[Day, int] = {}
    gone: dict[int, None] = {}
    for part in issued:
        if part.day not in days:
            gone[part.number] = None
        elif part.number not in found.values():
            found.setdefault(part.day, part.number)
    further = count(max((part.number for part in issued), default=0) + 1)
    for day in sorted(set(days) - found.keys(), key=_by_day):
        free = (number for number in sorted(gone) if _in_turn(day, number, found))
        found[day] = next(free, None) or next(further)
    return found


def _in_turn(day: Day, number: int, found: Mapping[Day, int]) -> bool:
    """Whether a day can have a number: all earlier days have lower ones, all later ones higher."""
    return all(
        other != number and (other < number) == (_by_day(own) < _by_day(day))
        for own, other in found.items()
    )


def _by_day(day: Day) -> date:
    return day or date.max


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
    return tuple(sorted(listed, key=lambda i: (i.code, _by_day(i.day), i.number, i.account)))


def _plan(case: Case, book: RuleBook) -> Plan:
    scope = book.scope(case.file)
    return scope.dues(case.expense), scope.due_rounding(), scope.holiday()


def _cut(plan: Plan, yearly: int) -> list[tuple[Day, Yen]]:
    owed = slots(plan, yearly)
    amounts = cut_slots(owed, yearly, plan[1])
    return [(slot.day, Yen(yen)) for slot, yen in zip(owed, amounts, strict=True)]


def slots(plan: Plan, yearly: int) -> list[PlannedInstalment]:
    """The instalments that a yearly amount is paid in; not above 年額…超 it is all in the first."""
    dues, _, _ = plan
    if dues is None:
        return [PlannedInstalment(None, Fraction(yearly))]
    every = all_slots(plan, yearly)
    found = [slot for slot in every if not slot.is_spare] or every
    if dues.over is not None and yearly <= dues.over.yen:
        return [PlannedInstalment(found[0].day, Fraction(yearly))]
    return found


def all_slots(plan: Plan, yearly: int) -> list[PlannedInstalment]:
    """All instalments of a plan, spare ones too, whatever the yearly amount; none without 納期."""
    dues, _, holiday = plan
    listed = dues.dues if dues else ()
    stated = [_stated(due, yearly) for due in listed]
    rest = yearly - sum(stated, Fraction(0))
    return [
        _slot(due, move(due.day, holiday), part, rest)
        for due, part in zip(listed, stated, strict=True)
    ]


def _slot(due: Due, day: date, part: Fraction, rest: Fraction) -> PlannedInstalment:
    if isinstance(due.share, Rest):
        return PlannedInstalment(day, rest, is_rest=True)
    spare = isinstance(due.share, Money) and due.share.yen == 0
    return PlannedInstalment(day, part, is_spare=spare)


def cut_slots(listed: Sequence[PlannedInstalment], amount: int, rounding: DueRounding) -> list[int]:
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


@dataclass(frozen=True, slots=True)
class Respread:
    """New instalments; those that fell due before the 補正 and stay; who has a rest without a date."""

    instalments: tuple[Instalment, ...]
    stays: frozenset[Instalment]
    undated: tuple[str, ...]


def together(parts: Iterable[Respread]) -> Respread:
    """What several 会計 come to."""
    found = list(parts)
    return Respread(
        in_order(part for own in found for part in own.instalments),
        frozenset(part for own in found for part in own.stays),
        tuple(dict.fromkeys(code for own in found for code in own.undated)),
    )


def respread(
    owed: Mapping[str, Owed],
    former: Sequence[Instalment],
    day: date | None,
    heir: Callable[[str], str] = str,
    issued: Sequence[Instalment] = (),
    account: str = "",
) -> Respread:
    """The instalments of all payers after a 補正 of `day`; without a day everything is spread anew.

    All of it is of one 会計 (`account`). `owed` is what each payer owes in the year now, `former` are
    all instalments before, `issued` those of a bill of this 補正 itself. `heir` gives the body that
    exists now: what was billed to a body that is gone stays billed to it and counts for its heir.
    """
    before: dict[str, list[Instalment]] = {code: [] for code in owed}
    for part in former:
        before.setdefault(heir(part.code), []).append(part)
    known = by_payer((*issued, *former), heir)
    listed: list[Instalment] = []
    stays: set[Instalment] = set()
    undated: list[str] = []
    for code, own in before.items():
        kept = [part for part in own if day and part.day and part.day <= day]
        later = _later(code, owed.get(code, ()), own, kept, day)
        numbers = term_numbers(_days(owed.get(code, ()), own, kept, later), known.get(code, ()))
        stays.update(kept)
        listed += kept
        listed += [Instalment(code, due, numbers[due], yen, account) for due, yen in later]
        dated = all(dues for (dues, _, _), _ in owed.get(code, ()))
        if dated and any(due is None for due, _ in later):
            undated.append(code)
    return Respread(in_order(listed), frozenset(stays), tuple(undated))


def by_payer(listed: Iterable[Instalment], heir: Callable[[str], str]) -> Issued:
    """Instalments by the body that exists now, those that were billed to itself first."""
    found = grouped((heir(part.code), part) for part in listed)
    return {code: sorted(own, key=lambda part: part.code != code) for code, own in found.items()}


def _days(
    owed: Owed,
    before: Sequence[Instalment],
    kept: Sequence[Instalment],
    later: Sequence[tuple[Day, Yen]],
) -> set[Day]:
    """Days that are numbered together: a day of the 納期 also counts where nothing is asked for.

    So who joins late has 第2期 together with all others. What lies before a day that was billed
    counts no more: its number would come after that of the later day.
    """
    billed = max((_by_day(part.day) for part in before), default=date.min)
    planned = (slot.day for plan, yearly in owed for slot in slots(plan, yearly))
    days = {part.day for part in kept} | {day for day, _ in later}
    return days | {day for day in planned if _by_day(day) > billed}


def _later(
    code: str,
    owed: Owed,
    before: Sequence[Instalment],
    kept: Sequence[Instalment],
    day: date | None,
) -> list[tuple[Day, Yen]]:
    """Days and yen of the instalments of one payer that do not stay."""
    rest = sum(yen for _, yen in owed) - sum(part.yen for part in kept)
    open_before = [part for part in before if part not in kept]
    found = _open_slots(owed, open_before, kept, day)
    if not found:
        return [(None, Yen(rest))] if rest else []
    same = [slot.day for slot in found] == [part.day for part in open_before]
    same = same and all(part.code == code for part in open_before)
    if same and rest == sum(part.yen for part in open_before):
        return [(part.day, part.yen) for part in open_before]
    amounts = _spread(found, rest, owed[0][0][1] if owed else DueRounding())
    return [(slot.day, Yen(yen)) for slot, yen in zip(found, amounts, strict=True)]


def _open_slots(
    owed: Owed, before: Sequence[Instalment], kept: Sequence[Instalment], day: date | None
) -> list[PlannedInstalment]:
    """Instalments of later days, the nearest choice that there is (see above)."""
    gone = {part.day for part in kept}

    def is_open(slot: PlannedInstalment) -> bool:
        late = slot.day is None or day is None or slot.day > day
        return late and slot.day not in gone

    fresh = [slot for plan, yearly in owed for slot in slots(plan, yearly) if is_open(slot)]
    if fresh:
        return _merged(fresh)
    still = [PlannedInstalment(part.day, Fraction(part.yen)) for part in before if part.day]
    if still:
        return _merged(still)
    every = [slot for plan, yearly in owed for slot in all_slots(plan, yearly) if is_open(slot)]
    return _merged(every)[:1]


def _merged(listed: Iterable[PlannedInstalment]) -> list[PlannedInstalment]:
    """Instalments of several plans on one day are one; in order of days."""
    found: dict[Day, PlannedInstalment] = {}
    for slot in listed:
        same = found.get(slot.day)
        found[slot.day] = replace(same, part=same.part + slot.part) if same else slot
    return sorted(found.values(), key=lambda slot: _by_day(slot.day))


def _spread(listed: Sequence[PlannedInstalment], rest: int, rounding: DueRounding) -> list[int]:
    """`rest` in the ratio of the parts; below 0 all of it stands in the last one."""
    if rest < 0:
        return [*(0 for _ in listed[1:]), rest]
    whole = sum(slot.part for slot in listed)
    if whole <= 0:
        return [*(0 for _ in listed[1:]), rest]
    scaled = [replace(slot, part=slot.part * rest / whole) for slot in listed]
    return cut_slots(scaled, rest, rounding)
