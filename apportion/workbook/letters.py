"""Which letter an outcome makes for a member: what its form says, and the sheets behind the form."""

from types import ModuleType

from apportion.model import Member
from apportion.outcome import Outcome
from apportion.workbook import (
    invoice_basis,
    invoice_figures,
    invoice_lines,
    invoice_weights,
    member_bill,
    settle_bill,
    settle_lines,
)
from apportion.workbook.bill import Bill
from apportion.workbook.plan import Plan

BEHIND = (invoice_lines, invoice_basis, invoice_weights, invoice_figures)
"""The sheets behind every form, in their order."""


def bill_of(plan: Plan, member: Member, *, number: int) -> Bill:
    """What the form of a member says: a bill, or the 精算書 of a year that is settled."""
    made = settle_bill.bill_of if plan.outcome.settled else member_bill.bill_of
    return made(plan, member, number=number)


def behind_of(outcome: Outcome) -> tuple[ModuleType, ...]:
    """The sheets behind the form; 精算明細 stands first behind a 精算書."""
    return (settle_lines, *BEHIND) if outcome.settled else BEHIND
