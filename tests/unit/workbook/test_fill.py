"""A filled invoice is the invoice that XlsxWriter makes, and holds nothing of another member."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from apportion.core.model import Member
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Reissue
from apportion.rules.book import RuleBook
from apportion.workbook.letters import fill
from apportion.workbook.letters.book import content
from apportion.workbook.letters.plan import Plan, plan
from apportion.workbook.sheets.package import joined, parts_of
from tests.workspace import SHIPPED


@pytest.fixture(scope="module")
def drawn() -> Plan:
    return plan(compute(SHIPPED, FiscalYear(2025)))


@pytest.fixture(scope="module")
def ready(drawn: Plan) -> fill.Prepared:
    return fill.prepared(drawn)


def members(drawn: Plan) -> list[tuple[int, Member]]:
    """The first, the second and the last two: 県, 市, and towns with many 不参加."""
    listed = list(enumerate(drawn.outcome.members, start=1))
    return [listed[0], listed[1], *listed[-2:]]


def cells(book: bytes, *, values: bool) -> dict[str, tuple[object, int, str]]:
    """Every cell with its value (or formula), style and format."""
    loaded = openpyxl.load_workbook(io.BytesIO(book), data_only=values)
    return {
        f"{sheet.title}!{cell.coordinate}": (cell.value, cell.style_id, cell.number_format)
        for sheet in loaded
        for row in sheet.iter_rows()
        for cell in row
    }


@pytest.mark.parametrize("values", [False, True], ids=["formulas", "values"])
def test_filled_equals_written_cell_by_cell(
    drawn: Plan, ready: fill.Prepared, *, values: bool
) -> None:
    for number, member in members(drawn):
        written = content(drawn, member, number=number)
        filled = fill.content(ready, drawn, member, number=number)
        assert cells(filled, values=values) == cells(written, values=values), member.name


def test_nothing_of_the_first_member_is_left(drawn: Plan, ready: fill.Prepared) -> None:
    (_, first), (number, other), *_ = members(drawn)
    book = zipfile.ZipFile(io.BytesIO(fill.content(ready, drawn, other, number=number)))
    assert book.testzip() is None
    own = {"愛知県知事", f"R7-{first.code}", "愛知県（団体コード 230006）"}
    everything = "".join(book.read(name).decode() for name in book.namelist())
    assert not [text for text in own if text in everything]
    assert "豊橋市長" in everything


def test_the_same_outcome_gives_the_same_bytes(drawn: Plan, ready: fill.Prepared) -> None:
    again = plan(compute(SHIPPED, FiscalYear(2025)))
    prepared = fill.prepared(again)
    for number, member in members(drawn):
        one = fill.content(ready, drawn, member, number=number)
        assert one == fill.content(prepared, again, member, number=number)


def test_an_invoice_with_other_rows_is_written_anew(drawn: Plan, ready: fill.Prepared) -> None:
    number, member = members(drawn)[1]
    others = {code: note for code, note in ready.notes.items() if code != member.code}
    anew = fill.content(ready._replace(notes=others), drawn, member, number=number)
    assert anew == content(drawn, member, number=number)
    assert len(ready.notes) == 54


def test_invoices_that_are_issued_again_are_filled_as_well(drawn: Plan) -> None:
    outcome = drawn.outcome
    again = {member.code: Reissue(1, "第12号に代わるもの") for member in outcome.members[1:]}
    reissued = plan(replace(outcome, reissued=again, book=decided(outcome.book)))
    ready = fill.prepared(reissued)
    assert ready.notes.keys() == again.keys()
    number, member = members(drawn)[1]
    filled = fill.content(ready, reissued, member, number=number)
    assert cells(filled, values=True) == cells(
        content(reissued, member, number=number), values=True
    )
    assert "再発行（第1回）　第12号に代わるもの" in {
        value for value, *_ in cells(filled, values=True).values()
    }


def decided(book: RuleBook) -> RuleBook:
    return replace(book, files=tuple(replace(file, state="議決") for file in book.files))


def test_parts_go_through_unchanged(drawn: Plan) -> None:
    member = drawn.outcome.members[0]
    package = content(drawn, member, number=1)
    again = joined(parts_of(package).values())
    old, new = (zipfile.ZipFile(io.BytesIO(book)) for book in (package, again))
    assert old.namelist() == new.namelist()
    assert all(old.read(name) == new.read(name) for name in old.namelist())
