"""収入の部 and 支出の部: every row that the council published, and totals that count nothing twice."""

import re
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.workbook.summary.book import make
from apportion.workbook.summary.budget import joined, tree
from tests.unit.workbook.council import council
from tests.workspace import SHIPPED

# 令和7年度当初予算, the rows in their order: label, 令和7年度, 令和6年度, in 千円.
INCOME = """
負担金収入 385422 351361
システム事業負担金収入 352669 318619
電子申請・届出システム事業 40856 28758
施設予約事業 56152 57169
電子調達（CALS/EC）事業 141047 133852
電子調達（物品等）事業 114614 98840
セキュリティ等関連事業負担金収入 32753 32742
セキュリティ等関連事業 32753 32742
事業調整積立金取崩収入 0 0
システム事業調整積立金取崩収入 0 0
電子申請・届出システム事業 0 0
施設予約事業 0 0
電子調達（CALS/EC）事業 0 0
電子調達（物品等）事業 0 0
セキュリティ等関連事業調整積立金取崩収入 0 0
セキュリティ等関連事業 0 0
小計 385422 351361
保管金 0 0
小計 0 0
合計 385422 351361
"""
EXPENDITURE = """
システム事業 352669 318619
電子申請・届出システム事業 40856 28758
事業費 40656 28758
システム運営費 40656 28758
事務費 200 0
施設予約事業 56152 57169
事業費 55952 56969
事前準備費 11242 11242
システム運営費 44710 45727
事務費 200 200
電子調達（CALS/EC）事業 141047 133852
事業費 140747 133427
システム開発費 7275 7275
システム運営費 133472 126152
事務費 300 425
電子調達（物品等）事業 114614 98840
事業費 114314 98473
システム運営費 114314 98473
事務費 300 367
セキュリティ等関連事業 32753 32742
共同セキュリティ監査費 13299 12818
内部監査、規程改正支援委託費 2384 2384
標的型攻撃メール対策訓練委託費 0 0
情報セキュリティ対策事業費 7408 7408
協議会Web運営費 4584 4584
自治体DX推進支援事業費 3630 4092
事務費及び調査・研修費 1448 1456
小計 385422 351361
事業調整費積立金 0 0
システム事業調整積立金 0 0
電子申請・届出システム事業 0 0
施設予約事業 0 0
電子調達（CALS/EC）事業 0 0
電子調達（物品等）事業 0 0
セキュリティ等関連事業調整積立金 0 0
セキュリティ等関連事業 0 0
保管金 0 0
繰越金支出 0 0
小計 0 0
合計 385422 351361
"""
# 事業計画: the levels between, which the 支出の部 does not print.
PLAN = {
    "運用保守経費": {130_203_000, 84_701_000},
    "その他運営経費": {3_269_000, 2_269_000, 1_000_000},
}


@pytest.fixture(scope="module")
def made() -> bytes:
    return make(compute(SHIPPED, FiscalYear(2025)))


@pytest.fixture(scope="module")
def values(made: bytes) -> Workbook:
    return load_workbook(BytesIO(made), data_only=True)


@pytest.fixture(scope="module")
def formulas(made: bytes) -> Workbook:
    return load_workbook(BytesIO(made))


def published(text: str) -> list[tuple[str, int, int]]:
    rows = (line.split() for line in text.strip().splitlines())
    return [(label, 1000 * int(now), 1000 * int(before)) for label, now, before in rows]


def body(sheet: Worksheet) -> list[tuple[int, str, list[Any]]]:
    """Row number, label, and the cells right of it."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] == "大項目")
    return [
        (number, str(row[0] or row[1]), row[2:])
        for number, row in enumerate(rows[head + 1 :], start=head + 2)
    ]


def in_order(wanted: list[tuple[str, int, int]], sheet: Worksheet) -> list[tuple[str, int, int]]:
    """What of `wanted` is not found, going down the sheet once."""
    rows = iter([(label, cells[0], cells[2]) for _, label, cells in body(sheet)])
    return [row for row in wanted if row not in rows]


def test_income_is_the_published_table(values: Workbook) -> None:
    found = [(label, cells[0], cells[2]) for _, label, cells in body(values["収入の部"])]
    assert found == published(INCOME)


def test_expenditure_holds_every_published_row_in_order(values: Workbook) -> None:
    assert in_order(published(EXPENDITURE), values["支出の部"]) == []
    labels = [label for _, label, _ in body(values["支出の部"])]
    for label, amounts in PLAN.items():
        found = {c[0] for _, name, c in body(values["支出の部"]) if name == label}
        assert found == amounts
    assert labels.count("ヘルプデスク（定時受付時増強）") == 1


def test_what_is_computed_is_what_was_budgeted_in_every_row(values: Workbook) -> None:
    for name in ("収入の部", "支出の部"):
        rows = body(values[name])
        assert all(cells[3] == cells[0] and cells[4] == 0 for _, _, cells in rows)


def leaves(sheet: Worksheet, address: str) -> Counter[str]:
    """Cells of the same sheet that a total leads to, without going through other sheets."""
    value = sheet[address].value
    match = re.fullmatch(r"=SUM\((.*)\)", str(value))
    if match is None:
        return Counter([address])
    found: Counter[str] = Counter()
    for part in match[1].split(","):
        left, top, right, bottom = range_boundaries(part)
        assert left == right
        for row in range(int(top or 0), int(bottom or 0) + 1):
            found += leaves(sheet, f"{part[0]}{row}")
    return found


@pytest.mark.parametrize(("name", "finest"), [("収入の部", 11), ("支出の部", 34)])
def test_the_grand_total_counts_every_finest_row_once(
    formulas: Workbook, name: str, finest: int
) -> None:
    sheet = formulas[name]
    last = body(sheet)[-1][0]
    for column in "CEF":
        counted = leaves(sheet, f"{column}{last}")
        assert len(counted) == finest
        assert set(counted.values()) == {1}


def test_a_total_names_the_rows_just_below_it(formulas: Workbook) -> None:
    sheet = formulas["支出の部"]
    rows = {label: number for number, label, _ in reversed(body(sheet))}
    total, first = rows["システム事業"], rows["電子申請・届出システム事業"]
    children = [first, rows["施設予約事業"], rows["電子調達（CALS/EC）事業"]]
    assert str(sheet[f"C{total}"].value).startswith(f"=SUM({','.join(f'C{n}' for n in children)},")
    assert sheet[f"G{first}"].value == f"=C{first}-F{first}"
    leaf = rows["システム運用保守"]
    assert sheet[f"C{rows['システム運営費']}"].value == f"=SUM(C{leaf}:C{leaf + 2})"
    assert f"$B${leaf}" not in str(sheet[f"F{leaf}"].value)
    assert str(sheet[f"F{leaf}"].value).startswith("=SUMPRODUCT(EXACT('データ'!$G$2:$G$")
    assert f'&"",B{first})' in str(sheet[f"F{leaf}"].value)
    assert f'&"",B{leaf})' in str(sheet[f"F{leaf}"].value)


def test_budget_remarks_are_printed(values: Workbook) -> None:
    remarks = {label: cells[1] for _, label, cells in body(values["支出の部"])}
    assert remarks["ヘルプデスク（定時受付時増強）"] == "隔年で必要"
    assert remarks["広報費"] == "－"


def test_a_long_remark_wraps_in_a_row_that_is_high_enough(tmp_path: Path) -> None:
    remarks = [("@旅費", "長い説明の文。" * 16), ("会場費,1000,900,,=1+1", "会場費,1000,900,,－")]
    edits = [("rules/r7/budget.csv", old, new) for old, new in remarks]
    sheet = load_workbook(BytesIO(make(council(tmp_path, edits=edits))))["支出の部"]
    # The unit of widths is 9 pixels of 0.75 points; a remark is set in 9 points.
    assert sheet.column_dimensions["D"].width * 9 * 0.75 < 260
    long = next(n for n, label, cells in body(sheet) if len(str(cells[1])) > 80)
    short = next(n for n, label, cells in body(sheet) if cells[1] == "－")
    assert sheet.row_dimensions[long].height > 3 * 9
    assert sheet.row_dimensions[short].height < 2 * 9


def test_what_members_do_not_pay_stands_in_a_column_of_its_own(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(make(council(tmp_path))), data_only=True)
    rows = {label: cells for _, label, cells in body(book["支出の部"])}
    assert rows["旅費"][3:] == [900, 101, 0]
    assert rows["委託費"][3:] == [1499, 500, 0]
    assert rows["返還金"][3:] == [-100, 0, 0]
    assert rows["積立金"][3:] == [300, 0, 0]
    assert rows["合計"] == [4414, None, 2900, 3813, 601, 0]
    income = {label: cells for _, label, cells in body(book["収入の部"])}
    assert income["合計"] == [4414, None, 2900, 4414, 0]
    assert income["国庫補助金"] == [500, None, 0, 500, 0]


def test_a_project_whose_contributions_stand_in_two_income_rows(tmp_path: Path) -> None:
    edits = [
        (
            "rules/r7/income.csv",
            "運営,会議事業,負担金収入,1900,900,\n",
            "運営,会議事業,負担金収入,1800,900,\n運営,会議事業,負担金収入,100,0,\n",
        )
    ]
    book = load_workbook(BytesIO(make(council(tmp_path, edits=edits))), data_only=True)
    found = [cells for _, label, cells in body(book["収入の部"]) if label == "会議事業"]
    assert [(cells[0], cells[3], cells[4]) for cells in found] == [(1800, 1800, 0), (100, 100, 0)]


def test_without_a_budget_amount_the_charges_stand_in_its_place(tmp_path: Path) -> None:
    edits = [
        (
            "rules/r7/budget.csv",
            "運営,会議事業,会議費／開催費,旅費,",
            "運営,会議事業,,参加料,,,,\n運営,会議事業,会議費／開催費,旅費,",
        ),
        (
            "rules/r7/10.txt",
            "■経費 旅費",
            "■経費 参加料\n負担割合: 参加団体に 100円ずつ\n\n■経費 旅費",
        ),
        ("rules/r7/income.csv", "負担金収入,1900,", "負担金収入,2200,"),
    ]
    data = make(council(tmp_path, edits=edits))
    sheet = load_workbook(BytesIO(data))["支出の部"]
    row, cells = next((n, c) for n, label, c in body(sheet) if label == "参加料")
    assert cells[0] == f"=F{row}"
    rows = {
        label: c for _, label, c in body(load_workbook(BytesIO(data), data_only=True)["支出の部"])
    }
    assert (rows["参加料"][0], rows["参加料"][3:]) == (300, [300, 0, 0])


def test_category_and_subject_share_what_they_have_in_common() -> None:
    assert joined("システム事業", "負担金収入") == "システム事業負担金収入"
    assert joined("システム事業", "事業調整積立金取崩収入") == "システム事業調整積立金取崩収入"


def test_levels_appear_in_the_order_of_their_first_line() -> None:
    nodes = tree([(("a",), "x", 1), ((), "y", 2), (("a", "b"), "z", 3)])
    assert [(node.label, node.line) for node in nodes] == [("a", None), ("y", 2)]
    assert [(node.label, node.line) for node in nodes[0].children] == [("x", 1), ("b", None)]
    assert nodes[0].children[1].children[0].line == 3
