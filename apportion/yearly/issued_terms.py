"""Instalments of an issue that a new computation changes: some may be due or paid already."""

from collections.abc import Iterator
from datetime import date

from apportion.outcome import Outcome
from apportion.receipts import standings
from apportion.year import wareki
from apportion.yearly.sealed import Sealed

Slot = tuple[date, int, str]
"""納期限, number and 団体コード."""


def changed(outcome: Outcome, issue: Sealed) -> str:
    """`第1期（令和7年7月31日、2団体、うち納入のある1団体）、第2期（…）`; empty where all stay.

    There is no clock: a person knows which of the days are past.
    """
    slots, paid = sorted(_slots(outcome, issue)), _paid(outcome, issue)
    told = []
    for day, number in dict.fromkeys((day, number) for day, number, _ in slots):
        own = {code for when, term, code in slots if (when, term) == (day, number)}
        had = sum((code, number) in paid for code in own)
        more = f"、うち納入のある{had}団体" if had else ""
        told.append(f"第{number}期（{wareki(day)}、{len(own)}団体{more}）")
    return "、".join(told)


def _slots(outcome: Outcome, issue: Sealed) -> Iterator[Slot]:
    now = {(part.code, part.number, part.day): part.yen for part in outcome.instalments}
    for part in issue.instalments():
        if part.day and now.get((part.code, part.number, part.day), 0) != part.yen:
            yield part.day, part.number, part.code


def _paid(outcome: Outcome, issue: Sealed) -> set[tuple[str, int]]:
    """Payer and 期 of what was paid, in part or as a whole."""
    found = standings(issue.instalments(), outcome.tables.payments)
    return {(one.code, one.number) for one in found if one.paid}
