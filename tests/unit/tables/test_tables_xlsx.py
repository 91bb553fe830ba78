"""Workbooks: which values are read, and what is reported about cells and sheets."""

import io
import zipfile
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.tables.conftest import book, budget, repacked, saved, sheet_xml

if TYPE_CHECKING:
    from tests.unit.tables.conftest import Workspace

NAME = "rules/r7/budget"
FILE = f"{NAME}.xlsx"


def test_a_sound_workbook(workspace: "Workspace") -> None:
    workspace.swap(NAME, saved(budget()[0]))
    assert workspace.codes() == []
    tables = workspace.tables()
    first = tables.budget[0]
    assert (first.amount, first.path) == (44_710_000, ("事業費", "運営費"))
    assert first.source.place() == f"{FILE}  表!E2  「予算額（千円）」の列"
    assert first.source.line == 2
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
        (999_999_899_999, 999_999_899_999_000),
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


@pytest.mark.parametrize("written", [b"1000000000000", b"123456789012345678901234567891"])
def test_amounts_that_excel_cannot_hold_are_refused(workspace: "Workspace", written: bytes) -> None:
    workspace.swap(NAME, sheet_xml(b"<v>44710</v>", b"<v>%b</v>" % written))
    problem = workspace.problem()
    assert (problem.code, problem.source.cell) == ("W112", "E2")
    assert "15桁" in problem.why


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


def test_merged_cells_take_the_value_of_the_first(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet.merge_cells("E2:E3")
    workspace.swap(NAME, saved(made))
    assert workspace.problem().source.cell == "E2"
    assert [line.amount for line in workspace.tables().budget] == [44_710_000, 44_710_000]


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
