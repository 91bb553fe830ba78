"""Sheet 通知: the form, one page. What it is depends on 状態: only 議決 makes it a bill."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from apportion.allocate.instalments import Instalment
from apportion.model import Member
from apportion.workbook import invoice_lines
from apportion.workbook.invoice_texts import Words, addressee
from apportion.workbook.paper import Paper, height, lines
from apportion.workbook.plan import Plan
from apportion.workbook.refs import Live, Ref, link, sum_of
from apportion.workbook.sheet import Sheet

NAME = "通知"
AMOUNT_LABELS = {False: "負担金見込額", True: "納入金額"}
"""Label of the total before and after 議決."""

LABEL, TEXT, MIDDLE, LAST = range(4)
_WIDTHS = (118.0, 160.0, 106.0, 132.0)
_SIZE = 10.5
_GAP = 12.0
_AIR = 6.0
_INDENT = 10.0


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper: exactly one page."""
    outcome = plan.outcome
    title = f"{outcome.year.label} 負担金"
    Paper(title=title, state=outcome.state, widths=_WIDTHS).set_up(sheet)
    sheet.raw.fit_to_pages(1, 1)


def write(sheet: Sheet, plan: Plan, member: Member, *, number: int) -> None:
    """All cells; the rows are the same on every invoice of an outcome."""
    form = Form(sheet, plan, member, Words(plan.outcome), number)
    for section in _SECTIONS:
        section(form)


@dataclass(slots=True)
class Form:
    """The form being filled from top to bottom; `row` is the next free one."""

    sheet: Sheet
    plan: Plan
    member: Member
    words: Words
    number: int
    row: int = 0

    def across(self, text: str, style: str, *, size: float = _SIZE) -> None:
        """Text over the whole width."""
        self.sheet.merged(self.row, LABEL, self.row, LAST, text, style)
        self.next(lines(text, sum(_WIDTHS), size), size)

    def pair(self, label: str, text: str) -> None:
        """A row of a table: what it is, and the text."""
        self.sheet.text(self.row, LABEL, label, "form_label")
        self.sheet.merged(self.row, TEXT, self.row, LAST, text, "form_text")
        self.next(lines(text, sum(_WIDTHS[TEXT:]) - _INDENT, _SIZE))

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
        """What the member pays by which day, where there are days."""
        parts = self.plan.outcome.instalments_of(self.member.code)
        return tuple(part for part in parts if part.day is not None)


def _top(form: Form) -> None:
    """Number and day of the bill."""
    if not form.words.decided:
        return
    form.sheet.text(form.row, LAST, form.words.number(form.number), "form_right")
    form.next()
    issued = form.words.issued(part.day for part in form.instalments)
    if issued is not None:
        form.sheet.day(form.row, LAST, issued, "form_issued")
    form.next()


def _addressee(form: Form) -> None:
    form.sheet.text(form.row, LABEL, addressee(form.member), "form_to")
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
    total = link(invoice_lines.total(form.plan, form.member), NAME)
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
    form.pair("整理番号", f"{form.plan.outcome.year.code.upper()}-{form.member.code}")
    form.gap()


def _breakdown(form: Form) -> None:
    """事業 by 事業, with the total."""
    form.sheet.text(form.row, LABEL, "内訳", "heading")
    form.next()
    form.heads((LABEL, MIDDLE, "事業"), (LAST, LAST, "本年度 負担金額（円）"))
    cells = []
    for project in form.plan.layout.projects:
        amount = invoice_lines.subtotal(project, form.member)
        cells.append(Ref(NAME, form.row, LAST, amount.value))
        form.money(project.name, link(amount, NAME), ("form_text", "form_money"))
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
    for number, note in enumerate(_remarks(form.words), start=1):
        form.across(f"※{number} {note}", "form_note", size=9)


def _remarks(words: Words) -> Iterable[str]:
    if words.tax():
        yield words.tax()
    yield "金額の計算は、シート「内訳」「計算根拠」「指標一覧」で確かめられます。"
    yield from words.said("備考")


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
