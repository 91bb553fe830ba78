"""What is wrong in a table: one fault each, its code, its place and the mend."""

from typing import TYPE_CHECKING, NamedTuple

import pytest

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


def test_all_faults_at_once(workspace: "Workspace") -> None:
    workspace.replace(BUDGET, "44710", "－")
    workspace.replace(INCOME, "44910000", "44910千円")
    workspace.replace(MEMBERS, ",政令市", ",大市")
    workspace.replace(ROSTER, "R7.10.1から", "後半")
    workspace.replace(FIGURES, "371920", "約37万")
    assert workspace.codes() == ["W113", "W114", "W115", "W303", "W311"]
