"""The invoice workbook of one member: 通知, 内訳, 計算根拠, 重み and 指標一覧."""

import re
import unicodedata
from io import BytesIO

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook

from apportion.model import Member
from apportion.workbook import invoice_basis, invoice_form
from apportion.workbook.letters import behind_of
from apportion.workbook.plan import Plan
from apportion.workbook.plan_columns import (
    CODE_COLUMN,
    CODES,
    MEMBER_COLUMN,
    NAMES,
    ORDER,
    ORDER_COLUMN,
    area,
)
from apportion.workbook.plan_formulas import MEMBER_CODE, MEMBER_ORDER
from apportion.workbook.plan_layout import LEFT, WHOLE
from apportion.workbook.plan_products import left_name, whole_name
from apportion.workbook.refs import quoted
from apportion.workbook.sheet import add_sheet, new_book
from apportion.workbook.styles import Styles

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_LONGEST_NAME = 180
"""Bytes; with code and ending it stays below the 255 of most systems."""
_LIKE_A_BILL = re.compile("_+(?=請求$)")


def file_name(member: Member) -> str:
    """`232017_豊橋市.xlsx`: safe on every system.

    The code keeps equal names apart and makes names like CON harmless; only the bill to a 代表
    ends in `_請求`.
    """
    composed = unicodedata.normalize("NFC", member.name)
    seen = ("_" if unicodedata.category(sign) in _UNSEEN else sign for sign in composed)
    name = _FORBIDDEN.sub("_", "".join(seen))
    short = name.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(" .")
    return f"{member.code}_{_LIKE_A_BILL.sub('', short)}.xlsx"


def content(plan: Plan, member: Member, *, number: int) -> bytes:
    """The invoice of `member`; `number` counts the invoices of the outcome.

    The same plan gives the same bytes.
    """
    return _book(plan, member, number)


def behind(plan: Plan, member: Member) -> bytes:
    """The same without the form: the sheets that stand behind a form of the council's own."""
    return _book(plan, member, None)


def _book(plan: Plan, member: Member, number: int | None) -> bytes:
    buffer, modules = BytesIO(), behind_of(plan.outcome)
    book = new_book(buffer, f"{plan.outcome.year.label} 負担金", plan.outcome.year)
    styles = Styles(book)
    form = add_sheet(book, styles, invoice_form.NAME) if number is not None else None
    sheets = [add_sheet(book, styles, module.NAME) for module in modules]
    # What is equal for all comes first, so that its texts and styles have the same numbers.
    for module, sheet in zip(modules, sheets, strict=True):
        module.set_up(sheet, plan)
        module.write_common(sheet, plan)
    if form is not None and number is not None:
        invoice_form.set_up(form, plan)
        invoice_form.write(form, plan, member, number=number)
        form.define_names(book)
    for module, sheet in zip(modules, sheets, strict=True):
        module.write_own(sheet, plan, member)
    _define_names(book, plan)
    book.close()
    return buffer.getvalue()


def _define_names(book: Workbook, plan: Plan) -> None:
    """Names by which the formulas call columns of 指標一覧 and cells of 計算根拠."""
    size = 1 if plan.own_only else len(plan.places)
    book.define_name(CODES, area(CODE_COLUMN, size))
    book.define_name(NAMES, area(MEMBER_COLUMN, size))
    book.define_name(ORDER, area(ORDER_COLUMN, size))
    for column in plan.columns:
        book.define_name(column.name, area(column.place, size))
    book.define_name(MEMBER_CODE, _cell(*invoice_basis.CODE_CELL))
    book.define_name(MEMBER_ORDER, _cell(*invoice_basis.ORDER_CELL))
    rows = {line.number: line.basis for line in plan.layout.lines}
    for number in plan.wide:
        for name, letter in ((left_name(number), LEFT), (whole_name(number), WHOLE)):
            book.define_name(name, f"={quoted(invoice_basis.NAME)}!${letter}${rows[number] + 1}")


def _cell(row: int, column: int) -> str:
    cell = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
    return f"={quoted(invoice_basis.NAME)}!{cell}"
