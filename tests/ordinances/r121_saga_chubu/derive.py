"""R115: three 会計 of one union, each with its own base, due dates and bills."""

from tests.ordinances.derivation import Charges, Instalment, cut, of, record, split

SAGA, TAKU, OGI, KANZAKI, YOSHINOGARI = "412015", "412040", "412082", "412104", "413275"
CODES = (SAGA, TAKU, OGI, KANZAKI, YOSHINOGARI)
EQUAL = dict.fromkeys(CODES, 1)
PEOPLE = dict(zip(CODES, (233_301, 18_295, 43_952, 31_022, 16_323), strict=True))
ELDERLY_OF_CENSUS = dict(zip(CODES, (65_123, 6_612, 12_890, 9_634, 4_102), strict=True))
ELDERLY = dict(zip(CODES, (66_871, 6_701, 13_204, 9_811, 4_233), strict=True))
USERS = dict(zip(CODES, (11_234, 1_312, 2_250, 1_701, 698), strict=True))
BENEFITS = dict(
    zip(
        CODES,
        (20_345_678_901, 2_104_567_890, 3_987_654_320, 2_987_650_011, 1_234_567_003),
        strict=True,
    )
)
OFFICE = cut(split(412_345_679, (10, EQUAL), (90, ELDERLY_OF_CENSUS)))
CARE = cut(split(4_123_456_789, (30, ELDERLY), (30, USERS), (40, BENEFITS)))
FIRE = cut(split(3_987_654_321, (100, PEOPLE)))

GENERAL, OF_CARE, OF_FIRE = "一般会計", "介護保険特別会計", "消防特別会計"
Bill = tuple[str, str, int, str, int]
"""団体コード, 会計, 期, 納期限 and yen."""


def charges() -> Charges:
    return of("介護保険事務一般経費", OFFICE) | of("介護保険給付経費", CARE) | of("消防費", FIRE)


def bills() -> list[Bill]:
    """Each 会計 counts its own 期; all days are working days."""
    due: list[Bill] = []
    for code in CODES:
        quarter = CARE[code] * 25 // 100 // 1_000 * 1_000
        half = FIRE[code] // 2
        due += [
            (code, GENERAL, 1, "2025-04-30", OFFICE[code]),
            (code, OF_CARE, 1, "2025-04-30", quarter),
            (code, OF_CARE, 2, "2025-07-31", quarter),
            (code, OF_CARE, 3, "2025-10-31", quarter),
            (code, OF_CARE, 4, "2026-01-30", CARE[code] - 3 * quarter),
            (code, OF_FIRE, 1, "2025-04-30", half),
            (code, OF_FIRE, 2, "2025-10-31", FIRE[code] - half),
        ]
    return due


def instalments() -> list[Instalment]:
    return [(code, number, day, yen) for code, _, number, day, yen in bills()]


if __name__ == "__main__":
    record(__file__, charges(), instalments())
