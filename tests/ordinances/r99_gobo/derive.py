"""R99: four instalments where the year's amount is over ten million yen, else all at once."""

from tests.ordinances.derivation import Charges, Instalment, cut, of, record, split

GOBO, MIHAMA, HIDAKA, YURA, INAMI, HIDAKAGAWA = (
    "302058",
    "303810",
    "303828",
    "303836",
    "303909",
    "303925",
)
PEOPLE = {
    GOBO: 23_481,
    MIHAMA: 6_867,
    HIDAKA: 7_673,
    YURA: 5_364,
    INAMI: 7_720,
    HIDAKAGAWA: 9_219,
}
EQUAL = dict.fromkeys(PEOPLE, 1)
YEAR = cut(split(87_654_321, (20, EQUAL), (80, PEOPLE)))


def charges() -> Charges:
    return of("総括管理費", YEAR)


def instalments() -> list[Instalment]:
    """All four days are working days."""
    due: list[Instalment] = []
    for code, amount in YEAR.items():
        if amount <= 10_000_000:
            due.append((code, 1, "2025-05-20", amount))
            continue
        quarter = amount // 4
        due += [
            (code, 1, "2025-05-20", quarter),
            (code, 2, "2025-08-20", quarter),
            (code, 3, "2025-11-20", quarter),
            (code, 4, "2026-02-20", amount - 3 * quarter),
        ]
    return due


if __name__ == "__main__":
    record(__file__, charges(), instalments())
