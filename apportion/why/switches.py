"""What an amount of a line rests on, switch by switch, and its value where some are thrown.

A line before and the same line after differ in some of these; a mixed state takes each from one side.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from enum import Enum
from fractions import Fraction
from functools import cached_property

from apportion.allocate.case import Case, LineResult, Participant
from apportion.allocate.columns import NamedFigures, OwnLine
from apportion.allocate.engine import bounded, free_shares
from apportion.allocate.resolve import Resolver
from apportion.core.dataclass import dataclass
from apportion.core.model import BudgetLine, FigureColumn, Member, Yen, total
from apportion.core.problem import Findings, Source
from apportion.core.text import name_key
from apportion.core.year import FiscalYear, revises
from apportion.outcome.outcome import Outcome
from apportion.rules.book import Expense, Scope
from apportion.rules.nodes import Name, Rounding
from apportion.tables.revision import until


class CauseKind(Enum):
    """Why an amount changes. The first seven are the switches, the rest is whole by itself."""

    RULE = "規則"
    OWN_FIGURE = "自団体の数値"
    OTHER_FIGURES = "他団体の数値"
    BUDGET = "予算額"
    REVISION = "補正"
    BODIES = "参加団体の出入り"
    PART_YEAR = "途中参加"
    ROUNDING = "端数"
    NEW = "新規"
    GONE = "廃止"
    MOVED = "組替え"


SWITCHES = tuple(CauseKind)[:7]
State = frozenset[CauseKind]
"""Switches that stand as they are after; the others stand as before."""


@dataclass(frozen=True, slots=True)
class LineMoney:
    """Money of a line: 予算額 and further columns as first budgeted, and what 補正 added to each."""

    first: Yen | None
    added: Yen
    columns: Mapping[str, int]
    columns_added: Mapping[str, int]


@dataclass(frozen=True)
class Ingredients:
    """One side of a line: everything that its exact amounts follow from."""

    outcome: Outcome
    result: LineResult
    heirs: Mapping[str, str] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The line with its rule."""
        return self.result.case

    @property
    def ruled(self) -> bool:
        """Whether a rule shares something out; what it says of a line of 0円 decides nothing."""
        return bool(self.case.expense.clauses) and self.case.line.amount != 0

    @cached_property
    def scope(self) -> Scope:
        """What the words of its rule mean."""
        return self.outcome.book.scope(self.case.file)

    @cached_property
    def carry(self) -> bool:
        """Whether what a part of the year takes off stays open."""
        rule = self.scope.proration(self.case.expense)
        return rule is not None and rule.carry

    @cached_property
    def parts(self) -> dict[str, Fraction]:
        """Part of the year by 団体コード."""
        return {p.member.code: p.part for p in self.case.participants}

    @cached_property
    def money(self) -> LineMoney:
        """Its money, that of 補正 apart."""
        line = self.case.line
        added = total(yen for _, yen, _ in line.parts[1:])
        columns = {name_key(h): int(yen) for h, yen in line.columns.items() if not revises(h)}
        more = dict.fromkeys(columns, 0)
        counted = until(self.outcome.tables, self.outcome.edition)
        for heading, yen in line.columns.items():
            of = revises(heading)
            if of and of[0] in columns and of[1] in counted:
                more[of[0]] += yen
        first = None if line.amount is None else total((line.amount, -added))
        return LineMoney(first, added, {k: columns[k] - more[k] for k in columns}, more)

    def figures(self, findings: Findings, money: BudgetLine | None = None) -> NamedFigures:
        """What its rule calls a figure, in its own tables; 予算額 is that of `money`, or its own."""
        tables, expense = self.outcome.tables, self.case.expense
        own = OwnLine(tables, self.case.line, money or self.case.line, expense.former_names)
        binds = self.scope.binds(expense)
        return NamedFigures(tables, binds, self.scope, self.outcome.year, findings, own)

    def exact(self) -> dict[str, Fraction]:
        """Exact yen of each body of today."""
        return self.by_heir((c.member.code, c.exact) for c in self.result.charges())

    def by_heir(self, amounts: Iterable[tuple[str, Fraction]]) -> dict[str, Fraction]:
        """LineMoney added up by the body that exists today."""
        found: dict[str, Fraction] = {}
        for code, amount in amounts:
            heir = self.heirs.get(code, code)
            found[heir] = found[heir] + amount if heir in found else amount
        return found

    @cached_property
    def figure_names(self) -> frozenset[str]:
        """Figures that the rule uses, by folded name without 割."""
        return frozenset(key for key, _ in self.case.figures)


@dataclass(frozen=True)
class MixedFigures:
    """Figures of some bodies (`own`) from one side, of all others from another."""

    own: frozenset[str]
    of_own: NamedFigures
    of_others: NamedFigures
    year: FiscalYear

    def find(self, name: Name, wanted: str = "") -> FigureColumn | None:
        """Column that the others' figures stand in."""
        return self.of_others.find(name, wanted)

    def value(self, name: Name, member: Member) -> Fraction | None:
        """Figure of a member from its side."""
        side = self.of_own if member.code in self.own else self.of_others
        return side.value(name, member)

    def places(self, name: Name, members: Sequence[Member]) -> tuple[Source, ...]:
        """Nobody asks where a figure of a mixed state stands."""
        del name
        return (Source(),) * len(members)

    @property
    def used(self) -> tuple[tuple[str, FigureColumn], ...]:
        """Nor which columns it used."""
        return ()

    @property
    def rests_on_line(self) -> bool:
        """A mixed state is of one line alone."""
        return True


@dataclass()
class Mixture:
    """A line before and after, and its exact amounts in every state between."""

    before: Ingredients
    after: Ingredients
    _own: dict[str, tuple[CauseKind, ...]] = field(default_factory=dict)
    _all: dict[State, dict[str, Fraction] | None] = field(default_factory=dict)
    _first: dict[str, Fraction] = field(default_factory=dict)
    _last: dict[str, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep what both sides really came to."""
        self._first, self._last = self.before.exact(), self.after.exact()

    @cached_property
    def switches(self) -> tuple[CauseKind, ...]:
        """What differs between the sides."""
        before, after = self.before, self.after
        money, later = before.money, after.money
        both = before.ruled and after.ruled
        bodies = before.parts.keys() != after.parts.keys()
        common = before.parts.keys() & after.parts.keys()
        dated = any(before.parts[c] != after.parts[c] for c in common) or _dated(before, after)
        differs = {
            CauseKind.BUDGET: (money.first, money.columns) != (later.first, later.columns),
            CauseKind.REVISION: (money.added, _some(money)) != (later.added, _some(later)),
            CauseKind.BODIES: both and bodies,
            CauseKind.PART_YEAR: both and dated,
            CauseKind.OWN_FIGURE: both and bool(self.changed_figures),
            CauseKind.OTHER_FIGURES: both and bool(self.changed_figures),
            CauseKind.RULE: both and not same_rule(before, after),
        }
        return tuple(kind for kind in SWITCHES if differs[kind])

    def switches_of(self, code: str) -> tuple[CauseKind, ...]:
        """What differs for one body: a figure is its own or that of others."""
        if code not in self._own:
            self._own[code] = self._switches_of(code)
        return self._own[code]

    def _switches_of(self, code: str) -> tuple[CauseKind, ...]:
        changed = self.changed_figures
        left_out = set()
        if code not in changed:
            left_out.add(CauseKind.OWN_FIGURE)
        if not changed - {code}:
            left_out.add(CauseKind.OTHER_FIGURES)
        return tuple(kind for kind in self.switches if kind not in left_out)

    @cached_property
    def changed_figures(self) -> frozenset[str]:
        """Bodies with another figure than before, among those that the rules use."""
        names = self.before.figure_names | self.after.figure_names
        sides = [side.figures(Findings()) for side in (self.before, self.after)]
        members = {
            p.member.code: p.member
            for side in (self.before, self.after)
            for p in side.case.participants
        }
        return frozenset(
            self.after.heirs.get(code, code)
            for code, member in members.items()
            for name in names
            if len({side.value(Name(name, Source()), member) for side in sides}) > 1
        )

    def value(self, state: State, code: str) -> Fraction | None:
        """Exact yen of a body of today; None where the state cannot be evaluated."""
        thrown = state & set(self.switches_of(code))
        if not thrown:
            return self._first.get(code, Fraction(0))
        if len(thrown) == len(self.switches_of(code)):
            return self._last.get(code, Fraction(0))
        if self._split(thrown, code):
            found = self._evaluated(thrown, self._bodies(code))
        else:
            found = self._of_all(self._plain(thrown))
        return None if found is None else found.get(code, Fraction(0))

    def _bodies(self, code: str) -> frozenset[str]:
        """A body of today with those that it came from."""
        former = {old for old, heir in self.after.heirs.items() if heir == code}
        return frozenset({code, *former})

    def _split(self, state: State, code: str) -> bool:
        """Whether a body's own figures come from another side than those of all others."""
        both = {CauseKind.OWN_FIGURE, CauseKind.OTHER_FIGURES}
        return both <= set(self.switches_of(code)) and len(both & state) == 1

    def _plain(self, state: State) -> State:
        """The state with both switches of figures thrown where one of them is."""
        both = {CauseKind.OWN_FIGURE, CauseKind.OTHER_FIGURES}
        return state | both if state & both else state

    def _of_all(self, state: State) -> dict[str, Fraction] | None:
        if state not in self._all:
            self._all[state] = self._evaluated(state, frozenset())
        return self._all[state]

    def _side(self, state: State, kind: CauseKind) -> Ingredients:
        """Where a state takes something from; of a line without a rule nothing but its money."""
        if kind not in {CauseKind.BUDGET, CauseKind.REVISION} and not (
            self.before.ruled and self.after.ruled
        ):
            return self.after if self.after.ruled else self.before
        return self.after if kind in state else self.before

    def _evaluated(self, state: State, own: frozenset[str]) -> dict[str, Fraction] | None:
        findings = Findings()
        ruled = self._side(state, CauseKind.RULE)
        line = self._line(state, ruled)
        columns = MixedFigures(
            own,
            self._side(state, CauseKind.OWN_FIGURE).figures(findings, line),
            self._side(state, CauseKind.OTHER_FIGURES).figures(findings, line),
            ruled.outcome.year,
        )
        resolver = Resolver(ruled.outcome.year, ruled.outcome.tables, ruled.outcome.book, findings)
        ground = resolver.ground(
            ruled.scope,
            self._participants(state),
            columns,
            carry=self._side(state, CauseKind.PART_YEAR).carry,
        )
        case = resolver.on(ground, line, ruled.case.file, _unchecked(ruled))
        sound = not findings.faults
        shares, _ = bounded(case, free_shares(case), findings)
        if findings.faults or not sound:
            return None
        owed = [shares.exact(position) for position in range(case.size)]
        for adjustment in case.adjustments:
            owed = [amount + yen for amount, yen in zip(owed, adjustment.yen, strict=True)]
        codes = (participant.member.code for participant in case.participants)
        return self.after.by_heir(zip(codes, owed, strict=True))

    def _participants(self, state: State) -> tuple[Participant, ...]:
        """Those of one side; each with its part of the year of a side, the whole where it has none."""
        bodies, dated = self._side(state, CauseKind.BODIES), self._side(state, CauseKind.PART_YEAR)
        if bodies is dated:
            return bodies.case.participants
        return tuple(
            replace(p, part=dated.parts.get(p.member.code, Fraction(1)))
            for p in bodies.case.participants
        )

    def _line(self, state: State, ruled: Ingredients) -> BudgetLine:
        first = self._side(state, CauseKind.BUDGET).money
        added = self._side(state, CauseKind.REVISION).money
        amount = None if first.first is None else total((first.first, added.added))
        columns = {
            key: total((yen, added.columns_added.get(key, 0))) for key, yen in first.columns.items()
        }
        return replace(ruled.case.line, amount=amount, columns=columns)


def _some(money: LineMoney) -> dict[str, int]:
    return {key: yen for key, yen in money.columns_added.items() if yen}


def _dated(before: Ingredients, after: Ingredients) -> bool:
    """Whether only one side has part years among those that come or go, or treats them otherwise."""
    parts = [*before.parts.items(), *after.parts.items()]
    partly = any(part != 1 for _, part in parts)
    alone = before.parts.keys() ^ after.parts.keys()
    return (partly and before.carry != after.carry) or any(
        part != 1 for code, part in parts if code in alone
    )


def _unchecked(side: Ingredients) -> Expense:
    """The rule without what decides no exact amount: who takes the rest, and 平準化."""
    rounding = Rounding(unit=side.case.rounding.unit)
    expense = side.case.expense
    return replace(expense, smoothing=None, own=replace(expense.own, rounding=rounding))


def same_rule(before: Ingredients, after: Ingredients) -> bool:
    """Whether exact amounts follow by the same words; what they are applied to may differ."""
    return _sense(before) == _sense(after) and _past(before) == _past(after)


def _sense(side: Ingredients) -> tuple[object, ...]:
    """All that a rule and the blocks in its reach say of exact amounts, wherever it is written.

    A block that the rule does not use changes nothing, and what changes nothing has no share.
    """
    expense, scope = side.case.expense, side.scope
    bounds = expense.own.bounds
    unit = side.case.rounding.unit if bounds else 1
    said = (expense.clauses, expense.base, expense.deducts, expense.adjusts, bounds, unit)
    return (*said, scope.tables, scope.groups)


def _past(side: Ingredients) -> tuple[object, ...]:
    """The amounts of last year that its bounds rest on."""
    return tuple(use.limits for use in side.case.bounds if any(use.past))
