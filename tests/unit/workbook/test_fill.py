"""Letters written by hand: cell for cell what XlsxWriter writes, and nothing that is not their own."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell

from apportion.core.model import Member
from apportion.outcome.outcome import Outcome, Reissue
from apportion.workbook.letters import book
from apportion.workbook.letters.fill import Filler
from apportion.workbook.letters.form import NAME
from apportion.workbook.letters.plan import Plan, plan
from apportion.workbook.sheets.sheet import add_sheet, new_book
from apportion.workbook.sheets.styles import Styles
from tests.packages import faults
from tests.unit.workbook.odd_council import odd_council

LOOK = "font fill border alignment number_format protection"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return odd_council(tmp_path_factory.mktemp("odd"), "議決")


@pytest.fixture(scope="module")
def filler(outcome: Outcome) -> Filler:
    return Filler(plan(outcome))


def by_xlsxwriter(drawn: Plan, member: Member, number: int) -> bytes:
    """The same layout, written cell by cell by XlsxWriter."""
    buffer = io.BytesIO()
    target = new_book(buffer, "令和7年度 負担金", drawn.outcome.year)
    styles = Styles(target)
    listed = book.behind_of(drawn.outcome)
    form, *behind = (add_sheet(target, styles, name) for name in (NAME, *(s.name for s in listed)))
    book.set_up(form, drawn)
    book.fill(form, book.bill_of(drawn, member, number=number))
    form.define_names(target)
    for sheet, raw in zip(listed, behind, strict=True):
        sheet.set_up(raw, drawn)
        sheet.write(raw, drawn, member)
    target.close()
    return buffer.getvalue()


def cells(content: bytes) -> dict[tuple[str, str], tuple[object, ...]]:
    """Everything that a cell shows."""
    found = {}
    live = load_workbook(io.BytesIO(content))
    values = load_workbook(io.BytesIO(content), data_only=True)
    for sheet in live.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if isinstance(cell, Cell | MergedCell):
                looks = tuple(repr(getattr(cell, name)) for name in LOOK.split())
                shown = values[sheet.title][cell.coordinate].value
                found[sheet.title, cell.coordinate] = (digits(cell.value), digits(shown), *looks)
    return found


def digits(value: object) -> object:
    """XlsxWriter writes 16 digits of a number, we write all 17."""
    return f"{value:.15g}" if isinstance(value, float) else value


def sheets(content: bytes) -> dict[str, tuple[object, ...]]:
    """What a sheet is beside its cells."""
    return {
        s.title: (
            sorted(map(str, s.merged_cells.ranges)),
            {row: d.height for row, d in s.row_dimensions.items() if d.height},
            {c: d.width for c, d in s.column_dimensions.items()},
            [b.id for b in s.row_breaks.brk],
            (s.print_title_rows, s.page_setup.scale, s.page_setup.orientation),
        )
        for s in load_workbook(io.BytesIO(content)).worksheets
    }


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_filled_equals_written_cell_by_cell(outcome: Outcome, filler: Filler) -> None:
    for number, member in enumerate(outcome.members, start=1):
        ours = filler.content(member, number=number)
        theirs = by_xlsxwriter(filler.plan, member, number)
        assert cells(ours) == cells(theirs)
        assert sheets(ours) == sheets(theirs)
        assert faults(ours) == []


def test_texts_stand_once_and_are_used(outcome: Outcome, filler: Filler) -> None:
    for member in outcome.members:
        found = parts(filler.content(member, number=1))
        texts = re.findall(r"<si>(.*?)</si>", found["xl/sharedStrings.xml"], re.DOTALL)
        pages = [text for name, text in found.items() if name.startswith("xl/worksheets/sheet")]
        used = {int(n) for page in pages for n in re.findall(r't="s"><v>(\d+)</v>', page)}
        assert len(set(texts)) == len(texts)
        assert used == set(range(len(texts)))
        assert not [text for text in texts if text in ("", "<t/>", "<t></t>")]
        assert not any("inlineStr" in page for page in pages)


def test_nothing_of_another_member_is_left(outcome: Outcome, filler: Filler) -> None:
    everyone = [filler.content(member, number=1) for member in outcome.members]
    for member, content in zip(outcome.members, everyone, strict=True):
        texts = parts(content)["xl/sharedStrings.xml"]
        for other in outcome.members:
            if other.code != member.code:
                assert other.code not in texts
                assert f"{other.name}長" not in texts


def test_no_program_is_asked_to_compute_anew(outcome: Outcome, filler: Filler) -> None:
    found = parts(filler.content(outcome.members[0], number=1))["xl/workbook.xml"]
    assert "fullCalcOnLoad" not in found


def test_the_same_outcome_gives_the_same_bytes(outcome: Outcome, filler: Filler) -> None:
    again = Filler(plan(outcome))
    for member in reversed(outcome.members):
        assert again.content(member, number=1) == filler.content(member, number=1)


def test_a_bill_that_is_issued_again_has_a_row_more(outcome: Outcome) -> None:
    first, second, *_ = outcome.members
    reissued = {(second.code, ""): Reissue(1, "第12号")}
    again = Filler(plan(replace(outcome, reissued=reissued)))
    plain, more = (load_workbook(io.BytesIO(again.content(m, number=1))) for m in (first, second))
    assert more["通知"]["A1"].value == "再発行（第1回）　第12号"
    totals = [b.defined_names["納入金額"].attr_text for b in (plain, more)]
    rows = [int(str(text).rpartition("$")[2]) for text in totals]
    assert (
        rows[1] == rows[0]
    )  # one row more, and none for the day: that of the first bill is not its


def test_a_long_text_of_another_member_moves_no_row(outcome: Outcome, tmp_path: Path) -> None:
    """Rows are as high as the member's own texts need, whatever the others are called."""
    edit = ("members/members.csv", "東郷町", "長い名" * 30)
    other = ("members/r7/figures.csv", "東郷町", "長い名" * 30)
    third = ("members/r7/roster.csv", "東郷町", "長い名" * 30)
    crowded = odd_council(tmp_path, "議決", [edit, other, third])
    places = (0, 2)
    before, after = (
        [sheets(Filler(plan(one)).content(one.members[place], number=1)) for place in places]
        for one in (outcome, crowded)
    )
    assert before[0] == after[0]
    assert before[1] != after[1]
