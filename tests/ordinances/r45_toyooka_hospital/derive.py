"""R45: each city's own State grant is passed through, what is left goes by a fixed ratio."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

TOYOOKA, ASAGO = "282090", "282251"
GRANT = {TOYOOKA: 812_345_000, ASAGO: 298_765_000}
RATIO = {TOYOOKA: Fraction("68.7654"), ASAGO: Fraction("31.2346")}


def charges() -> Charges:
    by_ratio = cut(split(3_000_000_000 - sum(GRANT.values()), (100, RATIO)))
    return of("分賦金", {code: yen + GRANT[code] for code, yen in by_ratio.items()})


if __name__ == "__main__":
    record(__file__, charges())
