"""対象額: how much of a budget line is shared, and what is left out or passed through."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from apportion.allocate.arith import NoValueError, evaluate
from apportion.allocate.case import Adjustment
from apportion.allocate.rounding import cut
from apportion.allocate.worth import Worth
from apportion.core.dataclass import dataclass
from apportion.core.model import Attendance, BudgetLine, Member, Yen
from apportion.core.problem import Findings, tell
from apportion.core.text import name_key, near, some
from apportion.core.year import FiscalYear
from apportion.rules.book import Adjust, Deduct, Expense
from apportion.rules.nodes import Arith, Mode, Name, Proration, Smoothing


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


MONTHS = 12


def this_years_part(rule: Smoothing, year: FiscalYear) -> int:
    """Whole yen of `year`: its months' part cut to yen, the rest in the first or the last year."""
    counts = _months_by_year(rule)
    total, months = int(rule.total.yen), sum(counts.values())
    parts = {start: total * count // months for start, count in counts.items()}
    taker = min(parts) if rule.rest_first else max(parts)
    parts[taker] += total - sum(parts.values())
    return parts.get(year.start, 0)


def _months_by_year(rule: Smoothing) -> Counter[int]:
    """How many months of the whole lie in each fiscal year, by the year in which it starts."""
    length = rule.count if rule.months else rule.count * MONTHS
    begin = rule.first.year * MONTHS + rule.first.month - 1
    # April is month 3 of its calendar year, counted from 0.
    return Counter((month - 3) // MONTHS for month in range(begin, begin + length))


BUDGET = "予算額"
DEDUCTED = ("差し引き", "差し引く")
TAKEN_OFF = "差し引く"
YEN = "円"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """`shared` is what the split shares; `excluded` (対象外) and `first_off` make up the budget."""

    shared: Yen
    excluded: Yen
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True, slots=True)
class BaseRule:
    """Works out the base of one line."""

    line: BudgetLine
    expense: Expense
    words: Worth
    findings: Findings

    def base(self, members: tuple[Member, ...], *, unit_price: bool) -> Charged:
        """対象額 cut to whole yen (円未満切捨て), with the members' own amounts beside it."""
        adjustments = tuple(self._adjustment(rule, members) for rule in self.expense.adjusts)
        if self.line.amount is None:
            if not unit_price:
                self.findings.add(tell("W407", self.line.source, line=self.line.name))
            return Charged(shared=Yen(0), excluded=Yen(0), adjustments=adjustments)
        self._check_smoothing(self.line.amount)
        whole = self._counted(self.line.amount)
        first_off = sum(sum(a.yen) for a in adjustments if a.first_off)
        return Charged(
            shared=Yen(whole - first_off),
            excluded=Yen(self.line.amount - whole),
            adjustments=adjustments,
        )

    def _counted(self, amount: int) -> int:
        deducted = sum((self._deducted(d) for d in self.expense.deducts), Fraction(0))
        if self.expense.base is None:
            value = amount - deducted
        else:
            value = self._expression(self.expense.base, Fraction(amount), deducted)
        return cut(value.numerator, value.denominator, Mode.DOWN)

    def _expression(self, term: Arith, amount: Fraction, deducted: Fraction) -> Fraction:
        def worth(name: Name) -> Fraction | None:
            if name.text == BUDGET:
                return amount
            return deducted if name.text in DEDUCTED else self._column(name)

        try:
            found = evaluate(term, worth, self.words.total)
        except NoValueError:
            found = None
            self.findings.add(tell("W408", term.source))
        return Fraction(0) if found is None else found

    def _deducted(self, deduct: Deduct) -> Fraction:
        if deduct.amount is not None:
            return deduct.amount.yen
        return self._column(deduct.name) or Fraction(0)

    def _column(self, name: Name) -> Fraction | None:
        columns = {name_key(heading): yen for heading, yen in self.line.columns.items()}
        key = name_key(name.text)
        if key in columns:
            return Fraction(columns[key])
        budget = self.words.circle.tables.budget
        if any(key == name_key(heading) for line in budget for heading in line.columns):
            self.findings.add(tell("W418", self.line.source, line=self.line.name, name=name.text))
            return None
        known = [BUDGET, *self.line.columns]
        close = near(name.text, known)
        self.findings.add(
            tell(
                "W409.near" if close else "W409",
                name.source,
                column=name.text,
                known=some(known),
                close=close,
            )
        )
        return None

    def _adjustment(self, rule: Adjust, members: tuple[Member, ...]) -> Adjustment:
        if self.words.unit(rule.figure, YEN) not in {None, YEN}:
            self.findings.add(tell("W507.adjustment", rule.figure.source, figure=rule.figure.text))
        reading = self.words.reading(rule.figure, members)
        yen = tuple(cut(v.numerator, v.denominator, Mode.DOWN) for v in reading.values)
        sign = -1 if rule.kind == TAKEN_OFF else 1
        return Adjustment(rule, tuple(sign * amount for amount in yen), reading)

    def _check_smoothing(self, amount: int) -> None:
        rule = self.expense.smoothing
        if rule is None:
            return
        part = this_years_part(rule, self.words.columns.year)
        if part != amount:
            self.findings.add(tell("W414", rule.source, part=part, amount=amount))
