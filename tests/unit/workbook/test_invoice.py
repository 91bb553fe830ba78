"""The invoice workbook: live and complete, the same for all but what is theirs, honest by 状態."""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from apportion.core.model import Member
from apportion.core.problem import Source
from apportion.outcome.outcome import Outcome
from apportion.workbook.letters.fill import Filler
from apportion.workbook.letters.naming import file_name
from apportion.workbook.letters.plan import plan
from apportion.workbook.letters.words import addressee
from tests.unit.workbook.odd_council import AICHI, FORMULA, TOYOHASHI, Edits, odd_council

SHEETS = ["通知", "内訳", "計算のあらまし"]
OF_A_BILL = (
    "振込",
    "口座",
    "納入場所",
    "納期限",
    "請求します",
    "納入通知書",
    "公印",
    "例示銀行",
    "第1期",
)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return odd_council(tmp_path_factory.mktemp("odd"))


@pytest.fixture(scope="module")
def folder(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(outcome, tmp_path_factory.mktemp("請求書"))


def written(outcome: Outcome, folder: Path) -> Path:
    filler = Filler(plan(outcome))
    for number, member in enumerate(outcome.members, start=1):
        (folder / f"{member.code}.xlsx").write_bytes(filler.content(member, number=number))
    return folder


def book(folder: Path, code: str, *, values: bool = False) -> Workbook:
    return load_workbook(folder / f"{code}.xlsx", data_only=values)


def formulas(workbook: Workbook) -> Iterator[tuple[str, str, str]]:
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, str(cell.value)


def texts(sheet: Worksheet) -> list[str]:
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return [cell.value for cell in cells if isinstance(cell.value, str)]


def find(sheet: Worksheet, text: str) -> Cell:
    found = [c for row in sheet.iter_rows() for c in row if c.value == text]
    assert len(found) == 1, (text, found)
    assert isinstance(found[0], Cell)
    return found[0]


def whole(value: object) -> int:
    assert isinstance(value, int)
    return value


def member(name: str, kind: str, code: str = "239999") -> Member:
    return Member(code=code, name=name, kana="", kind=kind, source=Source())


def bill(tmp_path: Path, *edits: tuple[str, str, str], state: str = "議決") -> Worksheet:
    """Form of 豊橋市 after edits of the inputs."""
    made: Edits = edits
    folder = tmp_path / "out"
    folder.mkdir()
    written(odd_council(tmp_path / "in", state, made), folder)
    return book(folder, TOYOHASHI, values=True)["通知"]


def test_every_formula_has_its_value(folder: Path) -> None:
    for path in folder.iterdir():
        live, values = load_workbook(path), load_workbook(path, data_only=True)
        found = list(formulas(live))
        assert len(found) > 50
        assert [place for place in found if values[place[0]][place[1]].value is None] == []
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                text = parts.read(name).decode()
                assert text.count("<f>") == len(re.findall(r"</f><v>[^<]+</v>", text))


def test_same_plan_same_bytes(outcome: Outcome, folder: Path, tmp_path: Path) -> None:
    written(outcome, tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_date_is_the_first_day_of_the_year(folder: Path) -> None:
    with zipfile.ZipFile(folder / f"{AICHI}.xlsx") as parts:
        core = parts.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2025-04-01T00:00:00Z"}


def test_amounts_are_those_of_the_outcome(outcome: Outcome, folder: Path) -> None:
    for own in outcome.members:
        values = book(folder, own.code, values=True)
        amount = find(values["通知"], "負担金見込額").offset(column=1).value
        assert amount == outcome.total_of(own.code)
        assert find(values["内訳"], "合計").offset(column=6).value == amount
        assert find(values["計算のあらまし"], "合計").offset(column=6).value == amount
        assert find(values["計算のあらまし"], "検算: 一致").column == 1


def test_the_face_of_a_bill_and_its_breakdown_are_values(folder: Path) -> None:
    for path in folder.iterdir():
        assert {sheet for sheet, _, _ in formulas(load_workbook(path))} == {"計算のあらまし"}


def test_every_line_stands_on_every_breakdown(outcome: Outcome, folder: Path) -> None:
    names = [result.case.line.name for result in outcome.results]
    for path in folder.iterdir():
        sheet = load_workbook(path, data_only=True)["内訳"]
        assert [str(c.value) for c in sheet["C"] if c.value] == ["経費", *names]
    absent = find(book(folder, AICHI, values=True)["内訳"], "途中参加").offset(column=4).value
    assert absent == "－ 不参加"


def test_what_has_no_formula_says_so(tmp_path: Path) -> None:
    """A double near 10^14 has two places behind the point: too few to cut yen for sure."""
    yen = 99_999_999_999_999
    exact = Fraction(yen, 2) * (Fraction(371_920, 421_277) + Fraction(120, 138))
    outcome = odd_council(
        tmp_path / "in",
        edits=[
            ("rules/r7/budget.csv", "二つの指標,50000", f"二つの指標,{yen}"),
            (
                "rules/r7/income.csv",
                "負担金収入,5",
                f"負担金収入,{yen - 50_000}\n運営,総務事業,負担金収入,5",
            ),
        ],
    )
    (tmp_path / "out").mkdir()
    sheet = book(written(outcome, tmp_path / "out"), TOYOHASHI)["計算のあらまし"]
    values = [
        row for row in sheet.iter_rows(min_row=9, values_only=True) if "（値）" in str(row[1])
    ]
    assert [(row[1], row[6]) for row in values] == [("円未満切捨て（値）", floor(exact))]
    told = "（値）のある行は、表計算の式では1円まで正確に計算できないため、結果だけを示します。"
    assert find(sheet, told).row < 9


def test_no_bill_shows_a_figure_of_another_member(outcome: Outcome, folder: Path) -> None:
    figures = {TOYOHASHI: 371_920, "232114": 43_903}
    for own in outcome.members:
        sheets = book(folder, own.code, values=True)
        found = {cell for sheet in sheets for row in sheet.iter_rows() for cell in row}
        shown = {371_920, 43_903, 4_437, 1_017} & {cell.value for cell in found}
        assert len(shown) == (own.code != AICHI)
        assert own.code not in figures or shown == {figures[own.code]}
        with zipfile.ZipFile(folder / f"{own.code}.xlsx") as parts:
            strings = parts.read("xl/sharedStrings.xml").decode()
        others = {m.name for m in outcome.members if m.code not in (own.code, AICHI, "235636")}
        assert not [name for name in others if f">{name}<" in strings]


def test_data_never_become_formulas(folder: Path) -> None:
    live = book(folder, FORMULA)
    for sheet, text in (
        ("通知", "=1+1 町長　様"),
        ("通知", "=SUM(1,1)"),
        ("計算のあらまし", f"=1+1（団体コード {FORMULA}）"),
    ):
        assert find(live[sheet], text).data_type == "s"


def test_no_name_of_a_member_stands_outside_cells(folder: Path) -> None:
    for path in folder.iterdir():
        with zipfile.ZipFile(path) as parts:
            for name in set(parts.namelist()) - {"xl/sharedStrings.xml"}:
                text = re.sub("<v>豊橋市</v>", "", parts.read(name).decode())
                assert "豊橋市" not in text, name


@pytest.mark.parametrize("state", ["例", "案"])
def test_what_is_not_decided_is_no_bill(tmp_path: Path, state: str) -> None:
    sheet = bill(tmp_path, state=state)
    found = texts(sheet)
    assert f"負担金見込額について（{state}）" in found
    assert any("この文書は請求書ではありません" in text for text in found)
    assert [text for text in found for word in OF_A_BILL if word in text] == []
    assert not any(isinstance(c.value, datetime) for row in sheet.iter_rows() for c in row)
    assert not any(c.number_format.startswith("[$-411]") for row in sheet.iter_rows() for c in row)


def test_an_example_says_that_it_is_no_decision(tmp_path: Path) -> None:
    assert any("協議会の決定ではありません" in text for text in texts(bill(tmp_path, state="例")))


def test_a_bill_carries_all_that_an_accountant_looks_for(tmp_path: Path) -> None:
    sheet = bill(tmp_path)
    found = texts(sheet)
    for text in (
        "負担金納入通知書 兼 請求書",
        "豊橋市長　様",
        "7例協第12号の2",
        "例示協議会 会長",
        "（公印省略）",
        "令和7年度の事業に要する経費の負担\n根拠: 規約第9条",
        "令和7年度（2025年度）　負担金収入",
        "例示銀行 例示支店 普通預金 0000000",
        "事務局長",
        "会計担当",
    ):
        assert text in found
    assert any("不課税" in text and "適格請求書ではありません" in text for text in found)


def test_a_bill_has_its_instalments_as_dates_and_numbers(tmp_path: Path) -> None:
    sheet = bill(tmp_path)
    first, second = (find(sheet, f"第{number}期") for number in (1, 2))
    assert first.offset(column=1).value == datetime(2025, 7, 31)  # noqa: DTZ001  a cell has no zone
    assert second.offset(column=1).value == datetime(2026, 1, 30)  # noqa: DTZ001
    one, other = (whole(cell.offset(column=4).value) for cell in (first, second))
    assert one + other == find(sheet, "納入金額").offset(column=1).value
    assert other - one in (0, 1)
    assert any(
        cell.value == datetime(2025, 7, 16)  # noqa: DTZ001  15 days before
        for row in sheet.iter_rows()
        for cell in row
    )


def test_the_day_of_issue_may_be_written(tmp_path: Path) -> None:
    sheet = bill(tmp_path, ("rules/r7/00.txt", "納期限の15日前", "令和7年6月2日"))
    days = [c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, datetime)]
    assert min(days) == datetime(2025, 6, 2)  # noqa: DTZ001  a cell has no zone


def test_who_pays_at_once_has_no_empty_rows(tmp_path: Path) -> None:
    due = "第2期 令和8年1月30日 残り"
    edits = [("rules/r7/00.txt", due, f"{due}、年額 200,000円超に限る")]
    out = tmp_path / "out"
    out.mkdir()
    written(odd_council(tmp_path / "in", "議決", edits), out)
    more, less = (len(list(book(out, code)["通知"].iter_rows())) for code in (TOYOHASHI, AICHI))
    assert more == less + 1
    assert "第2期" in texts(book(out, TOYOHASHI)["通知"])
    assert "第2期" not in texts(book(out, AICHI)["通知"])


def test_written_tax_words_replace_ours(tmp_path: Path) -> None:
    words = ("rules/r7/00.txt", "公印: 省略", "公印: 省略\n課税注記: 税務署に確認済みです。")
    assert "※1 税務署に確認済みです。" in texts(bill(tmp_path, words))


def test_the_form_is_one_page_of_a4(folder: Path) -> None:
    live: Any = book(folder, TOYOHASHI)
    assert live.sheetnames == SHEETS
    assert live["通知"].sheet_properties.pageSetUpPr.fitToPage
    pages = live["通知"].page_setup
    assert {pages.fitToWidth, pages.fitToHeight} <= {None, 1, "1"}
    for sheet in live.worksheets:
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.oddFooter.center.text == "&P / &N"
        assert "協議会の決定ではありません" in str(sheet.oddHeader.right.text)
    assert [live[name].print_title_rows for name in SHEETS[1:]] == ["$5:$5", "$8:$8"]


def test_numbers_fit_into_their_columns(folder: Path) -> None:
    """A digit of the font is at most 0.77, a comma 0.35 of its size: else `###` would appear."""
    seen = 0
    for path in folder.iterdir():
        for sheet in load_workbook(path, data_only=True).worksheets[1:]:
            widths = column_points(sheet)
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, int) and cell.coordinate not in sheet.merged_cells:
                        text, size = f"{cell.value:,}", float(cell.font.sz)
                        commas = text.count(",")
                        needed = ((len(text) - commas) * 0.77 + commas * 0.35) * size
                        assert needed < widths[cell.column], (sheet.title, cell.coordinate)
                        seen += 1
    assert seen > 500


def column_points(sheet: Worksheet) -> dict[int, float]:
    """Width of each column; the file counts in digits of 9 pixels."""
    found = {}
    for dimension in sheet.column_dimensions.values():
        for place in range(whole(dimension.min), whole(dimension.max) + 1):
            found[place] = dimension.width * 9 * 0.75
    return found


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("愛知県", "県", "愛知県知事　様"),
        ("東京都", "都", "東京都知事　様"),
        ("豊橋市", "中核市", "豊橋市長　様"),
        ("名古屋市", "政令市", "名古屋市長　様"),
        ("千代田区", "特別区", "千代田区長　様"),
        ("東郷町", "町", "東郷町長　様"),
        ("豊根村", "村", "豊根村長　様"),
        ("海部地区環境事務組合", "組合", "海部地区環境事務組合 管理者　様"),
        ("東三河広域連合", "広域連合", "東三河広域連合長　様"),
    ],
)
def test_the_form_is_addressed_by_office(name: str, kind: str, expected: str) -> None:
    assert addressee(member(name, kind)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("豊橋市", "232017_豊橋市_令和7年度負担金.xlsx"),
        ("a/b\\c:d*e?f", "232017_a_b_c_d_e_f_令和7年度負担金.xlsx"),
        ("../..", "232017___令和7年度負担金.xlsx"),
        ("町.", "232017_町_令和7年度負担金.xlsx"),
        ("\u202e町\u200b", "232017__町__令和7年度負担金.xlsx"),
        ("か\u3099市", "232017_が市_令和7年度負担金.xlsx"),
        ("長" * 300, f"232017_{'長' * 50}_令和7年度負担金.xlsx"),
    ],
)
def test_file_names_are_safe_everywhere(outcome: Outcome, name: str, expected: str) -> None:
    assert file_name(outcome, member(name, "市", TOYOHASHI)) == expected


def test_one_project_uses_its_own_texts(tmp_path: Path) -> None:
    own = ("rules/r7/10.txt", "名簿: 全員\n", "名簿: 全員\n\n■請求書\n件名: 総務事業の負担金\n\n")
    assert "総務事業の負担金" in texts(bill(tmp_path, own))
