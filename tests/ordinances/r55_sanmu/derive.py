"""R55: a general share, one service without 横芝光町, one for a part of it; two instalments."""

from tests.ordinances.derivation import Charges, Instalment, cut, of, record, split

YOKOSHIBAHIKARI = "124109"
PEOPLE = {
    "122131": 58_201,  # 東金市
    "122378": 48_402,  # 山武市
    "124095": 7_003,  # 芝山町
    YOKOSHIBAHIKARI: 22_104,
}
AREA = PEOPLE | {YOKOSHIBAHIKARI: 9_805}
NEEDS = {"122131": 812_345, "122378": 745_678, "124095": 187_654}


def charges() -> Charges:
    everybody = dict.fromkeys(PEOPLE, 1)
    without = dict.fromkeys(NEEDS, 1)
    fire = cut(split(1_500_000_000, (10, without), (90, NEEDS)))
    return (
        of("一般負担金", cut(split(45_000_000, (20, everybody), (80, PEOPLE))))
        | of("消防事業負担金", fire | {YOKOSHIBAHIKARI: 0})
        | of("環境衛生事業負担金", cut(split(330_000_000, (10, everybody), (90, AREA))))
    )


def instalments() -> list[Instalment]:
    due: list[Instalment] = []
    for member in PEOPLE:
        year = sum(yen for (code, _), yen in charges().items() if code == member)
        due.append((member, 1, "2025-05-30", year // 2))
        due.append((member, 2, "2025-11-28", year - year // 2))
    return due


if __name__ == "__main__":
    record(__file__, charges(), instalments())
