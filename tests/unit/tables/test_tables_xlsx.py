"""Workbooks: what is read, what is reported, and what must not even be opened."""

import io
import zipfile
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from apportion.tables import xlsx_gate
from tests.unit.tables.conftest import book, saved

if TYPE_CHECKING:
    from openpyxl import Workbook

    from tests.unit.tables.conftest import Workspace

NAME = "rules/r7/budget"
FILE = f"{NAME}.xlsx"
ROWS: list[list[Any]] = [
    ["区分", "事業", "項", "経費", "予算額（千円）", "備考"],
    ["システム事業", "施設予約事業", "事業費／運営費", "運用保守", 44710, None],
    ["システム事業", "施設予約事業", None, "事務費", 200, "郵便料など"],
]


def budget() -> tuple["Workbook", Worksheet]:
    """Sound budget as a workbook, and its sheet."""
    made = book(ROWS)
    return made, made.worksheets[0]


def repacked(data: bytes, change: dict[str, bytes]) -> bytes:
    """The archive with parts changed or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change.pop(name, old.read(name)))
        for name, part in change.items():
            new.writestr(name, part)
    return target.getvalue()


def sheet_xml(old: bytes, new: bytes) -> bytes:
    """Sound budget with one place of the sheet's XML changed."""
    data = saved(budget()[0])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.read("xl/worksheets/sheet1.xml")
    assert part.count(old) == 1
    return repacked(data, {"xl/worksheets/sheet1.xml": part.replace(old, new)})


def test_a_sound_workbook(workspace: "Workspace") -> None:
    workspace.swap(NAME, saved(budget()[0]))
    assert workspace.codes() == []
    tables = workspace.tables()
    first = tables.budget[0]
    assert (first.amount, first.path) == (44_710_000, ("事業費", "運営費"))
    assert first.source.place() == f"{FILE}  表!E2  「予算額（千円）」の列"
    assert tables.files[0] == FILE


@pytest.mark.parametrize(
    ("number", "amount"),
    [
        (0, 0),
        (0.1, 100),
        (10.5, 10_500),
        (0.29, 290),
        (1.1, 1_100),
        (-3, -3_000),
        (1e15, 1_000_000_000_000_000_000),
        (4.35, 4_350),
        (1e-3, 1),
    ],
)
def test_numbers_are_what_was_typed(workspace: "Workspace", number: float, amount: int) -> None:
    made, sheet = budget()
    sheet["E2"] = number
    workspace.swap(NAME, saved(made))
    assert workspace.codes() == []
    assert workspace.tables().budget[0].amount == amount


def test_codes_as_numbers(workspace: "Workspace") -> None:
    rows: list[list[Any]] = [["団体コード", "団体名", "人口（人）"], [232017, "豊橋市", 371920]]
    workspace.swap("members/r7/figures", saved(book(rows)))
    assert workspace.codes() == []
    assert workspace.tables().figures[0].values == {"232017": 371920}


def test_dates_of_a_register(workspace: "Workspace") -> None:
    text = (workspace.root / "members/members.csv").read_text(encoding="utf-8")
    rows: list[list[Any]] = [line.split(",") for line in text.splitlines()]
    rows[4][6] = date(2012, 1, 4)
    expected = workspace.tables().members
    workspace.swap("members/members", saved(book(rows)))
    assert workspace.codes() == []
    assert workspace.tables().members == expected


def test_a_date_in_a_roster_is_mended(workspace: "Workspace") -> None:
    rows: list[list[Any]] = [
        ["団体コード", "団体名", "施設予約"],
        ["232017", "豊橋市", date(2025, 10, 1)],
    ]
    workspace.swap("members/r7/roster", saved(book(rows)))
    problem = workspace.problem()
    assert (problem.code, problem.source.cell) == ("W311", "C2")
    assert "「令和7年10月1日から」" in problem.fix


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("44,710", "W133"),
        ("４４７１０", "W133"),
        (date(2025, 1, 3), "W117"),
        (time(1, 30), "W117"),
        (True, "W112"),
        ("#REF!", "W112"),
        ("－", "W115"),
    ],
)
def test_cells_that_are_no_plain_number(workspace: "Workspace", value: object, code: str) -> None:
    made, sheet = budget()
    sheet["E2"] = value  # type: ignore[assignment]
    workspace.swap(NAME, saved(made))
    problem = workspace.problem()
    assert (problem.code, problem.source.sheet, problem.source.cell) == (code, "表", "E2")
    assert "ほか" not in problem.what


def test_text_digits_are_read_and_said_once(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet["E2"], sheet["E3"] = "44,710", "200"
    workspace.swap(NAME, saved(made))
    assert "（ほか1か所）" in workspace.problem().what
    assert [line.amount for line in workspace.tables().budget] == [44_710_000, 200_000]


def test_a_formula_without_a_stored_value(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet["E2"] = "=40000+4710"
    workspace.swap(NAME, saved(made))
    problem = workspace.problem()
    assert (problem.code, problem.source.cell) == ("W111", "E2")


def test_a_formula_with_a_stored_value(workspace: "Workspace") -> None:
    workspace.swap(NAME, sheet_xml(b"<v>44710</v>", b"<f>40000+4710</f><v>44710</v>"))
    problem = workspace.problem()
    assert (problem.code, problem.level.value, problem.source.cell) == ("W132", "注意", "E2")
    assert workspace.tables().budget[0].amount == 44_710_000


def test_infinity_is_no_value(workspace: "Workspace") -> None:
    workspace.swap(NAME, sheet_xml(b"<v>44710</v>", b"<v>1e999</v>"))
    assert workspace.problem().code == "W112"


def test_merged_cells_give_one_message(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet.merge_cells("A2:B3")
    workspace.swap(NAME, saved(made))
    problem = workspace.problem()
    assert (problem.code, problem.source.cell) == ("W110", "A2")
    assert "A2:B3" in problem.what


def test_merged_cells_without_content_are_fine(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet.merge_cells("A6:B7")
    workspace.swap(NAME, saved(made))
    assert workspace.codes() == []


def test_hidden_rows_and_columns_are_read_and_named(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.column_dimensions["D"].width = 20
    sheet.column_dimensions["J"].hidden = True
    sheet.row_dimensions[9].hidden = True
    workspace.swap(NAME, saved(made))
    _, problems = workspace.load()
    assert [(problem.code, problem.source.cell) for problem in problems] == [
        ("W134", "A3"),
        ("W134", "C1"),
    ]
    assert len(workspace.tables().budget) == 2


def test_only_the_first_visible_sheet_is_read(workspace: "Workspace") -> None:
    made, _ = budget()
    hidden = made.create_sheet("控え", 0)
    hidden.append(["古い"])
    hidden.sheet_state = "hidden"
    made.create_sheet("空")
    workspace.swap(NAME, saved(made))
    problem = workspace.problem()
    assert (problem.code, problem.source.sheet) == ("W143", "控え")
    assert workspace.tables().budget[0].amount == 44_710_000


def test_a_workbook_with_hidden_sheets_only(workspace: "Workspace") -> None:
    data = saved(budget()[0])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.read("xl/workbook.xml").replace(b'"visible"', b'"hidden"')
    workspace.swap(NAME, repacked(data, {"xl/workbook.xml": part}))
    assert workspace.problem().code == "W106"


def test_headings_with_a_line_break(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet["E1"] = "予算額\n(千円)"
    workspace.swap(NAME, saved(made))
    assert workspace.codes() == []


def test_a_value_beside_the_table(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet["H3"], sheet["I3"] = "要確認", "済"
    workspace.swap(NAME, saved(made))
    assert (workspace.problem().code, workspace.problem().source.cell) == ("W120", "H3")


def test_an_empty_workbook(workspace: "Workspace") -> None:
    workspace.swap(NAME, saved(book([])))
    assert workspace.problem().code == "W106"


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ではありません"),
        ("区分,事業".encode(), "ではありません"),
        (OLD, "古い形式（.xls）"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        (b"PK\x03\x04 and no more", "壊れて"),
        (saved(book(ROWS))[:3000], "壊れて"),
        (repacked(saved(book(ROWS)), {"xl/workbook.xml": b"<broken"}), "壊れて"),
        (sheet_xml(b'r="E2"', b'r="2E"'), "壊れて"),
        (sheet_xml(b'<row r="2"', b'<row r="two"'), "壊れて"),
        (repacked(saved(book(ROWS)), {"[Content_Types].xml": b"<a/>"}), "壊れて"),
    ],
)
def test_what_is_no_workbook(workspace: "Workspace", data: bytes, words: str) -> None:
    workspace.swap(NAME, data)
    problem = workspace.problem()
    assert problem.code == "W104"
    assert words in problem.what
    assert workspace.load()[0] is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (repacked(saved(book(ROWS)), {"xl/vbaProject.bin": b"x"}), "マクロ"),
        (repacked(saved(book(ROWS)), {"xl/externalLinks/externalLink1.xml": b"<a/>"}), "リンク"),
        (
            sheet_xml(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
            "DOCTYPE",
        ),
        (
            repacked(
                saved(book(ROWS)),
                {
                    "xl/a.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode(
                        "utf-16"
                    )
                },
            ),
            "DOCTYPE",
        ),
        (sheet_xml(b'r="E2"', b'r="XFD1048576"'), "範囲"),
        (sheet_xml(b'r="E2"', b'r="E10001"'), "範囲"),
        (sheet_xml(b'r="E2"', b'r="SG2"'), "範囲"),
        (sheet_xml(b'<c r="E2"', b'<c a=">" r="E10001"'), "範囲"),
        (sheet_xml(b'r="E2"', b'r="GS5001"'), "範囲"),
        (
            sheet_xml(
                b"</sheetData>", b'<row r="9"/><row>' + b"<c/>" * 501 + b"</row></sheetData>"
            ),
            "範囲",
        ),
        (sheet_xml(b"</sheetData>", b'<row r="10000"/><row><c/></row></sheetData>'), "範囲"),
        (
            sheet_xml(
                b"</sheetData>",
                b'</sheetData><mergeCells><mergeCell ref="A1:ZZ20000"/></mergeCells>',
            ),
            "範囲",
        ),
        (
            sheet_xml(
                b"</sheetData>",
                b"</sheetData><mergeCells>"
                + b'<mergeCell ref="$A$1:$SF$900"/>' * 2
                + b"</mergeCells>",
            ),
            "範囲",
        ),
        (
            sheet_xml(
                b"</sheetData>",
                b'</sheetData><hyperlinks><hyperlink ref="A1:XFD9" display="a"/></hyperlinks>',
            ),
            "範囲",
        ),
        (repacked(saved(book(ROWS)), {"xl/a.xml": b"<a>" + bytes(2_000_000) + b"</a>"}), "圧縮"),
        (repacked(saved(book(ROWS)), {f"xl/{n}.xml": b"" for n in range(2000)}), "大きすぎ"),
    ],
)
def test_what_must_not_be_opened(workspace: "Workspace", data: bytes, words: str) -> None:
    workspace.swap(NAME, data)
    problem = workspace.problem()
    assert problem.code == "W105"
    assert words in problem.what


@pytest.mark.parametrize(("column", "codes"), [(20, []), (21, ["W105"])])
def test_the_rectangle_up_to_the_last_cell_counts(
    workspace: "Workspace", monkeypatch: pytest.MonkeyPatch, column: int, codes: list[str]
) -> None:
    monkeypatch.setattr(xlsx_gate, "MAX_CELLS", 1000)
    made, sheet = budget()
    sheet.cell(50, column).number_format = "0"
    workspace.swap(NAME, saved(made))
    assert workspace.codes() == codes


def test_formatted_rows_without_cells_do_not_matter(workspace: "Workspace") -> None:
    workspace.swap(NAME, sheet_xml(b"</sheetData>", b'<row r="1048576" ht="20"/></sheetData>'))
    assert workspace.codes() == []
