"""Whether 収入の部 and 支出の部 agree, before anything is written: by 事業, by 区分, in total."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from apportion.allocate.case import Case, LineResult
from apportion.allocate.who import Circle
from apportion.core.dataclass import dataclass
from apportion.core.model import RESERVES, BudgetLine, IncomeLine, Tables
from apportion.core.problem import Findings, tell
from apportion.core.sums import grouped, summed
from apportion.core.text import name_key, near
from apportion.outcome.checks.texts import drawings_agree
from apportion.outcome.reconcile import beside, contributions, open_ends, price_gaps, spending
from apportion.rules.book import Assertion, RuleBook
from apportion.rules.nodes import Who

TOTAL = "合計"
COUNT = "団体数"
BUDGET, BASE = "予算額", "対象額"


@dataclass(frozen=True, slots=True)
class ExpenseCases:
    """The cases of one ■経費 with their results (None: the line could not be computed)."""

    cases: Sequence[Case]
    results: Sequence[LineResult | None]

    def charged(self, chosen: Callable[[int, int], bool]) -> int | None:
        """Sum of charges where `chosen(case index, position)`; None if a line is not computed."""
        if any(result is None for result in self.results):
            return None
        return sum(
            yen
            for index, result in enumerate(self.results)
            if result is not None
            for position, yen in enumerate(result.yen)
            if chosen(index, position)
        )

    @property
    def unit_price(self) -> bool:
        """Whether what it charges follows from figures and rosters (単価方式)."""
        return any(case.unit_price for case in self.cases)

    def total(self) -> int | None:
        """What the block charges; in 総額方式 known as soon as the budget is."""
        if self.unit_price:
            return self.charged(lambda _index, _position: True)
        return sum(case.base for case in self.cases)


@dataclass(frozen=True, slots=True)
class Assertions:
    """Checks the 検算 lines. `whole` tells whether rosters and figures were read without a fault."""

    tables: Tables
    book: RuleBook
    findings: Findings
    whole: bool

    def check(self, block: ExpenseCases) -> None:
        """Every 検算 of one ■経費; amounts are those of the first budget, and hold no more after a 補正."""
        self._check_prices(block)
        revised = any(case.line.is_revised for case in block.cases)
        for assertion in block.cases[0].expense.assertions:
            if revised and assertion.yen is not None:
                continue
            found = self._found(assertion, block)
            wanted = self._wanted(assertion, block)
            if found is not None and abs(found - wanted) > assertion.tolerance:
                self._false(assertion, found, wanted, _excluded(block))

    def _check_prices(self, block: ExpenseCases) -> None:
        """What 単価方式 does not meet must be declared: `検算: 合計 = 予算額（±n円）`, or 対象額."""
        if not self.whole:
            return
        known = [result for result in block.results if result is not None]
        gap = sum(result.price_gap for result in known)
        declared = any(
            a.subject.text == TOTAL and a.yen is None and a.count is None
            for a in block.cases[0].expense.assertions
        )
        if gap and not declared:
            line = block.cases[0].line
            of = BASE if _excluded(block) else BUDGET
            place = block.cases[0].expense.source
            self.findings.add(tell("W415", place, line=line.name, gap=abs(gap), of=of))

    def _found(self, assertion: Assertion, block: ExpenseCases) -> int | None:
        name = assertion.subject.text
        if name == TOTAL and (self.whole or not block.unit_price):
            return block.total()
        if not self.whole:
            return None
        if name == COUNT:
            counts = [case.size for case in block.cases]
            return next((c for c in counts if c != assertion.count), counts[0])
        chosen = [self._positions(assertion, case) for case in block.cases]
        return block.charged(lambda index, position: position in chosen[index])

    def _positions(self, assertion: Assertion, case: Case) -> frozenset[int]:
        scope = self.book.scope(case.file)
        circle = Circle(case.participants, self.tables, scope, self.findings)
        who = Who((assertion.subject,), (), assertion.source)
        return frozenset(circle.positions(who))

    def _wanted(self, assertion: Assertion, block: ExpenseCases) -> Fraction:
        if assertion.count is not None:
            return Fraction(assertion.count)
        if assertion.yen is not None:
            return assertion.yen
        less = _excluded(block) if assertion.less else 0
        return Fraction(sum(case.line.amount or 0 for case in block.cases) - less)

    def _false(self, assertion: Assertion, found: int, wanted: Fraction, excluded: int) -> None:
        unit = "団体" if assertion.count is not None else "円"
        difference = found - wanted
        self.findings.add(
            tell(
                "W412.guess" if _guess(found, wanted) else "W412",
                assertion.source,
                subject=assertion.subject.text,
                found=found,
                unit=unit,
                wanted=int(wanted),
                difference=int(difference),
                guess=_guess(found, wanted),
                mend=_mend(assertion, f"{found:,}{unit}", int(difference), excluded),
            )
        )


def _excluded(block: ExpenseCases) -> int:
    """対象外 of its lines together."""
    return sum(case.excluded for case in block.cases)


def _mend(assertion: Assertion, found: str, difference: int, excluded: int) -> str:
    if assertion.count is None:
        look = "予算額と、その列の見出しの単位（円、千円）を確かめてください。"
    else:
        look = "名簿の○の数を確かめてください。"
    if assertion.count is None and assertion.yen is None:
        if excluded and not assertion.less:
            difference += excluded
        of = BASE if assertion.less or excluded else BUDGET
        found = f"{of}（±{abs(difference):,}円）" if difference else of
    line = assertion.source.mended(f"{assertion.subject.text} = {found}")
    return f"{look}いまの値が正しければ、次の行に直してください: {line}"


def _guess(found: int, wanted: Fraction) -> str:
    """The commonest slip: 円 under a 千円 heading, or the other way."""
    if wanted and found == wanted * 1000:
        return "ちょうど1,000倍です。千円の列に円で入れると、こうなります。"
    if found and found * 1000 == wanted:
        return "ちょうど1,000分の1です。円の列に千円で入れると、こうなります。"
    return ""


def blocks(cases: Sequence[Case], results: Sequence[LineResult | None]) -> Iterator[ExpenseCases]:
    """Cases grouped by the ■経費 that rules them."""
    pairs_of = grouped((id(pair[0].expense), pair) for pair in zip(cases, results, strict=True))
    for pairs in pairs_of.values():
        yield ExpenseCases([case for case, _ in pairs], [result for _, result in pairs])


_EXACT = "負担金の合計は、収入の部の負担金収入と1円まで一致しなければなりません。"


def income_agrees(
    tables: Tables, known: Sequence[LineResult], findings: Findings, *, whole: bool
) -> None:
    """Σ 経費 = 収入の部 for every 事業 whose lines are all known, and for all of them together.

    `whole` tells whether rosters and figures were read without a fault.
    """
    before = findings.faults
    known = [result for result in known if whole or not _rests_on_members(result.case)]
    sums = OwedSums(tables, known)
    for line in sums.first_lines():
        _of_project(line, sums, findings)
    if findings.faults == before:
        _strange_income(sums, findings)
    lines = {line.key for line in tables.charged}
    if findings.faults == before and lines <= {result.case.line.key for result in known}:
        _categories(sums, findings)
        told = findings.faults
        drawings_agree(tables, findings)
        if findings.faults == told:  # or both parts would differ by the same yen
            _both_parts(tables, known, findings)


def _rests_on_members(case: Case) -> bool:
    """Whether the sum of a line follows from rosters and figures, not from the budget alone."""
    expense = case.expense
    return case.unit_price or bool(expense.adjusts) or expense.base is not None


@dataclass(frozen=True, slots=True)
class OwedSums:
    """What members owe and what 収入の部 says, by 事業 or by 区分."""

    tables: Tables
    known: Sequence[LineResult]

    def first_lines(self) -> list[BudgetLine]:
        """The first line of each 事業 of which every line is known."""
        computed = {result.case.line.key for result in self.known}
        first: dict[str, BudgetLine] = {}
        for line in self.tables.charged:
            first.setdefault(name_key(line.project), line)
        unknown = {name_key(x.project) for x in self.tables.charged if x.key not in computed}
        return [line for key, line in first.items() if key not in unknown]

    def due(self, project: str) -> int:
        """Yen that 収入の部 must hold for a 事業."""
        key = name_key(project)
        results = [r for r in self.known if name_key(r.case.line.project) == key]
        return _due(results)

    def taken(self, project: str) -> int:
        """Yen of the budget of a 事業 that its members do not pay: 差し引き and the like."""
        key = name_key(project)
        return sum(beside(r) for r in self.known if name_key(r.case.line.project) == key)

    def revised(self, project: str) -> int:
        """Yen that 補正 add to the budget of a 事業."""
        key = name_key(project)
        own = (line for line in self.tables.charged if name_key(line.project) == key)
        return sum(yen for line in own for _, yen, _ in line.parts[1:])

    def income(self, project: str) -> list[IncomeLine]:
        """負担金収入 of a 事業."""
        key = name_key(project)
        return [line for line in contributions(self.tables) if name_key(line.project) == key]


def _due(results: Sequence[LineResult]) -> int:
    paid = sum(yen - beside(r) for r, (_, yen) in zip(results, spending(results), strict=True))
    return paid + price_gaps(results)


def _of_project(line: BudgetLine, sums: OwedSums, findings: Findings) -> None:
    due, lines = sums.due(line.project), sums.income(line.project)
    income = sum(found.amount for found in lines)
    if not lines:
        _no_income(line, due, sums, findings)
    elif due != income:
        taken, revised = sums.taken(line.project), sums.revised(line.project)
        findings.add(
            tell(
                "W410.taken"
                if taken and due + taken == income
                else "W410.revised"
                if revised and due - revised == income
                else "W410",
                line.source,
                project=line.project,
                due=due,
                income=income,
                difference=due - income,
                reason=_reason(due, income, taken),
                place=lines[0].source.place(),
                taken=taken,
                revised=revised,
            )
        )


def _reason(due: int, income: int, taken: int) -> str:
    if due and income and (due == income * 1000 or due * 1000 == income):
        return "ちょうど1,000倍違います。円と千円を取り違えた列があります。"
    beside_it = f"差し引いた額など、団体が負担しない {taken:,}円は、経費の合計に入っていません。"
    return (beside_it if taken else "") + _EXACT


def _no_income(line: BudgetLine, due: int, sums: OwedSums, findings: Findings) -> None:
    names = dict.fromkeys(found.project for found in contributions(sums.tables) if found.project)
    close = near(line.project, names) if findings.room("W413") else None
    findings.add(
        tell(
            "W413.near" if close else "W413",
            line.cells.get("事業", line.source),
            project=line.project,
            close=close,
            due=due,
        )
    )


def _strange_income(sums: OwedSums, findings: Findings) -> None:
    """負担金収入 of a 事業 that nobody pays for."""
    projects = {name_key(line.project) for line in sums.tables.charged}
    for line in contributions(sums.tables):
        if line.amount and name_key(line.project) not in projects:
            findings.add(tell("W417", line.source, project=line.project or "（空欄）"))


def _categories(sums: OwedSums, findings: Findings) -> None:
    """区分: every 事業 agrees, so where these do not, a row stands under another 区分."""
    due = ((result.case.line.category, _due([result])) for result in sums.known)
    received = ((income.category, -income.amount) for income in contributions(sums.tables))
    left = summed((name_key(category), yen) for category, yen in (*due, *received))
    wrong = [line for line in sums.tables.charged if left[name_key(line.category)]]
    if wrong:
        findings.add(
            tell(
                "W416",
                wrong[0].cells.get("区分", wrong[0].source),
                category=wrong[0].category,
                spent=_listed(line.category for line in sums.tables.charged),
                income=_listed(line.category for line in contributions(sums.tables)),
            )
        )


def _both_parts(tables: Tables, results: Sequence[LineResult], findings: Findings) -> None:
    income = sum(line.amount for line in tables.income)
    spent = sum(budget for _, budget in spending(results))
    spent += sum(line.amount or 0 for line in tables.budget if line.category == RESERVES)
    if spent - income not in (0, open_ends(results)):
        findings.add(
            tell(
                "W411",
                (tables.income or tables.budget)[-1].source,
                income=income,
                spent=spent,
                difference=income - spent,
            )
        )


def _listed(names: Iterable[str]) -> str:
    return "、".join(name or "（空欄）" for name in dict.fromkeys(names))
