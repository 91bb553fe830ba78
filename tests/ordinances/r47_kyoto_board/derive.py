"""R47: the work for one town paid by that town, the rest by staff, that town among them."""

from tests.ordinances.derivation import Charges, cut, of, record, split

YOSANO = "264652"
STAFF = {
    "263443": 121,  # 宇治田原町
    "263435": 98,  # 井手町
    YOSANO: 287,
    "264636": 64,  # 伊根町
}


def charges() -> Charges:
    exact = split(1_000_000 - 120_000, (100, STAFF))
    exact[YOSANO] += 120_000
    return of("公平委員会費", cut(exact))


if __name__ == "__main__":
    record(__file__, charges())
