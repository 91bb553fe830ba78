"""All four years agree with their second derivation in every yen."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from tests.golden import derive_years

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
YEARS = {"r3": 2021, "r4": 2022, "r6": 2024, "r7": 2025}
TOTALS = {"r3": 355_115_000, "r4": 353_907_000, "r6": 351_361_000, "r7": 385_422_000}

Key = tuple[str, str, str]
Amount = tuple[Fraction, int]


def derived(year: str) -> dict[Key, Amount]:
    charges = derive_years.charges(ROOT, year, cap=year == "r7")
    return {(code, project, line): (exact, yen) for code, project, line, exact, yen in charges}


def computed(outcome: Outcome) -> dict[Key, Amount]:
    return {(c.member.code, c.line.project, c.line.name): (c.exact, c.yen) for c in outcome.charges}


@pytest.mark.parametrize("year", YEARS)
def test_a_year_agrees_with_its_second_derivation(year: str) -> None:
    outcome = compute(ROOT, FiscalYear(YEARS[year]))
    assert computed(outcome) == derived(year)
    assert outcome.total == TOTALS[year]
    assert all(equation.difference == 0 for equation in outcome.equations)


@pytest.mark.parametrize("year", YEARS)
def test_a_year_agrees_with_its_recorded_amounts(year: str) -> None:
    with (HERE / f"charges_{year}.csv").open(encoding="utf-8-sig", newline="") as file:
        recorded = {
            (row["団体コード"], row["事業"], row["経費"]): (
                Fraction(row["正確額_円"]),
                int(row["負担金額_円"]),
            )
            for row in csv.DictReader(file)
        }
    assert computed(compute(ROOT, FiscalYear(YEARS[year]))) == recorded


@pytest.mark.parametrize(("year", "before"), [("r4", "r3"), ("r7", "r6")])
def test_last_years_table_is_last_years_charges(year: str, before: str) -> None:
    path = ROOT / "members" / year / "previous.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = {
            (row["団体コード"], row["事業"], row["経費"]): int(row["負担金額（円）"])
            for row in csv.DictReader(file)
        }
    assert written == {key: yen for key, (_, yen) in derived(before).items()}
