"""The form as a page that is filled from top to bottom: rows, tables, and what it asks for."""

from collections.abc import Sequence
from datetime import date
from math import fsum

from apportion.core.dataclass import dataclass
from apportion.core.year import wareki
from apportion.forms.slots import TOTAL, YEARLY
from apportion.workbook.letters.bill import Bill, PartChange
from apportion.workbook.letters.words import Words
from apportion.workbook.sheets.page import height, lines, points
from apportion.workbook.sheets.sheet import Cells

NAME = "通知"
LABEL, TEXT, FIRST, SECOND, LAST = range(5)
WIDTHS = (104.0, 130.0, 92.0, 92.0, 98.0)
"""Of the columns, in points; the last one has room for a seal of 24 mm."""

UNKNOWN = "－"
_SIZE = 10.5
_GAP = 9.0
_INDENT = 10.0
_LABEL_SIZE, _AMOUNT_SIZE = 13.0, 22.0
"""Of the name of the framed amount, and of the amount."""
_AIR, _FEW = 6.0, 6
"""With so few rows of tables there is room for so many points more in each line."""

Value = int | str | None
"""Yen, a text, or nothing."""


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
        self.next(lines(text, fsum(WIDTHS), size), size)

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
        self.next(lines(text, fsum(WIDTHS[TEXT:]) - _INDENT, _SIZE))

    def labels(self, *texts: str) -> None:
        """Headings of a table of amounts: what they are, and one for each column at its right."""
        self.amounts(texts[0], *((text, "form_label") for text in texts[1:]), look="form_label")

    def amounts(self, label: str, *cells: tuple[Value, str], look: str = "form_text") -> None:
        """A row of a table of amounts: what they are, and the cells at its right with their styles."""
        first = LAST + 1 - len(cells)
        self.sheet.merged(self.row, LABEL, self.row, first - 1, label, look)
        for column, (value, style) in enumerate(cells, start=first):
            self._value(column, value, style)
        self.next(lines(label, fsum(WIDTHS[:first]) - _INDENT, _SIZE))

    def _value(self, column: int, value: Value, style: str) -> None:
        if isinstance(value, str):
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


_SEAL = 24.0
"""Longer side of the seal, in millimetres."""
_SEAL_ROOM = 72.0
_ISSUER_LINE = 20.2
"""Points: the room that a seal takes, and the height of a line of the issuer."""
_MILLIMETRE = 72 / 25.4


_TO = 14
"""Font size of the addressee."""


def top(form: Form) -> None:
    """Whether it is issued again, number and day, and to whom."""
    if form.bill.replaces:
        form.across(form.bill.replaces, "form_again")
    if form.bill.document:
        form.at_right(form.bill.document)
    if form.bill.issued is not None:
        form.at_right(form.bill.issued, "form_issued")
    addressed(form)


def addressed(form: Form) -> None:
    """To whom; what is too long for one line takes several."""
    if points(form.bill.addressee, _TO) > fsum(WIDTHS):
        # One line would make the page wider, and all else smaller.
        form.across(form.bill.addressee, "form_to_long", size=_TO)
        return
    form.sheet.text(form.row, LABEL, form.bill.addressee, "form_to")
    form.next(1, 16)


def issuer(form: Form) -> None:
    """Who asks, with the seal beside the name."""
    words = form.words
    said = words.issuer
    if words.seal in ("画像", "空欄"):
        _sealed(form, said)
        return
    for text in (*said, *(["（公印省略）"] if words.seal else [])):
        form.at_right(text)
    form.gap()


def _sealed(form: Form, said: Sequence[str]) -> None:
    """The issuer left of the seal, both on one height."""
    first = form.row
    high = max(_SEAL_ROOM, _ISSUER_LINE * (len(said) + 1))
    form.gap((high - _ISSUER_LINE * len(said)) / 2)
    for text in said:
        form.sheet.text(form.row, SECOND, text, "form_beside")
        form.gap(_ISSUER_LINE)
    form.gap((high - _ISSUER_LINE * len(said)) / 2)
    picture = form.words.seal_picture
    if picture is None:
        form.sheet.merged(first, LAST, form.row - 1, LAST, "印", "form_seal")
    else:
        form.sheet.picture(first, LAST, (high - _SEAL * _MILLIMETRE) / 2, picture, _SEAL)


def title(form: Form) -> None:
    """What the form is, what it is for, and that it asks for nothing where it does not."""
    form.across(form.bill.title, "form_title", size=18)
    form.gap()
    form.across(form.bill.lead, "form_body")
    if form.words.warning:
        form.across(form.words.warning, "form_not_a_bill")
    form.gap()


def amount(form: Form) -> None:
    """The total, framed and bold."""
    total, label = form.bill.total, form.bill.amount_label
    style = "form_amount_either_way" if form.bill.repays else "form_amount"
    if form.words.in_yen_signs:
        style += "_yen_sign"
    # A long name takes the room of the next column, and stands on one line.
    first = TEXT if points(label, _LABEL_SIZE) <= WIDTHS[LABEL] else FIRST
    form.sheet.merged(form.row, LABEL, form.row, first - 1, label, "form_amount_label")
    form.sheet.merged(form.row, first, form.row, LAST, "", style)
    form.sheet.number(form.row, first, total, style)
    form.sheet.name(form.row, first, TOTAL)
    tall = lines(label, fsum(WIDTHS[:first]), _LABEL_SIZE)
    form.next(*max((1, _AMOUNT_SIZE), (tall, _LABEL_SIZE), key=lambda row: height(*row)))
    form.gap()


def facts(form: Form) -> None:
    """What a 納入通知書 must name."""
    words = form.words
    form.pair("件名", form.bill.subject)
    legal = f"根拠: {words.legal}" if words.legal else ""
    form.pair(words.reason_label(form.bill.way), "\n".join(filter(None, (words.reason, legal))))
    if form.bill.former:
        form.pair("変更する通知", form.bill.former)
    form.pair("所属年度・科目", words.fiscal)
    form.pair("整理番号", form.bill.serial)
    if form.bill.due:
        form.pair("納期限", wareki(form.bill.due))
    form.gap()


def breakdown(form: Form) -> None:
    """Row by row, with last year and the change, and their totals."""
    bill, columns = form.bill, form.words.document.columns
    form.heading("内訳（年額）" if bill.is_partial else "内訳（負担金額）")
    form.labels(bill.heading, *columns.shown)
    for row in bill.rows:
        before, change = _compared(row.amount, row.previous)
        cells = (row.amount, "form_row_yen"), (before, "form_yen"), (change, "form_change")
        form.amounts(row.label, *columns.in_order(*cells))
    now = sum(row.amount for row in bill.rows)
    before, change = _compared(now, bill.previous)
    sums = (now, "form_total_yen"), (before, "form_total_yen"), (change, "form_total_change")
    form.sheet.name(form.row, columns.in_order(FIRST, SECOND, LAST).index(FIRST) + FIRST, YEARLY)
    form.amounts("合計", *columns.in_order(*sums), look="form_total_text")
    form.gap()
    for table in bill.parts:
        form.heading(table.title)
        form.labels(table.head, "負担金額（円）")
        for label, yen in table.rows:
            form.amounts(label, (yen, "form_yen"))
        form.gap()


def _compared(now: int, before: int | None) -> tuple[Value, Value]:
    """What was before and the change; both unknown where that is."""
    return (UNKNOWN, UNKNOWN) if before is None else (before, now - before)


def handled(form: Form) -> None:
    """差額 of a 精算 by where they go."""
    if not form.bill.handled:
        return
    form.heading("差額の扱い")
    form.labels("扱い", "差額（円）")
    for label, yen in form.bill.handled:
        form.amounts(label, (yen, "form_change"))
    form.gap()


def taxes(form: Form) -> None:
    """消費税: the total by rate."""
    if not form.bill.taxes:
        return
    form.heading("消費税")
    form.labels("税率の区分", "金額（円）", "消費税額等（円）")
    for row in form.bill.taxes:
        tax = UNKNOWN if row.tax is None else row.tax
        form.amounts(row.label, (row.amount, "form_yen"), (tax, "form_yen"))
    form.gap()


def instalments(form: Form) -> None:
    """納期限."""
    own = form.bill.instalments
    if form.bill.changes:
        _changes(form)
    if form.bill.changes or not own:
        return
    form.heading("納期限")
    form.sheet.merged(form.row, TEXT, form.row, SECOND, "納期限", "form_label")
    form.sheet.text(form.row, LABEL, "期", "form_label")
    form.sheet.text(form.row, LAST, "金額（円）", "form_label")
    form.next()
    for part in own:
        form.sheet.merged(form.row, TEXT, form.row, SECOND, "", "form_day")
        if part.day is not None:
            form.sheet.text(form.row, LABEL, f"第{part.number}期", "form_label")
            form.sheet.day(form.row, TEXT, part.day, "form_day")
            form.sheet.number(form.row, LAST, part.yen, "form_yen")
        form.next()
    form.gap()


def _changes(form: Form) -> None:
    """期 and 納期限 with the yen before and after a 補正."""
    own = form.bill.changes
    form.heading("期ごとの額")
    columns = form.words.document.columns
    heads = ("期", "納期限", columns.before, columns.now, "区分")
    for column, text in enumerate(heads):
        form.sheet.text(form.row, column, text, "form_label")
    form.next()
    for change in own:
        _change(form, change)
        form.below_label(change.label)
    sums = sum(change.before for change in own), sum(change.after for change in own)
    form.sheet.merged(form.row, LABEL, form.row, TEXT, "合計", "form_total_text")
    for column, yen in zip((FIRST, SECOND), sums, strict=True):
        form.sheet.number(form.row, column, yen, "form_total_yen")
    form.sheet.blank(form.row, LAST, "form_total_text")
    form.next()
    form.gap()


def _change(form: Form, change: PartChange) -> None:
    form.sheet.text(form.row, LABEL, change.label, "form_label")
    if isinstance(change.when, date):
        form.sheet.day(form.row, TEXT, change.when, "form_day")
    else:
        form.sheet.text(form.row, TEXT, change.when, "form_day")
    form.sheet.number(form.row, FIRST, change.before, "form_yen")
    form.sheet.number(form.row, SECOND, change.after, "form_yen")
    form.sheet.text(form.row, LAST, change.word, "form_label")
