"""Two outcomes side by side: what each body pays more or less for each line, and why."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.core.dataclass import dataclass
from apportion.core.model import IncomeLine, Member, Yen, total
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.explain.bounds import is_relief
from apportion.outcome.outcome import Outcome
from apportion.why.decompose import causes, whole
from apportion.why.pairing import LinePair, pairs
from apportion.why.switches import CauseKind, Ingredients, Mixture

ORDER = tuple(CauseKind)


class Cause(NamedTuple):
    """What a cause (or several that cannot be told apart) changed: exactly, and in whole yen."""

    kinds: tuple[CauseKind, ...]
    exact: Fraction
    yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """One line of one body: yen before and after; the causes add up to the difference.

    `project` and `line` are the names of today; of a line that is gone, those of before.
    """

    member: Member
    project: str
    line: str
    before: Yen
    after: Yen
    causes: tuple[Cause, ...]
    pair: LinePair

    @property
    def yen(self) -> int:
        """Difference."""
        return self.after - self.before


class IncomeChange(NamedTuple):
    """A line of the 収入の部 before and after; None: there is none."""

    project: str
    subject: str
    before: Yen | None
    after: Yen | None

    @property
    def yen(self) -> int:
        """Difference."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, kw_only=True)
class Diff:
    """All changes between two outcomes, by body in code order and by line in budget order."""

    before: Outcome
    after: Outcome
    changes: tuple[LineChange, ...]
    projects: tuple[str, ...]
    """事業 of today in budget order, behind them those that are gone."""
    mixtures: Mapping[int, Mixture]
    """What the lines of pairs were mixed of, by the identity of the pair."""

    @cached_property
    def by_member(self) -> Mapping[str, tuple[LineChange, ...]]:
        """Changes by 団体コード of today."""
        found = grouped((change.member.code, change) for change in self.changes)
        return {code: tuple(found[code]) for code in sorted(found)}

    @cached_property
    def income(self) -> tuple[IncomeChange, ...]:
        """The 収入の部, lines of today first; those that are 0 on both sides left out."""
        before, after = _income(self.before), _income(self.after)
        keys = dict.fromkeys((*after, *before))
        made = (_income_change(before.get(key), after.get(key)) for key in keys)
        return tuple(change for change in made if change.before or change.after)

    def mixture(self, change: LineChange) -> Mixture | None:
        """What a change rests on; None of a line that came or went."""
        return self.mixtures.get(id(change.pair))


def summed_causes(changes: Sequence[LineChange]) -> tuple[Cause, ...]:
    """Causes of several lines added up, the largest first; those that come to nothing left out."""
    found = grouped((cause.kinds, cause) for change in changes for cause in change.causes)
    added = [
        Cause(kinds, sum((c.exact for c in own), Fraction(0)), sum(c.yen for c in own))
        for kinds, own in found.items()
    ]
    return tuple(sorted((cause for cause in added if cause.yen), key=_largest))


def causes_of_all(changes: Sequence[LineChange]) -> tuple[Cause, ...]:
    """Causes of many bodies together: their exact sums, closed to the yen once and not body by body."""
    found = grouped((cause.kinds, cause.exact) for change in changes for cause in change.causes)
    sums = {kinds: sum(exact, Fraction(0)) for kinds, exact in found.items()}
    yen = whole(list(sums.values()), sum(change.yen for change in changes))
    made = (Cause(k, exact, y) for (k, exact), y in zip(sums.items(), yen, strict=True))
    return tuple(sorted((cause for cause in made if cause.yen), key=_largest))


def compare(before: Outcome, after: Outcome) -> Diff:
    """Every change from one outcome to another, divided by cause."""
    heirs = _heirs(before, after)
    bodies = _Bodies(before, after, heirs)
    changes: list[LineChange] = []
    mixtures: dict[int, Mixture] = {}
    matched = pairs(before.results, after.results)
    for pair in matched:
        mixture = _mixture(pair, before, after, heirs)
        if mixture:
            mixtures[id(pair)] = mixture
        changes += _lines(pair, mixture, bodies)
    lines = [r.case.line for pair in matched for r in (pair.after, *pair.before) if r]
    named = grouped((name_key(line.project), line.project) for line in lines)
    return Diff(
        before=before,
        after=after,
        changes=tuple(sorted(changes, key=lambda change: change.member.code)),  # stable
        projects=tuple(own[0] for own in named.values()),
        mixtures=mixtures,
    )


def _heirs(before: Outcome, after: Outcome) -> dict[str, str]:
    """Bodies that go on as another one, by the register of today."""
    known = after.tables.by_code
    codes = {*before.tables.by_code, *known}
    found = {code: after.tables.heir(code).code for code in codes if code in known}
    return {code: heir for code, heir in found.items() if heir != code}


@dataclass(frozen=True, slots=True)
class _Bodies:
    """Who is meant by a code, and what it paid."""

    before: Outcome
    after: Outcome
    heirs: Mapping[str, str]

    def member(self, code: str) -> Member:
        known = self.after.tables.by_code
        return known[code] if code in known else self.before.tables.by_code[code]

    def amounts(self, pair: LinePair) -> Iterator[tuple[str, Yen, Yen]]:
        """Yen before and after by the body of today, in code order."""
        paid, owed = self._paid(pair.before), self._paid([pair.after] if pair.after else [])
        for code in sorted({*paid, *owed}):
            yield code, paid.get(code, Yen(0)), owed.get(code, Yen(0))

    def _paid(self, results: Sequence[LineResult]) -> dict[str, Yen]:
        found = grouped(
            (self.heirs.get(charge.member.code, charge.member.code), charge.yen)
            for result in results
            for charge in result.charges()
        )
        return {code: total(own) for code, own in found.items()}


def _mixture(
    pair: LinePair, before: Outcome, after: Outcome, heirs: Mapping[str, str]
) -> Mixture | None:
    if not pair.one_to_one or pair.after is None or is_relief(pair.after):
        return None
    return Mixture(
        Ingredients(before, pair.before[0], heirs), Ingredients(after, pair.after, heirs)
    )


def _lines(pair: LinePair, mixture: Mixture | None, bodies: _Bodies) -> Iterator[LineChange]:
    """Changes of one line for each body that paid it before or does after."""
    results = [*pair.before, *([pair.after] if pair.after else [])]
    if any(map(is_relief, results)):
        yield from _whole(pair, CauseKind.RULE, bodies)
    elif pair.after is None:
        yield from _whole(pair, CauseKind.GONE, bodies)
    elif not pair.before:
        yield from _whole(pair, CauseKind.NEW, bodies)
    elif mixture is None:
        yield from _left(pair, bodies)
        yield from _arrived(pair, None, bodies)
    elif pair.moved:
        yield from _left(pair, bodies)
        yield from _arrived(pair, mixture, bodies)
    else:
        yield from _divided(pair, mixture, bodies)


def _whole(pair: LinePair, kind: CauseKind, bodies: _Bodies) -> Iterator[LineChange]:
    """A line whose whole difference has one cause."""
    for code, before, after in bodies.amounts(pair):
        yield _change(pair, bodies.member(code), before, after, [_sure(kind, after - before)])


def _left(pair: LinePair, bodies: _Bodies) -> Iterator[LineChange]:
    """Lines that go on elsewhere: gone from where they were."""
    for result in pair.before:
        own = LinePair(before=(result,), after=None, moved=True)
        yield from _whole(own, CauseKind.MOVED, bodies)


def _arrived(pair: LinePair, mixture: Mixture | None, bodies: _Bodies) -> Iterator[LineChange]:
    """A line made of lines from elsewhere: what these came to, and what changed since."""
    for code, before, after in bodies.amounts(pair):
        if mixture is None:
            found = [_sure(CauseKind.MOVED, after)]
        else:
            found = [_sure(CauseKind.MOVED, before), *_causes(mixture, code, after - before)]
        yield _change(pair, bodies.member(code), Yen(0), after, found)


def _divided(pair: LinePair, mixture: Mixture, bodies: _Bodies) -> Iterator[LineChange]:
    for code, before, after in bodies.amounts(pair):
        found = _causes(mixture, code, after - before)
        yield _change(pair, bodies.member(code), before, after, found)


def _causes(mixture: Mixture, code: str, difference: int) -> list[Cause]:
    """Causes of a difference in yen, what rounding added among them."""
    switches = mixture.switches_of(code)
    divided = causes(switches, lambda state: mixture.value(state, code))
    rounding = difference - sum(divided.values(), Fraction(0))
    parts = {**divided, (CauseKind.ROUNDING,): rounding}
    yen = whole(list(parts.values()), difference)
    return [Cause(k, exact, y) for (k, exact), y in zip(parts.items(), yen, strict=True)]


def _sure(kind: CauseKind, yen: int) -> Cause:
    return Cause((kind,), Fraction(yen), yen)


def _change(
    pair: LinePair, member: Member, before: Yen, after: Yen, found: Sequence[Cause]
) -> LineChange:
    """What is exactly nothing is no cause; the largest stands first."""
    line = (pair.after or pair.before[0]).case.line
    shown = sorted((cause for cause in found if cause.exact or cause.yen), key=_largest)
    return LineChange(
        member=member,
        project=line.project,
        line=line.name,
        before=before,
        after=after,
        causes=tuple(shown),
        pair=pair,
    )


def _largest(cause: Cause) -> tuple[int, int]:
    return -abs(cause.yen), ORDER.index(cause.kinds[0])


def _income(outcome: Outcome) -> dict[tuple[str, str], IncomeLine]:
    return {(name_key(i.project), name_key(i.subject)): i for i in outcome.tables.income}


def _income_change(before: IncomeLine | None, after: IncomeLine | None) -> IncomeChange:
    line = after or before
    assert line is not None
    return IncomeChange(
        line.project,
        line.subject,
        before.amount if before else None,
        after.amount if after else None,
    )
