"""Floors and caps: the one exact amount each that respects them and keeps the total.

``x_i(L) = min(high_i, max(low_i, L * weight_i))`` with L such that the sum is the total: the unique
solution (water-filling). Clipping everybody at once and freezing both sides is wrong when floors
and caps are given together; see the worked case in the tests.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import field
from fractions import Fraction
from math import ceil

from apportion.allocate.case import BoundUse, Held, Move, Moved
from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, tell
from apportion.core.sums import grouped
from apportion.rules.nodes import Bound


@dataclass(frozen=True, slots=True)
class BoundedMember:
    """One member: what it weighs and between which amounts (yen) it must stay; None is open."""

    weight: Fraction
    low: Fraction | None = None
    high: Fraction | None = None

    def at(self, level: Fraction) -> Fraction:
        """Amount at water level `level`."""
        amount = level * self.weight
        if self.low is not None and amount < self.low:
            return self.low
        if self.high is not None and amount > self.high:
            return self.high
        return amount


@dataclass(frozen=True, slots=True)
class Infeasible:
    """The bounds leave no solution: `missing` yen cannot be charged (or floors exceed by -missing)."""

    missing: Fraction


def fill(slots: Sequence[BoundedMember], total: Fraction) -> list[Fraction] | Infeasible:
    """Amounts of all slots that add up to `total` (not negative), or by how much that fails."""
    points = sorted({point for slot in slots for point in _breakpoints(slot)} | {Fraction(0)})
    # The sum never falls, and is straight between two breakpoints: these two hold the level.
    below = bisect_right(points, total, key=lambda level: _sum(slots, level)) - 1
    if below < 0:
        return Infeasible(total - _sum(slots, points[0]))
    level = points[below]
    slope = _slope(slots, points, below)
    missing = total - _sum(slots, level)
    # Everybody is held above this level: raising it gives nothing more.
    if missing and not slope:
        return Infeasible(missing)
    if missing:
        level += missing / slope
    return [slot.at(level) for slot in slots]


def _breakpoints(slot: BoundedMember) -> list[Fraction]:
    # Without weight a member stays where its bounds put it, at any level.
    bounds = (slot.low, slot.high) if slot.weight else ()
    return [bound / slot.weight for bound in bounds if bound is not None]


def _sum(slots: Sequence[BoundedMember], level: Fraction) -> Fraction:
    return sum((slot.at(level) for slot in slots), Fraction(0))


def _slope(slots: Sequence[BoundedMember], points: Sequence[Fraction], below: int) -> Fraction:
    """How fast the sum grows just above ``points[below]``."""
    start = points[below]
    # Above the last breakpoint nothing changes any more: a step of any length tells the slope.
    end = points[below + 1] if below + 1 < len(points) else start + 1
    return (_sum(slots, end) - _sum(slots, start)) / (end - start)


Column = Sequence[Fraction | None]


@dataclass(slots=True)
class Solver:
    """Applies bounds to exact amounts (yen by position); `fixed` is what of them does not scale."""

    amounts: list[Fraction]
    fixed: Sequence[Fraction]
    names: Sequence[str]
    findings: Findings
    held: dict[int, Held] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    _weights: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        """Keep what the formula alone gives each."""
        pairs = zip(self.amounts, self.fixed, strict=True)
        self._weights = tuple(amount - fixed for amount, fixed in pairs)

    def apply(self, uses: Sequence[BoundUse]) -> None:
        """Solve the bounds per who, in the order written; afterwards check them all again."""
        groups = grouped((use.who, use) for use in uses)
        if _overlap(list(groups)):
            self.findings.add(tell("W511", uses[-1].bound.source))
            return
        before = self.findings.faults
        standing: list[BoundUse] = []
        for who, group in groups.items():
            standing += group
            apart = [use for use in group if use.bound.payer or use.bound.waived]
            self._pay_over(apart, standing)
            self._share_again(who, [use for use in group if use not in apart])
        if self.findings.faults == before:
            self._check(uses)

    def _pay_over(self, uses: Sequence[BoundUse], standing: Sequence[BoundUse]) -> None:
        """超えた分は X が負担, or 徴収しない.

        The bounds `standing` so far hold for those that bear it together.
        """
        for use in uses:
            over = Fraction(0)
            for position, limit in zip(use.who, use.limits, strict=True):
                if limit is not None and self.amounts[position] > limit:
                    over += self.amounts[position] - limit
                    self._hold(position, limit, use.bound)
            if over and len(use.payers) == 1:
                payer = use.payers[0]
                after = self.amounts[payer] + over
                self._move(Moved.TAKES_OVER, payer, use.bound, after, money=over)
            elif over and use.payers:  # none: that is told, or nobody pays it
                self._bear_together(use, over, standing)

    def _bear_together(self, use: BoundUse, over: Fraction, standing: Sequence[BoundUse]) -> None:
        """Several bear what is over by what the formula gave each, nobody beyond its own bound."""
        weights = [self._weights[payer] for payer in use.payers]
        assert use.bound.payer is not None
        bearers = use.bound.payer
        name = "、".join(each.text for each in bearers.names)
        if min(weights) < 0 or not any(weights):
            self.findings.add(tell("W503.over", bearers.source, name=name, count=len(use.payers)))
            return
        caps = [_cap(payer, standing) for payer in use.payers]
        room = [
            None if cap is None else max(cap[0] - self.amounts[payer], Fraction(0))
            for payer, cap in zip(use.payers, caps, strict=True)
        ]
        slots = [BoundedMember(w, None, high) for w, high in zip(weights, room, strict=True)]
        more = fill(slots, over)
        if isinstance(more, Infeasible):
            yen = f"{ceil(more.missing):,}円"
            self.findings.add(tell("W512.payers", bearers.source, name=name, yen=yen))
            return
        self._take(use, more, [more[i] == room[i] for i in range(len(more))], standing)

    def _take(
        self,
        use: BoundUse,
        more: Sequence[Fraction],
        full: Sequence[bool],
        standing: Sequence[BoundUse],
    ) -> None:
        """Give the payers what falls on each; who is `full` is held by its own bound."""
        free = [index for index in range(len(more)) if not full[index]]
        money = sum((more[index] for index in free), Fraction(0))
        weight = sum((self._weights[use.payers[index]] for index in free), Fraction(0))
        for payer, yen, at_bound in zip(use.payers, more, full, strict=True):
            after, cap = self.amounts[payer] + yen, _cap(payer, standing)
            if yen and at_bound and cap is not None:
                self._hold(payer, after, cap[1])
            elif yen:
                own = self._weights[payer]
                self._move(Moved.TAKES_OVER, payer, use.bound, after, money, weight, own)

    def _share_again(self, who: tuple[int, ...], uses: Sequence[BoundUse]) -> None:
        """残りの団体で割り直す: the others of `who` share what is over or missing."""
        if not uses:
            return
        lows = _tightest([use.limits for use in uses if not use.bound.upper], max, len(who))
        highs = _tightest([use.limits for use in uses if use.bound.upper], min, len(who))
        if self._crossed(who, lows, highs, uses):
            return
        slots = [self._slot(i, low, high) for i, low, high in zip(who, lows, highs, strict=True)]
        solved = fill(slots, sum((slot.weight for slot in slots), Fraction(0)))
        if isinstance(solved, Infeasible):
            self._infeasible(uses[0].bound, solved, who, slots)
            return
        free: list[int] = []
        for index, position in enumerate(who):
            after = solved[index] + self.fixed[position]
            holding = [u.bound for u in uses if u.limits[index] == after]
            if not holding:
                free.append(index)
            elif after != self.amounts[position]:
                self._hold(position, after, holding[0])
        money = sum((solved[index] for index in free), Fraction(0))
        weight = sum((slots[index].weight for index in free), Fraction(0))
        for index in free if money != weight else ():
            position = who[index]
            after = solved[index] + self.fixed[position]
            self._move(Moved.SHARES_AGAIN, position, uses[0].bound, after, money, weight)

    def _crossed(
        self, who: tuple[int, ...], lows: Column, highs: Column, uses: Sequence[BoundUse]
    ) -> bool:
        """Whether somebody's floor is above its cap: nothing can be solved then."""
        for position, low, high in zip(who, lows, highs, strict=True):
            if low is not None and high is not None and low > high:
                self.findings.add(
                    tell(
                        "W512.crossed",
                        uses[-1].bound.source,
                        member=self.names[position],
                        low=int(low),
                        high=int(high),
                    )
                )
                return True
        return False

    def _slot(self, position: int, low: Fraction | None, high: Fraction | None) -> BoundedMember:
        fixed = self.fixed[position]
        return BoundedMember(
            self.amounts[position] - fixed,
            None if low is None else low - fixed,
            None if high is None else high - fixed,
        )

    def _hold(self, position: int, limit: Fraction, bound: Bound) -> None:
        free = self.amounts[position]
        self.held[position] = Held(position=position, bound=bound, limit=limit, free=free)
        self._move(Moved.HELD, position, bound, limit)

    def _move(
        self,
        kind: Moved,
        position: int,
        bound: Bound,
        after: Fraction,
        money: Fraction = Fraction(1),
        weight: Fraction = Fraction(1),
        own: Fraction = Fraction(1),
    ) -> None:
        """Give a position its new amount, and keep what made it."""
        before = self.amounts[position]
        self.amounts[position] = after
        self.moves.append(
            Move(
                kind=kind,
                position=position,
                bound=bound,
                before=before,
                after=after,
                fixed=self.fixed[position],
                money=money,
                weight=weight,
                own=own,
            )
        )

    def _check(self, uses: Sequence[BoundUse]) -> None:
        """A later line may have moved what an earlier one held."""
        for use in uses:
            for position, limit in zip(use.who, use.limits, strict=True):
                amount = self.amounts[position]
                if limit is not None and (amount > limit if use.bound.upper else amount < limit):
                    self.findings.add(tell("W513", use.bound.source))
                    return

    def _infeasible(
        self, bound: Bound, failed: Infeasible, who: tuple[int, ...], slots: Sequence[BoundedMember]
    ) -> None:
        """Say which side fails, by how much, and for whom: for all, or for those named before ごとに."""
        over = failed.missing > 0
        yen = f"{ceil(abs(failed.missing)):,}円"
        idle = [
            self.names[position]
            for position, slot in zip(who, slots, strict=True)
            if not slot.weight and (slot.high is None or slot.high > 0)
        ]
        names = "、".join(name.text for name in bound.who.names) if bound.who else ""
        if over and idle:
            some = "、".join(idle)
            self.findings.add(tell("W512.idle", bound.source, yen=yen, names=some))
        elif len(who) < len(self.names):
            self.findings.add(
                tell(
                    "W512.cap-of" if over else "W512.floor-of",
                    bound.source,
                    yen=yen,
                    names=names,
                    new=_all_share(bound),
                )
            )
        else:
            self.findings.add(tell("W512.cap" if over else "W512.floor", bound.source, yen=yen))


def _all_share(bound: Bound) -> str:
    """The words of a line for some, with all the roster to share what is over."""
    words = bound.source.words
    return words.replace("残りの団体で割り直す", "参加団体が負担") if bound.upper else words


def _overlap(groups: Sequence[tuple[int, ...]]) -> bool:
    positions = [position for who in groups for position in who]
    return len(positions) != len(set(positions))


def _cap(position: int, uses: Sequence[BoundUse]) -> tuple[Fraction, Bound] | None:
    """The lowest 上限 of a member, and the line that says it."""
    found = [
        (limit, use.bound)
        for use in uses
        if use.bound.upper and position in use.who
        if (limit := use.limits[use.who.index(position)]) is not None
    ]
    return min(found, key=lambda cap: cap[0], default=None)


def _tightest(
    columns: Sequence[Column], choose: Callable[[list[Fraction]], Fraction], size: int
) -> list[Fraction | None]:
    rows = ([c[i] for c in columns] for i in range(size))
    known = ([value for value in row if value is not None] for row in rows)
    return [choose(row) if row else None for row in known]
