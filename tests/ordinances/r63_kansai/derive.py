"""R63: 鳥取県 counts half in every driver; in 1,000 yen."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

TOTTORI = "310000"
MEMBERS = (
    "250007",  # 滋賀県
    "260002",  # 京都府
    "261009",  # 京都市
    "280003",  # 兵庫県
    "281000",  # 神戸市
    "300004",  # 和歌山県
    TOTTORI,
    "360007",  # 徳島県
)
PEOPLE = {
    "250007": 1_413_001,
    "260002": 2_578_002,
    "280003": 5_465_003,
    "300004": 922_004,
    TOTTORI: 553_005,
    "360007": 719_006,
}
INNS = {
    "250007": 801,
    "260002": 3_902,
    "280003": 3_203,
    "300004": 1_404,
    TOTTORI: 605,
    "360007": 706,
}


def halved(numbers: dict[str, int]) -> dict[str, int | Fraction]:
    return numbers | {TOTTORI: Fraction(numbers[TOTTORI], 2)}


def charges() -> Charges:
    equal = halved(dict.fromkeys(MEMBERS, 1))
    general = split(350_000_000, (100, equal))
    tourism = split(120_000_000, (50, halved(PEOPLE)), (50, halved(INNS)))
    return of("総務費", cut(general, 1_000)) | of("観光費", cut(tourism, 1_000))


if __name__ == "__main__":
    record(__file__, charges())
