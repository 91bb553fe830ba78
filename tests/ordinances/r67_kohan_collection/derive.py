"""R67: a tenth of what was collected last year; what that leaves of the budget by heads taken over."""

from fractions import Fraction
from math import ceil, floor

from tests.ordinances.derivation import Charges, of, record

SUSAKI, NAKATOSA, SHIMANTO, TSUNO = "392065", "394017", "394122", "394114"
YUSUHARA, TOSA, SAKAWA, OCHI = "394050", "392057", "394025", "394033"
HEADS = {
    SUSAKI: 101,
    NAKATOSA: 30,
    SHIMANTO: 62,
    TSUNO: 21,
    YUSUHARA: 12,
    TOSA: 103,
    SAKAWA: 48,
    OCHI: 23,
}
COLLECTED = {
    SUSAKI: 61_234_567,
    NAKATOSA: 12_345_678,
    SHIMANTO: 38_000_001,
    TSUNO: 9_876_543,
    YUSUHARA: 4_444_444,
    TOSA: 70_707_070,
    SAKAWA: 29_292_929,
    OCHI: 8_080_808,
}


def charges() -> Charges:
    """(60,000,000 - a tenth of 233,982,040 - 999,800) ÷ 400 heads, raised to whole yen."""
    collected = sum(COLLECTED.values())
    assert collected == 233_982_040
    price = ceil(Fraction(60_000_000 - Fraction(collected, 10) - 999_800) / 400)
    assert sum(HEADS.values()) == 400
    return of(
        "租税債権管理費",
        {c: floor(Fraction(COLLECTED[c], 10) + HEADS[c] * price) for c in HEADS},
    )


if __name__ == "__main__":
    record(__file__, charges())
