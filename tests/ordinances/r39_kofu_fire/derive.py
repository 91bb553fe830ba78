"""R39: 73% of the needs, 甲府市 86%; no total. Cut to 1,000 yen."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, floor, of, record

KOFU = "192015"
NEEDS = {  # in 1,000 yen
    KOFU: 2_345_678,
    "192104": 912_345,  # 甲斐市
    "192147": 412_347,  # 中央市
    "193844": 278_901,  # 昭和町
}


def charges() -> Charges:
    exact = {
        code: needs * 1_000 * Fraction(86 if code == KOFU else 73, 100)
        for code, needs in NEEDS.items()
    }
    return of("消防費", floor(exact, 1_000))


if __name__ == "__main__":
    record(__file__, charges())
