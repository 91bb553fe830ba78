"""Sheets of a summary as records: each filled once, in an order that keeps the bytes the same."""

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from apportion.workbook.sheets.live import Area
from apportion.workbook.sheets.page import Page
from apportion.workbook.summary.sheet import SheetOfSummary, Summary, content
from tests.unit.workbook.council import council


def test_a_sheet_is_filled_once_and_before_the_one_that_asks_for_it(tmp_path: Path) -> None:
    told: list[str] = []

    def later(page: Page, _: Summary) -> int:
        told.append(page.name)
        return 7

    def earlier(page: Page, summary: Summary) -> None:
        page.number(0, 0, summary.of(second))
        told.append(page.name)

    def finished(page: Page, summary: Summary) -> tuple[Area]:
        told.append(f"{page.name} {summary.of(second)}")
        return (page.area(0, 0, 0, 0),)

    def cover(_: Page, summary: Summary) -> None:
        told.append(f"{[len(summary.areas(sheet)) for sheet in (first, second, third)]}")

    first = SheetOfSummary(name="一", title="一", write=earlier)
    second = SheetOfSummary(name="二", title="二", write=later, areas=lambda _: ())
    third = SheetOfSummary(name="三", title="三", write=later, finish=finished, undecided=True)
    front = SheetOfSummary(name="表紙", title="表紙", write=cover)
    data = content(council(tmp_path, "案"), "試し", (front, first, second, third), ((third,),))
    assert told == ["三（案）", "二", "三（案） 7", "一", "[0, 0, 1]"]
    book = load_workbook(BytesIO(data))
    assert book.sheetnames == ["表紙", "一", "二", "三（案）"]
    assert book["一"]["A1"].value == 7
