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
    told = screen(root, on)
    words = told[told.index("次にすること") + 1 :]
    return [line.partition(": apportion ")[0] for line in words]


def test_before_the_vote(root: Path) -> None:
    told = screen(root, MAY)
    assert told[:3] == [
        "令和7年度 令和7年5月1日現在",
        "決まったことと、確定した請求",
        "当初 案 まだ確定していません",
    ]
    assert "第1期 令和7年7月31日 1,230,000円 0円 1,230,000円 3団体" in told
    assert steps(root, MAY) == ["当初が議決されたら"]


def test_with_a_mistake(root: Path) -> None:
    workspace.edit(root / RULES, "名簿: 予約", "名簿: ない名簿")
    assert steps(root, MAY)[0].startswith("誤り ")


def test_voted_and_not_sealed(root: Path) -> None:
    workspace.edit(root / RULES, "状態: 案", "状態: 議決")
    assert steps(root, MAY) == ["当初を確かめて確定する"]


def test_sealed_and_waiting_for_the_day(root: Path) -> None:
    decide(root, R7, FIRST)
    told = screen(root, date(2025, 6, 10))
    assert "当初 令和7年5月30日 議決 （総会議決） 第1回として確定 3団体 1,230,000円" in told
    assert steps(root, date(2025, 6, 10)) == [
        "第1期の納期限（令和7年7月31日）を待つ: 3団体 1,230,000円"
    ]


def test_overdue_after_some_paid(root: Path) -> None:
    decide(root, R7, FIRST)
    text = "団体コード,団体名,期,納入日,納入額（円）\n990019,あおば市,1,R7.7.30,700000\n"
    (root / "members/r7/payments.csv").write_text(text, encoding="utf-8")
    told = screen(root, SEPTEMBER)
    assert "請求と納入 確定した第1回、納入は令和7年7月30日まで" in told
    assert "第1期 令和7年7月31日 1,230,000円 700,000円 540,000円 2団体" in told
    assert "納めすぎと還付の残り: 10,000円" in told
    assert steps(root, SEPTEMBER) == ["第1期（令和7年7月31日）の未納 2団体 540,000円を督促する"]


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
    assert "補正第1号 案 （見込み） まだ確定していません" in screen(root, SEPTEMBER)
    assert steps(root, SEPTEMBER)[0] == "補正1が議決されたら"
    decide(root, R7, Decision(Edition(1), date(2025, 11, 20), "補正議決"))
    assert steps(root, date(2025, 12, 1))[0].startswith("第1期（令和7年7月31日）の未納")
    withdraw(root, R7, Note("額の誤り"))
    assert any("（第2回は取消）" in line for line in screen(root, date(2025, 12, 1)))


def test_the_end_of_the_year(root: Path) -> None:
    decide(root, R7, FIRST)
    assert "次の年度の規則と名簿を作る（令和8年3月31日）" in steps(root, date(2026, 1, 4))
    with (root / RULES).open("ab") as file:
        file.write("\n■精算\n差額: 還付と追徴\n".encode())
    assert "決算額を書いて精算する" in steps(root, date(2026, 4, 2))


def test_without_a_year_it_is_the_newest(root: Path) -> None:
    done = apportion("status", "--date", "R7.5.1", "--dir", str(root))
    assert (done.code, done.stdout.splitlines()[0]) == (0, "令和7年度　令和7年5月1日現在")
