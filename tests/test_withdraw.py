"""取消: what was sealed last is taken back with its reason; what was billed before holds again."""

import shutil
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from openpyxl import load_workbook

from apportion.core.problem import InputError
from apportion.core.year import Edition
from apportion.outcome.computation import compute
from apportion.outcome.issued import Issue, Issues
from apportion.outputs import stage
from apportion.pipeline import decide, run, verify
from apportion.years.issues.decide import Decision
from apportion.years.issues.seal import Note
from apportion.years.issues.withdraw import withdraw
from tests import sealing
from tests.program import apportion
from tests.sealing import AOBA, KODAMA, MIDORI, R7
from tests.small import revise
from tests.test_kills import killed

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
    assert made.day == date(2025, 11, 20)  # before that of the withdrawal, which it follows
    withdraw(root, R7, Note("もう一度の誤り", date(2025, 12, 2)))
    with pytest.raises(InputError) as raised:  # but not before an issue that holds
        decide(root, R7, Decision(FIRST, date(2025, 5, 29), "補正議決"))
    assert "W865" in {problem.code for problem in raised.value.problems}


def test_nothing_to_withdraw_is_told(root: Path) -> None:
    with pytest.raises(InputError) as raised:
        withdraw(root, R7, Note("誤り", date(2025, 11, 19)))
    [problem] = raised.value.problems
    assert (problem.code, "令和7年11月20日" in problem.what) == ("W888", True)
    for day in (date(2035, 12, 1), date(2015, 12, 1)):
        with pytest.raises(InputError) as raised:
            withdraw(root, R7, Note("誤り", day))
        [problem] = raised.value.problems
        assert (problem.code, "令和7年11月20日から令和10年3月31日まで" in problem.why) == (
            "W888",
            True,
        )
    with pytest.raises(InputError) as raised:
        withdraw(root, R7 + 1, Note("誤り"))
    assert [p.code for p in raised.value.problems] == ["W888"]


def test_a_run_after_it_says_nothing_of_the_withdrawn_bills(root: Path) -> None:
    withdraw(root, R7, Note("補正の誤り"))
    withdraw(root, R7, Note("当初の誤り"))
    outcome = run(root, R7)
    assert {"W881", "W885"}.isdisjoint(problem.code for problem in outcome.problems)


def papers(issue: Issue) -> dict[str, list[str]]:
    """The letters of a withdrawal, by 団体コード: the texts of their form from top to bottom."""
    found = {}
    for path in sorted((issue.outputs / "取消通知書").glob("*.xlsx")):
        cells = (cell.value for row in load_workbook(path)["通知"].iter_rows() for cell in row)
        found[path.name.split("_")[0]] = [str(value) for value in cells if value is not None]
    return found


def test_who_got_a_paper_is_told_that_it_is_withdrawn(root: Path) -> None:
    """Each body got a 変更通知書; the first bill holds again. Then that is withdrawn as well."""
    change = Issues.of(root, R7).newest()
    assert change
    made = withdraw(root, R7, Note("議決の取消し", date(2025, 12, 1)))
    listed = papers(made)
    assert list(listed) == [AOBA, MIDORI, KODAMA]
    assert listed[AOBA][:2] == ["2025-12-01 00:00:00", "あおば市長　様"]
    held = change.record["請求"][AOBA]
    told = dict(pairwise(listed[AOBA]))
    assert "負担金変更取消通知書" in listed[AOBA]
    assert (told["その整理番号"], told["その額"]) == (
        f"R7-{AOBA}-補正1",
        "860,000円（変更後の年額）",
    )
    assert held["整理番号"] == f"R7-{AOBA}-補正1"
    assert told["取消の理由"] == "議決の取消し"
    assert any(
        f"令和7年6月2日付け 予協第12号の1（整理番号 R7-{AOBA}）は、引き続き有効です。" in text
        for text in listed[AOBA]
    )
    first = papers(withdraw(root, R7, Note("当初の誤り")))
    told = dict(pairwise(first[AOBA]))
    assert (told["取り消す文書"], told["その発行日"]) == ("予協第12号の1", "令和7年6月2日")
    assert "引き続き" not in "".join(first[AOBA])
    assert verify(root / "outputs/確定/r7", root)[0] == ()


def test_a_long_addressee_is_wrapped(tmp_path: Path) -> None:
    """A body of 60 signs stands in a cell over the whole width, in two lines, as on its bill."""
    root, long = sealing.decided(tmp_path / "council"), "あ" * 59 + "市"
    for name in ("members/members.csv", "members/r7/roster.csv", sealing.FIGURES):
        path = root / name
        text = path.read_text(encoding="utf-8-sig").replace("あおば市", long)
        path.write_text(text, encoding="utf-8")
    decide(root, R7, Decision(None, date(2025, 5, 30), "総会議決"))
    letter = next((withdraw(root, R7, Note("誤り")).outputs / "取消通知書").glob(f"{AOBA}_*"))
    bill = next((root / "outputs/確定/r7/第1回/出力/請求書").glob(f"{AOBA}_*"))
    for path in (letter, bill):
        sheet = load_workbook(path)["通知"]
        [cell] = [c for row in sheet.iter_rows() for c in row if c.value == f"{long}長　様"]
        assert cell.alignment.wrap_text
        assert any(cell.coordinate in merged for merged in sheet.merged_cells.ranges)
        assert (sheet.row_dimensions[cell.row].height or 0) > 30


def test_who_kept_its_paper_gets_no_letter(root: Path) -> None:
    """訂正1 moves 5,000 people from みどり町 to こだま村: あおば市 keeps what it was billed."""
    sealing.people(root, 50_000, 15_000, 10_000)
    with (root / "rules/r7/acts.csv").open("a", encoding="utf-8") as file:
        file.write("訂正第1号,令和7年12月1日,案,\n")
    decide(root, R7, Decision(Edition(1, "訂正"), date(2025, 12, 1), "訂正"))
    gone = withdraw(root, R7, Note("誤り"))
    assert list(papers(gone)) == [MIDORI, KODAMA]


def test_a_letter_of_a_withdrawal_is_verified(root: Path) -> None:
    made = withdraw(root, R7, Note("議決の取消し"))
    path = next((made.outputs / "取消通知書").glob("*.xlsx"))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    assert [p.code for p in verify(root / "outputs/確定/r7", root)[0]] == ["W875"]
    path.unlink()
    assert [p.code for p in verify(root / "outputs/確定/r7", root)[0]] == ["W876"]


def test_a_kill_leaves_the_issue_or_the_withdrawal(root: Path, tmp_path: Path) -> None:
    old, note = sealing.contents(root), Note("誤り", date(2025, 12, 1))
    withdraw(shutil.copytree(root, tmp_path / "done"), R7, note)
    new = sealing.contents(tmp_path / "done")
    seen, at = set(), 0
    while True:
        council = shutil.copytree(root, tmp_path / f"{at}")
        if not killed(partial(withdraw, council, R7, note), at):
            break
        stage.recover(council / "outputs/確定/r7")
        now = sealing.contents(council)
        assert now in (old, new)
        seen.add(now == new)
        at += 1
    assert seen == {True, False}
