"""Every sign, every mode and every tie; amounts worked out by hand in the comments."""

from fractions import Fraction

import pytest

from apportion.allocate.rounding import RestRule, Shares, close, cut, cut_all, from_exact
from apportion.rules.nodes import Mode, RestOrder


@pytest.mark.parametrize(
    ("numerator", "down", "half", "up"),
    [
        (7, 1, 2, 2),
        (6, 1, 2, 2),
        (5, 1, 1, 2),
        (4, 1, 1, 1),
        (2, 0, 1, 1),
        (1, 0, 0, 1),
        (0, 0, 0, 0),
    ],
)
def test_cut_by_four_in_every_direction_and_sign(
    numerator: int, down: int, half: int, up: int
) -> None:
    modes = (Mode.DOWN, Mode.HALF_UP, Mode.UP)
    assert tuple(cut(numerator, 4, mode) for mode in modes) == (down, half, up)
    assert tuple(cut(-numerator, 4, mode) for mode in modes) == (-down, -half, -up)


def split(total: int, weights: list[int], rest: RestRule | None = None, **how: object) -> list[int]:
    mode, unit = how.get("mode", Mode.DOWN), how.get("unit", 1)
    assert isinstance(mode, Mode)
    assert isinstance(unit, int)
    shares = Shares(total, tuple(weights), sum(weights))
    cuts = cut_all(shares, unit, mode)
    return list(close(shares, cuts, total, unit, rest or RestRule()).yen)


def test_tie_goes_to_the_larger_amount_then_the_smaller_code() -> None:
    # 100,000,000 over 1:4:1: quotas end in 4/6 each, one yen is left after the second's.
    assert split(100_000_000, [1, 4, 1]) == [16_666_667, 66_666_667, 16_666_666]


@pytest.mark.parametrize(
    ("total", "weights"),
    [
        # remainders 76,724,615 and 76,724,616 of 151,396,478: floats give the yen to the first
        (143_610_831, [46_272_729, 53_362_503, 51_761_246]),
        (99_999_942_676, [58_465, 94_971, 95_769]),
        (999_999_986_835, [15_186, 12_993, 17_215]),
    ],
)
def test_near_ties_follow_the_exact_remainder(total: int, weights: list[int]) -> None:
    whole = sum(weights)
    expected = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    for position in sorted(range(3), key=lambda i: -remainders[i])[: total - sum(expected)]:
        expected[position] += 1
    assert len(set(remainders)) == 3
    assert split(total, weights) == expected


def test_rate_times_money_is_exact() -> None:
    # int(100_000_000 * 0.29) is 28,999,999 in floats, and cut to 1,000 yen 28,999,000.
    shares = from_exact([Fraction(29, 100) * 100_000_000, Fraction(71, 100) * 100_000_000])
    assert cut_all(shares, 1, Mode.DOWN) == (29_000_000, 71_000_000)
    assert cut_all(shares, 1000, Mode.DOWN) == (29_000_000, 71_000_000)
    # ceil(100_000_000 * 1.1) is 110,000,001 in floats
    assert cut_all(from_exact([Fraction(11, 10) * 100_000_000]), 1, Mode.UP) == (110_000_000,)


def test_sizes_beyond_int64() -> None:
    # 10^12 × 13,960,000 = 1.396 × 10^19 wraps in int64
    # 10^12 / 13,960,001 = 71,633.23: the fraction of the other one (.77) is the larger
    assert split(10**12, [13_960_000, 1]) == [999_999_928_367, 71_633]
    assert split(3 * 2**63, [1, 1, 1]) == [2**63] * 3


def test_negative_total_mirrors_the_positive() -> None:
    assert split(-100, [1, 1, 1]) == [-amount for amount in split(100, [1, 1, 1])]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize("mode", list(Mode))
def test_remainder_order_gives_one_result_for_all_three_cuts(mode: Mode) -> None:
    # 10 over 1:1:4 → 1.67, 1.67, 6.67: all equal remainders, two yen: larger first, then code
    assert split(10, [1, 1, 4], mode=mode) == [2, 1, 7]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        # 11 over 5:3:3 → exact 5, 3, 3; 13 → 5.9, 3.5, 3.5: floors 5+3+3, two yen left
        (RestOrder.REMAINDER, [6, 4, 3]),
        (RestOrder.SMALLEST, [5, 4, 4]),
        (RestOrder.LARGEST, [6, 4, 3]),
    ],
)
def test_orders_of_the_rest(order: RestOrder, expected: list[int]) -> None:
    assert split(13, [5, 3, 3], RestRule(order=order)) == expected


def test_population_order_and_payer_and_none() -> None:
    by_size = RestRule(order=RestOrder.POPULATION, sizes=[Fraction(1), Fraction(9), Fraction(5)])
    assert split(13, [5, 3, 3], by_size) == [5, 4, 4]
    assert split(13, [5, 3, 3], RestRule(order=RestOrder.PAYER, payer=2)) == [5, 3, 5]
    assert split(13, [5, 3, 3], RestRule(order=RestOrder.NONE)) == [5, 3, 3]


def test_unit_of_a_thousand_and_the_part_below_it() -> None:
    # 10,500 over 1:1 in units of 1,000: 5,250 each → 5,000; 500 is less than a unit, to the first
    assert split(10_500, [1, 1], unit=1000) == [5_500, 5_000]
    # 7,000 over 1:1:1 → 2,000 each, one unit to the first by code
    assert split(7_000, [1, 1, 1], unit=1000) == [3_000, 2_000, 2_000]


def test_who_owes_nothing_takes_no_part() -> None:
    assert split(5, [0, 1, 1]) == [0, 3, 2]
    assert split(5, [0, 1, 1], RestRule(order=RestOrder.SMALLEST)) == [0, 3, 2]


def test_the_ledger_goes_round_when_it_is_longer_than_the_list() -> None:
    # cut to 1,000: 0 each; 1,999 yen in units of 1,000 → 1,000 and 999
    shares = Shares(1_999, (1, 1), 2)
    rounded = close(shares, (0, 0), 1_999, 1_000, RestRule())
    assert rounded.yen == (1_000, 999)
    assert [(g.position, g.rank, g.yen) for g in rounded.ledger] == [(0, 1, 1_000), (1, 2, 999)]


def test_half_up_takes_back_from_who_was_raised_furthest() -> None:
    # 3 over 1:1 → 1.5 → 2 and 2; one yen back; equal rises: smaller amount, then larger code
    assert split(3, [1, 1], mode=Mode.HALF_UP) == [2, 1]
