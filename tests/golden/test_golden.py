"""The whole of r7 agrees with its second derivation in every yen."""

import csv
from fractions import Fraction
from pathlib import Path

from apportion.computation import compute
from apportion.year import FiscalYear
from tests.golden import derive_r7

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

Key = tuple[str, str, str]
Amount = tuple[Fraction, int]


def derived() -> dict[Key, Amount]:
    return {
        (code, project, line): (exact, yen)
        for code, project, line, exact, yen in derive_r7.charges(ROOT)
    }


def computed() -> dict[Key, Amount]:
    outcome = compute(ROOT, FiscalYear(2025))
    return {(c.member.code, c.line.project, c.line.name): (c.exact, c.yen) for c in outcome.charges}


def test_r7_agrees_with_the_second_derivation() -> None:
    assert computed() == derived()
    assert len(derived()) == 1286


def test_r7_agrees_with_the_recorded_amounts() -> None:
    with (HERE / "charges_r7.csv").open(encoding="utf-8-sig", newline="") as file:
        recorded = {
            (row["団体コード"], row["事業"], row["経費"]): (
                Fraction(row["正確額_円"]),
                int(row["負担金額_円"]),
            )
            for row in csv.DictReader(file)
        }
    assert computed() == recorded
    assert sum(yen for _, yen in recorded.values()) == 385_422_000
