"""The council's own form (様式 in ■請求書): which one the invoices of an outcome have."""

from apportion.outcome import Outcome
from apportion.stationery import FORM, path_of
from apportion.workbook.document import INVOICE
from apportion.workbook.invoice_texts import Words
from apportion.workbook.template_slots import Template, read


def chosen(outcome: Outcome) -> Template | None:
    """The template of the invoices; None where they have our form. It was checked before.

    A letter of another kind (変更通知書) is always on our form: a template says 請求書 in its own words.
    """
    words = Words(outcome)
    name = words.joined(FORM) if words.document is INVOICE else ""
    data = outcome.attached.get(path_of(name) or "") if name else None
    found = read(data) if data is not None else None
    return found if isinstance(found, Template) else None
