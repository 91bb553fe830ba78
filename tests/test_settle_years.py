"""精算 between years: what was sealed before it, and next year's 取崩 behind it."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from apportion.core.problem import InputError, OutputError
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute, examine
from apportion.outcome.settled import NEXT_YEAR, RESERVE
from apportion.outcome.workspace import load
from apportion.pipeline import run, run_settlement
from apportion.years.begin.new_year import new_year
from apportion.years.settle.compute import settle
from tests import sealing, workspace
from tests.settling import RECEIVED, RULES, SPENT, council, differences, rows, settled, settlement
from tests.small import R7, save, yen

R8 = FiscalYear(2026)


def closed(root: Path, figures: str) -> Path:
    """The council of `sealing` after its year: 利用料 1,125,000円 of 1,200,000円, and ■精算."""
    budget, income = root / "rules/r7/budget.csv", root / "rules/r7/income.csv"
    for path, finals in ((budget, ["1125000", "30000"]), (income, ["1230000"])):
        head, *lines = path.read_text("utf-8-sig").splitlines()
        kept = zip(lines, [*finals, *["0"] * len(lines)], strict=False)
        path.write_text("\n".join([f"{head},決算額（円）", *map(",".join, kept), ""]), "utf-8")
    rules = root / sealing.RULES
    text = rules.read_text("utf-8-sig")
    rules.write_text(f"{text}\n{settlement('還付と追徴', figures)}", "utf-8")
    return root


@pytest.fixture(name="sealed")
def fixture_sealed(tmp_path: Path) -> Path:
    """A sealed year of 50,000, 20,000 and 5,000 people; later there are other numbers of them."""
    root = sealing.decided(tmp_path / "council")
    sealing.issued(root)
    sealing.people(root, 45_000, 20_000, 10_000)
    return root


def test_figures_of_the_time_of_the_bill(sealed: Path) -> None:
    """30% of 1,125,000 is 112,500 each, 70% is 10.5円 a head: 525,000, 210,000, 52,500."""
    outcome = settle(closed(sealed, "賦課時"), R7)
    assert rows(outcome)["利用料"] == {
        "あおば市": (680_000, 637_500),
        "みどり町": (344_000, 322_500),
        "こだま村": (176_000, 165_000),
    }
    assert settled(outcome).issue.startswith("第1回")
    assert "W895" not in {problem.code for problem in outcome.problems}


def test_figures_of_the_year_of_the_accounts(sealed: Path) -> None:
    """The same 10.5円 a head for 45,000, 20,000 and 10,000: 472,500, 210,000, 105,000."""
    outcome = settle(closed(sealed, "決算年度"), R7)
    assert rows(outcome)["利用料"] == {
        "あおば市": (680_000, 585_000),
        "みどり町": (344_000, 322_500),
        "こだま村": (176_000, 217_500),
    }
    assert differences(outcome) == {"あおば市": -95_000, "みどり町": -21_500, "こだま村": 41_500}


def test_what_was_billed_must_still_be_there(sealed: Path) -> None:
    closed(sealed, "賦課時")
    roster = sealed / "members/r7/roster.csv"
    text = roster.read_text("utf-8-sig")
    kept = [line for line in text.splitlines() if "こだま村" not in line]
    roster.write_text("\n".join([*kept, ""]), "utf-8")
    with pytest.raises(InputError) as caught:
        settle(sealed, R7)
    (problem,) = [p for p in caught.value.problems if p.code == "W899"]
    assert "請求したこだま村（990035）が、いまの名簿（roster）にありません。" in problem.what


def next_year(root: Path, drawn: int, income: int) -> Path:
    """r8 made from r7 by hand: 取崩 from 運用費, with the reserve that the settlement left."""
    council(root, RULES + settlement(RESERVE), SPENT, RECEIVED)
    run_settlement(root, R7)
    for folder in ("rules", "members"):
        shutil.copytree(root / folder / "r7", root / folder / "r8")
    shutil.copyfile(root / "outputs/r7-精算/data/reserve.csv", root / "members/r8/reserve.csv")
    rules = root / "rules/r8/10.txt"
    text = rules.read_text("utf-8").replace("令和7年度", "令和8年度")
    rules.write_text(text.replace("■経費 運用費\n", "■経費 運用費\n差し引く: 取崩\n"), "utf-8")
    heads, row = "区分,事業,項,経費,予算額（円）,取崩（円）", "区分,共同事業,,"
    save(
        root, "rules/r8/budget.csv", f"{heads}\n{row}運用費,1000000,{drawn}\n{row}事務費,100000,0\n"
    )
    save(
        root,
        "rules/r8/income.csv",
        f"区分,事業,科目,予算額（円）\n区分,共同事業,負担金収入,{1_100_000 - drawn}\n"
        f"区分,共同事業,事業調整積立金取崩収入,{income}\n",
    )
    return root


def test_next_years_drawing_lowers_what_members_pay(tmp_path: Path) -> None:
    """The surplus of 50,990 is the balance; 50,000 of it is drawn: 950,000 by 人口."""
    root = next_year(tmp_path, 50_000, 50_000)
    outcome = compute(root, R8)
    assert {b.yen for b in outcome.tables.reserve.values()} == {50_990}
    assert yen(outcome)["運用費"] == {"甲市": 475_000, "乙市": 285_000, "丙町": 190_000}
    assert outcome.total == 1_050_000


def test_next_years_drawing_shows_in_the_income_section(tmp_path: Path) -> None:
    root = next_year(tmp_path, 50_000, 50_000)
    run(root, R8)
    book = openpyxl.load_workbook(root / "outputs/r8/負担金一覧.xlsx", data_only=True)
    shown = [[cell.value for cell in row] for row in book["収入の部"].iter_rows()]
    (row,) = [row for row in shown if "共同事業" in row and 50_000 in row]
    assert any("取崩" in str(cell) for line in shown for cell in line)
    assert 50_000 in row


def codes(root: Path) -> set[str]:
    return {problem.code for problem in examine(load(root, R8)).problems}


def test_a_drawing_that_does_not_come_in(tmp_path: Path) -> None:
    assert codes(next_year(tmp_path, 50_000, 40_000)) == {"W896"}


def test_a_drawing_beyond_the_balance(tmp_path: Path) -> None:
    assert codes(next_year(tmp_path, 51_000, 51_000)) == {"W897"}


def test_who_takes_no_part_any_more_gets_all_of_it_back(sealed: Path) -> None:
    """事務費 was 10,000 each; then こだま村 was out of it: 15,000 for each of the two others."""
    closed(sealed, "賦課時")
    rules, roster = sealed / sealing.RULES, sealed / "members/r7/roster.csv"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("■経費 事務費\n", "■経費 事務費\n名簿: 事務\n"), "utf-8")
    head, *lines = roster.read_text("utf-8-sig").splitlines()
    marked = [f"{line},{'' if 'こだま村' in line else '○'}" for line in lines]
    roster.write_text("\n".join([f"{head},事務", *marked, ""]), "utf-8")
    assert rows(settle(sealed, R7))["事務費"] == {
        "あおば市": (10_000, 15_000),
        "みどり町": (10_000, 15_000),
        "こだま村": (10_000, 0),
    }


def test_a_supplementary_budget_is_part_of_what_was_billed(tmp_path: Path) -> None:
    """1,000,000 and 100,000 more were billed; 990,000 was spent: 55,000, 33,000, 22,000 too much."""
    council(
        tmp_path,
        "■経費 運用費\n負担割合: 人口割\n" + settlement(RESERVE),
        {"運用費": (1_000_000, 100_000, 990_000)},
        RECEIVED,
        headings=("予算額（円）", "補正第1号（円）", "決算額（円）"),
    )
    heads = "区分,事業,科目,予算額（円）,補正第1号（円）,決算額（円）"
    save(
        tmp_path,
        "rules/r7/income.csv",
        f"{heads}\n区分,共同事業,負担金収入,1000000,100000,1100000\n",
    )
    outcome = settle(tmp_path, R7)
    assert rows(outcome)["運用費"] == {
        "甲市": (550_000, 495_000),
        "乙市": (330_000, 297_000),
        "丙町": (220_000, 198_000),
    }
    assert "W894" not in {problem.code for problem in outcome.problems}


def test_next_years_bill_holds_what_is_adjusted(tmp_path: Path) -> None:
    """Next year 甲市 owes 500,000 - 27,145 for 運用費; the surplus of 50,990 came over as 繰越金."""
    root = council(tmp_path, RULES + settlement(NEXT_YEAR), SPENT, RECEIVED)
    run_settlement(root, R7)
    for folder in ("rules", "members"):
        shutil.copytree(root / folder / "r7", root / folder / "r8")
    given = (root / "outputs/r7-精算/data/adjustment.csv").read_text("utf-8-sig").splitlines()
    figures = root / "members/r8/figures.csv"
    lines = figures.read_text("utf-8").splitlines()
    last = [row.rpartition(",")[2] for row in given]
    joined = [f"{line},{cell}" for line, cell in zip(lines, last, strict=True)]
    figures.write_text("\n".join([*joined, ""]), "utf-8")
    rules = root / "rules/r8/10.txt"
    text = rules.read_text("utf-8").replace("令和7年度", "令和8年度")
    added = "■経費 運用費\n団体別加減: 前年度精算額を足す\n"
    rules.write_text(text.replace("■経費 運用費\n", added), "utf-8")
    row = "区分,共同事業,,"
    save(
        root,
        "rules/r8/budget.csv",
        f"区分,事業,項,経費,予算額（円）\n{row}運用費,1000000\n{row}事務費,100000\n",
    )
    save(
        root,
        "rules/r8/income.csv",
        "区分,事業,科目,予算額（円）\n区分,共同事業,負担金収入,1049010\n区分,共同事業,繰越金,50990\n",
    )
    charged = yen(compute(root, R8))["運用費"]
    assert charged == {"甲市": 472_855, "乙市": 285_034, "丙町": 191_121}


@pytest.mark.parametrize(
    "name", ["出力/data/charges.csv", "入力/members/r7/figures.csv", "入力/rules/r7/budget.csv"]
)
def test_nothing_is_settled_against_a_file_that_was_changed_after_sealing(
    sealed: Path, name: str
) -> None:
    closed(sealed, "賦課時")
    file = sealed / "outputs/確定/r7/第1回" / name
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b"\r\n")
    with pytest.raises(OutputError, match=f"{name} が、確定のあとで変わっています"):
        settle(sealed, R7)


def test_nor_does_a_new_year_or_a_supplementary_budget_rest_on_it(tmp_path: Path) -> None:
    root = sealing.decided(tmp_path / "council")
    issue = sealing.issued(root)
    file = issue.folder / "出力/data/charges.csv"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b"\r\n")
    with pytest.raises(OutputError, match="確定のあとで変わっています"):
        new_year(root, R7, R8)
    with pytest.raises(OutputError, match="確定のあとで変わっています"):
        issue.billed()
    assert not (root / "rules/r8").exists()


def test_nor_does_a_turn_of_next_year(tmp_path: Path) -> None:
    """Whose turn it is decides a yen as well."""
    root = sealing.decided(tmp_path / "council")
    workspace.edit(
        root / sealing.RULES,
        "■経費 事務費\n",
        "■経費 事務費\n端数: 円未満切捨て、差額は年度ごとに輪番\n",
    )
    file = sealing.issued(root).folder / "出力/data/rotation.csv"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b"\r\n")
    with pytest.raises(OutputError, match="確定のあとで変わっています"):
        new_year(root, R7, R8)
