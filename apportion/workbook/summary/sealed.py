"""確定一覧.xlsx: an issue for the minutes, with its 指紋. It follows from 確定.json alone.

What the 指紋 is made of cannot hold it: so it is printed beside 出力, on a page that vouches for nothing.
"""

from io import BytesIO

from apportion.core.numbers import money
from apportion.core.year import SETTLED, wareki
from apportion.outcome.issued import ACCOUNTS, BILLS, Issue, notice
from apportion.workbook.sheets.live import total_of
from apportion.workbook.sheets.page import Page, add_page, heads
from apportion.workbook.sheets.sheet import new_book
from apportion.workbook.sheets.styles import Styles

_SHEET = "確定一覧"
_CODE, _NAME, _DOCUMENT, _ISSUED, _YEN = range(5)
_GROUP = 8
_HELD = "この指紋を議事録に残すと、この回と前の回までのすべてのファイルが、あとで変わっていないことを示せます。"


def make(issue: Issue) -> bytes:
    """Bytes of the workbook; the same issue gives the same bytes."""
    buffer = BytesIO()
    title = f"{issue.year.label}　{_kind(issue)}　第{issue.number}回"
    council = str(issue.record.get("名称", ""))
    book = new_book(buffer, " ".join(filter(None, (council, title))), issue.year)
    page = add_page(book, Styles(book), _SHEET, title, "議決", council)
    _fill(page, issue)
    book.close()
    return buffer.getvalue()


def grouped(fingerprint: str) -> str:
    """A 指紋 as it is read aloud and typed: 35d6f199-a6ca6bcb-…"""
    return "-".join(fingerprint[at : at + _GROUP] for at in range(0, len(fingerprint), _GROUP))


def _kind(issue: Issue) -> str:
    if issue.withdraws is not None:
        return f"負担金の確定の取消（第{issue.withdraws}回）"
    of = f"（{issue.edition.column}のあと）" if issue.edition else ""
    return "負担金の精算の確定一覧" if issue.case == SETTLED else f"負担金の確定一覧{of}"


def _fill(page: Page, issue: Issue) -> None:
    """The 指紋, then a row for each paper and their sum."""
    head = page.top(
        f"{issue.words}　{issue.record['団体数']} 団体　{money(issue.record['負担金額_円'])}　{issue.program}",
        f"指紋　{grouped(issue.fingerprint)}",
        _HELD,
        f"確かめるには: apportion verify outputs/確定/{issue.year} --指紋 （上の指紋）",
    )
    asked = "差額\n（円）" if issue.case == SETTLED else "請求額\n（円）"
    heads(page, head, ["団体\nコード", "団体名", "文書番号", "発行日", asked])
    bills = issue.record[BILLS]
    papers = [
        (code, f"{own['団体名']}{account and f'（{account}）'}", own)
        for code, bill in bills.items()
        for account, own in bill.get(ACCOUNTS, {"": bill}).items()
    ]
    for row, (code, name, bill) in enumerate(papers, start=head + 1):
        held = notice(bill)
        day = wareki(held.issued) if held.issued else ""
        page.texts(row, (code, name, held.document, day))
        page.number(row, _YEN, bill["請求額_円"])
    end = head + 1 + len(papers)
    page.merged(end, _CODE, _ISSUED, "合計", "grand_text")
    if bills:
        area = page.area(head + 1, _YEN, end - 1, _YEN)
        whole = sum(bill["請求額_円"] for bill in bills.values())
        page.live(end, _YEN, total_of(area, whole), "grand_money")
    else:
        page.number(end, _YEN, 0, "grand_money")
    page.set_up((head, head), portrait=True)
