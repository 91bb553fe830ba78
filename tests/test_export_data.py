"""`export data`: rows for the bulk entry of 調定, and the whole year as JSON."""

import csv
import io
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from apportion.cli import app, guarded
from apportion.core.problem import OutputError
from apportion.core.year import AskedBudget, Edition
from apportion.pipeline import run
from apportion.years.bridge import DATA, HEADINGS, POSTINGS, data_json, export, exported
from apportion.years.issues.seal import Note, seal
from tests import small
from tests.small import R7
from tests.workspace import SHIPPED

DUES = "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n"
BILL = (
    "\n■請求書\n住所: 中央市1番地\n発行者: 協議会\n代表者: 会長\n振込先: ○○銀行\n"
    "文書番号: 7例協第12号\n発行日: 令和7年7月1日\n"
)
LINE = "\n■経費 利用料\n負担割合: 均等割\n"
ONE, TWO = small.code(1), small.code(2)


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """甲市 and 乙町 owe 250,000円 in each of two 期; decided."""
    figures = {"甲市": {"人口（人）": 1}, "乙町": {"人口（人）": 1}}
    small.write(tmp_path, DUES + LINE + BILL, {"利用料": 1_000_000}, figures)
    return state(tmp_path, "議決")


def state(root: Path, word: str) -> Path:
    text = (root / "rules/r7/10.txt").read_text("utf-8")
    small.save(root, "rules/r7/10.txt", text.replace("状態: 案", f"状態: {word}"))
    return root


def rows(folder: Path) -> list[dict[str, str]]:
    data = (folder / POSTINGS).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def record(folder: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder / DATA).read_bytes())
    return found


def test_a_row_for_each_payer_and_term(root: Path) -> None:
    made, folder = export(root, R7)
    assert folder == root / "outputs/r7-データ"
    assert made.outcome.problems == ()
    found = rows(folder)
    assert [tuple(found[0]), len(found)] == [HEADINGS, 4]
    assert list(found[1].values()) == [
        *("議決", "令和7年度", "2025", "一般会計", "負担金収入", ONE, "甲市", "甲市長"),
        *("2", "2026-01-30", "250000", "", "", "令和7年度負担金　第2期", f"R7-{ONE}"),
        "7例協第12号の1",
    ]
    assert sum(int(row["金額_円"]) for row in found) == 1_000_000


@pytest.mark.parametrize("word", ["例", "案"])
def test_what_is_not_decided_says_so_in_every_row(tmp_path: Path, word: str) -> None:
    figures = {"甲市": {"人口（人）": 1}, "乙町": {"人口（人）": 1}}
    root = small.write(tmp_path, DUES + LINE, {"利用料": 1_000_000}, figures)
    _, folder = export(state(root, word), R7)
    assert {(row["状態"], row["納期限"]) for row in rows(folder)} == {(word, "")}
    assert record(folder)["状態"] == word


def test_it_agrees_with_the_invoices_of_the_shipped_year(tmp_path: Path) -> None:
    made, folder = export(SHIPPED, R7, out=tmp_path / "data")
    outcome = made.outcome
    found, told = rows(folder), record(folder)
    billed = {(p.code, p.number): p.yen for p in outcome.instalments}
    assert {(r["団体コード"], int(r["期"])): int(r["金額_円"]) for r in found} == billed
    assert sum(billed.values()) == 385_422_000 == told["負担金額_円"]
    assert sum(part["金額_円"] for part in told["請求"]) == 385_422_000
    assert sum(row["負担金額_円"] for row in told["負担"]) == 385_422_000
    assert sum(line["負担金額_円"] for line in told["経費"]) == 385_422_000
    exact = sum(Fraction(row["正確額_円"]) for row in told["負担"])
    assert exact == 385_422_000  # fractions are whole: none is cut
    assert {equation["差_円"] for equation in told["突合"]} == {0}
    assert told["収納"] is None
    assert told["入力"].keys() == set(outcome.files)
    assert told["経費"][0]["規則"].startswith("rules/r7/")


def test_after_a_revision_each_row_has_what_it_was(root: Path) -> None:
    """補正 of 20 November, +100,000円: 50,000円 each, all in the 期 that is still to come."""
    small.revise(root, 1, {"利用料": 100_000}, day="令和7年11月20日")
    _, folder = export(root, R7, AskedBudget(Edition(1)))
    assert folder.name == "r7-補正1-データ"
    kept = ("団体コード", "期", "金額_円", "補正前_円", "増減_円", "整理番号")
    assert [tuple(row[key] for key in kept) for row in rows(folder)] == [
        (ONE, "1", "250000", "250000", "0", f"R7-{ONE}-補正1"),
        (ONE, "2", "300000", "250000", "50000", f"R7-{ONE}-補正1"),
        (TWO, "1", "250000", "250000", "0", f"R7-{TWO}-補正1"),
        (TWO, "2", "300000", "250000", "50000", f"R7-{TWO}-補正1"),
    ]
    assert record(folder)["ケース"] == "補正1"


def test_a_row_of_nothing_is_left_out_and_a_refund_is_marked(root: Path) -> None:
    """補正 −600,000円: each owes 200,000円 in the year, had 250,000円 due: 50,000円 go back."""
    small.revise(root, 1, {"利用料": -600_000}, day="令和7年11月20日")
    _, folder = export(root, R7, AskedBudget(Edition(1)))
    last = rows(folder)[1]
    assert (last["金額_円"], last["補正前_円"], last["増減_円"]) == ("-50000", "250000", "-300000")
    assert last["摘要"].endswith("（還付）")
    small.save(
        root,
        "members/r7/roster.csv",
        (root / "members/r7/roster.csv").read_text("utf-8").replace("乙町,○", "乙町,"),
    )
    _, folder = export(root, R7)
    assert {row["団体コード"] for row in rows(folder)} == {ONE}


def test_a_bill_to_a_lead_has_its_own_serial(root: Path) -> None:
    text = (root / "rules/r7/10.txt").read_text("utf-8")
    group = "\n■グループ 全部\n団体: 甲市、乙町\n代表: 乙町\n"
    small.save(root, "rules/r7/10.txt", text + group)
    found = rows(export(root, R7)[1])
    assert [(r["団体名"], r["金額_円"], r["整理番号"]) for r in found] == [
        ("乙町", "500000", f"R7-{TWO}-代表"),
        ("乙町", "500000", f"R7-{TWO}-代表"),
    ]
    told = record(root / "outputs/r7-データ")
    assert [(m["団体名"], m["負担金額_円"], m["請求額_円"]) for m in told["団体"]] == [
        ("甲市", 500_000, 0),
        ("乙町", 500_000, 1_000_000),
    ]


def test_without_a_case_it_is_the_budget_that_was_sealed_last(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """当初 while only that is sealed, then 補正1 though 補正2 is being prepared."""
    words = ["export", "data", "--year", "r7", "--dir", str(root)]
    run(root, R7)
    seal(root, R7, Note("総会議決"))
    small.revise(root, 1, {"利用料": 100_000}, day="令和7年11月20日")
    assert guarded(lambda: app(words, standalone_mode=False)) == 0
    assert "計 1,000,000円" in capsys.readouterr().out
    small.decide(root, "補正第1号,令和7年11月20日,議決,補正議決")
    run(root, R7, edition=Edition(1))
    seal(root, R7, Note("補正議決"), Edition(1))
    small.revise(root, 2, {"利用料": 7}, day="令和7年12月20日")
    small.decide(root, "補正第2号,令和7年12月20日,案,")
    assert guarded(lambda: app(words, standalone_mode=False)) == 0
    said = capsys.readouterr().out
    assert "計 1,100,000円" in said
    assert "補正予算（第1号）のあとの額です（--case 補正1 と同じです）。" in said
    assert rows(root / "outputs/r7-補正1-データ")[1]["金額_円"] == "300000"


def test_without_a_seal_it_is_the_first_budget_as_computed_and_says_so(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small.revise(root, 1, {"利用料": 100_000}, day="令和7年11月20日")
    words = ["export", "data", "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app(words, standalone_mode=False)) == 0
    said = capsys.readouterr().out
    assert "計 1,000,000円" in said
    assert "今の表から計算した当初予算の額です（確定していません）。" in said
    assert guarded(lambda: app([*words, "--case", "補正1"], standalone_mode=False)) == 0
    assert "計 1,100,000円" in capsys.readouterr().out


def changes(folder: Path) -> list[tuple[str, ...]]:
    kept = ("団体コード", "期", "金額_円", "補正前_円", "増減_円")
    return [tuple(row[key] for key in kept) for row in rows(folder)]


def test_what_was_sealed_is_what_is_exported(root: Path) -> None:
    """Rules that are 案 again, and another budget, change nothing of what was registered."""
    run(root, R7)
    seal(root, R7, Note("総会議決"))
    _, folder = export(root, R7)
    first = (folder / POSTINGS).read_bytes()
    state(root, "議決")
    text = (root / "rules/r7/10.txt").read_text("utf-8")
    small.save(root, "rules/r7/10.txt", text.replace("状態: 議決", "状態: 案"))
    small.save(
        root, "rules/r7/budget.csv", "区分,事業,項,経費,予算額（円）\n区分,共同事業,,利用料,8\n"
    )
    _, folder = export(root, R7)
    assert (folder / POSTINGS).read_bytes() == first
    told = record(folder)
    assert (told["状態"], told["負担金額_円"], told["確定"]["回"]) == ("議決", 1_000_000, 1)


def test_changes_are_against_what_was_registered_before(root: Path) -> None:
    """当初 500,000円 each; sealed again with 400,000 of 800,000円; 補正1 adds 50,000円 to each.

    補正1 is registered upon the second issue: 第2期 200,000 → 250,000円, not from 250,000円.
    """
    run(root, R7)
    seal(root, R7, Note("総会議決"))
    for name in ("budget", "income"):
        path = f"rules/r7/{name}.csv"
        small.save(root, path, (root / path).read_text("utf-8").replace("1000000", "800000"))
    run(root, R7)
    seal(root, R7, Note("訂正"))
    _, folder = export(root, R7)
    assert changes(folder)[:2] == [
        (ONE, "1", "200000", "250000", "-50000"),
        (ONE, "2", "200000", "250000", "-50000"),
    ]
    small.revise(root, 1, {"利用料": 100_000}, day="令和7年11月20日")
    small.decide(root, "補正第1号,令和7年11月20日,議決,補正議決")
    run(root, R7, edition=Edition(1))
    seal(root, R7, Note("補正議決"), Edition(1))
    _, folder = export(root, R7)
    assert changes(folder)[:2] == [
        (ONE, "1", "200000", "200000", "0"),
        (ONE, "2", "250000", "200000", "50000"),
    ]
    small.revise(root, 2, {"利用料": 20}, day="令和7年12月20日")
    small.decide(root, "補正第2号,令和7年12月20日,案,")
    _, folder = export(root, R7, AskedBudget(Edition(2)))
    assert changes(folder)[1] == (ONE, "2", "250010", "250000", "10")
    _, folder = export(root, R7, AskedBudget(None))
    assert changes(folder)[1] == (ONE, "2", "200000", "250000", "-50000")


def test_numbers_are_those_that_are_printed_on_the_bill_of_each_term(root: Path) -> None:
    text = (root / "rules/r7/10.txt").read_text("utf-8")
    small.save(root, "rules/r7/10.txt", f"{text}請求の単位: 期ごと\n")
    run(root, R7)
    printed = {}
    for path in (root / "outputs/r7/請求書").glob("第*期/*.xlsx"):
        code, _, _, term = path.stem.split("_")
        cells = [c.value for row in load_workbook(path)["通知"] for c in row if c.value]
        printed[code, term] = {str(cell) for cell in cells}
    found = rows(export(root, R7)[1])
    assert [row["整理番号"] for row in found[:2]] == [f"R7-{ONE}-第1期", f"R7-{ONE}-第2期"]
    for row in found:
        said = printed[row["団体コード"], f"第{row['期']}期"]
        assert {row["整理番号"], row["文書番号"]} <= said
    assert len(found) == len(printed) == len({row["文書番号"] for row in found}) == 4


def test_payments_stand_in_the_json(root: Path) -> None:
    head = "団体コード,団体名,期,納入日,納入額（円）"
    small.save(root, "members/r7/payments.csv", f"{head}\n{ONE},甲市,1,R7.8.1,1000\n")
    told = json.loads(data_json(exported(root, R7)))["収納"]
    assert told["現在"] == "2025-08-01"
    assert told["状況"][0] == {
        "団体コード": ONE,
        "期": 1,
        "納期限": "2025-07-31",
        "調定額_円": 250_000,
        "納入済額_円": 1000,
        "未納額_円": 249_000,
        "状態": "一部未納（納期限到来）",
    }


def test_the_same_inputs_give_the_same_bytes_and_the_former_ones_are_kept(root: Path) -> None:
    _, folder = export(root, R7)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    export(root, R7)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    assert not (root / "outputs/履歴").exists()
    rules = (root / "rules/r7/10.txt").read_text("utf-8")
    small.save(root, "rules/r7/10.txt", rules.replace("状態: 議決", "状態: 案"))
    export(root, R7)
    former = root / "outputs/履歴/r7-データ/1"
    assert {path.name: path.read_bytes() for path in former.iterdir()} == first


def test_a_folder_of_somebody_else_is_not_touched(root: Path) -> None:
    small.save(root, "書類/大事.txt", "x")
    for target in (root / "書類", root / "書類/大事.txt"):
        with pytest.raises(OutputError, match="置き換えません"):
            export(root, R7, out=target)
    assert (root / "書類/大事.txt").read_text("utf-8") == "x"


def test_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["export", "data", "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app([*words, "--format", "json"], standalone_mode=False)) == 0
    assert [path.name for path in (root / "outputs/r7-データ").iterdir()] == [DATA]
    assert "計 1,000,000円" in capsys.readouterr().out
    assert guarded(lambda: app([*words, "--format", "xml"], standalone_mode=False)) == 2
    words[1] = "rules"
    assert guarded(lambda: app([*words, "--case", "補正1"], standalone_mode=False)) == 2
