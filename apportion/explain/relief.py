"""Steps of 激変緩和調整: what 上限 and 下限 of a whole 事業 add to a member's charges, or take off."""

from collections.abc import Iterator
from fractions import Fraction

from apportion.allocate.case import Charge, LineResult
from apportion.allocate.rounding import cut
from apportion.explain.bounds import Bounds
from apportion.explain.steps import Cut, Operand, Step, term
from apportion.ledger import cut_words
from apportion.outcome import Outcome
from apportion.rulebook import Mode


def is_relief(result: LineResult) -> bool:
    """Whether a result is the adjustment of a 事業, and not a line of the budget."""
    return bool(result.case.bounds) and not result.case.parts


def relief_steps(charge: Charge, outcome: Outcome) -> Iterator[Step]:
    """From the member's sum over the 事業 to what is added to it."""
    before = _before(charge, outcome)
    yield before
    base = sum(other.base for other in _lines(charge, outcome))
    of = Operand(value=Fraction(base), label="事業の対象額の計")
    exact = before
    for step in Bounds(charge.result, charge.position, of).steps(before):
        yield step
        exact = step if step.key.startswith("move") else exact
    yield from _closed(charge, before.operand(), exact.operand())


def _closed(charge: Charge, before: Operand, exact: Operand) -> Iterator[Step]:
    """The new sum in whole yen, and how far it is from the sum before."""
    place = charge.result.case.line.source
    whole = cut(exact.value.numerator, exact.value.denominator, Mode.DOWN)
    floor = Step(
        key="cut",
        label=cut_words(1, Mode.DOWN),
        value=Fraction(whole),
        terms=(term(exact),),
        cut=Cut(1, Mode.DOWN),
        source=place,
    )
    added = Step(
        key="added",
        label="差額の加算",
        value=before.value + charge.yen - whole,
        words="切り捨てて余った円を、端数の大きい順に1円ずつ足します。",
        source=place,
    )
    yield from (floor, added)
    yield Step(
        key="charge",
        label="調整額",
        value=Fraction(charge.yen),
        terms=(term(floor.operand()), term(added.operand()), term(before, minus=True)),
        source=place,
    )


def _lines(charge: Charge, outcome: Outcome) -> Iterator[LineResult]:
    """The budget lines of the 事業."""
    file = charge.result.case.file
    return (r for r in outcome.results if r.case.file is file and r is not charge.result)


def _before(charge: Charge, outcome: Outcome) -> Step:
    terms = []
    for result in _lines(charge, outcome):
        position = result.position_of.get(charge.member.code)
        if position is not None:
            line = result.case.line
            yen = Fraction(result.yen[position])
            terms.append(term(Operand(value=yen, label=line.name, source=line.source)))
    return Step(
        key="before",
        label="調整の前の計",
        value=sum((own.factors[0].value for own in terms), Fraction(0)),
        terms=tuple(terms),
        words="この事業の経費ごとの負担金を合わせた額です。",
        source=charge.result.case.line.source,
    )
