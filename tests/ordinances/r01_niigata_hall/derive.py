"""R01: half equally, half by people, each amount cut to 1,000 yen and nothing given back."""

from tests.ordinances.derivation import Charges, floor, of, record, split

PEOPLE = {
    "152226": 190_123,  # 上越市
    "152102": 50_456,  # 十日町市
    "154610": 8_012,  # 湯沢町
    "155861": 370,  # 粟島浦村
}
EQUAL = dict.fromkeys(PEOPLE, 1)


def charges() -> Charges:
    exact = split(12_000_000, (50, EQUAL), (50, PEOPLE))
    return of("自治会館改修費", floor(exact, 1_000))


if __name__ == "__main__":
    record(__file__, charges())
