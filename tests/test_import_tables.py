"""`import figures` and `import roster`: tables as ministries and staff make them."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import pytest

from apportion.cli import app, guarded
from apportion.core.problem import InputError
from apportion.core.year import FiscalYear
from apportion.imports.tables import TableProposal, propose_figures, propose_rosters
from tests import small, workspace

R7 = FiscalYear(2025)
COUNT = "人口（人、令和7年1月1日現在）"
OLD = "人口（人、令和2年10月1日現在）"
PEOPLE = {"甲市": 30_000, "乙町": 10_000, "丙村": 5_000, "丁県": 0}


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    figures = {name: {OLD: count} for name, count in PEOPLE.items()}
    small.write(tmp_path, "■経費 利用料\n負担割合: 均等割\n", {"利用料": 1}, figures)
    path = tmp_path / "members/members.csv"
    path.write_text(
        path.read_text("utf-8").replace("乙町,よみ,町,,", "乙町,よみ,町,東郡,"), "utf-8"
    )
    return tmp_path


def codes(*digits: int) -> list[str]:
    """Codes of the bodies, cut to so many digits."""
    return [small.code(number)[:length] for number, length in enumerate(digits, 1)]


def given(root: Path, rows: Iterable[str], name: str = "元.csv") -> Path:
    small.save(root, name, "\n".join(rows) + "\n")
    return root / name


def figures(root: Path, rows: Iterable[str], *columns: str) -> TableProposal:
    return propose_figures(root, given(root, rows), R7, columns)


def lines(root: Path, name: str = "figures") -> list[str]:
    return (root / f"members/r7/{name}.csv").read_text("utf-8").splitlines()


def test_a_new_column_goes_in_and_everything_else_stays(root: Path) -> None:
    path = root / "members/r7/figures.csv"
    text = (
        path.read_text("utf-8")
        .replace("現在）\n", "現在）,備考\n")
        .replace("30000\n", '30000,"a,b"\n')
    )
    path.write_text(text, "utf-8")
    one, two, _ = codes(6, 6, 6)
    figures(root, ["団体コード,団体名," + COUNT, f"{one},甲市,31000", f"{two},乙町,9000.5"]).write()
    assert lines(root)[:3] == [
        f"団体コード,団体名,{OLD},{COUNT},備考",
        f'{one},甲市,30000,31000,"a,b"',
        f"{two},乙町,10000,9000.5",
    ]
    assert (path.parent / "履歴/1/figures.csv").read_text("utf-8") == text


def test_headings_in_two_rows_below_a_title_codes_of_five_digits_and_names(root: Path) -> None:
    one, two, three = codes(5, 6, 6)
    rows = [
        "住民基本台帳,,,,",
        "市町村コード,市町村名,人口,,世帯",
        "市町村コード,市町村名,男,計,計",
        f"{one},甲市,1,31000,11",
        f"{two},東郡乙町,1,9000,12",
        ",丙村,1,4000,13",
        f"{three[:5]}9,よその市,1,2,3",
        ",合計,4,44002,39",
    ]
    made = figures(root, rows, f"人口計={COUNT}", "世帯計=世帯（世帯、令和7年1月1日現在）")
    assert made.told == (
        f"新しい列「{COUNT}」: 3団体、合計 44000",
        "新しい列「世帯（世帯、令和7年1月1日現在）」: 3団体、合計 36",
        "この表にない団体（前のまま）（1）: 丁県",
        f"団体一覧にない行（使いません）（2）: {three[:5]}9 よその市、合計",
    )


def test_a_changed_figure_is_shown_and_an_equal_one_is_not(root: Path) -> None:
    one, two, _ = codes(6, 6, 6)
    rows = ["団体コード,団体名," + OLD, f'{one},甲市,"30,000"', f"{two},乙町,9999"]
    made = figures(root, rows)
    assert made.told[0] == f"{two} 乙町 {OLD}: 10000 → 9999"
    assert not [line for line in made.told if "甲市" in line]
    made.write()
    assert figures(root, rows).data is None
    assert lines(root)[1] == f"{one},甲市,30000"


def test_who_is_no_member_and_has_no_row_is_told(root: Path) -> None:
    path = root / "members/members.csv"
    text = path.read_text("utf-8")
    path.write_text(f"{text}990051,戊村,よみ,村,,,,,\n990060,己村,よみ,村,,会員,,,\n", "utf-8")
    made = figures(root, ["団体コード," + COUNT, "990051,1", "990060,2"])
    assert made.told[:3] == (
        "990051 戊村: 会員でなく、行もないので、使いません",
        "990060 己村: 行を加えます",
        f"新しい列「{COUNT}」: 1団体、合計 2",
    )
    made.write()
    assert lines(root)[-1] == "990060,己村,,2"


def test_money_goes_into_the_unit_that_is_there(root: Path) -> None:
    path = root / "members/r7/figures.csv"
    path.write_text(
        path.read_text("utf-8").replace(OLD, "財政規模（千円、令和5年度決算）"), "utf-8"
    )
    one, _ = codes(6, 6)
    figures(root, [f"団体コード,額\n{one},2.5"], "額=財政規模（百万円、令和5年度決算）").write()
    assert lines(root)[1] == f"{one},甲市,2500"


def test_a_blank_keeps_what_is_there_and_a_prefecture_is_not_counted_twice(root: Path) -> None:
    one, two, three, four = codes(6, 6, 6, 6)
    rows = ["団体コード," + OLD, f"{one},", f"{two},10000", f"{three},5000", f"{four},45000"]
    assert figures(root, rows).data is None


def test_a_roster_is_replaced_cell_by_cell(root: Path) -> None:
    rows = ["団体名,全団体名簿,防災", "甲市,◯,", "乙町,R7.10.1から,○", "丙村,,○", "丁県,○,"]
    made = propose_rosters(root, given(root, rows), R7, ["全団体名簿", "防災=防災無線"])
    made.write()
    assert lines(root, "roster") == [
        "団体コード,団体名,全団体名簿,防災無線",
        f"{small.code(1)},甲市,○,",
        f"{small.code(2)},乙町,R7.10.1から,○",
        f"{small.code(3)},丙村,,○",
        f"{small.code(4)},丁県,○,",
    ]


@pytest.mark.parametrize("missing", ["figures", "roster"])
def test_a_table_that_is_not_there_is_begun(root: Path, missing: str) -> None:
    (root / f"members/r7/{missing}.csv").unlink()
    one, _ = codes(6, 6)
    if missing == "figures":
        made = figures(root, ["団体コード," + COUNT, f"{one},31000"])
        expected = [f"団体コード,団体名,{COUNT},備考", f"{one},甲市,31000,"]
    else:
        made = propose_rosters(root, given(root, [f"団体コード,防災\n{one},○"]), R7, ["防災"])
        expected = ["団体コード,団体名,防災,備考", f"{one},甲市,○,"]
    assert made.write() is None
    text = (root / f"members/r7/{missing}.csv").read_bytes().decode("utf-8-sig")
    assert text.splitlines() == expected


def test_workbooks_on_both_sides(root: Path) -> None:
    save_book(
        root / "members/r7/figures.xlsx", [["団体コード", "団体名", OLD, "備考"], *book_rows()]
    )
    (root / "members/r7/figures.csv").unlink()
    source = root / "元.xlsx"
    save_book(
        source, [["表題"], ["団体コード", "市町村名", "計"], [small.code(1), "甲市", 31000.5]]
    )
    propose_figures(root, source, R7, [f"計={COUNT}"]).write()
    sheet = openpyxl.load_workbook(root / "members/r7/figures.xlsx").worksheets[0]
    assert [[cell.value for cell in row] for row in sheet][:2] == [
        ["団体コード", "団体名", OLD, COUNT, "備考"],
        [small.code(1), "甲市", 30000, 31000.5, "覚え"],
    ]
    assert sheet["A2"].number_format == "@"


def book_rows() -> list[list[object]]:
    return [
        [small.code(n), name, count, "覚え"] for n, (name, count) in enumerate(PEOPLE.items(), 1)
    ]


def save_book(path: Path, rows: Sequence[Sequence[object]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append([*row])
    for cell in sheet["A"]:
        cell.number_format = "@"
    stream = io.BytesIO()
    book.save(stream)
    path.write_bytes(stream.getvalue())


ONE, TWO = small.code(1), small.code(2)
HEAD = "団体コード,団体名," + COUNT
WRONG = {
    "W840": ("番号,人口", f"{ONE},1"),
    "W841 no unit": ("団体コード,計", f"{ONE},1"),
    "W841 no such column": (HEAD, f"{ONE},甲市,1"),
    "W842": ("団体コード,計", f"{ONE},1"),
    "W843 two bodies": (HEAD, f"{ONE},乙町,1"),
    "W843 nobody": (HEAD, "011002,札幌市,1"),
    "W844": (HEAD, f"{ONE},甲市,1", f"{ONE},甲市,2"),
    "W845 another year": ("団体コード,令和2年", f"{ONE},1"),
    "W845 another unit": ("団体コード,計（世帯）", f"{ONE},1"),
    "W846": (HEAD, f"{ONE},甲市,1", f"{TWO},乙町,2", ",合計,4"),
    "W113": (HEAD, f"{ONE},甲市,約3万"),
}
COLUMNS = {"W841 no such column": ["総数"], "W842": ["計=人口（千人、令和2年10月1日現在）"]}
COLUMNS |= {"W845 another year": [f"令和2年={COUNT}"], "W845 another unit": [f"計（世帯）={COUNT}"]}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_imported_is_told(case: str, root: Path) -> None:
    before = lines(root)
    with pytest.raises(InputError) as refused:
        figures(root, WRONG[case], *COLUMNS.get(case, []))
    (problem,) = refused.value.problems
    assert problem.code == case[:4]
    assert problem.source.place()
    assert problem.why
    assert problem.fix
    assert lines(root) == before


def test_the_mend_of_a_column_without_a_unit_is_a_command(root: Path) -> None:
    with pytest.raises(InputError) as refused:
        figures(root, ["団体コード,計", f"{ONE},1"])
    fix = refused.value.problems[0].fix
    assert fix.endswith(f'apportion import figures 元.csv --year r7 --column "計={COUNT}"')


def test_faults_outside_the_columns_taken_do_not_matter(root: Path) -> None:
    source = root / "元.xlsx"
    rows: list[list[object]] = [["団体コード", "率", "計"], [small.code(1), "=1/0", 31000]]
    save_book(source, rows)
    assert propose_figures(root, source, R7, [f"計={COUNT}"]).data is not None


@pytest.mark.parametrize("name", ["元.xls", "元.xlsx", "なし.csv"])
def test_what_is_no_table_is_refused(
    name: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if name != "なし.csv":
        (root / name).write_bytes(b"not a workbook")
    words = ["import", "figures", str(root / name), "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app(words, standalone_mode=False)) in (1, 3)
    assert "直し方" in (said := capsys.readouterr().err) or "確かめ" in said


def test_nothing_is_written_without_a_yes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = given(root, ["団体コード," + COUNT, f"{ONE},31000"])
    words = ["import", "figures", str(source), "--year", "r7", "--dir", str(root)]
    before = lines(root)
    assert guarded(lambda: app(words, standalone_mode=False)) == 2
    assert lines(root) == before
    assert "--yes" in capsys.readouterr().out
    assert guarded(lambda: app([*words, "--yes"], standalone_mode=False)) == 0
    assert lines(root) != before


def test_the_shipped_figures_give_no_difference(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    for name, propose in (("figures", propose_figures), ("roster", propose_rosters)):
        made = propose(root, root / f"members/r7/{name}.csv", R7, [])
        assert made.data is None
        assert made.told == () or name == "figures"
