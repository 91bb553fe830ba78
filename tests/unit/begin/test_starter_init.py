"""`apportion init`: the workspace it writes works as it is, and nothing is ever overwritten."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from apportion import tables
from apportion.core.model import KINDS, Tables
from apportion.core.problem import InputError, OutputError
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.pipeline import run
from apportion.tables import cells
from apportion.years.begin.layouts import LAYOUTS
from apportion.years.begin.starter import COUNCIL, MANUALS, ROOM, TOWNS, YEAR, files, init
from tests.program import apportion
from tests.workspace import edit


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("begun") / "新しい 協議会"
    init(folder, COUNCIL)
    return folder


@pytest.fixture(scope="module")
def outcome(begun: Path) -> Outcome:
    return compute(begun, YEAR, strict=True)


def read(root: Path) -> Tables:
    found, problems = tables.load(root, YEAR)
    assert problems == ()
    assert found is not None
    return found


def sheet(begun: Path, name: str) -> Worksheet:
    return load_workbook(begun / f"{name}.xlsx").worksheets[0]


def test_a_fresh_workspace_computes_without_a_fault(outcome: Outcome) -> None:
    """What its members of a part of the year do to the others, 期 of 事業 with other 納期, and a 注意 that was seen."""
    assert {problem.code for problem in outcome.problems} == {"W345", "W441", "W858"}
    assert {problem.code for problem in outcome.problems if problem.seen} == {"W345"}
    assert outcome.state == "例"
    assert all(equation.difference == 0 for equation in outcome.equations)


def test_a_fresh_workspace_runs_to_the_end(begun: Path, tmp_path: Path) -> None:
    written = run(begun, YEAR, out=tmp_path / "r7", strict=True)
    codes = {path.name[:6] for path in (tmp_path / "r7/請求書").glob("*.xlsx")}
    assert codes == {member.code for member in (*written.members, *written.payers)}
    assert "998010" in codes  # the 代表, which is no member


def test_three_towns_are_few_files_and_without_a_word(tmp_path: Path) -> None:
    """By hand: 300,000 by head in three, 700,000 as 6 : 3 : 1."""
    tables = ("members/members", "members/r7/figures", "members/r7/roster")
    budget = ("rules/r7/budget", "rules/r7/income")
    books = [f"{name}.xlsx" for name in (*tables, *budget)]
    made = init(tmp_path / "new", TOWNS)
    assert set(made) == {*books, *MANUALS, "rules/r7/10_kyodo.txt"}
    towns = compute(tmp_path / "new", YEAR, strict=True)
    assert towns.problems == ()
    assert {c.member.name: c.yen for c in towns.charges} == {
        "模擬町": 100_000 + 420_000,
        "雛形町": 100_000 + 210_000,
        "試作町": 100_000 + 70_000,
    }


def test_workbooks_and_csv_are_one_model(begun: Path) -> None:
    """The same council twice: as workbooks, and as the CSV that they were made of."""
    books, texts = read(begun), read(COUNCIL)
    assert [Path(file).suffix for file in texts.files] == [".csv"] * 7
    assert [Path(file).suffix for file in books.files].count(".xlsx") == 5
    for name in ("members", "budget", "income", "rosters", "figures", "previous", "rotation"):
        assert getattr(books, name) == getattr(texts, name), name
        assert getattr(books, name)


@pytest.mark.parametrize(
    ("line", "name", "yen"),
    [
        # 60,000,000 half to the 県; the other half: 30 % by head, 70 % by people of 1,306,910
        ("システム利用料", "架空県", 30_000_000),
        ("システム利用料", "手本村", 1_125_000 + 21_000_000 * 1_234 // 1_306_910),
        # 6 whole years, 6 months twice: 12,000,000 ÷ 7, and half of it
        ("環境構築", "模擬町", 857_143),
        ("環境構築", "下書村", 1_714_285),
        # by days: 1 October to 31 March are 182 of 365, 1 April to 30 September 183
        ("通信費", "模擬町", 104_000),
        ("保守", "模擬町", 0),
        # five months of 120,000 each
        ("操作講習", "模擬町", 50_000),
        ("操作講習", "手本村", 50_000),
        # seven months of (10,000 + 57 cases × 1,500), cut to 100
        ("利用料", "雛形町", 55_700),
        # 42 × 2,200 + 302 × 100 + 1,313 × 50
        ("証明書発行", "夢見市", 188_250),
        # 100 × 500 + 900 × 400 + (3,767 ÷ 3 - 1,000) × 300, cut to the yen
        ("従量料", "夢見市", 486_700),
        # 30,123,400 ÷ 1000 + 1,000 and the step of 25,000
        ("基本料", "夢見市", 56_123),
        # former body: 15,300 t and the 8,400 t of 試作町 of 102,500 t in all
        ("起債償還費", "例示市", 51_250_000 * 23_700 // 102_500),
        # 58,200 t make 29,100,000: held at 28,000,000; the rest to 仮名市
        ("起債償還費", "夢見市", 28_000_000),
        ("起債償還費", "仮名市", 51_250_000 * 12_900 // 102_500 + 1_100_000),
        # held at 45 % of 27,500,000; all are cut upwards to 100, and the largest gives 100 back
        ("施設整備費", "夢見市", 12_375_000 - 100),
        ("消防本部費", "夢見市", 1_234_500_000 * 12 // 100),
        ("消防本部費", "手本村", 3_450_000),
        # 7,300,000 by 5,432.1 t and 2,718.28 t
        ("中継施設費", "模擬町", 7_300_000 * 543_210 // 815_038),
        ("団員補償費", "夢見市", 350 * 410),
        ("通信指令費", "夢見市", 18_000_000),
        ("通信指令費", "手本村", 900_000),
        ("共同宣伝費", "架空県", 5_000_000),
        ("合同研修", "模擬町", 133_304 * 115 // 100),
        ("図書費", "架空県", 55_555),
    ],
)
def test_amounts_are_those_worked_by_hand(outcome: Outcome, line: str, name: str, yen: int) -> None:
    [charge] = [c for c in outcome.charges if (c.line.name, c.member.name) == (line, name)]
    assert charge.yen == yen


def test_relief_bounds_the_sum_of_a_project(outcome: Outcome) -> None:
    sums = {
        code: sum(c.yen for c in charges if c.line.project == "研修事業")
        for code, charges in outcome.by_member.items()
    }
    assert (sums["993212"], sums["993221"]) == (330_000, 330_000)
    assert sum(sums.values()) == 6_000_000 + 2_400_000 + 777_000


def test_the_manuals_are_there(begun: Path) -> None:
    for name in MANUALS:
        assert (begun / name).read_text(encoding="utf-8-sig").startswith("# ")


def test_the_same_bytes_every_time() -> None:
    assert dict(files(COUNCIL)) == dict(files(COUNCIL))


def test_texts_are_written_for_notepad(begun: Path) -> None:
    for path in [*begun.glob("rules/r7/*.txt"), *begun.glob("members/r7/*.csv")]:
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\n") == data.count(b"\r\n") > 1


def test_the_council_is_invented(begun: Path) -> None:
    """No prefecture has a number above 47; every code is well formed all the same."""
    for member in read(begun).members:
        assert member.code.startswith("99")
        assert cells.check_digit(member.code[:5]) == member.code[5]


def test_a_code_keeps_its_zero(begun: Path) -> None:
    for name in ("members/members", "members/r7/roster", "members/r7/figures"):
        table = sheet(begun, name)
        assert table["A2"].data_type == "s"
        assert {table.cell(row, 1).number_format for row in range(2, ROOM + 2)} == {"@"}
        assert table.column_dimensions["A"].number_format == "@"  # and below


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_workbook_helps_to_type(begun: Path, name: str) -> None:
    table = sheet(begun, name)
    assert table.freeze_panes == f"{'ABCDE'[LAYOUTS[name].still]}2"
    assert table.cell(ROOM + 1, 1).border.left.style == "thin"
    notes = [rule for rule in table.data_validations.dataValidation if rule.prompt]
    assert notes
    assert all(len(rule.prompt or "") <= 255 and rule.promptTitle for rule in notes)


def test_choices_are_what_the_reader_accepts(begun: Path) -> None:
    offered = choices(sheet(begun, "members/members"))
    assert set(offered) == {"D", "F"}
    assert set(offered["D"].split(",")) == KINDS
    assert offered["F"] == "会員,準会員"
    roster = sheet(begun, "members/r7/roster")
    assert set(choices(roster).values()) == {"○"}
    assert set(choices(roster)) == set("CDEFGHIJK")
    lists = [rule for rule in roster.data_validations.dataValidation if rule.type == "list"]
    assert not any(rule.showErrorMessage for rule in lists)  # R7.10.1から must go in as well


def choices(table: Worksheet) -> dict[str, str]:
    return {
        str(rule.sqref)[0]: (rule.formula1 or "").strip('"')
        for rule in table.data_validations.dataValidation
        if rule.type == "list"
    }


def test_notes_stand_on_a_sheet_of_their_own_that_is_read_over(begun: Path) -> None:
    data = dict(files(COUNCIL))
    for name in LAYOUTS:
        made = load_workbook(io.BytesIO(data[f"{name}.xlsx"]))
        assert [found.title for found in made.worksheets][1:] == ["書き方"]
        assert made.worksheets[1]["A1"].value
    assert read(begun).members


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "覚え書き.txt").write_text("消さないで", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        init(tmp_path)
    [problem] = refused.value.problems
    assert problem.code == "W910"
    assert "覚え書き.txt" in problem.what
    assert [path.name for path in tmp_path.iterdir()] == ["覚え書き.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    place = tmp_path / "r7"
    place.write_bytes(b"")
    with pytest.raises(InputError) as refused:
        init(place)
    assert [problem.code for problem in refused.value.problems] == ["W911"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert "rules/r7/00_common.txt" in init(tmp_path, COUNCIL)
    assert (tmp_path / "members/members.xlsx").is_file()


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="書けませんでした"):
        init(tmp_path / "file" / "below")


def test_the_command_says_what_was_made_and_what_is_next(tmp_path: Path) -> None:
    folder = tmp_path / "協議会"
    done = apportion("init", str(folder))
    assert done.code == 0
    assert "rules/r7/budget.xlsx" in done.stdout
    assert f'apportion run --year r7 --dir "{folder}"' in done.stdout
    assert "00_common" not in done.stdout
    assert "rules/r7/00_common.txt" in apportion("init", "--full", f"{folder}2").stdout
    again = apportion("init", str(folder))
    assert again.code == 1
    assert "W910" in again.stderr
    assert "フォルダー を指定してください" in apportion("init").stderr


def test_the_examples_of_forms_come_with_it(tmp_path: Path) -> None:
    written = init(tmp_path / "new", COUNCIL)
    forms = [name for name in written if name.startswith("rules/様式/")]
    names = ("変更通知書", "精算書", "納入通知書", "納入通知書_期別")
    assert sorted(forms) == sorted(f"rules/様式/例_{name}.xlsx" for name in names)
    common = tmp_path / "new/rules/r7/00_common.txt"
    edit(common, "※ 様式: 例_納入通知書.xlsx", "様式: 例_納入通知書.xlsx")
    assert compute(tmp_path / "new", YEAR).attached
