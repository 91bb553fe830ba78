"""What a form says, by name: a layout (ours, or a template of the council) only places it.

A text is empty, a day None and a list empty where the form must not say it: what that is follows
from 状態.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from apportion.allocate.instalments import Instalment
from apportion.model import Member, Yen
from apportion.workbook.invoice_texts import Words, addressee
from apportion.workbook.part_changes import PartChange, part_changes
from apportion.workbook.refs import Live
from apportion.workbook.taxes import TaxRow, tax_rows

_REPAID = "{year}の負担金は、次の額（△）をお返しします。手続は、別に通知します。"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRow:
    """A row of the breakdown: this year's yen (live), and last year's (None: not known)."""

    label: str
    amount: Live
    previous: int | None = None


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What a form asks for: the total, its rows (live, from the sheet behind), and the notes.

    `words` decide whether it is a bill at all; `serial` is 整理番号, `number` the place of the
    invoice among all of the outcome, `heading` what the rows are (事業 or 団体). `taxed` are the
    yen of the total that contain 消費税; None where nobody of the council is charged any. `handled`
    says of a 精算 which sum of its differences goes which way. A bill of one 期 has it as `part`, its
    yen as `total` and the sum of the rows as `yearly`.
    """

    payer: Member
    words: Words
    serial: str
    number: int
    heading: str
    rows: tuple[BillRow, ...]
    total: Live
    taxed: Live | None = None
    notes: tuple[str, ...] = ()
    part: Instalment | None = None
    yearly: Live | None = None
    handled: tuple[tuple[str, Live], ...] = ()

    @property
    def addressee(self) -> str:
        """`愛知県知事　様`."""
        return addressee(self.payer)

    @property
    def document(self) -> str:
        """文書番号 with its branch."""
        return self.words.number(self.number)

    @property
    def asks(self) -> bool:
        """Whether there is something to pay: a bill may give money back, a 精算 leave all as it is."""
        paid = self.total.value > 0 or (self.total.value == 0 and not self.handled)
        return self.words.decided and paid

    @property
    def lead(self) -> str:
        """What the form is for; a bill below 0 asks for nothing, whatever 本文 says."""
        repaid = self.words.decided and not self.handled and self.total.value < 0
        return _REPAID.format(year=self.words.outcome.year.label) if repaid else self.words.lead

    @property
    def body(self) -> str:
        """The same, and that the form asks for nothing where it does not."""
        return "\n".join(filter(None, (self.lead, self.words.warning)))

    @cached_property
    def instalments(self) -> tuple[Instalment, ...]:
        """What the payer pays by which day; nothing while it is no bill."""
        if not self.words.decided:
            return ()
        if self.part is not None:
            return (self.part,) if self.part.day else ()
        parts = self.words.outcome.instalments_of(self.payer.code)
        return tuple(part for part in parts if part.day is not None)

    @cached_property
    def changes(self) -> tuple[PartChange, ...]:
        """Every instalment before and after a 補正; nothing without one and while it is no bill."""
        revision = self.words.outcome.revision
        if revision is None or not self.words.decided:
            return ()
        return part_changes(self.words.outcome, revision, self.payer.code)

    @property
    def issued(self) -> date | None:
        """発行日."""
        revision = self.words.outcome.revision
        stays = revision.stays if revision else ()
        return self.words.issued(part.day for part in self.instalments if part not in stays)

    @property
    def replaces(self) -> str:
        """`再発行（第1回）　第12号に代わるもの`; empty for a first bill."""
        again = self.words.reissue(self.payer)
        return f"再発行（第{again.times}回）　{again.former}".strip() if again else ""

    @property
    def of_year(self) -> Live:
        """Sum of the rows."""
        return self.yearly or self.total

    @property
    def subject(self) -> str:
        """件名, with the 期 and how many the payer has."""
        if self.part is None:
            return self.words.subject
        count = sum(1 for _ in self.words.outcome.instalments_of(self.payer.code))
        return f"{self.words.subject}（第{self.part.number}期／全{count}期）"

    @property
    def previous(self) -> Yen | None:
        """Last year's yen of all rows that have one; None where none has."""
        known = [row.previous for row in self.rows if row.previous is not None]
        return Yen(sum(known)) if known else None

    @property
    def taxes(self) -> tuple[TaxRow, ...]:
        """The total by rate of 消費税; nothing where all is 不課税."""
        return tax_rows(self.total, self.taxed) if self.taxed else ()
