"""事業ごと: two-way rounding, so that each member's sum over the lines of a 事業 is rounded once, too.

Every line keeps its total, every amount is the floor or the ceiling of its exact value, and so is
every member's sum. Such a choice always exists (M. Bacharach, Matrix Rounding Problems, Management
Science 12, 1966: the remainders are a flow between lines and members, so there is a whole one). It is
found from the largest remainders of each line by augmenting paths, in an order that is stated:

    members by code; first those whose sum is above the ceiling, then those below the floor
    such a member passes a unit on (takes one) in the line where its remainder is the smallest (largest)
    to the member of the line with the largest remainder that was given none and whose sum has room
    (from that with the smallest that was given one); first to one below its floor
    where nobody has room in any of its lines: over further members, by the fewest of them

Integers only: remainders are scaled by a power of two so large that no two different ones are equal.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.allocate.rounding import Grant, Rounded, Swap
from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, Problem, tell
from apportion.core.sums import grouped
from apportion.rules import spell
from apportion.rules.nodes import RestOrder, Stage


class LineUnits(NamedTuple):
    """One line: scaled remainders by member (0: whole), who may be given a unit, in order, and who is."""

    left: Sequence[int]
    order: Sequence[int]
    given: bytearray


class Passed(NamedTuple):
    """In a line, a unit from one member to another, so that the sum of `cause` is rounded once."""

    line: int
    giver: int
    taker: int
    cause: int


@dataclass(frozen=True, slots=True)
class Repair:
    """Brings the number of units of each member between `low` and `high`, line by line unchanged."""

    lines: Sequence[LineUnits]
    low: Sequence[int]
    high: Sequence[int]
    sums: list[int]

    def run(self) -> Iterator[Passed]:
        """All that is passed on, in order; `lines` and `sums` are changed."""
        for member, high in enumerate(self.high):
            while self.sums[member] > high:
                yield from self._along(self._path(member, 1), giving=True)
        for member, low in enumerate(self.low):
            while self.sums[member] < low:
                yield from self._along(self._path(member, 0), giving=False)

    def _along(self, path: Sequence[tuple[int, int, int]], *, giving: bool) -> Iterator[Passed]:
        """Pass a unit on each step of a path (line, from, on to)."""
        for line, near, far in path:
            giver, taker = (near, far) if giving else (far, near)
            given = self.lines[line].given
            given[giver], given[taker] = 0, 1
            self.sums[giver] -= 1
            self.sums[taker] += 1
            yield Passed(line, giver, taker, near)

    def _path(self, start: int, holding: int) -> list[tuple[int, int, int]]:
        """The shortest way from a member to one with room: breadth first, in the stated order."""
        came: dict[int, tuple[int, int]] = {start: (-1, start)}
        queue = [start]
        for member in queue:
            lines = self._lines(member, holding)
            for line in lines:
                end = self._end(line, holding)
                if end is not None:
                    came.setdefault(end, (line, member))
                    return _traced(came, end)
            for line in lines:
                for other in self._others(line, holding):
                    if other not in came:
                        came[other] = (line, member)
                        queue.append(other)
        message = "a whole flow always exists"
        raise AssertionError(message)

    def _lines(self, member: int, holding: int) -> list[int]:
        """Lines in which a member holds (or lacks) a unit that it may pass on (or take)."""
        found = [
            (left[member], line)
            for line, (left, _, given) in enumerate(self.lines)
            if given[member] == holding and left[member]
        ]
        if holding:
            return [line for _, line in sorted(found)]
        return [line for _, line in sorted(found, key=lambda own: (-own[0], own[1]))]

    def _others(self, line: int, holding: int) -> Iterator[int]:
        cells = self.lines[line]
        order = cells.order if holding else reversed(cells.order)
        return (member for member in order if cells.given[member] != holding)

    def _end(self, line: int, holding: int) -> int | None:
        """Who has room for a unit (or one to spare); rather one whose sum needs it."""
        room = None
        sums, low, high = self.sums, self.low, self.high
        for member in self._others(line, holding):
            if holding:
                if sums[member] < low[member]:
                    return member
                free = sums[member] < high[member]
            else:
                free = sums[member] > low[member]
            if free and room is None:
                room = member
        return room


def _traced(came: dict[int, tuple[int, int]], end: int) -> list[tuple[int, int, int]]:
    steps = []
    while (step := came[end])[0] >= 0:
        line, near = step
        steps.append((line, near, end))
        end = near
    return steps[::-1]


class _Line(NamedTuple):
    """One line, in units, by the members of all lines; mirrored where these together are a refund.

    ``floors + lefts / whole`` is what each member owes exactly; `given` are the units above the floor
    that the line alone gives. `places` leads from the participants to the members; a `mirrored` line
    goes the other way than all together.
    """

    places: Sequence[int]
    floors: Sequence[int]
    lefts: Sequence[int]
    whole: int
    given: bytearray
    order: Sequence[int]
    mirrored: bool

    def cells(self, bits: int) -> LineUnits:
        """As `Repair` takes it."""
        scaled = [(left << bits) // self.whole for left in self.lefts]
        return LineUnits(scaled, [place for place in self.order if self.lefts[place]], self.given)


def _line(result: LineResult, place_of: Mapping[str, int], sign: int) -> _Line:
    shares, rounded, unit = result.shares, result.rounded, result.case.rounding.unit
    whole, size = shares.denominator * unit, len(place_of)
    places = [place_of[p.member.code] for p in result.case.participants]
    floors, lefts, given = [0] * size, [0] * size, bytearray(size)
    for place, amount, yen in zip(places, shares.numerators(), rounded.yen, strict=True):
        floors[place], lefts[place] = divmod(sign * amount, whole)
        given[place] = sign * yen // unit - floors[place]
    mirrored = sign * shares.scale * sum(shares.weights) < 0
    order = [places[position] for position in rounded.order]
    order = order[::-1] if mirrored else order
    return _Line(places, floors, lefts, whole, given, order, mirrored)


def _bounds(
    lines: Sequence[_Line], cells: Sequence[LineUnits], bits: int, place: int
) -> tuple[int, int]:
    """Floor and ceiling of the sum of a member's remainders, from scaled ones where these suffice."""
    scaled = sum(own.left[place] for own in cells)
    low = scaled >> bits
    # Each scaled remainder is less than one below its exact value.
    if scaled != low << bits and (scaled + len(lines) - 1) >> bits == low:
        return low, low + 1
    over = grouped((line.whole, line.lefts[place]) for line in lines)
    exact = sum((Fraction(sum(lefts), whole) for whole, lefts in over.items()), Fraction(0))
    return floor(exact), ceil(exact)


def together(results: Sequence[LineResult | None], findings: Findings) -> list[LineResult | None]:
    """The results with those of each 事業 that are rounded 事業ごと closed together.

    A line whose total is no whole number of units has no such choice: it becomes a finding.
    """
    closed = [result for result in results if result and _is_closed(result)]
    uneven = [r for r in closed if r.shares.total() % r.case.rounding.unit]
    for result in uneven:
        findings.add(_uneven(result))
    if not closed or uneven:
        return list(results)
    by_file = grouped((id(result.case.file), result) for result in closed).values()
    made = {id(one): new for lines in by_file for one, new in _closed(lines)}
    return [made.get(id(result), result) for result in results]


def _is_closed(result: LineResult) -> bool:
    """Whether the rule says 事業ごと, of what is shared; prices are owed as they are."""
    case = result.case
    said = case.rounding.stage is Stage.PROJECT and case.rest.order is RestOrder.REMAINDER
    return said and bool(case.parts) and not case.unit_price


def _uneven(result: LineResult) -> Problem:
    rounding, exact = result.case.rounding, result.shares.total()
    return tell(
        "W531.whole",
        rounding.source,
        line=result.case.line.name,
        yen=f"{floor(exact):,}",
        more="と1円未満" if exact.denominator > 1 else "",
        unit=f"{rounding.unit:,}",
        said=spell.rounding(replace(rounding, stage=Stage.LINE)),
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    """All lines of one 事業; `low` and `high` bound the units that each member is given above `floors`."""

    lines: Sequence[_Line]
    unit: int
    floors: Sequence[int]
    low: Sequence[int]
    high: Sequence[int]

    def rounded(self, before: Rounded, line: _Line, passed: Iterable[Passed]) -> Rounded:
        """A line after all that was passed on in it."""
        yen = [(line.floors[place] + line.given[place]) * self.unit for place in line.places]
        added = [own - cut for own, cut in zip(yen, before.cuts, strict=True)]
        ledger = (
            Grant(position, rank, added[position])
            for rank, position in enumerate(before.order, start=1)
            if added[position]
        )
        swaps = tuple(self._swaps(line, passed))
        return replace(before, yen=tuple(yen), ledger=tuple(ledger), swaps=swaps)

    def _swaps(self, line: _Line, passed: Iterable[Passed]) -> Iterator[Swap]:
        """By position, with the sums that the rule allows to who is the cause."""
        positions = {place: position for position, place in enumerate(line.places)}
        for one in passed:
            giver, taker, cause = (positions[at] for at in (one.giver, one.taker, one.cause))
            if line.mirrored:
                giver, taker = taker, giver
            bounds = (self.low[one.cause], self.high[one.cause])
            sums = [(self.floors[one.cause] + up) * self.unit for up in bounds]
            yield Swap(giver, taker, cause, (min(sums), max(sums)))


def _closed(results: Sequence[LineResult]) -> Iterator[tuple[LineResult, LineResult]]:
    """The lines of one 事業 that change, each before and after."""
    ordered = sorted(
        results, key=lambda result: result.case.line.key
    )  # budget order decides nothing
    codes = sorted({p.member.code for r in ordered for p in r.case.participants})
    place_of = {code: place for place, code in enumerate(codes)}
    sign = -1 if sum(sum(result.rounded.yen) for result in ordered) < 0 else 1
    lines = [_line(result, place_of, sign) for result in ordered]
    bits = 2 * max(line.whole for line in lines).bit_length()
    cells = [line.cells(bits) for line in lines]
    low, high = zip(*(_bounds(lines, cells, bits, at) for at in range(len(codes))), strict=True)
    passed = grouped(
        (one.line, one)
        for one in Repair(cells, low, high, _sums(line.given for line in lines)).run()
    )
    unit = sign * results[0].case.rounding.unit
    grid = _Grid(lines, unit, _sums(line.floors for line in lines), low, high)
    for number, own in passed.items():
        result = ordered[number]
        yield result, replace(result, rounded=grid.rounded(result.rounded, lines[number], own))


def _sums(rows: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]
