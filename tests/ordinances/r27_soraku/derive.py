"""R27: a fifth each, people on two dates, use in a year, and a table of fixed percentages."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

CODES = ("262145", "263648", "263656", "263664", "263672")  # 木津川 笠置 和束 精華 南山城
PEOPLE_MARCH = dict(zip(CODES, (79_901, 1_102, 3_503, 36_204, 2_405), strict=True))
PEOPLE_DECEMBER = dict(zip(CODES, (80_102, 1_079, 3_455, 36_011, 2_351), strict=True))
PATIENTS = dict(zip(CODES, (701, 12, 41, 333, 25), strict=True))
LITRES = dict(zip(CODES, (6_203, 604, 1_501, 1_808, 1_102), strict=True))
CASES = dict(zip(CODES, (402, 9, 21, 187, 14), strict=True))
PLAN = dict(zip(CODES, map(Fraction, ("60.00", "11.18", "12.65", "6.76", "9.41")), strict=True))
EQUAL = dict.fromkeys(CODES, 1)


def charges() -> Charges:
    hall = split(24_000_000, (50, EQUAL), (50, PEOPLE_DECEMBER))
    clinic = split(37_000_000, (20, EQUAL), (30, PEOPLE_MARCH), (50, PATIENTS))
    sewage = split(260_000_000, (20, EQUAL), (40, PLAN), (40, LITRES))
    consumers = split(11_000_000, (20, EQUAL), (30, PEOPLE_MARCH), (50, CASES))
    return (
        of("会館費", cut(hall))
        | of("休日応急診療費", cut(clinic))
        | of("し尿処理費", cut(sewage))
        | of("消費生活センター費", cut(consumers))
    )


if __name__ == "__main__":
    record(__file__, charges())
