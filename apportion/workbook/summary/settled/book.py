"""精算一覧.xlsx: all members and 事業, both parts of the budget with 決算, the reserve and the proof."""

from collections.abc import Mapping
from io import BytesIO

from apportion.outcome.outcome import Outcome
from apportion.workbook.sheets.page import Page, add_page
from apportion.workbook.sheets.sheet import new_book
from apportion.workbook.sheets.styles import Styles
from apportion.workbook.summary import proof
from apportion.workbook.summary.settled import accounts, data, front, ledger
from apportion.workbook.summary.settled.members import NAME, write

SHEETS: Mapping[str, str] = {
    front.NAME: "負担金の精算 総括",
    NAME: "負担金の精算 団体別事業別",
    accounts.INCOME: "収入の部　予算と決算",
    accounts.EXPENDITURE: "支出の部　予算と決算",
    ledger.NAME: "事業調整積立金台帳",
    proof.NAME: "突合",
    data.NAME: "データ",
}
"""Names of the sheets in their order, with their titles."""


def content(outcome: Outcome) -> bytes:
    """Bytes of the workbook; the same outcome gives the same bytes."""
    buffer = BytesIO()
    book = new_book(buffer, f"{outcome.year.label} 負担金精算一覧", outcome.year)
    styles, label = Styles(book), outcome.year.label
    pages = {
        name: add_page(book, styles, name, f"{label}　{title}", outcome.state)
        for name, title in SHEETS.items()
    }
    _fill(pages, outcome)
    book.close()
    return buffer.getvalue()


def _fill(pages: Mapping[str, Page], outcome: Outcome) -> None:
    """Fill the sheets; those that 総括 refers to come first."""
    members = write(pages[NAME], outcome)
    accounts.write_income(pages[accounts.INCOME], outcome)
    spent = accounts.write_expenditure(pages[accounts.EXPENDITURE], outcome)
    ledger.write(pages[ledger.NAME], outcome)
    proof.write(pages[proof.NAME], outcome)
    data.write(pages[data.NAME], outcome)
    front.write(pages[front.NAME], outcome, members, spent)
