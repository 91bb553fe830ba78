"""R05: the cost less earmarked revenue and carry-over, a formula of its own for each service."""

from tests.ordinances.derivation import Charges, cut, of, record, split

PEOPLE = {
    "432148": 24_011,  # 阿蘇市
    "434281": 5_907,  # 高森町
    "434230": 3_711,  # 南小国町
    "434256": 1_359,  # 産山村
}
CASES = {"432148": 1_502, "434281": 401, "434230": 263, "434256": 98}
EQUAL = dict.fromkeys(PEOPLE, 1)


def charges() -> Charges:
    waste = 180_000_000 - 31_234_567 - 1_500_000
    care = 26_000_000 - 4_000_000
    return of("ごみ処理費", cut(split(waste, (20, EQUAL), (80, PEOPLE)))) | of(
        "介護認定審査会費", cut(split(care, (30, EQUAL), (70, CASES)))
    )


if __name__ == "__main__":
    record(__file__, charges())
