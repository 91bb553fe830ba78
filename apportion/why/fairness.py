"""How even a distribution is: per head, per 標準財政規模, max/min, Gini; and the drift of rounding."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from apportion.allocate.columns import NamedFigures
from apportion.core.model import FigureColumn, Member, Yen, total
from apportion.core.problem import Findings, Source
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.rules.book import Scope
from apportion.rules.nodes import Name

SCALE = "標準財政規模"


class Evenness(NamedTuple):
    """How a burden lies on bodies, each measured by something (people, 円 of 標準財政規模).

    `low` and `high` are burden by one of it, with whose; `gini` is weighted by it: 0 is even.
    """

    low: Fraction
    lowest: Member
    high: Fraction
    highest: Member
    mean: Fraction
    gini: Fraction

    @property
    def ratio(self) -> Fraction | None:
        """How many times the highest is the lowest; None where the lowest is nothing."""
        return self.high / self.low if self.low else None


def population(outcome: Outcome) -> FigureColumn | None:
    """The column that the rules call 人口; None where there is none, or more than one."""
    book = outcome.book
    files = (*book.common, *book.by_project.values())
    binds = tuple(bind for file in files for bind in file.head.binds)
    columns = NamedFigures(outcome.tables, binds, Scope(files), outcome.year, Findings())
    return columns.find(Name("人口", Source()))


def scale(outcome: Outcome) -> FigureColumn | None:
    """The column 標準財政規模; None where there is none, or more than one."""
    found = [c for c in outcome.tables.figures if name_key(c.name) == SCALE]
    return found[0] if len(found) == 1 else None


def people(outcome: Outcome) -> Mapping[str, Fraction]:
    """People of each body that has some, those of bodies that it took over with them."""
    column = population(outcome)
    return _measured(outcome, column) if column else {}


def _measured(outcome: Outcome, column: FigureColumn) -> dict[str, Fraction]:
    former = outcome.tables.former_bodies
    found = {}
    for member in outcome.members:
        codes = (member.code, *former.get(member.code, ()))
        value = sum((column.values.get(code, Fraction(0)) for code in codes), Fraction(0))
        if value > 0:
            found[member.code] = value
    return found


def spread(outcome: Outcome, column: FigureColumn, project: str = "") -> Evenness | None:
    """The spread over all bodies that pay and have a measure; None where fewer than two do."""
    measured = _measured(outcome, column)
    owed = {code: paid(outcome, code, project) for code in measured}
    size = {code: own for code, own in measured.items() if not project or owed[code]}
    if len(size) < 2:  # noqa: PLR2004  nothing lies beside it
        return None
    members = {member.code: member for member in outcome.members}
    each = {code: owed[code] / whole for code, whole in size.items()}
    order = sorted(each, key=lambda code: (each[code], code))
    return Evenness(
        low=each[order[0]],
        lowest=members[order[0]],
        high=each[order[-1]],
        highest=members[order[-1]],
        mean=sum(owed[code] for code in order) / sum(size.values(), Fraction(0)),
        gini=gini([size[code] for code in order], [owed[code] for code in order]),
    )


def gini(sizes: Sequence[Fraction], burdens: Sequence[int]) -> Fraction:
    """``1 - sum p_i (C_i + C_(i-1))``, ordered by burden per size: p sizes, C burdens so far."""
    whole, paid = sum(sizes), sum(burdens)
    if not whole or not paid:
        return Fraction(0)
    reached = [Fraction(0), *(Fraction(total, paid) for total in accumulate(burdens))]
    steps = zip(sizes, reached, reached[1:], strict=False)
    return 1 - sum((size / whole * (low + high) for size, low, high in steps), Fraction(0))


class Alone(NamedTuple):
    """What a body would pay by itself for a 事業 (empty: for all), in yen."""

    member: Member
    project: str
    yen: int


def paid(outcome: Outcome, code: str, project: str = "") -> Yen:
    """What a body is charged for a 事業; for all of them where none is named."""
    key, own = name_key(project), outcome.by_member.get(code, ())
    return total(c.yen for c in own if not key or name_key(c.line.project) == key)


class Drift(NamedTuple):
    """What rounding gave a body beyond its exact amounts over several years, line by line."""

    member: Member
    project: str
    line: str
    by_year: tuple[Fraction, ...]

    @property
    def whole(self) -> Fraction:
        """Sum over the years."""
        return sum(self.by_year, Fraction(0))


def drift(outcomes: Sequence[Outcome]) -> tuple[Drift, ...]:
    """Each body and line with an amount in some of the years, whole yen less exact yen of each."""
    found: dict[tuple[str, str, str], dict[int, Fraction]] = {}
    names: dict[tuple[str, str, str], tuple[Member, str, str]] = {}
    for number, outcome in enumerate(outcomes):
        for charge in outcome.charges:
            line = charge.line
            key = (charge.member.code, *line.key)
            names[key] = (charge.member, line.project, line.name)
            found.setdefault(key, {})[number] = charge.yen - charge.exact
    years = range(len(outcomes))
    return tuple(
        Drift(*names[key], tuple(found[key].get(number, Fraction(0)) for number in years))
        for key in found
    )
