"""The summary read back: the same amounts, each with its cell; a changed cell is seen."""

import zipfile
from pathlib import Path

import pytest

from apportion.core.problem import OutputError
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome
from apportion.outputs import readback_summary
from apportion.workbook.summary import book
from tests.workspace import SHIPPED


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return compute(SHIPPED, FiscalYear(2025))


@pytest.fixture
def path(outcome: Outcome, tmp_path: Path) -> Path:
    target = tmp_path / "負担金一覧.xlsx"
    target.write_bytes(book.make(outcome))
    return target


def spoil(path: Path, part: str, old: bytes, new: bytes) -> None:
    """Replace what stands once in a part of the workbook."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    assert parts[part].count(old) == 1, parts[part].count(old)
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)


def test_amounts_of_members_are_read_with_their_cells(outcome: Outcome, path: Path) -> None:
    read = readback_summary.read(path)
    owed: dict[tuple[str, str], int] = {}
    for charge in outcome.charges:
        key = (charge.member.code, name_key(charge.line.project))
        owed[key] = owed.get(key, 0) + charge.yen
    assert {key: cell.yen for key, cell in read.members.items()} == owed
    assert read.members["230006", name_key("電子申請・届出システム事業")] == (
        10_167_741,
        "団体別事業別!D7",
    )
    assert {code: cell.yen for code, cell in read.sums.items()} == {
        member.code: outcome.total_of(member.code) for member in outcome.members
    }
    assert read.sums["230006"].place == "団体別事業別!I7"
    assert read.totals[name_key("施設予約事業")] == (56_152_000, "団体別事業別!E61")


def test_income_is_read_as_computed(path: Path) -> None:
    read = readback_summary.read(path)
    assert read.income[name_key("電子調達（CALS/EC）事業")] == (141_047_000, "収入の部!F10")
    assert read.income["システム事業負担金収入"].yen == 352_669_000
    assert len(read.income) == 7


def test_data_rows_are_read_with_the_cell_of_their_amount(outcome: Outcome, path: Path) -> None:
    read = readback_summary.read(path)
    assert [(r.code, r.project, r.line, r.exact, r.yen.yen) for r in read.data] == [
        (c.member.code, c.line.project, c.line.name, str(c.exact), c.yen) for c in outcome.charges
    ]
    assert read.data[0].yen.place == "データ!K2"


def test_a_changed_amount_is_read_where_it_stands(path: Path) -> None:
    spoil(path, "xl/worksheets/sheet4.xml", b"<v>10167741</v>", b"<v>10167742</v>")
    read = readback_summary.read(path)
    assert read.members["230006", name_key("電子申請・届出システム事業")] == (
        10_167_742,
        "団体別事業別!D7",
    )


@pytest.mark.parametrize("value", [b"<v>10167741.5</v>", b"<v>#REF!</v>"])
def test_what_is_no_whole_number_is_none(path: Path, value: bytes) -> None:
    spoil(path, "xl/worksheets/sheet4.xml", b"<v>10167741</v>", value)
    read = readback_summary.read(path)
    cell = read.members["230006", name_key("電子申請・届出システム事業")]
    assert cell == (None, "団体別事業別!D7")


def test_a_missing_sheet_or_heading_is_named(path: Path) -> None:
    spoil(path, "xl/workbook.xml", '<sheet name="データ"'.encode(), '<sheet name="写し"'.encode())
    with pytest.raises(OutputError, match="シート「データ」"):
        readback_summary.read(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"text"])
def test_what_is_no_workbook_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(OutputError, match="開けません"):
        readback_summary.read(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="開けません"):
        readback_summary.read(tmp_path / "ない.xlsx")
