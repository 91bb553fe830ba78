"""The bill of one member; its amounts refer to 内訳."""

from apportion.model import Member
from apportion.text import name_key
from apportion.workbook import invoice_lines
from apportion.workbook.bill import Bill, BillRow
from apportion.workbook.form import NAME
from apportion.workbook.invoice_texts import Words, billed_elsewhere
from apportion.workbook.plan import Plan
from apportion.workbook.plan_layout import Project
from apportion.workbook.refs import Live, Ref, link, sum_of
from apportion.workbook.taxes import is_taxed

ENDED = "前年度で終わった事業"
"""Row of last year's yen for 事業 that are gone, so that its total is what was paid."""
ABSENT = "（不参加）"


def bill_of(plan: Plan, member: Member, *, number: int) -> Bill:
    """What the form of a member says; its amounts refer to 内訳."""
    outcome = plan.outcome
    words = Words(outcome, billed_elsewhere(outcome, member))
    return Bill(
        payer=member,
        words=words,
        serial=words.serial(member),
        number=number,
        heading="事業",
        rows=(*_rows(plan, member), *_ended(plan, member)),
        total=link(invoice_lines.total(plan, member), NAME),
        taxed=_taxed(plan, member) if words.taxed else None,
        notes=("金額の計算は、シート「内訳」「計算根拠」「指標一覧」で確かめられます。",),
    )


def _rows(plan: Plan, member: Member) -> list[BillRow]:
    return [
        BillRow(
            label=project.name + ("" if _takes_part(project, member) else ABSENT),
            amount=link(invoice_lines.subtotal(project, member), NAME),
            previous=plan.outcome.before(member.code, project.name),
        )
        for project in plan.layout.projects
    ]


def _takes_part(project: Project, member: Member) -> bool:
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
    return [BillRow(label=ENDED, amount=Live("=0", 0), previous=gone)]


def _taxed(plan: Plan, member: Member) -> Live:
    """The member's yen for taxed 経費."""
    cells = [
        Ref(
            invoice_lines.NAME,
            line.detail,
            invoice_lines.YEN,
            invoice_lines.own_yen(line.result, member),
        )
        for project in plan.layout.projects
        for line in project.lines
        if is_taxed(plan.outcome, line.result)
    ]
    return sum_of(cells, NAME)
