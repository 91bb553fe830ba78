"""R111: canals looked after by one town for four: what the prefecture's grant leaves, by fields watered."""

from tests.ordinances.derivation import Charges, cut, of, record, split

YONAGO, HOKI, DAISEN, KOFU = "312029", "313904", "313866", "314030"
HECTARES = {YONAGO: 101, HOKI: 402, DAISEN: 777, KOFU: 53}


def charges() -> Charges:
    return of("管理体制整備費", cut(split(23_456_789 - 11_000_000, (100, HECTARES))))


if __name__ == "__main__":
    record(__file__, charges())
