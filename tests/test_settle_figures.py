"""■精算 基礎数値: 決算年度 takes the column of the year itself; which one was used is told."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from apportion.cli.report import Extras
from apportion.cli.settle_report import whole
from apportion.core.problem import InputError
from apportion.pipeline import run, verify
from apportion.years.issues.seal import Note, seal
from apportion.years.settle.compute import settle
from tests import settling
from tests.settling import council, rows, settled, settlement
from tests.small import R7
from tests.workspace import edit

BEFORE, ITSELF = (
    {"甲市": 500, "乙市": 300, "丙町": 200},
    {"甲市": 400, "乙市": 400, "丙町": 200},
)
LINE = "■経費 給付費\n負担割合: 受給者数割\n"


def made(root: Path, bind: str, columns: dict[str, dict[str, int]], figures: str) -> Path:
    """給付費 of 1,000,000, spent to 900,000, shared by 受給者数."""
    table: dict[str, dict[str, int | str]] = {
        name: {f"受給者数（人、{heading}）": values[name] for heading, values in columns.items()}
        for name in settling.FIGURES
    }
    rules = f"基礎数値: 受給者数（{bind}）\n{LINE}" + settlement("還付と追徴", figures)
    income = [("負担金収入", 1_000_000, 1_000_000)]
    return council(root, rules, {"給付費": (1_000_000, 900_000)}, income, figures=table)


# 900,000 by 5:3:2 and by 4:4:2
BY_BEFORE = {"甲市": (500_000, 450_000), "乙市": (300_000, 270_000), "丙町": (200_000, 180_000)}
BY_ITSELF = {"甲市": (500_000, 360_000), "乙市": (300_000, 360_000), "丙町": (200_000, 180_000)}


@pytest.mark.parametrize(
    ("bind", "billed_by", "year_itself"),
    [
        ("前々年度実績", "令和5年度実績", "令和7年度実績"),
        ("前年度実績", "令和6年度実績", "令和7年度決算"),
        ("当年度見込", "令和7年度見込", "令和7年度実績"),
        ("令和5年度実績", "令和5年度実績", "令和7年度実績"),
        ("令和6年9月30日現在", "令和6年9月30日現在", "令和7年9月30日現在"),
        (
            "令和6年1月1日から令和6年12月31日まで",
            "令和6年1月1日から令和6年12月31日まで",
            "令和7年1月1日から令和7年12月31日まで",
        ),
    ],
)
def test_the_column_of_the_year_itself(
    bind: str, billed_by: str, year_itself: str, tmp_path: Path
) -> None:
    columns = {billed_by: BEFORE, year_itself: ITSELF}
    outcome = settle(made(tmp_path / "a", bind, columns, "決算年度"), R7)
    assert rows(outcome)["給付費"] == BY_ITSELF
    assert settled(outcome).figure_lines == (("共同事業", f"受給者数（{year_itself}）", "給付費"),)
    outcome = settle(made(tmp_path / "b", bind, columns, "賦課時"), R7)
    assert rows(outcome)["給付費"] == BY_BEFORE
    assert settled(outcome).figure_lines == (("共同事業", f"受給者数（{billed_by}）", "給付費"),)


@pytest.mark.parametrize("figures", ["賦課時", "決算年度"])
@pytest.mark.parametrize(
    ("bind", "used"),
    [
        ("前々年度実績）、精算は（当年度実績", "令和7年度実績"),
        ("前々年度実績） 、精算は （前年度実績", "令和6年度実績"),
        ("当年度実績）、精算は（前々年度実績", "令和5年度実績"),
    ],
)
def test_a_line_says_what_its_settlement_goes_by(
    figures: str, bind: str, used: str, tmp_path: Path
) -> None:
    """Whatever ■精算 says: 900,000 by 5:3:2 (令和5), 2:3:5 (令和6), 4:4:2 (令和7)."""
    between = {"甲市": 200, "乙市": 300, "丙町": 500}
    columns = {"令和5年度実績": BEFORE, "令和6年度実績": between, "令和7年度実績": ITSELF}
    outcome = settle(made(tmp_path, bind, columns, figures), R7)
    total = Fraction(900_000)
    values = columns[used]
    assert {name: pair[1] for name, pair in rows(outcome)["給付費"].items()} == {
        name: total * value / sum(values.values()) for name, value in values.items()
    }
    assert settled(outcome).figure_lines == (("共同事業", f"受給者数（{used}）", "給付費"),)


def test_what_a_settlement_goes_by_may_come_after_the_bills(tmp_path: Path) -> None:
    """The column is added when the year is over; the figures of the sealed bills stay as they were."""
    bind = "前々年度実績）、精算は（当年度実績"
    root = made(tmp_path, bind, {"令和5年度実績": BEFORE}, "賦課時")
    edit(root / "rules/r7/10.txt", "状態: 案", "状態: 議決")
    run(root, R7)
    seal(root, R7, Note("総会議決", date(2025, 5, 30)))
    path = root / "members/r7/figures.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    later = {"甲市": 400, "乙市": 400, "丙町": 200}
    new = [f"{line},{next(v for n, v in later.items() if n in line)}" for line in lines]
    text = "\n".join([f"{head},受給者数（人、令和7年度実績）", *new]) + "\n"
    path.write_text(text, encoding="utf-8")
    assert rows(settle(root, R7))["給付費"] == BY_ITSELF


@pytest.mark.parametrize(
    ("bind", "columns", "code", "words"),
    [
        ("前々年度実績", ["令和5年度実績"], "W341", "「受給者数」の令和7年度の列がありません"),
        ("前々年度実績", ["令和5年度実績", "令和7年度見込"], "W341", "令和7年度の列がありません"),
        ("令和7年度見込", ["令和7年度見込"], "W341", "令和7年度の列がありません"),
        (
            "令和6年9月30日現在",
            ["令和6年9月30日現在", "令和7年9月30日現在", "令和8年3月31日現在"],
            "W342",
            "令和7年度の列が二つ以上",
        ),
    ],
)
def test_what_is_not_there_or_not_one_stops(
    bind: str, columns: list[str], code: str, words: str, tmp_path: Path
) -> None:
    root = made(tmp_path, bind, dict.fromkeys(columns, BEFORE), "決算年度")
    with pytest.raises(InputError) as caught:
        settle(root, R7)
    (problem,) = [p for p in caught.value.problems if p.level.value == "エラー"]
    assert problem.code == code
    assert words in problem.what


@pytest.mark.parametrize("bind", ["平成16年度実績", "令和2年10月1日現在"])
def test_a_figure_of_a_fixed_time_stays(bind: str, tmp_path: Path) -> None:
    outcome = settle(made(tmp_path, bind, {bind: BEFORE}, "決算年度"), R7)
    assert rows(outcome)["給付費"] == BY_BEFORE


def test_the_screen_and_the_sheet_name_the_column(tmp_path: Path) -> None:
    columns = {"令和5年度実績": BEFORE, "令和7年度実績": ITSELF}
    root = made(tmp_path, "前々年度実績", columns, "決算年度")
    assert "受給者数（令和7年度実績）（給付費）" in whole(
        R7, root, None, Extras(pdf=False, archives=False)
    )
    book = load_workbook(root / "outputs/r7-精算/精算一覧.xlsx")
    cells = [cell.value for row in book["総括"].iter_rows() for cell in row]
    assert "共同事業: 受給者数（令和7年度実績）（給付費）" in cells
    assert verify(root / "outputs/r7-精算", root)[0] == ()
