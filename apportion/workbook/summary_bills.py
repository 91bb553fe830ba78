"""Sheets 調定一覧 and 送付一覧: what to enter in the books, and what to send to whom."""

from collections.abc import Iterator
from typing import NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.model import Member
from apportion.outcome import Outcome
from apportion.reconcile import CONTRIBUTION
from apportion.rulebook.book import DECIDED
from apportion.workbook import collected, invoice
from apportion.workbook.invoice_texts import Words, addressee, billed_elsewhere
from apportion.workbook.page import LOW_ROW, Page, heads
from apportion.workbook.refs import Area, Ref, less, total_of

POSTING, SENDING = "調定一覧", "送付一覧"
_NO_POSTING = (
    "状態が「{state}」の間は、この表で調定や請求をしないでください。"
    "納期限は、議決のあとに入ります。"
)
_SUBJECT, _FILE = 290.0, 170.0


def name(base: str, outcome: Outcome) -> str:
    """`調定一覧（案）` while nothing is decided."""
    return base if outcome.state == DECIDED else f"{base}（{outcome.state}）"


def write_postings(page: Page, outcome: Outcome, total: Ref) -> Area:
    """A row for each payer and 期; the cell of 差 to `total`."""
    head = _top(page, outcome)
    titles = ["団体\nコード", "団体名", "期", "納期限", "金額（円）", "所属年度", "科目", "摘要"]
    heads(page, head, titles)
    subject = Words(outcome).subject
    several = {part.number for part in outcome.instalments} != {1}
    amounts = [
        _posting(page, row, part, outcome, f"{subject}　第{part.number}期" if several else subject)
        for row, part in enumerate(outcome.instalments, start=head + 1)
    ]
    rows = range(head + 1, head + 1 + len(amounts))
    difference = _close(page, rows, 4, amounts, total)
    page.set_up((head, head), {7: _SUBJECT}, portrait=None, row_height=LOW_ROW)
    return difference


def _posting(page: Page, row: int, part: Instalment, outcome: Outcome, text: str) -> Ref:
    page.text(row, 0, part.code, "code")
    page.text(row, 1, outcome.tables.by_code[part.code].name)
    page.text(row, 2, f"第{part.number}期", "center")
    if part.day and outcome.state == DECIDED:
        page.sheet.day(row, 3, part.day, "day")
        page.measure(3, "令和00年00月00日")
    else:
        page.blanks(row, [3])
    page.texts(row, (outcome.year.label, CONTRIBUTION), "center", first=5)
    page.text(row, 7, text + _what(part.yen), "small_text")
    return page.number(row, 4, part.yen)


def _what(yen: int) -> str:
    if yen == 0:
        return "（0円、調定不要）"
    return "（還付）" if yen < 0 else ""


class Letter(NamedTuple):
    """A workbook to send: its file, its 文書番号, and the yen it asks for (None: for nothing)."""

    member: Member
    words: Words
    number: int
    file: str
    yen: int | None


def write_letters(page: Page, outcome: Outcome, total: Ref) -> Area:
    """A row for each workbook of the invoices; the cell of 差 to `total`."""
    head = _top(page, outcome)
    titles = ["番号", "団体\nコード", "宛先", "件名", "文書番号", "ファイル名", "金額（円）"]
    heads(page, head, [*titles, "送付日", "確認"])
    amounts, row = [], head
    for row, letter in enumerate(_letters(outcome), start=head + 1):
        page.number(row, 0, letter.number, "count")
        page.text(row, 1, letter.member.code, "code")
        page.text(row, 2, addressee(letter.member))
        page.text(row, 3, letter.words.subject, "small_text")
        page.text(row, 4, letter.words.number(letter.number))
        page.text(row, 5, letter.file, "small_text")
        if letter.yen is None:
            page.text(row, 6, "－（計算書）", "right")
        else:
            amounts.append(page.number(row, 6, letter.yen))
        page.blanks(row, (7, 8))
    for column in (7, 8):
        page.measure(column, "令和0年0月")
    difference = _close(page, range(head + 1, row + 1), 6, amounts, total)
    page.set_up((head, head), {3: _SUBJECT, 5: _FILE}, row_height=LOW_ROW)
    return difference


def _letters(outcome: Outcome) -> Iterator[Letter]:
    """The workbook of each member, then the bills to a 代表 or of each 期, numbered as they are written."""
    bills = collected.sent(outcome)
    others = {bill.payer.code for bill in bills}
    for number, member in enumerate(outcome.members, start=1):
        words = Words(outcome, billed_elsewhere(outcome, member))
        own = member.code in outcome.billed and member.code not in others
        yen = outcome.billed_to(member.code) if own else None
        yield Letter(member, words, number, invoice.file_name(member), yen)
    for number, bill in enumerate(bills, start=len(outcome.members) + 1):
        yen = bill.part.yen if bill.part else outcome.billed_to(bill.payer.code)
        yield Letter(bill.payer, Words(outcome), number, bill.file, yen)


def _top(page: Page, outcome: Outcome) -> int:
    if outcome.state == DECIDED:
        return page.top()
    row = page.top()
    page.line(row, _NO_POSTING.format(state=outcome.state), "warn")
    return row + 1


def _close(page: Page, rows: range, column: int, amounts: list[Ref], total: Ref) -> Area:
    """合計 of `column` below `rows`, and the 差 to what the members pay; its cell."""
    end = rows.stop
    page.merged(end, 0, column - 1, "合計", "grand_text")
    live = total_of(page.area(rows.start, column, end - 1, column), sum(c.value for c in amounts))
    billed = page.live(end, column, live, "grand_money")
    page.merged(end + 1, 0, column - 1, "差（団体別事業別の総計との差）", "text")
    page.difference(end + 1, column, less(billed, [total], page.name))
    page.freeze(rows.start, 2)
    return page.area(end + 1, column, end + 1, column)
