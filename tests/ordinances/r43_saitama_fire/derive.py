"""R43: by the mean of the needs of three years."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

NEEDS = {
    "112071": (1_012_345, 1_023_456, 1_034_568),  # 秩父市
    "113611": (156_789, 157_891, 159_012),  # 横瀬町
    "113620": (178_901, 177_654, 181_235),  # 皆野町
    "113654": (267_890, 266_543, 271_236),  # 小鹿野町
}


def charges() -> Charges:
    mean = {code: Fraction(sum(years), 3) for code, years in NEEDS.items()}
    return of("消防費", cut(split(1_600_000_000, (100, mean))))


if __name__ == "__main__":
    record(__file__, charges())
