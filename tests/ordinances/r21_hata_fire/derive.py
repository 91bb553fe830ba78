"""R21: headquarters by needs without a supplement, each station all by its host."""

from tests.ordinances.derivation import Charges, cut, of, record, split

SUKUMO, OTSUKI, MIHARA = "392081", "394246", "394271"
NEEDS = {SUKUMO: 456_789 - 12_345, OTSUKI: 187_654 - 6_789, MIHARA: 98_765 - 0}
PEOPLE = {SUKUMO: 19_034, OTSUKI: 4_434, MIHARA: 1_437}
EQUAL = dict.fromkeys(PEOPLE, 1)
NOTHING = dict.fromkeys(PEOPLE, 0)


def charges() -> Charges:
    return (
        of("消防本部費", cut(split(310_000_000, (100, NEEDS))))
        | of("宿毛署費", NOTHING | {SUKUMO: 88_000_000})
        | of("大月分署費", NOTHING | {OTSUKI: 41_000_000})
        | of("し尿処理費", cut(split(76_000_000, (80, PEOPLE), (20, EQUAL))))
    )


if __name__ == "__main__":
    record(__file__, charges())
