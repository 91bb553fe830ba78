"""R119: 53.7 to 46.3 as the ordinance says, or by the area that is drained; one clause cannot be said."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

CODES = ("112399", "112411")  # 坂戸 鶴ヶ島
FIXED = dict(zip(CODES, (537, 463), strict=True))
NOTIFIED = dict(zip(CODES, (Fraction("1203.4"), Fraction("1011.7")), strict=True))
PLANNED = dict(zip(CODES, (1_187, 998), strict=True))


def charges() -> Charges:
    return (
        of("組合運営費", cut(split(345_678_901, (100, FIXED))))
        | of("雨水幹線建設費", cut(split(98_765_433, (100, FIXED))))
        | of("雨水幹線維持管理費", cut(split(7_654_321, (100, FIXED))))
        | of("公共下水道建設費", cut(split(765_432_101, (100, NOTIFIED))))
        | of("公共下水道維持管理費", cut(split(456_789_013, (100, PLANNED))))
    )


if __name__ == "__main__":
    record(__file__, charges())
