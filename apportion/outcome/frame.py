"""The charges as a pandas table, for those who go on calculating. Nothing here decides a yen.

Only lazy importers reach this module, because pandas takes longer to load than a whole run.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from apportion.allocate.case import Charge
from apportion.core.year import FiscalYear
from apportion.outcome.charges import CHARGES, ChargeRow, charge_row, to_csv

COLUMNS = (*CHARGES[:8], "正確額_分子", "正確額_分母", *CHARGES[9:], "出所")
_INTEGERS = frozenset({"対象額_円", "正確額_分子", "正確額_分母", "負担金額_円", "端数加算_円"})
_INT64 = np.iinfo(np.int64)


def charges_frame(year: FiscalYear, charges: Sequence[Charge]) -> pd.DataFrame:
    """Tidy table, one row per member and 経費, in the order of data/charges.csv.

    The exact amount is numerator over denominator; a column of integers is int64, or object with
    Python integers where one of them is larger. 出所 is the place of the budget amount.
    """
    rows = [
        (*_split(charge_row(year.code, charge)), charge.line.source.short()) for charge in charges
    ]
    columns = zip(*rows, strict=True) if rows else ([] for _ in COLUMNS)
    return pd.DataFrame(
        {name: _series(name, values) for name, values in zip(COLUMNS, columns, strict=True)}
    )


def charges_csv_from_frame(frame: pd.DataFrame) -> bytes:
    """data/charges.csv from the table, byte for byte what `charges.charges_csv` writes."""
    columns = [frame[name].tolist() for name in COLUMNS]
    return to_csv(CHARGES, (_joined(row) for row in zip(*columns, strict=True)))


def _split(row: ChargeRow) -> Iterator[str | int]:
    for value in row:
        if isinstance(value, Fraction):
            yield from (value.numerator, value.denominator)
        else:
            yield value


def _joined(row: Sequence[str | int]) -> tuple[str | int | Fraction, ...]:
    return (*row[:8], Fraction(int(row[8]), int(row[9])), *row[10:13])


def _series(name: str, values: Iterable[str | int]) -> "pd.Series[str | int]":
    listed = list(values)
    if name not in _INTEGERS:
        return pd.Series(listed, dtype=str)
    fits = all(_INT64.min <= int(value) <= _INT64.max for value in listed)
    return pd.Series(listed, dtype=np.int64 if fits else object)
