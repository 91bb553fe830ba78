"""規則一覧.xlsx: the rules of a year as understood. A view: the texts stay the source."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from apportion.core.numbers import percent
from apportion.core.year import FiscalYear
from apportion.rules.book import RuleBook
from apportion.rules.tell import chapters, drivers, matrix
from apportion.workbook.sheets.page import Page, add_page, heads
from apportion.workbook.sheets.sheet import new_book
from apportion.workbook.sheets.styles import Styles
from apportion.workbook.sheets.titled import other_title
from apportion.workbook.summary.sheet import SheetOfSummary

_PRINTED = "■請求書"
_PLACE = "規則の場所"
_NOTE = "規則のテキストを読み取ったものです。直すときはテキストを直し、作り直してください。"
_AT_MOST_SHARES = {0: 150.0, 1: 170.0, 2: 120.0, 3: 110.0}
_AT_MOST_SENTENCES = {0: 150.0, 1: 230.0, 2: 400.0}


def title_of(year: FiscalYear) -> str:
    """Title of the workbook, also among its properties."""
    return f"{year.label}　規則一覧"


def foreign(year: FiscalYear) -> Callable[[Path], str]:
    """What makes a file another one than the workbook of this year; "" where it is that."""
    return other_title(title_of(year))


def make(book: RuleBook, year: FiscalYear) -> bytes:
    """Bytes of the workbook; the same rules give the same bytes."""
    buffer = BytesIO()
    title = title_of(year)
    target = new_book(buffer, title, year)
    styles = Styles(target)
    shares, sentences = (
        add_page(target, styles, sheet.name, f"{title}　{sheet.name}", book.stamps)
        for sheet in (SHARES, SENTENCES)
    )
    write_shares(shares, book)
    write_sentences(sentences, book)
    target.close()
    return buffer.getvalue()


def write_shares(page: Page, book: RuleBook, *, placed: bool = True) -> None:
    """A row for each 負担割合, a column for each basis; `placed`: for those who keep the texts."""
    rows = matrix(book)
    head = page.top(
        *((_NOTE,) if placed else ()),
        "計は、その行の基準の割合の計です。1団体だけの行と単価の行には、基準がありません。",
    )
    columns, places = drivers(rows), (_PLACE,) if placed else ()
    heads(page, head, ("事業", "経費", "負担する団体", "分ける額", *columns, "計", *places))
    for number, row in enumerate(rows, start=head + 1):
        page.texts(number, (row.project, row.lines, row.who, row.share))
        parts = [percent(row.parts[name]) if name in row.parts else "" for name in columns]
        page.texts(number, parts, "right", first=4)
        total = percent(row.total) if row.total else "－"
        page.text(number, 4 + len(columns), total, "right")
        page.texts(number, [row.source.short() for _ in places], first=5 + len(columns))
    page.freeze(head + 1, 2)
    page.set_up((head, head), _AT_MOST_SHARES)


def write_sentences(page: Page, book: RuleBook, *, placed: bool = True) -> None:
    """A row for each thought of the rules; `placed`: for those who keep the texts, with ■請求書."""
    head = page.top(*((_NOTE,) if placed else ()))
    heads(page, head, ("事業", "見出し", "きまり", *((_PLACE,) if placed else ())))
    wanted = [found for found in chapters(book) if placed or found.title != _PRINTED]
    told = [(chapter, line) for chapter in wanted for line in chapter.sentences]
    for number, (chapter, line) in enumerate(told, start=head + 1):
        place = (line.source.short() or "既定",) if placed else ()
        page.texts(number, (chapter.project, chapter.title, line.text, *place))
    page.freeze(head + 1, 2)
    page.set_up((head, head), _AT_MOST_SENTENCES)


SHARES = SheetOfSummary(
    name="負担割合",
    title="負担割合",
    text="経費ごとの負担割合。",
    write=lambda page, summary: write_shares(page, summary.outcome.book, placed=False),
)
SENTENCES = SheetOfSummary(
    name="規則の文",
    title="負担のきまり",
    text="規則を文にしたもの（請求書の文面を除く）。",
    write=lambda page, summary: write_sentences(page, summary.outcome.book, placed=False),
)
