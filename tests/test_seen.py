"""注意 that a person has seen, with the reason: told on one line, and again where their facts change."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from apportion.core.problem import Level
from apportion.outcome.computation import examine
from apportion.outcome.workspace import load
from apportion.pipeline import decide, verify
from tests import sealing, settling, test_decide, workspace
from tests.program import Done, apportion
from tests.sealing import R7

TABLE = "rules/r7/seen.csv"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """事務費 of which ten times the budget was spent."""
    root = settling.worked(tmp_path / "council")
    workspace.edit(root / "rules/r7/budget.csv", "110000", "1000000")
    return root


def run(root: Path, *words: str) -> Done:
    return apportion(*words, "--dir", str(root))


def mark(root: Path, *words: str) -> Done:
    return run(root, "seen", *words, "--year", "r7", "--note", "決算書で確かめた", "--yes")


def test_it_is_told_on_one_line_until_its_facts_change(root: Path) -> None:
    assert "注意 W889: 支出の部に" in run(root, "settle", "--year", "r7").stdout
    done = mark(root, "w889")
    assert (done.code, "1件を" in done.stdout) == (0, True)
    head, row = (root / TABLE).read_text("utf-8-sig").splitlines()
    assert head == "番号,場所,内容,理由"
    assert row.startswith("W889,rules/r7/budget.csv,")
    told = run(root, "settle", "--year", "r7").stdout
    assert "注意 W889: " not in told
    assert "見た注意 1件（W889 決算書で確かめた）" in told
    workspace.edit(root / "rules/r7/budget.csv", "100000,1000000", "100000,1000001")
    told = run(root, "settle", "--year", "r7").stdout
    assert "注意 W889: 支出の部に" in told
    assert "見た注意" not in told


def warned(tmp_path: Path) -> Path:
    """A council whose 決定 is after the first 発行日: W867."""
    root = sealing.decided(tmp_path / "warned")
    (root / "rules/r7/acts.csv").write_text("決定,日,状態\n当初,令和7年7月1日,議決\n", "utf-8")
    return root


def test_check_and_strict(tmp_path: Path) -> None:
    root = warned(tmp_path)
    assert run(root, "check", "--year", "r7", "--strict").code == 1
    assert mark(root, "W867").code == 0
    done = run(root, "check", "--year", "r7", "--strict")
    assert (done.code, done.stderr.strip()) == (0, "見た注意 1件（W867 決算書で確かめた）")
    (found,) = json.loads(run(root, "check", "--year", "r7", "--json").stdout)
    assert (found["level"], found["seen"]) == ("お知らせ", "決算書で確かめた")
    again = mark(root, "W867")
    assert (again.code, "いま出ていません" in again.stderr) == (1, True)


def test_a_row_may_be_copied_by_hand(tmp_path: Path) -> None:
    """In Excel, with other blanks and widths, and for any file."""
    root = warned(tmp_path)
    (problem,) = examine(load(root, R7)).problems
    book = Workbook()
    book.worksheets[0].append(["番号", "内容", "理由"])
    book.worksheets[0].append(["Ｗ８６７", f"  {problem.what[:9]} {problem.what[9:]}", "よい"])
    book.save(root / "rules/r7/seen.xlsx")
    (problem,) = examine(load(root, R7)).problems
    assert (problem.seen, problem.level) == ("よい", Level.NOTICE)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("W401,,何か,よい", "エラーなので、見たことにできません"),
        ("W999,,何か,よい", "というコードはありません"),
        ("W889,,何か,", "理由がありません"),
    ],
)
def test_errors_are_never_marked(tmp_path: Path, row: str, what: str) -> None:
    root = warned(tmp_path)
    (root / TABLE).write_text(f"番号,場所,内容,理由\n{row}\n", "utf-8")
    problems = examine(load(root, R7)).problems
    assert [p.code for p in problems if p.level is Level.ERROR] == ["W848"]
    assert any(what in p.what for p in problems)
    done = mark(root, "W401")
    assert (done.code, "エラーなので" in done.stderr) == (1, True)


def test_an_error_stays_one_whatever_the_table_says(tmp_path: Path) -> None:
    """Also where the message is the same to the letter."""
    root = warned(tmp_path)
    workspace.edit(root / "rules/r7/budget.csv", "利用料", "利用料金")
    errors = [p for p in examine(load(root, R7)).problems if p.level is Level.ERROR]
    assert errors
    rows = "".join(f'{p.code},,"{p.what}",よい\n' for p in errors)
    (root / TABLE).write_text(f"番号,場所,内容,理由\n{rows}", "utf-8")
    now = [p for p in examine(load(root, R7)).problems if p.level is Level.ERROR]
    assert set(errors) <= set(now)


def test_a_mark_changes_neither_outputs_nor_what_was_sealed(tmp_path: Path) -> None:
    root = sealing.decided(tmp_path / "council")
    decide(root, R7, test_decide.FIRST)
    (root / TABLE).write_text("番号,場所,内容,理由\nW867,,何か,よい\n", "utf-8")
    assert verify(root / "outputs/r7", root)[0] == ()
    assert verify(root / "outputs/確定/r7", root)[0] == ()
    assert run(root, "check", "--year", "r7").stderr == ""
