"""R07: six classes of two members; of the new headquarters 御殿場市 pays 40% first."""

from fractions import Fraction

from tests.ordinances.derivation import Charges, cut, of, record, split

GOTEMBA, OYAMA = "222151", "223441"
EQUAL = {GOTEMBA: 1, OYAMA: 1}
PEOPLE = {GOTEMBA: 83_210 - 1_204, OYAMA: 17_345 - 0}  # without 神山須釜
WITHOUT_SEWER = {GOTEMBA: 83_210 - 1_204 - 30_117, OYAMA: 17_345 - 0 - 2_018}
NEEDS = {GOTEMBA: 1_234_567, OYAMA: 345_678}
BORROWING = {GOTEMBA: Fraction("78.65"), OYAMA: Fraction("21.35")}


def charges() -> Charges:
    first = 250_000_000 * 40 // 100
    headquarters = split(250_000_000 - first, (21, EQUAL), (79, NEEDS))
    headquarters[GOTEMBA] += first
    return (
        of("総務費", cut(split(38_000_001, (20, EQUAL), (80, PEOPLE))))
        | of("し尿処理費", cut(split(95_000_000, (20, EQUAL), (80, WITHOUT_SEWER))))
        | of("消防費", cut(split(980_000_000, (21, EQUAL), (79, NEEDS))))
        | of("公債費", cut(split(120_000_000, (100, BORROWING))))
        | of("消防本部庁舎建設費", cut(headquarters))
        | of("小山分署建設費", {GOTEMBA: 0, OYAMA: 42_000_000})
    )


if __name__ == "__main__":
    record(__file__, charges())
