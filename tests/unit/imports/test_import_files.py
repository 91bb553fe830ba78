"""Writing an import: asked first, what people added stays, the former files are kept."""

import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from apportion.cli import app, guarded
from apportion.core.problem import InputError, OutputError
from apportion.core.written import HISTORY
from apportion.imports.budget import propose, write
from apportion.outputs import stage
from tests.unit.imports.importing import OTHER, R8

BUDGET = """区分,事業,項,経費,予算額（円）,特定財源（千円）,備考,前年度予算額（千円）
旧事業,住民票 事業,,委託料,"550,000",50,手で書いた備考,500.0
旧事業,住民票 事業,,保守料,1000,,なくなる行,
共同システム事業,図書館事業,,委託料,"300,000",,,300
"""


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    (tmp_path / "rules/r8").mkdir(parents=True)
    (tmp_path / "rules/r8/budget.csv").write_text(BUDGET, encoding="utf-8")
    (tmp_path / "document.txt").write_text(OTHER, encoding="utf-8")
    return tmp_path


def typed(root: Path, *more: str) -> int:
    words = ["import", "budget", str(root / "document.txt"), "--year", "r8", "--dir", str(root)]
    return guarded(lambda: app([*words, *more], standalone_mode=False))


def test_what_people_added_stays(root: Path) -> None:
    kept = write(propose(root, root / "document.txt", R8))
    lines = (root / "rules/r8/budget.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[:6] == [
        "区分,事業,項,経費,予算額（円）,特定財源（千円）,備考,前年度予算額（千円）",
        "共同システム事業,住民票 事業,,委託料,600000,50,手で書いた備考,500.0",
        "共同システム事業,住民票事業,,通信費,200000,,,200",
        "共同システム事業,住民票事業,,手数料,200000,,,200",
        '共同システム事業,図書館事業,,委託料,"300,000",,,300',
        "共同システム事業,図書館事業,,備品購入費,200000,,,200",
    ]
    assert kept == root / "rules/r8/履歴/1"
    assert (kept / "budget.csv").read_text(encoding="utf-8") == BUDGET
    assert not propose(root, root / "document.txt", R8).differs


def test_a_line_that_a_revision_made_stays(root: Path) -> None:
    """The document is that of the first budget: it has neither the line nor the column."""
    head, *rows = BUDGET.splitlines()
    rows = [f"{row},{yen}" for row, yen in zip(rows, ("", "", "△5000"), strict=True)]
    made = "共同システム事業,図書館事業,,端末更新費,0,,,,300000"
    text = "\n".join([f"{head},補正第1号（円、令和8年11月20日）", *rows, made, ""])
    (root / "rules/r8/budget.csv").write_text(text, encoding="utf-8")
    proposal = propose(root, root / "document.txt", R8)
    assert [c.name for s in proposal.sheets for c in s.changes if not c.now] == ["保守料"]
    write(proposal)
    lines = (root / "rules/r8/budget.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[-2] == made
    assert '共同システム事業,図書館事業,,委託料,"300,000",,,300,△5000' in lines
    assert not propose(root, root / "document.txt", R8).differs


def test_the_difference_is_shown_line_by_line(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(root) == 2
    told = capsys.readouterr().out
    for words in (
        "変わる行: 住民票事業 委託料\n    区分: 旧事業 → 共同システム事業\n    予算額（円）: 550,000 → 600000",
        "新しい行: 住民票事業 通信費　予算額（円） 200000、前年度予算額（千円） 200",
        "なくなる行: 住民票 事業 保守料",
        "いまの表はありません。新しく作ります。",
        "合計 1,800,000円",
    ):
        assert words in told
    assert "図書館事業 委託料" not in told


def test_nothing_is_written_without_being_asked_for(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(root) == 2
    assert "何も書いていません。書き込むときは --yes" in capsys.readouterr().out
    assert (root / "rules/r8/budget.csv").read_text(encoding="utf-8") == BUDGET
    assert [path.name for path in (root / "rules/r8").iterdir()] == ["budget.csv"]


@pytest.mark.parametrize(
    ("answer", "written"), [("y", ["income.csv"]), ("はい", ["income.csv"]), ("n", [])]
)
def test_a_person_is_asked(
    answer: str,
    written: list[str],
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("apportion.cli.imports.typer.prompt", lambda *_, **__: answer)
    assert typed(root) == 0
    assert [path.name for path in (root / "rules/r8").glob("income.*")] == written


def test_a_mistake_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = OTHER.replace("委託料	600	500\n", "委託料	601	500\n")
    (root / "document.txt").write_text(text, encoding="utf-8")
    assert typed(root, "--yes") == 1
    assert "7行目が 600千円 なら合います" in capsys.readouterr().err
    assert (root / "rules/r8/budget.csv").read_text(encoding="utf-8") == BUDGET


def test_a_workbook_gives_way_to_a_csv_and_is_kept(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "rules/r8/budget.csv").unlink()
    book = Workbook()
    assert book.active is not None
    for line in BUDGET.replace('"550,000"', "550000").splitlines()[:2]:
        book.active.append(line.split(","))
    book.save(root / "rules/r8/budget.xlsx")
    before = (root / "rules/r8/budget.xlsx").read_bytes()
    assert typed(root, "--yes") == 0
    assert "いまの budget.xlsx に代えて、budget.csv を作ります" in capsys.readouterr().out
    assert not (root / "rules/r8/budget.xlsx").exists()
    assert (root / "rules/r8/履歴/1/budget.xlsx").read_bytes() == before
    assert "手で書いた備考" in (root / "rules/r8/budget.csv").read_text(encoding="utf-8-sig")


def test_a_present_table_that_cannot_be_carried_over_stops(root: Path) -> None:
    (root / "rules/r8/budget.csv").write_text("名前,額\nA,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="W829"):
        propose(root, root / "document.txt", R8)


@pytest.mark.parametrize("failing", ["budget.csv", "income.csv"])
def test_a_disk_that_fails_leaves_all_as_it_was(
    failing: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = propose(root, root / "document.txt", R8)
    real = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if root / "rules/r8" / failing in (self, Path(target)):  # open in another program
            raise PermissionError(13, "使用中")
        return real(self, target)

    monkeypatch.setattr(stage, "_exchange", lambda _one, _other: False)
    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OutputError, match="前のファイルはそのままです"):
        write(proposal)
    left = {path.name for path in (root / "rules/r8").iterdir()}
    assert left == {"budget.csv", HISTORY}
    assert (root / "rules/r8/budget.csv").read_text(encoding="utf-8") == BUDGET
