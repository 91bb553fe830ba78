"""R59: so much for each person and each post of the fire corps; no total."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, Instalment, floor, of, record

PEOPLE_POSTS = {
    "462047": (20_033, 301),  # 枕崎市
    "462063": (19_270, 452),  # 阿久根市
    "463043": (741, 180),  # 十島村
    "464686": (12_385, 343),  # 大崎町
}
YEN = floor(
    {
        code: people * (Fraction("3.5") + 7) + posts * (1_900 + 330 + 19_200 + 180)
        for code, (people, posts) in PEOPLE_POSTS.items()
    }
)


def charges() -> Charges:
    return of("消防補償等負担金", YEN)


def instalments() -> list[Instalment]:
    """20 April 2025 is a Sunday."""
    return [(code, 1, "2025-04-21", yen) for code, yen in YEN.items()]


if __name__ == "__main__":
    record(__file__, charges(), instalments())
