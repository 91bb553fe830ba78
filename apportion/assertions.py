"""検算: what rule texts assert of their own results."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apportion.allocate.case import Case, LineResult
from apportion.allocate.who import Circle
from apportion.findings import Findings
from apportion.model import Tables
from apportion.rulebook import Assertion, Who
from apportion.rulebook.book import RuleBook

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

    def check(self, block: Block) -> None:
        """Every 検算 of one ■経費; amounts are those of the first budget, and hold no more after a 補正."""
        self._check_prices(block)
        revised = any(case.line.is_revised for case in block.cases)
        for assertion in block.cases[0].expense.assertions:
            if revised and assertion.yen is not None:
                continue
            found = self._found(assertion, block)
            wanted = self._wanted(assertion, block)
            if found is not None and abs(found - wanted) > assertion.tolerance:
                self._false(assertion, found, wanted)

    def _check_prices(self, block: Block) -> None:
        """A budget that 単価方式 does not meet must be declared: `検算: 合計 = 予算額（±n円）`."""
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
            self.findings.add(
                "W415",
                block.cases[0].expense.source,
                f"「{line.name}」の負担金の合計が、予算額と {abs(gap):,}円 違います。",
                why="単価で決まる額の合計は、予算額と同じになるとは限りません。"
                "違ってよいときは、その幅を書いておきます。",
                fix=f"違ってよければ、次の行を足してください: 検算: 合計 = 予算額（±{abs(gap):,}円）",
            )

    def _found(self, assertion: Assertion, block: Block) -> int | None:
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
            fix=_mend(assertion, f"{found:,}{unit}", int(abs(difference))),
        )


def _mend(assertion: Assertion, found: str, difference: int) -> str:
    if assertion.count is None:
        look = "予算額と、その列の見出しの単位（円、千円）を確かめてください。"
    else:
        look = "名簿の○の数を確かめてください。"
    if assertion.count is None and assertion.yen is None:
        found = f"予算額（±{difference:,}円）"
    line = assertion.source.mended(f"{assertion.subject.text} = {found}")
    return f"{look}いまの値が正しければ、次の行に直してください: {line}"


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
