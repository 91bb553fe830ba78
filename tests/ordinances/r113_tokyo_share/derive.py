"""R113: by all waste of two years ago, less what the year before last was settled to each ward."""

from tests.ordinances.derivation import Charges, cut, of, record, split

CHIYODA, MINATO, SHINJUKU, KOTO = "131016", "131032", "131041", "131083"
COLLECTED = {CHIYODA: 12_001, MINATO: 55_003, SHINJUKU: 80_007, KOTO: 110_011}
BROUGHT = {CHIYODA: 40_009, MINATO: 70_001, SHINJUKU: 60_013, KOTO: 45_017}
SETTLED = {CHIYODA: 12_345_000, MINATO: 23_456_000, SHINJUKU: -3_210_000, KOTO: 0}


def charges() -> Charges:
    waste = {code: COLLECTED[code] + BROUGHT[code] for code in COLLECTED}
    shares = cut(split(9_876_543_000, (100, waste)), 1_000)
    return of("清掃工場等運営費", {code: yen - SETTLED[code] for code, yen in shares.items()})


if __name__ == "__main__":
    record(__file__, charges())
