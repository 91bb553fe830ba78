"""R65: dues with a limit beyond which nobody pays; a limit for towns that the cities bear."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

REIJI, MIHON, KAKU, KATEI = "990019", "990027", "990035", "990043"
PEOPLE = {REIJI: 70_001, MIHON: 20_003, KAKU: 7_001, KATEI: 2_995}
EQUAL = dict.fromkeys(PEOPLE, 1)


def running_cost() -> dict[str, int]:
    """例示市 would pay 1,830,024 and stops at 1,000,000; the others pay what they would."""
    shares = split(3_000_001, (20, EQUAL), (80, PEOPLE))
    assert shares[REIJI] > 1_000_000 > shares[MIHON]
    # Whole yen in all that is charged: what is below one yen of it nobody pays either.
    return cut_to(shares | {REIJI: Fraction(1_000_000)})


def cut_to(shares: dict[str, Fraction]) -> dict[str, int]:
    """Whole yen that add up to the whole yen of the sum."""
    whole = sum(shares.values())
    yen = {code: int(share) for code, share in shares.items()}
    over = int(whole) - sum(yen.values())
    order = sorted(shares, key=lambda code: (yen[code] - shares[code], -shares[code], code))
    return {code: amount + (code in order[:over]) for code, amount in yen.items()}


def training() -> dict[str, int]:
    """Each 175,000.75; the towns stop at 100,000, the two cities bear the rest half and half."""
    quarter = Fraction(700_003, 4)
    over = 2 * (quarter - 100_000)
    city = quarter + over / 2
    return cut({REIJI: city, MIHON: city, KAKU: Fraction(100_000), KATEI: Fraction(100_000)})


def news() -> dict[str, int]:
    """例示市 700,010 stops at 500,000 of its own; 見本市 would then be 333,400 and stops at 300,000."""
    left = Fraction(1_000_000 - 500_000)
    mihon = left * PEOPLE[MIHON] / (PEOPLE[MIHON] + PEOPLE[KAKU] + PEOPLE[KATEI])
    assert mihon > 300_000
    rest = left - 300_000
    towns = PEOPLE[KAKU] + PEOPLE[KATEI]
    return cut(
        {
            REIJI: Fraction(500_000),
            MIHON: Fraction(300_000),
            KAKU: rest * PEOPLE[KAKU] / towns,
            KATEI: rest * PEOPLE[KATEI] / towns,
        }
    )


def charges() -> Charges:
    return of("運営費", running_cost()) | of("研修費", training()) | of("広報費", news())


if __name__ == "__main__":
    record(__file__, charges())
