"""Rules of real unions and councils, with figures of our own: each folder is a small workspace.

Expected amounts come from the `derive.py` of the folder, which does not use the program.
"""

import csv
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.years.settle.compute import settle

HERE = Path(__file__).parent
R7 = FiscalYear(2025)
FOLDERS = sorted(path.parent.name for path in HERE.glob("*/derive.py"))
WITH_INVOICES = sorted(path.parent.name for path in HERE.glob("*/expected_invoices.csv"))


def derivation(folder: str) -> ModuleType:
    return import_module(f"tests.ordinances.{folder}.derive")


def rows(folder: str, name: str) -> list[dict[str, str]]:
    with (HERE / folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def expected_charges(folder: str) -> dict[tuple[str, str], int]:
    return {
        (row["団体コード"], row["経費"]): int(row["負担金額_円"])
        for row in rows(folder, "expected.csv")
    }


def expected_invoices(folder: str) -> list[tuple[str, int, str, int]]:
    return [
        (row["団体コード"], int(row["期"]), row["納期限"], int(row["請求額_円"]))
        for row in rows(folder, "expected_invoices.csv")
    ]


def test_every_ordinance_of_the_list_is_here() -> None:
    assert len(FOLDERS) == 59
    assert len(WITH_INVOICES) == 9
    assert sorted(path.parent.name for path in HERE.glob("*/expected.csv")) == FOLDERS


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_charges_are_those_of_the_ordinance(folder: str) -> None:
    outcome = compute(HERE / folder, R7)
    charges = {(c.member.code, c.line.name): c.yen for c in outcome.charges}
    assert charges == expected_charges(folder)
    assert charges == derivation(folder).charges()


@pytest.mark.parametrize("folder", WITH_INVOICES)
def test_the_instalments_are_those_of_the_ordinance(folder: str) -> None:
    outcome = compute(HERE / folder, R7)
    instalments = sorted(
        (i.code, i.number, i.day.isoformat() if i.day else "", i.yen) for i in outcome.instalments
    )
    assert instalments == expected_invoices(folder)
    assert instalments == sorted(derivation(folder).instalments())


def test_a_special_rule_holds_in_its_named_years() -> None:
    folder = "r115_awa_running"
    outcome = compute(HERE / folder, FiscalYear(2022))
    charges = {(c.member.code, c.line.name): c.yen for c in outcome.charges}
    assert charges == derivation(folder).of_2022()


def test_an_estimate_is_settled_on_the_figures_of_the_year() -> None:
    folder = "r117_saga_care"
    due = derivation(folder).settled()
    outcome = settle(HERE / folder, R7)
    assert {(c.member.code, c.line.name): c.yen for c in outcome.charges} == due


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_column_of_an_ordinance_is_used(folder: str) -> None:
    assert "W435" not in {problem.code for problem in compute(HERE / folder, R7).problems}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_members_pay_what_the_income_section_says(folder: str) -> None:
    income = [
        int(row["予算額（円）"])
        for row in rows(folder, "rules/r7/income.csv")
        if row["科目"] == "負担金収入"
    ]
    assert sum(income) == sum(expected_charges(folder).values())
    assert len(income) == len({row["事業"] for row in rows(folder, "rules/r7/budget.csv")})
