"""What ■請求書 says of the issuer, of the number of each kind of paper, and of 消費税."""

from dataclasses import replace
from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.outcome.outcome import Outcome, Reissue
from apportion.workbook.letters.words import Words
from apportion.years.settle.compute import settle
from tests import settling, small
from tests.small import R7, revise, run, run_edition
from tests.unit.workbook.forms import decided, rows, sheet, texts

COMMON = "rules/r7/00.txt"
ISSUER = ("発行者: 例示協議会 会長\n", "住所: 見本市1番地\n発行者: 例示協議会\n代表者: 会長 見本\n")
TEN, TWENTY = ({"人口（人）": people} for people in (10, 20))


def invoice(*lines: str) -> str:
    return "\n■請求書\n" + "".join(f"{line}\n" for line in lines)


def council(root: Path, *lines: str, state: str = "議決") -> Path:
    """甲市 and 乙町 with 1,000円 among them, and these lines of ■請求書."""
    rules = f"\n■経費 利用料\n負担割合: 均等割\n{invoice(*lines)}"
    small.write(root, rules, {"利用料": 1_000}, {"甲市": TEN, "乙町": TWENTY})
    path = root / "rules/r7/10.txt"
    path.write_text(path.read_text("utf-8").replace("状態: 案", f"状態: {state}"), "utf-8")
    return root


def number(outcome: Outcome, place: int = 1, yen: int = 500) -> str:
    return Words(outcome).number(outcome.members[place - 1], place, yen)


def test_who_asks_stands_line_by_line(tmp_path: Path) -> None:
    found = list(rows(sheet(decided(tmp_path, (COMMON, *ISSUER)))))
    start = found.index(("見本市1番地",))
    assert found[start + 1 : start + 3] == [("例示協議会",), ("会長 見本",)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("金", '"金"#,##0"円";"金△"#,##0"円"'),
        ("￥", '"￥"#,##0;"￥△"#,##0'),
        ("¥", '"￥"#,##0;"￥△"#,##0'),
    ],
)
def test_the_sign_before_the_amount_is_a_choice(tmp_path: Path, said: str, expected: str) -> None:
    edit = (COMMON, "公印: 省略\n", f"公印: 省略\n金額の表し方: {said}\n")
    form = sheet(decided(tmp_path, edit))
    [cell] = [row[1] for row in form.iter_rows() if row[0].value == "納入金額"]
    assert cell.number_format == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("文書番号: 協第1号", "協第1号の2"),
        ("文書番号: 協第1-{{枝番}}号", "協第1-2号"),
        ("文書番号: 協第１－｛｛枝番｝｝号", "協第１－2号"),
        ("変更文書番号: 協第1号", ""),
    ],
)
def test_the_branch_stands_where_it_is_written(tmp_path: Path, line: str, expected: str) -> None:
    assert number(run(council(tmp_path, line)), 2) == expected


def test_an_example_has_no_number(tmp_path: Path) -> None:
    assert number(run(council(tmp_path, "文書番号: 協第1号", state="例"))) == ""


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["文書番号: 協第1号"], ""),
        (["文書番号: 協第1号", "変更文書番号: 協第2号の{{補正}}の{{枝番}}"], "協第2号の1の2"),
        (["変更文書番号: 協第2号", "還付文書番号: 協第5号"], "協第2号の2"),
    ],
)
def test_a_notice_of_a_change_has_its_own(tmp_path: Path, lines: list[str], expected: str) -> None:
    root = revise(council(tmp_path, *lines), 1, {"利用料": -10}, day="令和7年11月20日")
    assert number(run_edition(root, 1), 2, -5) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["文書番号: 協第1号"], "協第1号の1（再2）"),
        (["文書番号: 協第1号", "再発行文書番号: 協第3号"], "協第3号の1"),
        (["再発行文書番号: 協第3号（{{回}}回目）"], "協第3号（2回目）の1"),
        ([], ""),
    ],
)
def test_what_is_issued_again_never_has_the_number_of_the_first(
    tmp_path: Path, lines: list[str], expected: str
) -> None:
    outcome = run(council(tmp_path, *lines))
    again = replace(outcome, reissued={(outcome.members[0].code, ""): Reissue(2, "")})
    assert number(again) == expected


def test_what_is_given_back_has_its_own(tmp_path: Path) -> None:
    outcome = run(council(tmp_path / "own", "文書番号: 協第1号", "還付文書番号: 協第5号"))
    assert [number(outcome, yen=yen) for yen in (-1, 0, 1)] == [
        "協第5号の1",
        "協第1号の1",
        "協第1号の1",
    ]
    assert number(run(council(tmp_path / "none", "文書番号: 協第1号")), yen=-1) == "協第1号の1"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["文書番号: 協第1号"], ["", ""]),
        (["精算文書番号: 協第4号"], ["協第4号の1", "協第4号の1"]),
        (["精算文書番号: 協第4号", "還付文書番号: 協第5号"], ["協第4号の1", "協第5号の1"]),
    ],
)
def test_a_settlement_has_its_own(tmp_path: Path, lines: list[str], expected: list[str]) -> None:
    rules = settling.RULES + settling.settlement("還付と追徴") + invoice(*lines)
    root = settling.council(tmp_path, rules, settling.SPENT, settling.RECEIVED)
    outcome = settle(root, R7)
    assert [number(outcome, yen=yen) for yen in (1, -1)] == expected


@pytest.mark.parametrize(
    "line",
    [
        "文書番号: 協第{{補正}}号",
        "変更文書番号: {{回}}号",
        "文書番号: 協{{枝番号}}",
        "文書番号: {枝番}",
    ],
)
def test_a_mark_that_this_kind_of_paper_does_not_know_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(InputError) as stopped:
        run(council(tmp_path, line))
    assert [problem.code for problem in stopped.value.problems if problem.code[1] == "2"] == [
        "W226"
    ]


NOTICE = "課税区分: 不課税（基本通達5-5-3）\n"


def noticed(name: str) -> tuple[str, str, str]:
    return "rules/r7/10.txt", f"■経費 {name}\n", f"■経費 {name}\n{NOTICE}"


def test_the_notice_names_what_it_is_for(tmp_path: Path) -> None:
    said = " ".join(texts(sheet(decided(tmp_path / "one", noticed("会場費")))))
    assert "会議事業の会場費は、資産の譲渡等の対価に当たらないもの（不課税）とし" in said
    assert "消費税法基本通達5-5-3 により通知します。そのほかの負担金は" in said
    assert "適格請求書ではありません" in said
    plain = " ".join(texts(sheet(decided(tmp_path / "none"))))
    assert "5-5-3" not in plain


def test_the_notice_stands_whatever_else_is_written(tmp_path: Path) -> None:
    own = (COMMON, "公印: 省略\n", "公印: 省略\n課税注記: 不課税です。\n")
    said = " ".join(texts(sheet(decided(tmp_path, own, noticed("会場費")))))
    assert "不課税です。" in said
    assert "消費税法基本通達5-5-3 により通知します" in said
