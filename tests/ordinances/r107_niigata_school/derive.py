"""R107: 20,000 yen each, and what was paid for a town's own doctors is that town's."""

from tests.ordinances.derivation import Charges, Instalment, of, record

SANJO, KASHIWAZAKI, YAHIKO = "152048", "152056", "153427"
PAID = {SANJO: 0, KASHIWAZAKI: 1_234_567, YAHIKO: 0}


def charges() -> Charges:
    return of("事務費負担金", dict.fromkeys(PAID, 20_000)) | of("特別負担金", PAID)


def instalments() -> list[Instalment]:
    """31 May 2025 is a Saturday; the day of the special charge is 例."""
    first: list[Instalment] = [(code, 1, "2025-06-02", 20_000) for code in PAID]
    return [*first, *((code, 2, "2025-09-30", paid) for code, paid in PAID.items())]


if __name__ == "__main__":
    record(__file__, charges(), instalments())
