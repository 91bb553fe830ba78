"""The invoice workbook of one member: what stands on 通知, 内訳 and 計算のあらまし."""

from collections.abc import Callable

from apportion.core.model import Member
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.workbook.letters import settled, sheet_detail, sheet_outline
from apportion.workbook.letters.bill import Bill, BillRow, open_terms
from apportion.workbook.letters.form import (
    WIDTHS,
    Form,
    amount,
    breakdown,
    facts,
    handled,
    instalments,
    issuer,
    taxes,
    title,
    top,
)
from apportion.workbook.letters.layout import PlacedProject
from apportion.workbook.letters.naming import of
from apportion.workbook.letters.plan import Plan, SheetOfPlan
from apportion.workbook.letters.sheet_detail import own_yen
from apportion.workbook.letters.words import Words, billed_elsewhere, is_taxed
from apportion.workbook.sheets.page import Paper
from apportion.workbook.sheets.sheet import Cells, Sheet


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper: exactly one page."""
    outcome = plan.outcome
    title = f"{outcome.year.label} 負担金"
    Paper(title=title, stamps=outcome.stamps, of=of(outcome), widths=WIDTHS).set_up(sheet)
    sheet.raw.fit_to_pages(1, 1)


def fill(sheet: Cells, bill: Bill) -> None:
    """The form from top to bottom."""
    form = Form(sheet, bill, _rows_of_tables(bill))
    for section in _SECTIONS:
        section(form)


def _rows_of_tables(bill: Bill) -> int:
    """The rows of all tables; beyond those of a plain bill, with what stands above them."""
    further = (bill.handled, *(table.rows for table in bill.parts))
    more = sum(len(rows) + _HEADS for rows in further if rows)
    return len(bill.rows) + len(bill.changes or bill.instalments) + more


_HEADS = 3
"""Rows that stand above a table and below it."""


def _bank(form: Form) -> None:
    if not form.bill.pays:
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


def contact(form: Form) -> None:
    """Whom to ask."""
    for key in ("発行責任者", "担当者"):
        if text := form.words.joined(key):
            form.pair(key, text)
    form.gap()


def _notes(form: Form) -> None:
    notes = [form.words.tax(), *form.bill.remarks, *form.words.said("備考")]
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
    contact,
    _notes,
)


BEHIND = (sheet_detail.SHEET, sheet_outline.SHEET)
"""The sheets behind every form, in their order."""


def bill_of(plan: Plan, member: Member, *, number: int) -> Bill:
    """What the form of a member says: a bill, or the 精算書 of a year that is settled."""
    made = settled.bill_of if plan.outcome.settled else member_bill
    return made(plan, member, number=number)


def behind_of(outcome: Outcome) -> tuple[SheetOfPlan, ...]:
    """The sheets behind the form; 精算明細 stands first behind a 精算書."""
    return (settled.SHEET, *BEHIND) if outcome.settled else BEHIND


ENDED = "前年度で終わった事業"
"""Row of last year's yen for 事業 that are gone, so that its total is what was paid."""
ABSENT = "（不参加）"


def member_bill(plan: Plan, member: Member, *, number: int) -> Bill:
    """What the form of a member says."""
    outcome = plan.outcome
    words = Words(outcome, billed_elsewhere(outcome, member))
    return Bill(
        payer=member,
        words=words,
        serial=words.serial(member),
        number=number,
        heading="事業",
        rows=(*_rows(plan, member), *_ended(plan, member)),
        whole=outcome.total_of(member.code),
        terms=open_terms(outcome, member.code) if words.decided else (),
        taxed=_taxed(plan, member) if words.taxed else None,
        notes=("金額の計算は、シート「内訳」「計算のあらまし」で確かめられます。",),
    )


def _rows(plan: Plan, member: Member) -> list[BillRow]:
    return [
        BillRow(
            label=project.name + ("" if _takes_part(project, member) else ABSENT),
            amount=sum(own_yen(line.result, member) for line in project.lines),
            previous=plan.outcome.before(member.code, project.name),
        )
        for project in plan.layout.projects
    ]


def _takes_part(project: PlacedProject, member: Member) -> bool:
    """Whether a member is in the roster of any 経費 of a 事業."""
    return any(member.code in line.result.position_of for line in project.lines)


def _ended(plan: Plan, member: Member) -> list[BillRow]:
    """Last year's yen for 事業 that nobody pays for any more: on all forms, or on none."""
    past = plan.outcome.compared or {}
    here = {name_key(project.name) for project in plan.layout.projects}
    if not any(yen for own in past.values() for key, yen in own.items() if key not in here):
        return []
    own = past.get(member.code)
    gone = None if own is None else sum(yen for key, yen in own.items() if key not in here)
    return [BillRow(label=ENDED, amount=0, previous=gone)]


def _taxed(plan: Plan, member: Member) -> int:
    """The member's yen for taxed 経費."""
    taxed = (line.result for line in plan.layout.lines if is_taxed(plan.outcome, line.result))
    return sum(own_yen(result, member) for result in taxed)
