"""R67: a price made from the budget, two thirds of last year's charge, last year's by the price index."""

from fractions import Fraction
from math import floor

from tests.ordinances.derivation import Charges, cut, of, record, split

REIJI, MIHON, KAKU, KATEI = "990019", "990027", "990035", "990043"
PEOPLE = {REIJI: 70_001, MIHON: 20_003, KAKU: 7_001, KATEI: 2_995}
SYSTEM = {REIJI: 2_100_000, MIHON: 600_000, KAKU: 250_001, KATEI: 100_000}
WATER = {REIJI: 1_234_567, MIHON: 500_500, KAKU: 99_999, KATEI: 10}


def price() -> dict[str, int]:
    """(10,009,999 - 1,000,000) ÷ 100,000 people = 90.09999, raised to 90.1 yen a head."""
    exact = Fraction(10_009_999 - 1_000_000, sum(PEOPLE.values()))
    raised = Fraction(-((-exact * 10) // 1), 10)
    assert raised == Fraction(901, 10)
    return {code: floor(people * raised) for code, people in PEOPLE.items()}


def transition() -> dict[str, int]:
    """The towns two thirds of last year's charge, the cities the rest by people."""
    towns = {code: SYSTEM[code] * Fraction(2, 3) for code in (KAKU, KATEI)}
    cities = {code: PEOPLE[code] for code in (REIJI, MIHON)}
    return cut(towns | split(3_000_001 - sum(towns.values()), (100, cities)))


def index() -> dict[str, int]:
    """Last year's charge times 107.2%, but not more than 105%."""
    rate = min(Fraction(1072, 1000), Fraction(105, 100))
    return {code: floor(yen * rate) for code, yen in WATER.items()}


def charges() -> Charges:
    return of("運営費", price()) | of("システム費", transition()) | of("用水費", index())


if __name__ == "__main__":
    record(__file__, charges())
