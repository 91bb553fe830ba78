"""R81: 350 yen a firefighter, half of it by firefighters and half by households, as two prices."""

from fractions import Fraction
from math import floor

from tests.ordinances.derivation import Charges, of, record

NAGAOKA, SANJO, KASHIWAZAKI, YAHIKO = "152021", "152048", "152056", "153427"
CORPS = {NAGAOKA: 3_501, SANJO: 1_307, KASHIWAZAKI: 1_288, YAHIKO: 203}
HOUSEHOLDS = {NAGAOKA: 104_489, SANJO: 34_000, KASHIWAZAKI: 33_904, YAHIKO: 2_605}


def charges() -> Charges:
    """Half of 350 × 6,299 is 1,102,325: 175 yen a firefighter, and 1,102,325 ÷ 174,998 a household."""
    half = Fraction(350 * sum(CORPS.values()), 2)
    assert half == 1_102_325
    a_head = half / sum(CORPS.values())
    a_household = half / sum(HOUSEHOLDS.values())
    return of(
        "消防団員等負担金",
        {c: floor(CORPS[c] * a_head + HOUSEHOLDS[c] * a_household) for c in CORPS},
    )


if __name__ == "__main__":
    record(__file__, charges())
