"""平準化: this year's part of a total that is spread over months or years."""

from apportion.rulebook import Smoothing
from apportion.year import FiscalYear

MONTHS = 12


def this_years_part(rule: Smoothing, year: FiscalYear) -> int:
    """Whole yen of `year`: its months' part cut to yen, the rest in the first or the last year."""
    counts = _months_by_year(rule)
    total, months = int(rule.total.yen), sum(counts.values())
    parts = {start: total * count // months for start, count in counts.items()}
    taker = min(parts) if rule.rest_first else max(parts)
    parts[taker] += total - sum(parts.values())
    return parts.get(year.start, 0)


def _months_by_year(rule: Smoothing) -> dict[int, int]:
    """How many months of the whole lie in each fiscal year, by the year in which it starts."""
    length = rule.count if rule.months else rule.count * MONTHS
    begin = rule.first.year * MONTHS + rule.first.month - 1
    counts: dict[int, int] = {}
    for month in range(begin, begin + length):
        start = (month - 3) // MONTHS  # April is month 3 of its calendar year, counted from 0
        counts[start] = counts.get(start, 0) + 1
    return counts
