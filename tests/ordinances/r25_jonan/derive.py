"""R25: one driver for each class: people, tonnes of a year or of five, a fixed table, one town."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

YAWATA = "262102"
PEOPLE = {
    "262048": 177_001,  # 宇治市
    "262072": 73_502,  # 城陽市
    YAWATA: 69_003,
    "263222": 15_004,  # 久御山町
    "263443": 8_805,  # 宇治田原町
    "263435": 7_006,  # 井手町
}
YEAR = dict(zip(PEOPLE, (42_001, 17_502, 16_003, 6_504, 2_205, 1_606), strict=True))
FIVE_YEARS = dict(zip(PEOPLE, (215_010, 88_003, 83_507, 33_011, 11_013, 8_017), strict=True))
TABLE = dict(
    zip(PEOPLE, map(Fraction, ("52.40", "20.15", "16.05", "6.30", "2.85", "2.25")), strict=True)
)


def charges() -> Charges:
    return (
        of("管理費", cut(split(210_000_000, (100, PEOPLE))))
        | of("ごみ処理費", cut(split(1_300_000_000, (100, YEAR))))
        | of("工場建設費", cut(split(450_000_000, (100, FIVE_YEARS))))
        | of("旧工場償還費", cut(split(33_333_333, (100, TABLE))))
        | of("中継経費", dict.fromkeys(PEOPLE, 0) | {YAWATA: 18_000_000})
    )


if __name__ == "__main__":
    record(__file__, charges())
