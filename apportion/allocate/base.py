"""対象額: how much of a budget line is shared, and what is left out or passed through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from apportion.allocate.arith import NoValueError, evaluate
from apportion.allocate.case import Adjustment
from apportion.allocate.rounding import cut
from apportion.allocate.worth import Worth
from apportion.core.model import Attendance, BudgetLine, Member, Yen
from apportion.core.problem import Findings
from apportion.core.text import name_key, near
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


def _months_by_year(rule: Smoothing) -> dict[int, int]:
    """How many months of the whole lie in each fiscal year, by the year in which it starts."""
    length = rule.count if rule.months else rule.count * MONTHS
    begin = rule.first.year * MONTHS + rule.first.month - 1
    counts: dict[int, int] = {}
    for month in range(begin, begin + length):
        start = (month - 3) // MONTHS  # April is month 3 of its calendar year, counted from 0
        counts[start] = counts.get(start, 0) + 1
    return counts


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
                self._blank()
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
            self.findings.add(
                "W408",
                term.source,
                "対象の式が計算できません。",
                why="0で割る計算、負の数の累乗、大きすぎる累乗のどれかになっています。",
                fix="割る数（「÷」のあと）と、累乗（「^」のあと）を確かめて、直してください。",
            )
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
            self._blank_column(name)
            return None
        known = [BUDGET, *self.line.columns]
        close = near(name.text, known)
        self.findings.add(
            "W409",
            name.source,
            f"予算（budget）に「{name.text}」という金額の列がありません。",
            why=f"使える列: {'、'.join(known)}",
            fix=f"「{name.text}」を「{close}」に直してください。"
            if close
            else f"予算に「{name.text}（円）」の列を足してください。",
        )
        return None

    def _adjustment(self, rule: Adjust, members: tuple[Member, ...]) -> Adjustment:
        if self.words.unit(rule.figure) not in {None, YEN}:
            self._not_yen(rule)
        reading = self.words.reading(rule.figure, members)
        yen = tuple(cut(v.numerator, v.denominator, Mode.DOWN) for v in reading.values)
        sign = -1 if rule.kind == TAKEN_OFF else 1
        return Adjustment(rule, tuple(sign * amount for amount in yen), reading)

    def _not_yen(self, rule: Adjust) -> None:
        self.findings.add(
            "W507",
            rule.figure.source,
            f"「{rule.figure.text}」の単位は円ではありません。",
            why="団体別加減は、金額の列か、「単位: 円」と書いた表だけで行えます。",
            fix="金額の列（円、千円）の名前を書いてください。",
        )

    def _blank_column(self, name: Name) -> None:
        self.findings.add(
            "W418",
            self.line.source,
            f"「{self.line.name}」の「{name.text}」が空欄です。",
            why="この経費の規則が「差し引く」か「対象」で使う列です。空欄は 0 とはみなしません。",
            fix="金額を入れてください。ないときは 0 と書いてください。",
        )

    def _check_smoothing(self, amount: int) -> None:
        rule = self.expense.smoothing
        if rule is None:
            return
        part = this_years_part(rule, self.words.columns.year)
        if part != amount:
            self.findings.add(
                "W414",
                rule.source,
                f"平準化による今年度の分 {part:,}円 が、予算額 {amount:,}円 と違います。",
                why="総額、月数、始まりの月のどれかが、予算と合っていません。",
                fix="契約の総額と期間を確かめて、この行か予算額を直してください。",
            )

    def _blank(self) -> None:
        self.findings.add(
            "W407",
            self.line.source,
            f"「{self.line.name}」の予算額が空欄です。",
            why="予算額を空けてよいのは、単価方式（「ずつ」「につき」など）の経費だけです。",
            fix="予算額を入れてください。予算がないときは 0 と書いてください。",
        )
