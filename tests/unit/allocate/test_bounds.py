"""Water-filling: worked by hand, and against the definition."""

from fractions import Fraction

from apportion.allocate.bounds import BoundedMember, Infeasible, fill

F = Fraction


def test_floors_and_caps_together() -> None:
    # 100 over 2:1:1, floors 0/20/30, caps 35/60/50. First at its cap 35; 65 left for two equal
    # weights between their bounds: 32.5 each. (Clip-and-freeze of both sides ends at 35/35/30.)
    slots = [
        BoundedMember(F(2), F(0), F(35)),
        BoundedMember(F(1), F(20), F(60)),
        BoundedMember(F(1), F(30), F(50)),
    ]
    assert fill(slots, F(100)) == [F(35), F(65, 2), F(65, 2)]


def test_floor_only_spreads_what_is_missing() -> None:
    # 90 over 1:2:6 is 10/20/60; floor 16 for all: 16, then 74 over 2:6 is 18.5/55.5
    slots = [BoundedMember(F(w), F(16), None) for w in (1, 2, 6)]
    assert fill(slots, F(90)) == [F(16), F(37, 2), F(111, 2)]


def test_what_fails_is_told_in_yen() -> None:
    assert fill(
        [BoundedMember(F(1), None, F(30)), BoundedMember(F(1), None, F(40))], F(100)
    ) == Infeasible(F(30))
    assert fill(
        [BoundedMember(F(1), F(60), None), BoundedMember(F(1), F(50), None)], F(100)
    ) == Infeasible(F(-10))


def test_zero_weight_counts_its_floor_only() -> None:
    assert fill([BoundedMember(F(0), F(5), F(9)), BoundedMember(F(1))], F(20)) == [F(5), F(15)]
