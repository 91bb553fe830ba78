"""R29: cases as the mean of three years, and those of outsiders (150 a year) equally."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

PEOPLE = {
    "312011": 188_101,  # 鳥取市
    "313025": 10_802,  # 岩美町
    "313254": 2_803,  # 若桜町
    "313289": 6_404,  # 智頭町
    "313297": 15_905,  # 八頭町
}
CARE = {"312011": 9_802, "313025": 703, "313254": 254, "313289": 455, "313297": 956}
THREE_YEARS = {
    "312011": (3_011, 3_307, 3_502),
    "313025": (151, 148, 163),
    "313254": (29, 33, 27),
    "313289": (71, 66, 80),
    "313297": (233, 241, 219),
}
NEEDS = {
    "312011": 2_345_678,
    "313025": 234_567,
    "313254": 123_456,
    "313289": 187_654,
    "313297": 298_765,
}


def charges() -> Charges:
    use = {code: Fraction(sum(years), 3) + Fraction(150, 5) for code, years in THREE_YEARS.items()}
    return (
        of("運営費", cut(split(61_000_000, (100, PEOPLE))))
        | of("介護認定審査会費", cut(split(90_000_000, (100, CARE))))
        | of("休日診療費", cut(split(44_000_000, (100, use))))
        | of("消防費", cut(split(2_900_000_000, (100, NEEDS))))
    )


if __name__ == "__main__":
    record(__file__, charges())
