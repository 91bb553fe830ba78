"""R13: 2% of the needs, from 20 to 100 million yen, cut to 100,000 yen."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, floor, of, record

NEEDS = {  # in 1,000 yen
    "352012": 42_345_678,  # 下関市
    "352047": 3_987_654,  # 萩市
    "352136": 2_345_678,  # 美祢市
    "355020": 876_543,  # 阿武町
}


def target(needs: int) -> Fraction:
    return min(Fraction(100_000_000), max(Fraction(20_000_000), needs * 1_000 * Fraction(2, 100)))


def charges() -> Charges:
    exact = {code: target(needs) for code, needs in NEEDS.items()}
    return of("災害基金積立金", floor(exact, 100_000))


if __name__ == "__main__":
    record(__file__, charges())
