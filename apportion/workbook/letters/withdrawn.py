"""取消通知書: to whom a paper was issued that is withdrawn, which one, on what day and why."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import NamedTuple

from apportion.core.model import Member
from apportion.core.numbers import money
from apportion.core.year import wareki
from apportion.outcome.outcome import Notice, Outcome
from apportion.workbook.letters.bill import Bill
from apportion.workbook.letters.book import contact
from apportion.workbook.letters.form import NAME, WIDTHS, Form, addressed, issuer
from apportion.workbook.letters.naming import council, document_title, stem_of
from apportion.workbook.letters.words import Words
from apportion.workbook.sheets.page import Paper
from apportion.workbook.sheets.sheet import add_sheet, new_book
from apportion.workbook.sheets.styles import Styles

FOLDER = "取消通知書"


class Withdrawn(NamedTuple):
    """A paper to a body that is taken back: what it was called and asked for, and why it goes.

    `kind` is 請求, 変更 or 精算; `again` the paper that holds instead, empty where none does.
    """

    member: Member
    kind: str
    notice: Notice
    yen: int
    reason: str
    day: date | None
    again: str


_AFTER = {
    "請求": "この文書による納入は要りません。",
    "変更": "この文書による納入や還付はありません。",
    "精算": "この文書による追徴や還付はありません。",
}
_PAID = "すでに納入または還付のあった額の扱いは、別に通知します。"


def file_name(outcome: Outcome, paper: Withdrawn) -> str:
    """`990019_あおば市_令和7年度負担金_取消.xlsx`."""
    return f"{stem_of(outcome, paper.member)}_取消.xlsx"


def content(outcome: Outcome, paper: Withdrawn) -> bytes:
    """Bytes of the workbook; `outcome` need not be computed."""
    buffer = BytesIO()
    book = new_book(buffer, document_title(outcome, "取消"), outcome.year)
    sheet = add_sheet(book, Styles(book), NAME)
    title = f"{outcome.year.label} 負担金"
    Paper(title=title, state=outcome.state, of=council(outcome), widths=WIDTHS).set_up(sheet)
    sheet.raw.fit_to_pages(1, 1)
    _fill(Form(sheet, _bill(outcome, paper)), paper)
    book.close()
    return buffer.getvalue()


def _bill(outcome: Outcome, paper: Withdrawn) -> Bill:
    return Bill(
        payer=paper.member,
        words=Words(outcome),
        serial=paper.notice.serial,
        number=0,
        heading="",
        rows=(),
        whole=paper.yen,
    )


def _fill(form: Form, paper: Withdrawn) -> None:
    form.at_right(
        paper.day or "令和　　年　　月　　日", "form_issued" if paper.day else "form_right"
    )
    addressed(form)
    issuer(form)
    form.across(f"負担金{paper.kind}取消通知書", "form_title", size=18)
    form.gap()
    form.across(f"次の文書による負担金の{paper.kind}を取り消します。", "form_body")
    form.gap()
    notice = paper.notice
    form.pair("取り消す文書", notice.document or f"負担金の{paper.kind}の通知")
    form.pair("その発行日", wareki(notice.issued) if notice.issued else "記載なし")
    form.pair("その整理番号", notice.serial)
    form.pair("その額", f"{money(paper.yen)}{_AMOUNTS[paper.kind]}")
    form.pair("取消の理由", paper.reason)
    form.pair("所属年度・科目", form.words.fiscal)
    form.gap()
    for text in _after(paper):
        form.across(text, "form_body")
    form.gap()
    contact(form)


_AMOUNTS = {
    "請求": "",
    "変更": "（変更後の年額）",
    "精算": "（差額。△は、請求した額が多かったことを示します）",
}


def _after(paper: Withdrawn) -> Iterator[str]:
    """What follows for who got it."""
    yield _AFTER[paper.kind]
    if paper.again:
        yield f"{paper.again}は、引き続き有効です。"
    yield _PAID
