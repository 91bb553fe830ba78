"""The gate: workbooks that must not even be opened."""

from typing import TYPE_CHECKING

import pytest

from apportion.tables import xlsx_gate
from tests.unit.tables.conftest import ROWS, book, budget, repacked, saved, sheet_xml

if TYPE_CHECKING:
    from tests.unit.tables.conftest import Workspace

NAME = "rules/r7/budget"
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


@pytest.mark.parametrize(("limit", "refused"), [(16 + 10 * 15, False), (16 + 10 * 15 - 1, True)])
def test_merged_ranges_count_with_all_their_cells(
    monkeypatch: pytest.MonkeyPatch, limit: int, *, refused: bool
) -> None:
    merged = b"<mergeCells>" + b'<mergeCell ref="B1:F3"/>' * 10 + b"</mergeCells>"
    data = sheet_xml(b"</sheetData>", b"</sheetData>" + merged)
    monkeypatch.setattr(xlsx_gate, "MAX_CELLS", limit)
    assert (xlsx_gate.refusal(data) is not None) == refused
