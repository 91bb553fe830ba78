"""`status` of a year in each of its states: one screen says where it stands and what comes next.

A council of three: 690,000, 354,000 and 186,000円 in July.
"""

from datetime import date
from pathlib import Path

import pytest

from apportion.cli.status import overview
from apportion.core.year import Edition
from apportion.pipeline import decide
from apportion.years.issues.decide import Decision
from apportion.years.issues.seal import Note
from apportion.years.issues.withdraw import withdraw
from tests import sealing, workspace
from tests.program import apportion
from tests.sealing import R7, RULES
from tests.small import revise

MAY, SEPTEMBER = date(2025, 5, 1), date(2025, 9, 1)
FIRST = Decision(None, date(2025, 5, 30), "総会議決")


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    root = sealing.decided(tmp_path / "council")
    workspace.edit(root / RULES, "状態: 議決", "状態: 案")
    return root


def screen(root: Path, on: date) -> list[str]:
    """Lines, with single spaces."""
    return [" ".join(line.split()) for line in overview(root, R7, on).splitlines()]


def steps(root: Path, on: date) -> list[str]:
    told = overview(root, R7, on).splitlines()
    words = told[told.index("次にすること") + 1 :]
    return [" ".join(line.partition(": apportion ")[0].split()) for line in words if line[2] != " "]


def commands(root: Path, on: date) -> list[str]:
    """The command of each step, without --dir."""
    return [
        line.partition(": apportion ")[2].partition(" --dir")[0]
        for line in overview(root, R7, on).splitlines()
        if ": apportion " in line
    ]


def paid(root: Path, *rows: str) -> None:
    text = "\n".join(["団体コード,団体名,期,納入日,納入額（円）", *rows, ""])
    (root / "members/r7/payments.csv").write_text(text, encoding="utf-8")


def test_before_the_vote(root: Path) -> None:
    told = screen(root, MAY)
    assert told[:3] == [
        "令和7年度 令和7年5月1日現在",
        "決まったことと、確定した請求",
        "当初 案 まだ確定していません（今の計算 3団体 1,230,000円）",
    ]
    assert "第1期 令和7年7月31日 1,230,000円 0円 1,230,000円 3団体" in told
    assert steps(root, MAY) == ["当初が議決されたら、確定する（発行日 令和7年6月2日まで）"]
    assert commands(root, MAY) == ["decide --year r7 --date 議決の日 --note 備考"]


def test_with_a_mistake(root: Path) -> None:
    workspace.edit(root / RULES, "名簿: 予約", "名簿: ない名簿")
    assert steps(root, MAY)[0] == "誤り 1件を直す"
    told = "「ない名簿」という名簿の列がありません。（rules/r7/10_yoyaku.txt:6）"
    assert told in screen(root, MAY)


def test_voted_and_not_sealed(root: Path) -> None:
    workspace.edit(root / RULES, "状態: 案", "状態: 議決")
    assert steps(root, MAY) == ["当初を確かめて確定する（発行日 令和7年6月2日まで）"]
    late = "当初を確かめて確定する（発行日 令和7年6月2日は過ぎています）"
    assert steps(root, date(2025, 6, 3))[0] == late


def test_voted_in_the_table_and_not_in_a_rule_file(root: Path) -> None:
    """One of the two was forgotten: both are shown, and the step mends it with the day of the table."""
    decide_in_table = "決定,日,状態,理由\n当初,令和7年5月30日,議決,総会議決\n"
    (root / "rules/r7/acts.csv").write_text(decide_in_table, encoding="utf-8")
    state = "当初 令和7年5月30日 案（決定の表は議決、規則ファイルが案） （総会議決）"
    assert any(line.startswith(state) for line in screen(root, MAY))
    assert commands(root, MAY) == ["decide --year r7 --date 令和7年5月30日 --note 総会議決"]
    decide(root, R7, FIRST)
    assert "当初 令和7年5月30日 議決 （総会議決） 第1回として確定 3団体 1,230,000円" in screen(
        root, MAY
    )


def test_sealed_and_waiting_for_the_day(root: Path) -> None:
    decide(root, R7, FIRST)
    told = screen(root, date(2025, 6, 10))
    assert "当初 令和7年5月30日 議決 （総会議決） 第1回として確定 3団体 1,230,000円" in told
    waits = "第1期の納期限（令和7年7月31日）を待つ: 3団体 1,230,000円"
    assert steps(root, date(2025, 6, 10)) == [waits]
    send = "第1回の書類を送る（令和7年6月2日）: outputs/確定/r7/第1回/出力"
    assert steps(root, date(2025, 6, 1)) == [send, waits]


def test_overdue_after_some_paid(root: Path) -> None:
    decide(root, R7, FIRST)
    paid(root, "990019,あおば市,1,R7.7.30,700000")
    told = screen(root, SEPTEMBER)
    assert "請求と納入 確定した第1回（書類は令和7年6月2日付け）、納入は令和7年7月30日まで" in told
    assert "第1期 令和7年7月31日 1,230,000円 700,000円 540,000円 2団体" in told
    assert "納めすぎ: ほかの期に充当できる額 0円、還付する額 10,000円" in told
    assert steps(root, SEPTEMBER)[1:] == [
        "第1期（令和7年7月31日）の未納 2団体 540,000円を督促する",
        "納めすぎを還付する 1団体 10,000円",
    ]
    for line in ("みどり町 354,000円", "こだま村 186,000円", "あおば市 10,000円"):
        assert line in told


def test_what_is_too_much_is_set_against_what_is_open_as_in_show_payments(root: Path) -> None:
    """345,000 and 345,000 of あおば市: it paid 400,000 for the first, so 290,000 of the second is open."""
    due = "納期: 第1期 令和7年7月31日 1/2、第2期 令和7年8月29日 残り"
    workspace.edit(root / RULES, "納期: 第1期 令和7年7月31日 残り", due)
    decide(root, R7, FIRST)
    paid(
        root,
        "990019,あおば市,1,R7.7.30,400000",
        *(
            f"{code},1,R7.7.30,{yen}"
            for code, yen in (("990027,みどり町", 177_000), ("990035,こだま村", 93_000))
        ),
    )
    assert "納めすぎを充当する 1団体 55,000円" in steps(root, SEPTEMBER)
    told = "第2期（令和7年8月29日）の未納 3団体 560,000円を督促する"
    assert told in steps(root, SEPTEMBER)
    shown = apportion("show", "payments", "--year", "r7", "--date", "R7.9.1", "--dir", str(root))
    assert "督促する額　納期限 令和7年8月29日　3件 560,000円" in shown.stdout


def test_a_body_that_was_merged_is_counted_with_its_heir(root: Path) -> None:
    """The town is billed 100円 more than it owes by nobody: as `show payments`, what it pays is of the city."""
    workspace.edit(root / RULES, "状態: 案", "状態: 議決")
    members = root / "members/members.csv"
    text = members.read_text(encoding="utf-8-sig")
    row = next(line for line in text.splitlines() if line.startswith("990035"))
    cells = row.split(",")
    cells[7:9] = ["2025-06-30", "990019"]
    members.write_text(text.replace(row, ",".join(cells)), encoding="utf-8")
    paid(root, "990035,こだま村,1,R7.7.30,186000")
    told = screen(root, SEPTEMBER)
    shown = apportion("show", "payments", "--year", "r7", "--dir", str(root))
    (billed,) = [line for line in shown.stdout.splitlines() if line.startswith("調定額 ")]
    total, received, left = (
        billed.replace("調定額 ", "").replace("納入済額 ", "").replace("未納額 ", "").split("、")
    )
    assert f"第1期 令和7年7月31日 {total} {received} {left} 2団体" in told


def test_changed_since_it_was_sealed(root: Path) -> None:
    decide(root, R7, FIRST)
    sealing.people(root, 45_000, 25_000, 5_000)
    told = screen(root, SEPTEMBER)
    assert "あおば市 690,000円 → 634,000円（-56,000円）" in told
    assert "額の違う 2団体: 表を戻すか、訂正として決める" in steps(root, SEPTEMBER)


def test_a_change_is_being_prepared_and_taken_back(root: Path) -> None:
    decide(root, R7, FIRST)
    revise(root, 1, {"利用料": 300_000}, day="令和7年11月20日")
    with (root / "rules/r7/acts.csv").open("a", encoding="utf-8") as file:
        file.write("補正第1号,,案,見込み\n")
    told = "補正第1号 案 （見込み） まだ確定していません（今の計算 3団体 1,530,000円）"
    assert told in screen(root, SEPTEMBER)
    assert "補正第1号が議決されたら、確定する" in steps(root, SEPTEMBER)
    decide(root, R7, Decision(Edition(1), date(2025, 11, 20), "補正議決"))
    overdue = "第1期（令和7年7月31日）の未納"
    assert any(line.startswith(overdue) for line in steps(root, date(2025, 12, 1)))
    withdraw(root, R7, Note("額の誤り", date(2025, 12, 1)))
    told = "取消 第2回（補正第1号）は、第3回（令和7年12月1日 額の誤り）で取り消しました"
    assert told in screen(root, date(2025, 12, 1))
    again = "decide --year r7 --case 補正1 --date 令和7年11月20日 --note 補正議決"
    assert again in commands(root, date(2025, 12, 1))


def test_the_end_of_the_year(root: Path) -> None:
    decide(root, R7, FIRST)
    assert "次の年度の規則と名簿を作る（令和8年3月31日まで）" in steps(root, date(2026, 1, 4))
    with (root / RULES).open("ab") as file:
        file.write("\n■精算\n差額: 還付と追徴\n".encode())
    draft = "決算額を書き、精算の案を作る（出納整理期間 令和8年5月31日まで）"
    assert draft in steps(root, date(2026, 4, 2))


def test_without_a_year_it_is_the_newest(root: Path) -> None:
    done = apportion("status", "--date", "R7.5.1", "--dir", str(root))
    assert (done.code, done.stdout.splitlines()[0]) == (0, "令和7年度　令和7年5月1日現在")
