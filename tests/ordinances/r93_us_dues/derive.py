"""R93: dues of last year raised by a percentage, as published: 4,430, 4,519, 2,772, 3,420, 3,895."""

from fractions import Fraction
from math import floor

from tests.ordinances.derivation import Charges, of, record

DUBLIN, HOPKINS = "990019", "990027"
RISES = {
    "都市連盟会費1998年": (DUBLIN, 4_343, Fraction(2), 4_430),
    "都市連盟会費1999年": (DUBLIN, 4_430, Fraction(2), 4_519),
    "都市連盟会費1988年": (DUBLIN, 2_615, Fraction(6), 2_772),
    "大都市圏協会会費甲案": (HOPKINS, 3_273, Fraction(19), 3_895),
    "大都市圏協会会費乙案": (HOPKINS, 3_273, Fraction(9, 2), 3_420),
}
"""The city, its dues of the year before, the rise in percent, the dues that were published."""


def charges() -> Charges:
    due: Charges = {}
    for line, (city, before, rise, published) in RISES.items():
        raised = before * (100 + rise) / 100
        amount = floor(raised + Fraction(1, 2))
        assert amount == published
        due |= of(line, {city: amount})
    return due


if __name__ == "__main__":
    record(__file__, charges())
