"""What a form says, by name: a layout (ours, or a template of the council) only places it.

A text is empty, a day None and a list empty where the form must not say it: what that is follows
from 状態.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.core.model import Member, Yen
from apportion.core.sums import summed
from apportion.outcome.outcome import Outcome, Revision
from apportion.workbook.letters.words import TaxRow, Words, addressee, tax_rows

STAYS, SAME, CHANGED, REFUND = "請求済み", "変更なし", "変更", "還付"
ADDED, GONE = "追加", "取りやめ"


Key = tuple[str, date | None, int]
"""Who is billed for an instalment, its day and its number."""


class PartChange(NamedTuple):
    """An instalment of one payer: its day (None: told apart), yen before and after, and what it is.

    `billed_to` is the body that was billed, where that is another one, which the payer took over.
    """

    number: int
    day: date | None
    before: int
    after: int
    word: str
    billed_to: str = ""

    @property
    def label(self) -> str:
        """`第1期（みどり町分）`."""
        return f"第{self.number}期" + (f"（{self.billed_to}分）" if self.billed_to else "")


def part_changes(outcome: Outcome, revision: Revision, code: str) -> tuple[PartChange, ...]:
    """Every instalment that a payer had or has, by date; one without a date stands last.

    What was billed to a body that it took over is among them, as that body's.
    """
    names = outcome.tables.by_code
    own = {code, *outcome.tables.former_bodies.get(code, ())}
    before, after, stays = (
        summed(((p.code, p.day, p.number), p.yen) for p in parts if p.code in own)
        for parts in (revision.former.instalments, outcome.instalments, revision.stays)
    )
    keys = sorted({*before, *after}, key=lambda key: (key[1] or date.max, key[2], key[0] != code))
    return tuple(
        PartChange(
            number=number,
            day=day,
            before=before.get(key, 0),
            after=after.get(key, 0),
            word=STAYS if key in stays else _word(before, after, key),
            billed_to="" if key[0] == code else names[key[0]].name,
        )
        for key in keys
        for _, day, number in [key]
    )


def _word(before: Mapping[Key, int], after: Mapping[Key, int], key: Key) -> str:
    if key not in after:
        return GONE
    if before.get(key) == after[key]:
        return SAME
    if after[key] < 0:
        return REFUND
    return CHANGED if key in before else ADDED


_REPAID = "{year}の負担金は、次の額（△）をお返しします。手続は、別に通知します。"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRow:
    """A row of the breakdown: this year's yen, and last year's (None: not known)."""

    label: str
    amount: int
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
    total: int
    taxed: int | None = None
    notes: tuple[str, ...] = ()
    part: Instalment | None = None
    yearly: int | None = None
    handled: tuple[tuple[str, int], ...] = ()

    @property
    def addressee(self) -> str:
        """`愛知県知事　様`."""
        return addressee(self.payer)

    @property
    def document(self) -> str:
        """文書番号 with its branch."""
        return self.words.number(self.payer, self.number, self.total)

    @property
    def asks(self) -> bool:
        """Whether there is something to pay: a bill may give money back, a 精算 leave all as it is."""
        paid = self.total > 0 or (self.total == 0 and not self.handled)
        return self.words.decided and paid

    @property
    def lead(self) -> str:
        """What the form is for; a bill below 0 asks for nothing, whatever 本文 says."""
        repaid = self.words.decided and not self.handled and self.total < 0
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
    def of_year(self) -> int:
        """Sum of the rows."""
        return self.total if self.yearly is None else self.yearly

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
        return () if self.taxed is None else tax_rows(self.total, self.taxed)
