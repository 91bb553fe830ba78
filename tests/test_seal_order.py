"""Issues go forward: no earlier budget after a later one, no earlier day, no past 期 unnoticed."""

from datetime import date
from pathlib import Path

import pytest

from apportion.core.problem import InputError, Problem
from apportion.core.year import Edition
from apportion.outcome.issued import Issue, Issues
from apportion.outcome.outcome import Outcome
from apportion.pipeline import run
from apportion.years.issues.seal import Note, seal
from tests import sealing, workspace
from tests.program import apportion
from tests.sealing import AOBA, R7, RULES
from tests.small import decide, revise

FIRST, SECOND = Edition(1), Edition(2)


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """Halves in July and January, sealed."""
    root = sealing.decided(tmp_path / "council")
    halves = "第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り"
    workspace.edit(root / RULES, "第1期 令和7年7月31日 残り", halves)
    sealing.issued(root)
    return root


def revised(root: Path, number: int, day: str) -> Issue:
    """Sealed after 補正第`number`号 of +300,000円."""
    revise(root, number, {"利用料": 300_000}, day=day)
    decide(root, f"補正第{number}号,{day},議決,補正議決")
    run(root, R7, edition=Edition(number))
    return seal(root, R7, Note("補正議決"), Edition(number))


def refused(root: Path, note: Note, edition: Edition | None = None) -> Problem:
    """Why sealing is refused; nothing is there after that."""
    before = sealing.contents(root / "outputs")
    with pytest.raises(InputError) as caught:
        seal(root, R7, note, edition)
    assert sealing.contents(root / "outputs") == before
    (problem,) = caught.value.problems
    return problem


def told(outcome: Outcome, code: str) -> Problem:
    (problem,) = (problem for problem in outcome.problems if problem.code == code)
    return problem


def own(outcome: Outcome) -> list[int]:
    return [part.yen for part in outcome.instalments_of(AOBA)]


def test_an_earlier_budget_is_not_sealed_again(root: Path) -> None:
    """After 補正2 neither 当初 nor 補正1, changed or not; the command that is offered goes on."""
    revised(root, 1, "令和7年8月20日")
    revised(root, 2, "令和7年11月20日")
    sealing.people(root, 45_000, 25_000, 5_000)
    for edition in (None, FIRST):
        run(root, R7, edition=edition)
        problem = refused(root, Note("総会議決"), edition)
        assert (problem.code, problem.source.file) == ("W883", "outputs/確定/r7/第3回")
        assert problem.fix.endswith("apportion seal --year r7 --case 補正2 --note 備考")
    run(root, R7, edition=SECOND)
    assert seal(root, R7, Note("臨時総会議決"), SECOND).number == 4


def test_a_forgotten_case_seals_nothing(root: Path) -> None:
    """The 補正 changed an input, and nothing that 当初 billed."""
    revise(root, 1, {"利用料": 300_000}, day="令和7年11月20日")
    run(root, R7)
    problem = refused(root, Note("補正議決"))
    assert problem.code == "W873"
    assert "補正第1号の列" in problem.why
    assert problem.fix.endswith("apportion seal --year r7 --case 補正1 --note 備考")
    decide(root, "補正第1号,令和7年11月20日,議決,")
    run(root, R7, edition=FIRST)
    assert seal(root, R7, Note("補正議決"), FIRST).number == 2
    revise(root, 2, {"利用料": 1}, day="令和7年12月20日")
    decide(root, "補正第2号,令和7年12月20日,案,")
    run(root, R7, edition=FIRST)
    problem = refused(root, Note("補正議決"), FIRST)
    assert (problem.code, "--case 補正2" in problem.fix) == ("W873", True)


def test_a_first_budget_that_changed_is_sealed_though_a_revision_stands_beside_it(
    root: Path,
) -> None:
    revise(root, 1, {"利用料": 300_000}, day="令和7年11月20日")
    sealing.people(root, 45_000, 25_000, 5_000)
    run(root, R7)
    assert seal(root, R7, Note("臨時総会議決")).number == 2


def test_a_run_of_an_earlier_budget_is_told(root: Path) -> None:
    """Only that: what 当初 would bill otherwise is of no use to anybody."""
    revised(root, 1, "令和7年11月20日")
    sealing.people(root, 45_000, 25_000, 5_000)
    outcome = run(root, R7)
    problem = told(outcome, "W885")
    assert problem.what == (
        "最後に確定した請求は補正予算（第1号）のものです（第2回（令和7年11月20日 補正議決））。"
        "この計算は、その前の当初予算の額です。"
    )
    assert problem.fix.endswith("apportion run --year r7 --case 補正1")
    assert "W881" not in {problem.code for problem in outcome.problems}
    assert "W885" in apportion("check", "--year", "r7", "--dir", str(root)).stderr
    later = {problem.code for problem in run(root, R7, edition=FIRST).problems}
    assert ("W881" in later, "W885" in later) == (True, False)


def test_the_newest_issue_is_of_the_last_budget(root: Path) -> None:
    made = revised(root, 1, "令和7年11月20日")
    assert Issues.of(root, R7).newest() == made
    assert Issues.of(root, R7 + 1).newest() is None


def test_terms_that_are_issued_are_named_with_those_that_are_paid(root: Path) -> None:
    """人口割 840,000 of 75,000 people: あおば市 −56,000 and みどり町 +56,000, half in each 期."""
    payments = "団体コード,団体名,期,納入日,納入額（円）\n990019,あおば市,1,R7.7.30,345000\n"
    (root / "members/r7/payments.csv").write_text(payments, encoding="utf-8")
    sealing.people(root, 45_000, 25_000, 5_000)
    problem = told(run(root, R7), "W881")
    assert problem.why.endswith(
        "額の変わる期: 第1期（令和7年7月31日、2団体、うち納入のある1団体）、"
        "第2期（令和8年1月30日、2団体）。"
    )
    assert "「訂正第1号,議決の日,議決,理由」" in problem.fix
    assert "--case 訂正1" in problem.fix


def test_a_correction_leaves_what_is_past_as_it_was_issued(root: Path) -> None:
    """あおば市 owes 634,000 instead of 690,000: 345,000 stay, 289,000 are left."""
    mended = Edition(1, "訂正")
    sealing.people(root, 45_000, 25_000, 5_000)
    assert own(run(root, R7)) == [317_000, 317_000]
    decide(root, "訂正第1号,令和7年11月20日,議決,人口の誤り")
    outcome = run(root, R7, edition=mended)
    assert own(outcome) == [345_000, 289_000]
    assert {"W881", "W885"}.isdisjoint(problem.code for problem in outcome.problems)
    assert seal(root, R7, Note("専決処分"), mended).number == 2


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2024, 9, 30), False),
        (date(2024, 10, 1), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
    ],
)
def test_a_day_far_from_the_year_is_refused(tmp_path: Path, day: date, *, fits: bool) -> None:
    root = sealing.decided(tmp_path / "council")
    run(root, R7)
    (root / "outputs/確定").mkdir()
    if fits:
        assert seal(root, R7, Note("総会議決", day)).day == day
    else:
        problem = refused(root, Note("総会議決", day))
        assert problem.code == "W884"
        assert "令和6年10月1日から令和8年9月30日まで" in problem.why


def test_a_day_out_of_order_is_refused(root: Path) -> None:
    """An issue without a day between them (第2回) hides nothing."""
    sealing.people(root, 45_000, 25_000, 5_000)
    run(root, R7)
    seal(root, R7, Note("臨時総会議決", date(2025, 8, 1)))
    sealing.people(root, 46_000, 24_000, 5_000)
    sealing.issued(root)
    sealing.people(root, 47_000, 23_000, 5_000)
    run(root, R7)
    problem = refused(root, Note("総会議決", date(2025, 7, 31)))
    assert (problem.code, problem.source.file) == ("W884", "outputs/確定/r7/第2回")
    assert "令和7年8月1日" in problem.why
    assert seal(root, R7, Note("総会議決", date(2025, 8, 1))).number == 4
