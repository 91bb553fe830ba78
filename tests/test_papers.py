"""Each kind of paper says its own: 変更通知書, 還付通知書, 0円の通知書, 再発行, 精算書. Worked out by hand."""

import json
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from apportion.core.problem import InputError, Level
from apportion.core.year import Edition
from apportion.pipeline import run, run_settlement, verify
from apportion.years.issues.seal import Note, seal
from tests import sealing, settling, small, templates
from tests.sealing import AOBA, KODAMA, MIDORI
from tests.small import R7, revise
from tests.workspace import edit

PEOPLE = "人口（人、令和2年10月1日現在）"
FOUR = (
    "納期: 第1期 令和7年6月30日 25%、第2期 令和7年9月30日 25%、"
    "第3期 令和7年12月25日 30%、第4期 令和8年2月27日 20%\n"
)
BILL = """
■請求書
発行者: 協議会 会長
文書番号: 協議第12号
発行日: 納期限の15日前
振込先: 中央銀行 普通 1234567
変更文書番号: 協議第20号
変更発行日: 令和7年10月3日
"""
PAYING = ("振込先", "中央銀行")


def texts(path: Path) -> list[list[object]]:
    """The rows of a form, without their blank cells."""
    sheet = load_workbook(path, data_only=True)["通知"]
    return [[c for c in row if c is not None] for row in sheet.iter_rows(values_only=True)]


def row(told: list[list[object]], label: str) -> list[object]:
    """The first row that begins with a label."""
    return next(line for line in told if line and line[0] == label)


def says(told: list[list[object]], text: str) -> bool:
    return any(text in str(cell) for line in told for cell in line)


def council(root: Path, *, split: str = "均等割", amount: int = 2_000) -> Path:
    """Two bodies pay 1,000円 each in 250, 250, 300 and 200."""
    rules = f"{FOUR}\n■経費 事務費、会議費\n負担割合: {split}\n{BILL}"
    bodies = {"あおば市": {PEOPLE: 3}, "みどり町": {PEOPLE: 2}}
    small.write(root, rules, {"事務費": amount, "会議費": 0}, bodies)
    edit(root / "rules/r7/10.txt", "状態: 案", "状態: 議決")
    return root


def changed(root: Path, yen: int) -> Path:
    """The year is sealed, 補正第1号 of 1 October follows; the folder of its notices."""
    run(root, R7)
    seal(root, R7, Note("総会議決", date(2025, 5, 30)))
    revise(root, 1, {"事務費": yen}, day="令和7年10月1日")
    small.decide(root, "補正第1号,令和7年10月1日,議決,")
    run(root, R7, edition=Edition(1))
    return root / "outputs/r7-補正1/請求書"


def notice(folder: Path, name: str) -> list[list[object]]:
    """The paper to a body, or the one of it with an ending: みどり町_請求."""
    body, _, ending = name.partition("_")
    found = folder.glob(f"*_{body}_*_{ending}.xlsx" if ending else f"*_{body}_*.xlsx")
    [path] = (path for path in found if ending or not path.stem.endswith(("_請求", "_代表")))
    return texts(path)


def test_who_pays_less_than_was_billed_gets_money_back(tmp_path: Path) -> None:
    """1,000円 each, 500 of them billed; 300 now: 200 go back, and nothing is asked for."""
    folder = changed(council(tmp_path), -1_400)
    told = notice(folder, "みどり町")
    assert ["負担金変更通知書"] in told
    assert not says(told, "兼 請求書")
    assert row(told, "還付額") == ["還付額", -200]
    assert row(told, "共同事業") == ["共同事業", 1_000, 300, -700]
    assert row(told, "第4期") == ["第4期", "お返しします", 200, -200, "還付"]
    assert row(told, "第3期") == ["第3期", "納入は要りません", 300, 0, "変更"]
    assert row(told, "第1期")[2:] == [250, 250, "請求済み"]
    assert says(told, "還付額をお返しします。手続は、別に通知します。")
    assert says(told, "△は、減ることを示します。")
    assert says(told, "未納の額があるときは、還付額から差し引きます。")
    assert not any(says(told, word) for word in (*PAYING, "納期限までに"))
    assert verify(folder.parent, tmp_path)[0] == ()


@pytest.mark.parametrize(
    ("paid", "told"),
    [
        (500, "納入は 500円、変更後の年額は 300円で、実際にお返しする額は 200円です。"),
        (1_000, "納入は 1,000円、変更後の年額は 300円で、実際にお返しする額は 700円です。"),
        (250, "納入は 250円、変更後の年額は 300円で、お返しする額はなく、50円が未納です。"),
        (0, "納入は 0円、変更後の年額は 300円で、お返しする額はなく、300円が未納です。"),
    ],
)
def test_a_refund_notice_says_what_is_really_paid_back(
    paid: int, told: str, tmp_path: Path
) -> None:
    """300 of the year. Paid until the day of the notice (3 October): what comes later does not count."""
    changed(council(tmp_path), -1_400)
    head = "団体コード,団体名,期,納入日,納入額（円）\n990019,あおば市,1,R7.6.30,250\n"
    rows = f"990027,みどり町,1,R7.9.30,{paid}\n990027,みどり町,2,R7.10.10,7\n"
    small.save(tmp_path, "members/r7/payments.csv", head + rows)
    run(tmp_path, R7, edition=Edition(1))
    [path] = (tmp_path / "outputs/r7-補正1/請求書").glob("*_みどり町*.xlsx")
    said = texts(path)
    assert says(said, f"令和7年9月30日までの{told}")
    assert row(said, "還付額") == ["還付額", -200]
    assert not says(said, "差し引きます")


def test_a_notice_names_what_it_changes_and_why(tmp_path: Path) -> None:
    """600円 more for two: 1,300 each; of 800円 that are left 3/5 and 2/5: 480 and 320."""
    told = notice(changed(council(tmp_path), 600), "みどり町")
    label = "今回納入いただく額（第3期・第4期）"
    assert row(told, label) == [label, 800]
    assert row(told, "第3期")[2:] == [300, 480, "変更"]
    assert row(told, "合計") == ["合計", 1_000, 1_300, 300]
    assert told[0] == ["協議第20号の2"]
    assert told[1] == [datetime(2025, 10, 3)]  # noqa: DTZ001  Excel knows no zones
    former = "令和7年6月15日付け 協議第12号の2（整理番号 R7-990027）"
    assert row(told, "変更する通知") == ["変更する通知", former]
    assert row(told, "変更の事由")[1] == "補正予算（第1号）　令和7年10月1日\n根拠: 規約第9条"
    assert says(told, "今回納入いただく額を、それぞれの納期限までに納入してください。")
    assert row(told, "振込先") == ["振込先", "中央銀行 普通 1234567"]


def test_many_terms_are_named_from_the_first_to_the_last(tmp_path: Path) -> None:
    """Before the first 納期限 all four are open: 1,300円 in 325, 325, 390 and 260."""
    root = council(tmp_path)
    edit(root / "rules/r7/10.txt", "変更発行日: 令和7年10月3日", "変更発行日: 令和7年6月2日")
    revise(root, 1, {"事務費": 600}, day="令和7年6月1日")
    small.decide(root, "補正第1号,令和7年6月1日,議決,")
    run(root, R7, edition=Edition(1))
    label = "今回納入いただく額（第1期～第4期）"
    told = notice(root / "outputs/r7-補正1/請求書", "みどり町")
    assert row(told, label) == [label, 1_300]
    assert [row(told, f"第{n}期")[3] for n in (1, 2, 3, 4)] == [325, 325, 390, 260]


def test_who_is_not_changed_gets_no_notice_and_keeps_its_paper(tmp_path: Path) -> None:
    """みどり町 takes no part in 会議費, of which あおば市 pays 90円 more."""
    root = council(tmp_path)
    rules = root / "rules/r7/10.txt"
    edit(rules, "■経費 事務費、会議費\n", "■経費 会議費\n負担割合: あおば市に 100%\n■経費 事務費\n")
    run(root, R7)
    seal(root, R7, Note("総会議決"))
    revise(root, 1, {"会議費": 90}, day="令和7年10月1日")
    small.decide(root, "補正第1号,令和7年10月1日,議決,")
    run(root, R7, edition=Edition(1), archives=True)
    folder = root / "outputs/r7-補正1"
    assert [path.name for path in (folder / "請求書").iterdir()] == [
        "990019_あおば市_令和7年度負担金変更_補正1.xlsx"
    ]
    assert [path.name for path in (folder / "送付").iterdir()] == [
        "990019_あおば市_令和7年度負担金変更_補正1.zip"
    ]
    assert verify(folder, root)[0] == ()
    made = seal(root, R7, Note("補正議決"), Edition(1)).record["請求"]
    assert made["990019"]["整理番号"] == "R7-990019-補正1"
    held = made["990027"]
    assert (held["整理番号"], held["文書番号"]) == ("R7-990027", "協議第12号の2")


def test_a_yen_of_the_framed_amount_is_found(tmp_path: Path) -> None:
    """The data say another amount of the open 期 than the notice frames."""
    folder = changed(council(tmp_path), 600).parent
    path = folder / "data/invoices.csv"
    path.write_bytes(path.read_bytes().replace(b",480,", b",481,"))
    found = [p for p in verify(folder, tmp_path)[0] if p.code == "W601"]
    assert {p.source.sheet for p in found} == {"通知"}
    assert all("800円" in str(p) and "801円" in str(p) for p in found)


def adjusted(root: Path, unit: str = "年額") -> Path:
    """1,000円 by people 5 : 3 : 2, and last year's +700, -300 and -400: 1,200, 0 and -200."""
    before = "前年度精算額（円）"
    bodies = {
        "あおば市": {PEOPLE: 5, before: 700},
        "みどり町": {PEOPLE: 3, before: -300},
        "こだま村": {PEOPLE: 2, before: -400},
    }
    rules = (
        f"基礎数値: 人口（令和2年10月1日現在）\n{FOUR}\n■経費 事務費\n負担割合: 人口割\n"
        f"団体別加減: 前年度精算額を足す\n{BILL}還付文書番号: 協議第50号\n請求の単位: {unit}\n"
    )
    small.write(root, rules, {"事務費": 1_000}, bodies)
    edit(root / "rules/r7/10.txt", "状態: 案", "状態: 議決")
    run(root, R7)
    assert verify(root / "outputs/r7", root)[0] == ()
    return root / "outputs/r7/請求書"


@pytest.mark.parametrize("unit", ["年額", "期ごと"])
def test_a_bill_of_nothing_says_so(unit: str, tmp_path: Path) -> None:
    told = notice(adjusted(tmp_path, unit), "みどり町")
    assert ["負担金通知書"] in told
    assert row(told, "負担金額") == ["負担金額", 0]
    assert says(told, "納入いただく額はありません。")
    assert not any(says(told, word) for word in (*PAYING, "納期限", "請求し", "通知書 兼"))


@pytest.mark.parametrize("unit", ["年額", "期ごと"])
def test_a_bill_below_nothing_gives_back(unit: str, tmp_path: Path) -> None:
    told = notice(adjusted(tmp_path, unit), "こだま村")
    assert told[0] == ["協議第50号の3"]
    assert told[1] == [datetime(2025, 6, 15)]  # noqa: DTZ001  15 days before the first 納期限 of all
    assert ["負担金還付通知書"] in told
    assert row(told, "還付額") == ["還付額", -200]
    assert row(told, "還付の事由")
    assert not any(says(told, word) for word in (*PAYING, "納期限", "納入してください"))


def test_a_lead_is_told_both_amounts_and_gets_the_calculations(tmp_path: Path) -> None:
    """300円 for three: みどり町 pays its 100 and the 100 of こだま村."""
    bodies = {name: {PEOPLE: 1} for name in ("あおば市", "みどり町", "こだま村")}
    group = "■グループ 東部\n団体: みどり町、こだま村\n代表: みどり町\n"
    rules = f"{FOUR}\n■経費 事務費\n負担割合: 均等割\n{group}{BILL}"
    small.write(tmp_path, rules, {"事務費": 300}, bodies)
    edit(tmp_path / "rules/r7/10.txt", "状態: 案", "状態: 議決")
    run(tmp_path, R7, archives=True)
    told = notice(tmp_path / "outputs/r7/請求書", "みどり町_請求")
    assert told[0] == ["協議第12号の4"]
    assert row(told, "納入金額") == ["納入金額", 200]
    assert row(told, "共同事業") == ["共同事業", 200]
    assert row(told, "みどり町の分") == ["みどり町の分", 100]
    assert row(told, "代表して納入いただく1団体の分")[1] == 100
    with ZipFile(
        tmp_path / f"outputs/r7/送付/{small.code(2)}_みどり町_令和7年度負担金.zip"
    ) as packed:
        assert set(packed.namelist()) == {
            f"{small.code(2)}_みどり町_令和7年度負担金.xlsx",
            f"{small.code(2)}_みどり町_令和7年度負担金_請求.xlsx",
            f"{small.code(3)}_こだま村_令和7年度負担金.xlsx",
            "計算書_令和7年度負担金.xlsx",
        }


def test_what_is_issued_again_has_a_number_and_a_day_of_its_own(tmp_path: Path) -> None:
    """And the sealed record holds what stands on the paper."""
    root = sealing.decided(tmp_path / "council")
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    [told] = [problem for problem in run(root, R7).problems if problem.code == "W886"]
    assert "2 団体" in told.what
    edit(
        root / sealing.RULES,
        "発行日: 令和7年6月2日\n",
        "発行日: 令和7年6月2日\n再発行日: 令和7年7月1日\n",
    )
    assert [p for p in run(root, R7).problems if p.code == "W886"] == []
    form = notice(root / "outputs/r7/請求書", "あおば市")
    assert form[1:3] == [["予協第12号の1（再1）"], [datetime(2025, 7, 1)]]  # noqa: DTZ001  as above
    assert row(form, "整理番号") == ["整理番号", "R7-990019-再1"]
    same = notice(root / "outputs/r7/請求書", "こだま村")
    assert same[:2] == [["予協第12号の3"], [datetime(2025, 6, 2)]]  # noqa: DTZ001  as above
    made = seal(root, R7, Note("臨時総会議決")).record["請求"]
    assert [made[AOBA][key] for key in ("文書番号", "整理番号", "発行日")] == [
        *("予協第12号の1（再1）", "R7-990019-再1", "2025-07-01"),
    ]
    assert made[KODAMA]["整理番号"] == "R7-990035"


@pytest.mark.parametrize(
    ("day", "code"), [("令和7年6月1日", "W886"), ("令和7年8月1日", "W887"), ("令和7年7月31日", "")]
)
def test_the_day_of_a_reissue_is_after_the_bill_and_before_its_due_date(
    day: str, code: str, tmp_path: Path
) -> None:
    """The bill is of 2 June, its 納期限 31 July; nothing is written where that is past."""
    root = sealing.decided(tmp_path / "council")
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    before = sealing.contents(root / "outputs/r7")
    edit(
        root / sealing.RULES, "発行日: 令和7年6月2日\n", f"発行日: 令和7年6月2日\n再発行日: {day}\n"
    )
    if code == "W887":
        with pytest.raises(InputError) as raised:
            run(root, R7)
        assert code in {problem.code for problem in raised.value.problems}
        assert sealing.contents(root / "outputs/r7") == before
        return
    assert [p.code for p in run(root, R7).problems if p.code in ("W886", "W887")] == [code] * bool(
        code
    )


def test_of_a_bill_by_term_only_what_changes_is_issued_again(tmp_path: Path) -> None:
    """みどり町 pays 20% or 100円 first: 100 of 354,000 and of 300,000 alike, the rest changes."""
    root = sealing.decided(tmp_path / "council")
    edit(
        root / sealing.RULES,
        "納期: 第1期 令和7年7月31日 残り",
        "納期: 第1期 令和7年7月31日 100円、第2期 令和8年1月30日 残り",
    )
    edit(root / sealing.RULES, "担当者: 会計担当\n", "担当者: 会計担当\n請求の単位: 期ごと\n")
    first = sealing.issued(root).record["請求"]
    assert first[MIDORI]["整理番号"] == "R7-990027-第1期、R7-990027-第2期"
    sealing.people(root, 45_000, 25_000, 5_000)
    edit(
        root / sealing.RULES,
        "発行日: 令和7年6月2日\n",
        "発行日: 令和7年6月2日\n再発行日: 令和7年8月4日\n",
    )
    run(root, R7)
    letters = root / "outputs/r7/請求書"
    assert [p.name for p in (letters / "第1期").iterdir()] == [
        "990035_こだま村_令和7年度負担金_第1期.xlsx"
    ]
    assert len(list((letters / "第2期").iterdir())) == 3
    told = notice(letters / "第2期", "みどり町_第2期")
    assert row(told, "整理番号") == ["整理番号", "R7-990027-第2期-再1"]
    assert verify(root / "outputs/r7", root)[0] == ()
    terms = seal(root, R7, Note("臨時総会議決")).record["請求"][MIDORI]["期別"]
    assert [terms[n]["整理番号"] for n in "12"] == ["R7-990027-第1期", "R7-990027-第2期-再1"]


@pytest.mark.parametrize(
    ("usual", "why"),
    [
        ("納期限の15日前", ""),
        ("令和7年6月2日", "変更通知書の日ではありません。"),
        ("納期限の90日前", "納期限の90日前は、補正予算（第1号）の日より前です。"),
    ],
)
def test_a_change_without_a_day_is_told(usual: str, why: str, tmp_path: Path) -> None:
    """The first 納期限 after 1 October is 25 December: 85 days."""
    root = council(tmp_path)
    edit(root / "rules/r7/10.txt", "変更発行日: 令和7年10月3日\n", "")
    edit(root / "rules/r7/10.txt", "発行日: 納期限の15日前", f"発行日: {usual}")
    revise(root, 1, {"事務費": 10}, day="令和7年10月1日")
    small.decide(root, "補正第1号,令和7年10月1日,議決,")
    told = [str(p) for p in run(root, R7, edition=Edition(1)).problems if p.code == "W886"]
    assert len(told) == bool(why)
    assert all(why in text and "変更発行日: 令和○年○月○日" in text for text in told)
    form = notice(root / "outputs/r7-補正1/請求書", "みどり町")
    assert any(isinstance(line[0], datetime) for line in form[:2]) == (not why)


def test_a_change_is_not_dated_before_its_budget(tmp_path: Path) -> None:
    root = council(tmp_path)
    edit(root / "rules/r7/10.txt", "変更発行日: 令和7年10月3日", "変更発行日: 令和7年9月30日")
    revise(root, 1, {"事務費": 10}, day="令和7年10月1日")
    small.decide(root, "補正第1号,令和7年10月1日,議決,")
    [told] = [p for p in run(root, R7, edition=Edition(1)).problems if p.code == "W886"]
    assert told.fix.endswith("変更発行日: 令和7年10月1日")


SETTLED = """
■請求書
発行者: 協議会 会長
振込先: 中央銀行 普通 1234567
精算文書番号: 協議第40号
精算発行日: 令和8年8月3日
精算納期限: 令和8年8月31日
精算件名: 令和7年度 決算による精算
精算本文: 決算が認定されたので、精算します。
"""


def test_a_settlement_without_a_day_is_told(tmp_path: Path) -> None:
    rules = f"{settling.RULES}{settling.settlement('還付と追徴')}"
    root = settling.council(tmp_path, rules, settling.SPENT, settling.RECEIVED)
    edit(root / "rules/r7/10.txt", "状態: 案", "状態: 議決")
    small.decide(root, "精算,令和8年5月20日,議決,")
    [told] = [p for p in run_settlement(root, R7).problems if p.code == "W886"]
    assert "精算発行日: " in told.fix


def closed(root: Path, spent: int) -> Path:
    """運用費 1,000,000 by people 5 : 3 : 2 came to `spent`; the folder of the letters, zips beside."""
    rules = f"{settling.RULES}{settling.settlement('還付と追徴')}{SETTLED}"
    amounts: settling.Spent = {"運用費": (1_000_000, spent), "事務費": (100_000, 100_000)}
    settling.council(root, rules, amounts, [("負担金収入", 1_100_000, 1_100_000)])
    edit(root / "rules/r7/10.txt", "状態: 案", "状態: 議決")
    small.decide(root, "精算,令和8年5月20日,議決,")
    run_settlement(root, R7, archives=True)
    assert verify(root / "outputs/r7-精算", root)[0] == ()
    return root / "outputs/r7-精算/精算書"


def test_a_settlement_that_asks_says_by_when(tmp_path: Path) -> None:
    """甲市 (5 of 10) pays half of the 20,000円 that are missing."""
    told = notice(closed(tmp_path, 1_020_000), "甲市")
    assert told[0] == ["協議第40号の1"]
    assert told[1] == [datetime(2026, 8, 3)]  # noqa: DTZ001  as above
    assert row(told, "追徴額") == ["追徴額", 10_000]
    assert row(told, "件名") == ["件名", "令和7年度 決算による精算"]
    assert ["決算が認定されたので、精算します。\n追徴額を、納期限までに納入してください。"] in told
    assert row(told, "精算の事由")[1] == "令和7年度の決算による負担金の精算\n根拠: 規約第9条"
    assert row(told, "納期限") == ["納期限", "令和8年8月31日"]
    assert row(told, "振込先") == ["振込先", "中央銀行 普通 1234567"]
    archive = tmp_path / f"outputs/r7-精算/送付/{small.code(1)}_甲市_令和7年度負担金精算.zip"
    with ZipFile(archive) as packed:
        assert set(packed.namelist()) == {
            f"{small.code(1)}_甲市_令和7年度負担金精算.xlsx",
            "精算計算書_令和7年度負担金精算.xlsx",
        }


def test_a_settlement_that_gives_back_asks_for_nothing(tmp_path: Path) -> None:
    told = notice(closed(tmp_path, 980_000), "甲市")
    assert row(told, "還付額") == ["還付額", -10_000]
    assert says(told, "還付額をお返しします。手続は、別に通知します。")
    assert not any(says(told, word) for word in (*PAYING, "納期限", "請求の事由"))


def own_form(root: Path, key: str, name: str) -> None:
    """The council takes one of the example forms for a kind of paper."""
    folder = root / "rules/様式"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(templates.OTHERS[name]())
    with (root / "rules/r7/10.txt").open("ab") as file:
        file.write(f"{key}: {name}\n".encode())


def hidden(path: Path) -> list[str]:
    """Labels of the rows that are not printed."""
    sheet = load_workbook(path)["通知"]
    return [str(sheet.cell(n, 1).value) for n, row in sheet.row_dimensions.items() if row.hidden]


def test_a_change_on_a_form_of_the_council(tmp_path: Path) -> None:
    """The same amounts as on ours; what a refund does not say is not printed."""
    root = council(tmp_path)
    own_form(root, "変更様式", "例_変更通知書.xlsx")
    folder = changed(root, -1_400)
    told = notice(folder, "みどり町")
    assert row(told, "還付額") == ["還付額", -200]
    assert row(told, "共同事業") == ["共同事業", 1_000, 300, -700]
    assert row(told, "第4期") == ["第4期", "お返しします", 200, -200, "還付"]
    assert row(told, "変更する通知")[1].startswith("令和7年6月15日付け 協議第12号の2")  # type: ignore[attr-defined]
    [path] = folder.glob("*_みどり町_*.xlsx")
    assert {"納入場所", "振込先", "口座名義", "フリガナ", "登録番号"} <= set(hidden(path))
    assert len(hidden(path)) == 5 + 7 + 2  # 8 rows for one 事業, 6 for four 期
    assert verify(folder.parent, root)[0] == ()


def test_a_settlement_on_a_form_of_the_council(tmp_path: Path) -> None:
    rules = f"{settling.RULES}{settling.settlement('還付と追徴')}{SETTLED}"
    amounts: settling.Spent = {"運用費": (1_000_000, 1_020_000), "事務費": (100_000, 100_000)}
    root = settling.council(tmp_path, rules, amounts, [("負担金収入", 1_100_000, 1_100_000)])
    edit(root / "rules/r7/10.txt", "状態: 案", "状態: 議決")
    own_form(root, "精算様式", "例_精算書.xlsx")
    small.decide(root, "精算,令和8年5月20日,議決,")
    run_settlement(root, R7)
    told = notice(root / "outputs/r7-精算/精算書", "甲市")
    assert row(told, "追徴額") == ["追徴額", 10_000]
    assert row(told, "共同事業") == ["共同事業", 533_334, 543_334, 10_000]
    assert row(told, "差額の扱い") == ["差額の扱い", "追徴（△は還付） 10,000円"]
    assert row(told, "納期限")[1] == datetime(2026, 8, 31)  # noqa: DTZ001  as above
    assert row(told, "振込先") == ["振込先", "中央銀行 普通 1234567"]
    assert verify(root / "outputs/r7-精算", root)[0] == ()


def test_a_form_for_changes_must_have_rows_enough(tmp_path: Path) -> None:
    """Seven 期 before and after the 補正, six on the form."""
    root = council(tmp_path)
    own_form(root, "変更様式", "例_変更通知書.xlsx")
    days = (f"第{n}期 令和7年{n + 3}月20日 {10 if n < 7 else 40}%" for n in range(1, 8))
    edit(root / "rules/r7/10.txt", FOUR.strip(), f"納期: {'、'.join(days)}")
    assert "W706" not in {p.code for p in run(root, R7).problems}
    revise(root, 1, {"事務費": 10}, day="令和7年10月1日")
    small.decide(root, "補正第1号,令和7年10月1日,議決,")
    with pytest.raises(InputError) as raised:
        run(root, R7, edition=Edition(1))
    [problem] = [p for p in raised.value.problems if p.code == "W706"]
    assert "{{第7期変更前}}" in str(problem)


@pytest.mark.parametrize("name", templates.OTHERS)
def test_the_shipped_forms_are_those_that_are_drawn(name: str) -> None:
    assert (templates.FOLDER / name).read_bytes() == templates.OTHERS[name]()


def test_every_paper_says_that_a_clause_is_not_in_its_amounts(tmp_path: Path) -> None:
    root = council(tmp_path)
    clause = "未対応: 「冬期の除雪費は、別に定める。」 理由 協議のため"
    edit(root / "rules/r7/10.txt", "負担割合: 均等割", f"{clause}\n負担割合: 均等割")
    with pytest.raises(InputError) as refused:
        run(root, R7)
    assert [p.code for p in refused.value.problems if p.level is Level.ERROR] == ["W261"]
    edit(root / "rules/r7/10.txt", clause, f"{clause}、承認 事務局長")
    mark = "未対応　計算に入れていない条文が1件あります（承認 事務局長）。"
    changed(root, 400)
    papers = [*(root / "outputs/r7").rglob("*.xlsx"), *(root / "outputs/r7-補正1").rglob("*.xlsx")]
    assert len(papers) == 8
    for paper in papers:
        for sheet in load_workbook(paper).worksheets:
            assert sheet.oddHeader is not None
            assert mark in str(sheet.oddHeader.right.text), (paper, sheet.title)
    record = json.loads((root / "outputs/r7/記録.json").read_text("utf-8"))
    assert record["未対応"] == ["冬期の除雪費は、別に定める。"]


def test_a_settlement_without_difference_says_so(tmp_path: Path) -> None:
    told = notice(closed(tmp_path, 1_000_000), "甲市")
    assert row(told, "追徴・還付額") == ["追徴・還付額", 0]
    assert says(told, "納入いただく額も、お返しする額もありません。")
    assert not any(says(told, word) for word in (*PAYING, "納期限"))
    record = json.loads((tmp_path / "outputs/r7-精算/記録.json").read_text("utf-8"))
    assert f"送付/{small.code(1)}_甲市_令和7年度負担金精算.zip" in record["出力"]
