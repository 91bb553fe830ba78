"""Bytes, rows and amounts: what is accepted, and what stands in for a fault."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.tables.conftest import Workspace

BUDGET = "rules/r7/budget.csv"
INCOME = "rules/r7/income.csv"
FIGURES = "members/r7/figures.csv"


def test_a_faulty_amount_leaves_the_line_for_further_checks(workspace: "Workspace") -> None:
    workspace.replace(BUDGET, "44710", "－")
    assert [line.amount for line in workspace.tables().budget] == [0, 200_000]


def test_a_blank_amount_is_none(workspace: "Workspace") -> None:
    workspace.replace(BUDGET, "44710", "")
    assert workspace.codes() == []
    assert workspace.tables().budget[0].amount is None


def test_a_blank_figure_is_missing_and_zero_is_a_value(workspace: "Workspace") -> None:
    workspace.replace(FIGURES, "371920", "")
    workspace.replace(FIGURES, "60162", "0")
    assert workspace.tables().figures[0].values == {"232386": 0}


def test_further_yen_columns_are_kept_by_name(workspace: "Workspace") -> None:
    workspace.replace(BUDGET, "前年度予算額（千円）,備考", "特定財源 補正第1号（万円）,決算額(円)")
    workspace.replace(BUDGET, "45727,\n", "△3,44000001\n")
    workspace.replace(BUDGET, "200,200,郵便料など", "200,,")
    first, second = workspace.tables().budget
    assert first.columns == {"特定財源 補正第1号": -30_000, "決算額": 44_000_001}
    assert second.columns == {}


def test_the_order_of_columns_is_free(workspace: "Workspace") -> None:
    workspace.write(
        BUDGET,
        "予算額（千円）,経費,項,事業,区分\n1,運用保守,a/b,施設予約事業,システム事業\n",
    )
    assert workspace.codes() == []
    (line,) = workspace.tables().budget
    assert (line.name, line.path, line.amount) == ("運用保守", ("a", "b"), 1000)


def test_headings_below_a_title_are_found(workspace: "Workspace") -> None:
    text = (workspace.root / BUDGET).read_text(encoding="utf-8")
    workspace.write(BUDGET, f"令和7年度支出の部,,,,,,\n\n{text}")
    first = workspace.load()[1][0]
    assert (first.code, first.fix) == (
        "W107",
        "見出しは3行目にあるようです。その上の行を消してください。",
    )


def test_reserves_need_no_project(workspace: "Workspace") -> None:
    workspace.replace(BUDGET, "システム事業,施設予約事業,,事務費", "積立金等,,,保管金")
    assert workspace.codes() == []


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(workspace: "Workspace", codec: str) -> None:
    text = (workspace.root / BUDGET).read_text(encoding="utf-8")
    workspace.write(BUDGET, text.replace("\n", "\r\n").encode(codec))
    assert workspace.codes() == []


def test_cp932_is_noted(workspace: "Workspace") -> None:
    text = (workspace.root / BUDGET).read_text(encoding="utf-8")
    workspace.write(BUDGET, text.encode("cp932"))
    assert workspace.codes() == ["W141"]
    assert workspace.tables().budget[0].name == "運用保守"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\x00\x81", "W101"),
        (b"", "W106"),
        (b",,,\r\n,,\r\n", "W106"),
        ("区分\t事業\t項\t経費\t予算額（千円）\n".encode("utf-16"), "W126"),
        (
            "区分,事業,項,経費,予算額（千円）\nシステム事業".encode()
            .decode("cp932", "replace")
            .encode(),
            "W125",
        ),
    ],
)
def test_bytes_that_are_no_table(workspace: "Workspace", data: bytes, code: str) -> None:
    workspace.write(BUDGET, data)
    assert workspace.problem().code == code
    assert workspace.load()[0] is None


def test_lines_and_rows_differ_after_a_break_in_a_cell(workspace: "Workspace") -> None:
    workspace.replace(BUDGET, "45727,", '45727,"一行目\n二行目"')
    workspace.replace(BUDGET, ",200,200,", ",二百,200,")
    source = workspace.problem().source
    assert (source.cell, source.line) == ("E3", 4)
    assert workspace.tables().budget[0].note == "一行目 二行目"


@pytest.mark.parametrize(("old", "line"), [("区分", 1), ("運用保守", 2)])
def test_the_row_of_a_stray_quote_is_named(workspace: "Workspace", old: str, line: int) -> None:
    workspace.replace(BUDGET, old, f'"{old}')
    assert workspace.problem().source.line == line


def test_a_value_outside_the_headings_has_no_heading(workspace: "Workspace") -> None:
    workspace.replace(BUDGET, "45727,\n", "45,727,\n")
    assert workspace.problem().source.heading == ""


def test_a_short_row_has_blank_cells_at_its_end(workspace: "Workspace") -> None:
    workspace.replace(
        BUDGET, "施設予約事業,事業費／運営費,運用保守,44710,45727,\n", "施設予約事業\n"
    )
    assert workspace.problem().source.place().endswith("D2（2行目）  「経費」の列")


def test_income_without_an_amount_is_left_out(workspace: "Workspace") -> None:
    workspace.replace(INCOME, "44910000", "")
    assert workspace.tables().income == ()


def test_a_faulty_figure_counts_as_zero_until_it_is_mended(workspace: "Workspace") -> None:
    workspace.replace(FIGURES, "371920", "－")
    assert workspace.tables().figures[0].values["232017"] == 0


def test_an_as_of_may_hold_a_comma(workspace: "Workspace") -> None:
    workspace.replace(FIGURES, "令和5年度決算", "令和3年度から令和5年度まで、平均")
    assert workspace.tables().figures[1].as_of == "令和3年度から令和5年度まで、平均"
