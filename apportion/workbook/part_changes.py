"""Instalments before and after a 補正, side by side."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.outcome import Outcome, Revision

STAYS, SAME, CHANGED, REFUND = "請求済み", "変更なし", "変更", "還付"
ADDED, GONE = "追加", "取りやめ"


Key = tuple[date | None, int]
"""Day and number of an instalment."""


class PartChange(NamedTuple):
    """An instalment of one payer: its day (None: told apart), yen before and after, and what it is."""

    number: int
    day: date | None
    before: int
    after: int
    word: str


def part_changes(outcome: Outcome, revision: Revision, code: str) -> tuple[PartChange, ...]:
    """Every instalment that a payer had or has, by date; one without a date stands last.

    What was billed to a body that it took over is among them.
    """
    own = {code, *outcome.tables.former_bodies.get(code, ())}
    before, after, stays = (
        _sums(part for part in parts if part.code in own)
        for parts in (revision.former.instalments, outcome.instalments, revision.stays)
    )
    keys = sorted({*before, *after}, key=lambda key: (key[0] or date.max, key[1]))
    return tuple(
        PartChange(
            number=number,
            day=day,
            before=before.get((day, number), 0),
            after=after.get((day, number), 0),
            word=STAYS if (day, number) in stays else _word(before, after, (day, number)),
        )
        for day, number in keys
    )


def _sums(parts: Iterable[Instalment]) -> dict[Key, int]:
    sums: dict[Key, int] = {}
    for part in parts:
        sums[part.day, part.number] = sums.get((part.day, part.number), 0) + part.yen
    return sums


def _word(before: dict[Key, int], after: dict[Key, int], key: Key) -> str:
    if key not in after:
        return GONE
    if before.get(key) == after[key]:
        return SAME
    if after[key] < 0:
        return REFUND
    return CHANGED if key in before else ADDED
