"""R33: instalments for 2, 2, 3, 2, 3 months, cut to 1,000 yen, all the rest in the last."""

from tests.ordinances.derivation import Charges, Instalment, cut, of, record, split

PEOPLE = {
    "374032": 8_468,  # 琴平町
    "374067": 17_401,  # まんのう町
}
# 10 August 2025 is a Sunday before 山の日, 10 January 2026 a Saturday before 成人の日.
DUE = (
    (1, "2025-04-10", 2),
    (2, "2025-06-10", 2),
    (3, "2025-08-12", 3),
    (4, "2025-11-10", 2),
)
LAST = (5, "2026-01-13")
YEAR = cut(split(587_654_321, (30, dict.fromkeys(PEOPLE, 1)), (70, PEOPLE)))


def charges() -> Charges:
    return of("消防費", YEAR)


def instalments() -> list[Instalment]:
    due: list[Instalment] = []
    for code, amount in YEAR.items():
        parts = [(n, day, amount * months // (12 * 1_000) * 1_000) for n, day, months in DUE]
        due += [(code, *part) for part in parts]
        due.append((code, *LAST, amount - sum(yen for _, _, yen in parts)))
    return due


if __name__ == "__main__":
    record(__file__, charges(), instalments())
