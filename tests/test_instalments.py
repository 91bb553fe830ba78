"""納期 to the yen and the day; expected amounts are worked out beside each test, by hand."""

import csv
from datetime import date
from fractions import Fraction
from io import StringIO
from pathlib import Path

from openpyxl import load_workbook

from apportion.allocate.instalments import Instalment, respread, term_numbers
from apportion.core.model import Yen
from apportion.core.problem import Source
from apportion.core.year import wareki
from apportion.outcome.charges import read_charges
from apportion.outputs import proof
from apportion.pipeline import run as run_all
from apportion.pipeline import verify
from apportion.rules.nodes import Due, DuePlan, DueRounding, Ratio
from tests.small import HEAD, R7, parts, run, save, write

SPLIT = "\n■経費 事務費\n負担割合: 定額 {}円\n"
FOUR = "納期: 第1期 令和7年5月31日 40%、第2期 令和7年8月11日 30%、第3期 令和7年11月23日 20%、第4期 令和8年1月1日 10%"
PEOPLE = {"人口（人、令和2年10月1日現在）": 1}


def council(root: Path, rules: str, amounts: dict[str, int]) -> Path:
    """Everybody owes a fixed amount."""
    figures = {name: {"額（円）": yen} for name, yen in amounts.items()}
    split = "\n■経費 事務費\n負担割合: 参加団体に 額の額\n"
    return write(root, f"{rules}\n{split}", {"事務費": sum(amounts.values())}, figures)


def test_four_unequal_instalments_move_to_the_next_working_day(tmp_path: Path) -> None:
    """1,234,567円: 40% = 493,826.8, 30% = 370,370.1, 20% = 246,913.4, 10% = 123,456.7.

    Down to the yen 493,826 + 370,370 + 246,913 + 123,456 = 1,234,565: 2円 go to the last one.
    31 May 2025 is a Saturday (Mon 2 June), 11 August 山の日 (12 August), 23 November a Sunday and
    勤労感謝の日 with its 振替休日 on the 24th (25 November), 1 January to 3 January closed and
    4 January 2026 a Sunday (5 January).
    """
    rules = f"{FOUR}\n期割の端数: 円未満切捨て、差額は最終期\n休日: 翌営業日"
    outcome = run(council(tmp_path, rules, {"あおば市": 1_234_567, "みどり町": 10}))
    assert parts(outcome, "あおば市") == [
        (1, "2025-06-02", 493_826),
        (2, "2025-08-12", 370_370),
        (3, "2025-11-25", 246_913),
        (4, "2026-01-05", 123_458),
    ]
    assert parts(outcome, "みどり町") == [
        (1, "2025-06-02", 4),
        (2, "2025-08-12", 3),
        (3, "2025-11-25", 2),
        (4, "2026-01-05", 1),
    ]


def test_amounts_of_each_month_pass_through(tmp_path: Path) -> None:
    """Twelve 経費 with a day and a column each: nothing is shared, and each body has one bill of twelve 期."""
    days = [date(2025 + (m < 4), m, 28) for m in (*range(4, 13), 1, 2, 3)]
    names = [f"{day.month}月分" for day in days]
    figures: dict[str, dict[str, int | str]] = {
        body: {f"{n}（円、令和7年度見込）": 10_000 * k + i * i for i, n in enumerate(names)}
        for k, body in enumerate(("あおば市", "みどり町"), start=1)
    }
    rules = "休日: そのまま\n\n" + "\n".join(
        f"■経費 {name}\n納期: 第{n}期 {wareki(day)} 残り\n負担割合: {name}の額\n"
        for n, (name, day) in enumerate(zip(names, days, strict=True), start=1)
    )
    total = sum(int(yen) for own in figures.values() for yen in own.values())
    write(tmp_path, rules, dict.fromkeys(names, ""), figures, income=total)
    outcome = run_all(tmp_path, R7)
    for k, body in enumerate(figures, start=1):
        due = [(n, str(day), 10_000 * k + (n - 1) ** 2) for n, day in enumerate(days, start=1)]
        assert parts(outcome, body) == due
    assert verify(tmp_path / "outputs/r7", tmp_path)[0] == ()


def test_the_difference_goes_to_the_first_where_the_rule_says_so(tmp_path: Path) -> None:
    """Thousands: 493, 370, 246 and 123 make 1,232千円; the first takes 2,567円 more."""
    rules = f"{FOUR}\n期割の端数: 千円未満切捨て、差額は第1期\n休日: そのまま"
    outcome = run(council(tmp_path, rules, {"あおば市": 1_234_567}))
    assert parts(outcome, "あおば市") == [
        (1, "2025-05-31", 495_567),
        (2, "2025-08-11", 370_000),
        (3, "2025-11-23", 246_000),
        (4, "2026-01-01", 123_000),
    ]


def test_raised_to_thousands_the_last_one_is_what_is_left(tmp_path: Path) -> None:
    """494, 371 and 247千円; 1,234,567 - 1,112,000 = 122,567."""
    rules = f"{FOUR}\n期割の端数: 千円未満切上げ、差額は最終期\n休日: そのまま"
    outcome = run(council(tmp_path, rules, {"あおば市": 1_234_567}))
    assert [yen for _, _, yen in parts(outcome, "あおば市")] == [494_000, 371_000, 247_000, 122_567]


def test_an_instalment_never_asks_for_more_than_is_left(tmp_path: Path) -> None:
    """40% of 1,500円 raised is 1,000円; 30% would be 1,000円 again, but 500円 are left."""
    rules = f"{FOUR}\n期割の端数: 千円未満切上げ、差額は最終期"
    outcome = run(council(tmp_path, rules, {"あおば市": 1_500, "みどり町": 1}))
    assert [yen for _, _, yen in parts(outcome, "あおば市")] == [1_000, 500, 0, 0]
    assert [yen for _, _, yen in parts(outcome, "みどり町")] == [1, 0, 0, 0]


def test_a_threshold_and_the_working_day_before(tmp_path: Path) -> None:
    """Above 10,000,000円 in four, else in the first; days before: 30 May, 8 August (Fri), 21 November
    (Fri before Sunday the 23rd), 26 December (27 and 28 a weekend, then 年末年始).
    """
    rules = f"{FOUR}、年額1,000万円超に限る\n休日: 前営業日"
    amounts = {"あおば市": 10_000_001, "みどり町": 10_000_000, "こだま村": 9_999_999}
    outcome = run(council(tmp_path, rules, amounts))
    assert parts(outcome, "あおば市") == [
        (1, "2025-05-30", 4_000_001),
        (2, "2025-08-08", 3_000_000),
        (3, "2025-11-21", 2_000_000),
        (4, "2025-12-26", 1_000_000),
    ]
    assert parts(outcome, "みどり町") == [(1, "2025-05-30", 10_000_000)]
    assert parts(outcome, "こだま村") == [(1, "2025-05-30", 9_999_999)]


def test_instalments_of_all_payers_make_the_budget(tmp_path: Path) -> None:
    rules = f"{FOUR}\n期割の端数: 千円未満切捨て、差額は最終期"
    outcome = run(council(tmp_path, rules, {"あおば市": 1_234_567, "みどり町": 7, "こだま村": 0}))
    assert sum(part.yen for part in outcome.instalments) == 1_234_574
    [whole] = [e for e in outcome.equations if e.level == "納期"]
    assert (whole.left, whole.right) == (1_234_574, 1_234_574)


def test_a_spare_instalment_of_nothing_asks_for_nothing(tmp_path: Path) -> None:
    """0円 is kept for a 補正; without one it is not there."""
    rules = "納期: 第1期 令和7年7月31日 残り、第2期 令和8年3月25日 0円"
    outcome = run(council(tmp_path, rules, {"あおば市": 5}))
    assert parts(outcome, "あおば市") == [(1, "2025-07-31", 5)]


def decided(root: Path, amounts: dict[str, int], unit: str) -> Path:
    """A council that has decided and bills in this 請求の単位; the folder of its outputs."""
    rules = "納期: 第1期 令和7年7月31日 30%、第2期 令和8年1月30日 残り"
    council(root, rules, amounts)
    path = root / "rules/r7/10.txt"
    bill = f"\n■請求書\n発行者: 協議会 会長\n振込先: 例示銀行 0000000\n請求の単位: {unit}\n"
    text = path.read_text(encoding="utf-8").replace("状態: 案", "状態: 議決")
    path.write_text(text + bill, encoding="utf-8")
    run_all(root, R7)
    return root / "outputs" / "r7"


def forms(path: Path) -> list[list[object]]:
    sheet = load_workbook(path, data_only=True)["通知"]
    return [[c for c in row if c is not None] for row in sheet.iter_rows(values_only=True)]


def test_one_bill_with_all_instalments(tmp_path: Path) -> None:
    """1,001円: 30% are 300円."""
    folder = decided(tmp_path, {"あおば市": 1_001}, "年額")
    [book] = (folder / "請求書").rglob("*.xlsx")
    told = forms(book)
    assert ["負担金納入通知書 兼 請求書"] in told
    assert ["納入金額", 1_001] in told
    assert [row[-1] for row in told if row and row[0] in ("第1期", "第2期")] == [300, 701]
    assert {row["ファイル"] for row in table(folder)} == {book.name}


def test_a_bill_for_each_instalment(tmp_path: Path) -> None:
    """300円 of 1,001円 in the first; who owes 0円 is told so once."""
    folder = decided(tmp_path, {"あおば市": 1_001, "みどり町": 0}, "期ごと")
    books = {path.stem.split("_", 1)[1]: path for path in (folder / "請求書").rglob("*.xlsx")}
    aoba, midori = "あおば市_令和7年度負担金", "みどり町_令和7年度負担金"
    assert set(books) == {aoba, f"{aoba}_第1期", f"{aoba}_第2期", midori}
    assert books[f"{aoba}_第1期"].parent.name == "第1期"
    told = forms(books[f"{aoba}_第1期"])
    assert ["負担金納入通知書 兼 請求書"] in told
    assert ["納入金額", 300] in told
    assert ["件名", "令和7年度 負担金（第1期／全2期）"] in told
    assert ["共同事業", 1_001, "－", "－"] in told
    assert ["納入金額", 701] in forms(books[f"{aoba}_第2期"])
    assert ["負担金計算書"] in forms(books[aoba])
    assert ["負担金通知書"] in forms(books[midori])
    billed = [(row["期"], row["請求額_円"], row["ファイル"]) for row in table(folder)]
    first, second = (f"第{n}期/{books[f'{aoba}_第{n}期'].name}" for n in (1, 2))
    assert billed == [("1", "300", first), ("2", "701", second), *_nothing(books[midori])]
    assert verify(folder, tmp_path)[0] == ()


def _nothing(book: Path) -> list[tuple[str, str, str]]:
    """Both 期 of who pays nothing."""
    return [("1", "0", book.name), ("2", "0", book.name)]


def test_the_breakdown_of_an_instalment_is_in_the_order_of_the_budget(tmp_path: Path) -> None:
    """設備, 運用, 会議: neither the order of their names nor the reverse of it."""
    names = ("設備", "運用", "会議")
    council(tmp_path, "納期: 第1期 令和7年7月31日 残り", {"あおば市": 1})
    budget = "".join(f"区分,{name}事業,,{name}費,100\n" for name in names)
    save(tmp_path, "rules/r7/budget.csv", f"区分,事業,項,経費,予算額（円）\n{budget}")
    income = "".join(f"区分,{name}事業,負担金収入,100\n" for name in names)
    save(tmp_path, "rules/r7/income.csv", f"区分,事業,科目,予算額（円）\n{income}")
    for place, name in enumerate(names):
        head = HEAD.replace("共同事業", f"{name}事業").replace("状態: 案", "状態: 議決")
        due = "納期: 第1期 令和7年7月31日 残り\n"
        split = f"\n■経費 {name}費\n負担割合: 均等割\n"
        bill = "\n■請求書\n発行者: 協議会 会長\n振込先: 例示銀行 0000000\n請求の単位: 期ごと\n"
        save(tmp_path, f"rules/r7/{place + 1}0.txt", head + due + split + bill)
    run_all(tmp_path, R7)
    [book] = (tmp_path / "outputs/r7/請求書/第1期").iterdir()
    known = [f"{name}事業" for name in names]
    assert [row[0] for row in forms(book) if row and row[0] in known] == known


def test_a_yen_in_the_bill_of_an_instalment_is_found(tmp_path: Path) -> None:
    folder = decided(tmp_path, {"あおば市": 1_001}, "期ごと")
    [book] = (folder / "請求書" / "第2期").iterdir()
    bills = {f"第2期/{book.name}": 702}
    charges = proof.charged(read_charges((folder / "data/charges.csv").read_bytes()))
    [problem] = proof.compare(folder, proof.Bills(charges, bills))
    assert (problem.code, problem.source.file) == ("W601", f"請求書/第2期/{book.name}")


def table(folder: Path) -> list[dict[str, str]]:
    text = (folder / "data/invoices.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_a_number_that_is_free_goes_to_no_later_day_than_its_own_turn() -> None:
    """第2期 is gone; a day behind 第3期 cannot be 第2期, one between 第1期 and 第3期 can."""
    first, third, last = date(2025, 7, 31), date(2026, 1, 30), date(2026, 2, 27)
    days = (first, date(2025, 10, 31), third)
    issued = [Instalment("990019", day, number, Yen(1)) for number, day in enumerate(days, 1)]
    assert term_numbers((first, third, last), issued) == {first: 1, third: 3, last: 4}
    between = date(2025, 11, 28)
    assert term_numbers((first, between, third), issued) == {first: 1, between: 2, third: 3}


def test_of_who_joins_nothing_is_due_on_the_day_of_the_act() -> None:
    """The day itself is past for a bill that is made on it: all of it is in 第2期."""
    first, second = date(2025, 7, 31), date(2026, 1, 30)
    half = Ratio(Fraction(1, 2), Source())
    dues = tuple(
        Due(number=number, day=day, share=half, source=Source())
        for number, day in enumerate((first, second), 1)
    )
    plan = (DuePlan(dues=dues, over=None, source=Source()), DueRounding(), "そのまま")
    made = respread({"990019": [(plan, Yen(100))]}, (), first)
    assert made.instalments == (Instalment("990019", second, 2, Yen(100)),)
