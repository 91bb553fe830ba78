"""The workbooks of the members: shells made once by XlsxWriter, cells written by hand for each.

A member's workbook has its own rows and texts alone. One more shell is made where a name or a seal
stands elsewhere (a bill that is issued again has a line more).
"""

from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING

from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.forms.slots import Template
from apportion.workbook.letters import book
from apportion.workbook.letters.form import NAME
from apportion.workbook.letters.naming import document_title
from apportion.workbook.letters.plan import Plan, SheetOfPlan
from apportion.workbook.sheets.recorder import Recorder, SetUp, Shell, shell

if TYPE_CHECKING:
    from apportion.workbook.letters.own_form import OwnForm


@dataclass(slots=True)
class Filler:
    """Fills the workbooks of a plan, on our form or on the council's own."""

    plan: Plan
    template: Template | None = None
    _shells: dict[object, Shell] = field(default_factory=dict)
    _drawn: "OwnForm | None" = None

    def content(self, member: Member, *, number: int) -> bytes:
        """The workbook of a member; `number` counts the letters. The same plan gives the same bytes."""
        bill = book.bill_of(self.plan, member, number=number)
        behind = [_noted(sheet, self.plan, member) for sheet in self._behind]
        if self.template is not None and bill.fits_own_form:
            return self._own_form(self.template).book(bill, behind)
        form = Recorder()
        book.fill(form, bill)
        return self._shell(form).book([[note] for note in (form, *behind)])

    @property
    def _behind(self) -> tuple[SheetOfPlan, ...]:
        return book.behind_of(self.plan.outcome)

    def _shell(self, form: Recorder) -> Shell:
        """The shell whose names and seals stand where this form has them."""
        seals = ((s.row, s.column, s.down, s.side) for s in form.seals)
        key = (*form.names.items(), *seals)
        if key not in self._shells:
            self._shells[key] = shell(
                self._title,
                self.plan.outcome.year,
                [(NAME, partial(book.set_up, plan=self.plan)), *self._set_up()],
                form,
            )
        return self._shells[key]

    def _own_form(self, template: Template) -> "OwnForm":
        """The council's own form with our sheets behind it."""
        from apportion.workbook.letters.own_form import drawn  # noqa: PLC0415  most have our form

        if self._drawn is None:
            ours = shell(self._title, self.plan.outcome.year, self._set_up())
            self._drawn = drawn(template, ours)
        return self._drawn

    def _set_up(self) -> list[tuple[str, SetUp]]:
        return [(sheet.name, _paper(sheet, self.plan)) for sheet in self._behind]

    @property
    def _title(self) -> str:
        return document_title(self.plan.outcome)


def _paper(sheet: SheetOfPlan, plan: Plan) -> SetUp:
    return lambda raw: sheet.set_up(raw, plan)


def _noted(sheet: SheetOfPlan, plan: Plan, member: Member) -> Recorder:
    note = Recorder()
    sheet.write(note, plan, member)
    return note
