"""Texts that staff can edit stay texts, and names of members make safe file names."""

import csv
import io
import re
import unicodedata
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from apportion.core.model import Member
from apportion.core.problem import Source
from apportion.outcome import charges
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.pipeline import run, verify
from apportion.workbook.letters.naming import COLLECTED, file_name
from tests import small
from tests.workspace import SHIPPED

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
PROJECT, LINES = "=1+1", ("=SUM(1;1)", "+1+1", "-1-1", "@SUM(1)")
MEMBERS = ("=A1町", "+A1町", "-A1町", "@A1町", "'=A1町", "＝B1町")
PAPER = ("発行者", "件名", "本文", "納入場所", "振込先", "口座名義", "発行責任者", "担当者")
REMARK = '=HYPERLINK("http://example.jp","開く")'

RULES = (
    f"書式: 1\n事業: {PROJECT}\n年度: 令和7年度\n状態: 議決\n根拠: =1+2\n名簿: 全団体名簿\n"
    "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n\n■請求書\n発行日: 令和7年7月1日\n"
    + "".join(f"{key}: =1+{number}\n" for number, key in enumerate(PAPER, start=10))
    + "公印: 省略\n\n"
    + "".join(f"■経費 {line}\n根拠: @1+3\n負担割合: 均等割\n\n" for line in LINES)
)


def table(*rows: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write(root: Path, names: tuple[str, ...]) -> Path:
    """A council whose every text tries to be a formula, with members of these names."""
    coded = [(small.code(number), name) for number, name in enumerate(names, start=1)]
    head = ("団体コード", "団体名")
    files = {
        "rules/r7/10.txt": RULES,
        "rules/r7/budget.csv": table(
            ("区分", "事業", "項", "経費", "予算額（円）", "備考"),
            *(("=2+2", PROJECT, "@項", line, "1001", REMARK) for line in LINES),
        ),
        "rules/r7/income.csv": table(
            ("区分", "事業", "科目", "予算額（円）", "備考"),
            ("=2+2", PROJECT, "負担金収入", str(1001 * len(LINES)), REMARK),
        ),
        "members/members.csv": table(
            (
                *head,
                "よみ",
                "区分",
                "郡",
                "会員区分",
                "有効期間から",
                "有効期間まで",
                "承継先コード",
            ),
            *((code, name, "=1", "町", "=郡", "会員", "", "", "") for code, name in coded),
        ),
        "members/r7/roster.csv": table(
            (*head, "全団体名簿"), *((code, name, "○") for code, name in coded)
        ),
        "members/r7/figures.csv": table(
            (*head, "人口（人、令和2年10月1日現在）"), *((code, name, "5") for code, name in coded)
        ),
    }
    for name, text in files.items():
        small.save(root, name, text)
    return root


@pytest.fixture(name="root", scope="module")
def fixture_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("hostile"), MEMBERS)
    run(root, small.R7, archives=True)
    return root


def test_no_text_becomes_a_formula_in_a_workbook(root: Path) -> None:
    books = sorted((root / "outputs/r7").rglob("*.xlsx"))
    # One for each, 負担金一覧 and 計算書.
    assert len(books) == len(MEMBERS) + 2
    texts: set[str] = set()
    for path in books:
        cells = [
            cell
            for sheet in openpyxl.load_workbook(path)
            for row in sheet.iter_rows()
            for cell in row
        ]
        formulas = {str(cell.value) for cell in cells if cell.data_type == "f"}
        texts |= {str(cell.value) for cell in cells if cell.data_type == "s"}
        injected = re.compile(r"^=(?:[1-9]\+\d|HYPERLINK|SUM\(1;1\)|A1町|郡)|町|example")
        assert [formula for formula in formulas if injected.search(formula)] == [], path.name
    everything = "\n".join(texts)
    for text in (PROJECT, *LINES, *MEMBERS, REMARK, "=1+11", "=1+16"):
        assert text in everything, text


def test_no_field_of_a_csv_begins_like_a_formula(root: Path) -> None:
    """A spreadsheet takes a field that begins with = + - @ for a formula, unless it is a number."""
    for path in sorted((root / "outputs/r7/data").glob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")):
            for field in row:
                number = re.fullmatch(r"-?\d+(/\d+)?", field)
                assert number or not field.startswith(SIGNS), (path.name, field)


def test_names_come_back_from_the_csv_as_they_are(root: Path) -> None:
    data = (root / "outputs/r7/data/charges.csv").read_bytes()
    rows = charges.read_charges(data)
    assert {row.name for row in rows} == set(MEMBERS)
    assert {row.line for row in rows} == set(LINES)
    assert {row.project for row in rows} == {PROJECT}
    assert b",'=A1" in data


def test_the_folder_verifies(root: Path) -> None:
    assert verify(root / "outputs/r7", root)[0] == ()


RARE = "\U00020bb7"
NAMES = {
    "../../x町": "990019__.._x町_令和7年度負担金.xlsx",
    "a/b\\c:d*e?f町": "990019_a_b_c_d_e_f町_令和7年度負担金.xlsx",
    'a"b<c>d|e町': "990019_a_b_c_d_e町_令和7年度負担金.xlsx",
    "CON": "990019_CON_令和7年度負担金.xlsx",  # the code before it makes it harmless
    "COM\u00b9": "990019_COM\u00b9_令和7年度負担金.xlsx",
    "町...": "990019_町_令和7年度負担金.xlsx",
    "町 ": "990019_町_令和7年度負担金.xlsx",
    "~$町": "990019_~$町_令和7年度負担金.xlsx",
    "\u202e町\u2066\u061c": "990019__町___令和7年度負担金.xlsx",
    "か\u3099町": "990019_が町_令和7年度負担金.xlsx",
    "a\tb\x85c\u2028町": "990019_a_b_c_町_令和7年度負担金.xlsx",
    "甲町_請求": "990019_甲町_請求_令和7年度負担金.xlsx",  # the bill to a 代表 alone ends so
    "長" * 300: f"990019_{'長' * 50}_令和7年度負担金.xlsx",
    RARE * 300: f"990019_{RARE * 37}_令和7年度負担金.xlsx",  # four bytes each
}


def member(name: str, code: str = "990019") -> Member:
    return Member(code=code, name=name, kana="", kind="町", source=Source())


@pytest.fixture(scope="module")
def council() -> Outcome:
    """Of a year in which each file is named 令和7年度負担金."""
    return compute(SHIPPED, small.R7)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_makes_a_safe_file_name(name: str, council: Outcome, tmp_path: Path) -> None:
    made = file_name(council, member(name))
    assert made == NAMES[name]
    bill = file_name(council, member(name), COLLECTED)
    for file in (made, bill):
        path = tmp_path / file
        path.write_bytes(b"")
        assert path.resolve().parent == tmp_path.resolve()
        assert unicodedata.is_normalized("NFC", file)
        assert len(file.encode()) <= 255
        assert not set(file) & set('<>:"/\\|?*')
        assert {unicodedata.category(sign) for sign in file}.isdisjoint({"Cc", "Cf", "Zl", "Zp"})
    assert made.removesuffix(".xlsx").endswith("_請求") is False
    assert bill.removesuffix(".xlsx").endswith("_請求")


def test_names_that_look_the_same_are_kept_apart_by_their_codes(council: Outcome) -> None:
    codes = [small.code(number) for number in range(1, 10)]
    names = {file_name(council, member(name, code)) for code in codes for name in ("a/b", "a_b")}
    assert len(names) == len(codes)


def test_files_of_odd_names_stay_in_their_folder_and_verify(tmp_path: Path) -> None:
    names = ("../../x町", "CON町", "町...", "か\u3099町", "甲町_請求", "a/b|c町", "長" * 100 + "町")
    root = write(tmp_path / "odd", names)
    run(root, small.R7, archives=True)
    folder = root / "outputs/r7"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["odd"]
    assert len([*(folder / "請求書").iterdir()]) == len(names)
    for path in (folder / "送付").iterdir():
        with ZipFile(path) as packed:
            assert packed.namelist() == [f"{path.stem}.xlsx", "計算書_令和7年度負担金.xlsx"]
    assert verify(folder, root)[0] == ()
