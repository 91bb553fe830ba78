"""検算: what rule texts assert of their own results, and whether budget and income agree."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.case import Case, LineResult
from apportion.allocate.who import Circle
from apportion.findings import Findings
from apportion.model import RESERVES, BudgetLine, Tables
from apportion.reconcile import beside, contributions, open_ends, spending
from apportion.rulebook import Assertion, Who
from apportion.rulebook.book import RuleBook
from apportion.text import name_key

TOTAL = "合計"
COUNT = "団体数"


@dataclass(frozen=True, slots=True)
class Block:
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

    def total(self) -> int | None:
        """What the block charges; in 総額方式 known as soon as the budget is."""
        if any(case.unit_price for case in self.cases):
            return self.charged(lambda _index, _position: True)
        return sum(case.base for case in self.cases)


@dataclass(frozen=True, slots=True)
class Assertions:
    """Checks the 検算 lines. `whole` tells whether rosters and figures were read without a fault."""

    tables: Tables
    book: RuleBook
    findings: Findings
    whole: bool

    def check(self, block: Block) -> None:
        """Every 検算 of one ■経費."""
        for assertion in block.cases[0].expense.assertions:
            found = self._found(assertion, block)
            wanted = self._wanted(assertion, block)
            if found is not None and abs(found - wanted) > assertion.tolerance:
                self._false(assertion, found, wanted)

    def _found(self, assertion: Assertion, block: Block) -> int | None:
        name = assertion.subject.text
        if name == TOTAL:
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

    def _wanted(self, assertion: Assertion, block: Block) -> Fraction:
        if assertion.count is not None:
            return Fraction(assertion.count)
        if assertion.yen is not None:
            return assertion.yen
        return Fraction(sum(case.line.amount or 0 for case in block.cases))

    def _false(self, assertion: Assertion, found: int, wanted: Fraction) -> None:
        unit = "団体" if assertion.count is not None else "円"
        difference = found - wanted
        self.findings.add(
            "W412",
            assertion.source,
            f"検算が合いません。{assertion.subject.text}は {found:,}{unit}です"
            f"（書いてある値 {int(wanted):,}{unit}、差 {int(difference):,}{unit}）。",
            why=_guess(found, wanted)
            or "予算額、名簿、基礎数値、負担割合のどれかが、検算を書いたときと違っています。",
            fix="予算額の列の見出しの単位と、名簿の○の数を確かめてください。正しければ検算を直します。",
        )


def _guess(found: int, wanted: Fraction) -> str:
    """The commonest slip: 円 under a 千円 heading, or the other way."""
    if wanted and found == wanted * 1000:
        return "ちょうど1,000倍です。千円の列に円で入れると、こうなります。"
    if found and found * 1000 == wanted:
        return "ちょうど1,000分の1です。円の列に千円で入れると、こうなります。"
    return ""


def blocks(cases: Sequence[Case], results: Sequence[LineResult | None]) -> Iterator[Block]:
    """Cases grouped by the ■経費 that rules them."""
    grouped: dict[int, list[tuple[Case, LineResult | None]]] = {}
    for case, result in zip(cases, results, strict=True):
        grouped.setdefault(id(case.expense), []).append((case, result))
    for pairs in grouped.values():
        yield Block([case for case, _ in pairs], [result for _, result in pairs])


def income_agrees(tables: Tables, known: Sequence[LineResult], findings: Findings) -> None:
    """Σ 経費 = 収入の部 for every 事業 whose lines are all known, and for both parts in total."""
    before = findings.faults
    income: dict[str, int] = {}
    for line in contributions(tables):
        key = name_key(line.project)
        income[key] = income.get(key, 0) + line.amount
    by_line = {result.case.line.key: result for result in known}
    by_project: dict[str, list[BudgetLine]] = {}
    for charged in tables.charged:
        by_project.setdefault(name_key(charged.project), []).append(charged)
    for key, lines in by_project.items():
        results = [by_line[line.key] for line in lines if line.key in by_line]
        due = sum(yen - beside(r) for r, (_, yen) in zip(results, spending(results), strict=True))
        if len(results) == len(lines) and due != income.get(key):
            _differs(lines[0], due, income.get(key), findings)
    if findings.faults == before and len(known) == len(tables.charged):
        _both_parts(tables, known, findings)


def _differs(line: BudgetLine, due: int, income: int | None, findings: Findings) -> None:
    project = line.project
    if income is None:
        findings.add(
            "W413",
            line.source,
            f"収入の部（income）に、「{project}」の負担金収入がありません。",
            why="負担金の合計は、収入の部の負担金収入と1円まで一致しなければなりません。",
            fix=f"収入の部に「{project}」の負担金収入 {due:,}円 の行を足してください。",
        )
        return
    findings.add(
        "W410",
        line.source,
        f"「{project}」の経費の合計 {due:,}円 が、収入の部の負担金収入 {income:,}円 と合いません"
        f"（差 {due - income:,}円）。",
        why="負担金の合計は、収入の部の負担金収入と1円まで一致しなければなりません。",
        fix="支出の部（budget）の経費の額か、収入の部（income）の額を、予算書と見比べてください。",
    )


def _both_parts(tables: Tables, results: Sequence[LineResult], findings: Findings) -> None:
    income = sum(line.amount for line in tables.income)
    spent = sum(budget for _, budget in spending(results))
    spent += sum(line.amount or 0 for line in tables.budget if line.category == RESERVES)
    if spent - income not in (0, open_ends(results)):
        findings.add(
            "W411",
            tables.income[-1].source,
            f"収入の部の合計 {income:,}円 と支出の部の合計 {spent:,}円 が合いません"
            f"（差 {income - spent:,}円）。",
            why="予算の収入と支出の合計は同じでなければなりません。",
            fix="積立金、保管金、繰越金の行も含めて、予算書と見比べてください。",
        )
