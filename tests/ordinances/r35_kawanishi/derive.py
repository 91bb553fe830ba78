"""R35: each service has members of its own, some for a part of their area only."""

from tests.ordinances.derivation import Charges, cut, of, record, split

SAKU, TOMI, TATESHINA = "202177", "202193", "203246"


def charges() -> Charges:
    sewage = {SAKU: 8_211, TOMI: 4_403, TATESHINA: 6_805}  # people of the part of the area
    waste = {SAKU: 8_211, TATESHINA: 6_805}
    crematory = {SAKU: 97_802, TOMI: 29_104}  # all people
    return (
        of("し尿処理費", cut(split(88_000_000, (20, dict.fromkeys(sewage, 1)), (80, sewage))))
        | of("ごみ処理費", cut(split(140_000_001, (10, dict.fromkeys(waste, 1)), (90, waste))))
        | of("火葬場費", cut(split(21_000_000, (100, crematory))))
    )


if __name__ == "__main__":
    record(__file__, charges())
