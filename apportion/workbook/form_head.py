"""Upper part of the form: who asks whom for what, and the amount."""

from collections.abc import Sequence

from apportion.workbook.form import LABEL, LAST, SECOND, TEXT, Form
from apportion.workbook.template_names import TOTAL

_SEAL = 24.0
"""Longer side of the seal, in millimetres."""
_SEAL_ROOM = 72.0
_ISSUER_LINE = 20.2
"""Points: the room that a seal takes, and the height of a line of the issuer."""
_MILLIMETRE = 72 / 25.4


def top(form: Form) -> None:
    """Whether it is issued again, number and day, and to whom."""
    if form.bill.replaces:
        form.across(form.bill.replaces, "form_again")
    if form.bill.document:
        form.at_right(form.bill.document)
    if form.bill.issued is not None:
        form.at_right(form.bill.issued, "form_issued")
    form.sheet.text(form.row, LABEL, form.bill.addressee, "form_to")
    form.next(1, 16)


def issuer(form: Form) -> None:
    """Who asks, with the seal beside the name."""
    words = form.words
    said = list(words.said("発行者"))
    if words.registered:
        said.append(f"登録番号 {words.registered}")
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
    form.across(form.words.title, "form_title", size=18)
    form.gap()
    form.across(form.bill.lead, "form_body")
    if form.words.warning:
        form.across(form.words.warning, "form_not_a_bill")
    form.gap()


def amount(form: Form) -> None:
    """The total, framed and bold, taken from 内訳."""
    total = form.bill.total
    label, style = form.words.amount_label(total.value), "form_amount"
    if form.bill.handled:  # the label says which way it goes
        style = "form_amount_either_way"
    form.sheet.text(form.row, LABEL, label, "form_amount_label")
    form.sheet.merged(form.row, TEXT, form.row, LAST, "", style)
    form.sheet.formula(form.row, TEXT, total.formula, total.value, style)
    form.sheet.name(form.row, TEXT, TOTAL)
    form.next(1, 22)
    form.gap()


def facts(form: Form) -> None:
    """What a 納入通知書 must name."""
    words = form.words
    form.pair("件名", form.bill.subject)
    form.pair("請求の事由" if words.decided else "負担の事由", words.reason)
    form.pair("所属年度・科目", words.fiscal)
    form.pair("整理番号", form.bill.serial)
    form.gap()
