"""課税10%: no bill without 登録番号; the tax is worked out once for a bill, 1円未満切捨て."""

from pathlib import Path

import pytest

from apportion.core.problem import InputError, Problem
from apportion.workbook.letters.words import tax_within
from tests.unit.workbook.council import OKAZAKI, TOGO, TOYOHASHI
from tests.unit.workbook.forms import decided, rows, sheet, texts

NUMBER = ("rules/r7/00.txt", "公印: 省略\n", "公印: 省略\n登録番号: Ｔ9000000000000\n")


def taxed(line: str, rule: str) -> tuple[str, str, str]:
    return ("rules/r7/20.txt", f"■経費 {line}\n{rule}", f"■経費 {line}\n課税区分: 課税10%\n{rule}")


SERVICE = taxed("委託費", "差し引く")
REPAID = taxed("返還金", "負担割合")


def told(problems: tuple[Problem, ...]) -> list[str]:
    """Codes, but for those that the council of three always has."""
    return [problem.code for problem in problems if problem.code not in ("W432", "W253", "W444")]


def test_a_taxed_bill_needs_its_number(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        decided(tmp_path / "decided", SERVICE)
    assert told(caught.value.problems) == ["W251"]
    assert told(decided(tmp_path / "draft", SERVICE, state="案").problems) == ["W437"]
    assert told(decided(tmp_path / "numbered", SERVICE, NUMBER).problems) == []


def test_a_number_that_cannot_be_used_is_told_once(tmp_path: Path) -> None:
    wrong = (*NUMBER[:2], f"{NUMBER[2].replace('Ｔ', '')}")
    with pytest.raises(InputError) as caught:
        decided(tmp_path, SERVICE, wrong)
    assert told(caught.value.problems) == ["W250"]


def test_the_words_where_all_is_taxed(tmp_path: Path) -> None:
    meeting = ("rules/r7/10.txt", "■経費 会場費\n", "■経費 会場費\n課税区分: 課税10%\n")
    travel = ("rules/r7/10.txt", "■経費 旅費\n", "■経費 旅費\n課税区分: 課税10%\n")
    small = taxed("消耗品", "負担割合")
    said = texts(sheet(decided(tmp_path, NUMBER, SERVICE, REPAID, small, meeting, travel)))
    names = "会議事業の会場費、会議事業の旅費、研究事業の委託費、研究事業の返還金、研究事業の消耗品"
    assert f"※1 10%対象（消費税等を含む額）は、{names}です。" in said


def taxes(root: Path, code: str, *edits: tuple[str, str, str]) -> list[tuple[object, ...]]:
    found = list(rows(sheet(decided(root, NUMBER, *edits), code)))
    start = found.index(("税率の区分", "金額（円）", "消費税額等（円）"))
    return found[start + 1 : start + 3]


def test_tax_of_each_rate(tmp_path: Path) -> None:
    # 委託費 600 円: 600 × 10 ÷ 110 = 54.54… → 54; the others 334 + 300 - 34 + 10 = 610
    assert taxes(tmp_path / "a", TOYOHASHI, SERVICE) == [
        ("10%対象（税込）", 600, 54),
        ("不課税", 610, "－"),
    ]
    # 委託費 300 円: 27.27… → 27; the others 333 + 300 - 33 + 0 = 600
    assert taxes(tmp_path / "b", TOGO, SERVICE) == [
        ("10%対象（税込）", 300, 27),
        ("不課税", 600, "－"),
    ]


def test_the_tax_is_cut_once_for_a_bill_and_not_for_each_line(tmp_path: Path) -> None:
    # 委託費 599 and 返還金 -33: 566 × 10 ÷ 110 = 51.45… → 51; each by itself 54 - 3 = 51 or 54 - 4
    found = taxes(tmp_path / "a", OKAZAKI, SERVICE, REPAID)
    assert found[0] == ("10%対象（税込）", 566, 51)
    # 消耗品 10 and 委託費 600: 610 × 10 ÷ 110 = 55.45… → 55; each by itself 0 + 54 = 54
    small = taxed("消耗品", "負担割合")
    assert taxes(tmp_path / "b", TOYOHASHI, SERVICE, small)[0] == ("10%対象（税込）", 610, 55)


@pytest.mark.parametrize(
    ("yen", "tax"),
    [
        (0, 0),
        (10, 0),  # 0.909…
        (11, 1),
        (109, 9),  # 9.909…
        (110, 10),
        (-109, -9),  # cut likewise when repaid
        (-110, -10),
        (99_999_999_999, 9_090_909_090),  # 9,090,909,090.8…
    ],
)
def test_tax_within(yen: int, tax: int) -> None:
    assert tax_within(yen) == tax


def test_the_tax_is_a_value(tmp_path: Path) -> None:
    form = sheet(decided(tmp_path, NUMBER, SERVICE), values=False)
    row = next(cell.row for cell in form["A"] if cell.value == "10%対象（税込）")
    assert (form.cell(row, 4).value, form.cell(row, 5).value) == (600, 54)


def test_the_words_of_a_taxed_bill(tmp_path: Path) -> None:
    said = texts(sheet(decided(tmp_path / "a", NUMBER, SERVICE)))
    assert "登録番号 T9000000000000" in said
    assert (
        "※1 10%対象（消費税等を含む額）は、研究事業の委託費です。"
        "そのほかの負担金は、消費税法上の資産の譲渡等の対価に当たらないもの（不課税）です。"
    ) in said
    assert not any("適格請求書ではありません" in text for text in said)
    draft = texts(sheet(decided(tmp_path / "b", NUMBER, SERVICE, state="案")))
    assert "10%対象（税込）" in draft
    assert not any("登録番号" in text for text in draft)


def test_an_untaxed_bill_has_no_number(tmp_path: Path) -> None:
    said = texts(sheet(decided(tmp_path, NUMBER)))
    assert not any("登録番号" in text or "税率" in text for text in said)
