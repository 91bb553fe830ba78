"""`decide`: a vote becomes an issue in one step, or nothing changes; in CSV and in Excel."""

import shutil
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from apportion.core.problem import InputError
from apportion.core.year import Edition
from apportion.outcome.issued import Issues
from apportion.outputs import stage
from apportion.pipeline import decide, verify
from apportion.years.issues.decide import Decision
from tests import sealing, workspace
from tests.program import apportion
from tests.sealing import AOBA, R7, RULES
from tests.small import revise
from tests.test_kills import killed

FIRST = Decision(None, date(2025, 5, 30), "総会議決")
ACTS = "rules/r7/acts.csv"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """A council of three whose rules are 案: 690,000, 354,000 and 186,000円."""
    root = sealing.decided(tmp_path / "council")
    workspace.edit(root / RULES, "状態: 議決", "状態: 案")
    return root


def everything(root: Path) -> dict[str, bytes]:
    return sealing.contents(root)


def test_a_vote_is_entered_computed_and_sealed(root: Path) -> None:
    done = apportion(
        *("decide", "--year", "r7", "--date", "R7.5.30", "--note", "総会議決", "--zip"),
        *("--dir", str(root)),
    )
    assert done.code == 0, done.stderr
    assert "第1回（令和7年5月30日 総会議決）を確定しました" in done.stdout
    assert (root / ACTS).read_text("utf-8-sig").splitlines() == [
        "決定,日,状態,理由",
        "当初,令和7年5月30日,議決,総会議決",
    ]
    assert "状態: 議決" in (root / RULES).read_text("utf-8")
    (issue,) = Issues.of(root, R7)
    assert [row.yen for row in issue.instalments() if row.code == AOBA] == [690_000]
    assert verify(root / "outputs/r7", root)[0] == ()
    assert verify(issue.folder, root)[0] == ()
    assert (issue.outputs / "送付").is_dir()


def test_a_change_is_entered_below_the_first(root: Path) -> None:
    """+300,000円: 30 % equally (30,000 each), 210,000 by people: 50,000 of 75,000 → 140,000."""
    decide(root, R7, FIRST)
    revise(root, 1, {"利用料": 300_000}, day="令和7年11月20日")
    with (root / ACTS).open("a", encoding="utf-8") as file:
        file.write("補正第1号,,案,見込み\n")
    made = decide(root, R7, Decision(Edition(1), date(2025, 11, 20), "補正議決"))
    assert (made.number, made.edition) == (2, Edition(1))
    assert (root / ACTS).read_text("utf-8-sig").splitlines()[2:] == [
        "補正第1号,令和7年11月20日,議決,補正議決"
    ]
    own = sum(row.yen for row in made.charges() if row.code == AOBA)
    assert own == 690_000 + 30_000 + 140_000


def test_a_workbook_keeps_its_looks(root: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (("決定", "日", "状態", "理由"), ("当初", "令和7年5月30日", "案", None)):
        sheet.append(row)
    sheet.column_dimensions["B"].width = 33
    book.save(root / "rules/r7/acts.xlsx")
    decide(root, R7, FIRST)
    sheet = load_workbook(root / "rules/r7/acts.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["当初", "令和7年5月30日", "議決", "総会議決"]
    assert sheet.column_dimensions["B"].width == 33
    assert not (root / ACTS).exists()


def without_history(root: Path) -> dict[str, bytes]:
    return {name: data for name, data in everything(root).items() if "/履歴/" not in name}


@pytest.mark.parametrize("text", ["状態: 例", "状態: 議決\n名簿: ない名簿"])
def test_what_is_wrong_changes_nothing(root: Path, text: str) -> None:
    workspace.edit(root / RULES, "状態: 案", text)
    before = everything(root)
    with pytest.raises(InputError):
        decide(root, R7, FIRST)
    assert everything(root) == before


def test_a_table_without_its_heading_is_told_and_stays(root: Path) -> None:
    (root / ACTS).write_text("けってい,日,状態\n当初,,案\n", encoding="utf-8")
    before = everything(root)
    with pytest.raises(InputError) as raised:
        decide(root, R7, FIRST)
    assert [problem.code for problem in raised.value.problems] == ["W107"]
    assert everything(root) == before


def test_a_change_before_the_first_changes_nothing(root: Path) -> None:
    revise(root, 1, {"利用料": 300_000}, day="令和7年11月20日")
    before = everything(root)
    with pytest.raises(InputError) as raised:
        decide(root, R7, Decision(Edition(1), date(2025, 11, 20), "補正議決"))
    assert [problem.code for problem in raised.value.problems] == ["W869"]
    assert everything(root) == before


def test_a_kill_leaves_the_old_or_the_new(root: Path, tmp_path: Path) -> None:
    """At any move: the inputs as they were, or decided with outputs and issue."""
    decide(shutil.copytree(root, tmp_path / "done"), R7, FIRST)
    old, new = everything(root), without_history(tmp_path / "done")
    seen, at = set(), 0
    while True:
        council = shutil.copytree(root, tmp_path / f"{at}")
        if not killed(partial(decide, council, R7, FIRST), at, ("rename", "replace", "rmdir")):
            break
        for folder in (council, council / "outputs", council / "outputs/確定"):
            stage.recover(folder)
        now = without_history(council)
        assert now in (old, new), {k for k in now | new if now.get(k) != new.get(k)}
        seen.add(now == new)
        at += 1
    assert seen == {True, False}
