"""Adding up by a key: the order of first appearance, and every yen."""

from apportion.core.sums import grouped, summed

PAIRS = [("豊橋市", 3), ("岡崎市", 5), ("豊橋市", -1), ("一宮市", 0)]


def test_values_stand_by_key_in_the_order_of_first_appearance() -> None:
    assert list(grouped(PAIRS).items()) == [("豊橋市", [3, -1]), ("岡崎市", [5]), ("一宮市", [0])]
    assert grouped([]) == {}


def test_yen_are_added_up_by_key() -> None:
    assert list(summed(PAIRS).items()) == [("豊橋市", 2), ("岡崎市", 5), ("一宮市", 0)]
    assert sum(summed(PAIRS).values()) == sum(yen for _, yen in PAIRS)
