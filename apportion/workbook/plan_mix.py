"""Weights that anyone can follow: 均等割 and at most one figure, mixed in whole numbers.

    weight = 参加 * (定数1 + 定数2 * 指標)      定数1 = a * sum(参加 * 指標) / g,  定数2 = b * sum(参加) / g

a : b are the percentages of the rule, g what both constants have in common; 参加 is 1, or the
months (days) of taking part. Other weights (several figures, several 負担割合 lines for the same
members) are shown as values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from apportion.allocate.case import DriverUse, LineResult, Part
from apportion.allocate.shares import integers
from apportion.rulebook import EQUAL
from apportion.workbook.plan_sharing import Sharing, reduced


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """How one 負担割合 line weighs its members; `attendance` in the order of the members.

    `figure` is the driver beside 均等割 (None: there is none) with its value by member place.
    """

    attendance: tuple[int, ...]
    equal: Fraction
    figure: DriverUse | None
    values: Mapping[int, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """The whole numbers of the formula at the head of this module, and the weights it gives."""

    a: int
    b: int
    common: int
    constants: tuple[int, int]
    weights: tuple[int, ...]


def mix_of(result: LineResult, sharing: Sharing, places: Sequence[int]) -> Mix | None:
    """Mix of the one clause that the members share by; None where one mix does not explain them."""
    parts = [part for part in result.case.parts if _touches(part, sharing, places)]
    if len(parts) != 1 or not parts[0].drivers:
        return None
    part = parts[0]
    figures = [driver for driver in part.drivers if driver.name not in ("", EQUAL)]
    if len(figures) > 1:
        return None
    values = figures[0].values if figures else (Fraction(0),) * len(part.who)
    mix = Mix(
        attendance=_attendance(result, part, places, len(sharing.weights)),
        equal=sum((d.ratio for d in part.drivers if d not in figures), Fraction(0)),
        figure=figures[0] if figures else None,
        values={places[i]: value for i, value in zip(part.who, values, strict=True)},
    )
    return mix if reduced(_own_weights(mix)) == sharing.weights else None


def linear(mix: Mix, figure: Sequence[int | None]) -> Linear:
    """Weights from a column of whole numbers (None: no value, no part)."""
    pairs = [(m, value or 0) for m, value in zip(mix.attendance, figure, strict=True)]
    a, b = _ratio(mix)
    constants = (a * sum(m * value for m, value in pairs), b * sum(m for m, _ in pairs))
    if not a:
        constants = (0, 1)
    common = gcd(*constants) or 1
    first, second = (constant // common for constant in constants)
    weights = tuple(m * (first + second * value) for m, value in pairs)
    return Linear(a=a, b=b, common=common, constants=(first, second), weights=weights)


def _own_weights(mix: Mix) -> tuple[int, ...]:
    """Weights of a mix from its own values: in proportion those of every scale of the figure."""
    if mix.figure is None:
        return mix.attendance
    whole, _ = integers(list(mix.values.values()))
    cells = dict(zip(mix.values, whole, strict=True))
    return linear(mix, [cells.get(place) for place in range(len(mix.attendance))]).weights


def _ratio(mix: Mix) -> tuple[int, int]:
    assert mix.figure is not None
    (a, b), _ = integers([mix.equal, mix.figure.ratio])
    common = gcd(a, b) or 1
    return a // common, b // common


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
