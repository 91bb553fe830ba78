"""R51: the estimate of each town, less what the same town left unspent last year."""

from tests.ordinances.derivation import Charges, of, record

ESTIMATE_UNSPENT = {
    "313254": (2_345_678, 123_456),  # 若桜町
    "313289": (3_456_789, 0),  # 智頭町
    "313297": (5_678_901, 234_567),  # 八頭町
}


def charges() -> Charges:
    return of("委託料", {code: due - left for code, (due, left) in ESTIMATE_UNSPENT.items()})


if __name__ == "__main__":
    record(__file__, charges())
