"""Sheet 通知: the form, one page. What it is depends on 状態: only 議決 makes it a bill."""

from collections.abc import Callable

from apportion.model import Member
from apportion.workbook import form as page
from apportion.workbook.bill import Bill
from apportion.workbook.form import WIDTHS, Form
from apportion.workbook.form_head import amount, facts, issuer, title, top
from apportion.workbook.form_tables import breakdown, handled, instalments, most_instalments, taxes
from apportion.workbook.letters import bill_of
from apportion.workbook.paper import Paper
from apportion.workbook.plan import Plan
from apportion.workbook.sheet import Cells, Sheet

NAME = page.NAME


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper: exactly one page."""
    outcome = plan.outcome
    title = f"{outcome.year.label} 負担金"
    Paper(title=title, state=outcome.state, widths=WIDTHS).set_up(sheet)
    sheet.raw.fit_to_pages(1, 1)


def write(sheet: Cells, plan: Plan, member: Member, *, number: int) -> None:
    """All cells; the rows are the same on every invoice of an outcome."""
    fill(sheet, bill_of(plan, member, number=number))


def fill(sheet: Cells, bill: Bill) -> None:
    """The form from top to bottom."""
    form = Form(sheet, bill, len(bill.rows) + most_instalments(bill))
    for section in _SECTIONS:
        section(form)


def _bank(form: Form) -> None:
    if not form.bill.asks:
        return
    for key, label in (
        ("納入場所", "納入場所"),
        ("振込先", "振込先"),
        ("口座名義", "口座名義"),
        ("口座名義カナ", "フリガナ"),
    ):
        if text := form.words.joined(key):
            form.pair(label, text)
    form.gap()


def _contact(form: Form) -> None:
    for key in ("発行責任者", "担当者"):
        if text := form.words.joined(key):
            form.pair(key, text)
    form.gap()


def _notes(form: Form) -> None:
    notes = [form.words.tax(), *form.bill.notes, *form.words.said("備考")]
    if any(row.previous is None for row in form.bill.rows):
        notes.append(form.words.document.unknown)
    for number, note in enumerate((note for note in notes if note), start=1):
        form.across(f"※{number} {note}", "form_note", size=9)


_SECTIONS: tuple[Callable[[Form], None], ...] = (
    top,
    issuer,
    title,
    amount,
    facts,
    breakdown,
    handled,
    taxes,
    instalments,
    _bank,
    _contact,
    _notes,
)
