"""R69: wards that burn too little pay 1,500 yen a ton; half of one is let off, and the receivers bear it."""

from fractions import Fraction
from math import floor

from tests.ordinances.derivation import Charges, cut, of, record

SUGINAMI, CHIYODA, SHINJUKU, BUNKYO = "131156", "131016", "131041", "131059"
KOTO, MINATO, NERIMA = "131083", "131032", "131202"
LACKING = {
    SUGINAMI: Fraction("37117.50"),
    CHIYODA: Fraction(45_678),
    SHINJUKU: Fraction(99_998),
    BUNKYO: Fraction("56471.81"),
}
BEYOND = {KOTO: 150_001, MINATO: 80_002, NERIMA: 20_003}
PUBLISHED_TONS, PUBLISHED_TOTAL = Fraction("239265.31"), 358_897_000
PUBLISHED_RELIEF = 27_838_000


def payers() -> dict[str, int]:
    """Thousands of yen, what is below is cut; 杉並区 half of its amount."""
    assert sum(LACKING.values()) == PUBLISHED_TONS
    amounts = {code: 1_500 * tons for code, tons in LACKING.items()}
    in_full = {code: floor(amount / 1_000) * 1_000 for code, amount in amounts.items()}
    assert sum(in_full.values()) == PUBLISHED_TOTAL
    half = floor(amounts[SUGINAMI] / 2 / 1_000) * 1_000
    assert half == in_full[SUGINAMI] - half == PUBLISHED_RELIEF
    return in_full | {SUGINAMI: half}


def receivers() -> dict[str, int]:
    """What is paid in goes out by what each burns beyond its standard, as amounts below zero."""
    paid = sum(payers().values())
    tons = sum(BEYOND.values())
    shares = {code: Fraction(paid * own, tons) for code, own in BEYOND.items()}
    return {code: -yen for code, yen in cut(shares, 1_000).items()}


def charges() -> Charges:
    return of("負担の調整（支払）", payers()) | of("負担の調整（受取）", receivers())


if __name__ == "__main__":
    record(__file__, charges())
