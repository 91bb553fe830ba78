"""Workbooks as a person sees them: formats, notes, lines through, and cells that nobody uses."""

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.workbook.defined_name import DefinedName

from apportion.tables.edit import Changes, changed
from tests.unit.tables.conftest import book, budget, repacked, saved

if TYPE_CHECKING:
    from tests.unit.tables.conftest import Workspace

NAME = "rules/r7/budget"
FIGURES = "members/r7/figures"
NOTE, STRUCK = InlineFont(vertAlign="superscript"), InlineFont(strike=True)


def rates(value: object, code: str, unit: str = "%") -> bytes:
    made = book([["団体コード", "団体名", f"率（{unit}、令和7年）"], ["232017", "豊橋市", value]])
    made.worksheets[0]["C2"].number_format = code
    return saved(made)


@pytest.mark.parametrize(
    ("value", "code", "amount"),
    [
        (44_710_000, "#,##0,", 44_710_000),  # 44,710 千円 is seen
        (44710, "#,##0", 44_710_000),
        (44710, '#,##0"千円"', 44_710_000),
        (44710, "¥#,##0", 44_710_000),
        (44709.99999999999, "#,##0", 44_710_000),  # 16 digits, of which Excel shows 15
        (124599.99999999999, "#,##0", 124_600_000),
        (-5, "#,##0;△#,##0", -5_000),
    ],
)
def test_what_is_seen_is_read(workspace: "Workspace", value: float, code: str, amount: int) -> None:
    made, sheet = budget()
    sheet["E2"] = value
    sheet["E2"].number_format = code
    workspace.swap(NAME, saved(made))
    assert workspace.codes() == []
    assert workspace.tables().budget[0].amount == amount


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (44710.5, "#,##0"),
        (44_710_400, "#,##0,"),
        (44710, ";;;"),
        (44710, '#,##0"円"'),
        (44710, "0%"),
        (-5, "0;0"),
        (44710, "0.0E+00"),
        ("44710", ";;;"),
        (CellRichText(TextBlock(STRUCK, "44"), "710"), "General"),
    ],
)
def test_what_is_not_what_is_seen_is_refused(
    workspace: "Workspace", value: object, code: str
) -> None:
    made, sheet = budget()
    sheet["E2"] = value  # type: ignore[assignment]
    sheet["E2"].number_format = code
    workspace.swap(NAME, saved(made))
    problem = workspace.problem()
    assert (problem.code, problem.source.cell) == ("W130", "E2")


@pytest.mark.parametrize(
    ("value", "code", "unit", "read"),
    [
        (0.25, "0%", "%", 25),
        (25, "General", "%", 25),
        (0.125, "0.0%", "%", 12.5),
        (0.25, "0%", "人", None),
    ],
)
def test_percents(
    workspace: "Workspace", value: float, code: str, unit: str, read: float | None
) -> None:
    workspace.swap(FIGURES, rates(value, code, unit))
    if read is None:
        assert (workspace.problem().code, workspace.problem().source.cell) == ("W130", "C2")
    else:
        assert workspace.codes() == []
        assert workspace.tables().figures[0].values == {"232017": read}


def test_a_code_is_read_with_the_zeros_that_are_seen(workspace: "Workspace") -> None:
    text = (workspace.root / "members/members.csv").read_text(encoding="utf-8")
    rows: list[list[Any]] = [line.split(",") for line in text.splitlines()]
    rows.append([11002, "札幌市", "サッポロシ", "政令市", None, None, None, None, None])
    made = book(rows)
    made.worksheets[0]["A7"].number_format = "000000"
    workspace.swap("members/members", saved(made))
    assert workspace.codes() == []
    assert workspace.tables().by_code["011002"].name == "札幌市"


@pytest.mark.parametrize(
    ("runs", "read"),
    [
        (("運用保守", TextBlock(NOTE, "注1")), "運用保守"),
        (("運用", TextBlock(InlineFont(b=True), "保守")), "運用保守"),
        (("面積km", TextBlock(NOTE, "2")), "面積km2"),
        (("A", TextBlock(NOTE, "1"), "B"), "A1B"),
    ],
)
def test_raised_notes_are_no_part_of_a_name(
    workspace: "Workspace", runs: tuple[Any, ...], read: str
) -> None:
    made, sheet = budget()
    sheet["D2"] = CellRichText(*runs)
    workspace.swap(NAME, saved(made))
    assert workspace.tables().budget[0].name == read
    assert workspace.codes() == (["W135"] if read == "運用保守" and "注1" in str(runs[1]) else [])


def test_lines_through_and_white_text_are_told_once_a_row(workspace: "Workspace") -> None:
    made, sheet = budget()
    for cell in sheet[2]:
        cell.font = Font(strike=True)
    sheet["D3"].font = Font(color="FFFFFFFF")
    sheet["A1"].font = Font(color="FFFFFFFF")
    sheet["A1"].fill = PatternFill("solid", fgColor="FF1F4E79")  # seen: a dark heading
    workspace.swap(NAME, saved(made))
    _, problems = workspace.load()
    assert [(p.code, p.source.cell) for p in problems] == [("W135", "A2"), ("W135", "D3")]
    assert "A2～E2" in problems[0].what


def test_what_has_no_colour_or_no_zero_is_told(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet["A2"].font, sheet["A2"].fill = Font(color="FF1F4E79"), PatternFill("solid", "FF1F4E79")
    sheet["B2"].font = Font(color="FFFF0000")
    sheet["E3"] = 0
    sheet.sheet_view.showZeros = False
    workspace.swap(NAME, saved(made))
    _, problems = workspace.load()
    found = sorted((p.code, p.source.cell) for p in problems)
    assert found == [("W135", "A2"), ("W135", "E3")]


def test_a_format_by_a_condition(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet["E2"], sheet["E2"].number_format = 10.5, "#,##0"
    style = DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode="#,##0.0#####"))
    rule = Rule(type="expression", formula=["E2<>INT(E2)"], dxf=style)
    sheet.conditional_formatting.add("E2:E9", rule)
    workspace.swap(NAME, saved(made))
    assert workspace.tables().budget[0].amount == 10_500
    assert workspace.codes() == []


def test_a_condition_that_is_not_understood(workspace: "Workspace") -> None:
    made, sheet = budget()
    style = DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode="#,##0,"))
    rule = Rule(type="expression", formula=["$A$1=1"], dxf=style)
    sheet.conditional_formatting.add("E2", rule)
    workspace.swap(NAME, saved(made))
    assert (workspace.problem().code, workspace.problem().source.cell) == ("W130", "E2")


def test_cells_in_no_column_are_one_notice(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet["H2"], sheet["H3"], sheet["I9"] = "#N/A", "=1+1", "=1+2"
    workspace.swap(NAME, saved(made))
    problem = workspace.problem()
    assert (problem.code, problem.level.value) == ("W144", "お知らせ")
    assert "3か所" in problem.what
    assert "H2、H3、I9" in problem.what


def linked(formula: str) -> bytes:
    made, sheet = budget()
    sheet["E2"] = formula
    made.defined_names["他表"] = DefinedName("他表", attr_text="[1]表!$A$1")
    data = repacked(saved(made), {"xl/externalLinks/externalLink1.xml": b"<a/>"})
    part = b"<v></v>" if b"<v></v>" in sheet_of(data) else b"<v />"
    return repacked(data, {"xl/worksheets/sheet1.xml": sheet_of(data).replace(part, b"<v>5</v>")})


def sheet_of(data: bytes) -> bytes:
    import zipfile  # noqa: PLC0415  only here

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("formula", "code"),
    [("=[1]表!E2", "W105"), ("=SUM(他表)", "W105"), ("=2+3", "W132"), ("=他表2+3", "W132")],
)
def test_only_cells_that_use_another_workbook_are_refused(
    workspace: "Workspace", formula: str, code: str
) -> None:
    workspace.swap(NAME, linked(formula))
    assert (workspace.problem().code, workspace.problem().source.cell) == (code, "E2")


def test_a_number_that_is_written_is_seen(workspace: "Workspace") -> None:
    """A changed table is read back as it was meant, whatever format its cell had."""
    made, sheet = budget()
    sheet["E2"].number_format, sheet["E3"].number_format = "0%", "#,##0"
    sheet["D3"] = CellRichText("事務費", TextBlock(NOTE, "1"))
    changes = Changes(heading=1, cells={(2, 5): 25, (3, 5): 300})  # type: ignore[dict-item]
    data = changed(".xlsx", saved(made), changes)
    workspace.swap(NAME, data)
    assert [line.amount for line in workspace.tables().budget] == [25_000, 300_000]
    assert workspace.tables().budget[1].name == "事務費"
    after = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert (after["E2"].number_format, after["E3"].number_format) == ("General", "#,##0")


def test_a_formula_that_is_refused_stays_refused_after_a_change(workspace: "Workspace") -> None:
    made, sheet = budget()
    sheet["E2"] = "=1+2"
    changes = Changes(heading=1, cells={(3, 6): "備考"})
    workspace.swap(NAME, changed(".xlsx", saved(made), changes))
    assert workspace.problem().code == "W111"


def test_a_day_in_a_column_of_numbers_is_still_named(workspace: "Workspace") -> None:
    workspace.swap(FIGURES, rates(date(2025, 1, 3), "yyyy/m/d"))
    assert workspace.problem().code == "W117"
