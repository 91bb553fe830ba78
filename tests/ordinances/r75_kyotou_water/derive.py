"""R75: 105 yen a cubic metre, of the agreed quantity if less was taken, consumption tax on top."""

from fractions import Fraction
from math import floor

from tests.ordinances.derivation import Charges, of, record

YAMANASHI, FUEFUKI, KOSHU = "192058", "192112", "192139"
AGREED = {YAMANASHI: 6_200, FUEFUKI: 7_200, KOSHU: 5_600}
"""Cubic metres a day, as in article 3."""
APRIL = {YAMANASHI: 190_003, FUEFUKI: 210_001, KOSHU: 167_999}
MAY = {YAMANASHI: 192_201, FUEFUKI: 222_222, KOSHU: 173_600}


def month(taken: dict[str, int], days: int) -> dict[str, int]:
    """What is below one yen with the tax is cut."""
    billed = {code: max(taken[code], AGREED[code] * days) for code in AGREED}
    return {code: floor(Fraction(110, 100) * 105 * metres) for code, metres in billed.items()}


def charges() -> Charges:
    """In April 笛吹市 and 甲州市 took less than agreed (216,000 and 168,000), in May 笛吹市 (223,200)."""
    return of("給水料金4月分", month(APRIL, 30)) | of("給水料金5月分", month(MAY, 31))


if __name__ == "__main__":
    record(__file__, charges())
