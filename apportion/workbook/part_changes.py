"""Instalments before and after a 補正, side by side."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.outcome import Outcome, Revision

STAYS, SAME, CHANGED, REFUND = "請求済み", "変更なし", "変更", "還付"
ADDED, GONE = "追加", "取りやめ"


Key = tuple[str, date | None, int]
"""Who is billed for an instalment, its day and its number."""


class PartChange(NamedTuple):
    """An instalment of one payer: its day (None: told apart), yen before and after, and what it is.

    `billed_to` is the body that was billed, where that is another one, which the payer took over.
    """

    number: int
    day: date | None
    before: int
    after: int
    word: str
    billed_to: str = ""

    @property
    def label(self) -> str:
        """`第1期（みどり町分）`."""
        return f"第{self.number}期" + (f"（{self.billed_to}分）" if self.billed_to else "")


def part_changes(outcome: Outcome, revision: Revision, code: str) -> tuple[PartChange, ...]:
    """Every instalment that a payer had or has, by date; one without a date stands last.

    What was billed to a body that it took over is among them, as that body's.
    """
    names = outcome.tables.by_code
    own = {code, *outcome.tables.former_bodies.get(code, ())}
    before, after, stays = (
        _sums(part for part in parts if part.code in own)
        for parts in (revision.former.instalments, outcome.instalments, revision.stays)
    )
    keys = sorted({*before, *after}, key=lambda key: (key[1] or date.max, key[2], key[0] != code))
    return tuple(
        PartChange(
            number=number,
            day=day,
            before=before.get(key, 0),
            after=after.get(key, 0),
            word=STAYS if key in stays else _word(before, after, key),
            billed_to="" if key[0] == code else names[key[0]].name,
        )
        for key in keys
        for _, day, number in [key]
    )


def _sums(parts: Iterable[Instalment]) -> dict[Key, int]:
    sums: dict[Key, int] = {}
    for part in parts:
        key = (part.code, part.day, part.number)
        sums[key] = sums.get(key, 0) + part.yen
    return sums


def _word(before: dict[Key, int], after: dict[Key, int], key: Key) -> str:
    if key not in after:
        return GONE
    if before.get(key) == after[key]:
        return SAME
    if after[key] < 0:
        return REFUND
    return CHANGED if key in before else ADDED
