"""One budget line made ready to be shared, and what sharing made of it.

A `Case` holds the facts (who, how much, which drivers); a `LineResult` holds what follows.
`explain` and the workbooks read these; nothing is computed twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import Enum
from fractions import Fraction
from functools import cached_property

from apportion.allocate.rounding import RestRule, Rounded, Shares
from apportion.core.dataclass import dataclass
from apportion.core.model import (
    Attendance,
    BudgetLine,
    FigureColumn,
    Member,
    PastCharge,
    Yen,
    total,
)
from apportion.core.problem import Source
from apportion.rules.book import Adjust, Expense, RuleFile
from apportion.rules.nodes import Bound, Clause, Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundUse:
    """One 上限 or 下限 line for the members at `who`: yen brought to the unit (None: not bound).

    `payers` are those that bear what is over (none: the others share it again), `past` each one's
    charges of last year, where the limit is a part of them. `named` are the members of a line that
    stands within another one (of which it is then a part); empty where they are `who`.
    """

    bound: Bound
    who: tuple[int, ...]
    limits: tuple[Fraction | None, ...]
    payers: tuple[int, ...] = ()
    past: tuple[tuple[PastCharge, ...], ...] = ()
    named: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A member that a bound holds: at `limit` yen, where the formula alone gives `free`."""

    position: int
    bound: Bound
    limit: Fraction
    free: Fraction


class Moved(Enum):
    """What a 上限 or 下限 made of an exact amount."""

    HELD = "止めた"
    TAKES_OVER = "超えた分を負担"
    SHARES_AGAIN = "割り直した"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step of the bounds on a member's exact yen, in the order in which they were solved.

    HELD: `after` is the limit. TAKES_OVER: `after` has ``money * own / weight`` more, its part of what
    the others were over; `own` is what the formula alone gave it. SHARES_AGAIN: all but `fixed` of
    `before` becomes ``money / weight`` times as much. `money` is what those that no bound holds must
    bear together, `weight` what the formula alone gave them.
    """

    kind: Moved
    position: int
    bound: Bound
    before: Fraction
    after: Fraction
    fixed: Fraction = Fraction(0)
    money: Fraction = Fraction(1)
    weight: Fraction = Fraction(1)
    own: Fraction = Fraction(1)


FIRST_OFF = "先に引き、後で足す"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A member in the roster of a line; `part` of the year it takes part (1: all of it)."""

    member: Member
    attendance: Attendance
    part: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a name is worth for some members, in their order, and what that rests on.

    `places` tell where each value was written: a cell of the figures, a row or formula of a ■ block.
    `figures` are the columns under it (none: 均等割), `unit` is that of the values. `under` are the
    readings of the names that a ■ block rests on, by stem: of figures their columns alone, of blocks
    also the values (0 where a member does not ask for one). `sums` are what `Xの計` is over the roster.
    """

    values: tuple[Fraction, ...]
    places: tuple[Source, ...]
    figures: tuple[FigureColumn, ...] = ()
    unit: str = ""
    under: Mapping[str, "Reading"] = field(default_factory=dict)
    sums: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverUse:
    """One driver of a clause: its part of the clause's money and each member's value.

    `values` stand in the order of `Part.who`, before proration; `weights` are integers in proportion
    to ``value * part of the year``, `total` is `whole` in their unit (0: the values make no shares).
    `origin` is where the values were written (a figures column, a ■ block); 均等割 has none.
    """

    name: str
    ratio: Fraction
    values: tuple[Fraction, ...]
    weights: tuple[int, ...]
    total: int
    whole: Fraction
    origin: Source = field(default=Source(), compare=False)
    reading: Reading | None = field(default=None, compare=False)

    def share(self, index: int) -> Fraction:
        """Part of the clause's money that the driver gives to the member at `index` of the clause."""
        return self.ratio * self.weights[index] / self.total if self.total else Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one 負担割合 line became: `amount` yen, shared as ``weights / total`` among `who`.

    `who` are positions in `Case.participants`. `fixed` parts (ずつ, につき …) do not scale when
    bounds re-share. With a gap (繰越) `total` is more than the sum of the weights. `reading` is the
    figure that fixed amounts come from, `of` whose amounts a `の計と同額` repeats. `picked` is what
    each term of `小さい方（…）を` is worth.
    """

    clause: Clause
    who: tuple[int, ...]
    amount: Fraction
    drivers: tuple[DriverUse, ...]
    weights: tuple[int, ...]
    total: int
    fixed: bool = False
    reading: Reading | None = field(default=None, compare=False)
    of: tuple[int, ...] = ()
    picked: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """団体別加減: yen of each participant, added to (or taken from) its share after the split."""

    rule: Adjust
    yen: tuple[int, ...]
    reading: Reading | None = field(default=None, compare=False)

    @property
    def first_off(self) -> bool:
        """Whether the sum is taken off 対象額 before the split (先に引き、後で足す)."""
        return self.rule.kind == FIRST_OFF


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A budget line with its rule, participants (in code order) and parts.

    `base` is what the split shares, in yen; `excluded` what of the budget is not (対象外).
    `unit_price` (単価方式): the split has no base of its own, the rounded charges are added up.
    `figures` are the columns that its words mean, by folded name.
    """

    line: BudgetLine
    file: RuleFile
    expense: Expense
    participants: tuple[Participant, ...]
    base: Yen
    parts: tuple[Part, ...]
    rounding: Rounding
    rest: RestRule = RestRule()
    bounds: tuple[BoundUse, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    excluded: Yen = Yen(0)
    unit_price: bool = False
    figures: tuple[tuple[str, FigureColumn], ...] = ()

    @property
    def size(self) -> int:
        """Number of participants."""
        return len(self.participants)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the participants, by position."""
        return tuple(participant.member.name for participant in self.participants)


@dataclass(frozen=True, kw_only=True, eq=False)
class LineResult:
    """Exact shares and whole yen of one line, by position in ``case.participants``.

    `free` are the shares before bounds, `moves` what the bounds did to them, `yen` the charges
    (rounded share and 団体別加減). `carried` is what proration left for 繰越, `waived` what is over a
    上限 and 徴収しない, 0 otherwise.
    """

    case: Case
    free: Shares
    shares: Shares
    held: tuple[Held, ...]
    rounded: Rounded
    carried: Yen = Yen(0)
    waived: Yen = Yen(0)
    moves: tuple[Move, ...] = ()

    @cached_property
    def yen(self) -> tuple[Yen, ...]:
        """Charge of each participant."""
        columns = (self.rounded.yen, *(a.yen for a in self.case.adjustments))
        return tuple(total(amounts) for amounts in zip(*columns, strict=True))

    @property
    def base(self) -> Yen:
        """対象額: what the split shares; for 単価方式 the sum of its rounded charges."""
        return total(self.rounded.yen) if self.case.unit_price else self.case.base

    @property
    def price_gap(self) -> Yen:
        """単価差: what the budget of a 単価方式 line has beyond its charges; 0 without a budget."""
        budget = self.case.line.amount
        if not self.case.unit_price or budget is None:
            return Yen(0)
        return Yen(budget - self.case.excluded - total(self.rounded.yen))

    @property
    def unallocated(self) -> Yen:
        """端数未調整額: the difference that 調整しない leaves."""
        return Yen(self.rounded.unallocated)

    @cached_property
    def position_of(self) -> dict[str, int]:
        """Position of each member code."""
        return {p.member.code: i for i, p in enumerate(self.case.participants)}

    def charges(self) -> Iterator["Charge"]:
        """One charge per participant, in code order."""
        for position, participant in enumerate(self.case.participants):
            yield Charge(participant.member, self, position, self.yen[position])


@dataclass(frozen=True, slots=True)
class Charge:
    """What one member owes for one line, in yen."""

    member: Member
    result: LineResult
    position: int
    yen: Yen

    @property
    def line(self) -> BudgetLine:
        """Its budget line."""
        return self.result.case.line

    @property
    def exact(self) -> Fraction:
        """Exact yen: the share before it is cut, and 団体別加減."""
        adjusted = sum(a.yen[self.position] for a in self.result.case.adjustments)
        return self.result.shares.exact(self.position) + adjusted

    @property
    def added(self) -> int:
        """端数加算: yen given beyond (or taken from) the cut amount."""
        rounded = self.result.rounded
        return rounded.yen[self.position] - rounded.cuts[self.position]
