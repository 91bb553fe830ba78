"""途中参加: which part of the year's amount a member bears that was not there all year."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from apportion.model import Attendance
from apportion.rulebook import Proration
from apportion.year import FiscalYear


def is_whole(attendance: Attendance, year: FiscalYear) -> bool:
    """Whether the member takes part on every day of the year."""
    first, last = _span(attendance, year)
    return first == year.first_day and last == year.last_day


def clash(attendances: Sequence[Attendance], year: FiscalYear) -> bool:
    """Whether bodies of one merger have a date that says nothing, as their days overlap."""
    spans = sorted(_span(attendance, year) for attendance in attendances)
    dated = any(not is_whole(attendance, year) for attendance in attendances)
    return dated and any(second[0] <= first[1] for first, second in pairwise(spans))


def part_of_year(attendance: Attendance, year: FiscalYear, rule: Proration) -> Fraction:
    """Part between 0 and 1 by the rule's method."""
    return _METHODS[rule.method](attendance, year, rule)


def _span(attendance: Attendance, year: FiscalYear) -> tuple[date, date]:
    return attendance.joins or year.first_day, attendance.leaves or year.last_day


def _by_month(attendance: Attendance, year: FiscalYear, rule: Proration) -> Fraction:
    """A month with one day of taking part counts; 翌月から: the months of change do not."""
    first, last = _span(attendance, year)
    if rule.next_month:
        first = _next_month(first) if attendance.joins and first > year.first_day else first
        last = last.replace(day=1) - timedelta(days=1) if last < year.last_day else last
    counted = sum(1 for start, end in year.months() if start <= last and end >= first)
    return Fraction(counted if first <= last else 0, 12)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _by_day(attendance: Attendance, year: FiscalYear, _rule: Proration) -> Fraction:
    first, last = _span(attendance, year)
    days = (year.last_day - year.first_day).days + 1
    return Fraction((last - first).days + 1, days)


def _whole(_attendance: Attendance, _year: FiscalYear, _rule: Proration) -> Fraction:
    return Fraction(1)


def _from_next_year(attendance: Attendance, year: FiscalYear, _rule: Proration) -> Fraction:
    """A joiner pays nothing this year, a leaver the whole of it."""
    joined = attendance.joins is not None and attendance.joins > year.first_day
    return Fraction(0 if joined else 1)


_METHODS: dict[str, Callable[[Attendance, FiscalYear, Proration], Fraction]] = {
    "月割": _by_month,
    "日割": _by_day,
    "全額": _whole,
    "翌年度から": _from_next_year,
}
