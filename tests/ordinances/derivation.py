"""What the derivations share: exact shares, the usual cut, and the files they write.

It knows no rule, reads nothing and does not use the program. From the top of the project,
`python -m tests.ordinances.r01_niigata_hall.derive` writes the expected files of that folder.
"""

import csv
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path

Numbers = Mapping[str, int | Fraction]
Exact = dict[str, Fraction]
Charges = dict[tuple[str, str], int]
Instalment = tuple[str, int, str, int]


def split(amount: int | Fraction, *parts: tuple[int | Fraction, Numbers]) -> Exact:
    """Each percentage of the amount in proportion to its numbers, added member by member."""
    shares: Exact = {}
    for percent, numbers in parts:
        total = sum(numbers.values())
        for code, number in numbers.items():
            share = Fraction(amount) * percent / 100 * number / total
            shares[code] = shares.get(code, Fraction(0)) + share
    return shares


def cut(exact: Numbers, unit: int = 1) -> dict[str, int]:
    """Whole units; the difference goes to the largest remainders, one unit each.

    Ties: larger exact amount, then smaller code.
    """
    yen = floor(exact, unit)
    units = (sum(exact.values()) - sum(yen.values())) // unit
    order = sorted(exact, key=lambda code: (yen[code] - exact[code], -exact[code], code))
    return {code: amount + unit * (code in order[:units]) for code, amount in yen.items()}


def floor(exact: Numbers, unit: int = 1) -> dict[str, int]:
    """Whole units, each member alone."""
    return {code: amount // unit * unit for code, amount in exact.items()}


def of(line: str, yen: Mapping[str, int]) -> Charges:
    """The charges of one 経費."""
    return {(code, line): amount for code, amount in yen.items()}


def record(file: str, charges: Charges, instalments: Iterable[Instalment] = ()) -> None:
    """Write expected.csv, and expected_invoices.csv if there are instalments, beside the file."""
    home = Path(file).parent
    rows = sorted((*key, yen) for key, yen in charges.items())
    write(home / "expected.csv", "団体コード,経費,負担金額_円", rows)
    if invoices := sorted(instalments):
        write(home / "expected_invoices.csv", "団体コード,期,納期限,請求額_円", invoices)


def write(path: Path, heading: str, rows: Iterable[tuple[str | int, ...]]) -> None:
    """One table, UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heading.split(","), *rows])
