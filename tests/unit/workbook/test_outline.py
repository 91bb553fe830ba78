"""計算のあらまし: every amount step by step, live, and the face of the bill that stays as it is."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from apportion.core.model import Member
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.rules.nodes import Mode
from apportion.workbook.letters.fill import Filler
from apportion.workbook.letters.plan import plan
from apportion.workbook.sheets import doubles
from apportion.workbook.sheets.doubles import Num
from tests.unit.workbook.formulas import Reader
from tests.unit.workbook.odd_council import AICHI, TOYOHASHI, TOYONE, odd_council
from tests.workspace import SHIPPED

OUTLINE = "計算のあらまし"
SAME = "検算: 一致"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return odd_council(tmp_path_factory.mktemp("odd"))


@pytest.fixture(scope="module")
def shipped() -> Outcome:
    return compute(SHIPPED, FiscalYear(2025))


def member(outcome: Outcome, code: str) -> Member:
    return next(member for member in outcome.members if member.code == code)


def written(outcome: Outcome, code: str, folder: Path) -> Path:
    path = folder / f"{code}.xlsx"
    path.write_bytes(Filler(plan(outcome)).content(member(outcome, code), number=1))
    return path


def formulas(book: Workbook) -> list[Cell]:
    cells = (c for sheet in book.worksheets for row in sheet.iter_rows() for c in row)
    return [cell for cell in cells if isinstance(cell, Cell) and cell.data_type == "f"]


def disagreements(path: Path) -> list[tuple[str, object, object]]:
    """Formulas whose meaning, in exact fractions, is not the value that stands in the file."""
    reader, values = Reader(load_workbook(path)), load_workbook(path, data_only=True)
    found = []
    for cell in formulas(reader.book):
        meant = reader.value(OUTLINE, cell.coordinate)
        shown = values[OUTLINE][cell.coordinate].value
        if isinstance(shown, int):
            same = round(meant, 9) == shown
        elif isinstance(shown, float):
            same = abs(meant - Fraction(shown)) < Fraction(1, 10**6)
        else:
            same = meant == shown
        if not same:
            found.append((cell.coordinate, meant, shown))
    return found


def rows(sheet: Worksheet, name: str) -> list[tuple[object, ...]]:
    """Rows of a 経費, from the one with its name to its 負担金額."""
    found: list[tuple[object, ...]] = []
    for row in sheet.iter_rows(values_only=True):
        if row[1] == name or found:
            found.append(row)
        if found and row[1] == "負担金額":
            return found
    raise AssertionError(name)


def test_formulas_mean_what_stands_in_their_cells(odd: Outcome, tmp_path: Path) -> None:
    for own in odd.members:
        assert disagreements(written(odd, own.code, tmp_path)) == []


@pytest.mark.parametrize("code", [AICHI, "232114", TOYONE])
def test_those_of_the_shipped_council_too(shipped: Outcome, code: str, tmp_path: Path) -> None:
    assert disagreements(written(shipped, code, tmp_path)) == []


def test_only_functions_that_every_program_knows_are_used(odd: Outcome, tmp_path: Path) -> None:
    book = load_workbook(written(odd, TOYOHASHI, tmp_path))
    used = {name for c in formulas(book) for name in _functions(str(c.value))}
    assert used <= {"SUM", "INT", "IF", "ROUND", "SUMPRODUCT"}


def _functions(formula: str) -> list[str]:
    words = "".join(sign if sign.isalpha() or sign == "(" else " " for sign in formula).split()
    return [word.partition("(")[0] for word in words if "(" in word and not word.startswith("(")]


def test_a_line_worked_by_hand(shipped: Outcome, tmp_path: Path) -> None:
    """40,656,000円: 25% by the 県; of the rest 20% by 53, and 80% by 371,920 of 5,210,239 people."""
    path = written(shipped, TOYOHASHI, tmp_path)
    own = rows(load_workbook(path, data_only=True)[OUTLINE], "システム運用保守")
    live = rows(load_workbook(path)[OUTLINE], "システム運用保守")
    labels = ["システム運用保守", "負担割合: 市町村に 残りを 均等割 20% + 人口割 80%"]
    labels += ["この行で分ける額", "均等割 20%", "人口割の分", "正確な額"]
    assert [row[1] for row in own] == [*labels, "円未満切捨て", "差額の加算", "負担金額"]
    assert own[0][6] == 40_656_000
    assert own[2][6] == 30_492_000
    assert own[3][2:6] == (30_492_000, 0.2, None, 53)
    assert own[4][2:6] == (30_492_000, 0.8, 371_920, 5_210_239)
    equal, people = (Fraction(str(own[row][6])) for row in (3, 4))
    assert round(equal, 2) == Fraction("115064.15")
    assert round(people, 2) == Fraction("1741276.69")
    assert [row[6] for row in own[6:]] == [1_856_340, 1, 1_856_341]
    assert str(own[7][2]).startswith("端数の順位 7番目")
    first = next(c.row for c in load_workbook(path)[OUTLINE]["B"] if c.value == "均等割 20%")
    assert live[4][6] == f"=C{first + 1}*D{first + 1}*E{first + 1}/F{first + 1}"
    assert live[6][6] == f"=INT(ROUND(G{first + 2},6))"
    assert live[8][6] == f"=G{first + 3}+G{first + 4}"


def test_a_figure_that_is_tried_out_changes_nothing_of_the_bill(
    shipped: Outcome, tmp_path: Path
) -> None:
    book = load_workbook(written(shipped, TOYOHASHI, tmp_path))
    sheet = book[OUTLINE]
    people = next(c for c in sheet["E"] if c.value == 371_920)
    check = next(c for c in sheet["A"] if "検算" in str(c.value)).coordinate
    assert Reader(book).value(OUTLINE, check) == SAME
    people.value = 381_920
    assert Reader(book).value(OUTLINE, check) == "試算中です。通知した額は 8,722,288円です。"
    assert {cell.parent.title for cell in formulas(book)} == {OUTLINE}


def test_amounts_are_those_of_the_charges(odd: Outcome, tmp_path: Path) -> None:
    for own in odd.members:
        sheet = load_workbook(written(odd, own.code, tmp_path), data_only=True)[OUTLINE]
        found = [row[6] for row in sheet.iter_rows(values_only=True) if row[1] == "負担金額"]
        assert found == [charge.yen for charge in odd.by_member[own.code]]
        assert next(row[6] for row in sheet.iter_rows(values_only=True) if row[0] == "合計") == (
            odd.total_of(own.code)
        )


def test_a_bill_is_short(shipped: Outcome, tmp_path: Path) -> None:
    for own in shipped.members:
        assert len(formulas(load_workbook(written(shipped, own.code, tmp_path)))) <= 400


def test_nothing_of_another_member_stands_in_a_bill(shipped: Outcome, tmp_path: Path) -> None:
    names = {own.name for own in shipped.members}
    book = load_workbook(written(shipped, TOYOHASHI, tmp_path))
    texts = {str(c.value) for s in book.worksheets for r in s.iter_rows() for c in r if c.value}
    said = {name for name in names for text in texts if name in text}
    # 愛知県 takes the rest of one 経費: the rule says so.
    assert said == {"豊橋市", "愛知県"}


@given(
    st.fractions(-(10**9), 10**9, max_denominator=10**7),
    st.sampled_from([1, 10, 1_000]),
    st.sampled_from(list(Mode)),
)
def test_a_cut_that_is_sure_is_the_exact_one(value: Fraction, unit: int, mode: Mode) -> None:
    own = Num("G1", float(value))
    sign = -1 if value < 0 else 1
    units = abs(value) / unit
    up = {Mode.DOWN: 0, Mode.UP: units % 1 > 0, Mode.HALF_UP: units % 1 >= Fraction(1, 2)}
    exact = Fraction(sign * (units.__floor__() + up[mode]) * unit)
    if doubles.surely(own, unit, mode, exact):
        assert doubles.cut(own, unit, mode).value == exact


def test_a_cut_that_noise_could_change_is_not_sure() -> None:
    """One ten-millionth below a whole yen: six decimals do not see it."""
    near = Fraction(1_000_000_000 - 1, 10_000_000) + 100
    assert not doubles.surely(Num("G1", float(near)), 1, Mode.DOWN, Fraction(199))
    assert doubles.surely(Num("G1", 199.5), 1, Mode.DOWN, Fraction(199))


def test_a_sum_of_whole_yen_is_live_however_large(tmp_path: Path) -> None:
    """天草: what is left of hundreds of millions after a subsidy is an amount of whole yen."""
    outcome = compute(Path(__file__).parents[2] / "ordinances" / "r17_amakusa", FiscalYear(2025))
    for own in outcome.members:
        sheet = load_workbook(written(outcome, own.code, tmp_path))[OUTLINE]
        left = [r[6] for r in sheet.iter_rows(values_only=True) if r[1] == "差し引いた残り"]
        assert left
        assert all(str(formula).startswith("=") for formula in left)
