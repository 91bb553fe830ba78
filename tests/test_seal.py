"""Draft to issued: what is sealed is complete, is never written again, and later runs know of it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from apportion.core.problem import InputError, OutputError
from apportion.outcome.issued import Issues
from apportion.outcome.outcome import Notice, Reissue
from apportion.outputs import publish
from apportion.pipeline import run
from apportion.workbook.sheets import package
from apportion.years.issues.seal import Note, seal
from tests import sealing, workspace
from tests.program import apportion
from tests.sealing import AOBA, FIGURES, KODAMA, MIDORI, R7, RULES

ISSUES = "outputs/確定/r7"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    return sealing.decided(tmp_path / "council")


def codes(root: Path) -> list[str]:
    """Why sealing is refused; and nothing is there after that."""
    before = sealing.contents(root / "outputs") if (root / "outputs").is_dir() else {}
    with pytest.raises(InputError) as refused:
        seal(root, R7, Note("総会議決"))
    after = sealing.contents(root / "outputs") if (root / "outputs").is_dir() else {}
    assert after == before
    return [problem.code for problem in refused.value.problems]


def test_an_issue_is_a_complete_copy_of_inputs_and_outputs(root: Path) -> None:
    run(root, R7)
    made = seal(root, R7, Note("総会議決", date(2025, 5, 30)))
    assert made.folder == root / ISSUES / "第1回"
    assert sealing.contents(made.outputs) == sealing.contents(root / "outputs/r7")
    copied = sealing.contents(made.inputs)
    assert copied.keys() == publish.read(made.outputs)["入力"].keys()  # type: ignore[index]
    assert all((root / name).read_bytes() == data for name, data in copied.items())
    names = {path.name for path in made.folder.iterdir()}
    assert names == {"入力", "出力", "確定.json", "確定一覧.xlsx"}
    assert made.label == "第1回（令和7年5月30日 総会議決）"
    assert made.record["負担金額_円"] == 1_230_000
    assert [p.name for p in (root / "outputs").iterdir() if p.name.startswith(".")] == []


def test_what_is_sealed_is_read_back_as_it_was_billed(root: Path) -> None:
    sealing.issued(root)
    found = Issues.of(root, R7).newest()
    assert found
    assert [(part.code, part.yen) for part in found.instalments()] == [
        (AOBA, 690_000),
        (MIDORI, 354_000),
        (KODAMA, 186_000),
    ]
    assert sum(row.yen for row in found.charges()) == 1_230_000
    assert (found.number, found.edition, found.note, found.day) == (1, None, "総会議決", None)
    assert Issues.of(root, R7 + 1).newest() is None


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_sealed_files_are_read_only(root: Path) -> None:
    files = [path for path in sealing.issued(root).folder.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}


def test_the_same_issue_has_the_same_bytes(root: Path, tmp_path: Path) -> None:
    other = sealing.decided(tmp_path / "other")
    assert sealing.contents(sealing.issued(root).folder) == sealing.contents(
        sealing.issued(other).folder
    )


def test_only_what_is_decided_is_sealed(root: Path) -> None:
    workspace.edit(root / RULES, "状態: 議決", "状態: 案")
    run(root, R7)
    with pytest.raises(InputError) as refused:
        seal(root, R7, Note("総会議決"))
    (problem,) = refused.value.problems
    assert problem.code == "W870"
    assert problem.source.place() == f"{RULES}  5行目 5文字目"
    assert problem.fix.endswith(": 状態: 議決")
    assert not (root / ISSUES).exists()
    workspace.edit(root / RULES, problem.source.text, problem.fix.rpartition("ください: ")[2])
    assert sealing.issued(root).number == 1


def test_a_rule_file_without_a_state_is_not_decided(root: Path) -> None:
    workspace.edit(root / RULES, "状態: 議決\n", "")
    run(root, R7)
    assert codes(root) == ["W870"]


def test_an_example_of_an_account_is_not_sealed(root: Path) -> None:
    workspace.edit(root / RULES, "振込先: 普通 0000000", "振込先: 例示銀行 本店 普通 0000000")
    run(root, R7)
    with pytest.raises(InputError) as refused:
        seal(root, R7, Note("総会議決"))
    (problem,) = refused.value.problems
    assert problem.code == "W874"
    assert "「例示銀行 本店 普通 0000000」" in problem.fix
    assert "apportion run --year r7" in problem.fix
    assert not (root / ISSUES).exists()
    workspace.edit(root / RULES, "例示銀行 本店 普通 0000000", "中央銀行 本店 普通 1234567")
    assert sealing.issued(root).number == 1


def test_outputs_must_be_there(root: Path) -> None:
    assert codes(root) == ["W871"]


def test_outputs_must_be_those_of_the_inputs_of_today(root: Path) -> None:
    run(root, R7)
    with (root / RULES).open("ab") as file:
        file.write("※ あとからの注\n".encode())
    assert codes(root) == ["W872"]


def test_an_input_that_came_later_is_noticed(root: Path) -> None:
    run(root, R7)
    (root / "members/r7/previous.csv").write_text(
        "団体コード,団体名,事業,経費,負担金額（円）\n990019,あおば市,予約,事務費,9000\n",
        encoding="utf-8",
    )
    assert codes(root) == ["W872"]


def one_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_outputs_that_were_changed_by_hand_are_not_sealed(root: Path) -> None:
    run(root, R7)
    one_byte(root / "outputs/r7/data/reconciliation.csv")
    assert codes(root) == ["W602"]


def test_what_a_person_still_has_to_decide_is_not_sealed(root: Path) -> None:
    run(root, R7)
    workspace.edit(root / RULES, "予協第12号", "予協第12号【要確認】")
    assert codes(root) == ["W830"]


def test_nothing_is_sealed_twice(root: Path) -> None:
    sealing.issued(root)
    assert codes(root) == ["W873"]
    run(root, R7)
    assert codes(root) == ["W873"]


def test_payments_make_nothing_new_to_seal(root: Path) -> None:
    sealing.issued(root)
    (root / "members/r7/payments.csv").write_text(
        "団体コード,団体名,期,納入日,納入額（円）\n990019,あおば市,1,R7.7.30,690000\n",
        encoding="utf-8",
    )
    outcome = run(root, R7)
    assert {p.code for p in outcome.problems if p.code.startswith("W88")} == set()
    assert codes(root) == ["W873"]


def test_outputs_made_before_the_last_issue_are_made_anew(root: Path) -> None:
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    assert codes(root) == ["W872"]


def test_a_rerun_after_a_changed_population_leaves_the_issue_byte_identical(
    tmp_path: Path,
) -> None:
    root = workspace.copy(tmp_path / "r7")
    for path in (root / "rules/r7").glob("*.txt"):
        text = path.read_text(encoding="utf-8-sig").replace("状態: 例", "状態: 議決")
        text = re.sub("（(?:例|レイ)）|例示|(?<=根拠: )例", "中央", text).replace("例（", "（")
        path.write_text(
            "".join(x for x in text.splitlines(keepends=True) if not x.startswith("検算")),
            encoding="utf-8",
        )
    before = sealing.contents(sealing.issued(root).folder)
    workspace.edit(root / FIGURES, "豊橋市,371920,", "豊橋市,372920,")
    outcome = run(root, R7)
    assert sealing.contents(root / ISSUES / "第1回") == before
    assert "W881" in {problem.code for problem in outcome.problems}
    assert sealing.again(root, "232017")
    assert apportion("verify", str(root / ISSUES), "--dir", str(root)).code == 0


def test_a_run_tells_who_would_be_billed_otherwise(root: Path) -> None:
    """人口割 840,000 of 75,000 people: 45,000 → 504,000, 25,000 → 280,000; こだま村 as before."""
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    (told,) = [problem for problem in run(root, R7).problems if problem.code == "W881"]
    assert told.what == (
        "第1回（総会議決）で確定した請求と違う請求が 2 団体にあります"
        "（計 1,230,000円 → 1,230,000円）。\n"
        "    あおば市 690,000円 → 634,000円（-56,000円）\n"
        "    みどり町 354,000円 → 410,000円（+56,000円）"
    )
    assert FIGURES in told.why
    checked = apportion("check", "--year", "r7", "--dir", str(root))
    assert checked.code == 0
    assert "注意 W881" in checked.stderr


def test_a_breakdown_that_changed_within_the_same_sum_is_told(root: Path) -> None:
    """All in equal parts: 400,000 and 10,000, then 397,000 and 13,000."""
    workspace.edit(root / RULES, "均等割 30% + 人口割 70%", "均等割")
    sealing.issued(root)
    budget = root / "rules/r7/budget.csv"
    workspace.edit(budget, "1200000", "1191000")
    workspace.edit(budget, "30000", "39000")
    outcome = run(root, R7)
    (told,) = [problem for problem in outcome.problems if problem.code == "W881"]
    assert "あおば市 410,000円（計は同じで、内訳か期ごとの額が違います）" in told.what
    assert outcome.reissued.keys() == {(AOBA, ""), (MIDORI, ""), (KODAMA, "")}


def test_only_changed_invoices_name_what_they_replace(root: Path) -> None:
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    run(root, R7)
    assert sealing.again(root, AOBA) == (
        "再発行（第1回）　令和7年6月2日付け 予協第12号の1"
        "（整理番号 R7-990019、第1回 総会議決）に代わるもの"
    )
    assert "予協第12号の2" in sealing.again(root, MIDORI)
    assert sealing.again(root, KODAMA) == ""


def test_the_bill_to_a_lead_is_issued_again_as_such(root: Path) -> None:
    """みどり町 pays for こだま村: its bill is the fourth, after three workbooks of members."""
    lead = "■グループ 東部\n団体: みどり町、こだま村\n代表: みどり町\n\n■請求書\n"
    workspace.edit(root / RULES, "■請求書\n", lead)
    made = sealing.issued(root)
    assert made.record["請求"].keys() == {AOBA, MIDORI}
    assert made.record["請求"][MIDORI]["請求額_円"] == 354_000 + 186_000
    sealing.people(root, 50_000, 19_000, 6_000)
    assert run(root, R7).reissued == {
        (MIDORI, ""): Reissue(
            1,
            "令和7年6月2日付け 予協第12号の4（整理番号 R7-990027-代表、第1回 総会議決）に代わるもの",
            Notice("予協第12号の4", "R7-990027-代表", date(2025, 6, 2)),
        )
    }
    assert "の4（" in sealing.again(root, f"{MIDORI}_みどり町_令和7年度負担金_請求")
    assert sealing.again(root, f"{MIDORI}_みどり町_令和7年度負担金") == ""


def test_a_bill_keeps_what_it_replaces_when_it_is_sealed_and_run_again(root: Path) -> None:
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    second = sealing.issued(root, "臨時総会議決")
    assert second.number == 2
    assert run(root, R7).reissued.keys() == {(AOBA, ""), (MIDORI, "")}
    again = sealing.contents(root / "outputs/r7/請求書")
    assert again == sealing.contents(second.outputs / "請求書")


def test_the_second_time_the_newer_bill_is_replaced(root: Path) -> None:
    """あおば市 and みどり町 change twice, こだま村 (10,000 people of 80,000) only at last."""
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    sealing.issued(root, "臨時総会議決")
    sealing.people(root, 45_000, 25_000, 10_000)
    reissued = run(root, R7).reissued
    assert reissued[AOBA, ""] == Reissue(
        2,
        "予協第12号の1（再1）（整理番号 R7-990019-再1、第2回 臨時総会議決）に代わるもの",
        Notice("予協第12号の1（再1）", "R7-990019-再1", None),
    )
    assert reissued[KODAMA, ""] == Reissue(
        1,
        "令和7年6月2日付け 予協第12号の3（整理番号 R7-990035、第1回 総会議決）に代わるもの",
        Notice("予協第12号の3", "R7-990035", date(2025, 6, 2)),
    )


def test_going_back_to_the_first_amounts_is_a_bill_of_its_own(root: Path) -> None:
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    sealing.issued(root, "臨時総会議決")
    sealing.people(root, 50_000, 20_000, 5_000)
    assert {code: again.times for (code, _), again in run(root, R7).reissued.items()} == {
        AOBA: 2,
        MIDORI: 2,
    }


def test_a_member_that_left_and_one_that_came_are_told(root: Path) -> None:
    sealing.issued(root)
    workspace.edit(root / "members/r7/roster.csv", "こだま村,○", "こだま村,")
    (told,) = [problem for problem in run(root, R7).problems if problem.code == "W881"]
    assert "こだま村 186,000円 → 0円（-186,000円）" in told.what
    sealing.issued(root, "臨時総会議決")
    workspace.edit(root / "members/r7/roster.csv", "こだま村,", "こだま村,○")
    outcome = run(root, R7)
    (told,) = [problem for problem in outcome.problems if problem.code == "W881"]
    assert "こだま村 0円 → 186,000円（+186,000円）" in told.what


def test_other_changes_are_counted_and_not_issued_again(root: Path) -> None:
    sealing.issued(root)
    workspace.edit(root / RULES, "普通 0000000", "普通 1111111")
    outcome = run(root, R7)
    (told,) = [problem for problem in outcome.problems if problem.code.startswith("W88")]
    assert told.code == "W882"
    assert "990019_あおば市_令和7年度負担金.xlsx など 3 件" in told.what
    assert sealing.again(root, AOBA) == ""


def test_a_workbook_that_only_was_packed_otherwise_is_no_other_invoice(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing.issued(root)
    monkeypatch.setattr(package, "_LEVEL", 1)
    outcome = run(root, R7)
    name = "請求書/990019_あおば市_令和7年度負担金.xlsx"
    written, sealed_one = (root / "outputs/r7" / name), root / ISSUES / "第1回/出力" / name
    assert written.read_bytes() != sealed_one.read_bytes()
    assert {p.code for p in outcome.problems if p.code.startswith("W88")} == set()


def test_a_draft_of_a_sealed_year_is_no_bill_and_replaces_none(root: Path) -> None:
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    workspace.edit(root / RULES, "状態: 議決", "状態: 案")
    run(root, R7)
    assert sealing.again(root, AOBA) == ""


def test_sealed_issues_are_inputs_of_a_later_run(root: Path) -> None:
    made = sealing.issued(root)
    run(root, R7)
    record = publish.read(root / "outputs/r7")
    name = f"{ISSUES}/第1回/確定.json"
    assert record
    assert record["入力"][name] == publish.digest(made.folder / "確定.json")


def test_a_strict_run_stops_before_an_issued_amount_changes(root: Path) -> None:
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    before = sealing.contents(root / "outputs")
    with pytest.raises(InputError) as stopped:
        run(root, R7, strict=True)
    assert "W881" in {problem.code for problem in stopped.value.problems}
    assert sealing.contents(root / "outputs") == before


@pytest.mark.parametrize("out", [f"{ISSUES}/第1回", "outputs/確定", ISSUES, "outputs", "."])
def test_outputs_are_never_written_where_something_is_sealed(root: Path, out: str) -> None:
    sealing.issued(root)
    before = sealing.contents(root)
    with pytest.raises(OutputError, match="確定した請求"):
        run(root, R7, out=root / out)
    assert sealing.contents(root) == before


def test_a_damaged_issue_stops_a_run(root: Path) -> None:
    record = sealing.issued(root).folder / "確定.json"
    record.chmod(0o644)
    one_byte(record)
    with pytest.raises(OutputError, match=r"確定\.json"):
        run(root, R7)


def test_a_folder_that_was_renamed_stops_a_run(root: Path) -> None:
    folder = sealing.issued(root).folder
    folder.rename(folder.with_name("第2回"))
    with pytest.raises(OutputError, match="第2回"):
        run(root, R7)


def test_a_full_disk_leaves_no_half_of_an_issue(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(root, R7)
    copy: Callable[[Path, Path], object] = shutil.copyfile
    left = 4

    def full(source: Path, target: Path, **_: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "No space left on device")
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OutputError, match="No space left"):
        seal(root, R7, Note("総会議決"))
    assert Issues.of(root, R7).newest() is None
    assert [*(root / ISSUES).iterdir()] == []
    monkeypatch.undo()
    assert seal(root, R7, Note("総会議決")).number == 1


KILLED = """
import os, sys
from pathlib import Path
from apportion.years.issues.seal import Note, seal
from apportion.core.year import FiscalYear

from apportion.outputs import both

left = int(sys.argv[2])
both._is_lent = lambda: False  # how two processes share the work is not the same each time

def watch(event, _arguments):
    global left
    if event in {"open", "os.rename", "os.mkdir", "os.chmod"}:
        left -= 1
        if left == 0:
            os._exit(9)

root = Path(sys.argv[1])
sys.addaudithook(watch)
seal(root, FiscalYear(2025), Note("総会議決"))
print(left)
"""


def killed(root: Path, after: int) -> subprocess.CompletedProcess[str]:
    """Sealing that ends after so many steps on the disk, as by a power cut."""
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(root), str(after)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def test_a_kill_leaves_a_complete_issue_or_none(root: Path, tmp_path: Path) -> None:
    run(root, R7)
    whole = killed(Path(shutil.copytree(root, tmp_path / "whole")), 1_000_000)
    steps = 1_000_000 - int(whole.stdout)
    found = []
    for number, after in enumerate(range(steps, 0, -max(1, steps // 8))):
        copy = Path(shutil.copytree(root, tmp_path / str(number)))
        assert killed(copy, after).returncode == 9
        there = (copy / ISSUES / "第1回").exists()
        found.append(there)
        if there:
            assert apportion("verify", str(copy / ISSUES / "第1回")).code == 0
    assert set(found) == {True, False}


def test_an_issue_that_another_person_sealed_meanwhile_stays(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    run(root, R7)
    before = sealing.contents(root / ISSUES)
    first = root / ISSUES / "第1回"
    monkeypatch.setattr("apportion.years.issues.seal.path_of", lambda *_: first.relative_to(root))
    with pytest.raises(OutputError):
        seal(root, R7, Note("臨時総会議決"))
    assert sealing.contents(root / ISSUES) == before


def test_sealing_says_what_it_sealed_and_what_comes_next(root: Path) -> None:
    run(root, R7)
    typed = ("seal", "--year", "r7", "--note", "総会議決", "--dir", str(root))
    done = apportion(*typed, "--date", "令和7年5月30日")
    assert done.code == 0, done.stderr
    assert "第1回（令和7年5月30日 総会議決）を確定しました" in done.stdout
    assert "負担金 1,230,000円、3 団体" in done.stdout
    assert f"次は: apportion verify {root}/{ISSUES}/第1回" in done.stdout
    assert apportion(*typed).code == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--note", " "), "総会議決"),
        (("--note", "総会議決", "--date", "5月30日"), "令和7年5月30日"),
        ((), "--note"),
    ],
)
def test_wrong_options_are_told(root: Path, options: tuple[str, ...], said: str) -> None:
    done = apportion("seal", "--year", "r7", "--dir", str(root), *options)
    assert done.code == 2
    assert said in done.stderr
