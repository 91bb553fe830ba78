"""R37: three parts, each cut to the yen; the yen left over from the smallest amount up.

With three cuts there are more yen left (7) than members (4), so three of them get a second one.
"""

from itertools import cycle

from tests.ordinances.derivation import Charges, floor, of, record, split

PEOPLE = {
    "142042": 172_001,  # 鎌倉市
    "142069": 188_802,  # 小田原市
    "143014": 31_603,  # 葉山町
    "143821": 11_304,  # 箱根町
}
EQUAL = dict.fromkeys(PEOPLE, 1)
GRANT = 10_000_007


def charges() -> Charges:
    parts = [floor(split(GRANT, part)) for part in ((20, EQUAL), (40, PEOPLE), (40, EQUAL))]
    yen = {code: sum(part[code] for part in parts) for code in PEOPLE}
    smallest_first = sorted(yen, key=lambda code: yen[code])
    for _, code in zip(range(GRANT - sum(yen.values())), cycle(smallest_first), strict=False):
        yen[code] += 1
    return of("交付金", yen)


if __name__ == "__main__":
    record(__file__, charges())
