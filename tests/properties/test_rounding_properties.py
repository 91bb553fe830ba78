"""What every rounding keeps, on ordinary, tied and near-integer shares."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from apportion.allocate import vector
from apportion.allocate.rounding import RestRule, Shares, close, cut_all
from apportion.rules.nodes import Mode, RestOrder

ordinary = st.lists(st.integers(0, 4_000_000), min_size=1, max_size=60)
tied = st.lists(st.integers(0, 3), min_size=1, max_size=60)
near_integer = st.lists(st.sampled_from([10**15, 10**15 + 1, 10**15 - 1]), min_size=2, max_size=12)
weights = st.one_of(ordinary, tied, near_integer).filter(any)
totals = st.integers(-(10**12), 10**12)
orders = st.sampled_from([RestOrder.REMAINDER, RestOrder.SMALLEST, RestOrder.LARGEST])
modes = st.sampled_from(list(Mode))
units = st.sampled_from([1, 10, 1000])


def yen(total: int, parts: list[int], unit: int, mode: Mode, order: RestOrder) -> list[int]:
    shares = Shares(total, tuple(parts), sum(parts))
    cuts = cut_all(shares, unit, mode)
    return list(close(shares, cuts, total, unit, RestRule(order=order)).yen)


@given(totals, weights, units, modes, orders)
def test_adds_up_and_zero_pays_zero(
    total: int, parts: list[int], unit: int, mode: Mode, order: RestOrder
) -> None:
    found = yen(total, parts, unit, mode, order)
    assert sum(found) == total
    assert all(amount == 0 for amount, weight in zip(found, parts, strict=True) if not weight)


@given(totals, weights, modes)
def test_by_remainder_stays_at_floor_or_ceiling_and_in_order(
    total: int, parts: list[int], mode: Mode
) -> None:
    found = yen(total, parts, 1, mode, RestOrder.REMAINDER)
    whole = sum(parts)
    for amount, weight in zip(found, parts, strict=True):
        assert amount in (total * weight // whole, -(-total * weight // whole))
    ranked = sorted(zip(parts, found, strict=True))
    for (less, small), (more, large) in pairwise(ranked):
        assert less == more or abs(small) <= abs(large)


@given(totals, weights, st.integers(1, 50), orders)
def test_scaling_weights_changes_nothing(
    total: int, parts: list[int], times: int, order: RestOrder
) -> None:
    scaled = [weight * times for weight in parts]
    assert yen(total, parts, 1, Mode.DOWN, order) == yen(total, scaled, 1, Mode.DOWN, order)


@given(totals, weights, units, modes, orders)
def test_refund_undoes_a_charge(
    total: int, parts: list[int], unit: int, mode: Mode, order: RestOrder
) -> None:
    back = yen(-total, parts, unit, mode, order)
    assert [a + b for a, b in zip(yen(total, parts, unit, mode, order), back, strict=True)] == [
        0
    ] * len(parts)


@given(
    st.one_of(st.integers(1, 10**12), st.integers(2**49, 2**52), st.integers(2**62, 2**64)),
    st.one_of(weights, st.lists(st.integers(0, 2**60), min_size=1, max_size=9).filter(any)),
)
def test_int64_agrees_with_plain_integers_or_declines(total: int, parts: list[int]) -> None:
    shares = Shares(total, tuple(parts), sum(parts))
    plain = close(shares, cut_all(shares, 1, Mode.DOWN), total, 1, RestRule())
    assert vector.largest_remainder(shares) in (None, plain)


def test_int64_takes_part_within_its_limits() -> None:
    first = Shares(10**9, (3_000_000, 2_000_000), 5_000_000)
    second = Shares(10**12, (2**59, 2**59 + 1), 2**60 + 1)
    beyond = Shares(2**51, (2**60, 2**60), 2**61)
    assert vector.largest_remainder(first) is not None
    assert vector.largest_remainder(second) is not None
    assert vector.largest_remainder(beyond) is None


def test_an_estimate_that_is_one_too_high_is_mended() -> None:
    """total x weight is one less than a multiple of the whole, which no float tells from the multiple."""
    whole = 10**15 + 37
    weight = 7 * 10**14 + 1
    total = -pow(weight, -1, whole) % whole
    assert total < 2**50
    assert (total * weight + 1) % whole == 0
    below, above = (total * weight) // whole, (total * (whole - weight)) // whole
    found = vector.largest_remainder(Shares(total, (weight, whole - weight), whole))
    assert found is not None
    assert found.yen == (below + 1, above)  # the larger remainder is that of the first
