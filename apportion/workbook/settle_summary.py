"""精算一覧.xlsx: all members and 事業, both parts of the budget with 決算, the reserve and the proof."""

from collections.abc import Mapping
from io import BytesIO

from apportion.outcome import Outcome
from apportion.workbook import (
    settle_accounts,
    settle_data,
    settle_front,
    settle_ledger,
    settle_members,
    summary_proof,
)
from apportion.workbook.page import Page, add_page
from apportion.workbook.sheet import new_book
from apportion.workbook.styles import Styles

SHEETS: Mapping[str, str] = {
    settle_front.NAME: "負担金の精算 総括",
    settle_members.NAME: "負担金の精算 団体別事業別",
    settle_accounts.INCOME: "収入の部　予算と決算",
    settle_accounts.EXPENDITURE: "支出の部　予算と決算",
    settle_ledger.NAME: "事業調整積立金台帳",
    summary_proof.NAME: "突合",
    settle_data.NAME: "データ",
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
    members = settle_members.write(pages[settle_members.NAME], outcome)
    settle_accounts.write_income(pages[settle_accounts.INCOME], outcome)
    spent = settle_accounts.write_expenditure(pages[settle_accounts.EXPENDITURE], outcome)
    settle_ledger.write(pages[settle_ledger.NAME], outcome)
    summary_proof.write(pages[summary_proof.NAME], outcome)
    settle_data.write(pages[settle_data.NAME], outcome)
    settle_front.write(pages[settle_front.NAME], outcome, members, spent)
