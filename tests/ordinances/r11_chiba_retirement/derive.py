"""R11: 165/1000 and 330/1000 of two payrolls, and an amount of each member's own."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, floor, of, record

PAYROLL = {  # 一般職, 特別職
    "122025": (2_134_567_891, 31_234_567),  # 銚子市
    "122271": (4_345_678_903, 38_765_433),  # 浦安市
    "123226": (678_901_237, 24_567_891),  # 酒々井町
    "124231": (456_789_013, 21_098_765),  # 長生村
}
SPECIAL = {"122025": 4_567_890, "122271": 0, "123226": 1_234_567, "124231": 0}


def charges() -> Charges:
    exact = {
        code: general * Fraction(165, 1000) + special * Fraction(330, 1000)
        for code, (general, special) in PAYROLL.items()
    }
    return of("退職手当負担金", floor(exact)) | of("退職手当特別負担金", SPECIAL)


if __name__ == "__main__":
    record(__file__, charges())
