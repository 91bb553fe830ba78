"""The published documents give the shipped budgets, but for names.csv and remarks."""

import csv
import shutil
from pathlib import Path

import pytest

from apportion.cli import app, guarded
from apportion.core.model import total
from apportion.core.problem import Problem
from apportion.core.year import FiscalYear
from apportion.imports.budget import propose
from apportion.outcome.charges import charges_csv
from apportion.outcome.computation import compute
from apportion.years.begin.starter import init
from tests.unit.imports.importing import PUBLISHED, R3, R4, R6, R7
from tests.workspace import SHIPPED

DOCUMENTS = {R7: PUBLISHED[R7], R6: PUBLISHED[R7], R4: PUBLISHED[R4], R3: PUBLISHED[R4]}
TOTALS = {R7: 385_422_000, R6: 351_361_000, R4: 353_907_000, R3: 355_115_000}
WORDS = {"備考", "覚え書き"}
YEARS = pytest.mark.parametrize("year", DOCUMENTS, ids=str)


def rows(path: Path) -> list[dict[str, str]]:
    """Rows of a budget file without what is told in words."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    return [{head: text for head, text in row.items() if head not in WORDS} for row in found]


def begun(tmp_path: Path, year: FiscalYear) -> Path:
    """A folder made by `init`, with the shipped rules, names and members, and without a budget."""
    root = tmp_path / "council"
    init(root)
    for folder in ("rules", "members"):
        shutil.rmtree(root / folder)
        shutil.copytree(SHIPPED / folder, root / folder)
    for name in ("budget.csv", "income.csv"):
        (root / "rules" / year.code / name).unlink()
    return root


def typed(root: Path, year: FiscalYear, *more: str) -> int:
    words = ["import", "budget", str(DOCUMENTS[year]), "--year", year.code, "--dir", str(root)]
    return guarded(lambda: app([*words, *more], standalone_mode=False))


@YEARS
def test_an_empty_folder_gets_the_shipped_budget_and_charges(
    year: FiscalYear, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = begun(tmp_path, year)
    assert typed(root, year, "--yes") == 0
    assert "書き込みました" in capsys.readouterr().out
    for name in ("budget.csv", "income.csv"):
        made, shipped = (each / "rules" / year.code / name for each in (root, SHIPPED))
        assert rows(made) == rows(shipped)
    outcome = compute(root, year)
    assert total(charge.yen for charge in outcome.charges) == TOTALS[year]
    published = compute(SHIPPED, year)
    assert charges_csv(outcome.year, outcome.charges) == charges_csv(year, published.charges)


@YEARS
def test_the_shipped_files_have_nothing_to_change(year: FiscalYear) -> None:
    proposal = propose(SHIPPED, DOCUMENTS[year], year)
    assert not proposal.differs
    assert [sheet.total for sheet in proposal.sheets] == [TOTALS[year]] * 2


def told(year: FiscalYear) -> list[tuple[str, int]]:
    found: tuple[Problem, ...] = propose(SHIPPED, DOCUMENTS[year], year).problems
    return sorted((problem.code, problem.source.line) for problem in found)


def test_the_oddities_of_r7_are_told() -> None:
    dashes, wordless, remark = [("W827", 35), ("W827", 36)], [("W825", 76), ("W825", 109)], 288
    assert told(R7) == [*wordless, *dashes, ("W828", remark)]


def test_the_oddities_of_r4_are_told() -> None:
    unprinted, names = [("W820", 402)], [("W824", 389), ("W824", 390), ("W824", 393)]
    shifted = [("W823", line) for line in (402, 410, 411, 412)]
    assert told(R4) == [*unprinted, *shifted, *names, ("W826", 97)]


REMARK = "ホームページ、メール、DNSサーバ運営等"
AT = {"right": "協議会Web運営", "high": "情報セキュリティ対策", "nowhere": "\0"}
SIDES = {R7: "high", R4: "right"}  # where the documents have it


def remarked(root: Path, year: FiscalYear, side: str) -> None:
    """Take the shipped explanations of a year away, and put the remark at one of both rows."""
    path = root / "rules" / year.code / "budget.csv"
    lines = path.read_text("utf-8-sig").splitlines()
    for number, line in enumerate(lines):
        if any(name in line for name in AT.values()):
            row, _, _ = line.rsplit(",", 2)  # 覚え書き and 備考 stand last
            lines[number] = f"{row},,{REMARK if AT[side] in row else ''}"
    path.write_text("\n".join([*lines, ""]), "utf-8-sig")


def remarks(root: Path, year: FiscalYear) -> list[Problem]:
    return [p for p in propose(root, DOCUMENTS[year], year).problems if p.code == "W828"]


@pytest.mark.parametrize("year", SIDES, ids=str)
def test_a_remark_at_two_rows_names_both_places_and_blames_none(
    year: FiscalYear, tmp_path: Path
) -> None:
    root, (other,) = begun(tmp_path, year), SIDES.keys() - {year}
    for each in (R3, R6):
        remarked(root, each, "nowhere")
    remarked(root, other, SIDES[other])
    (told,) = remarks(root, year)
    here, there = (AT[SIDES[each]] for each in (year, other))
    assert f"この文書では「{here}" in told.what
    assert f"rules/{other}/budget.csv では「{there}" in told.what


def test_a_document_that_more_years_agree_with_is_not_the_odd_one(tmp_path: Path) -> None:
    root = begun(tmp_path, R4)
    remarked(root, R3, "right")
    remarked(root, R6, "nowhere")
    remarked(root, R7, "high")
    assert remarks(root, R4) == []


def test_every_shipped_name_is_needed(tmp_path: Path) -> None:
    for year in DOCUMENTS:
        root = begun(tmp_path / year.code, year)
        names = root / "rules" / year.code / "names.csv"
        lines = names.read_text(encoding="utf-8-sig").splitlines()
        for line in lines[1:]:
            names.write_text("\n".join(each for each in lines if each != line), "utf-8-sig")
            assert typed(root, year, "--yes") == 0
            made, shipped = (each / "rules" / year.code / "budget.csv" for each in (root, SHIPPED))
            assert rows(made) != rows(shipped)
