"""Weights that anyone can follow: what each 基準 of a rule contributes, in whole numbers.

    w = kept * sum over the terms of  c * 参加 * 指標        c = a * L / S

A term is one 基準 of one 負担割合 line (均等割 has no 指標). The `a` of the terms are in proportion
to the money that each shares, S is the sum of 参加 * 指標 over all members, L the smallest number
that makes every c whole. 参加 is 1, or the months (days) of taking part; `kept` is 0 for a member
that a bound holds. Weights that come about in another way are shown as values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from apportion.allocate.case import DriverUse, LineResult, Part
from apportion.allocate.shares import integers
from apportion.explain.words import percent, value_of
from apportion.rulebook import EQUAL
from apportion.workbook.plan_sharing import Sharing, reduced


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One 基準: the yen that it shares, who takes part how long, and each member's figure.

    `attendance` stands in the order of the members; `figure` is None for 均等割.
    """

    label: str
    money: Fraction
    attendance: tuple[int, ...]
    figure: DriverUse | None
    values: Mapping[int, Fraction]

    def cells(self) -> tuple[int, ...]:
        """Figures of the members in whole numbers of the smallest scale; 0 where there is none."""
        if self.figure is None:
            return (1,) * len(self.attendance)
        whole, _ = integers(list(self.values.values()))
        found = dict(zip(self.values, whole, strict=True))
        return tuple(found.get(place, 0) for place in range(len(self.attendance)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """The terms that weigh the members of one 経費; `kept` is 0 for whom a bound holds."""

    terms: tuple[Term, ...]
    kept: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """The whole numbers of the formula at the head of this module, and the weights it gives."""

    ratios: tuple[int, ...]
    sums: tuple[int, ...]
    multiple: int
    constants: tuple[int, ...]
    weights: tuple[int, ...]


def mix_of(result: LineResult, sharing: Sharing, places: Sequence[int]) -> Mix | None:
    """Mix by which a 経費 is shared; None where no mix of its 基準 gives the weights."""
    parts = [part for part in result.case.parts if _touches(part, sharing, places)]
    if not parts or not all(part.drivers for part in parts):
        return None
    size = len(sharing.weights)
    terms = tuple(
        term
        for part in parts
        for term in _terms(result, part, places, size, among_others=len(parts) > 1)
    )
    combined = combine(terms, [term.cells() for term in terms], (1,) * size)
    if combined is None:
        return None
    pairs = zip(combined.weights, sharing.weights, strict=True)
    held = any(free and not own for free, own in pairs)
    kept = tuple(int(bool(own) or not held) for own in sharing.weights)
    masked = [weight * one for weight, one in zip(combined.weights, kept, strict=True)]
    return Mix(terms=terms, kept=kept) if reduced(masked) == sharing.weights else None


def combine(
    terms: Sequence[Term], figures: Sequence[Sequence[int]], kept: Sequence[int]
) -> Combined | None:
    """Weights from columns of whole numbers; None where a 基準 shares nothing or has no sum."""
    columns = [
        [m * value for m, value in zip(term.attendance, column, strict=True)]
        for term, column in zip(terms, figures, strict=True)
    ]
    ratios, sums = reduced(integers([term.money for term in terms])[0]), list(map(sum, columns))
    if min(*ratios, *sums) <= 0:
        return None
    pairs = list(zip(ratios, sums, strict=True))
    multiple = lcm(*(whole // gcd(whole, ratio) for ratio, whole in pairs))
    constants = [ratio * multiple // whole for ratio, whole in pairs]
    mixed = [sum(map(int.__mul__, constants, row)) for row in zip(*columns, strict=True)]
    return Combined(
        ratios=ratios,
        sums=tuple(sums),
        multiple=multiple,
        constants=tuple(constants),
        weights=tuple(weight * one for weight, one in zip(mixed, kept, strict=True)),
    )


def _terms(
    result: LineResult, part: Part, places: Sequence[int], size: int, *, among_others: bool
) -> Iterator[Term]:
    attendance = _attendance(result, part, places, size)
    clause = value_of(part.clause.source.text) if among_others else ""
    for driver in part.drivers:
        if driver.ratio:
            values = zip(part.who, driver.values, strict=True)
            yield Term(
                label=_label(driver, clause),
                money=part.amount * driver.ratio,
                attendance=attendance,
                figure=None if driver.name in ("", EQUAL) else driver,
                values={places[i]: value for i, value in values},
            )


def _label(driver: DriverUse, clause: str) -> str:
    """`人口割 80%`, behind the line it stands in where there are several."""
    if driver.ratio == 1:
        return clause or driver.name or EQUAL
    own = f"{driver.name or EQUAL} {percent(driver.ratio)}"
    return f"{clause}\nのうち {own}" if clause else own


def _touches(part: Part, sharing: Sharing, places: Sequence[int]) -> bool:
    return bool(part.amount) and any(sharing.weights[places[position]] for position in part.who)


def _attendance(
    result: LineResult, part: Part, places: Sequence[int], size: int
) -> tuple[int, ...]:
    parts = [result.case.participants[position].part for position in part.who]
    attendance = [0] * size
    for position, months in zip(part.who, reduced(integers(parts)[0]), strict=True):
        attendance[places[position]] = months
    return tuple(attendance)
