"""負担割合 lines of one 経費 to parts: how much money each line brings, and by which weights.

Lines may say 残り, so a part's money is ``fixed + slope * R`` in the unknown rest R; R is what makes
the parts add up to 対象額. (`県に 市町村の計と同額` beside `市町村に 残りを …`: each pays half.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from apportion.allocate.case import Part
from apportion.allocate.quantities import Quantities
from apportion.allocate.shares import integers
from apportion.allocate.split import Splitter
from apportion.allocate.who import Circle
from apportion.allocate.words import Words
from apportion.rulebook import Clause, Expense, Money, Ratio, Rest, SameAs, Share, Split


def is_unit_price(clauses: Sequence[Clause]) -> bool:
    """単価方式: no line speaks of a part of 対象額."""
    return bool(clauses) and all(
        isinstance(clause.share, Money) for clause in clauses if isinstance(clause, Split)
    )


@dataclass(frozen=True, slots=True)
class Pot:
    """Money of a part before the rest R is known: ``fixed + slope * R`` yen."""

    fixed: Fraction
    slope: Fraction = Fraction(0)

    def times(self, factor: Fraction) -> "Pot":
        """A part of this money."""
        return Pot(self.fixed * factor, self.slope * factor)

    def at(self, rest: Fraction) -> Fraction:
        """Yen once R is known."""
        return self.fixed + self.slope * rest


def _together(pots: Iterator[Pot]) -> Pot:
    listed = list(pots)
    fixed = sum((pot.fixed for pot in listed), Fraction(0))
    return Pot(fixed, sum((pot.slope for pot in listed), Fraction(0)))


@dataclass(frozen=True, slots=True)
class Parts:
    """Makes the parts of one line. `base` is 対象額 in yen."""

    circle: Circle
    words: Words
    splitter: Splitter
    base: int

    def of(self, expense: Expense) -> tuple[Part, ...]:
        """All parts with their money; what does not add up becomes a finding."""
        filled = [(part, pot) for clause in expense.clauses for part, pot in self._own(clause)]
        filled += [
            (part, pot) for clause in expense.clauses for part, pot in self._same(clause, filled)
        ]
        rest = Fraction(0)
        told = len(filled) < len(expense.clauses)  # who pays a line is not known: that is told
        if not told and not is_unit_price(expense.clauses):
            rest = self._rest(expense, _together(pot for _, pot in filled))
        return tuple(replace(part, amount=pot.at(rest)) for part, pot in filled)

    def _own(self, clause: Clause) -> Iterator[tuple[Part, Pot]]:
        """Part of a clause that does not look at other members."""
        who = () if isinstance(clause, SameAs) else self.circle.positions(clause.who)
        if not who or isinstance(clause, SameAs):
            return
        if isinstance(clause, Split):
            yield self.splitter.part(clause, who), self._pot(clause.share)
            return
        quantities = Quantities(self.circle, self.words)
        weights, scale = integers(quantities.amounts(clause, who))
        part = replace(_fixed_part(clause, who, weights), reading=quantities.reading(clause, who))
        yield part, Pot(Fraction(sum(weights), scale))

    def _same(self, clause: Clause, others: list[tuple[Part, Pot]]) -> Iterator[tuple[Part, Pot]]:
        """`県に 市町村の計と同額`: the money of the members named, added up."""
        if not isinstance(clause, SameAs):
            return
        who = self.circle.positions(clause.who)
        of = set(self.circle.positions(clause.of))
        if not who:
            return  # told already
        if len(who) > 1 or of & set(who):
            self._not_one(clause, tuple(of & set(who)))
            return
        yield (
            replace(_fixed_part(clause, who, (1,)), of=tuple(sorted(of))),
            _together(pot.times(_portion(part, of)) for part, pot in others),
        )

    def _pot(self, share: Share | None) -> Pot:
        if share is None:
            return Pot(Fraction(self.base))
        if isinstance(share, Ratio):
            return Pot(self.base * share.value)
        if isinstance(share, Rest):
            return Pot(Fraction(0), share.part)
        return Pot(share.yen)

    def _rest(self, expense: Expense, whole: Pot) -> Fraction:
        """The rest R that makes the parts add up to 対象額."""
        left = self.base - whole.fixed
        if whole.slope:
            if left * self.base < 0:
                self._too_much(expense, whole.fixed)
            return left / whole.slope
        if left:
            self._open(expense, whole.fixed)
        return Fraction(0)

    def _too_much(self, expense: Expense, fixed: Fraction) -> None:
        self.words.findings.add(
            "W502",
            expense.source,
            f"定額や割合の合計（{_yen(fixed)}円）が、対象額（{self.base:,}円）を超えています。",
            why="「残り」が負の金額になります。",
            fix="定額か割合を減らすか、予算額を確かめてください。",
        )

    def _open(self, expense: Expense, fixed: Fraction) -> None:
        last = _last_share(expense)
        self.words.findings.add(
            "W501",
            last.source if last else expense.source,
            f"負担割合の合計（{_yen(fixed)}円）が、対象額（{self.base:,}円）と合いません。",
            why=f"差は {_yen(self.base - fixed)}円です。",
            fix="合計が対象額と同じになるように、割合か金額を直してください。"
            + (
                f"最後を「残り」にすると、必ず合います: {last.source.mended('残り')}"
                if last
                else ""
            ),
        )

    def _not_one(self, clause: SameAs, inside: tuple[int, ...]) -> None:
        names = [self.circle.participants[position].member.name for position in inside]
        mend = "負担割合: 県に 市町村の計と同額"
        if len(names) == 1 and not clause.of.excluded:
            mend = clause.of.source.mended(f"{clause.of.source.words}（{names[0]}を除く）")
        self.words.findings.add(
            "W508",
            clause.source,
            "「の計と同額」を負担する団体が、1団体に決まりません。",
            why="同額を負担する団体は一つだけで、「の計」の中に入っていてはいけません。",
            fix=f"次のような行に直してください: {mend}",
        )


def _last_share(expense: Expense) -> Share | None:
    """What stands last before を: it becomes 残り where the lines do not add up."""
    shares = [clause.share for clause in expense.clauses if isinstance(clause, Split)]
    return shares[-1] if shares else None


def _fixed_part(clause: Clause, who: tuple[int, ...], weights: tuple[int, ...]) -> Part:
    return Part(
        clause=clause,
        who=who,
        amount=Fraction(0),
        drivers=(),
        weights=weights,
        total=sum(weights) or 1,
        fixed=True,
    )


def _portion(part: Part, positions: set[int]) -> Fraction:
    """Which part of a part's money falls on the members at `positions`."""
    inside = sum(w for i, w in zip(part.who, part.weights, strict=True) if i in positions)
    return Fraction(inside, part.total)


def _yen(amount: Fraction) -> str:
    return f"{int(amount):,}" if amount.denominator == 1 else f"約{int(amount):,}"
