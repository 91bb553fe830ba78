"""R93: dues of last year raised by a percentage, as published: 4,430, 4,519, 2,772, 3,420, 3,895.

One more is raised by the index of prices, by no more than 5%.
"""

from fractions import Fraction
from math import floor

from tests.ordinances.derivation import Charges, of, record

DUBLIN, HOPKINS, SOUTH_BAY = "990019", "990027", "990035"
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
    index = min(Fraction("3.5"), Fraction(5))
    south_bay = floor(19_600 * (100 + index) / 100 + Fraction(1, 2))
    return due | of("南湾都市協議会会費", {SOUTH_BAY: south_bay})


if __name__ == "__main__":
    record(__file__, charges())
