"""R41: 16% equally and 84% by people of eight towns, in 10,000 yen; two unions pay for four each."""

from tests.ordinances.derivation import Charges, Instalment, cut, of, record, split

NORTH = {
    "202096": 66_101,  # 伊那市
    "203823": 18_502,  # 辰野町
    "203831": 24_903,  # 箕輪町
    "203858": 15_804,  # 南箕輪村
}
SOUTH = {
    "202100": 32_205,  # 駒ヶ根市
    "203840": 9_006,  # 飯島町
    "203866": 4_707,  # 中川村
    "203882": 8_808,  # 宮田村
}
PEOPLE = NORTH | SOUTH
UNIONS = {"209988": NORTH, "209996": SOUTH}
YEN = cut(split(43_210_000, (16, dict.fromkeys(PEOPLE, 1)), (84, PEOPLE)), 10_000)


def charges() -> Charges:
    return of("指令センター設計費", YEN)


def instalments() -> list[Instalment]:
    return [
        (union, 1, "2025-07-31", sum(YEN[code] for code in towns))
        for union, towns in UNIONS.items()
    ]


if __name__ == "__main__":
    record(__file__, charges(), instalments())
