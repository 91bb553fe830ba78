"""R97: a plant pulled down: a tenth equally, people, and all the waste brought in since 1985."""

from tests.ordinances.derivation import Charges, cut, of, record, split

TATEYAMA, KAMOGAWA, MINAMIBOSO, KYONAN = "122050", "122238", "122343", "124630"
PEOPLE = {TATEYAMA: 43_801, KAMOGAWA: 31_002, MINAMIBOSO: 33_409, KYONAN: 6_507}
WASTE = {TATEYAMA: 41_234, KAMOGAWA: 22_221, MINAMIBOSO: 38_765, KYONAN: 9_999}
EQUAL = dict.fromkeys(PEOPLE, 1)


def charges() -> Charges:
    return of(
        "粗大ごみ処理施設解体費", cut(split(234_567_891, (10, EQUAL), (45, PEOPLE), (45, WASTE)))
    )


if __name__ == "__main__":
    record(__file__, charges())
