"""期: one running number for each payer by date over all 事業, and it never changes once billed.

甲市 takes part in both 事業, 乙町 in 共同事業 alone (31 July and 30 January), 丙村 in 別事業 alone
(30 September).
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from apportion.allocate.instalments import Instalment, term_numbers
from apportion.core.model import Yen
from apportion.core.year import Edition
from apportion.outcome.computation import compute
from apportion.outcome.receipts import standings
from apportion.pipeline import run, verify
from apportion.years.bridge import export
from apportion.years.issues.seal import Note, seal
from tests import small
from tests.small import R7, parts

ONE, TWO, THREE = map(small.code, (1, 2, 3))
HALVES = "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n"
ONCE = "納期: 第1期 令和7年9月30日 残り\n"
BILL = "\n■請求書\n発行者: 協議会 会長\n文書番号: 協第1号\n請求の単位: 期ごと\n"
LINE = "\n■経費 {}\n負担割合: 均等割\n"
DECIDED = small.HEAD.replace("状態: 案", "状態: 議決")
OTHER = DECIDED.replace("共同事業", "別事業").replace("全団体名簿", "別名簿")
COLUMNS = {
    "共同名簿": {"甲市": "○", "乙町": "○"},
    "別名簿": {"甲市": "○", "丙村": "○"},
}


def write(root: Path, other: str = ONCE) -> Path:
    """Two 事業: 利用料 1,000円 by halves among 甲市 and 乙町, 保守費 600円 among 甲市 and 丙村."""
    everybody = {name: {"人口（人）": 1} for name in ("甲市", "乙町", "丙村")}
    small.write(root, "", {"利用料": 1_000}, everybody, rosters=COLUMNS)
    head = DECIDED.replace("全団体名簿", "共同名簿")
    small.save(root, "rules/r7/10.txt", head + HALVES + LINE.format("利用料") + BILL)
    small.save(root, "rules/r7/20.txt", OTHER + other + LINE.format("保守費") + BILL)
    for name, row in (
        ("budget", "区分,別事業,,保守費,600\n"),
        ("income", "区分,別事業,負担金収入,600\n"),
    ):
        path = root / f"rules/r7/{name}.csv"
        path.write_text(path.read_text("utf-8") + row, encoding="utf-8")
    return root


def join(root: Path, name: str, column: str) -> None:
    """A body takes part in a 事業 from now on."""
    path = root / "members/r7/roster.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    place = head.split(",").index(column)
    table = [row.split(",") for row in rows]
    for row in table:
        row[place] = "○" if row[1] == name else row[place]
    path.write_text("\n".join([head, *map(",".join, table)]) + "\n", encoding="utf-8")


def test_the_number_runs_by_date_over_all_projects_of_a_payer(tmp_path: Path) -> None:
    outcome = compute(write(tmp_path), R7)
    assert parts(outcome, "甲市") == [
        (1, "2025-07-31", 250),
        (2, "2025-09-30", 300),
        (3, "2026-01-30", 250),
    ]
    assert parts(outcome, "乙町") == [(1, "2025-07-31", 250), (2, "2026-01-30", 250)]
    assert parts(outcome, "丙村") == [(1, "2025-09-30", 300)]


def test_what_is_due_on_one_day_is_one_instalment_whatever_it_is_called(tmp_path: Path) -> None:
    """第2期 of 別事業 falls on the day of 第1期 of 共同事業: both are 第1期 of 甲市."""
    rules = "納期: 第2期 令和7年7月31日 1/3、第5期 令和8年3月13日 残り\n"
    outcome = compute(write(tmp_path, rules), R7)
    assert parts(outcome, "甲市") == [
        (1, "2025-07-31", 350),
        (2, "2026-01-30", 250),
        (3, "2026-03-13", 200),
    ]
    assert parts(outcome, "丙村") == [(1, "2025-07-31", 100), (2, "2026-03-13", 200)]


def test_what_has_no_date_comes_last(tmp_path: Path) -> None:
    outcome = compute(write(tmp_path, ""), R7)
    assert parts(outcome, "甲市") == [
        (1, "2025-07-31", 250),
        (2, "2026-01-30", 250),
        (3, "", 300),
    ]


def test_papers_data_and_payments_have_the_same_numbers(tmp_path: Path) -> None:
    root = write(tmp_path)
    small.save(
        root,
        "members/r7/payments.csv",
        f"団体コード,団体名,期,納入日,納入額（円）\n{ONE},甲市,2,令和7年9月26日,300\n",
    )
    outcome = run(root, R7)
    invoices = root / "outputs/r7/請求書"
    assert sorted(p.relative_to(invoices).as_posix() for p in invoices.glob("第*/*甲市*")) == [
        f"第{n}期/{ONE}_甲市_令和7年度負担金_第{n}期.xlsx" for n in (1, 2, 3)
    ]
    _, folder = export(root, R7)
    with (folder / "調定.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["団体名"] == "甲市"]
    assert [(row["期"], row["納期限"], row["整理番号"]) for row in rows] == [
        ("1", "2025-07-31", f"R7-{ONE}-第1期"),
        ("2", "2025-09-30", f"R7-{ONE}-第2期"),
        ("3", "2026-01-30", f"R7-{ONE}-第3期"),
    ]
    found = standings(outcome.instalments, outcome.tables.payments, str)
    own = [(one.number, one.open) for one in found if one.code == ONE]
    assert own == [(1, 250), (2, 0), (3, 250)]
    problems, _ = verify(root / "outputs/r7", root)
    assert not problems


def test_a_number_that_was_billed_stays_when_the_bill_is_issued_again(tmp_path: Path) -> None:
    """乙町 turns out to take part in 別事業 too: 30 September comes between its two, as a third."""
    root = write(tmp_path)
    run(root, R7)
    seal(root, R7, Note("総会議決", date(2025, 5, 30)))
    join(root, "乙町", "別名簿")
    outcome = run(root, R7)
    assert parts(outcome, "乙町") == [
        (1, "2025-07-31", 250),
        (3, "2025-09-30", 200),
        (2, "2026-01-30", 250),
    ]
    assert verify(root / "outputs/r7", root)[0] == ()
    seal(root, R7, Note("訂正", date(2025, 6, 10)))
    with (export(root, R7)[1] / "調定.csv").open(encoding="utf-8-sig", newline="") as file:
        numbers = {(row["団体名"], row["文書番号"][-4:]) for row in csv.DictReader(file)}
    # 甲市, whose yen are others now, has new numbers as well.
    assert {name for name, end in numbers if end == "（再1）"} == {"甲市", "乙町", "丙村"}
    first, second = (
        (root / f"outputs/確定/r7/第{n}回/出力/data/invoices.csv").read_bytes() for n in (1, 2)
    )
    assert first != second
    assert parts(compute(root, R7), "乙町")[1] == (3, "2025-09-30", 200)
    problems, _ = verify(root / "outputs/確定/r7", root)
    assert not problems


def test_a_number_stays_after_a_supplementary_budget(tmp_path: Path) -> None:
    """丙村 joins 共同事業 on 1 August: 30 September, billed as its first, stays so.

    乙町 joins 別事業: 30 September comes between its two and is a third.
    """
    root = write(tmp_path)
    run(root, R7)
    seal(root, R7, Note("総会議決", date(2025, 5, 30)))
    join(root, "丙村", "共同名簿")
    join(root, "乙町", "別名簿")
    small.revise(root, 1, {"利用料": 0, "保守費": 0}, day="令和7年8月1日")
    outcome = compute(root, R7, edition=Edition(1))
    assert [(n, day) for n, day, _ in parts(outcome, "丙村")] == [
        (1, "2025-09-30"),
        (2, "2026-01-30"),
    ]
    assert [n for n, _, _ in parts(outcome, "甲市")] == [1, 2, 3]
    assert [n for n, _, _ in parts(outcome, "乙町")] == [1, 3, 2]


def test_who_joins_late_has_the_number_of_all_others(tmp_path: Path) -> None:
    """丙村 was in no 事業: 30 January is 第2期 for it too, 31 July is past."""
    root = write(tmp_path, HALVES)
    small.save(root, "rules/r7/20.txt", OTHER + HALVES + LINE.format("保守費") + BILL)
    path = root / "members/r7/roster.csv"
    path.write_text(path.read_text("utf-8").replace("丙村,○,,○", "丙村,○,,"), encoding="utf-8")
    join(root, "乙町", "別名簿")
    run(root, R7)
    seal(root, R7, Note("総会議決", date(2025, 5, 30)))
    join(root, "丙村", "別名簿")
    small.revise(root, 1, {"利用料": 0, "保守費": 0}, day="令和7年8月1日")
    outcome = compute(root, R7, edition=Edition(1))
    assert parts(outcome, "丙村") == [(2, "2026-01-30", 200)]


JULY, AUGUST, SEPTEMBER, JANUARY, MARCH = (
    date(2025, 7, 31),
    date(2025, 8, 29),
    date(2025, 9, 30),
    date(2026, 1, 30),
    date(2026, 3, 31),
)


@pytest.mark.parametrize(
    ("billed", "days", "expected"),
    [
        ([], [JANUARY, None, JULY], {JULY: 1, JANUARY: 2, None: 3}),
        # A 納期限 that is moved is the same 期.
        ([JULY, JANUARY], [AUGUST, JANUARY], {AUGUST: 1, JANUARY: 2}),
        # One more, and one that comes in place of another.
        ([JULY, JANUARY], [AUGUST, SEPTEMBER, JANUARY], {AUGUST: 1, SEPTEMBER: 3, JANUARY: 2}),
        # What was not dated has its day now.
        ([JULY, None], [JULY, MARCH], {JULY: 1, MARCH: 2}),
        # A number that is free does not come after a higher one: the day is another 期.
        ([JULY, SEPTEMBER, JANUARY], [JULY, JANUARY, MARCH], {JULY: 1, JANUARY: 3, MARCH: 4}),
    ],
)
def test_numbers_beside_those_that_were_billed(
    billed: list[date | None], days: list[date | None], expected: dict[date | None, int]
) -> None:
    issued = [Instalment(ONE, day, n, Yen(1)) for n, day in enumerate(billed, start=1)]
    assert term_numbers(days, issued) == expected
