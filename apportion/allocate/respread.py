"""補正: what was billed stays as it is, and what is left of the new yearly amount is spread again.

An instalment that fell due by the day of the 補正 stays. What the payer owes beyond those is spread
over the instalments that its new yearly amount makes for later days, in the ratio of their shares.
Where there is none (年額…超 no longer holds, or never held), the instalments that it still had are
taken; then the next due date of its plan; and at last one without a date. What is less than was
billed stands in the last instalment, negative (還付).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from apportion.allocate.instalments import (
    Instalment,
    Owed,
    Slot,
    all_slots,
    cut_slots,
    in_order,
    slots,
)
from apportion.model import Yen
from apportion.rulebook import DueRounding


@dataclass(frozen=True, slots=True)
class Respread:
    """New instalments; those that fell due before the 補正 and stay; who has a rest without a date."""

    instalments: tuple[Instalment, ...]
    stays: frozenset[Instalment]
    undated: tuple[str, ...]


def respread(
    owed: Mapping[str, Owed],
    former: Sequence[Instalment],
    day: date | None,
    heir: Callable[[str], str] = str,
) -> Respread:
    """The instalments of all payers after a 補正 of `day`; without a day everything is spread anew.

    `owed` is what each payer owes in the year now, `former` are all instalments before. `heir` gives
    the body that exists now: what was billed to a body that is gone stays billed to it and counts
    for its heir.
    """
    before: dict[str, list[Instalment]] = {code: [] for code in owed}
    for part in former:
        before.setdefault(heir(part.code), []).append(part)
    listed: list[Instalment] = []
    stays: set[Instalment] = set()
    undated: list[str] = []
    for code, own in before.items():
        kept = [part for part in own if day and part.day and part.day <= day]
        stays.update(kept)
        later = _later(code, owed.get(code, ()), own, kept, day)
        listed += [*kept, *later]
        dated = all(dues for (dues, _, _), _ in owed.get(code, ()))
        if dated and any(part.day is None for part in later):
            undated.append(code)
    return Respread(in_order(listed), frozenset(stays), tuple(undated))


def _later(
    code: str,
    owed: Owed,
    before: Sequence[Instalment],
    kept: Sequence[Instalment],
    day: date | None,
) -> list[Instalment]:
    """The instalments of one payer that do not stay."""
    rest = sum(yen for _, yen in owed) - sum(part.yen for part in kept)
    open_before = [part for part in before if part not in kept]
    found = _open_slots(owed, open_before, kept, day)
    if not found:
        number = max((part.number for part in kept), default=0) + 1
        return [Instalment(code, None, number, Yen(rest))] if rest else []
    same = [(slot.number, slot.day) for slot in found] == [(p.number, p.day) for p in open_before]
    same = same and all(part.code == code for part in open_before)
    if same and rest == sum(part.yen for part in open_before):
        return open_before
    amounts = _spread(found, rest, owed[0][0][1] if owed else DueRounding())
    return [
        Instalment(code, slot.day, slot.number, Yen(yen))
        for slot, yen in zip(found, amounts, strict=True)
    ]


def _open_slots(
    owed: Owed, before: Sequence[Instalment], kept: Sequence[Instalment], day: date | None
) -> list[Slot]:
    """Instalments of later days, the nearest choice that there is (see above)."""
    gone = {(part.number, part.day) for part in kept}

    def is_open(slot: Slot) -> bool:
        late = slot.day is None or day is None or slot.day > day
        return late and (slot.number, slot.day) not in gone

    fresh = [slot for plan, yearly in owed for slot in slots(plan, yearly) if is_open(slot)]
    if fresh:
        return _merged(fresh)
    still = [Slot(part.number, part.day, Fraction(part.yen)) for part in before if part.day]
    if still:
        return _merged(still)
    every = [slot for plan, yearly in owed for slot in all_slots(plan, yearly) if is_open(slot)]
    return _merged(every)[:1]


def _merged(listed: Iterable[Slot]) -> list[Slot]:
    """Instalments of several plans on one day under one number are one; in order of days."""
    found: dict[tuple[date | None, int], Slot] = {}
    for slot in listed:
        key = (slot.day, slot.number)
        same = found.get(key)
        found[key] = replace(same, part=same.part + slot.part) if same else slot
    return sorted(found.values(), key=lambda slot: (slot.day or date.max, slot.number))


def _spread(listed: Sequence[Slot], rest: int, rounding: DueRounding) -> list[int]:
    """`rest` in the ratio of the parts; below 0 all of it stands in the last one."""
    if rest < 0:
        return [*(0 for _ in listed[1:]), rest]
    whole = sum(slot.part for slot in listed)
    if whole <= 0:
        return [*(0 for _ in listed[1:]), rest]
    scaled = [replace(slot, part=slot.part * rest / whole) for slot in listed]
    return cut_slots(scaled, rest, rounding)
