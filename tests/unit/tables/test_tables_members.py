"""Register, rosters and figures: bodies over time, codes, names, dates and editions."""

from typing import TYPE_CHECKING

import pytest

from apportion.core.model import KINDS
from tests.unit.tables.conftest import SOUND

if TYPE_CHECKING:
    from tests.unit.tables.conftest import Workspace

MEMBERS = "members/members.csv"
ROSTER = "members/r7/roster.csv"
FIGURES = "members/r7/figures.csv"


def test_every_kind_of_the_model_is_allowed(workspace: "Workspace") -> None:
    for kind in KINDS:
        workspace.write(MEMBERS, SOUND[MEMBERS].replace(",政令市", f",{kind}"))
        assert workspace.codes() == []
    workspace.write(MEMBERS, SOUND[MEMBERS].replace(",政令市", ",政冷市"))
    listed = workspace.problem().why.removeprefix("書けるのは ").removesuffix(" です。")
    assert set(listed.split("、")) == KINDS


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
