"""R115: a tenth equally and the rest by what was brought in; in two named years by that alone."""

from tests.ordinances.derivation import Charges, cut, of, record, split

CODES = ("122050", "122238", "122343", "124630")  # 館山 鴨川 南房総 鋸南
TONNES_2023 = dict(zip(CODES, (1_203, 987, 1_110, 214), strict=True))
TONNES_2020 = dict(zip(CODES, (1_301, 1_004, 1_222, 230), strict=True))
LINE = "粗大ごみ処理施設運営費"


def charges() -> Charges:
    equal = dict.fromkeys(CODES, 1)
    return of(LINE, cut(split(48_765_433, (10, equal), (90, TONNES_2023))))


def of_2022() -> Charges:
    """令和4年度, one of the two years."""
    return of(LINE, cut(split(51_000_001, (100, TONNES_2020))))


if __name__ == "__main__":
    record(__file__, charges())
