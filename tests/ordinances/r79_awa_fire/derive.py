"""R79: a tenth by bodies, where the town counts half of a city; people and firefighters."""

from tests.ordinances.derivation import Charges, cut, of, record, split

TATEYAMA, KAMOGAWA, MINAMIBOSO, KYONAN = "122050", "122238", "122343", "124630"
BODIES = {TATEYAMA: 100, KAMOGAWA: 100, MINAMIBOSO: 100, KYONAN: 50}
PEOPLE = {TATEYAMA: 43_512, KAMOGAWA: 30_811, MINAMIBOSO: 33_007, KYONAN: 6_401}
STAFF = {TATEYAMA: 71, KAMOGAWA: 58, MINAMIBOSO: 64, KYONAN: 17}


def charges() -> Charges:
    parts = ((10, BODIES), (65, PEOPLE), (25, STAFF))
    return of("常備消防費", cut(split(2_100_000_007, *parts)))


if __name__ == "__main__":
    record(__file__, charges())
