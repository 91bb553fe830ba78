"""Tables of the form: breakdown with last year, 消費税, instalments."""

from collections import Counter

from apportion.workbook.bill import Bill
from apportion.workbook.form import FIRST, LABEL, LAST, NAME, SECOND, TEXT, UNKNOWN, Form
from apportion.workbook.part_changes import PartChange, part_changes
from apportion.workbook.refs import Area, Live, Ref, less, link, total_of
from apportion.workbook.taxes import tax_within


def most_instalments(bill: Bill) -> int:
    """Rows that the instalments take on every bill of the outcome."""
    if bill.part is not None:
        return len(bill.instalments)
    outcome = bill.words.outcome
    if outcome.revision and bill.changes:
        codes = [payer.code for payer in outcome.payers]
        return max(len(part_changes(outcome, outcome.revision, code)) for code in codes)
    parts = outcome.instalments if bill.instalments else ()
    dated = Counter(part.code for part in parts if part.day is not None)
    return max(dated.values(), default=0)


def breakdown(form: Form) -> None:
    """Row by row, with last year and the change, and their live totals."""
    form.heading("内訳（年額）" if form.bill.part else "内訳（負担金額）")
    form.labels(form.bill.heading, *form.words.document.columns)
    first = form.row
    for row in form.bill.rows:
        known = row.previous is not None
        now = Ref(NAME, form.row, FIRST, row.amount.value)
        last = Ref(NAME, form.row, SECOND, row.previous or 0)
        form.amounts(
            row.label,
            (row.amount, "form_row_yen"),
            (row.previous if known else UNKNOWN, "form_yen"),
            (less(now, [last], NAME) if known else UNKNOWN, "form_change"),
        )
    _totals(form, first)
    form.gap()


def _totals(form: Form, first: int) -> None:
    """Sums of the columns; an amount that is not known counts as nothing, if any other is known."""
    last = form.row - 1
    bill = form.bill
    now = _sum(first, last, FIRST, sum(row.amount.value for row in bill.rows))
    past = bill.previous
    if past is None:
        before: Live | str = UNKNOWN
        change: Live | str = UNKNOWN
    else:
        before = _sum(first, last, SECOND, past)
        cells = (Ref(NAME, form.row, FIRST, now.value), Ref(NAME, form.row, SECOND, past))
        change = less(cells[0], cells[1:], NAME)
    form.amounts(
        "合計",
        (now, "form_total_yen"),
        (before, "form_total_yen"),
        (change, "form_total_change"),
        look="form_total_text",
    )


def _sum(first: int, last: int, column: int, value: int) -> Live:
    return total_of(Area(NAME, first, column, last, column), value)


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
        here = Ref(NAME, form.row, SECOND, row.amount.value)
        tax = tax_within(link(here, NAME)) if row.tax else UNKNOWN
        form.amounts(row.label, (row.amount, "form_yen"), (tax, "form_yen"))
    form.gap()


def instalments(form: Form) -> None:
    """納期限: as many rows on every invoice, empty ones where a member pays in fewer parts."""
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
    for part in (*own, *(None,) * (most_instalments(form.bill) - len(own))):
        form.sheet.merged(form.row, TEXT, form.row, SECOND, "", "form_day")
        if part is None:
            form.sheet.blank(form.row, LABEL, "form_label")
            form.sheet.blank(form.row, LAST, "form_yen")
        elif part.day is not None:
            form.sheet.text(form.row, LABEL, f"第{part.number}期", "form_label")
            form.sheet.day(form.row, TEXT, part.day, "form_day")
            form.sheet.number(form.row, LAST, part.yen, "form_yen")
        form.next()
    form.gap()


def _changes(form: Form) -> None:
    """期 and 納期限 with the yen before and after a 補正, as many rows on every notice."""
    own = form.bill.changes
    form.heading("納期限と期ごとの額")
    columns = form.words.document.columns
    heads = ("期", "納期限", columns.now, columns.before, "区分")
    for column, text in enumerate(heads):
        form.sheet.text(form.row, column, text, "form_label")
    form.next()
    for change in (*own, *(None,) * (most_instalments(form.bill) - len(own))):
        _change(form, change)
        form.below_label(change.label if change else "")
    form.gap()


def _change(form: Form, change: PartChange | None) -> None:
    styles = ("form_label", "form_day", "form_yen", "form_yen", "form_label")
    if change is None:
        for column, style in enumerate(styles):
            form.sheet.blank(form.row, column, style)
        return
    form.sheet.text(form.row, LABEL, change.label, "form_label")
    if change.day is None:
        form.sheet.text(form.row, TEXT, "別に通知します", "form_day")
    else:
        form.sheet.day(form.row, TEXT, change.day, "form_day")
    form.sheet.number(form.row, FIRST, change.after, "form_yen")
    form.sheet.number(form.row, SECOND, change.before, "form_yen")
    form.sheet.text(form.row, LAST, change.word, "form_label")
