"""納入: the table, what is open of each 期, the sheet, and that no bill ever changes for it.

Amounts are worked out by hand: 1,000,001円 among two by 均等割 are 500,001円 (甲市, the smaller code)
and 500,000円; half of each is due on 31 July (of 500,001円 the whole yen: 250,000円), the rest on
30 January.
"""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from apportion.allocate.instalments import Instalment
from apportion.cli import app, guarded
from apportion.core.model import Payment, Yen
from apportion.core.problem import Source
from apportion.core.year import AskedBudget, Edition, FiscalYear
from apportion.outcome.computation import compute, examine
from apportion.outcome.receipts import Standing, standings
from apportion.outcome.workspace import load
from apportion.outputs.office import find
from apportion.pipeline import run, verify
from apportion.workbook.summary.book import make
from apportion.years.bridge import data_json, exported
from apportion.years.issues.seal import Note, seal
from apportion.years.payments import propose
from apportion.years.payments.bills import year_bills
from tests import small, workspace

R7 = FiscalYear(2025)
DUES = "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n"
LINE = "\n■経費 利用料\n負担割合: 均等割\n"
HEAD = "団体コード,団体名,期,納入日,納入額（円）"
ONE, TWO = small.code(1), small.code(2)
TABLE = "members/r7/payments.csv"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    figures = {"甲市": {"人口（人）": 1}, "乙町": {"人口（人）": 1}}
    return small.write(tmp_path, DUES + LINE, {"利用料": 1_000_001}, figures)


def pay(root: Path, *rows: str) -> Path:
    small.save(root, TABLE, "\n".join([HEAD, *rows]) + "\n")
    return root


def codes(root: Path) -> list[str]:
    return [problem.code for problem in examine(load(root, R7)).problems]


def sheet(root: Path, name: str = "収納状況") -> list[list[Any]]:
    book = load_workbook(BytesIO(make(compute(root, R7))), data_only=True)
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def listed(rows: list[list[Any]]) -> list[list[Any]]:
    return [row for row in rows if str(row[0]).isdigit()]


# What is open


def part(number: int, yen: int, day: date | None = None) -> Instalment:
    return Instalment("990019", day, number, Yen(yen))


def paid(number: int, yen: int, day: int = 1) -> Payment:
    return Payment(
        code="990019", number=number, day=date(2025, 8, day), yen=Yen(yen), source=Source()
    )


def told(found: tuple[Standing, ...], on: date = date(2025, 8, 1)) -> list[tuple[int, int, str]]:
    return [(one.paid, one.open, one.state(on)) for one in found]


@pytest.mark.parametrize(
    ("owed", "payments", "expected"),
    [
        (1000, [], (0, 1000, "未納")),
        (1000, [400], (400, 600, "一部未納")),
        (1000, [400, 600], (1000, 0, "納入済")),
        (1000, [1000, 1], (1001, -1, "過納")),
        (1000, [1001, -1], (1000, 0, "納入済")),
        (1000, [1000, -1000], (0, 1000, "未納")),
        (0, [], (0, 0, "0円")),
        (-500, [], (0, -500, "還付未了")),
        (-500, [-500], (-500, 0, "還付済")),
    ],
)
def test_what_is_open(owed: int, payments: list[int], expected: tuple[int, int, str]) -> None:
    assert told(standings([part(1, owed)], [paid(1, yen) for yen in payments], str)) == [expected]


def test_it_is_due_from_the_day_of_its_due_date_on() -> None:
    found = standings([part(1, 1000, date(2025, 7, 31))], [], str)
    assert told(found, date(2025, 7, 30)) == [(0, 1000, "未納")]
    assert told(found, date(2025, 7, 31)) == [(0, 1000, "未納（納期限到来）")]


def test_what_is_paid_counts_for_its_own_number_alone() -> None:
    parts = [part(1, 300, date(2025, 7, 31)), part(2, 700, date(2025, 8, 29))]
    for yen, expected in ((200, [200, 0]), (500, [500, 0])):
        assert [one.paid for one in standings(parts, [paid(1, yen)], str)] == expected
    assert told(standings(parts, [paid(2, 700)], str))[1] == (700, 0, "納入済")


def test_a_payment_that_nobody_billed_is_not_lost() -> None:
    found = standings([part(1, 1000)], [paid(1, 1000), paid(2, 5)], str)
    assert told(found) == [(1000, 0, "納入済"), (5, -5, "請求なし")]


# The table


def test_spellings_of_a_row(root: Path) -> None:
    pay(
        root,
        f"{ONE},甲市,第１期,R7.7.31,250000",
        f'{ONE},甲市,2,20260130,"250,001"',
        f"{TWO},乙町,1期,令和7年7月30日(水),△5",
        f"{TWO},乙町,1,2025/7/31 10:20,250005",
    )
    assert codes(root) == []
    found = [(p.code, p.number, p.day, p.yen) for p in compute(root, R7).tables.payments]
    assert found == [
        (ONE, 1, date(2025, 7, 31), 250_000),
        (ONE, 2, date(2026, 1, 30), 250_001),
        (TWO, 1, date(2025, 7, 30), -5),
        (TWO, 1, date(2025, 7, 31), 250_005),
    ]


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("990099,甲市,1,R7.7.31,1", "W308", "A2"),
        (f"{ONE},丙村,1,R7.7.31,1", "W309", "B2"),
        (f"{ONE},乙町,1,R7.7.31,1", "W310", "A2"),
        (f"{ONE},甲市,,R7.7.31,1", "W118", "C2"),
        (f"{ONE},甲市,1,7月末,1", "W124", "D2"),
        (f"{ONE},甲市,1,,1", "W118", "D2"),
        (f"{ONE},甲市,1,R7.2.30,1", "W124", "D2"),
        (f"{ONE},甲市,1,R7.7.31,", "W118", "E2"),
        (f"{ONE},甲市,1,R7.7.31,-", "W115", "E2"),
        (f"{ONE},甲市,1,R7.7.31,1円", "W114", "E2"),
        (f"{ONE},甲市,1,R7.7.31,0.5", "W116", "E2"),
        (f"{ONE},甲市,-1,R7.7.31,1", "W912", "C2"),
        ("合計,,,,1", "W118", "B2"),
    ],
)
def test_a_row_at_fault_is_named_with_its_cell(root: Path, row: str, code: str, cell: str) -> None:
    (problem, *others) = examine(load(pay(root, row), R7)).problems
    assert (problem.code, problem.source.cell, problem.source.file) == (code, cell, TABLE)
    assert {other.code for other in others} <= {"W118"}


def test_days_outside_the_year_are_told_once(root: Path) -> None:
    rows = (f"{ONE},甲市,1,R8.6.{n},1" for n in range(1, 8))
    (problem, *others) = examine(load(pay(root, *rows), R7)).problems
    assert (problem.code, problem.source.cell) == ("W914", "D2")
    assert "納入が 7件あります（令和8年6月1日、" in problem.what
    assert "W914" not in {other.code for other in others}


def test_columns_that_are_missing_or_have_no_unit(root: Path) -> None:
    small.save(root, TABLE, f"団体コード,団体名,納入日,納入額（円）\n{ONE},甲市,R7.7.31,1\n")
    assert codes(root) == ["W107"]
    small.save(root, TABLE, f"団体コード,団体名,期,納入日,納入額\n{ONE},甲市,1,R7.7.31,1\n")
    assert codes(root) == ["W107"]


def test_the_offered_row_mends_an_overpayment(root: Path) -> None:
    pay(root, f"{ONE},甲市,1,R7.7.31,250700")
    (problem,) = examine(load(root, R7)).problems
    assert problem.code == "W916"
    offered = problem.fix.partition("「")[2].partition("」")[0]
    pay(root, f"{ONE},甲市,1,R7.7.31,250700", offered.replace("（戻した日）", "R7.8.8"))
    assert codes(root) == []


# The sheet


def test_the_sheet_says_who_owes_what(root: Path) -> None:
    pay(
        root,
        f"{ONE},甲市,1,R7.7.31,250000",
        f"{TWO},乙町,1,R7.8.5,100000",
        f"{TWO},乙町,2,R7.8.5,250001",
    )
    rows = sheet(root)
    assert rows[2][0].startswith("最終の納入日（令和7年8月5日）現在。")
    assert [[row[0], row[1], row[2], *row[4:8], row[9]] for row in listed(rows)] == [
        [ONE, "甲市", "第1期", 500_001, 250_000, 250_000, 0, "納入済"],
        [ONE, "甲市", "第2期", None, 250_001, 0, 250_001, "未納"],
        [TWO, "乙町", "第1期", 500_000, 250_000, 100_000, 150_000, "一部未納（納期限到来）"],
        [TWO, "乙町", "第2期", None, 250_000, 250_001, -1, "過納"],
    ]
    by_word = {row[0]: row for row in rows}
    assert by_word["第1期"][4:8] == [1, 500_000, 350_000, 150_000]
    assert by_word["第2期"][4:8] == [1, 500_001, 250_001, 250_000]
    assert by_word["合計"][5:8] == [1_000_001, 600_001, 400_000]
    assert by_word["差（請求の総計、納入の記録の計との差）"][5:7] == [0, 0]
    records = listed(sheet(root, "納入の記録"))
    assert [tuple(row[column] for column in (0, 2, 4)) for row in records] == [
        (ONE, "第1期", 250_000),
        (TWO, "第1期", 100_000),
        (TWO, "第2期", 250_001),
    ]


def test_what_is_open_is_red_from_its_day_on(root: Path) -> None:
    pay(root, f"{ONE},甲市,1,R7.7.31,250000", f"{TWO},乙町,2,R7.8.5,250001")
    found = load_workbook(BytesIO(make(compute(root, R7))))["収納状況"]
    marked = {
        (row[1].value, row[2].value): bool(row[9].font.bold)
        for row in found.iter_rows()
        if str(row[0].value).isdigit()
    }
    assert marked == {
        ("甲市", "第1期"): False,  # 納入済
        ("甲市", "第2期"): False,  # 未納, due in January
        ("乙町", "第1期"): True,  # 未納, due in July
        ("乙町", "第2期"): True,  # 過納
    }


def test_without_payments_there_is_no_such_sheet(root: Path) -> None:
    for rows in (None, (), (f"{ONE},甲市,1,R7.7.31,1",)):
        if rows is not None:
            pay(root, *rows)
        book = load_workbook(BytesIO(make(compute(root, R7))))
        assert ("収納状況" in book.sheetnames) == bool(rows)


def test_payments_to_a_lead(root: Path) -> None:
    text = (root / "rules/r7/10.txt").read_text("utf-8")
    group = "\n■グループ 全部\n団体: 甲市、乙町\n代表: 乙町\n"
    small.save(root, "rules/r7/10.txt", text + group)
    pay(root, f"{TWO},乙町,1,R7.7.31,500000")
    assert codes(root) == []
    assert [row[4:8] for row in listed(sheet(root))] == [
        [1_000_001, 500_000, 500_000, 0],
        [None, 500_001, 0, 500_001],
    ]
    pay(root, f"{ONE},甲市,1,R7.7.31,250000")
    assert codes(root) == ["W915"]


def test_payments_go_by_term_also_where_a_revision_moved_it(root: Path) -> None:
    """補正 of 20 June: all is spread anew; +100,000円 are 50,000円 for each, half of it by 期."""
    small.revise(root, 1, {"利用料": 100_000}, day="令和7年6月20日")
    pay(root, f"{ONE},甲市,1,R7.7.31,275000")
    outcome = small.run_edition(root, 1)
    assert [p.code for p in outcome.problems] == []
    found = standings(outcome.instalments, outcome.tables.payments, str)
    assert [(one.owed, one.open) for one in found if one.code == ONE] == [
        (275_000, 0),
        (275_001, 275_001),
    ]
    assert codes(root) == []  # the first budget is not what the payer pays any more


# What payments do not change


def test_no_invoice_and_no_amount_depends_on_payments(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path / "w")
    outcome = run(root, R7, out=tmp_path / "before")
    first = outcome.instalments[0]
    name = outcome.tables.by_code[first.code].name
    pay(root, f"{first.code},{name},1,R7.7.31,{first.yen}", f"{first.code},{name},2,R8.1.30,1")
    run(root, R7, out=tmp_path / "after")
    before, after = (
        {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in (tmp_path / "before", tmp_path / "after")
    )
    assert before.keys() == after.keys()
    assert len([path for path in before if "請求書" in path.parts]) == 54
    changed = {path.name for path in before if before[path] != after[path]}
    assert changed == {"負担金一覧.xlsx", "記録.json"}


def test_verify_takes_later_payments_for_what_they_are(root: Path) -> None:
    run(root, R7)
    pay(root, f"{ONE},甲市,1,R7.7.31,250000")
    problems, said = verify(root / "outputs/r7", root)
    assert [(p.code, p.source.file) for p in problems] == [("W918", TABLE)]
    assert "一致しています" in said
    run(root, R7)
    assert verify(root / "outputs/r7", root)[0] == ()
    pay(root, f"{ONE},甲市,1,R7.7.31,250001")
    assert [p.code for p in verify(root / "outputs/r7", root)[0]] == ["W918"]


@pytest.mark.skipif(find() is None, reason="LibreOffice is not installed")
def test_every_formula_of_the_sheet_is_live(root: Path) -> None:
    pay(
        root,
        f"{ONE},甲市,1,R7.7.31,250000",
        f"{TWO},乙町,1,R7.8.5,260000",
        f"{TWO},乙町,1,R7.8.9,-10",
    )
    run(root, R7)
    problems, said = verify(root / "outputs/r7", root, recalculate=True)
    assert problems == ()
    assert "LibreOffice" in said


# On the screen


def test_show_payments_begins_with_what_is_due(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["show", "payments", "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app(words, standalone_mode=False)) == 0
    assert "納入がありません" in capsys.readouterr().out
    pay(root, f"{ONE},甲市,1,R7.8.5,250000")
    assert guarded(lambda: app(words, standalone_mode=False)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "令和7年度 収納状況　最終の納入日（令和7年8月5日）現在",
        "調定額は、今の表から計算した当初予算の額です（確定していません）。",
        "調定額 1,000,001円、納入済額 250,000円、未納額 750,001円",
    ]
    assert [line.split()[:3] for line in lines[4:7]] == [
        [TWO, "乙町", "第1期"],
        [ONE, "甲市", "第2期"],
        [TWO, "乙町", "第2期"],
    ]
    assert lines[4].endswith("未納（納期限到来）")
    assert lines[7] == "ほかの 1件に未納はありません。"


# What payments are for


BILL = (
    "\n■請求書\n住所: 中央市1番地\n発行者: 協議会\n代表者: 会長\n振込先: ○○銀行\n"
    "文書番号: 7例協第12号\n発行日: 令和7年7月1日\n"
)
FIRST = Edition(1)


def decided(root: Path) -> Path:
    """The year of 1,000,001円, sealed; 補正第1号 of −400,000円 is typed, 案."""
    text = (root / "rules/r7/10.txt").read_text("utf-8")
    small.save(root, "rules/r7/10.txt", text.replace("状態: 案", "状態: 議決") + BILL)
    run(root, R7)
    seal(root, R7, Note("総会議決", date(2025, 5, 30)))
    small.revise(root, 1, {"利用料": -400_000}, day="令和7年11月20日")
    small.decide(root, "補正第1号,令和7年11月20日,案,")
    return root


def shown(root: Path, capsys: pytest.CaptureFixture[str], *more: str) -> list[str]:
    words = ["show", "payments", "--year", "r7", "--dir", str(root), *more]
    assert guarded(lambda: app(words, standalone_mode=False)) == 0
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def owed_in(rows: list[list[Any]]) -> list[int]:
    return [row[5] for row in listed(rows)]


def sheet_of(root: Path, edition: Edition | None) -> list[list[Any]]:
    outcome = compute(root, R7, edition=edition)
    book = load_workbook(BytesIO(make(outcome)), data_only=True)
    return [[cell.value for cell in row] for row in book["収納状況"].iter_rows()]


def test_payments_are_for_what_was_sealed_last(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 600,001円 each would owe 300,001 and 300,000: 250,000 are past, 50,001 and 50,000 are left."""
    pay(decided(root), f"{ONE},甲市,1,R7.7.31,250000", f"{TWO},乙町,1,R7.7.31,250000")
    sealed, draft = [250_000, 250_001, 250_000, 250_000], [250_000, 50_001, 250_000, 50_000]
    told = shown(root, capsys)
    assert told[1] == "調定額は、確定した第1回（令和7年5月30日 総会議決）の請求の額です。"
    assert told[2].startswith("調定額 1,000,001円、")
    told = shown(root, capsys, "--case", "補正1")
    assert told[1].startswith("調定額は、今の表から計算した補正予算（第1号）のあとの額です")
    assert told[2].startswith("調定額 600,001円、")
    for edition in (None, FIRST):
        rows = sheet_of(root, edition)
        assert owed_in(rows) == sealed
        assert any("第1回（令和7年5月30日 総会議決）の請求の額です" in str(row[0]) for row in rows)
        by_word = {row[0]: row for row in rows}
        assert by_word["差（請求の総計、納入の記録の計との差）"][5:7] == [0, 0]
    receivable = [part.yen for part in year_bills(root, R7).instalments]
    assert receivable == sealed
    assert [p.yen for p in year_bills(root, R7, AskedBudget(FIRST)).instalments] == draft
    data = json.loads(data_json(exported(root, R7)))["収納"]["状況"]
    assert [row["調定額_円"] for row in data] == sealed


def test_rules_that_are_being_written_do_not_keep_payments_from_being_shown(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pay(decided(root), f"{ONE},甲市,1,R7.7.31,250000")
    text = (root / "rules/r7/10.txt").read_text("utf-8")
    small.save(root, "rules/r7/10.txt", text.replace("負担割合: 均等割", "負担割合: きんとう"))
    assert shown(root, capsys)[2].startswith("調定額 1,000,001円、納入済額 250,000円")


def test_what_is_too_much_is_set_against_what_is_open(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """甲市 paid 300,000 for 第1期: 50,000 too much, 200,001 of 第2期 are left. 乙町 paid 400,000 and 300,000.

    Of 乙町 200,000 are too much, nothing is open: they go back.
    """
    pay(
        decided(root),
        f"{ONE},甲市,1,R7.7.31,300000",
        f"{TWO},乙町,1,R7.7.31,400000",
        f"{TWO},乙町,2,R7.8.31,300000",
    )
    told = shown(root, capsys, "--date", "令和8年1月31日")
    after = told[told.index("ほかの 0件に未納はありません。") + 1 :]
    assert after == [
        "充当できる額（納めすぎた期から、未納の期へ。納期限の早い期から）",
        "甲市 第1期 → 第2期 50,000円",
        "督促する額 納期限 令和8年1月30日 1件 200,001円",
        "甲市 第2期 200,001円",
        "還付する額 2件 200,000円",
        "乙町 第1期 150,000円",
        "乙町 第2期 50,000円",
        "団体ごとの差引（△は還付）",
        f"{ONE} 甲市 200,001円",
        f"{TWO} 乙町 △200,000円",
    ]
    assert not any(line.startswith("督促") for line in shown(root, capsys, "--date", "R8.1.30"))


def test_a_body_that_was_merged_pays_what_it_was_billed(root: Path) -> None:
    """乙町 became part of 甲市 in October: its second 期 is paid by the city, and counts as the town's."""
    decided(root)
    text = (root / "members/members.csv").read_text("utf-8")
    merged = text.replace(
        f"{TWO},乙町,よみ,町,,会員,,,", f"{TWO},乙町,よみ,町,,会員,,2025-09-30,{ONE}"
    )
    assert merged != text
    small.save(root, "members/members.csv", merged)
    pay(root, f"{ONE},甲市,1,R7.7.31,250000", f"{TWO},乙町,1,R7.7.31,250000")
    small.save(root, "bank.csv", "日付,摘要,お預り金額\n2026-01-20,甲市,250000\n")
    proposal = propose(root, root / "bank.csv", R7)
    assert [(p.code, p.number, p.yen) for p in proposal.new] == [(TWO, 2, 250_000)]


def test_what_a_body_paid_before_it_was_merged_counts_for_its_heir(root: Path) -> None:
    """Nothing is sealed: the city is billed for both."""
    text = (root / "members/members.csv").read_text("utf-8")
    merged = text.replace(
        f"{TWO},乙町,よみ,町,,会員,,,", f"{TWO},乙町,よみ,町,,会員,,2025-09-30,{ONE}"
    )
    small.save(root, "members/members.csv", merged)
    pay(root, f"{ONE},甲市,1,R7.7.31,250000", f"{TWO},乙町,1,R7.7.31,250000")
    assert "W915" not in codes(root)
    assert [(one.code, one.number, one.paid) for one in compute(root, R7).standings] == [
        (ONE, 1, 500_000),
        (ONE, 2, 0),
    ]
