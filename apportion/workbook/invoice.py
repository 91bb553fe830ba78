"""The invoice workbook of one member: 通知, 内訳, 計算根拠 and 指標一覧."""

import re
import unicodedata
from io import BytesIO

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook

from apportion.model import Member
from apportion.workbook import invoice_basis, invoice_figures, invoice_form, invoice_lines
from apportion.workbook.plan import Plan
from apportion.workbook.plan_columns import CODE_COLUMN, CODES, ORDER, ORDER_COLUMN, area
from apportion.workbook.plan_rows import MEMBER_CODE, MEMBER_ORDER
from apportion.workbook.refs import quoted
from apportion.workbook.sheet import add_sheet, new_book
from apportion.workbook.styles import Styles

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_LONGEST_NAME = 60


def file_name(member: Member) -> str:
    """`232017_豊橋市.xlsx`: safe on every system; the code keeps names apart."""
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", member.name))[:_LONGEST_NAME]
    return f"{member.code}_{name.strip(' .')}.xlsx"


def content(plan: Plan, member: Member, *, number: int) -> bytes:
    """The invoice of `member`; `number` counts the invoices of the outcome.

    The same plan gives the same bytes.
    """
    buffer = BytesIO()
    book = new_book(buffer, f"{plan.outcome.year.label} 負担金", plan.outcome.year)
    styles = Styles(book)
    form, lines, basis, figures = (
        add_sheet(book, styles, module.NAME)
        for module in (invoice_form, invoice_lines, invoice_basis, invoice_figures)
    )
    # What is equal for all comes first, so that its texts and styles have the same numbers.
    for module, sheet in (
        (invoice_figures, figures),
        (invoice_lines, lines),
        (invoice_basis, basis),
        (invoice_form, form),
    ):
        module.set_up(sheet, plan)
    invoice_figures.write(figures, plan)
    invoice_lines.write_common(lines, plan)
    invoice_basis.write_common(basis, plan)
    invoice_form.write(form, plan, member, number=number)
    invoice_lines.write_own(lines, plan, member)
    invoice_basis.write_own(basis, plan, member)
    _define_names(book, plan)
    book.close()
    return buffer.getvalue()


def _define_names(book: Workbook, plan: Plan) -> None:
    """Names by which the formulas call columns of 指標一覧 and cells of 計算根拠."""
    size = len(plan.places)
    book.define_name(CODES, area(CODE_COLUMN, size))
    book.define_name(ORDER, area(ORDER_COLUMN, size))
    for column in plan.columns:
        book.define_name(column.name, area(column.place, size))
    book.define_name(MEMBER_CODE, _cell(*invoice_basis.CODE_CELL))
    book.define_name(MEMBER_ORDER, _cell(*invoice_basis.ORDER_CELL))


def _cell(row: int, column: int) -> str:
    cell = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
    return f"={quoted(invoice_basis.NAME)}!{cell}"
