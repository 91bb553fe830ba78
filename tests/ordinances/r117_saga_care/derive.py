"""R117: what care costs is estimated on figures of two years before, and settled on those of the year."""

from tests.ordinances.derivation import Charges, cut, of, record, split

CODES = ("412015", "412040", "412082", "412104", "413275")  # 佐賀 多久 小城 神埼 吉野ヶ里


def by_code(*numbers: int) -> dict[str, int]:
    return dict(zip(CODES, numbers, strict=True))


EQUAL = dict.fromkeys(CODES, 1)
PEOPLE = by_code(233_301, 18_295, 43_952, 31_022, 16_323)
CENSUS_65 = by_code(65_010, 6_611, 12_345, 9_753, 3_911)
OF_65 = {2023: by_code(66_789, 6_502, 12_901, 9_812, 4_040)}
OF_65[2025] = by_code(67_001, 6_401, 13_010, 9_799, 4_111)
CARED_FOR = {2023: by_code(9_876, 1_203, 1_777, 1_502, 555)}
CARED_FOR[2025] = by_code(10_010, 1_190, 1_801, 1_515, 571)
COST = {
    2023: by_code(17_345_678_901, 1_999_999_999, 3_123_456_789, 2_654_321_098, 987_654_321),
    2025: by_code(18_000_000_001, 1_950_000_000, 3_200_000_000, 2_600_000_000, 1_010_101_010),
}


def shared(office: int, general: int, care: int, year: int) -> Charges:
    return (
        of("総務費", cut(split(office, (20, EQUAL), (80, PEOPLE))))
        | of("介護保険事務一般経費", cut(split(general, (20, EQUAL), (80, CENSUS_65))))
        | of(
            "介護保険給付経費",
            cut(split(care, (30, OF_65[year]), (30, CARED_FOR[year]), (40, COST[year]))),
        )
    )


def charges() -> Charges:
    return shared(123_456_789, 234_567_891, 3_456_789_012, 2023)


def settled() -> Charges:
    """What was spent, on the figures of the year itself."""
    return shared(120_000_001, 230_000_003, 3_400_000_007, 2025)


if __name__ == "__main__":
    record(__file__, charges())
