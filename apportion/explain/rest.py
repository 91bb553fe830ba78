"""Steps from the exact share to whole yen: the cut, the rest and its order, 団体別加減."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from apportion.allocate.base import TAKEN_OFF
from apportion.allocate.case import Adjustment, Charge, LineResult
from apportion.allocate.rounding import cut
from apportion.core.dataclass import dataclass
from apportion.core.problem import Source
from apportion.explain.ledger import Ledger, cut_words
from apportion.explain.steps import Cut, CutRest, Step, term
from apportion.explain.values import Reader
from apportion.rules.nodes import Mode, RestOrder, Stage

RestWords = Callable[[CutRest, str, RestOrder], str]
"""Says the rest of a 経費 to the member of that name."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Explains how the exact share of one charge became whole yen; `said` words the rest."""

    charge: Charge
    reader: Reader
    rest: CutRest | None
    said: RestWords

    def steps(self, exact: Step, shares: Sequence[Step]) -> Iterator[Step]:
        """The cut of `exact` (基準ごと: of each of `shares`), what was added, and the charge."""
        parts = self._by_driver(shares)
        sums = [self._cut(exact, parts)]
        if self.rest is not None:
            sums.append(self._added(self.rest))
        yield from (*parts, *sums)
        if self.charge.result.carried:
            yield self._carried()
        if self.charge.result.waived:
            yield waived(self.charge.result)
        for number, adjustment in enumerate(self.charge.result.case.adjustments, start=1):
            own = self._adjusted(adjustment, f"adjust{number}")
            yield from own
            sums.append(own[-1])
        yield charged(self.charge, sums)

    def _by_driver(self, shares: Sequence[Step]) -> tuple[Step, ...]:
        """基準ごと: each driver's yen is cut by itself."""
        case = self.charge.result.case
        by_line = case.rounding.stage is not Stage.DRIVER
        return () if by_line else tuple(self._alone(share) for share in shares)

    def _alone(self, share: Step) -> Step:
        rule, yen = self.charge.result.case.rounding, share.value
        assert yen is not None
        whole = cut(yen.numerator, yen.denominator * rule.unit, rule.mode) * rule.unit
        return Step(
            key=f"{share.key}.cut",
            label=f"{share.label}の{cut_words(rule.unit, rule.mode)}",
            value=Fraction(whole),
            terms=(term(share.operand()),),
            cut=Cut(rule.unit, rule.mode),
            source=self._place,
        )

    def _cut(self, exact: Step, parts: Sequence[Step]) -> Step:
        rule = self.charge.result.case.rounding
        way = cut_words(rule.unit, rule.mode)
        return Step(
            key="cut",
            label="切り捨てた額の計" if parts else way,
            value=Fraction(self.charge.result.rounded.cuts[self.charge.position]),
            terms=tuple(term(part.operand()) for part in parts or (exact,)),
            cut=None if parts else Cut(rule.unit, rule.mode),
            words="" if rule.source.line else "規則に書いていないので、ふつうのきまりによります。",
            source=self._place,
        )

    @property
    def _place(self) -> Source:
        """Where the 端数 is written; the ■経費 where it is the usual one."""
        case = self.charge.result.case
        return case.rounding.source if case.rounding.source.line else case.expense.source

    def _added(self, rest: CutRest) -> Step:
        case = self.charge.result.case
        return Step(
            key="added",
            label="差額の加算",
            value=Fraction(self.charge.added),
            words=self.said(rest, self.charge.member.name, case.rest.order),
            source=self._place,
        )

    def _carried(self) -> Step:
        result = self.charge.result
        return Step(
            key="carried",
            label="繰越",
            words=f"途中参加で減った分の {result.carried:,}円は、ほかの団体では分けずに繰り越します。",
            source=result.case.expense.source,
        )

    def _adjusted(self, adjustment: Adjustment, key: str) -> list[Step]:
        """The member's own amount, whole yen, added or taken off."""
        rule, yen = adjustment.rule, Fraction(adjustment.yen[self.charge.position])
        assert adjustment.reading is not None
        name, index = rule.figure.text, self.charge.position
        said = Step(key=f"{key}.rule", label=rule.source.text.strip(), source=rule.source)
        value = list(self.reader.steps(name, adjustment.reading, index, f"{key}.value"))
        own = Step(
            key=key,
            label="団体別加減",
            value=yen,
            terms=(term(value[-1].operand(), minus=rule.kind == TAKEN_OFF),),
            cut=Cut(1, Mode.DOWN),
            source=rule.source,
            depth=1,
        )
        return [said, *value, own]


def waived(result: LineResult) -> Step:
    """That nobody pays what is over a 上限."""
    bound = next(use.bound for use in result.case.bounds if use.bound.waived)
    return Step(
        key="waived",
        label="徴収しない額",
        words=f"上限を超えた分の {result.waived:,}円は、どの団体からも徴収しません。",
        source=bound.source,
    )


def charged(charge: Charge, sums: Sequence[Step]) -> Step:
    """負担金額, the sum of `sums`; of a line of 0円 it is the 対象額."""
    case = charge.result.case
    return Step(
        key="charge",
        label="負担金額",
        value=Fraction(charge.yen),
        terms=tuple(term(step.operand()) for step in sums),
        words="" if case.parts else "予算額が0円なので、負担はありません。",
        source=case.expense.source if case.parts else case.line.source,
    )


def rest_of(ledger: Ledger, position: int) -> CutRest:
    """The rest of a 経費, and the place of one member in its order."""
    last, following = ledger.border
    rounding = ledger.result.case.rounding
    return CutRest(
        rule=ledger.rule,
        total=ledger.total,
        cuts=ledger.cuts,
        unit=rounding.unit,
        units=ledger.units,
        size=ledger.size,
        own=ledger.standing(position),
        last=last,
        following=following,
        unallocated=ledger.result.unallocated,
    )
