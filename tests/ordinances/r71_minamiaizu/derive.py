"""R71: fire costs by the needs as far as these go, what is beyond them 20% equally and 80% by people."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

SHIMOGO, HINOEMATA, TADAMI, MINAMIAIZU = "073628", "073644", "073679", "073687"
PEOPLE = {SHIMOGO: 5_264, HINOEMATA: 504, TADAMI: 4_044, MINAMIAIZU: 14_451}
EQUAL = dict.fromkeys(PEOPLE, 1)
REVIEWS = {SHIMOGO: 411, HINOEMATA: 27, TADAMI: 389, MINAMIAIZU: 1_203}
TEACHERS = {
    SHIMOGO: Fraction(1),
    HINOEMATA: Fraction(1, 2),
    TADAMI: Fraction(1, 2),
    MINAMIAIZU: Fraction(2),
}
NEEDS = {SHIMOGO: 142_003, HINOEMATA: 31_007, TADAMI: 118_001, MINAMIAIZU: 320_009}
"""Thousands of yen."""


def fire() -> dict[str, int]:
    """The needs are 611,020,000 in all; 700,000,001 - 611,020,000 = 88,980,001 is beyond them."""
    needs = 1_000 * sum(NEEDS.values())
    assert needs == 611_020_000
    beyond = split(700_000_001 - needs, (20, EQUAL), (80, PEOPLE))
    return cut({code: 1_000 * NEEDS[code] + beyond[code] for code in PEOPLE})


def charges() -> Charges:
    return (
        of("視聴覚教育費", cut(split(2_345_678, (20, EQUAL), (80, PEOPLE))))
        | of("介護認定審査会費", cut(split(12_345_679, (20, EQUAL), (80, REVIEWS))))
        | of("常備消防費", fire())
        | of("語学指導青年招致費", cut(split(21_000_001, (100, TEACHERS))))
    )


if __name__ == "__main__":
    record(__file__, charges())
