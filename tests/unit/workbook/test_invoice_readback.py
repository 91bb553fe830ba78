"""An invoice read back: the same amounts, each with its cell; a changed cell is seen."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from apportion.core.problem import OutputError
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.outputs import readback
from apportion.workbook.letters.fill import Filler
from apportion.workbook.letters.plan import plan
from tests.unit.workbook.odd_council import AICHI, TOYOHASHI, odd_council


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return odd_council(tmp_path_factory.mktemp("odd"))


def written(outcome: Outcome, code: str, folder: Path) -> Path:
    path = folder / "請求書.xlsx"
    member = next(member for member in outcome.members if member.code == code)
    path.write_bytes(Filler(plan(outcome)).content(member, number=1))
    return path


@pytest.mark.parametrize("code", [AICHI, TOYOHASHI])
def test_amounts_are_read_with_their_cells(outcome: Outcome, code: str, tmp_path: Path) -> None:
    found = readback.read(written(outcome, code, tmp_path))
    own = {
        (name_key(charge.line.project), name_key(charge.line.name)): charge.yen
        for charge in outcome.by_member[code]
    }
    assert found.amount.yen == outcome.total_of(code)
    assert {key: cell.yen for key, cell in found.lines.items()} == own
    assert {key: cell.yen for key, cell in found.outline.items()} == own


def test_places_are_those_of_the_cells(outcome: Outcome, tmp_path: Path) -> None:
    path = written(outcome, TOYOHASHI, tmp_path)
    found, values = readback.read(path), load_workbook(path, data_only=True)
    for cell in (found.amount, *found.lines.values(), *found.outline.values()):
        sheet, _, place = cell.place.partition("!")
        assert values[sheet][place].value == cell.yen


def test_a_cell_without_whole_yen_is_read_as_none(outcome: Outcome, tmp_path: Path) -> None:
    path = written(outcome, TOYOHASHI, tmp_path)
    book = load_workbook(path, data_only=True)
    _, _, place = readback.read(path).lines[("総務事業", "均等")].place.partition("!")
    book["内訳"][place] = 200.5
    book.save(path)
    assert readback.read(path).lines[("総務事業", "均等")].yen is None


def test_a_form_without_its_total_is_seen(outcome: Outcome, tmp_path: Path) -> None:
    path = written(outcome, TOYOHASHI, tmp_path)
    book = load_workbook(path, data_only=True)
    del book["通知"]
    book.save(path)
    assert readback.read(path).amount == (None, "通知")


def test_a_missing_sheet_is_an_error_of_output(outcome: Outcome, tmp_path: Path) -> None:
    path = written(outcome, TOYOHASHI, tmp_path)
    book = load_workbook(path, data_only=True)
    del book["内訳"]
    book.save(path)
    with pytest.raises(OutputError, match="「内訳」"):
        readback.read(path)


def test_what_is_no_workbook_is_an_error_of_output(tmp_path: Path) -> None:
    path = tmp_path / "請求書.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(OutputError, match="開けません"):
        readback.read(path)
