"""事業ごと: lines closed, every amount and every member's sum at floor or ceiling of its exact value."""

import itertools
import math
import random
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from apportion.allocate.case import LineResult
from apportion.allocate.twoway import together
from apportion.core.problem import Findings
from apportion.core.sums import summed
from tests.lined import Lines, amounts, council, line, member


def closed(lines: Lines, unit: int = 1) -> list[LineResult]:
    alone = [line(f"経費{n}", total, own, unit) for n, (total, own) in enumerate(lines)]
    findings = Findings()
    made = together(alone, findings)
    assert findings.problems == ()
    return [result for result in made if result is not None]


def by_number(results: Sequence[LineResult]) -> list[list[int]]:
    return [list(own.values()) for own in amounts(results)]


def exact_sums(lines: Lines) -> dict[int, Fraction]:
    found: dict[int, Fraction] = {}
    for total, own in lines:
        for number, weight in own.items():
            found[number] = found.get(number, Fraction(0)) + Fraction(
                total * weight, sum(own.values())
            )
    return found


def near(yen: int, exact: Fraction, unit: int = 1) -> bool:
    return yen % unit == 0 and yen // unit in {math.floor(exact / unit), math.ceil(exact / unit)}


def assert_two_way(lines: Lines, results: Sequence[LineResult], unit: int = 1) -> None:
    """Worked from totals and weights alone."""
    found = amounts(results)
    for (total, own), yen in zip(lines, found, strict=True):
        assert sum(yen.values()) == total
        for weight, amount in zip((own[n] for n in sorted(own)), yen.values(), strict=True):
            assert near(amount, Fraction(total * weight, sum(own.values())), unit)
    sums = summed(pair for yen in found for pair in yen.items())
    for number, exact in exact_sums(lines).items():
        assert near(sums[member(number).member.code], exact, unit), (number, exact)
    for result in results:
        rounded = result.rounded
        added = summed((grant.position, grant.yen) for grant in rounded.ledger)
        given = [cut + added.get(position, 0) for position, cut in enumerate(rounded.cuts)]
        assert given == list(rounded.yen)


def test_member_sums_cannot_be_fixed_first() -> None:
    """2 yen among three and 1 yen among three others: rounding sums alone would give 1,1,1,0,0,0."""
    lines = [(2, {1: 1, 2: 1, 3: 1}), (1, {4: 1, 5: 1, 6: 1})]
    results = closed(lines)
    assert by_number(results) == [[1, 1, 0], [1, 0, 0]]
    assert_two_way(lines, results)


def test_the_same_yen_does_not_go_to_the_same_member_twice() -> None:
    """100,000 in three, twice: 66,666 2/3 each, and no sum is 66,668."""
    lines = [(100_000, {1: 1, 2: 1, 3: 1})] * 2
    results = closed(lines)
    assert by_number(results) == [[33_333, 33_334, 33_333], [33_334, 33_333, 33_333]]
    assert [result.rounded.swaps for result in results] == [((0, 1, 0, (66_666, 66_667)),), ()]


def test_a_yen_goes_on_over_a_member_that_has_no_room() -> None:
    """1 owes 1/2 + 1/2, and so do 2 and 3, who hold theirs already: one must pass on to 4 or 5."""
    lines = [(1, {1: 1, 2: 1}), (1, {1: 1, 3: 1}), (1, {2: 1, 4: 1}), (1, {3: 1, 5: 1})]
    results = closed(lines)
    # Alone: 1 twice, 2, 3. The first line passes on to 2, whose other unit goes to 4.
    assert by_number(results) == [[0, 1], [1, 0], [0, 1], [1, 0]]
    assert_two_way(lines, results)


def test_a_member_below_its_floor_takes_a_unit_where_its_remainder_is_the_largest() -> None:
    # 3 owes 0.3 + 0.3 + 0.4 = 1 and is given none alone: it takes its 0.4 up, from 4 (0.6).
    lines = [(1, {1: 7, 3: 3}), (1, {2: 7, 3: 3}), (1, {3: 4, 4: 6})]
    results = closed(lines)
    assert by_number(results) == [[1, 0], [1, 0], [1, 0]]
    assert [result.rounded.swaps for result in results] == [(), (), ((1, 0, 0, (1, 1)),)]


def test_a_member_above_its_ceiling_passes_on_where_its_remainder_is_the_smallest() -> None:
    # 1 owes 0.6 + 0.5 + 0.6 = 1.7 and is given 3 alone; 3 owes 0.5 and takes the unit of the second.
    lines = [(1, {1: 3, 2: 2}), (1, {1: 1, 3: 1}), (1, {1: 3, 4: 2})]
    assert by_number(closed(lines)) == [[1, 0], [0, 1], [1, 0]]


def test_a_refund_mirrors_a_charge() -> None:
    lines = [(7, {1: 1, 2: 1, 3: 1}), (5, {1: 1, 2: 2, 3: 4}), (1, {1: 1, 2: 1, 3: 1})]
    back = [(-total, own) for total, own in lines]
    assert by_number(closed(back)) == [[-yen for yen in row] for row in by_number(closed(lines))]
    mixed = [*lines, (-4, {1: 1, 2: 1, 3: 1}), (-2, {1: 5, 2: 2, 3: 4})]
    assert_two_way(mixed, closed(mixed))


def test_units_of_a_thousand() -> None:
    lines = [(100_000, {1: 1, 2: 1, 3: 1}), (200_000, {1: 1, 2: 1, 3: 1})]
    results = closed(lines, 1_000)
    assert_two_way(lines, results, 1_000)
    # 100,000 each; alone 1 has 34,000 + 67,000 and 3 has 33,000 + 66,000. A third is less than two.
    assert by_number(results) == [[33_000, 33_000, 34_000], [67_000, 67_000, 66_000]]


def every_choice(lines: Lines) -> Iterator[list[list[int]]]:
    """Each way of rounding the lines to their totals."""
    ways = []
    for total, own in lines:
        exact = [Fraction(total * own[n], sum(own.values())) for n in sorted(own)]
        cells = [sorted({math.floor(e), math.ceil(e)}) for e in exact]
        ways.append([row for row in itertools.product(*cells) if sum(row) == total])
    return ([list(row) for row in rows] for rows in itertools.product(*ways))


def right(lines: Lines, rows: Sequence[Sequence[int]]) -> bool:
    sums: dict[int, int] = {}
    for (_, own), row in zip(lines, rows, strict=True):
        for number, yen in zip(sorted(own), row, strict=True):
            sums[number] = sums.get(number, 0) + yen
    return all(near(sums[number], exact) for number, exact in exact_sums(lines).items())


WEIGHTS = st.dictionaries(st.integers(1, 5), st.integers(1, 4), min_size=1, max_size=5)
TABLES = st.lists(st.tuples(st.integers(-6, 12), WEIGHTS), min_size=1, max_size=4)


@settings(deadline=None, derandomize=True)
@given(TABLES)
def test_it_is_one_of_all_choices_that_are_right(lines: Lines) -> None:
    """And where the lines alone are right already, nothing is passed on."""
    results = closed(lines)
    assert_two_way(lines, results)
    assert by_number(results) in [rows for rows in every_choice(lines) if right(lines, rows)]
    alone = [line(f"経費{n}", total, own) for n, (total, own) in enumerate(lines)]
    if right(lines, by_number(alone)):
        assert [r.rounded for r in results] == [r.rounded for r in alone]


@settings(deadline=None, derandomize=True)
@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_decides_nothing(lines: Lines, dice: random.Random) -> None:
    named = [line(f"経費{n}", total, own) for n, (total, own) in enumerate(lines)]
    mixed = dice.sample(named, len(named))
    one, other = (
        {r.case.line.name: r.rounded for r in together(rows, Findings()) if r}
        for rows in (named, mixed)
    )
    assert one == other


def test_a_council_takes_ten_milliseconds_at_most() -> None:
    lines = council(54, 30)
    alone = [line(f"経費{n}", total, own) for n, (total, own) in enumerate(lines)]
    took = []
    for _ in range(5):
        begin = time.process_time()
        made = together(alone, Findings())
        took.append(time.process_time() - begin)
    assert min(took) < 0.01
    assert sum(len(result.rounded.swaps) for result in made if result) > 10
    assert_two_way(lines, [result for result in made if result])
