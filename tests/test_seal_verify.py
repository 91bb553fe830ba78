"""`verify` of sealed issues: one byte anywhere is named, and today's program computes the same."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apportion.core.problem import Problem
from apportion.core.year import Edition, __version__
from apportion.outcome.computation import compute
from apportion.outcome.issued import Issue, from_bytes, read, to_bytes
from apportion.outcome.outcome import Outcome
from apportion.outputs import anew, publish
from apportion.pipeline import run
from apportion.workbook.summary import sealed
from apportion.years.issues import verify
from apportion.years.issues.seal import Note, seal
from apportion.years.issues.verify import issues_in, verify_issues
from tests import sealing, small, workspace
from tests.program import apportion
from tests.sealing import R7, RULES

RECORD = "確定.json"
FILES = [
    RECORD,
    "確定一覧.xlsx",
    "入力/rules/r7/10_yoyaku.txt",
    "入力/rules/r7/budget.csv",
    "入力/rules/r7/income.csv",
    "入力/members/members.csv",
    "入力/members/r7/figures.csv",
    "入力/members/r7/roster.csv",
    "出力/記録.json",
    "出力/計算書.xlsx",
    "出力/負担金一覧.xlsx",
    "出力/data/charges.csv",
    "出力/data/invoices.csv",
    "出力/data/reconciliation.csv",
    "出力/請求書/990019_あおば市_令和7年度負担金.xlsx",
    "出力/請求書/990027_みどり町_令和7年度負担金.xlsx",
    "出力/請求書/990035_こだま村_令和7年度負担金.xlsx",
]


@pytest.fixture(name="twice", scope="module")
def fixture_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council that sealed twice; only to be looked at."""
    root = sealing.decided(tmp_path_factory.mktemp("sealed") / "council")
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    sealing.issued(root, "臨時総会議決")
    return root


@pytest.fixture(name="year")
def fixture_year(twice: Path, tmp_path: Path) -> Path:
    """The issues of a year, free to be tampered with."""
    folder = Path(shutil.copytree(twice / "outputs/確定/r7", tmp_path / "r7"))
    for path in folder.rglob("*"):
        path.chmod(0o755)
    return folder


def found(folder: Path) -> tuple[Problem, ...]:
    """What is wrong with an issue, or with all of a year."""
    return verify_issues(issues_in(folder))[0]


def rewritten(path: Path, changes: dict[str, Any]) -> None:
    """A 確定.json that vouches for other words, as a forger would write it."""
    record = from_bytes(path.read_bytes())
    assert record
    del record["指紋"]
    path.write_bytes(to_bytes(record | changes))
    issue = read(path.parent)
    assert issue
    (path.parent / "確定一覧.xlsx").write_bytes(sealed.make(issue))


def test_an_untouched_issue_holds(twice: Path) -> None:
    done = apportion("verify", str(twice / "outputs/確定/r7/第1回"))
    assert done.code == 0, done.stderr
    assert "第1回（総会議決）" in done.stdout
    assert "確定したときのままです" in done.stdout
    record = from_bytes((twice / "outputs/確定/r7/第1回" / RECORD).read_bytes())
    assert record
    assert f"指紋 {record['指紋']}" in done.stdout


def test_all_issues_of_a_year_are_verified_at_once(twice: Path) -> None:
    done = apportion("verify", str(twice / "outputs/確定/r7"))
    assert done.code == 0, done.stderr
    assert "第1回（総会議決）" in done.stdout
    assert "第2回（臨時総会議決）" in done.stdout


def test_the_files_are_all_tampered_with_below(twice: Path) -> None:
    assert sorted(sealing.contents(twice / "outputs/確定/r7/第1回")) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_one_byte_anywhere_is_named_by_its_file(name: str, year: Path) -> None:
    path = year / "第1回" / name
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 1
    path.write_bytes(data)
    (problem,) = found(year / "第1回")
    assert problem.source.file.endswith(f"第1回/{name}")
    assert problem.code == ("W878" if name == RECORD else "W875")


def test_every_byte_of_the_record_counts(twice: Path) -> None:
    data = (twice / "outputs/確定/r7/第2回" / RECORD).read_bytes()
    assert from_bytes(data)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        assert from_bytes(bytes(changed)) is None, place
    assert from_bytes(data + b"\n") is None
    assert from_bytes(data[:-1]) is None


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(name: str, year: Path) -> None:
    (year / "第1回" / name).unlink()
    (problem,) = found(year / "第1回")
    assert problem.source.file.endswith(f"第1回/{name}")
    assert problem.code == ("W878" if name == RECORD else "W876")


def test_a_file_too_many_is_named(year: Path) -> None:
    (year / "第2回" / "送付の記録.txt").write_text("送った", encoding="utf-8")
    (problem,) = found(year)
    assert (problem.code, problem.source.file) == ("W877", "outputs/確定/r7/第2回/送付の記録.txt")
    done = apportion("verify", str(year))
    assert done.code == 1
    assert "送付の記録.txt" in done.stderr


def test_a_former_issue_that_was_exchanged_is_noticed_by_the_next(year: Path) -> None:
    rewritten(year / "第1回" / RECORD, {"備考": "別の議決"})
    assert found(year / "第1回") == ()
    (problem,) = found(year)
    assert (problem.code, problem.source.file) == ("W879", f"outputs/確定/r7/第2回/{RECORD}")


def test_a_former_issue_that_is_gone_is_noticed(year: Path) -> None:
    shutil.rmtree(year / "第1回")
    assert [problem.code for problem in found(year)] == ["W879"]


def test_an_issue_two_after_one_that_is_gone_is_noticed(year: Path) -> None:
    third = Path(shutil.copytree(year / "第2回", year / "第3回"))
    former = publish.digest(year / "第2回" / RECORD)
    rewritten(third / RECORD, {"回": 3, "前の回の指紋": former})
    assert found(third) == ()
    shutil.rmtree(year / "第1回")
    assert [problem.code for problem in found(third)] == ["W879"]


def test_an_issue_after_one_that_cannot_be_read_is_noticed(year: Path) -> None:
    third = Path(shutil.copytree(year / "第2回", year / "第3回"))
    former = publish.digest(year / "第2回" / RECORD)
    rewritten(third / RECORD, {"回": 3, "前の回の指紋": former})
    (year / "第1回" / RECORD).write_text("{}", encoding="utf-8")
    assert [problem.code for problem in found(year)] == ["W878", "W879", "W879"]


def test_an_issue_under_another_number_is_noticed(year: Path) -> None:
    (year / "第2回").rename(year / "第3回")
    assert [problem.code for problem in found(year)] == ["W879"]


def test_an_issue_alone_in_another_place_is_verified(year: Path, tmp_path: Path) -> None:
    (year / "第1回").rename(tmp_path / "控え")
    assert found(tmp_path / "控え") == ()


@pytest.fixture(name="otherwise")
def fixture_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that gives あおば市 more people than its table says."""

    def other(root: Path, *arguments: Any, **options: Any) -> Outcome:  # noqa: ANN401  passed on
        workspace.edit(root / sealing.FIGURES, "50000", "51000")
        return compute(root, *arguments, **options)

    monkeypatch.setattr(verify, "compute", other)


@pytest.mark.usefixtures("otherwise")
def test_a_program_that_computes_otherwise_is_named_with_the_former_one(year: Path) -> None:
    rewritten(year / "第1回" / RECORD, {"プログラム": "apportion 0.0.1"})
    (problem,) = found(year / "第1回")
    assert problem.code == "W880"
    assert f"今のプログラム（apportion {__version__}）" in problem.what
    assert "確定したもの（apportion 0.0.1）" in problem.what
    assert "あおば市の「利用料」" in problem.what


def test_instalments_and_equations_are_replayed_too(
    year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(*arguments: Any, **options: Any) -> Outcome:  # noqa: ANN401  passed on
        outcome = compute(*arguments, **options)
        first, *rest = outcome.instalments
        equation, *others = outcome.equations
        return replace(
            outcome,
            instalments=(replace(first, number=2), *rest),
            equations=(replace(equation, left=1, right=1), *others),
        )

    monkeypatch.setattr(verify, "compute", other)
    monkeypatch.setattr(anew, "compare", lambda *_: [])  # no papers follow from such an outcome
    (problem,) = found(year / "第1回")
    assert problem.what.count("\n") == 4
    assert "確定.json の「請求」の 990019の 内容" in problem.what
    assert "990019 の第1期" in problem.what
    assert "990019 の第2期" in problem.what
    assert "1円と1円" in problem.what


def revised(root: Path) -> Issue:
    """A council that sealed 当初, and 補正第1号 upon it.

    +300,000 for 利用料, after the people of あおば市 and みどり町 were corrected.
    """
    sealing.decided(root)
    due = "第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り"
    workspace.edit(root / RULES, "第1期 令和7年7月31日 残り", due)
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    column = ",補正第1号（円、令和7年11月20日）\n"
    workspace.edit(root / "rules/r7/budget.csv", "予算額（円）\n", f"予算額（円）{column}")
    workspace.edit(root / "rules/r7/budget.csv", "利用料,1200000\n", "利用料,1200000,300000\n")
    workspace.edit(root / "rules/r7/budget.csv", "事務費,30000\n", "事務費,30000,\n")
    workspace.edit(
        root / "rules/r7/income.csv",
        "予算額（円）\n共同事業,予約,負担金収入,1230000\n",
        f"予算額（円）{column}共同事業,予約,負担金収入,1230000,300000\n",
    )
    small.decide(root, "補正第1号,令和7年11月20日,議決,補正議決")
    run(root, R7, edition=Edition(1))
    return seal(root, R7, Note("補正議決"), Edition(1))


def test_a_revision_is_sealed_and_replayed_beside_what_was_billed_before(tmp_path: Path) -> None:
    """あおば市: 345,000 of the first issue stays; 150,000 + 1,050,000 × 45 / 75 + 10,000 = 790,000."""
    root = tmp_path / "council"
    made = revised(root)
    assert made.number == 2
    former = "outputs/確定/r7/第1回/確定.json"
    assert former in (publish.read(made.outputs) or {})["入力"]
    assert made.edition == Edition(1)
    assert sum(row.yen for row in made.charges()) == 1_530_000
    own = [part.yen for part in made.instalments() if part.code == sealing.AOBA]
    assert own == [345_000, 445_000]
    year = root / "outputs/確定/r7"
    assert found(year) == ()
    shutil.rmtree(year / "第2回")
    assert found(year) == ()


def test_all_changed_issues_are_named_also_where_others_rest_on_them(tmp_path: Path) -> None:
    """第2回 goes on from what 第1回 billed: with that changed, it cannot be computed and is not left out."""
    root = tmp_path / "council"
    revised(root)
    year, name = root / "outputs/確定/r7", "出力/data/invoices.csv"
    changed = year / "第1回" / name
    changed.chmod(0o644)
    changed.write_bytes(changed.read_bytes().replace(b"345000", b"344000"))
    assert [(p.code, p.source.file) for p in found(year)] == [
        ("W875", f"outputs/確定/r7/第1回/{name}"),
        ("W879", "outputs/確定/r7/第2回"),
    ]
    (problem,) = found(year / "第2回")
    assert "第1回" in problem.what
    done = apportion("verify", str(year))
    assert done.code == 1
    for told in (f"第1回/{name}", "第2回（令和7年11月20日 補正議決）"):
        assert told in done.stderr


def test_outputs_of_a_run_after_an_issue_are_verified_with_it(twice: Path) -> None:
    done = apportion("verify", str(twice / "outputs/r7"), "--dir", str(twice))
    assert done.code == 0, done.stderr
    assert RULES not in done.stderr
