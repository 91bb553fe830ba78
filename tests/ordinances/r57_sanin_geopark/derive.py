"""R57: six towns pay half, each prefecture what its own towns pay; in 1,000 yen.

The figures are such that the towns' thousands add up to a prefecture's exact amount: it is the same
whether a prefecture is rounded with the towns or pays the sum of their rounded amounts.
"""

from tests.ordinances.derivation import Charges, cut, of, record, split

PREFECTURES = {  # people, km of coast
    "260002": {"262129": (50_000, 30)},  # 京都府: 京丹後市
    "280003": {  # 兵庫県: 豊岡市, 香美町, 新温泉町
        "282090": (78_560, 12),
        "285854": (16_140, 22),
        "285862": (13_300, 16),
    },
    "310000": {"312011": (70_920, 26), "313025": (11_080, 14)},  # 鳥取県: 鳥取市, 岩美町
}


def charges() -> Charges:
    towns = {code: figures for own in PREFECTURES.values() for code, figures in own.items()}
    people = {code: figures[0] for code, figures in towns.items()}
    coast = {code: figures[1] for code, figures in towns.items()}
    half = split(12_000_000 // 2, (30, dict.fromkeys(towns, 1)), (20, people), (50, coast))
    yen = cut(half, 1_000)
    same = {code: sum(yen[town] for town in own) for code, own in PREFECTURES.items()}
    return of("協議会費", yen | same)


if __name__ == "__main__":
    record(__file__, charges())
