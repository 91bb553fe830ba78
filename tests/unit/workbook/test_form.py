"""The form says what its 状態 lets it say, and each field stands where an accountant looks for it."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from apportion.core.model import KINDS, Member
from apportion.core.problem import Source
from apportion.pipeline import run
from apportion.workbook.letters.words import addressee
from tests import small
from tests.test_meaning import people
from tests.unit.workbook.council import OKAZAKI, TOGO, TOYOHASHI
from tests.unit.workbook.forms import decided, rows, sheet, texts

PAST = "団体コード,団体名,事業,経費,負担金額（円）\n"


def member(name: str, kind: str) -> Member:
    return Member(code="239999", name=name, kana="", kind=kind, source=Source())


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("愛知県", "県", "愛知県知事　様"),
        ("東京都", "都", "東京都知事　様"),
        ("北海道", "道", "北海道知事　様"),
        ("大阪府", "府", "大阪府知事　様"),
        ("名古屋市", "政令市", "名古屋市長　様"),
        ("豊橋市", "中核市", "豊橋市長　様"),
        ("蒲郡市", "市", "蒲郡市長　様"),
        ("東郷町", "町", "東郷町長　様"),
        ("豊根村", "村", "豊根村長　様"),
        ("千代田区", "特別区", "千代田区長　様"),
        ("例示消防組合", "組合", "例示消防組合 管理者　様"),
        ("例示広域連合", "広域連合", "例示広域連合長　様"),
    ],
)
def test_the_head_of_every_kind_of_body_is_addressed(name: str, kind: str, said: str) -> None:
    assert addressee(member(name, kind)) == said
    assert kind in KINDS


@pytest.mark.parametrize(
    ("name", "kind", "title", "said"),
    [
        ("例示消防組合", "組合", "理事長", "例示消防組合 理事長　様"),
        ("例示消防組合", "組合", "組合長", "例示消防組合長　様"),
        ("例示水道企業団", "組合", "企業長", "例示水道企業団 企業長　様"),
        ("例示広域連合", "広域連合", "広域連合長", "例示広域連合長　様"),
        ("例示広域連合", "広域連合", "管理者", "例示広域連合 管理者　様"),
        ("豊橋市", "中核市", "市長職務代理者", "豊橋市長職務代理者　様"),
        ("豊橋市", "中核市", "水道事業管理者", "豊橋市 水道事業管理者　様"),
    ],
)
def test_the_register_says_what_the_head_is_called(
    name: str, kind: str, title: str, said: str
) -> None:
    assert addressee(replace(member(name, kind), title=title)) == said


def test_a_bill_has_every_field(tmp_path: Path) -> None:
    form = sheet(decided(tmp_path))
    assert list(rows(form))[:8] == [
        ("7例協第12号の1",),
        (datetime(2025, 7, 1),),  # noqa: DTZ001  a cell has no zone
        ("豊橋市長　様",),
        ("例示協議会 会長",),
        ("（公印省略）",),
        ("負担金納入通知書 兼 請求書",),
        ("令和7年度の負担金を、次のとおり請求します。納期限までに納入してください。",),
        ("納入金額", 1210),  # 334 + 300 + 600 - 34 + 10
    ]
    found = list(rows(form))
    for row in (
        ("件名", "令和7年度 例示協議会 負担金"),
        ("請求の事由", "令和7年度の事業に要する経費の負担\n根拠: 規約第1条"),
        ("所属年度・科目", "令和7年度（2025年度）　負担金収入"),
        ("整理番号", "R7-232017"),
        ("納入場所", "例示銀行"),
        ("振込先", "例示銀行 例示支店 普通 0000000"),
        ("口座名義", "例示協議会"),
        ("フリガナ", "レイジキョウギカイ"),
        ("発行責任者", "例示係長"),
        ("担当者", "例示係"),
        ("第1期", datetime(2025, 7, 31), 605),  # noqa: DTZ001
        ("第2期", datetime(2026, 1, 30), 605),  # noqa: DTZ001
    ):
        assert row in found
    assert any(text.endswith("手数料は団体の負担です。") for text in texts(form))
    assert any("適格請求書ではありません" in text for text in texts(form))


@pytest.mark.parametrize("state", ["例", "案"])
def test_before_the_decision_the_same_breakdown_and_nothing_to_pay(
    tmp_path: Path, state: str
) -> None:
    form = sheet(decided(tmp_path / "a", state=state))
    found = list(rows(form))
    said = texts(form)
    assert (f"負担金見込額について（{state}）",) in found
    assert ("負担金見込額", 1210) in found
    assert ("例示協議会 会長",) in found
    assert ("担当者", "例示係") in found
    assert any("予算の見積り" in text for text in said) == (state == "案")
    assert any("この文書は請求書ではありません" in text for text in said)
    hidden = ("例示銀行", "納期限", "口座", "公印", "納入金額", "請求の事由")
    assert not [text for text in said for word in hidden if word in text]
    bill = list(rows(sheet(decided(tmp_path / "b"))))
    start = found.index(("事業", "本年度（円）", "前年度（円）", "増減（円）"))
    assert found[start : start + 4] == bill[(at := bill.index(found[start])) : at + 4]


def test_only_a_draft_that_is_sent_has_number_and_day(tmp_path: Path) -> None:
    draft, example = (texts(sheet(decided(tmp_path / s, state=s))) for s in ("案", "例"))
    assert "7例協第12号の1" in draft
    assert not any("第12号" in text for text in example)


def test_an_example_says_that_nobody_decided_it(tmp_path: Path) -> None:
    assert any(
        "協議会の決定ではありません" in text for text in texts(sheet(decided(tmp_path, state="例")))
    )


def test_the_amount_is_joined_framed_bold_and_negative_with_its_sign(tmp_path: Path) -> None:
    form = sheet(decided(tmp_path))
    cell = next(c for row in form.iter_rows() for c in row if c.value == "納入金額").offset(
        column=1
    )
    assert cell.number_format == '"金"#,##0"円";"金△"#,##0"円"'
    assert cell.font.b
    assert cell.border.left.style == "medium"


def with_past(root: Path, past: str | None) -> list[tuple[object, ...]]:
    """Breakdown of 豊橋市 with a table of last year, which the council of three has not."""
    from apportion.outcome.computation import compute  # noqa: PLC0415  only this test computes twice

    outcome = decided(root)
    if past is not None:
        (root / "members/r7/previous.csv").write_text(PAST + past, encoding="utf-8")
        outcome = compute(root, outcome.year)
    found = list(rows(sheet(outcome)))
    start = found.index(("事業", "本年度（円）", "前年度（円）", "増減（円）")) + 1
    return found[start : next(i for i in range(start, 99) if found[i][0] == "合計") + 1]


def test_last_year_and_change(tmp_path: Path) -> None:
    past = "232017,豊橋市,会議事業,会場費,700\n232017,豊橋市,会議事業,旅費,34\n232025,岡崎市,研究事業,委託費,5\n"
    assert with_past(tmp_path, past) == [
        ("会議事業", 634, 734, -100),  # 334 + 300; 700 + 34
        ("研究事業", 576, 0, 576),  # 600 - 34 + 10; took no part last year
        ("合計", 1210, 734, 476),
    ]


def test_what_nobody_knows_is_not_nought(tmp_path: Path) -> None:
    assert with_past(tmp_path / "none", None) == [
        ("会議事業", 634, "－", "－"),
        ("研究事業", 576, "－", "－"),
        ("合計", 1210, "－", "－"),
    ]
    new = "232017,豊橋市,会議事業,会場費,600\n"
    assert with_past(tmp_path / "new", new)[1:] == [
        ("研究事業", 576, "－", "－"),
        ("合計", 1210, 600, 610),
    ]
    other = "232025,岡崎市,会議事業,会場費,600\n"
    assert with_past(tmp_path / "other", other)[0] == ("会議事業", 634, "－", "－")


def test_a_project_that_ended_counts_in_last_year(tmp_path: Path) -> None:
    past = "232017,豊橋市,旧事業,改修費,90\n232017,豊橋市,会議事業,会場費,600\n"
    assert with_past(tmp_path, past)[2:] == [
        ("前年度で終わった事業", 0, 90, -90),
        ("合計", 1210, 690, 520),
    ]


def test_totals_and_changes_are_values(tmp_path: Path) -> None:
    from apportion.outcome.computation import compute  # noqa: PLC0415  only this test computes twice

    outcome = decided(tmp_path)
    past = "232017,豊橋市,会議事業,会場費,600\n"
    (tmp_path / "members/r7/previous.csv").write_text(PAST + past, encoding="utf-8")
    form = sheet(compute(tmp_path, outcome.year), values=False)
    first = next(cell.row for cell in form["A"] if cell.value == "会議事業")
    rows = [[form.cell(first + n, column).value for column in (3, 4, 5)] for n in range(3)]
    assert all(isinstance(value, int) or value == "－" for row in rows for value in row)
    assert rows[0] == [634, 600, 34]
    assert rows[2][0] == outcome.total_of(TOYOHASHI)


def test_a_bill_issued_again_says_so_and_what_it_replaces(tmp_path: Path) -> None:
    again = "再発行: 第２回、令和7年7月1日付け ７例協第12号に代わるもの\n"
    form = sheet(
        decided(tmp_path / "a", ("rules/r7/00.txt", "公印: 省略\n", f"公印: 省略\n{again}"))
    )
    assert next(rows(form)) == ("再発行（第2回）　令和7年7月1日付け ７例協第12号に代わるもの",)
    draft = decided(
        tmp_path / "b", ("rules/r7/00.txt", "公印: 省略\n", f"公印: 省略\n{again}"), state="案"
    )
    assert not any("再発行" in text for text in texts(sheet(draft)))


def test_a_repayment_is_a_negative_number(tmp_path: Path) -> None:
    edits = [
        ("rules/r7/budget.csv", "返還金,-100", "返還金,-10000"),
        ("rules/r7/income.csv", "負担金収入,1413", "負担金収入,-8487"),
    ]
    form = sheet(decided(tmp_path, *edits), OKAZAKI)
    assert ("還付額", 333 + 300 + 599 - 3333 + 4) in list(rows(form))


def test_a_bill_below_nought_asks_for_nothing(tmp_path: Path) -> None:
    repaid = ("rules/r7/budget.csv", "返還金,-100,", "返還金,-100000,")
    income = ("rules/r7/income.csv", "負担金収入,1413,", "負担金収入,-98487,")
    said = texts(sheet(decided(tmp_path, repaid, income)))
    lead = "令和7年度の負担金は、計算した額が0円を下回るため、次の額をお返しします。手続は、別に通知します。"
    assert lead in said
    assert {"負担金還付通知書", "還付の事由"} <= set(said)
    assert not any("納入してください" in text or "請求します" in text for text in said)
    assert not any("納期限" in text for text in said)
    assert "振込先" not in said


def test_a_project_without_the_member_has_a_dash_and_the_same_total(tmp_path: Path) -> None:
    head = ("members/r7/roster.csv", "団体コード,団体名,全員", "団体コード,団体名,全員,会議")
    marks = [
        ("members/r7/roster.csv", f"{name},○\n", f"{name},○,{mark}\n")
        for name, mark in (("豊橋市", "○"), ("岡崎市", "○"), ("東郷町", ""))
    ]
    rules = ("rules/r7/10.txt", "名簿: 全員", "名簿: 会議")
    # 旅費: 500 each of two, 1円 is not adjusted; with 会場費 1,000 it makes 2,000
    income = ("rules/r7/income.csv", "負担金収入,1900,", "負担金収入,2000,")
    carried = ("rules/r7/income.csv", "繰越金,601,", "繰越金,501,")
    form = sheet(decided(tmp_path, head, *marks, rules, income, carried), TOGO)
    row = next(cell.row for cell in form["A"] if cell.value == "会議事業（不参加）")
    cell = form.cell(row, 3)
    assert (cell.value, cell.number_format.split(";")[2]) == (0, '"－"_ ')
    # 研究事業 alone: 委託費 300, 返還金 -33, 消耗品 0
    assert form.cell(row + 1, 3).value == 267
    assert form.cell(row + 2, 3).value == 267


def test_the_rows_are_the_same_for_all(tmp_path: Path) -> None:
    outcome = decided(tmp_path)
    shapes = set()
    for code in (TOYOHASHI, OKAZAKI, TOGO):
        form = sheet(outcome, code)
        shapes.add(tuple((n, d.height) for n, d in sorted(form.row_dimensions.items())))
    assert len(shapes) == 1


def test_the_form_asks_for_one_page(tmp_path: Path) -> None:
    form: Any = sheet(decided(tmp_path))
    assert form.sheet_properties.pageSetUpPr.fitToPage
    assert form.oddFooter.center.text == "&P / &N"
    assert sum(form.column_dimensions[c].width for c in "ABCDE") < 100


def test_a_member_billed_through_another_reads_so(tmp_path: Path) -> None:
    rules = "■経費 運営費\n負担割合: 均等割\n■グループ 北部\n団体: B町、C村\n代表: B町\n"
    root = small.write(tmp_path, rules, {"運営費": 300}, people(A市=5, B町=3, C村=2))
    path = root / "rules/r7/10.txt"
    path.write_text(path.read_text("utf-8").replace("状態: 案", "状態: 議決"), "utf-8")
    run(root, small.R7)
    book = load_workbook(
        root / f"outputs/r7/請求書/{small.code(3)}_C村_令和7年度負担金.xlsx", data_only=True
    )
    found = list(rows(book["通知"]))
    assert ("負担金額", 100) in found
    assert ("この文書は請求書ではありません。この額は、B町にまとめて請求します。",) in found
