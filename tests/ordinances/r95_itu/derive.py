"""R95: units chosen by each member times the value of a unit; that of a sector is a fifth of a State's."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, of, record

STATE_A, STATE_B, SECTOR_A, SECTOR_B, SECTOR_C = "990019", "990027", "990035", "990043", "990051"
STATES = {STATE_A: Fraction(30), STATE_B: Fraction(1, 16)}
SECTORS = {SECTOR_A: Fraction(1, 2), SECTOR_B: Fraction(1, 8), SECTOR_C: Fraction(1, 16)}
PUBLISHED = {SECTOR_B: 7_950, SECTOR_C: 3_975}


def charges() -> Charges:
    """A fifth of 318,000 is 63,600; all amounts are whole."""
    sectors = {code: int(63_600 * units) for code, units in SECTORS.items()}
    assert 318_000 == 5 * 63_600
    assert PUBLISHED.items() <= sectors.items()
    states = {code: int(318_000 * units) for code, units in STATES.items()}
    return of("加盟国分担金", states) | of("部門構成員分担金", sectors)


if __name__ == "__main__":
    record(__file__, charges())
