"""The workbooks of diff and what-if: every 差 is 0, charts are there, no other file is replaced."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from apportion.cli.change_story import Asked
from apportion.cli.change_story import answer as changed
from apportion.cli.suppose_story import Supposed
from apportion.cli.suppose_story import answer as supposed
from apportion.core.problem import OutputError
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.pipeline import run, verify
from apportion.years.issues.seal import Note, seal
from tests import sealing
from tests.workspace import SHIPPED

R7 = FiscalYear(2025)
CASE = Supposed(
    sets=("施設予約/運用支援業務等: 負担割合 = 均等割 40% + 人口割 60%",), project="施設予約"
)


def with_xlsx(target: Path) -> Supposed:
    return Supposed(sets=CASE.sets, project=CASE.project, xlsx=target)


def cells(target: Path, name: str) -> list[tuple[Any, ...]]:
    return list(load_workbook(target, data_only=True)[name].values)


def test_causes_of_every_body_and_line(tmp_path: Path) -> None:
    target = tmp_path / "理由.xlsx"
    assert str(target) in changed(SHIPPED, Asked("r6", "r7", xlsx=target))
    assert load_workbook(target).sheetnames == ["増減の理由", "経費ごとの理由"]
    rows = [row for row in cells(target, "増減の理由") if str(row[0]).isdigit()]
    assert len(rows) == 54
    for row in rows:
        before, *causes, after, difference = row[2:]
        assert difference == 0
        assert before + sum(causes) == after
    (total,) = (row for row in cells(target, "増減の理由") if row[0] == "合計")
    assert (total[2], total[-2], total[-1]) == (351_361_000, 385_422_000, 0)
    lines = cells(target, "経費ごとの理由")[3:]
    assert sum(row[7] for row in lines if isinstance(row[7], int)) == 34_061_000
    formulas = load_workbook(target)["増減の理由"]
    assert any(str(cell.value).startswith("=SUM(") for row in formulas for cell in row)
    with ZipFile(target) as parts:
        assert [name for name in parts.namelist() if "charts/chart" in name]


def test_a_case_beside_the_year(tmp_path: Path) -> None:
    target = tmp_path / "もしも.xlsx"
    supposed(SHIPPED, R7, None, with_xlsx(target))
    sheet = cells(target, "もしも")
    rows = {row[1]: row for row in sheet if str(row[0]).isdigit()}
    assert len(rows) == 40
    assert rows["春日井市"][2:5] == (3_244_617, 3_081_039, -163_578)
    (total,) = (row for row in sheet if row[0] == "合計")
    assert total[2:5] == (56_152_000, 56_152_000, 0)


def test_the_same_question_gives_the_same_bytes_and_replaces_only_its_own(tmp_path: Path) -> None:
    one, two = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for target in (one, two, one):
        changed(SHIPPED, Asked("r6", "r7", xlsx=target))
    assert one.read_bytes() == two.read_bytes()
    with pytest.raises(OutputError, match="置き換えません"):
        supposed(SHIPPED, R7, None, with_xlsx(one))
    assert one.read_bytes() == two.read_bytes()


def test_a_run_tells_each_member_why_where_it_is_asked(tmp_path: Path) -> None:
    folder = tmp_path / "r7"
    run(SHIPPED, R7, out=folder, since=compute(SHIPPED, FiscalYear(2024)))
    assert cells(folder / "増減の理由.xlsx", "増減の理由")
    last = cells(folder / "請求書" / "232017_豊橋市_令和7年度負担金.xlsx", "計算のあらまし")[-2:]
    # 8,722,288 - 7,740,129 = 982,159, which is 12.69 % of 7,740,129.
    assert [row[0] for row in last] == [
        "令和6年度より982,159円（12.7%）増えました。",
        "おもな理由は、予算額 +1,103,586円、参加団体の出入り △120,317円、規則と参加団体の出入り △1,109円です。",
    ]
    assert verify(folder, SHIPPED)[0] == ()


def test_outputs_with_reasons_can_be_sealed(tmp_path: Path) -> None:
    root = sealing.decided(tmp_path / "council")
    run(root, R7, since=compute(root, R7))
    issue = seal(root, R7, Note("総会議決"))
    assert (issue.outputs / "増減の理由.xlsx").is_file()
    assert verify(root / "outputs/確定/r7", root)[0] == ()
