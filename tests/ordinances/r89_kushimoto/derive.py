"""R89: two towns, three classes of costs, bases in halves of a percent."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

KUSHIMOTO, KOZAGAWA = "304280", "304247"
PEOPLE = {KUSHIMOTO: 14_959, KOZAGAWA: 2_480}
EQUAL = dict.fromkeys(PEOPLE, 1)
SEWAGE = {KUSHIMOTO: 9_012, KOZAGAWA: 1_777}


def charges() -> Charges:
    running = ((Fraction(19, 2), EQUAL), (Fraction(181, 2), SEWAGE))
    return (
        of("し尿処理施設建設費", cut(split(88_888_889, (35, PEOPLE), (15, EQUAL), (50, SEWAGE))))
        | of("し尿処理施設運営費", cut(split(123_456_788, *running)))
        | of("ごみ処理施設建設費", cut(split(70_000_001, (94, PEOPLE), (6, EQUAL))))
    )


if __name__ == "__main__":
    record(__file__, charges())
