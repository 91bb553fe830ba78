"""R61: 佐渡市 joins on 1 October with the posts of that day and counts for six months."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, Numbers, cut, of, record, split

SADO = "152242"
POSTS: Numbers = {
    "152226": 1_203,  # 上越市
    "152251": 404,  # 魚沼市
    "154059": 85,  # 出雲崎町
    SADO: Fraction(617 * 6, 12),
}
PEOPLE: Numbers = {
    "152226": 188_001,
    "152251": 34_502,
    "154059": 4_103,
    SADO: Fraction(51_504 * 6, 12),
}


def charges() -> Charges:
    return of("補償費", cut(split(9_000_000, (60, POSTS), (40, PEOPLE))))


if __name__ == "__main__":
    record(__file__, charges())
