"""R15: 5% equally, 47.5% by insured, 47.5% by people."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

INSURED = {
    "141003": 498_765,  # 横浜市
    "142018": 68_123,  # 横須賀市
    "143014": 6_101,  # 葉山町
    "144029": 511,  # 清川村
}
PEOPLE = {"141003": 3_752_001, "142018": 376_002, "143014": 32_103, "144029": 2_804}
EQUAL = dict.fromkeys(PEOPLE, 1)
NEARLY_HALF = Fraction("47.5")


def charges() -> Charges:
    exact = split(900_000_000, (5, EQUAL), (NEARLY_HALF, INSURED), (NEARLY_HALF, PEOPLE))
    return of("共通経費", cut(exact))


if __name__ == "__main__":
    record(__file__, charges())
