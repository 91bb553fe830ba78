"""One number through a range: each position is a case of its own; and where a condition holds."""

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from apportion.allocate.parts import ratios
from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.core.numbers import percent, plain
from apportion.core.problem import InputError, Source, tell
from apportion.core.text import fold, name_key
from apportion.outcome.outcome import Outcome
from apportion.rules import spell
from apportion.rules.book import Expense, RuleFile, stem
from apportion.rules.nodes import Clause, Split
from apportion.rules.tell.sentences import said
from apportion.why import typed
from apportion.why.cases import YearAsItStands
from apportion.why.drafts import DraftFile
from apportion.why.fairness import paid

_NUMBER = r"(-?[0-9,]+(?:\.[0-9]+)?)([^0-9a-z.\s,、。+()=:/]*)"
_RANGE = re.compile(rf"{_NUMBER} *\.\. *{_NUMBER} *step *{_NUMBER}(?=[\s,、。+()]|$)")
_REST = re.compile("(割」? *)残り")
MOST = 1001
"""Positions of one sweep."""


class Range(NamedTuple):
    """Numbers from first to last by step, all in one unit."""

    first: Fraction
    last: Fraction
    step: Fraction
    unit: str

    def values(self) -> list[Fraction]:
        """Every position; the last one is the end where the step meets it."""
        count = int((self.last - self.first) / self.step)
        return [self.first + number * self.step for number in range(count + 1)]

    def text(self, value: Fraction) -> str:
        """`35%`, `44,710千円`."""
        return f"{plain(value)}{self.unit}"


class Position(NamedTuple):
    """A position of a sweep."""

    text: str
    value: Fraction
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """All positions of one number, and which 経費 it moves."""

    base: Outcome
    lines: tuple[str, ...]
    positions: tuple[Position, ...]


Drafting = Callable[[str], Sequence[DraftFile]]


def sweep(year: YearAsItStands, text: str, before: Sequence[DraftFile] = ()) -> Sweep:
    """A sweep as typed, over drafts that hold at every position. Raises `InputError`.

    `事業/経費: 負担割合 = 均等割 0%..100% step 5% + 人口割 残り`, `事業/経費 = 40百万円..50百万円 step
    1百万円` (予算額), or `均等割 0%..100% step 5%`, with `事業/経費:` before it or in every 経費 that
    divides by it and something else: what is left goes to the others as they stand to one another.
    """
    run, start, end = _range(text)
    lines, drafting = _drafting(year, text[:start], text[end:])
    values = run.values()
    positions = (
        Position(run.text(v), v, year.case([*before, *drafting(run.text(v))])) for v in values
    )
    return Sweep(base=year.outcome, lines=lines, positions=tuple(positions))


def _range(text: str) -> tuple[Range, int, int]:
    folded = fold(text)
    found = _RANGE.search(folded)
    if found is None:
        raise InputError((tell("W906", Source(), text=text),))
    numbers = [Fraction(found[group].replace(",", "")) for group in (1, 3, 5)]
    units = {found[group] for group in (2, 4, 6)} - {""}
    run = Range(numbers[0], numbers[1], numbers[2], next(iter(units), ""))
    if len(units) != 1 or not run.step or (run.last - run.first) / run.step < 0:
        raise InputError((tell("W906", Source(), text=text),))
    if (run.last - run.first) / run.step >= MOST:
        raise InputError((tell("W906.many", Source(), text=text, most=MOST),))
    return run, found.start(), found.end()


def _drafting(year: YearAsItStands, left: str, right: str) -> tuple[tuple[str, ...], Drafting]:
    """The 経費 that move, and the drafts of a position."""
    tables = year.outcome.tables
    if "=" not in fold(left):
        return _by_driver(year, left)
    if ":" in fold(left):
        one = typed.setting(tables, f"{left}0{right}")
        return (one.line or one.project,), lambda value: list(
            typed.of_settings([typed.setting(tables, f"{left}{value}{_left(right, value)}")])
        )
    project, line = typed.target(tables, left.partition("=")[0])
    return (line or project,), lambda value: [typed.budget(tables, f"{left}{value}{right}")]


def _left(right: str, value: str) -> str:
    """What stands behind a number; of 100% nothing is left to 残り."""
    return _REST.sub(r"\g<1>0%", right) if value == "100%" else right


def _by_driver(year: YearAsItStands, left: str) -> tuple[tuple[str, ...], Drafting]:
    where, _, driver = left.rpartition(":") if ":" in fold(left) else ("", "", left)
    chosen = typed.target(year.outcome.tables, where) if where.strip() else None
    blocks = [
        (project, line, clauses)
        for project, line, clauses in movable(year)
        if chosen in {None, (project, line), (project, "")}
        and any(_moves(clause, driver.strip()) for clause in clauses)
    ]
    if not blocks:
        raise InputError((tell("W906.driver", Source(), driver=driver.strip()),))

    def drafting(value: str) -> list[DraftFile]:
        part = Fraction(value.rstrip("%").replace(",", "")) / 100
        settings = [
            typed.Setting(project, line, "負担割合", moved(clause, driver.strip(), part))
            for project, line, clauses in blocks
            for clause in clauses
        ]
        return list(typed.of_settings(settings))

    return tuple(dict.fromkeys(line for _, line, _ in blocks)), drafting


Block = tuple[str, str, Sequence[Clause]]


def movable(year: YearAsItStands) -> Iterator[Block]:
    """Lines (事業, 経費) with a clause that divides by several drivers, with all clauses of each."""
    for line in year.outcome.tables.charged:
        file = year.workspace.book.by_project.get(name_key(line.project))
        expense = _expense_of(file, line.name) if file else None
        if expense and any(map(parts, expense.clauses)):
            yield line.project, line.name, expense.clauses


def _expense_of(file: RuleFile, name: str) -> Expense | None:
    """The ■経費 that a line of the budget follows."""
    named = [e for e in file.expenses if name_key(name) in {name_key(n.text) for n in e.names}]
    rest = [e for e in file.expenses if not e.names]
    return next(iter([*named, *rest]), None)


def _moves(clause: Clause, driver: str) -> bool:
    """Whether a clause divides by a driver and by something else."""
    return stem(driver) in {stem(name) for name, _ in parts(clause)}


def parts(clause: Clause) -> list[tuple[str, Fraction]]:
    """The drivers of a clause that can be moved against one another, with their parts; none where one is alone."""
    if not isinstance(clause, Split) or not clause.weights[1:]:
        return []
    names = (weight.driver.text for weight in clause.weights)
    return list(zip(names, ratios(clause.weights), strict=True))


def moved(clause: Clause, driver: str, part: Fraction) -> str:
    """A clause with another part for a driver; a clause without it as it is."""
    if not isinstance(clause, Split) or not _moves(clause, driver):
        return said(spell.clause(clause))
    own = parts(clause)
    left = sum((r for n, r in own if stem(n) != stem(driver)), Fraction(0))
    now = ((n, part if stem(n) == stem(driver) else (1 - part) * r / left) for n, r in own)
    weights = " + ".join(f"「{n}」 {percent(p)}" for n, p in now)
    whose = f"{spell.who(clause.who)}に " if clause.who else ""
    share = f"{spell.share(clause.share)}を " if clause.share else ""
    return f"{whose}{share}{weights}"


class Limit(NamedTuple):
    """A condition: nobody pays more than `rate` of what it paid last year (or pays as things stand)."""

    rate: Fraction
    of_last_year: bool


class Judged(NamedTuple):
    """Amounts under a condition: who pays more than it allows, and how many times the former amount."""

    text: str
    over: tuple[tuple[Member, Fraction], ...]
    highest: tuple[Member, Fraction] | None


class Judgement(NamedTuple):
    """The year as it stands and every position under a condition.

    `nearest` is the place of the smallest change that holds (None: none does, -1: none is needed),
    `beside` the place one step nearer to the year as it stands, which does not (-1: the year itself).
    """

    as_it_stands: Judged
    positions: tuple[Judged, ...]
    nearest: int | None
    beside: int


STANDS = -1

_LIMIT = re.compile(r"(前年度|現行)の([0-9]+(?:\.[0-9]+)?)%(?:以下|まで)?")


def limit(text: str) -> Limit:
    """`前年度の115%`, `現行の110%`."""
    found = _LIMIT.fullmatch(fold(text).replace(" ", ""))
    if found is None:
        raise InputError((tell("W906.limit", Source(), text=text),))
    return Limit(Fraction(found[2]) / 100, found[1] == "前年度")


def judged(found: Sweep, wanted: Limit, project: str = "") -> Judgement:
    """Every position under a condition on a 事業 (or on all). Who paid nothing before is not judged."""
    former = _former(found.base, wanted, project)
    stands = _judged("", found.base, former, wanted.rate, project)
    positions = tuple(
        _judged(p.text, p.outcome, former, wanted.rate, project) for p in found.positions
    )
    if not stands.over:
        return Judgement(stands, positions, STANDS, STANDS)
    holding = [place for place, own in enumerate(positions) if not own.over]
    start = _start(found)
    if not holding:
        return Judgement(stands, positions, None, start)
    best = min(holding, key=lambda place: (abs(place - start), place))
    beside = STANDS if best == start else best + (1 if best < start else -1)
    return Judgement(stands, positions, best, beside)


def _former(base: Outcome, wanted: Limit, project: str) -> dict[str, int]:
    if not wanted.of_last_year:
        return {member.code: paid(base, member.code, project) for member in base.members}
    if base.past is None:
        raise InputError((tell("W906.past", Source(), year=base.year.label),))
    key = name_key(project)
    return {
        code: sum(yen for name, yen in own.items() if not key or name == key)
        for code, own in base.past.items()
    }


def _judged(
    text: str, outcome: Outcome, former: dict[str, int], rate: Fraction, project: str
) -> Judged:
    times = [
        (member, Fraction(paid(outcome, member.code, project), former[member.code]))
        for member in outcome.members
        if former.get(member.code, 0) > 0
    ]
    ranked = sorted(times, key=lambda pair: (-pair[1], pair[0].code))
    over = tuple(pair for pair in ranked if pair[1] > rate)
    return Judged(text, over, ranked[0] if ranked else None)


def _start(found: Sweep) -> int:
    """The position that comes nearest to the year as it stands, the first of several."""

    def distance(outcome: Outcome) -> int:
        codes = {m.code for m in (*outcome.members, *found.base.members)}
        return sum(abs(outcome.total_of(code) - found.base.total_of(code)) for code in codes)

    places = range(len(found.positions))
    return min(places, key=lambda place: distance(found.positions[place].outcome))
