"""Sheet 通知: the form, one page. What it is depends on 状態: only 議決 makes it a bill."""

from collections import Counter
from collections.abc import Callable

from apportion.model import Member
from apportion.workbook import invoice_lines
from apportion.workbook.form import LABEL, LAST, MIDDLE, TEXT, WIDTHS, Bill, Form
from apportion.workbook.invoice_texts import Words, addressee, billed_elsewhere
from apportion.workbook.paper import Paper
from apportion.workbook.plan import Plan
from apportion.workbook.refs import Ref, link, sum_of
from apportion.workbook.sheet import Cells, Sheet

NAME = "通知"
AMOUNT_LABELS = {False: "負担金見込額", True: "納入金額"}
"""Label of the total before and after 議決."""


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper: exactly one page."""
    outcome = plan.outcome
    title = f"{outcome.year.label} 負担金"
    Paper(title=title, state=outcome.state, widths=WIDTHS).set_up(sheet)
    sheet.raw.fit_to_pages(1, 1)


def write(sheet: Cells, plan: Plan, member: Member, *, number: int) -> None:
    """All cells; the rows are the same on every invoice of an outcome."""
    outcome = plan.outcome
    rows = (
        (project.name, link(invoice_lines.subtotal(project, member), NAME))
        for project in plan.layout.projects
    )
    fill(
        sheet,
        plan,
        Bill(
            payer=member,
            words=Words(outcome, billed_elsewhere(outcome, member)),
            serial=f"{outcome.year.code.upper()}-{member.code}",
            number=number,
            heading="事業",
            rows=tuple(rows),
            total=link(invoice_lines.total(plan, member), NAME),
            notes=("金額の計算は、シート「内訳」「計算根拠」「指標一覧」で確かめられます。",),
        ),
    )


def fill(sheet: Cells, plan: Plan, bill: Bill) -> None:
    """The form from top to bottom."""
    form = Form(sheet, plan, bill)
    for section in _SECTIONS:
        section(form)


def _top(form: Form) -> None:
    """Number and day of the bill."""
    if not form.words.decided:
        return
    form.sheet.text(form.row, LAST, form.words.number(form.bill.number), "form_right")
    form.next()
    issued = form.words.issued(part.day for part in form.instalments)
    if issued is not None:
        form.sheet.day(form.row, LAST, issued, "form_issued")
    form.next()


def _addressee(form: Form) -> None:
    form.sheet.text(form.row, LABEL, addressee(form.bill.payer), "form_to")
    form.next(1, 16)
    if not form.words.decided:
        form.gap()
        return
    for text in form.words.said("発行者"):
        form.sheet.text(form.row, LAST, text, "form_right")
        form.next()
    seal = "（公印省略）" if form.words.joined("公印") == "省略" else ""
    form.sheet.text(form.row, LAST, seal, "form_right")
    form.next()


def _title(form: Form) -> None:
    form.across(form.words.title, "form_title", size=22)
    form.gap()
    form.across(form.words.body, "form_body" if form.words.decided else "form_not_a_bill")
    form.gap()


def _amount(form: Form) -> None:
    """The total, framed and bold, taken from 内訳."""
    total = form.bill.total
    form.sheet.text(form.row, LABEL, AMOUNT_LABELS[form.words.decided], "form_amount_label")
    form.sheet.merged(form.row, TEXT, form.row, LAST, "", "form_amount")
    form.sheet.formula(form.row, TEXT, total.formula, total.value, "form_amount")
    form.next(1, 26)
    form.gap()


def _facts(form: Form) -> None:
    words = form.words
    form.pair("件名", words.subject)
    form.pair("請求の事由" if words.decided else "負担の事由", words.reason)
    form.pair("所属年度・科目", words.fiscal)
    form.pair("整理番号", form.bill.serial)
    form.gap()


def _breakdown(form: Form) -> None:
    """Row by row, with the total."""
    form.sheet.text(form.row, LABEL, "内訳", "heading")
    form.next()
    form.heads((LABEL, MIDDLE, form.bill.heading), (LAST, LAST, "本年度 負担金額（円）"))
    cells = []
    for label, live in form.bill.rows:
        cells.append(Ref(NAME, form.row, LAST, live.value))
        form.money(label, live, ("form_text", "form_money"))
    form.money("合計", sum_of(cells, NAME), ("form_total_text", "form_total_money"))
    form.gap()


def _instalments(form: Form) -> None:
    """納期限: as many rows on every invoice, empty ones where a member pays in fewer parts."""
    if not form.words.decided or not form.instalments:
        return
    form.sheet.text(form.row, LABEL, "納期限", "heading")
    form.next()
    form.heads((LABEL, LABEL, "期"), (TEXT, MIDDLE, "納期限"), (LAST, LAST, "金額（円）"))
    dated = [part.code for part in form.plan.outcome.instalments if part.day is not None]
    own = form.instalments
    for part in (*own, *(None,) * (max(Counter(dated).values()) - len(own))):
        form.sheet.merged(form.row, TEXT, form.row, MIDDLE, "", "form_day")
        if part is None:
            form.sheet.blank(form.row, LABEL, "form_label")
            form.sheet.blank(form.row, LAST, "form_money")
        elif part.day is not None:
            form.sheet.text(form.row, LABEL, f"第{part.number}期", "form_label")
            form.sheet.day(form.row, TEXT, part.day, "form_day")
            form.sheet.number(form.row, LAST, part.yen, "form_money")
        form.next()
    form.gap()


def _bank(form: Form) -> None:
    if not form.words.decided:
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
        if form.words.decided and (text := form.words.joined(key)):
            form.pair(key, text)
    form.gap()


def _notes(form: Form) -> None:
    notes = (form.words.tax(), *form.bill.notes, *form.words.said("備考"))
    for number, note in enumerate((note for note in notes if note), start=1):
        form.across(f"※{number} {note}", "form_note", size=9)


_SECTIONS: tuple[Callable[[Form], None], ...] = (
    _top,
    _addressee,
    _title,
    _amount,
    _facts,
    _breakdown,
    _instalments,
    _bank,
    _contact,
    _notes,
)
