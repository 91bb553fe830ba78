"""The table 決定: acts of a year, each with its day and state, one after the other.

A council of two: あおば市 and みどり町 owe 500円 each, 250 in July and 250 in January.
"""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from apportion.core.problem import InputError, Problem
from apportion.core.year import Edition
from apportion.outcome.computation import compute
from apportion.outcome.issued import Issue
from apportion.outcome.outcome import Outcome
from apportion.pipeline import run
from apportion.years.issues.seal import Note, seal
from tests import workspace
from tests.small import R7, decide, parts, revise, save, write

RULES = (
    "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n\n■経費 事務費\n負担割合: 均等割\n"
    "\n■請求書\n発行者: 協議会\n住所: 中央市一丁目1番1号\n代表者: 会長\n発行日: 令和7年7月1日\n"
    "振込先: 中央銀行 0000000\n"
)
PEOPLE = "人口（人、令和2年10月1日現在）"
BODIES = {"あおば市": {PEOPLE: 3}, "みどり町": {PEOPLE: 2}}
FIRST, SECOND = Edition(1), Edition(2)


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """The council, decided on 30 May."""
    root = write(tmp_path, RULES, {"事務費": 1_000}, BODIES)
    workspace.edit(root / "rules/r7/10.txt", "状態: 案\n", "")
    decide(root)
    return root


def sealed(root: Path, edition: Edition | None = None) -> Issue:
    run(root, R7, edition=edition)
    return seal(root, R7, Note("議決"), edition)


def faults(root: Path, edition: Edition | None = None) -> list[Problem]:
    with pytest.raises(InputError) as raised:
        compute(root, R7, edition=edition)
    return list(raised.value.problems)


def codes(outcome: Outcome) -> list[str]:
    return [problem.code for problem in outcome.problems]


def acts(root: Path, *rows: str) -> None:
    save(root, "rules/r7/acts.csv", "\n".join(("決定,日,状態,理由", *rows, "")))


@pytest.mark.parametrize(
    ("rows", "code", "cell"),
    [
        (["当初,R7.5.30,議決,", "六月補正,R7.6.1,案,"], "W862", "A3"),
        (["当初,R7.5.30,議決,", "当初,R7.6.1,案,"], "W862", "A3"),
        (["補正第1号,R7.6.1,案,"], "W862", "A2"),
        (["当初,R7.5.30,議決,", "加入第2号,R7.6.1,案,"], "W862", "A3"),
        (["当初,,議決,"], "W863", "B2"),
        (["当初,五月,案,"], "W863", "B2"),
        (["当初,R8.5.30,議決,"], "W863", "B2"),
        (["当初,R7.5.30,議決,", "加入第1号,R8.4.1,議決,"], "W863", "B3"),
        (["当初,R7.5.30,議決,", "精算,R8.3.30,案,"], "W863", "B3"),
        (["当初,R7.5.30,議決,", "加入第1号,R7.5.29,案,"], "W863", "B3"),
        (["当初,R7.5.30,可決,"], "W864", "C2"),
        (["当初,R7.5.30,案,", "加入第1号,R7.6.1,議決,"], "W864", "C3"),
    ],
)
def test_each_fault_of_the_table_is_told_in_its_cell(
    root: Path, rows: list[str], code: str, cell: str
) -> None:
    acts(root, *rows)
    problem, *others = faults(root)
    assert (problem.code, problem.source.cell, others) == (code, cell, [])


def test_a_state_stands_once(root: Path) -> None:
    """The files say nothing; the act decides. A file that says less holds it back."""
    assert compute(root, R7).state == "議決"
    acts(root, "当初,,案,")
    assert compute(root, R7).state == "案"
    acts(root, "当初,R7.5.30,議決,")
    workspace.edit(root / "rules/r7/10.txt", "年度: 令和7年度\n", "年度: 令和7年度\n状態: 例\n")
    assert compute(root, R7).state == "例"


def test_an_act_that_is_not_voted_is_a_draft_and_changes_no_other(root: Path) -> None:
    sealed(root)
    revise(root, 1, {"事務費": 301}, day="令和7年11月20日")
    decide(root, "補正第1号,,案,")
    assert compute(root, R7).state == "議決"
    assert compute(root, R7, edition=FIRST).state == "案"
    with pytest.raises(InputError) as raised:
        sealed(root, FIRST)
    [problem] = raised.value.problems
    assert problem.code == "W870"
    assert problem.fix.endswith("補正第1号,令和7年11月20日,議決,備考")


def test_without_the_table_a_revision_is_a_draft(root: Path) -> None:
    (root / "rules/r7/acts.csv").unlink()
    workspace.edit(root / "rules/r7/10.txt", "年度: 令和7年度\n", "年度: 令和7年度\n状態: 議決\n")
    revise(root, 1, {"事務費": 301}, day="令和7年11月20日")
    assert compute(root, R7).state == "議決"
    assert compute(root, R7, edition=FIRST).state == "案"


def test_a_joiner_needs_no_column_of_zeros(root: Path) -> None:
    """みどり町 leaves on 1 October: 6 of 12 months; the act has its own words, day and folder."""
    sealed(root)
    workspace.edit(root / "members/r7/roster.csv", "みどり町,○", "みどり町,R7.9.30まで")
    workspace.edit(
        root / "rules/r7/10.txt",
        "名簿: 全団体名簿\n",
        "名簿: 全団体名簿\n途中参加: 月割（参加した月を含む）、減った分は他の団体で負担\n",
    )
    decide(root, "脱退第1号,令和7年10月1日,議決,みどり町の脱退")
    made = sealed(root, Edition(1, "脱退"))
    # 12 and 6 months of 18: 666.7 and 333.3; 250 of each were due in July.
    own = sorted((x.number, x.yen) for x in made.instalments())
    assert own == [(1, 250), (1, 250), (2, 83), (2, 417)]
    assert (made.edition, made.day) == (Edition(1, "脱退"), made.acted)
    letter = next((made.outputs / "請求書").glob("*みどり町*.xlsx"))
    said = [str(c.value) for row in load_workbook(letter)["通知"].iter_rows() for c in row]
    assert any("脱退（第1号）" in text for text in said)


def test_a_later_act_before_a_sealed_one_is_refused(root: Path) -> None:
    """D1: the first instalment, past and paid, would move."""
    sealed(root)
    revise(root, 1, {"事務費": 301}, day="令和7年11月20日")
    decide(root, "補正第1号,令和7年11月20日,議決,")
    sealed(root, FIRST)
    revise(root, 2, {"事務費": 100}, day="令和7年6月20日")
    decide(root, "補正第2号,令和7年6月20日,議決,")
    assert [p.code for p in faults(root, SECOND)] == ["W863", "W865"]
    (root / "rules/r7/acts.csv").unlink()
    workspace.edit(root / "rules/r7/10.txt", "年度: 令和7年度\n", "年度: 令和7年度\n状態: 議決\n")
    assert {p.code for p in faults(root, SECOND)} == {"W865"}


def test_over_an_unsealed_act_the_sealed_bills_stand(root: Path) -> None:
    """D2: 補正1 is typed and not sealed: what was billed is 250 and 250, and that is told."""
    sealed(root)
    revise(root, 1, {"事務費": 300}, day="令和7年8月20日")
    revise(root, 2, {"事務費": 100}, day="令和7年11月20日")
    decide(root, "補正第1号,令和7年8月20日,議決,", "補正第2号,令和7年11月20日,議決,")
    outcome = compute(root, R7, edition=SECOND)
    assert codes(outcome) == ["W866"]
    assert outcome.revision is not None
    assert outcome.revision.former.issue == "第1回"
    assert [yen for _, _, yen in parts(outcome, "あおば市")] == [250, 450]
    with pytest.raises(InputError) as raised:
        sealed(root, SECOND)
    [problem] = raised.value.problems
    assert (problem.code, problem.fix) == (
        "W869",
        "先に「補正1」を確定してください: apportion seal --year r7 --case 補正1 --note 備考",
    )


def test_nothing_sealed_is_told_where_something_is_past(root: Path) -> None:
    """D3."""
    revise(root, 1, {"事務費": 300}, day="令和7年8月20日")
    decide(root, "補正第1号,令和7年8月20日,案,")
    assert codes(compute(root, R7, edition=FIRST)) == ["W866"]


@pytest.mark.parametrize(
    ("day", "what"), [("令和7年7月2日", "発行日"), ("令和7年8月1日", "最初の納期限")]
)
def test_a_decision_after_the_bill_is_told(root: Path, day: str, what: str) -> None:
    """D5: printed on 1 July, to be paid by 31 July."""
    acts(root, f"当初,{day},議決,")
    found = [p for p in compute(root, R7).problems if p.code == "W867"]
    assert what in [p.what.partition("（")[0] for p in found]


def test_an_issue_has_the_day_of_its_act(root: Path) -> None:
    run(root, R7)
    with pytest.raises(InputError) as raised:
        seal(root, R7, Note("総会議決", R7.last_day), None)
    assert [p.code for p in raised.value.problems] == ["W868"]
    assert str(seal(root, R7, Note("総会議決")).day) == "2025-05-30"


def test_nothing_is_sealed_upon_an_issue_that_was_changed(root: Path) -> None:
    """D16: a fingerprint over it would prove nothing."""
    made = sealed(root)
    target = made.outputs / "負担金一覧.xlsx"
    target.chmod(0o644)
    target.write_bytes(target.read_bytes() + b" ")
    revise(root, 1, {"事務費": 300}, day="令和7年11月20日")
    decide(root, "補正第1号,令和7年11月20日,議決,")
    run(root, R7, edition=FIRST)
    with pytest.raises(InputError) as raised:
        seal(root, R7, Note("補正議決"), FIRST)
    [problem] = raised.value.problems
    assert (problem.code, problem.source.file.endswith("負担金一覧.xlsx")) == ("W869", True)


def test_a_revision_that_the_table_does_not_list_is_told(root: Path) -> None:
    revise(root, 1, {"事務費": 300}, day="令和7年11月20日")
    [problem] = faults(root)
    assert problem.code == "W865"
    assert problem.fix.endswith("補正第1号,,案,")


def test_two_days_of_one_act_are_told(root: Path) -> None:
    revise(root, 1, {"事務費": 300}, day="令和7年11月20日")
    decide(root, "補正第1号,令和7年11月21日,案,")
    assert [p.code for p in faults(root, FIRST)] == ["W865", "W866"]


@pytest.mark.parametrize(
    "heading", ["補正予算第1号", "第1号補正", "補正1号", "補正１", "第1号補正予算"]
)
def test_other_spellings_of_a_revision_are_read(root: Path, heading: str) -> None:
    for table, cells in (("budget", ",300"), ("income", ",300")):
        path = root / f"rules/r7/{table}.csv"
        head, row = path.read_text("utf-8").splitlines()
        path.write_text(f"{head},{heading}（円）\n{row}{cells}\n", encoding="utf-8")
    decide(root, "補正第1号,令和7年11月20日,案,")
    assert compute(root, R7, edition=FIRST).total == 1_300


def test_a_revision_without_its_number_is_refused(root: Path) -> None:
    path = root / "rules/r7/budget.csv"
    head, row = path.read_text("utf-8").splitlines()
    path.write_text(f"{head},6月補正（円）\n{row},300\n", encoding="utf-8")
    assert [p.code for p in faults(root)] == ["W865"]


def test_a_revision_that_is_only_listed_is_refused(root: Path) -> None:
    """Without a column nothing is changed: the vote would be sealed with the amounts of 当初."""
    sealed(root)
    decide(root, "補正第1号,令和7年8月20日,議決,")
    assert [p.code for p in faults(root, FIRST)] == ["W850"]
    revise(root, 2, {"事務費": 100}, day="令和7年11月20日")
    decide(root, "補正第2号,令和7年11月20日,議決,")
    [problem] = faults(root, SECOND)
    assert (problem.code, "補正1" in problem.what) == ("W850", True)


def test_an_act_that_is_not_listed_is_asked_for_by_its_row(root: Path) -> None:
    [problem] = faults(root, Edition(1, "加入"))
    assert (problem.code, problem.fix) == (
        "W850",
        "決定の表に「加入第1号,日,案,理由」の行を足してください。",
    )


@pytest.mark.parametrize("kind", ["加入", "脱退", "合併", "訂正"])
def test_a_change_without_columns_may_be_typed_before_its_day_is_known(
    root: Path, kind: str
) -> None:
    """Nothing sealed: all 期 are divided anew, and told; sealed: it is refused with the cell to fill."""
    edition = Edition(1, kind)
    acts(root, "当初,R7.5.30,議決,", f"{kind}第1号,,案,")
    outcome = compute(root, R7, edition=edition)
    assert outcome.state == "案"
    [told] = [problem for problem in outcome.problems if problem.code == "W855"]
    assert (told.source.file, told.source.cell) == ("rules/r7/acts.csv", "A3")
    sealed(root)
    [refused] = faults(root, edition)
    assert (refused.code, refused.source.cell) == ("W856", "A3")
    assert "決定の表のこの行の「日」" in refused.fix
    acts(root, "当初,R7.5.30,議決,", f"{kind}第1号,R7.9.1,案,")
    assert compute(root, R7, edition=edition).state == "案"
