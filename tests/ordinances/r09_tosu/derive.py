"""R09: four instalments raised to 1,000 yen, the last one what is left; class 1 at once."""

from fractions import Fraction
from math import ceil

from tests.ordinances.derivation import Charges, Instalment, cut, of, record, split

PEOPLE = {
    "412031": 74_001,  # 鳥栖市
    "413411": 17_250,  # 基山町
    "413453": 9_286,  # 上峰町
    "413461": 25_513,  # みやき町
}
EQUAL = dict.fromkeys(PEOPLE, 1)
CLASS_1 = cut(split(8_000_000, (20, EQUAL), (80, PEOPLE)))
CLASS_2 = cut(split(612_345_678, (20, EQUAL), (80, PEOPLE)))


def charges() -> Charges:
    return of("第1種分賦金", CLASS_1) | of("第2種分賦金", CLASS_2)


def instalments() -> list[Instalment]:
    """31 January 2026 is a Saturday, so the last day is Monday, 2 February."""
    due: list[Instalment] = []
    for code, amount in CLASS_2.items():
        quarter = ceil(Fraction(amount * 25, 100 * 1_000)) * 1_000
        due += [
            (code, 1, "2025-04-30", CLASS_1[code] + quarter),
            (code, 2, "2025-07-31", quarter),
            (code, 3, "2025-10-31", quarter),
            (code, 4, "2026-02-02", amount - 3 * quarter),
        ]
    return due


if __name__ == "__main__":
    record(__file__, charges(), instalments())
