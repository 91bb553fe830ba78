"""取消: what was sealed last is taken back with its reason; what was billed before holds again."""

from datetime import date
from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.core.year import Edition
from apportion.outcome.computation import compute
from apportion.outcome.issued import Issues
from apportion.pipeline import decide, run, verify
from apportion.years.issues.decide import Decision
from apportion.years.issues.seal import Note
from apportion.years.issues.withdraw import withdraw
from tests import sealing
from tests.program import apportion
from tests.sealing import AOBA, R7
from tests.small import revise

FIRST = Edition(1)


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """当初 of 30 May and 補正1 of 20 November, sealed: あおば市 690,000 and 860,000円."""
    root = sealing.decided(tmp_path / "council")
    decide(root, R7, Decision(None, date(2025, 5, 30), "総会議決"))
    revise(root, 1, {"利用料": 300_000}, day="令和7年11月20日")
    decide(root, R7, Decision(FIRST, date(2025, 11, 20), "補正議決"))
    return root


def billed(root: Path) -> int:
    issue = Issues.of(root, R7).newest()
    return sum(row.yen for row in issue.charges() if row.code == AOBA) if issue else 0


def test_what_was_billed_before_holds_again(root: Path) -> None:
    assert billed(root) == 860_000
    made = withdraw(root, R7, Note("議決の取消し", date(2025, 12, 1)))
    assert (made.number, made.withdraws, billed(root)) == (3, 2, 690_000)
    assert withdraw(root, R7, Note("当初の誤り")).withdraws == 1
    assert billed(root) == 0
    with pytest.raises(InputError):
        withdraw(root, R7, Note("もう一度"))


def test_the_chain_is_verified_with_its_withdrawals(root: Path) -> None:
    withdraw(root, R7, Note("議決の取消し"))
    done = apportion("verify", str(root / "outputs/確定/r7"), "--dir", str(root))
    assert done.code == 0, done.stderr
    assert "第3回（議決の取消し）" in done.stdout
    assert "第2回を取り消しました" in done.stdout
    record = root / "outputs/確定/r7/第3回/確定.json"
    record.chmod(0o644)
    record.write_bytes(record.read_bytes().replace("議決の取消し".encode(), "何か".encode()))
    assert [p.code for p in verify(root / "outputs/確定/r7", root)[0]] == ["W878"]


def test_an_act_is_decided_again_after_it_was_withdrawn(root: Path) -> None:
    """The bill that replaces a withdrawn one says so; what is past stays as 当初 billed it."""
    withdraw(root, R7, Note("額の誤り", date(2025, 12, 1)))
    revised = compute(root, R7, edition=FIRST)
    assert revised.revision is not None
    assert revised.revision.former.issue == "第1回"
    made = decide(root, R7, Decision(FIRST, date(2025, 11, 20), "補正議決"))
    assert (made.number, billed(root)) == (4, 860_000)


def test_nothing_to_withdraw_is_told(root: Path) -> None:
    with pytest.raises(InputError) as raised:
        withdraw(root, R7, Note("誤り", date(2025, 11, 19)))
    [problem] = raised.value.problems
    assert (problem.code, "令和7年11月20日" in problem.what) == ("W888", True)
    with pytest.raises(InputError) as raised:
        withdraw(root, R7 + 1, Note("誤り"))
    assert [p.code for p in raised.value.problems] == ["W888"]


def test_a_run_after_it_says_nothing_of_the_withdrawn_bills(root: Path) -> None:
    withdraw(root, R7, Note("補正の誤り"))
    withdraw(root, R7, Note("当初の誤り"))
    outcome = run(root, R7)
    assert {"W881", "W885"}.isdisjoint(problem.code for problem in outcome.problems)
