"""対象額: how much of a budget line is shared, and what is left out or passed through."""

from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.arith import NoValueError, evaluate
from apportion.allocate.case import Adjustment
from apportion.allocate.rounding import cut
from apportion.allocate.smoothing import this_years_part
from apportion.allocate.words import Words
from apportion.findings import Findings
from apportion.model import BudgetLine, Member, Yen
from apportion.near import near
from apportion.rulebook import Adjust, Arith, Deduct, Expense, Mode, Name
from apportion.text import name_key

BUDGET = "予算額"
DEDUCTED = ("差し引き", "差し引く")
TAKEN_OFF = "差し引く"
YEN = "円"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """`shared` is what the split shares; `excluded` (対象外) and `first_off` make up the budget."""

    shared: Yen
    excluded: Yen
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True, slots=True)
class BaseRule:
    """Works out the base of one line."""

    line: BudgetLine
    expense: Expense
    words: Words
    findings: Findings

    def base(self, members: tuple[Member, ...], *, unit_price: bool) -> Base:
        """対象額 cut to whole yen (円未満切捨て), with the members' own amounts beside it."""
        adjustments = tuple(self._adjustment(rule, members) for rule in self.expense.adjusts)
        if self.line.amount is None:
            if not unit_price:
                self._blank()
            return Base(shared=Yen(0), excluded=Yen(0), adjustments=adjustments)
        self._check_smoothing(self.line.amount)
        whole = self._counted(self.line.amount)
        first_off = sum(sum(a.yen) for a in adjustments if a.first_off)
        return Base(
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
