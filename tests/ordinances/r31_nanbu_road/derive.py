"""R31: half by the host, the other half among the others only."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

HOST = "473626"  # 八重瀬町
TONNES = {
    "472107": 15_201,  # 糸満市
    "472123": 16_302,  # 豊見城市
    "472158": 11_403,  # 南城市
    "473481": 5_004,  # 与那原町
}
EQUAL = dict.fromkeys(TONNES, 1)


def charges() -> Charges:
    host = Fraction(70_000_000, 2)
    others = split(70_000_000 - host, (30, EQUAL), (70, TONNES))
    return of("進入路整備費", cut({HOST: host} | others))


if __name__ == "__main__":
    record(__file__, charges())
