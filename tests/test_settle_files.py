"""What `settle` writes: letters, lists and data that say the same, and `verify` that proves it."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from apportion.cli import app, guarded
from apportion.core.problem import OutputError, ReconciliationError
from apportion.outcome.settled import NEXT_YEAR, REFUND
from apportion.pipeline import run_settlement, verify
from apportion.workbook.letters import collected_settled
from apportion.workbook.sheets import live
from apportion.workbook.sheets.live import Live, Ref
from tests import sealing, small, test_settle_years
from tests.packages import faults
from tests.settling import PROJECT, RECEIVED, RULES, SPENT, council, settlement
from tests.small import R7, code

GROUP = "■グループ 組\n団体: 乙市、丙町\n代表: 乙市\n"
FOLDER = "outputs/r7-精算"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """The worked example of `test_settle`, settled and written; 丙町 is billed to 乙市."""
    root = council(tmp_path, GROUP + RULES + settlement(REFUND), SPENT, RECEIVED)
    run_settlement(root, R7)
    return root


def sheet(path: Path, name: str) -> Worksheet:
    return openpyxl.load_workbook(path, data_only=True)[name]


def cells(page: Worksheet) -> Iterator[list[object]]:
    for row in page.iter_rows():
        yield [cell.value for cell in row if cell.value is not None]


def letter(root: Path, number: int, ending: str = "") -> Path:
    paths = sorted((root / FOLDER / "精算書").glob(f"{code(number)}_*{ending}.xlsx"))
    return next(path for path in paths if path.stem.endswith(ending or path.stem))


def test_the_letter_of_a_member(root: Path) -> None:
    form = list(cells(sheet(letter(root, 1), "通知")))
    assert ["負担金精算書（案）"] in form
    assert ["還付の見込額", -27_145] in form
    assert ["事業", "請求済額（円）", "精算額（円）", "差額（円）"] in form
    assert [PROJECT, 533_334, 506_189, -27_145] in form
    assert ["追徴（△は還付）", -27_145] in form


def test_the_sheet_of_all_lines(root: Path) -> None:
    lines = list(cells(sheet(letter(root, 1), "精算明細")))
    assert [PROJECT, "運用費", 500_000, 470_005, -29_995, "追徴（△は還付）"] in lines
    assert [PROJECT, "その他の収支", 0, -483, -483, "追徴（△は還付）"] in lines
    assert ["合計", 533_334, 506_189, -27_145] in lines


def test_settled_amounts_are_values(root: Path) -> None:
    page = openpyxl.load_workbook(letter(root, 1))["精算明細"]
    found = {row[1].value: (row[3].value, row[4].value) for row in page.iter_rows(min_row=6)}
    assert found["運用費"] == (470_005, -29_995)


def test_the_letter_to_a_lead(root: Path) -> None:
    """乙市 gets its own 14,966 and the 8,879 of 丙町 back."""
    path = letter(root, 2, "_代表")
    form = list(cells(sheet(path, "通知")))
    assert ["還付の見込額", -23_845] in form
    assert ["丙町", 233_333, 224_454, -8_879] in form
    own = list(cells(sheet(letter(root, 3), "通知")))
    assert any("乙市" in str(line) and "まとめて" in str(line) for line in own)


def test_a_decided_letter_asks_only_for_what_is_to_be_paid(tmp_path: Path) -> None:
    """こだま村 pays 41,500 more, あおば市 gets 95,000 back: the account is for the first."""
    root = sealing.decided(tmp_path / "council")
    sealing.issued(root)
    sealing.people(root, 45_000, 20_000, 10_000)
    small.decide(root, "精算,令和8年5月20日,議決,総会議決")
    run_settlement(test_settle_years.closed(root, "決算年度"), R7)
    letters = root / FOLDER / "精算書"
    more, back = (
        list(cells(sheet(next(letters.glob(f"{own}_*.xlsx")), "通知")))
        for own in (sealing.KODAMA, sealing.AOBA)
    )
    for form in (more, back):
        assert ["負担金精算書"] in form
        assert not any("この文書は請求書ではありません" in str(line) for line in form)
        assert not any("予協第12号" in str(line) or "再発行" in str(line) for line in form)
    assert ["追徴額", 41_500] in more
    assert ["還付額", -95_000] in back
    assert ["振込先", "普通 0000000"] in more
    assert ["振込先", "普通 0000000"] not in back


def test_the_label_says_which_way_it_goes_and_the_amount_has_no_sign(root: Path) -> None:
    """甲市 gets 27,145 back: in the cell it stays negative, as in the data."""
    page = openpyxl.load_workbook(letter(root, 1), data_only=True)["通知"]
    label = next(c for row in page.iter_rows() for c in row if c.value == "還付の見込額")
    amount = label.offset(column=1)
    assert amount.value == -27_145
    assert amount.number_format == '"金"#,##0"円";"金"#,##0"円"'


def test_the_list_of_all(root: Path) -> None:
    path = root / FOLDER / "精算一覧.xlsx"
    members = list(cells(sheet(path, "団体別")))
    assert [code(3), "丙町", *(233_333, 224_454, -8_879) * 2] in members
    assert ["総計", *(1_100_000, 1_049_010, -50_990) * 2] in members
    front = list(cells(sheet(path, "総括")))
    # 決算額, 団体が負担しない額, その他の収支, 精算額, 請求済額, 差額, 扱い, 差
    numbers = [1_050_010, 0, 1_000, 1_049_010, 1_100_000, -50_990, "追徴（△は還付）", 0]
    assert [PROJECT, *numbers] in front
    assert ["区分", PROJECT, "運用費", 1_000_000, 940_010, -59_990] in cells(
        sheet(path, "支出の部")
    )
    assert ["区分", PROJECT, "預金利子", 0, 1_000, 1_000] in cells(sheet(path, "収入の部"))
    assert [PROJECT, 0, 0, 0, 0, 0] in cells(sheet(path, "積立金台帳"))


def test_every_workbook_is_sound(root: Path) -> None:
    paths = sorted((root / FOLDER).rglob("*.xlsx"))
    assert len(paths) == 3 + 1 + 2
    for path in paths:
        assert not list(faults(path.read_bytes())), path.name


def test_the_same_settlement_has_the_same_bytes(root: Path, tmp_path: Path) -> None:
    run_settlement(root, R7, out=tmp_path / "again")
    for path in sorted((tmp_path / "again").rglob("*")):
        if path.is_file():
            first = root / FOLDER / path.relative_to(tmp_path / "again")
            assert path.read_bytes() == first.read_bytes(), path.name


def verified(root: Path) -> dict[str, str]:
    problems, _ = verify(root / FOLDER, root)
    return {problem.code: f"{problem.source.place()} {problem.what}" for problem in problems}


def test_an_untouched_settlement_is_verified(root: Path) -> None:
    problems, told = verify(root / FOLDER, root)
    assert problems == ()
    assert "3 団体、差額 △50,990円" in told


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("精算明細", "C6", 500_001),
        ("精算明細", "E6", -1),
        ("内訳", "G6", 470_006),
        ("通知", "B10", 1),
    ],
)
def test_a_yen_changed_in_a_letter_is_named(root: Path, name: str, place: str, value: int) -> None:
    path = letter(root, 1)
    values = openpyxl.load_workbook(path, data_only=True)
    spot = place
    if name == "通知":
        rows = values[name].iter_rows()
        spot = next(c.coordinate for row in rows for c in row if c.value == -27_145)
    values[name][spot] = value
    values.save(path)
    found = verified(root)
    assert found["W601"].startswith(f"精算書/{path.name}  {name}!{spot}")


@pytest.mark.parametrize(
    ("file", "name", "old", "new"),
    [
        ("精算一覧.xlsx", "データ", 470_005, 470_006),
        ("精算一覧.xlsx", "団体別", 506_189, 506_190),
        ("精算書/*_代表.xlsx", "内訳", -8_879, -8_878),
        ("精算書/{first}_*.xlsx", "内訳", "運用費", "維持費"),
        ("精算書/{first}_*.xlsx", "計算のあらまし", "運用費", "維持費"),
        ("精算書/{first}_*.xlsx", "精算明細", "運用費", "維持費"),
    ],
)
def test_every_amount_stands_where_the_data_say(
    root: Path, file: str, name: str, old: int | str, new: int | str
) -> None:
    """The last cell of the row that holds it: on 団体別 that is 合計."""
    [path] = (root / FOLDER).glob(file.format(first=code(1)))
    values = openpyxl.load_workbook(path, data_only=True)
    row = next(row for row in values[name].iter_rows() if any(c.value == old for c in row))
    [*_, spot] = (cell for cell in row if cell.value == old)
    spot.value = new
    values.save(path)
    problems, _ = verify(root / FOLDER, root)
    first = problems[0]
    assert first.source.file == path.relative_to(root / FOLDER).as_posix()
    assert first.code == "W601"
    assert first.why.startswith("data/settlement.csv の金額と")
    assert first.fix == "もう一度 apportion settle を実行してください。"


def test_a_fault_of_the_writer_stops_a_settlement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One yen too much in the letter to 乙市 for 丙町: nothing is written."""
    root = council(tmp_path, GROUP + RULES + settlement(REFUND), SPENT, RECEIVED)

    def less(ref: Ref, others: Sequence[Ref], sheet: str) -> Live:
        found = live.less(ref, others, sheet)
        return Live(found.formula, found.value + (found.value == -8_879))

    monkeypatch.setattr(collected_settled, "less", less)
    with pytest.raises(ReconciliationError, match=r"_代表\.xlsx"):
        run_settlement(root, R7)
    assert not (root / "outputs/r7-精算").exists()


@pytest.mark.parametrize("out", ["outputs/確定/r7/第1回", "outputs"])
def test_a_settlement_is_never_written_where_something_is_sealed(tmp_path: Path, out: str) -> None:
    root = sealing.decided(tmp_path / "council")
    sealing.issued(root)
    test_settle_years.closed(root, "決算年度")
    before = sealing.contents(root)
    with pytest.raises(OutputError, match="確定した請求"):
        run_settlement(root, R7, out=root / out)
    assert sealing.contents(root) == before


def test_a_row_changed_in_the_data_is_computed_again(root: Path) -> None:
    path = root / FOLDER / "data/settlement.csv"
    text = path.read_bytes().decode("utf-8-sig")
    path.write_bytes(
        text.replace(f"500000,470005,-29995,{REFUND}", f"500000,470006,-29994,{REFUND}").encode(
            "utf-8-sig"
        )
    )
    found = verified(root)
    assert {"W601", "W602", "W606"} <= found.keys()
    assert "精算額 470,006円、計算" in found["W606"]
    path.write_text("x", "utf-8")
    with pytest.raises(OutputError):
        verify(root / FOLDER, root)


def test_final_amounts_that_change_later_are_told(root: Path) -> None:
    path = root / "rules/r7/budget.csv"
    path.write_text(path.read_text("utf-8").replace("940010", "940020"), "utf-8")
    assert {"W606", "W611"} <= verified(root).keys()


def test_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["settle", "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app(words, standalone_mode=False)) == 0
    told = capsys.readouterr().out
    assert "令和7年度 精算の差額 △50,990円" in told
    assert f"  {PROJECT}\t△50,990円（還付と追徴）" in told
    words = ["verify", str(root / FOLDER), "--dir", str(root)]
    assert guarded(lambda: app(words, standalone_mode=False)) == 0
    assert "1円まで一致しています" in capsys.readouterr().out


def two_projects(root: Path, first: str, second: str) -> Path:
    """The worked example twice, as 共同事業 and 別の事業, each with its own ■精算."""
    council(root, RULES + settlement(first), SPENT, RECEIVED)
    rules = (root / "rules/r7/10.txt").read_text("utf-8").replace(first, second)
    (root / "rules/r7/20.txt").write_text(rules.replace(PROJECT, "別の事業"), "utf-8")
    for name in ("budget", "income"):
        path = root / f"rules/r7/{name}.csv"
        head, *lines = path.read_text("utf-8").splitlines()
        more = [line.replace(PROJECT, "別の事業") for line in lines]
        path.write_text("\n".join([head, *lines, *more, ""]), "utf-8")
    run_settlement(root, R7)
    return root


def adjustments(root: Path) -> list[list[str]]:
    text = (root / FOLDER / "data/adjustment.csv").read_bytes().decode("utf-8-sig")
    return [row[2:] for row in csv.reader(io.StringIO(text, newline=""))]


def test_two_projects_that_adjust_next_year_have_a_column_each(tmp_path: Path) -> None:
    titles, first, *_ = adjustments(two_projects(tmp_path, NEXT_YEAR, NEXT_YEAR))
    assert titles == ["前年度精算額 共同事業（円）", "前年度精算額 別の事業（円）"]
    assert first == ["-27145", "-27145"]


def test_each_project_goes_its_own_way(tmp_path: Path) -> None:
    """Only what is refunded is framed; the same 27,145 of the other one waits for next year."""
    root = two_projects(tmp_path, REFUND, NEXT_YEAR)
    form = list(cells(sheet(letter(root, 1), "通知")))
    assert ["還付の見込額", -27_145] in form
    assert ["合計", 2 * 533_334, 2 * 506_189, 2 * -27_145] in form
    assert ["追徴（△は還付）", -27_145] in form
    assert ["翌年度で調整", -27_145] in form
    assert adjustments(root)[:2] == [["前年度精算額（円）"], ["-27145"]]
