"""What `verify` says of a forgery, and what the 指紋 of the minutes proves."""

import shutil
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import load_workbook

from apportion.outcome.issued import read
from apportion.outputs import publish
from apportion.outputs.render import pack, printed
from apportion.pipeline import run, verify
from apportion.workbook.summary import sealed
from tests import sealing
from tests.program import Done, apportion
from tests.test_forged import OF_OUTPUTS, OUTPUTS, PARTS, YEAR, chained, forged_part, noted
from tests.workspace import edit


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council that sealed twice and ran since; only to be looked at."""
    return sealing.twice(tmp_path_factory.mktemp("anew") / "council")


class First(Random):
    """Whose chance is always the first."""

    def choice(self, seq: Any) -> Any:  # noqa: ANN401  of whatever it is
        return seq[0]


PLACES = {
    "another addressee": "予約!A1: 「令和7年度 負担金の計算書」 → 「令和7年度 負担金の計算書外」",
    "a formula whose value is kept": "予約!D10 式: 「$C$10」 → 「$C$10*1」",
    "ten times as much": '予約!A12 表示形式: 「@」 → 「@"0"」',
    "a white font": "予約!A4 書体",
    "a hidden row": "予約 1行目の高さか表示",
    "a hidden column": "予約 列の幅か表示",
    "a hidden sheet": "予約 順番か表示: 「1番目」 → 「1番目 hidden」",
    "a painted amount": "予約 条件付き書式",
    "a print area": "予約 名前 _xlnm.Print_Area: 「予約!$A$1:$J$26」 → 「予約!$A$1:$J$27」",
    "a header": "予約 ヘッダーとフッター",
    "a title": "部品 docProps/core.xml",
}


@pytest.mark.parametrize("kind", PLACES)
def test_what_is_changed_is_named_with_its_place(kind: str, council: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(council / OUTPUTS, tmp_path / "r7"))
    assert OF_OUTPUTS[kind](folder, First()) == "計算書.xlsx"
    (problem,) = verify(folder, council)[0]
    assert (problem.code, problem.source.file) == ("W602", "計算書.xlsx")
    assert problem.source.sheet == PLACES[kind].split("!")[0].split()[0].replace("部品", "")
    assert f"\n    {PLACES[kind]}" in problem.what


def test_other_inputs_or_another_program_are_told_with_what_they_change(
    council: Path, tmp_path: Path
) -> None:
    """Nobody can say then whether a file was changed: each is named, and no error."""
    root = Path(shutil.copytree(council, tmp_path / "council"))
    folder = root / OUTPUTS
    edit(root / sealing.RULES, "口座名義: 予約協議会", "口座名義: 別の協議会")
    problems, told = verify(folder, root)
    assert [p.code for p in problems] == ["W607", "W611"]
    assert problems[0].what.count("通知!") == 3
    assert (
        "「予約協議会」 → 「別の協議会」" not in problems[0].what
    )  # what is made anew comes first
    assert "「別の協議会」 → 「予約協議会」" in problems[0].what
    assert "1バイトまで同じ" not in told
    noted(folder, lambda record: record.update(プログラム="apportion 0.0.1"))
    problems, _ = verify(folder, council)
    assert [p.code for p in problems] == ["W607"]
    assert "apportion 0.0.1" in problems[0].why
    assert "みな出力と同じ" in problems[0].why


def test_a_book_that_was_only_packed_anew_is_told(council: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(council / OUTPUTS, tmp_path / "r7"))
    book = folder / "計算書.xlsx"
    with zipfile.ZipFile(book) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(book, "w", zipfile.ZIP_STORED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    noted(folder, lambda record: record.update(出力=publish.outputs(folder)))
    (problem,) = verify(folder, council)[0]
    assert (problem.code, "計算書.xlsx" in problem.what) == ("W607", True)


def test_archives_are_made_anew_and_pdfs_are_not(tmp_path: Path) -> None:
    root = sealing.decided(tmp_path / "council")
    outcome, folder = run(root, sealing.R7), root / OUTPUTS
    for book in printed(outcome, folder):
        book.with_suffix(".pdf").write_bytes(b"%PDF")
    pack(outcome, folder)
    noted(folder, lambda record: record.update(出力=publish.outputs(folder)))
    problems, told = verify(folder, root)
    assert problems == ()
    assert "PDF 4 ファイル は作り直さず、記録.json の控えと比べました。" in told
    (folder / "請求書/990019_あおば市_令和7年度負担金.pdf").unlink()
    other = next((folder / "送付").iterdir())
    with zipfile.ZipFile(other, "a") as package:
        package.writestr("追加.txt", "よそ銀行に納めてください")
    noted(folder, lambda record: record.update(出力=publish.outputs(folder)))
    found = {p.source.file: p.what for p in verify(folder, root)[0]}
    assert "ありません" in found["請求書/990019_あおば市_令和7年度負担金.pdf"]
    assert "中の 追加.txt" in found[f"送付/{other.name}"]


def test_an_issue_of_another_program_is_told_and_holds(council: Path, tmp_path: Path) -> None:
    """Its papers may look otherwise now: the 指紋 is what proves them."""
    year = Path(shutil.copytree(council / YEAR, tmp_path / "r7"))
    for path in year.rglob("*"):
        path.chmod(0o755)
    outputs = year / "第2回/出力"
    forged_part(*PARTS["a title"])(outputs, First())
    old = {"プログラム": "apportion 0.0.1"}
    noted(outputs, lambda record: record.update(出力=publish.outputs(outputs), **old))
    chained(year, {2: old})
    (problem,) = verify(year, council)[0]
    assert (problem.code, "計算書.xlsx" in problem.what) == ("W607", True)
    assert problem.source.file == f"{YEAR}/第2回/出力"
    assert "指紋" in problem.fix


# The 指紋 of the minutes


def verified(council: Path, fingerprint: str, folder: str = YEAR) -> Done:
    return apportion("verify", str(council / folder), "--指紋", fingerprint)


def test_a_fingerprint_is_read_as_it_is_printed(council: Path) -> None:
    issue = read(council / YEAR / "第2回")
    assert issue
    assert verified(council, sealed.grouped(issue.fingerprint).upper()).code == 0
    assert verified(council, issue.fingerprint, f"{YEAR}/第2回").code == 0
    same = apportion("verify", str(council / YEAR), "--fingerprint", issue.fingerprint)
    assert "議事録の指紋と一致しています" in same.stdout
    short = verified(council, issue.fingerprint[1:])
    assert (short.code, "今は 63 字" in short.stderr) == (2, True)
    page = load_workbook(council / YEAR / "第2回/確定一覧.xlsx")["確定一覧"]
    printed = [str(row[0].value) for row in page.iter_rows()]
    assert f"指紋　{sealed.grouped(issue.fingerprint)}" in printed


def test_the_minutes_have_another_fingerprint(council: Path) -> None:
    done = verified(council, "0" * 64)
    assert done.code == 1
    assert "W608" in done.stderr
    for name in ("第1回", "第2回"):
        issue = read(council / YEAR / name)
        assert issue
        assert issue.fingerprint in done.stderr
    nothing = verified(council, "0" * 64, "rules")
    assert (nothing.code, "W608" in nothing.stderr) == (1, True)


def test_a_fingerprint_proves_what_came_before_it(council: Path) -> None:
    issue = read(council / YEAR / "第1回")
    assert issue
    done = verified(council, issue.fingerprint)
    assert done.code == 0
    assert "W609" in done.stderr
    assert "第2回は、この指紋では確かめられません" in done.stderr


def test_every_changed_issue_is_named(council: Path, tmp_path: Path) -> None:
    """Also one that rests on another that cannot be read."""
    year = Path(shutil.copytree(council / YEAR, tmp_path / "r7"))
    for name in ("第1回", "第2回"):
        path = year / name / "入力/rules/r7/budget.csv"
        path.chmod(0o755)
        path.write_bytes(path.read_bytes() + b"\n")
    problems, _ = verify(year, council)
    assert [p.source.file for p in problems] == [
        f"{YEAR}/{name}/入力/rules/r7/budget.csv" for name in ("第1回", "第2回")
    ]
