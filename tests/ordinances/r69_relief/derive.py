"""R69: a town struck by a disaster pays half, the others bear it; another one pays nothing of a fee."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record

REIJI, MIHON, KAKU, KATEI = "990019", "990027", "990035", "990043"
PEOPLE = {REIJI: 70_001, MIHON: 20_003, KAKU: 7_001, KATEI: 2_995}
WEIGHT = sum(PEOPLE.values())


def operation() -> dict[str, int]:
    """架空町 half of its share, cut to yen; what it lacks goes to the others by their shares."""
    shares = {code: Fraction(5_000_000 * people, WEIGHT) for code, people in PEOPLE.items()}
    half = Fraction(int(shares[KAKU] / 2))
    lacking = shares[KAKU] - half
    others = sum(share for code, share in shares.items() if code != KAKU)
    return cut(
        {c: half if c == KAKU else share * (1 + lacking / others) for c, share in shares.items()}
    )


def fee() -> dict[str, int]:
    """50,000 and 3 yen a head; 仮定村 is exempt and nobody pays for it."""
    return {c: 0 if c == KATEI else 50_000 + 3 * people for c, people in PEOPLE.items()}


def charges() -> Charges:
    return of("施設運営費", operation()) | of("会費", fee())


if __name__ == "__main__":
    record(__file__, charges())
