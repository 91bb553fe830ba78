"""R101: ten instalments of a tenth each, from April to January."""

from tests.ordinances.derivation import Charges, Instalment, cut, of, record, split

SHICHINOHE, TOHOKU = "024023", "024082"
PEOPLE = {SHICHINOHE: 14_556, TOHOKU: 16_428}
EQUAL = dict.fromkeys(PEOPLE, 1)
YEAR = cut(split(765_432_101, (30, EQUAL), (70, PEOPLE)))
DAYS = (
    "2025-04-30",
    "2025-06-02",  # 31 May is a Saturday
    "2025-06-30",
    "2025-07-31",
    "2025-09-01",  # 31 August is a Sunday
    "2025-09-30",
    "2025-10-31",
    "2025-12-01",  # 30 November is a Sunday
    "2026-01-05",  # 31 December to 3 January are holidays, the 4th is a Sunday
    "2026-02-02",  # 31 January is a Saturday
)


def charges() -> Charges:
    return of("組合運営費", YEAR)


def instalments() -> list[Instalment]:
    """Nine tenths cut to yen, the tenth what is left."""
    due: list[Instalment] = []
    for code, amount in YEAR.items():
        tenth = amount // 10
        parts = [tenth] * 9 + [amount - 9 * tenth]
        due += [
            (code, number, day, yen)
            for number, (day, yen) in enumerate(zip(DAYS, parts, strict=True), start=1)
        ]
    return due


if __name__ == "__main__":
    record(__file__, charges(), instalments())
