"""R109: the mean of what was paid in five years, each body its own; no total."""

from tests.ordinances.derivation import Charges, of, record

TATEYAMA, KAMOGAWA, KYONAN = "122050", "122238", "124630"
PAID = {
    TATEYAMA: (301_234_567, 288_000_001, 312_345_678, 295_555_555, 330_000_003),
    KAMOGAWA: (210_000_000, 0, 250_123_456, 199_999_999, 233_333_333),
    KYONAN: (0, 45_678_901, 22_222_222, 0, 31_415_926),
}
"""Retirement allowances of 令和2年度 to 令和6年度."""


def charges() -> Charges:
    return of("一般負担金", {code: sum(paid) // 5 for code, paid in PAID.items()})


if __name__ == "__main__":
    record(__file__, charges())
