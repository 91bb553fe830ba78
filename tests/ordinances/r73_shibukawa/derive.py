"""R73: one base for each class; what the State gives each town for ambulances is passed through."""

from tests.ordinances.derivation import Charges, cut, of, record, split

SHIBUKAWA, SHINTO, YOSHIOKA = "102083", "103446", "103454"
PEOPLE = {SHIBUKAWA: 74_581, SHINTO: 14_216, YOSHIOKA: 21_792}
EQUAL = dict.fromkeys(PEOPLE, 1)
PATIENTS = {SHIBUKAWA: 1_501, SHINTO: 402, YOSHIOKA: 777}
WASTE = {SHIBUKAWA: 23_456, SHINTO: 3_987, YOSHIOKA: 6_543}
NEEDS = {SHIBUKAWA: 1_234_567, SHINTO: 210_123, YOSHIOKA: 301_007}
GRANT = {SHIBUKAWA: 5_678_000, SHINTO: 1_234_000, YOSHIOKA: 2_100_000}


def fire() -> dict[str, int]:
    """The grants of all come off first, and each town's own is added after the split."""
    left = 1_400_000_001 - sum(GRANT.values())
    shares = cut(split(left, (4, EQUAL), (96, NEEDS)))
    return {code: yen + GRANT[code] for code, yen in shares.items()}


def charges() -> Charges:
    return (
        of("夜間急患診療所費", cut(split(50_000_003, (6, EQUAL), (94, PATIENTS))))
        | of("ごみ処理施設費", cut(split(812_345_677, (6, EQUAL), (94, WASTE))))
        | of("消防救急費", fire())
        | of("救急医療対策費", cut(split(33_333_334, (6, EQUAL), (94, PEOPLE))))
        | of("総務費", cut(split(98_765_432, (6, EQUAL), (94, PEOPLE))))
    )


if __name__ == "__main__":
    record(__file__, charges())
