"""The form as a page that is filled from top to bottom: rows, tables, and what it asks for."""

from dataclasses import dataclass
from datetime import date

from apportion.workbook.bill import Bill
from apportion.workbook.invoice_texts import Words
from apportion.workbook.paper import height, lines
from apportion.workbook.refs import Live
from apportion.workbook.sheet import Cells

NAME = "通知"
LABEL, TEXT, FIRST, SECOND, LAST = range(5)
WIDTHS = (104.0, 130.0, 92.0, 92.0, 98.0)
"""Of the columns, in points; the last one has room for a seal of 24 mm."""

UNKNOWN = "－"
_SIZE = 10.5
_GAP = 9.0
_INDENT = 10.0
_AIR, _FEW = 6.0, 6
"""With so few rows of tables there is room for so many points more in each line."""

Value = Live | int | str | None
"""Live or plain yen, a text, or nothing."""


@dataclass(slots=True)
class Form:
    """The form being filled from top to bottom; `row` is the next free one.

    `tables` are the rows of its tables: many of them stand closer.
    """

    sheet: Cells
    bill: Bill
    tables: int = 0
    row: int = 0

    @property
    def words(self) -> Words:
        """Texts of the form."""
        return self.bill.words

    def across(self, text: str, style: str, *, size: float = _SIZE) -> None:
        """Text over the whole width."""
        self.sheet.merged(self.row, LABEL, self.row, LAST, text, style)
        self.next(lines(text, sum(WIDTHS), size), size)

    def at_right(self, value: str | date, style: str = "form_right", column: int = LAST) -> None:
        """Text or a day at the right edge, or left of the room for a seal."""
        if isinstance(value, date):
            self.sheet.day(self.row, column, value, style)
        else:
            self.sheet.text(self.row, column, value, style)
        self.next()

    def heading(self, text: str) -> None:
        """What stands above a table."""
        self.sheet.text(self.row, LABEL, text, "heading")
        self.next()

    def pair(self, label: str, text: str) -> None:
        """A row of a table: what it is, and the text."""
        self.sheet.text(self.row, LABEL, label, "form_label")
        self.sheet.merged(self.row, TEXT, self.row, LAST, text, "form_text")
        self.next(lines(text, sum(WIDTHS[TEXT:]) - _INDENT, _SIZE))

    def labels(self, *texts: str) -> None:
        """Headings of a table of amounts: what they are, and one for each column at its right."""
        self.amounts(texts[0], *((text, "form_label") for text in texts[1:]), look="form_label")

    def amounts(self, label: str, *cells: tuple[Value, str], look: str = "form_text") -> None:
        """A row of a table of amounts: what they are, and the cells at its right with their styles."""
        first = LAST + 1 - len(cells)
        self.sheet.merged(self.row, LABEL, self.row, first - 1, label, look)
        for column, (value, style) in enumerate(cells, start=first):
            self._value(column, value, style)
        self.next(lines(label, sum(WIDTHS[:first]) - _INDENT, _SIZE))

    def _value(self, column: int, value: Value, style: str) -> None:
        if isinstance(value, Live):
            self.sheet.formula(self.row, column, value.formula, value.value, style)
        elif isinstance(value, str):
            self.sheet.text(self.row, column, value, style)
        elif value is None:
            self.sheet.blank(self.row, column, style)
        else:
            self.sheet.number(self.row, column, value, style)

    def next(self, count: int = 1, size: float = _SIZE) -> None:
        """Go on below a row with so many lines of text."""
        self.sheet.height(self.row, height(count, size) + self._air)
        self.row += 1

    def below_label(self, text: str) -> None:
        """Go on below a row whose first cell holds `text`."""
        self.next(lines(text, WIDTHS[LABEL], _SIZE))

    @property
    def _air(self) -> float:
        """Room between lines, where that does not shrink the page."""
        return _AIR if self.tables <= _FEW else 0.0

    def gap(self, points_high: float = _GAP) -> None:
        """A little room."""
        self.sheet.height(self.row, points_high)
        self.row += 1
