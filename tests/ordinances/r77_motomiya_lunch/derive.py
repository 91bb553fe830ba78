"""R77: school lunches: a fifth 2 to 1, the rest by pupils, classes and schools."""

from tests.ordinances.derivation import Charges, cut, of, record, split

MOTOMIYA, OTAMA = "072141", "073229"
AGREED = {MOTOMIYA: 2, OTAMA: 1}
PUPILS = {MOTOMIYA: 2_311, OTAMA: 745}
CLASSES = {MOTOMIYA: 101, OTAMA: 33}
SCHOOLS = {MOTOMIYA: 10, OTAMA: 3}


def charges() -> Charges:
    parts = ((20, AGREED), (30, PUPILS), (30, CLASSES), (20, SCHOOLS))
    return of("炊飯業務費", cut(split(123_456_789, *parts)))


if __name__ == "__main__":
    record(__file__, charges())
