"""R91: a panel of two towns, 20% equally and 80% by elderly people."""

from tests.ordinances.derivation import Charges, cut, of, record, split

HIDAKA, BIRATORI = "016012", "016021"


def charges() -> Charges:
    elderly = {HIDAKA: 4_123, BIRATORI: 1_777}
    equal = dict.fromkeys(elderly, 1)
    return of("介護認定審査会費", cut(split(9_876_543, (20, equal), (80, elderly))))


if __name__ == "__main__":
    record(__file__, charges())
