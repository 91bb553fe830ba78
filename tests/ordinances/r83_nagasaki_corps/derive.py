"""R83: six unit prices, two of them on people (7.5 and 7 yen); no total."""

from fractions import Fraction
from math import floor

from tests.ordinances.derivation import Charges, of, record

SHIMABARA, ISAHAYA, NAGAYO, OJIKA = "422037", "422045", "423076", "423831"
PEOPLE = {SHIMABARA: 43_338, ISAHAYA: 133_852, NAGAYO: 40_780, OJIKA: 2_288}
FIRE_CORPS = {SHIMABARA: 1_003, ISAHAYA: 1_702, NAGAYO: 251, OJIKA: 140}
FLOOD_CORPS = {SHIMABARA: 0, ISAHAYA: 21, NAGAYO: 0, OJIKA: 0}


def charges() -> Charges:
    a_member = 2_230 + 19_500 + 300
    return of(
        "公務災害補償等負担金",
        {
            c: floor(
                FIRE_CORPS[c] * a_member
                + FLOOD_CORPS[c] * 2_230
                + PEOPLE[c] * (Fraction(15, 2) + 7)
            )
            for c in PEOPLE
        },
    )


if __name__ == "__main__":
    record(__file__, charges())
