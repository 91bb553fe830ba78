"""負担金一覧 as a paper for others: editions, what stays in sight, what nobody knows, whose words."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.workbook.summary.book import make
from apportion.workbook.summary.settled import book as settled_book
from apportion.years.settle.compute import settle
from tests import settling, small
from tests.unit.workbook.council import council
from tests.workspace import SHIPPED

PEOPLE = "人口（人、令和2年10月1日現在）"
RULES = "■経費 運用費\n負担割合: 均等割\n■経費 事務費\n負担割合: 均等割\n"
BILL = "■請求書\n発行者: 中央共同協議会 会長\n"


@pytest.fixture(scope="module")
def made() -> bytes:
    return make(compute(SHIPPED, FiscalYear(2025)))


@pytest.fixture(scope="module")
def shipped(made: bytes) -> Workbook:
    return load_workbook(BytesIO(made), data_only=True)


def many(root: Path, lines: int, members: int) -> Path:
    """A council of so many 経費 and members."""
    budget = {f"経費{number}": 1_000 * number for number in range(1, lines + 1)}
    rules = "".join(f"■経費 {name}\n負担割合: 均等割\n" for name in budget)
    figures = {f"第{number}市": {PEOPLE: number} for number in range(1, members + 1)}
    return small.write(root, rules, budget, figures)


def rows(sheet: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def revised(root: Path) -> Workbook:
    """運用費 1,000,000円 becomes 800,000円 and then 850,000円; 事務費 stays at 100,000円."""
    figures = {"甲市": {PEOPLE: 2}, "乙町": {PEOPLE: 1}}
    small.write(root, RULES, {"運用費": 1_000_000, "事務費": 100_000}, figures)
    small.save(root, "rules/r7/00.txt", f"書式: 1\n事業: 共通\n年度: 令和7年度\n状態: 案\n{BILL}")
    small.revise(root, 1, {"運用費": -200_000}, day="令和7年10月1日")
    small.revise(root, 2, {"運用費": 50_000}, day="令和7年12月1日")
    return load_workbook(BytesIO(make(small.run_edition(root, 2))), data_only=True)


def test_after_a_revision_the_budget_stands_as_it_was_and_as_it_is(tmp_path: Path) -> None:
    book = revised(tmp_path)
    for name in ("支出の部", "収入の部"):
        found = rows(book[name])
        head = next(row for row in found if row[0] == "大項目")
        assert [str(text).replace("\n", "") for text in head[2:6]] == [
            "令和7年度当初予算（円）",
            "補正第1号（円）",
            "補正第2号（円）",
            "令和7年度補正後（円）",
        ]
        total = next(row for row in found if row[0] == "合計")
        assert total[2:6] == [1_100_000, -200_000, 50_000, 950_000]
    lines = {row[1]: row[2:6] for row in rows(book["支出の部"])}
    assert lines["運用費"] == [1_000_000, -200_000, 50_000, 850_000]
    assert lines["事務費"] == [100_000, 0, 0, 100_000]


def test_every_title_says_the_edition_and_every_foot_the_council(tmp_path: Path) -> None:
    for sheet in revised(tmp_path):
        header: Any = sheet.oddHeader
        footer: Any = sheet.oddFooter
        assert str(header.left.text).strip().endswith("（補正第2号のあと）"), sheet.title
        assert str(footer.left.text).strip() == "中央共同協議会　補正第2号のあと", sheet.title
        if sheet.title != "データ":
            assert str(sheet["A1"].value or sheet["D1"].value).endswith("（補正第2号のあと）")


def test_the_first_budget_has_one_column_and_says_so_at_the_foot(shipped: Workbook) -> None:
    head = next(row for row in rows(shipped["支出の部"]) if row[0] == "大項目")
    assert head[2:4] == ["令和7年度\n当初予算（円）", "備考"]
    for sheet in shipped:
        footer: Any = sheet.oddFooter
        assert str(footer.left.text).strip() == "あいち電子自治体推進協議会　当初予算"


def height(sheet: Worksheet, row: int) -> float:
    default = sheet.sheet_format.defaultRowHeight or 15.0
    return float(sheet.row_dimensions[row].height or default)


def test_what_stays_in_sight_leaves_most_of_a_small_screen(
    shipped: Workbook, tmp_path: Path
) -> None:
    # 768 pixels are 576 points.
    long = load_workbook(BytesIO(make(small.run(many(tmp_path, 60, 3)))))
    frozen = 0
    for sheet in (*shipped, *long):
        pane = sheet.sheet_view.pane
        kept = int(pane.ySplit or 0) if pane else 0
        frozen += kept > 0
        assert sum(height(sheet, row) for row in range(1, kept + 1)) <= 576 / 3, sheet.title
    assert frozen > 20


def test_what_nobody_knows_of_last_year_is_no_0(tmp_path: Path) -> None:
    """会議事業 is not in the table of last year: its increase, and that of all, is not known."""
    council(tmp_path)
    past = "団体コード,団体名,事業,経費,負担金額（円）\n"
    past += "".join(
        f"{code},{name},研究事業,委託費,{yen}\n"
        for code, name, yen in (
            ("232017", "豊橋市", 500),
            ("232025", "岡崎市", 400),
            ("233021", "東郷町", 100),
        )
    )
    small.save(tmp_path, "members/r7/previous.csv", past)
    book = load_workbook(BytesIO(make(compute(tmp_path, FiscalYear(2025)))), data_only=True)
    found = {row[0]: row[2:6] for row in rows(book["前年度比較"])[:10]}
    assert found["会議事業"] == [1_900, "－", "－", "－"]
    assert found["研究事業"][:3] == [1_413, 1_000, 413]
    assert found["合計"] == [3_313, "－", "－", "－"]
    report = rows(book["会議事業"])
    assert next(row for row in report if row[0] == "総計")[-2:] == ["－", "－"]


OPERATOR = re.compile(
    r"previous|payments|\.txt|\.csv|rules/|members/|apportion|とみられる|支出の部の備考"
    r"|入力への|規則の場所|規則のテキスト|この行の備考|公表の項目名"
)


def test_no_word_is_for_those_who_run_the_program(shipped: Workbook, tmp_path: Path) -> None:
    other = load_workbook(BytesIO(make(council(tmp_path))), data_only=True)
    for sheet in (*shipped, *other):
        told = [str(cell) for row in rows(sheet) for cell in row if cell is not None]
        assert [text for text in told if OPERATOR.search(text)] == [], sheet.title


def test_what_a_note_of_the_council_says_stays_in_the_paper(shipped: Workbook) -> None:
    told = {str(row[3]) for row in rows(shipped["支出の部"])}
    assert {"通信費、消耗品費等", "契約期間 2022.10.1～2027.9.30。研修環境準備も含む"} <= told


def broken_before(sheet: Worksheet) -> Iterator[list[Any]]:
    """First row of each page that we begin."""
    for broken in sheet.row_breaks.brk:
        assert broken.id is not None
        yield [cell.value for cell in sheet[broken.id + 1]]


def test_no_total_and_no_heading_stands_alone_on_a_page(tmp_path: Path) -> None:
    outcome = small.run(many(tmp_path, 100, 60))
    book = load_workbook(BytesIO(make(outcome)), data_only=True)
    seen = 0
    for sheet in book:
        for row in broken_before(sheet):
            seen += 1
            assert not str(row[0]).startswith(("合計", "小計", "総計", "差", "端数円数の計")), sheet
    assert seen > 20


def test_a_settlement_is_readable_and_mostly_no_data(tmp_path: Path) -> None:
    root = settling.worked(tmp_path)
    book = load_workbook(BytesIO(settled_book.make(settle(root, FiscalYear(2025)))))
    members, data = book["団体別"], book["データ"]
    assert members.page_setup.paperSize == 8
    assert int(members.page_setup.scale or 100) >= 80  # of 10 points
    assert data.page_setup.paperSize == 8
    assert str(data.print_area).endswith(f"{get_column_letter(data.max_column)}${data.max_row}")


def test_a_long_name_of_the_highest_level_is_not_cut(tmp_path: Path) -> None:
    long = "とても長い名前の区分" * 6
    edits = [
        ("rules/r7/budget.csv", text, text.replace("運営,", f"{long},"))
        for text in ("運営,会議事業,会議費／開催費,会場費", "運営,会議事業,会議費／開催費,旅費")
    ]
    edits.append(("rules/r7/income.csv", "運営,会議事業", f"{long},会議事業"))
    sheet = load_workbook(BytesIO(make(council(tmp_path, edits=edits))))["支出の部"]
    row = next(cell.row for cell in sheet["A"] if cell.value == long)
    assert f"A{row}:B{row}" in {str(merged) for merged in sheet.merged_cells.ranges}
    wide = sum(sheet.column_dimensions[letter].width * 9 * 0.75 for letter in "AB")
    assert height(sheet, row) >= 10 * 1.2 * (len(long) * 10 / wide)
    assert sheet.column_dimensions["A"].width * 9 * 0.75 < 60


def test_charts_have_japanese_fonts_and_are_told_in_words(made: bytes) -> None:
    parts = zipfile.ZipFile(BytesIO(made))
    charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert charts
    for name in charts:
        text = parts.read(name).decode()
        fonts = re.findall(r'<a:latin typeface="([^"]+)"', text)
        assert fonts
        assert fonts == re.findall(r'<a:ea typeface="([^"]+)"', text)
    drawings = [
        name for name in parts.namelist() if re.fullmatch(r"xl/drawings/drawing\d+.xml", name)
    ]
    for name in drawings:
        told = re.findall(r'<xdr:cNvPr [^>]*descr="([^"]+)"', parts.read(name).decode())
        assert told
        assert all(text.startswith("グラフ: ") for text in told)


def test_a_program_that_opens_it_has_nothing_to_save(made: bytes) -> None:
    book = zipfile.ZipFile(BytesIO(made)).read("xl/workbook.xml").decode()
    assert re.findall(r"<calcPr[^>]*>", book) == ['<calcPr calcId="191029"/>']
