"""R03: a flat fee, and people to the power of log2(1.5), to three decimals, half up."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

PEOPLE = {
    "012173": 121_000,  # 江別市
    "012106": 79_306,  # 岩見沢市
    "013030": 15_907,  # 当別町
    "015628": 1_050,  # 西興部村
}


def degressive(people: int) -> Fraction:
    with localcontext(prec=60):
        exponent = Decimal("1.5").ln() / Decimal(2).ln()
        return Fraction((people**exponent).quantize(Decimal("0.001"), ROUND_HALF_UP))


def charges() -> Charges:
    fee = dict.fromkeys(PEOPLE, 10_000)
    weights = {code: degressive(people) for code, people in PEOPLE.items()}
    system = cut(split(30_000_000, (100, weights)))
    return of("協議会負担金", fee) | of("システム運用費", system)


if __name__ == "__main__":
    record(__file__, charges())
