"""Last year's 負担金 of each 事業: from the table previous, or from the 収入の部."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from apportion.outcome import Outcome
from apportion.reconcile import contributions
from apportion.text import name_key

FROM_TABLE = "前年度の額は、前年度の負担金の表（previous）の額です。"
FROM_INCOME = "前年度の額は、収入の部の負担金収入の前年度当初予算額です。"
NO_TABLE = "前年度の負担金の表（previous）がないため、前年度の額は示していません。"


class Past(NamedTuple):
    """Yen of last year by folded 事業, and where they come from in words."""

    yen: Mapping[str, int]
    source: str


def by_project(outcome: Outcome) -> Past:
    """What is known of last year: what the members paid, or what was budgeted to come in."""
    if outcome.past:
        paid = [pair for own in outcome.past.values() for pair in own.items()]
        return Past(_sums(paid), FROM_TABLE)
    lines = [(line.project, line.previous) for line in contributions(outcome.tables)]
    known = [(name_key(project), yen) for project, yen in lines if yen is not None]
    return Past(_sums(known), FROM_INCOME if known else NO_TABLE)


def by_member(outcome: Outcome) -> dict[str, int]:
    """What each body that exists today paid over all 事業; empty without the table."""
    return {code: sum(own.values()) for code, own in (outcome.past or {}).items()}


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, yen in pairs:
        sums[key] = sums.get(key, 0) + yen
    return sums
