"""R23: 10% equally, 90% by cases, scheme by scheme; one scheme borrows the cases of another."""

from tests.ordinances.derivation import Charges, cut, of, record, split

NIGHT = {
    "122050": 1_801,  # 館山市
    "122238": 611,  # 鴨川市
    "122343": 1_207,  # 南房総市
    "124630": 208,  # 鋸南町
}
HOME = {"122050": 703, "122238": 504, "122343": 611, "124630": 97}
CHILDREN = {"122050": 402, "122238": 128, "122343": 255, "124630": 33}
EQUAL = dict.fromkeys(NIGHT, 1)


def scheme(name: str, amount: int, cases: dict[str, int]) -> Charges:
    return of(name, cut(split(amount, (10, EQUAL), (90, cases))))


def charges() -> Charges:
    return (
        scheme("夜間急病診療費", 48_000_000, NIGHT)
        | scheme("在宅当番医費", 9_000_000, HOME)
        | scheme("小児救急費", 12_000_000, CHILDREN)
        | scheme("病院群輪番費", 31_000_000, NIGHT)
    )


if __name__ == "__main__":
    record(__file__, charges())
