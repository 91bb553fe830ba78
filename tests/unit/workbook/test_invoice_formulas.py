"""Every formula of an invoice means what its cached value says, in exact arithmetic."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from apportion.core.model import Member
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.workbook.letters.book import content
from apportion.workbook.letters.plan import plan
from tests.unit.workbook.formulas import Reader
from tests.unit.workbook.odd_council import AICHI, TOYOHASHI, TOYONE, odd_council
from tests.workspace import SHIPPED


def member(outcome: Outcome, code: str) -> Member:
    return next(member for member in outcome.members if member.code == code)


def written(outcome: Outcome, code: str, folder: Path) -> Path:
    path = folder / f"{code}.xlsx"
    path.write_bytes(content(plan(outcome), member(outcome, code), number=1))
    return path


def disagreements(path: Path) -> list[tuple[str, str, object, object]]:
    """Formula cells whose meaning is not their cached value."""
    reader, values = Reader(load_workbook(path)), load_workbook(path, data_only=True)
    found = []
    seen = 0
    for sheet in reader.book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            seen += 1
            meant, cached = (
                reader.value(sheet.title, cell.coordinate),
                values[sheet.title][cell.coordinate].value,
            )
            if meant != cached:
                found.append((sheet.title, cell.coordinate, meant, cached))
    assert seen > 150
    return found


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return odd_council(tmp_path_factory.mktemp("odd"))


@pytest.fixture(scope="module")
def shipped() -> Outcome:
    return compute(SHIPPED, FiscalYear(2025))


def test_of_a_council_with_every_kind_of_line(odd: Outcome, tmp_path: Path) -> None:
    for own in odd.members:
        assert disagreements(written(odd, own.code, tmp_path)) == []


@pytest.mark.parametrize("code", [AICHI, "232114", TOYONE])
def test_of_the_shipped_council(shipped: Outcome, code: str, tmp_path: Path) -> None:
    assert disagreements(written(shipped, code, tmp_path)) == []


def test_constants_without_a_common_factor(tmp_path: Path) -> None:
    """途中参加 has 4 + 2 + 1 = 7 parts of the year; where 7 divides the people, it divides both."""
    people = [("371920", "371924"), ("43903", "43904"), ("4437", "4438"), ("1017", "1022")]
    edits = [("members/r7/figures.csv", f",{old},", f",{new},") for old, new in people]
    outcome = odd_council(tmp_path, edits=edits)
    [months] = [weight for weight in plan(outcome).weights if weight.used == "番号 6"]
    assert [term.constant for term in months.terms] == [sum_ // 7 for sum_ in (1_579_942, 7)]
    for own in outcome.members:
        assert disagreements(written(outcome, own.code, tmp_path)) == []


def test_another_code_gives_another_members_amounts(shipped: Outcome, tmp_path: Path) -> None:
    """計算根拠 is live: with the code of 愛知県 the invoice of 豊橋市 computes 愛知県."""
    book: Workbook = load_workbook(written(shipped, TOYOHASHI, tmp_path))
    book["計算根拠"]["D3"] = AICHI
    reader = Reader(book)
    total = next(c.row for c in book["計算根拠"]["A"] if c.value == "合計")
    assert reader.value("計算根拠", f"J{total}") == shipped.total_of(AICHI)
    assert reader.value("計算根拠", f"J{total + 1}") == "不一致"
    assert reader.value("計算根拠", "E3") == "愛知県"


def cell_of(book: Workbook, sheet: str, heading: str, code: str) -> Cell:
    """Cell of a member in a column of 指標一覧."""
    [column] = [c.column for c in book[sheet][5] if c.value == heading]
    [row] = [c.row for c in book[sheet]["B"] if c.value == code]
    cell = book[sheet].cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def test_a_figure_leads_to_the_amount_of_the_notice(shipped: Outcome, tmp_path: Path) -> None:
    """Another base figure: other amounts on 内訳 and on the form, and they are not those told."""
    book: Workbook = load_workbook(written(shipped, TOYOHASHI, tmp_path))
    cell_of(book, "指標一覧", "個別1", AICHI).value = 10_164_000 + 53
    reader = Reader(book)
    detail, total = book["内訳"], shipped.total_of(TOYOHASHI)
    last = next(c.row for c in detail["A"] if c.value == "合計")
    assert reader.value("内訳", f"H{last}") == total
    assert reader.value("内訳", f"G{last}") < total
    amount = next(c for row in book["通知"] for c in row if c.value == f"='内訳'!G{last}")
    assert reader.value("通知", amount.coordinate) == reader.value("内訳", f"G{last}")
    same = next(c.row for c in book["計算根拠"]["A"] if str(c.value).startswith("シート「内訳」"))
    assert reader.value("計算根拠", f"J{same}") == "不一致"


def test_a_percentage_follows_the_amount_that_is_shared(shipped: Outcome, tmp_path: Path) -> None:
    book: Workbook = load_workbook(written(shipped, AICHI, tmp_path))
    share = cell_of(book, "指標一覧", "個別1", AICHI)
    assert share.value == "=INT('内訳'!$E$6*25/100)"
    assert book["計算根拠"]["D14"].value == "='内訳'!$E$6"
    book["内訳"]["E6"] = 80_000
    assert Reader(book).value("指標一覧", share.coordinate) == 20_000


def test_a_table_of_steps_is_looked_up_live(shipped: Outcome, tmp_path: Path) -> None:
    book: Workbook = load_workbook(written(shipped, TOYOHASHI, tmp_path))
    people = cell_of(book, "指標一覧", "指標1", TOYOHASHI)
    step = cell_of(book, "指標一覧", "指標3", TOYOHASHI)
    for number, value in ((9_999, 1), (10_000, 2), (299_999, 6), (300_000, 10), (0, 0)):
        people.value = number
        assert Reader(book).value("指標一覧", step.coordinate) == value
    said = " ".join(str(c.value) for c in book["重み"]["A"] if c.value)
    assert "段階表「人口区分割」　人口による、1万人未満＝1、" in said
    assert "基準「逓減人口割」　人口が2倍で負担が1.5倍、小数第3位未満四捨五入　値です" in said
