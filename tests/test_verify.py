"""`verify` finds what was changed after the run, and names the file and the cell."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from apportion.core.problem import OutputError
from apportion.core.year import FiscalYear
from apportion.outcome.outcome import Outcome
from apportion.outputs import publish
from apportion.pipeline import run, verify
from tests import workspace
from tests.program import apportion

INVOICE = "請求書/232017_豊橋市_令和7年度負担金.xlsx"

Issued = tuple[Path, Outcome]


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change the sheets of a workbook as an editor would."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            text = change(data.decode()) if name.startswith("xl/worksheets/sheet") else None
            book.writestr(name, data if text is None else text)


@pytest.fixture
def copied(issued: Issued, tmp_path: Path) -> Path:
    """The folder of the run, free to be tampered with."""
    return Path(shutil.copytree(issued[0] / "outputs" / "r7", tmp_path / "r7"))


def test_an_untouched_folder_passes(issued: Issued) -> None:
    root = issued[0]
    done = apportion("verify", str(root / "outputs" / "r7"), "--dir", str(root))
    assert done.code == 0, done.stderr
    assert "59 ファイル、54 団体、385,422,000円" in done.stdout


def test_one_yen_in_one_invoice_is_named_with_its_cell(issued: Issued, copied: Path) -> None:
    amount = issued[1].total_of("232017")
    rewrite(copied / INVOICE, lambda text: text.replace(f"<v>{amount}</v>", f"<v>{amount + 1}</v>"))
    problems, said = verify(copied, issued[0])
    assert not said or problems
    assert {p.code for p in problems} == {"W601", "W602"}
    assert {p.source.file for p in problems} == {INVOICE}
    assert all(re.fullmatch(r"[A-Z]+\d+", p.source.cell) for p in problems)
    assert f"{amount + 1:,}円" in problems[0].what
    (other,) = [p for p in problems if p.code == "W602"]
    assert f": 「{amount}」 → 「{amount + 1}」" in other.what
    assert not [
        p
        for p in problems
        if f" {p.source.sheet}!{p.source.cell}:" in other.what and p is not other
    ]
    done = apportion("verify", str(copied), "--dir", str(issued[0]))
    assert done.code == 1
    assert INVOICE in done.stderr


def test_one_yen_of_one_line_is_named_with_its_cell(issued: Issued, copied: Path) -> None:
    charge = next(c for c in issued[1].by_member["232017"] if c.line.name == "サービス利用料")
    rewrite(
        copied / INVOICE,
        lambda text: text.replace(f"<v>{charge.yen}</v>", f"<v>{charge.yen + 1}</v>"),
    )
    problems, _ = verify(copied, issued[0])
    assert {p.source.sheet for p in problems} == {"内訳", "計算のあらまし"}


def move_a_yen(folder: Path, outcome: Outcome) -> None:
    """One yen of サービス利用料 from 岡崎市 to 豊橋市, in every file and in the manifest."""
    data = folder / "data" / "charges.csv"
    rows = data.read_text(encoding="utf-8-sig")
    changes: dict[str, dict[int, int]] = {}
    for code, more in (("232017", 1), ("232025", -1)):
        charges = outcome.by_member[code]
        charge = next(c for c in charges if c.line.name == "サービス利用料")
        project = sum(c.yen for c in charges if c.line.project == charge.line.project)
        amounts = (charge.yen, project, outcome.total_of(code))
        changes[code] = {amount: amount + more for amount in amounts}
        (row,) = [r for r in rows.splitlines() if code in r and "サービス利用料,84357000" in r]
        rows = rows.replace(row, row.replace(f",{charge.yen},", f",{charge.yen + more},"))
        (invoice,) = (folder / "請求書").glob(f"{code}_*.xlsx")
        rewrite(invoice, replacing(changes[code]))
    data.write_bytes(rows.replace("\n", "\r\n").encode("utf-8-sig"))
    for name in ("負担金一覧.xlsx", "計算書.xlsx"):
        rewrite(folder / name, replacing(changes["232017"] | changes["232025"]))
    record = json.loads((folder / "記録.json").read_bytes())
    record["出力"] = publish.outputs(folder)
    (folder / "記録.json").write_text(json.dumps(record), encoding="utf-8")


def replacing(numbers: dict[int, int]) -> Callable[[str], str]:
    """Cached values exchanged for others, wherever they stand."""

    def change(text: str) -> str:
        return re.sub(
            r"<v>(\d+)</v>", lambda m: f"<v>{numbers.get(int(m[1]), int(m[1]))}</v>", text
        )

    return change


def test_a_yen_moved_consistently_in_all_files_is_found_by_computing_again(
    issued: Issued, copied: Path
) -> None:
    move_a_yen(copied, issued[1])
    problems, _ = verify(copied, issued[0])
    amounts = [p for p in problems if p.code == "W606"]
    assert all(p.source.file == "data/charges.csv" and p.source.cell for p in amounts)
    assert [p.what[:3] for p in amounts] == ["豊橋市", "岡崎市"]
    books = {p.source.file for p in problems if p.code == "W602" and p.source.cell}
    letters = {file for file in books if file.startswith("請求書/")}
    assert {file[4:10] for file in letters} == {"232017", "232025"}
    assert books - letters == {"負担金一覧.xlsx", "計算書.xlsx"}
    assert apportion("verify", str(copied), "--dir", str(issued[0])).code == 1


def test_text_that_is_changed_missing_or_added_is_named(issued: Issued, copied: Path) -> None:
    with (copied / "data" / "invoices.csv").open("ab") as file:
        file.write(b"x")
    (copied / "請求書" / "232025_岡崎市_令和7年度負担金.xlsx").unlink()
    (copied / "請求書" / "メモ.txt").write_text("x", encoding="utf-8")
    problems, _ = verify(copied, issued[0])
    assert {(p.code, p.source.file) for p in problems} == {
        ("W602", "data/invoices.csv"),
        ("W603", "請求書/232025_岡崎市_令和7年度負担金.xlsx"),
        ("W604", "請求書/メモ.txt"),
    }


def test_inputs_that_changed_later_are_a_warning(copied: Path, tmp_path: Path) -> None:
    root = workspace.copy(tmp_path / "later")
    with (root / "rules/r7/20_shisetsu_yoyaku.txt").open("ab") as file:
        file.write("※ あとからの注\r\n".encode())
    problems, said = verify(copied, root)
    assert [p.code for p in problems] == ["W611"]
    assert said


def test_a_budget_that_changed_later_is_named_with_its_cell(tmp_path: Path) -> None:
    root = Path(shutil.copytree(Path(__file__).parent / "errors" / "base", tmp_path / "base"))
    run(root, FiscalYear(2025))
    workspace.edit(root / "rules/r7/budget.csv", "事務費,30000", "事務費,40000")
    workspace.edit(root / "rules/r7/income.csv", "1230000", "1240000")
    problems, _ = verify(root / "outputs/r7", root)
    assert {p.code for p in problems} == {"W605", "W606", "W611"}
    (off,) = [p for p in problems if p.code == "W605"]
    assert str(off) == (
        "エラー W605: 「予約」の「事務費」の負担金の計 30,000円 が、"
        "予算の 40,000円 と合いません（差 -10,000円）。\n"
        "  場所: data/charges.csv\n"
        "  なぜ: 予算額は rules/r7/budget.csv!E3 にあります。\n"
        "  直し方: もう一度 apportion run を実行してください。"
    )


def test_a_folder_without_its_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"記録\.json"):
        verify(tmp_path, workspace.SHIPPED)
