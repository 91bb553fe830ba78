"""負担金一覧.xlsx as a whole: sheets, live formulas with their values, print set-up, same bytes."""

import csv
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from apportion.core.year import FiscalYear
from apportion.outcome.charges import charges_csv
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.outcome.reconcile import equations
from apportion.workbook.summary.book import make
from apportion.years.begin import starter
from tests.unit.workbook.council import council
from tests.unit.workbook.odd_council import odd_council
from tests.workspace import SHIPPED

PROJECTS = [
    "電子申請・届出システム事業",
    "施設予約事業",
    "電子調達（CALS／EC）事業",
    "電子調達（物品等）事業",
    "セキュリティ等関連事業",
]
SHEETS = [
    *("総括", "収入の部", "支出の部", "団体別事業別", "団体別経費別"),
    *PROJECTS,
    *("前年度比較", "人口1人当たり", "負担割合", "規則の文", "端数処理表", "突合"),
    *("調定一覧（例）", "送付一覧（例）", "データ"),
]
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return compute(SHIPPED, FiscalYear(2025))


@pytest.fixture(scope="module")
def made(outcome: Outcome) -> bytes:
    return make(outcome)


@pytest.fixture(scope="module")
def formulas(made: bytes) -> Workbook:
    return load_workbook(BytesIO(made))


@pytest.fixture(scope="module")
def values(made: bytes) -> Workbook:
    return load_workbook(BytesIO(made), data_only=True)


def live(book: Workbook) -> Iterator[tuple[str, str]]:
    """Sheet and address of every formula."""
    for sheet in book:
        for row in sheet.iter_rows():
            yield from ((sheet.title, cell.coordinate) for cell in row if cell.data_type == "f")


def header(sheet: Any) -> tuple[str, str]:  # noqa: ANN401  the stubs know no parts of a header
    """Left and right part of the page header."""
    return str(sheet.oddHeader.left.text or ""), str(sheet.oddHeader.right.text or "")


def footer(sheet: Any) -> str:  # noqa: ANN401  the same
    return str(sheet.oddFooter.center.text)


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_sheets_stand_in_their_order(formulas: Workbook) -> None:
    assert formulas.sheetnames == SHEETS


def test_same_outcome_same_bytes(outcome: Outcome, made: bytes, tmp_path: Path) -> None:
    path = tmp_path / "負担金一覧.xlsx"
    path.write_bytes(make(outcome))
    assert path.read_bytes() == made
    assert make(compute(SHIPPED, FiscalYear(2025))) == made


def test_the_date_is_the_first_day_of_the_year(made: bytes) -> None:
    core = zipfile.ZipFile(BytesIO(made)).read("docProps/core.xml").decode()
    assert set(re.findall(r">(\d{4}-\d\d-\d\dT[\d:]+Z)<", core)) == {"2025-04-01T00:00:00Z"}


def test_every_formula_has_its_value(made: bytes, formulas: Workbook, values: Workbook) -> None:
    places = list(live(formulas))
    assert len(places) > 500
    assert {sheet for sheet, _ in places} == set(SHEETS) - {"負担割合", "規則の文", "データ"}
    assert [place for place in places if values[place[0]][place[1]].value is None] == []
    parts = zipfile.ZipFile(BytesIO(made))
    for name in parts.namelist():
        if name.startswith("xl/worksheets/sheet"):
            text = parts.read(name).decode()
            assert text.count("<f>") == len(re.findall(r"</f><v>[^<]+</v>", text))


def test_sheet_names_in_formulas_are_quoted(formulas: Workbook) -> None:
    across = [f for s, a in live(formulas) if "!" in (f := str(formulas[s][a].value))]
    assert len(across) > 50
    for formula in across:
        assert formula.count("!") == len(re.findall(r"'[^']+'!", formula))


def test_only_plain_functions_are_used(formulas: Workbook) -> None:
    used = {
        name
        for sheet, address in live(formulas)
        for name in re.findall(r"([A-Z]+)\(", str(formulas[sheet][address].value))
    }
    assert used == {"SUM", "SUMPRODUCT", "EXACT", "COUNT", "IF", "ROUND"}


def recalculated(folder: Path, *books: bytes) -> list[Workbook]:
    """The books as LibreOffice computes them anew."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user/registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    files = [folder / f"{number}.xlsx" for number in range(len(books))]
    for file, data in zip(files, books, strict=True):
        file.write_bytes(data)
    office = shutil.which("soffice")
    assert office is not None
    subprocess.run(
        [
            *(office, f"-env:UserInstallation={profile.as_uri()}", "--headless"),
            *("--convert-to", "xlsx", "--outdir", str(folder / "out"), *map(str, files)),
        ],
        check=True,
        capture_output=True,
    )
    return [load_workbook(folder / "out" / file.name, data_only=True) for file in files]


def differing(data: bytes, computed: Workbook) -> list[tuple[str, str]]:
    written, formulas = load_workbook(BytesIO(data), data_only=True), load_workbook(BytesIO(data))
    return [
        (sheet, address)
        for sheet, address in live(formulas)
        if written[sheet][address].value != computed[sheet][address].value
    ]


def spoilt(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with one place in its sheets replaced."""
    out, count = BytesIO(), 0
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/") and not count:
                count += part.count(old)
                part = part.replace(old, new, 1)
            target.writestr(name, part)
    assert count
    return out.getvalue()


def tampered(outcome: Outcome) -> Outcome:
    """One yen more than the budget and the instalments, which no run would let pass."""
    first, *others = outcome.results
    yen = (first.rounded.yen[0] + 1, *first.rounded.yen[1:])
    moved = (replace(first, rounded=replace(first.rounded, yen=yen)), *others)
    wrong = replace(outcome, results=moved)
    billed = wrong.by_member
    found = equations(outcome.tables, moved, billed, outcome.instalments)
    return replace(wrong, billed=billed, equations=found)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_spreadsheet_computes_the_same_values(
    outcome: Outcome, made: bytes, tmp_path: Path
) -> None:
    starter.init(tmp_path / "init", starter.COUNCIL)
    right = [
        council(tmp_path / "council"),
        odd_council(tmp_path / "odd", "議決"),
        compute(tmp_path / "init", starter.YEAR),
        *(compute(SHIPPED, FiscalYear(year)) for year in (2021, 2022, 2024)),
        tampered(outcome),
    ]
    planted = spoilt(made, b"<v>385422000</v>", b"<v>385422001</v>")
    books = (made, *map(make, right), planted)
    computed = recalculated(tmp_path, *books)
    found = [differing(data, book) for data, book in zip(books, computed, strict=True)]
    assert found[:-1] == [[]] * (len(books) - 1)
    assert len(found[-1]) == 1


def test_the_front_page_says_that_all_agrees(values: Workbook, formulas: Workbook) -> None:
    assert "すべて一致" in texts(values["総括"])
    verdict = [text for text in texts(formulas["総括"]) if text.startswith("=IF(")]
    assert len(verdict) == 1
    assert re.fullmatch(
        r'=IF\(SUM\(B\d+:B\d+,B\d+:B\d+\)=0,"すべて一致","一致しない所があります"\)', verdict[0]
    )


def test_the_front_page_says_when_something_does_not(outcome: Outcome) -> None:
    book = load_workbook(BytesIO(make(tampered(outcome))), data_only=True)
    assert "一致しない所があります" in texts(book["総括"])
    wrong = {row[0].value: row[1].value for row in book["総括"].iter_rows(min_row=20)}
    # 差 of the 経費, of every level above it, of 小計 and 合計; the 端数 table sees it as well.
    assert wrong["支出の部"] == 7
    assert wrong["団体別事業別"] == 4
    # the 経費, 小計 and 合計; 部会資料 and 送付一覧 agree with what is charged.
    assert wrong["団体別経費別"] == 3
    assert wrong[PROJECTS[0]] == wrong["送付一覧（例）"] == 0
    assert wrong["調定一覧（例）"] == 2  # the 期 of 愛知県, and their 合計
    # 経費, two levels of 項, 事業 and 区分 against both parts, 愛知県, and 総額 against both parts
    assert wrong["突合"] == 1 + 2 + 2 + 2 + 1 + 2


def test_the_front_page_gives_the_totals_of_each_project(values: Workbook) -> None:
    rows = {
        str(row[0].value): [cell.value for cell in row[1:7]]
        for row in values["総括"].iter_rows(max_row=16)
    }
    assert rows["電子申請・届出システム事業"] == [40_856_000, 40_856_000, 54, 40_856_000, 0, 0]
    assert rows["施設予約事業"] == [56_152_000, 56_152_000, 40, 56_152_000, 0, 0]
    assert rows["システム事業"] == [352_669_000, 352_669_000, 54, 352_669_000, 0, 0]
    assert rows["合計"] == [385_422_000, 385_422_000, 54, 385_422_000, 0, 0]


@pytest.mark.parametrize(
    ("state", "stamp"),
    [
        ("例", "例　これは計算例です。協議会の決定ではありません。"),
        ("案", "案　これは案です。まだ議決されていません。"),
    ],
)
def test_what_is_not_decided_says_so_on_every_page(tmp_path: Path, state: str, stamp: str) -> None:
    book = load_workbook(BytesIO(make(council(tmp_path, state))))
    for sheet in book:
        assert stamp in header(sheet)[1]
        if sheet.title != "データ":
            assert stamp in texts(sheet)


def test_what_is_decided_has_no_stamp(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(make(council(tmp_path))))
    for sheet in book:
        assert header(sheet)[1] == ""
        assert not [text for text in texts(sheet) if text.startswith(("例　", "案　"))]


WIDE = {"団体別経費別"}
A3 = {*WIDE, *PROJECTS, "データ"} - {"施設予約事業"}
BROKEN = {"前年度比較", "人口1人当たり"}
"""Sheets whose pages begin where we say: a sheet that is fitted to pages has no such breaks."""


def test_every_page_is_ready_to_print(formulas: Workbook) -> None:
    for sheet in formulas:
        assert sheet.page_setup.paperSize == (8 if sheet.title in A3 else 9)
        if sheet.title not in WIDE | BROKEN:
            assert sheet.page_setup.fitToWidth in {None, 1}  # 1 is the default of the format
            high = {"団体別事業別": 2, **dict.fromkeys(PROJECTS, 1)}.get(sheet.title, 0)
            assert sheet.page_setup.fitToHeight in ({None, 1} if high == 1 else {high})
        assert sheet.print_title_rows
        assert "&P / &N" in footer(sheet)
        assert header(sheet)[0].strip().startswith("令和7年度　")
    turned = {sheet.title for sheet in formulas if sheet.page_setup.orientation == "landscape"}
    upright = {"総括", "突合", "調定一覧（例）", "データ", *PROJECTS} | BROKEN
    assert turned == set(SHEETS) - upright


def test_no_number_is_wider_than_its_column(values: Workbook) -> None:
    # A digit of the font is 0.76 of its size wide, a comma 0.33; the unit of widths is 9 pixels.
    seen = 0
    for sheet in values:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int):
                    seen += 1
                    text = f"{cell.value:,}"
                    needed = 10 * (0.76 * len(text) - 0.43 * text.count(","))
                    room = sheet.column_dimensions[cell.column_letter].width * 9 * 0.75
                    assert room > needed + 4, (sheet.title, cell.coordinate)
    assert seen > 5000


def test_data_of_the_input_never_becomes_a_formula(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(make(council(tmp_path))))
    for sheet, wanted in (("支出の部", {"=1+1", "@旅費", "-100円"}), ("収入の部", {"+1"})):
        cells = [row[3] for row in book[sheet].iter_rows()]
        assert {str(cell.value) for cell in cells} >= wanted
        assert {cell.data_type for cell in cells if cell.value in wanted} == {"s"}


def test_the_members_sheet_adds_up_both_ways(
    made: bytes, values: Workbook, outcome: Outcome
) -> None:
    sheet = values["団体別事業別"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if row[0] == "団体コード")
    owed: Counter[tuple[str, str]] = Counter()
    for charge in outcome.charges:
        owed[charge.member.code, charge.line.project] += charge.yen
    members = [row for row in rows if str(row[0]).isdigit()]
    assert [row[0] for row in members] == sorted({code for code, _ in owed})
    for row in members:
        found = {(row[0], name): yen for name, yen in zip(head[3:-1], row[3:-1], strict=True)}
        assert {key: yen for key, yen in found.items() if yen is not None} == {
            key: yen for key, yen in owed.items() if key[0] == row[0]
        }
        assert row[-1] == sum(int(str(yen)) for yen in row[3:-1] if yen is not None)
    with (SHIPPED / "rules/r7/income.csv").open(encoding="utf-8-sig") as file:
        income = {
            row["事業"]: int(row["予算額（円）"])
            for row in csv.DictReader(file)
            if row["科目"] == "負担金収入"
        }
    total = next(row for row in rows if row[0] == "総計")
    assert dict(zip(head[3:-1], total[3:-1], strict=True)) == income
    assert total[-1] == 385_422_000
    assert b"385422000" in zipfile.ZipFile(BytesIO(made)).read("xl/worksheets/sheet4.xml")


def test_who_owes_nothing_differs_from_who_takes_no_part(tmp_path: Path) -> None:
    edits = [
        ("rules/r7/budget.csv", "会場費,1000,", "会場費,0,"),
        ("rules/r7/budget.csv", "旅費,1001,", "旅費,0,"),
        ("rules/r7/income.csv", "負担金収入,1900,", "負担金収入,0,"),
        ("rules/r7/income.csv", "繰越金,601,", "繰越金,500,"),
        ("rules/r7/10.txt", "名簿: 全員", "名簿: 二市"),
        ("members/r7/roster.csv", "全員\n", "全員,二市\n"),
        ("members/r7/roster.csv", "豊橋市,○", "豊橋市,○,○"),
        ("members/r7/roster.csv", "岡崎市,○", "岡崎市,○,○"),
        ("members/r7/roster.csv", "東郷町,○", "東郷町,○,"),
    ]
    book = load_workbook(BytesIO(make(council(tmp_path, edits=edits))), data_only=True)
    rows = [[cell.value for cell in row] for row in book["団体別事業別"].iter_rows()]
    assert [row[3] for row in rows if str(row[0]).isdigit()] == [0, 0, None]
    front = {row[0].value: row[3].value for row in book["総括"].iter_rows(max_row=12)}
    assert (front["会議事業"], front["研究事業"], front["合計"]) == (2, 3, 3)


def test_the_data_sheet_holds_values_only(formulas: Workbook) -> None:
    sheet = formulas["データ"]
    assert not sheet.merged_cells.ranges
    assert sheet.freeze_panes == "A2"
    assert range_boundaries(str(sheet.auto_filter.ref)) == (1, 1, 12, sheet.max_row)
    assert ",".join(str(cell.value) for cell in sheet[1]) == (
        "年度,年度（西暦）,団体コード,団体名,団体区分,事業区分,事業,経費,"
        "対象額_円,正確額_円,負担金額_円,端数加算_円"
    )


def test_the_data_sheet_is_printed_from_code_to_rounding(formulas: Workbook) -> None:
    sheet = formulas["データ"]
    assert sheet.print_area == f"'データ'!$C$1:$L${sheet.max_row}"


def test_the_data_sheet_holds_the_rows_of_the_file(formulas: Workbook, outcome: Outcome) -> None:
    written = list(
        csv.reader(charges_csv(outcome.year, outcome.charges).decode("utf-8-sig").splitlines())
    )[1:]
    rows = [[cell.value for cell in row] for row in formulas["データ"].iter_rows(min_row=2)]
    assert {row[1] for row in rows} == {2025}
    assert [[str(value) for value in (row[0], *row[2:])] for row in rows] == [
        row[:-1] for row in written
    ]
    assert {type(row[10]) for row in rows} == {int}


def test_every_equation_stands_in_the_proof_with_a_live_difference(
    formulas: Workbook, values: Workbook, outcome: Outcome
) -> None:
    listed = equations_of(values)
    assert [row[1:5] for row in listed.values()] == [
        [e.level, e.name, e.left, e.right] for e in outcome.equations
    ]
    for number in listed:
        assert formulas["突合"].cell(number, 6).value == f"=D{number}-E{number}"


def equations_of(book: Workbook) -> dict[int, list[Any]]:
    rows = enumerate(book["突合"].iter_rows(values_only=True), start=1)
    return {number: list(row) for number, row in rows if isinstance(row[0], int)}


ORIGINS = {
    "経費": {("データ", "支出の部")},
    "項": {("データ", "支出の部")},
    "事業": {("データ", "支出の部"), ("データ", "収入の部")},
    "区分": {("データ", "支出の部"), ("データ", "収入の部")},
    "団体": {("調定一覧", "団体別事業別")},
    "納期": {("調定一覧", "収入の部")},
    "総額": {("データ", "支出の部"), ("データ", "収入の部"), ("収入の部", "支出の部")},
}


def test_both_sides_of_every_equation_refer_to_other_sheets(formulas: Workbook) -> None:
    found: dict[str, set[tuple[str, str]]] = {}
    for row in equations_of(formulas).values():
        found.setdefault(row[1], set()).add((row[6], row[7]))
        for side, origin in ((row[3], row[6]), (row[4], row[7])):
            sheets = set(re.findall(r"'([^']+)'!", side))
            assert {sheet.removesuffix("（例）") for sheet in sheets} == {origin}
    assert found == ORIGINS


def test_what_no_sheet_shows_stays_a_value_with_a_mark(tmp_path: Path) -> None:
    outcome = odd_council(tmp_path, "議決")
    data = make(outcome)
    written, shown = (
        equations_of(load_workbook(BytesIO(data), data_only=d)) for d in (False, True)
    )
    assert [row[3:5] for row in shown.values()] == [[e.left, e.right] for e in outcome.equations]
    sides = [(row[2], side, row) for row in written.values() for side in (3, 4)]
    typed = {(name, side) for name, side, row in sides if isinstance(row[side], int)}
    marked = {(name, side) for name, side, row in sides if row[side + 3] == "値"}
    # 端数未調整額 and 繰越 have no cell of their own.
    assert typed == marked == {("収入の部の合計＋端数未調整額＋繰越 = 支出の部の合計", 3)}


def test_a_price_gap_is_a_cell_of_the_left_side(tmp_path: Path) -> None:
    # 333円 from each of three is 999円; the budget asks for 1,000円
    price = "■経費 会場費\n負担割合: 参加団体に 333円ずつ\n検算: 合計 = 予算額（±1円）"
    edits = [("rules/r7/10.txt", "■経費 会場費\n負担割合: 均等割", price)]
    outcome = council(tmp_path, edits=edits)
    book = load_workbook(BytesIO(make(outcome)))
    found = {row[2]: row for row in equations_of(book).values() if "＋単価差" in row[2]}
    assert {row[6] for row in found.values()} == {"データ、収入の部", "調定一覧、収入の部"}
    total = found["団体の負担金の総計＋単価差 = 収入の部（負担金収入）"]
    assert re.fullmatch(r"=SUM\('データ'!\S+\)\+SUM\('収入の部'!\$G\S+\)", total[3])
