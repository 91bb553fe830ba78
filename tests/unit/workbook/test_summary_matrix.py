"""団体別経費別 and 部会資料 against the golden charges; names of sheets; pages of A3."""

import csv
import re
import subprocess
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outputs import readback_summary
from apportion.outputs.proof import Bills, charges_of, compare
from apportion.workbook.sheets.names import sheet_names
from apportion.workbook.summary.book import make
from apportion.workbook.workings import book as workings
from tests.office import needed, pdf_text
from tests.unit.workbook.council import TOGO, council
from tests.unit.workbook.odd_council import odd_council
from tests.workspace import SHIPPED

GOLDEN = SHIPPED / "tests/golden/charges_r7.csv"
NAME = "団体別経費別"
CALS = "電子調達（CALS／EC）事業"


@pytest.fixture(scope="module")
def made() -> bytes:
    return make(compute(SHIPPED, FiscalYear(2025)))


@pytest.fixture(scope="module")
def values(made: bytes) -> Workbook:
    return load_workbook(BytesIO(made), data_only=True)


@pytest.fixture(scope="module")
def formulas(made: bytes) -> Workbook:
    return load_workbook(BytesIO(made))


def golden() -> Iterator[tuple[str, str, str, int]]:
    """団体コード, 事業, 経費 and yen of each charge, worked out without the program."""
    with GOLDEN.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            yield row["団体コード"], row["事業"], row["経費"], int(row["負担金額_円"])


def rows(sheet: Any) -> list[list[Any]]:  # noqa: ANN401  cells hold anything
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def matrix(book: Workbook) -> tuple[list[tuple[str, str]], list[list[Any]]]:
    """事業 and heading of every column behind 区分, and the rows of the members and of 総計."""
    found = rows(book[NAME])
    head = next(number for number, row in enumerate(found) if row[0] == "団体\nコード")
    columns, project = [], ""
    for above, heading in zip(found[head - 1][3:], found[head][3:], strict=True):
        project = above or project
        columns.append((project, str(heading)))
    return columns, found[head + 1 :]


def test_every_amount_stands_below_its_line_and_nothing_else_does(values: Workbook) -> None:
    columns, found = matrix(values)
    written = {
        (row[0], *column): yen
        for row in found
        if str(row[0]).isdigit()
        for column, yen in zip(columns, row[3:], strict=True)
        if yen is not None and column[1] not in {"小計", "合計"}
    }
    assert written == {key: yen for *key_, yen in golden() for key in [tuple(key_)]}


def test_subtotals_and_totals_add_up_the_amounts(values: Workbook) -> None:
    columns, found = matrix(values)
    sums: dict[tuple[str, str], int] = {}
    for code, project, line, yen in golden():
        for label in (code, "総計"):
            for place in (f"{project}/{line}", f"{project}/小計", "合計"):
                sums[label, place] = sums.get((label, place), 0) + yen
    seen = 0
    for row in found:
        for (project, heading), cell in zip(columns, row[3:], strict=True):
            column = "合計" if heading == "合計" else f"{project}/{heading}"
            if row[0] == "総計" or (str(row[0]).isdigit() and heading in {"小計", "合計"}):
                seen += 1
                assert cell == sums.get((row[0], column)), (row[0], column)
    assert seen == 54 * 6 + 27 + 6


def test_totals_are_live(formulas: Workbook) -> None:
    columns, found = matrix(formulas)
    last = len(columns) + 2
    first, total = found[0], next(row for row in found if row[0] == "総計")
    assert first[3 + columns.index((columns[0][0], "小計"))] == "=SUM(D8:G8)"
    assert str(first[last]).startswith("=SUM(H8,U8,")  # 愛知県 has no 施設予約
    assert total[3] == "=SUM(D8:D61)"
    assert all(str(cell).startswith("=SUM(") for cell in total[3:])
    difference = next(row for row in found if row[0] == "差")
    assert difference[3] == "=D62-D63"


def test_the_matrix_prints_on_lying_a3_in_eight_points(made: bytes, formulas: Workbook) -> None:
    sheet: Any = formulas[NAME]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    assert sheet.page_setup.scale >= 80  # of 10 points
    assert sheet.freeze_panes == "D8"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$6:$7", "$A:$C")
    columns, _ = matrix(formulas)
    starts = [brk.id for brk in sheet.col_breaks.brk]
    begin = {3 + n for n, (_, heading) in enumerate(columns, start=1) if heading == "小計"}
    assert starts
    assert set(starts) <= begin  # pages begin with a 事業
    ends = [*starts, len(columns) + 3]
    for first, end in zip([3, *starts], ends, strict=True):
        wide = sum(width(sheet, n) for n in (0, 1, 2, *range(first, end)))
        assert wide * sheet.page_setup.scale / 100 < 1190 - 72  # A3 without its margins
    part = zipfile.ZipFile(BytesIO(made)).read("xl/worksheets/sheet5.xml").decode()
    assert "fitToPage" not in part


def width(sheet: Any, column: int) -> float:  # noqa: ANN401  the stubs know no widths
    """Points of a column: the unit is 9 pixels."""
    letter = sheet.cell(1, column + 1).column_letter
    return float(sheet.column_dimensions[letter].width) * 9 * 0.75


def test_the_matrix_is_read_back_and_compared(tmp_path: Path) -> None:
    outcome = council(tmp_path / "council")
    path = tmp_path / "負担金一覧.xlsx"
    path.write_bytes(make(outcome))
    assert {key: cell.yen for key, cell in readback_summary.read(path).lines.items()} == charges_of(
        outcome
    )
    cells = (cell for row in load_workbook(path)[NAME].iter_rows() for cell in row)
    wrong = next(cell for cell in cells if cell.value == 599)
    path.write_bytes(spoilt(path, f'r="{wrong.coordinate}"'.encode()))
    (tmp_path / "請求書").mkdir()
    (tmp_path / "計算書.xlsx").write_bytes(workings.make(outcome))
    found = compare(tmp_path, Bills(charges_of(outcome), {}))
    assert [(p.source.sheet, p.source.cell) for p in found] == [(NAME, wrong.coordinate)]


def spoilt(path: Path, cell: bytes) -> bytes:
    """The workbook with 598 in that cell of the matrix, and every other value as it was."""
    out = BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet5.xml":
                start = data.index(cell)
                assert data[start:].split(b"<v>", 1)[1].startswith(b"599<")
                data = data[:start] + data[start:].replace(b"<v>599<", b"<v>598<", 1)
            target.writestr(name, data)
    return out.getvalue()


def test_a_report_of_a_project_shows_lines_members_and_last_year(values: Workbook) -> None:
    found = rows(values[CALS])
    budget = {str(row[0]): row for row in found[:14]}
    own = [(c, line, yen) for c, project, line, yen in golden() if name_key(project) == KEY]
    for name in {line for _, line, _ in own}:
        yen = [y for _, line, y in own if line == name]
        assert budget[name][10:13] == [len(yen), sum(yen), sum(yen)]
    assert "県が、対象額の50%を負担します。" in budget["第四期サービス利用料"][2]
    with (SHIPPED / "members/r7/previous.csv").open(encoding="utf-8-sig") as file:
        past: dict[str, int] = {}
        for row in csv.DictReader(file):
            if name_key(row["事業"]) == KEY:
                past[row["団体コード"]] = past.get(row["団体コード"], 0) + int(
                    row["負担金額（円）"]
                )
    listed = {str(row[0]): row for row in found if str(row[0]).isdigit()}
    assert list(listed) == sorted({code for code, *_ in own} | past.keys())
    for code, cells in listed.items():
        now = sum(yen for c, _, yen in own if c == code)
        assert cells[10:13] == [now, past[code], now - past[code]]
    total = next(row for row in found if row[0] == "総計")
    assert total[10:13] == [141_047_000, 133_852_000, 7_195_000]


KEY = name_key("電子調達（CALS/EC）事業")


def test_who_paid_last_year_only_is_listed(tmp_path: Path) -> None:
    root = tmp_path / "w"
    council(root)
    (root / "members/r7/previous.csv").write_text(
        "団体コード,団体名,事業,経費,負担金額（円）\n"
        "232017,豊橋市,研究事業,委託費,700\n233021,東郷町,研究事業,委託費,300\n",
        encoding="utf-8",
    )
    (root / "members/r7/roster.csv").write_text(
        "団体コード,団体名,全員,二市\n232017,豊橋市,○,○\n232025,岡崎市,○,○\n233021,東郷町,○,\n",
        encoding="utf-8",
    )
    rules = root / "rules/r7/20.txt"
    rules.write_text(rules.read_text("utf-8").replace("名簿: 全員", "名簿: 二市"), encoding="utf-8")
    book = load_workbook(BytesIO(make(compute(root, FiscalYear(2025)))), data_only=True)
    found = {row[0]: row[2:] for row in rows(book["研究事業"])}
    # 1,499 and −100 halved, 14 in tens: 750 − 50 + 10, 749 − 50 + 4
    assert found["232017"][3:] == [710, 700, 10]
    assert found["232025"][3:] == [703, None, None]
    assert found[TOGO] == [None, None, None, 0, 300, -300]
    notes = [row[0] for row in rows(book["会議事業"])]
    assert "この事業の前年度の額は分かりません。" in notes


def test_a_project_too_wide_for_a4_is_printed_on_several_a3(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(make(odd_council(tmp_path))))
    sheet: Any = book["総務事業"]
    assert sheet.page_setup.paperSize == 8
    assert sheet.page_setup.scale >= 80
    assert sheet.col_breaks.brk
    assert sheet.print_title_cols == "$A:$B"


def test_each_report_of_a_project_is_one_page(made: bytes, tmp_path: Path) -> None:
    soffice = needed()
    (tmp_path / "m.xlsx").write_bytes(made)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(soffice), profile, "--headless", "--convert-to", "pdf", "m.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    texts = pdf_text(tmp_path / "m.pdf").split("\f")
    found = [
        project
        for text in texts
        for project in re.findall(r"部会資料\s+(\S+)", unicodedata.normalize("NFKC", text))
    ]
    wanted = [unicodedata.normalize("NFKC", project) for project in {p for _, p, *_ in golden()}]
    # The header of each page and the title on the sheet say it once each.
    assert Counter(found) == dict.fromkeys(wanted, 2)


def test_a_report_is_on_a4_where_that_is_readable(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(make(council(tmp_path))))
    for name in ("会議事業", "研究事業"):
        sheet: Any = book[name]
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_no_note_is_longer_than_the_first_page_is_wide(formulas: Workbook) -> None:
    sheet: Any = formulas[NAME]
    end = sheet.col_breaks.brk[0].id
    letters = [get_column_letter(column) for column in range(4, end + 1)]
    room = sum(sheet.column_dimensions[letter].width * 9 * 0.75 for letter in letters)
    notes = [row[3].value for row in sheet.iter_rows(min_row=2, max_row=5)]
    assert notes[-1] == "差 = 総計 − 支出の部"
    assert max(len(note) * 10 for note in notes) < room


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (["電子調達（CALS/EC）事業"], ["電子調達（CALS／EC）事業"]),
        (["a[b]:*?\\c"], ["a［b］：＊？＼c"]),
        (["総括", "データ"], ["総括（2）", "データ（2）"]),
        (["ＡＢＣ", "abc"], ["ＡＢＣ", "abc（2）"]),
        (["'事業'", "履歴", "''"], ["事業", "履歴（2）", "事業（2）"]),
        (["事" * 40, "事" * 40], ["事" * 31, "事" * 28 + "（2）"]),
        (["𠮷" * 20], ["𠮷" * 15]),
    ],
)
def test_names_of_sheets_are_safe_and_all_different(wanted: list[str], names: list[str]) -> None:
    assert sheet_names(wanted, ["総括", "データ"]) == names
