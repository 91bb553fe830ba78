"""What is wrong in a table: one fault each, its code, its place and the mend."""

from typing import TYPE_CHECKING, NamedTuple

import pytest

from apportion.model import KINDS
from tests.unit.tables.conftest import SOUND

if TYPE_CHECKING:
    from tests.unit.tables.conftest import Workspace

BUDGET = "rules/r7/budget.csv"
INCOME = "rules/r7/income.csv"
MEMBERS = "members/members.csv"
ROSTER = "members/r7/roster.csv"
FIGURES = "members/r7/figures.csv"


class Fault(NamedTuple):
    """One change of a sound file, and the problem it must give."""

    file: str
    old: str
    new: str
    code: str
    cell: str
    mend: str


@pytest.mark.parametrize(
    "fault",
    [
        # bytes and shape
        Fault(BUDGET, "運用保守", '"運用"保守', "W126", "", "引用符"),
        Fault(BUDGET, "運用保守", '"運用保守', "W126", "", "引用符"),
        Fault(BUDGET, "運用保守", "運用\u200b保守", "W127", "D2", "D2"),
        Fault(BUDGET, "45727,\n", "45,727,\n", "W120", "H2", "引用符で囲んで"),
        # headings
        Fault(BUDGET, "経費,予算額（千円）,", "費目,予算額（千円）,", "W107", "", "「経費」"),
        Fault(BUDGET, ",予算額（千円）", ",金額（千円）", "W107", "", "「予算額（千円）」"),
        Fault(
            BUDGET,
            ",予算額（千円）",
            ",予算額",
            "W109",
            "E1",
            "「予算額（千円）」か「予算額（円）」",
        ),
        Fault(BUDGET, ",予算額（千円）", ",予算額（千圓）", "W109", "E1", "「予算額（円）」"),
        Fault(BUDGET, "前年度予算額（千円）", "予算額（円）", "W108", "F1", "消す"),
        Fault(
            BUDGET, "前年度予算額（千円）", "前年度予算額", "W131", "F1", "「前年度予算額（千円）」"
        ),
        Fault(BUDGET, "前年度予算額（千円）", "備 考", "W108", "G1", "消す"),
        Fault(INCOME, "予算額（円）", "予算額", "W109", "D1", "「予算額（円）」"),
        Fault(ROSTER, "施設予約", "電子調達（ＣＡＬＳ／ＥＣ）", "W108", "D1", "消す"),
        Fault(ROSTER, "施設予約", "区分", "W131", "C1", "備考"),
        Fault(
            FIGURES,
            "国勢調査人口（人、令和2年10月1日現在）",
            "国勢調査人口",
            "W109",
            "C1",
            "（人、",
        ),
        Fault(BUDGET, "前年度予算額（千円）", "特定財源", "W131", "F1", "「特定財源（千円）」"),
        Fault(MEMBERS, "団体名,", "名称,", "W107", "", "「団体名」"),
        Fault(ROSTER, "団体コード,", "番号,", "W107", "", "「団体コード」"),
        Fault(FIGURES, "団体コード,", "コード,", "W107", "", "「団体コード」に直して"),
        Fault(FIGURES, "標準財政規模（千円、令和5年度決算）", "会員区分", "W131", "D1", "備考"),
        # cells
        Fault(BUDGET, "44710", "20,000千円".replace(",", ""), "W114", "E2", "「20000」"),
        Fault(BUDGET, "44710", "－", "W115", "E2", "備考"),
        Fault(BUDGET, "44710", "0.0001", "W116", "E2", "「0」"),
        Fault(BUDGET, "44710", "四万", "W113", "E2", "数だけ"),
        Fault(BUDGET, "44710", "1月3日", "W117", "E2", "標準"),
        Fault(BUDGET, ",運用保守,", ",,", "W118", "D2", "「経費」"),
        Fault(BUDGET, "施設予約事業,,事務費", ",,事務費", "W118", "B3", "「事業」"),
        Fault(BUDGET, ",事務費", ",運用 保守", "W119", "D3", "1行にまとめ"),
        Fault(INCOME, "44910000", "", "W118", "D2", "「0」"),
        Fault(INCOME, "負担金収入", "", "W118", "C2", "「科目」"),
        # register
        Fault(MEMBERS, "231002", "23100", "W121", "A3", "6桁"),
        Fault(MEMBERS, "231002", "231003", "W122", "A3", "「231002」"),
        Fault(MEMBERS, "2012-01-04", "1月4日", "W124", "G5", "2005-10-01"),
        Fault(MEMBERS, "231002", "230006", "W301", "A3", "1行を消し"),
        Fault(MEMBERS, "名古屋市,", "豊橋市,", "W302", "B4", "区別"),
        Fault(MEMBERS, ",政令市", ",政冷市", "W303", "D3", "「政令市」"),
        Fault(MEMBERS, ",県,,会員", ",県,,正会員", "W304", "F2", "「会員」"),
        Fault(MEMBERS, "232386,\n", "232360,\n", "W305", "I6", "加える"),
        Fault(MEMBERS, "232386,\n", "233048,\n", "W306", "I6", "空欄"),
        Fault(MEMBERS, "2012-01-04,", "2012-01-04,2012-01-03", "W307", "H5", "日付"),
        # rosters
        Fault(ROSTER, "230006,", "230014,", "W308", "A2", "「230006,愛知県」"),
        Fault(ROSTER, "230006,愛知県", "230014,西三河広域組合", "W308", "A2", "members/members"),
        Fault(ROSTER, "愛知県", "愛知", "W309", "B2", "「愛知県」"),
        Fault(ROSTER, "232017,豊橋市", "231002,豊橋市", "W310", "A3", "「232017,豊橋市」"),
        Fault(ROSTER, "○,,", "×,,", "W311", "C2", "「○」"),
        Fault(ROSTER, "○,,", "R7.10.1,,", "W311", "C2", "「令和7年10月1日から」"),
        Fault(ROSTER, "R7.10.1から", "R7.13.1から", "W311", "D3", "空欄"),
        Fault(ROSTER, "R7.10.1から", "R8.4.1から", "W312", "D3", "○"),
        Fault(ROSTER, "R7.9.30まで", "R7.3.31まで", "W312", "D4", "○"),
        Fault(ROSTER, "R7.6.1から", "R8.1.1から", "W315", "C4", "確かめて"),
        Fault(ROSTER, "230006,愛知県", "231002,名古屋市", "W313", "C2", "会員区分"),
        Fault(ROSTER, "230006,愛知県", "232017,豊橋市", "W314", "A3", "消して"),
        Fault(ROSTER, "230006,愛知県", ",愛知県", "W118", "A2", "「団体コード」"),
        # figures
        Fault(FIGURES, "371920", "－", "W115", "C3", "空欄"),
        Fault(FIGURES, "371920", "371920人", "W114", "C3", "「371920」"),
        Fault(FIGURES, "230006,愛知県", "230006,愛和県", "W309", "B2", "「愛知県」"),
    ],
    ids=lambda fault: f"{fault.code} {fault.new}",
)
def test_fault(workspace: "Workspace", fault: Fault) -> None:
    workspace.replace(fault.file, fault.old, fault.new)
    problem = workspace.problem()
    assert problem.code == fault.code
    assert (problem.source.file, problem.source.cell) == (fault.file, fault.cell)
    assert fault.mend in problem.fix
    assert str(problem).encode("cp932")


def test_every_kind_of_the_model_is_allowed(workspace: "Workspace") -> None:
    for kind in KINDS:
        workspace.write(MEMBERS, SOUND[MEMBERS].replace(",政令市", f",{kind}"))
        assert workspace.codes() == []
    workspace.write(MEMBERS, SOUND[MEMBERS].replace(",政令市", ",政冷市"))
    listed = workspace.problem().why.removeprefix("書けるのは ").removesuffix(" です。")
    assert set(listed.split("、")) == KINDS


def test_all_faults_at_once(workspace: "Workspace") -> None:
    workspace.replace(BUDGET, "44710", "－")
    workspace.replace(INCOME, "44910000", "44910千円")
    workspace.replace(MEMBERS, ",政令市", ",大市")
    workspace.replace(ROSTER, "R7.10.1から", "後半")
    workspace.replace(FIGURES, "371920", "約37万")
    assert workspace.codes() == ["W113", "W114", "W115", "W303", "W311"]


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


def test_cycles_of_two_are_said_once(workspace: "Workspace") -> None:
    workspace.replace(MEMBERS, "2012-01-04,,,", "2012-01-04,,233048,")
    assert workspace.problem().code == "W306"


def test_namesakes_of_different_times_are_fine(workspace: "Workspace") -> None:
    workspace.replace(MEMBERS, "長久手市,", "長久手町,")
    workspace.replace(ROSTER, "長久手市,", "長久手町,")
    workspace.replace(FIGURES, "長久手市,", "長久手町,")
    assert workspace.codes() == []


def test_a_former_body_with_its_own_code_may_stand_in_a_roster(workspace: "Workspace") -> None:
    workspace.replace(ROSTER, "232386,長久手市", "233048,長久手町")
    assert workspace.codes() == []


def test_the_name_of_a_predecessor_is_not_the_name_of_the_body(workspace: "Workspace") -> None:
    workspace.replace(ROSTER, "232386,長久手市", "232386,長久手町")
    problem = workspace.problem()
    assert (problem.code, problem.why) == ("W310", "「長久手町」のコードは 233048 です。")
    assert "232386 は「長久手市」" in problem.what


def test_lost_zeros_are_mended_and_said_once_a_column(workspace: "Workspace") -> None:
    workspace.write(
        MEMBERS,
        "団体コード,団体名,区分,会員区分\n"
        "10006,北海道,道,会員\n11002,札幌市,政令市,会員\n12025,函館市,中核市,会員\n",
    )
    workspace.write(ROSTER, "団体コード,団体名,施設予約\n12025,函館市,○\n")
    workspace.write(FIGURES, "団体コード,団体名,人口（人）\n012025,函館市,251084\n")
    tables, problems = workspace.load()
    assert [(problem.code, problem.source.cell) for problem in problems] == [
        ("W123", "A2"),
        ("W123", "A2"),
    ]
    assert problems[0].what == "団体コード「10006」の先頭の 0 が消えています（ほか2か所）。"
    assert "「010006」" in problems[0].fix
    assert tables is not None
    assert list(tables.by_code) == ["010006", "011002", "012025"]
    assert list(tables.rosters[0].entries) == ["012025"]


def test_a_wrong_code_in_the_register_is_said_once(workspace: "Workspace") -> None:
    workspace.replace(MEMBERS, "232017", "232018")
    assert workspace.problem().code == "W122"
    assert workspace.tables().by_name["豊橋市"].code == "232018"


def test_a_body_without_a_name_is_said_once(workspace: "Workspace") -> None:
    workspace.replace(MEMBERS, "豊橋市", "")
    assert workspace.codes() == ["W118"]


def test_two_editions_of_a_figure(workspace: "Workspace") -> None:
    workspace.replace(
        FIGURES, "標準財政規模（千円、令和5年度決算）", "国勢調査人口(人， 平成２７年10月1日 現在)"
    )
    assert workspace.codes() == []
    assert [column.as_of for column in workspace.tables().figures] == [
        "令和2年10月1日現在",
        "平成27年10月1日現在",
    ]


def test_the_same_edition_twice(workspace: "Workspace") -> None:
    workspace.replace(
        FIGURES, "標準財政規模（千円、令和5年度決算）", "国勢調査人口（人、令和２年10月1日現在）"
    )
    assert workspace.problem().code == "W108"


def test_a_figure_keeps_parentheses_of_its_own(workspace: "Workspace") -> None:
    workspace.replace(FIGURES, "国勢調査人口（人、", "人口（日本人）（人、")
    assert workspace.tables().figures[0].name == "人口（日本人）"


@pytest.mark.parametrize("sign", ["○", "〇", "◯", " ○　"])
def test_circles(workspace: "Workspace", sign: str) -> None:
    workspace.replace(ROSTER, "○,,", f"{sign},,")
    assert workspace.codes() == []
    assert "230006" in workspace.tables().rosters[0].entries


def test_lookalike_names_are_explained(workspace: "Workspace") -> None:
    workspace.replace(MEMBERS, "名古屋市", "二本市")
    workspace.write(FIGURES, "団体コード,団体名,人口（人）\n231002,ニ本市,1\n")
    problem = workspace.problem()
    assert problem.code == "W309"
    assert problem.why.startswith("1文字目が片仮名の「ニ」になっています。")


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


def test_a_single_day_is_a_period(workspace: "Workspace") -> None:
    workspace.replace(ROSTER, "R7.6.1からR7.12.31まで", "R7.6.1からR7.6.1まで")
    workspace.replace(MEMBERS, "2012-01-04,", "2012-01-04,2012-01-04")
    assert workspace.codes() == []


@pytest.mark.parametrize(
    ("begin", "codes"), [("2010-01-01", ["W302"]), ("2012-01-03", ["W302"]), ("2012-01-04", [])]
)
def test_namesakes_of_one_day(workspace: "Workspace", begin: str, codes: list[str]) -> None:
    text = SOUND[MEMBERS].replace("2012-01-04", begin).replace("長久手町", "長久手市")
    workspace.write(MEMBERS, text)
    assert workspace.codes() == codes


def test_an_open_end_meets_every_later_namesake(workspace: "Workspace") -> None:
    workspace.replace(MEMBERS, "231002,名古屋市,ナゴヤシ,政令市,,", "232017,豊橋市,,市,,")
    workspace.replace(
        MEMBERS, "232017,豊橋市,トヨハシシ,中核市,,会員,", "231002,豊橋市,,市,,会員,2020-01-01"
    )
    assert workspace.codes()[0] == "W302"


def test_a_former_body_does_not_hide_its_namesake(workspace: "Workspace") -> None:
    text = (
        SOUND[MEMBERS]
        .replace("長久手町", "豊橋市")
        .replace("中核市,,会員,", "中核市,,会員,2020-01-01")
    )
    workspace.write(MEMBERS, text)
    workspace.replace(ROSTER, "232017,豊橋市", "230006,豊橋市")
    first = workspace.load()[1][0]
    assert (first.code, first.why) == ("W310", "「豊橋市」のコードは 232017 です。")


def test_the_first_and_last_day_belong_to_the_year(workspace: "Workspace") -> None:
    workspace.replace(ROSTER, "R7.6.1からR7.12.31まで", "R7.4.1からR8.3.31まで")
    assert workspace.codes() == []
