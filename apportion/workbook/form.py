"""The form as a page that is filled from top to bottom: rows, tables, and what it asks for."""

from dataclasses import dataclass

from apportion.allocate.instalments import Instalment
from apportion.model import Member
from apportion.workbook.invoice_texts import Words
from apportion.workbook.paper import height, lines
from apportion.workbook.plan import Plan
from apportion.workbook.refs import Live
from apportion.workbook.sheet import Cells

LABEL, TEXT, MIDDLE, LAST = range(4)
WIDTHS = (118.0, 160.0, 106.0, 132.0)
_SIZE = 10.5
_GAP = 12.0
_AIR = 6.0
_INDENT = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a form asks for: the total, its rows (live, from the sheet behind), and the notes.

    `words` decide whether it is a bill at all; `serial` is 整理番号.
    """

    payer: Member
    words: Words
    serial: str
    number: int
    heading: str
    rows: tuple[tuple[str, Live], ...]
    total: Live
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Form:
    """The form being filled from top to bottom; `row` is the next free one."""

    sheet: Cells
    plan: Plan
    bill: Bill
    row: int = 0

    @property
    def words(self) -> Words:
        """Texts of the form."""
        return self.bill.words

    def across(self, text: str, style: str, *, size: float = _SIZE) -> None:
        """Text over the whole width."""
        self.sheet.merged(self.row, LABEL, self.row, LAST, text, style)
        self.next(lines(text, sum(WIDTHS), size), size)

    def pair(self, label: str, text: str) -> None:
        """A row of a table: what it is, and the text."""
        self.sheet.text(self.row, LABEL, label, "form_label")
        self.sheet.merged(self.row, TEXT, self.row, LAST, text, "form_text")
        self.next(lines(text, sum(WIDTHS[TEXT:]) - _INDENT, _SIZE))

    def money(self, label: str, live: Live, look: tuple[str, str]) -> None:
        """A row of the breakdown: label, and a live amount."""
        self.sheet.merged(self.row, LABEL, self.row, MIDDLE, label, look[0])
        self.sheet.formula(self.row, LAST, live.formula, live.value, look[1])
        self.next()

    def heads(self, *texts: tuple[int, int, str]) -> None:
        """Headings of a table, each from its first to its last column."""
        for first, last, text in texts:
            if first == last:
                self.sheet.text(self.row, first, text, "form_label")
            else:
                self.sheet.merged(self.row, first, self.row, last, text, "form_label")
        self.next()

    def next(self, count: int = 1, size: float = _SIZE) -> None:
        """Go on below a row with so many lines of text."""
        self.sheet.height(self.row, height(count, size) + _AIR)
        self.row += 1

    def gap(self) -> None:
        """A little room."""
        self.sheet.height(self.row, _GAP)
        self.row += 1

    @property
    def instalments(self) -> tuple[Instalment, ...]:
        """What the payer pays by which day, where there are days."""
        parts = self.plan.outcome.instalments_of(self.bill.payer.code)
        return tuple(part for part in parts if part.day is not None)
