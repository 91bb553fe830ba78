"""Steps through 上限 and 下限: the limit of the member, and what the bounds made of its amount."""

from collections.abc import Iterator
from fractions import Fraction

from apportion.allocate.case import BoundUse, Charge, LineResult, Move, Moved
from apportion.allocate.rounding import cut
from apportion.core.dataclass import dataclass
from apportion.explain.ledger import cut_words
from apportion.explain.steps import RATE, Cut, Operand, Product, Step, term
from apportion.explain.values import Reader
from apportion.outcome.outcome import Outcome
from apportion.rules.nodes import Bound, Mode, Money, OfLine, OfOwn, OfPrevious, OwnFormula


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


@dataclass(frozen=True, slots=True)
class Bounds:
    """Explains the bounds of one 経費 for the member at `position`; `base` is what `経費の…%` means."""

    result: LineResult
    position: int
    base: Operand
    reader: Reader | None = None

    def steps(self, before: Step) -> Iterator[Step]:
        """Limits that mean the member, then what they did; the last step moves `before`, if any."""
        limits: dict[int, Step] = {}
        for number, use in enumerate(self.result.case.bounds, start=1):
            if self.position in (use.named or use.who):
                key = f"bound{number}"
                line = use.bound.source
                yield Step(key=key, label=line.text.strip(), source=line)
                for step in self._limit(use, key, before):
                    yield step
                    limits[id(use.bound)] = step
        for number, move in enumerate(self.moves, start=1):
            before = _moved(move, before, limits.get(id(move.bound)), f"move{number}")
            yield before

    @property
    def moves(self) -> tuple[Move, ...]:
        """What the bounds did to the member."""
        return tuple(move for move in self.result.moves if move.position == self.position)

    def _limit(self, use: BoundUse, key: str, before: Step) -> Iterator[Step]:
        """The limit in yen, brought to the unit of the rule."""
        index = use.who.index(self.position)
        limit, bound = use.limits[index], use.bound
        if limit is None:
            words = _left_out(use, index)
            yield Step(key=f"{key}.none", label="対象外", words=words, source=bound.source, depth=1)
            return
        past = list(self._rests_on(use, index, key))
        yield from past
        cut = Cut(self.result.case.rounding.unit, Mode.DOWN if bound.upper else Mode.UP)
        yield Step(
            key=f"{key}.limit",
            label=_name(bound),
            value=limit,
            terms=self._terms(bound, past, before),
            cut=cut,
            words=self._said(bound, cut),
            source=bound.source,
            depth=1,
        )

    def _rests_on(self, use: BoundUse, index: int, key: str) -> Iterator[Step]:
        """What the limit is made of: charges of last year, or (last) what its formula gives."""
        limit = use.bound.limit
        if isinstance(limit, OwnFormula) and self.reader and use.reading:
            place = (use.named or use.who).index(self.position)
            yield from self.reader.steps(limit.text, use.reading, place, f"{key}.value", limit)
        for number, charge in enumerate(use.past[index] if use.past else (), start=1):
            yield Step(
                key=f"{key}.past{number}",
                label="前年度の負担金",
                value=Fraction(charge.yen),
                source=charge.source,
                depth=1,
            )

    def _terms(self, bound: Bound, past: list[Step], before: Step) -> tuple[Product, ...]:
        if isinstance(bound.limit, Money):
            return (term(Operand(value=bound.limit.yen, source=bound.source)),)
        if isinstance(bound.limit, OwnFormula):
            return tuple(term(step.operand()) for step in past[-1:])
        ratio = Operand(value=bound.limit.ratio, unit=RATE, source=bound.source)
        of = [self.base] if isinstance(bound.limit, OfLine) else [step.operand() for step in past]
        of = [before.operand()] if isinstance(bound.limit, OfOwn) else of
        return tuple(term(own, ratio) for own in of)

    def _said(self, bound: Bound, cut: Cut) -> str:
        way = "" if isinstance(bound.limit, Money) else f"{cut_words(int(cut.unit), cut.mode)}。"
        held = any(m.kind is Moved.HELD and m.bound is bound for m in self.moves)
        return way if held else f"{way}この団体は、この{_name(bound)}にはかかりません。"


def _left_out(use: BoundUse, index: int) -> str:
    """Why a line sets no limit for a member."""
    if isinstance(use.bound.limit, OfPrevious) and not (use.past and use.past[index]):
        return "前年度の負担金がないので、この行から除かれます。"
    return f"この団体には、団体を書いた別の行の{_name(use.bound)}を当てます。"


def _name(bound: Bound) -> str:
    return "上限" if bound.upper else "下限"


def _moved(move: Move, before: Step, limit: Step | None, key: str) -> Step:
    labels = {
        Moved.HELD: f"{_name(move.bound)}で止めた額",
        Moved.TAKES_OVER: "超えた分を足した額",
        Moved.SHARES_AGAIN: "割り直した額",
    }
    return Step(
        key=key,
        label=labels[move.kind],
        value=move.after,
        terms=tuple(_formula(move, before, limit)),
        words=_reason(move),
        source=move.bound.source,
    )


def _formula(move: Move, before: Step, limit: Step | None) -> Iterator[Product]:
    if move.kind is Moved.HELD:
        assert limit is not None
        yield term(limit.operand())
    elif move.kind is Moved.TAKES_OVER:
        yield term(before.operand())
        over = Operand(value=move.money, label="ほかの団体が上限を超えた分")
        if move.own == move.weight:  # one body bears it all
            yield term(over)
        else:
            own = Operand(value=move.own, label="この団体のもとの額")
            yield term(over, own, over=(Operand(value=move.weight, label="もとの額の計"),))
    else:
        money = Operand(value=move.money, label="割り直す額の計")
        weight = Operand(value=move.weight, label="もとの額の計")
        yield term(before.operand(), money, over=(weight,))
        if move.fixed:
            fixed = Operand(value=move.fixed, label="割り直さない額")
            yield term(fixed)
            yield term(fixed, money, over=(weight,), minus=True)


def _reason(move: Move) -> str:
    if move.kind is Moved.HELD:
        beyond = "超える" if move.bound.upper else "下回る"
        if move.bound.upper == (move.before < move.after):
            return f"ほかの団体の分を分け合うと{_name(move.bound)}を{beyond}ので、その額にします。"
        return f"もとの額は{_name(move.bound)}を{beyond}ので、{_name(move.bound)}の額にします。"
    if move.kind is Moved.TAKES_OVER:
        if move.own == move.weight:
            return "ほかの団体が上限を超えた分は、規則によりこの団体が負担します。"
        return "ほかの団体が上限を超えた分を、規則の団体で、もとの額の割合で負担します。"
    return (
        "上限・下限で止まらなかった団体で割り直しました（割り直す額の計÷もとの額の計を掛けます）。"
    )
