"""R17: net cost; tonnes without recyclables, to whole tonnes half up before the ratio."""

from fractions import Fraction
from math import floor

from tests.ordinances.derivation import Charges, cut, of, record, split

PEOPLE = {
    "432156": 75_803,  # 天草市
    "432121": 24_567,  # 上天草市
    "435317": 6_715,  # 苓北町
}
TONNES = {
    "432156": Fraction("22035.50") - Fraction("1001.00"),
    "432121": Fraction("6789.75") - Fraction("310.26"),
    "435317": Fraction("1702.30") - Fraction("89.29"),
}
CASES = {"432156": 4_021, "432121": 1_333, "435317": 402}
EQUAL = dict.fromkeys(PEOPLE, 1)


def charges() -> Charges:
    whole = {code: floor(tonnes + Fraction(1, 2)) for code, tonnes in TONNES.items()}
    waste = split(430_000_000 - 61_000_000 - 3_000_000, (10, EQUAL), (20, PEOPLE), (70, whole))
    care = split(52_000_000 - 7_654_321, (20, EQUAL), (80, CASES))
    return of("ごみ処理費", cut(waste)) | of("介護認定審査会費", cut(care))


if __name__ == "__main__":
    record(__file__, charges())
