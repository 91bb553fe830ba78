"""Every formula of an invoice means what its cached value says, in exact arithmetic."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from apportion.computation import compute
from apportion.model import Member
from apportion.outcome import Outcome
from apportion.workbook import invoice
from apportion.workbook.plan import plan
from apportion.year import FiscalYear
from tests.unit.workbook.formulas import Reader
from tests.unit.workbook.odd_council import AICHI, TOYOHASHI, TOYONE, odd_council
from tests.workspace import SHIPPED


def member(outcome: Outcome, code: str) -> Member:
    return next(member for member in outcome.members if member.code == code)


def written(outcome: Outcome, code: str, folder: Path) -> Path:
    path = folder / f"{code}.xlsx"
    path.write_bytes(invoice.content(plan(outcome), member(outcome, code), number=1))
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
    assert reader.value("計算根拠", f"Q{total}") == shipped.total_of(AICHI)
    assert reader.value("計算根拠", f"Q{total + 1}") == "不一致"
