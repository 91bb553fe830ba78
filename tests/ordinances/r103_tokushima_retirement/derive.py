"""R103: three rates on three payrolls; no total."""

from fractions import Fraction
from math import floor

from tests.ordinances.derivation import Charges, of, record

NARUTO, KOMATSUSHIMA, KATSUURA = "362026", "362034", "363014"
HEADS = {NARUTO: 33_000_000, KOMATSUSHIMA: 31_234_567, KATSUURA: 22_222_221}
STAFF = {NARUTO: 2_345_678_901, KOMATSUSHIMA: 1_234_567_890, KATSUURA: 345_678_907}
PART_TIME = {NARUTO: 45_678_909, KOMATSUSHIMA: 0, KATSUURA: 3_333_333}


def charges() -> Charges:
    return of(
        "一般負担金",
        {
            c: floor(Fraction(300 * HEADS[c] + 170 * STAFF[c] + 50 * PART_TIME[c], 1_000))
            for c in HEADS
        },
    )


if __name__ == "__main__":
    record(__file__, charges())
