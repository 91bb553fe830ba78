"""R105: profit of boat races: a quarter the city of the course, the rest by days of racing."""

from tests.ordinances.derivation import Charges, cut, of, record, split

OKAZAKI, GAMAGORI = "232025", "232149"


def charges() -> Charges:
    days = {OKAZAKI: 12, GAMAGORI: 173}
    return of("収益配分金", cut(split(987_654_321, (25, {GAMAGORI: 1}), (75, days))))


if __name__ == "__main__":
    record(__file__, charges())
