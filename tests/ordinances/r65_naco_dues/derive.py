"""R65: two cents a head, at least 450, and no more than 15% beside last year's; nobody pays the excess."""

from fractions import Fraction
from math import floor

from tests.ordinances.derivation import Charges, of, record

REIJI, MIHON, KAKU, KATEI = "990019", "990027", "990035", "990043"
PEOPLE = {REIJI: 701_234, MIHON: 200_031, KAKU: 21_999, KATEI: 4_321}
BEFORE = {REIJI: 10_001, MIHON: 5_003, KAKU: 427, KATEI: 400}


def due(code: str) -> int:
    """What a county pays: the price, held between 85% and 115% of last year's dues."""
    price = max(Fraction(450), Fraction(2 * PEOPLE[code], 100))
    lowest, highest = (BEFORE[code] * Fraction(percent, 100) for percent in (85, 115))
    return floor(min(max(price, lowest), highest))


def charges() -> Charges:
    """14,024 is held at 11,501, 4,000 at 4,252 (4,252.55); 450 stays twice."""
    dues = {code: due(code) for code in PEOPLE}
    assert dues == {REIJI: 11_501, MIHON: 4_252, KAKU: 450, KATEI: 450}
    return of("会費", dues)


if __name__ == "__main__":
    record(__file__, charges())
