"""What a form says, by name: a layout (ours, or a template of the council) only places it.

A text is empty, a day None and a list empty where the form must not say it: what that is follows
from 状態.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.core.dataclass import dataclass
from apportion.core.model import Member, Yen
from apportion.core.sums import summed
from apportion.core.year import parse_date
from apportion.outcome.outcome import Outcome, Revision
from apportion.rules.book import DECIDED
from apportion.workbook.letters.documents import (
    BACK,
    CHANGED,
    NOTHING,
    PAY,
    Receipt,
    way_of,
)
from apportion.workbook.letters.words import TaxRow, Words, addressee, tax_rows

STAYS, SAME, ALTERED, REFUND = "請求済み", "変更なし", "変更", "還付"
ADDED, GONE = "追加", "取りやめ"
_NOT_PAID, _GIVEN_BACK, _TOLD_APART = "納入は要りません", "お返しします", "別に通知します"


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

    @property
    def when(self) -> date | str:
        """Its 納期限; in words where there is none, or nothing to be paid."""
        if self.word != STAYS and self.after <= 0:
            return _GIVEN_BACK if self.after < 0 else _NOT_PAID
        return self.day or _TOLD_APART


def part_changes(outcome: Outcome, revision: Revision, code: str) -> tuple[PartChange, ...]:
    """Every instalment that a payer had or has, by date; one without a date stands last.

    What was billed to a body that it took over is among them, as that body's.
    """
    names = outcome.tables.by_code
    own = (code, *outcome.tables.former_bodies.get(code, ()))
    then = [part for one in own for part in revision.former.by_payer.get(one, ())]
    now = [part for one in own for part in outcome.instalments_of(one)]
    before, after, stays = (
        summed(((part.code, part.day, part.number), part.yen) for part in parts)
        for parts in (then, now, [part for part in now if part in revision.stays])
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
    return ALTERED if key in before else ADDED


def open_terms(outcome: Outcome, code: str) -> tuple[Instalment, ...]:
    """What is still to be paid, or given back, after a decided 補正; nothing without one."""
    revision = outcome.revision
    if revision is None or outcome.state != DECIDED:
        return ()
    return tuple(part for part in outcome.instalments_of(code) if part not in revision.stays)


def dated_by(outcome: Outcome, code: str) -> tuple[Instalment, ...]:
    """The instalments whose 納期限 say when a paper to a payer is due."""
    terms = open_terms(outcome, code)
    return (
        tuple(part for part in terms if part.yen > 0) or terms or (*outcome.instalments_of(code),)
    )


def is_changed(outcome: Outcome, code: str) -> bool:
    """Whether a 補正 changes what a member owes for any 事業."""
    before = outcome.compared if outcome.revision else None
    if before is None:
        return True
    now, then = outcome.by_project.get(code, {}), before.get(code, {})
    return any(now.get(key, 0) != then.get(key, 0) for key in {*now, *then})


def is_respread(outcome: Outcome, code: str) -> bool:
    """Whether a 補正 changes an instalment of a payer."""
    revision = outcome.revision
    changes = part_changes(outcome, revision, code) if revision else ()
    return any(change.before != change.after for change in changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRow:
    """A row of the breakdown: this year's yen, and last year's (None: not known)."""

    label: str
    amount: int
    previous: int | None = None


def _terms_in_words(numbers: Sequence[int]) -> str:
    """`第2期`, `第2期・第4期`, `第2期～第4期`."""
    first, last = numbers[0], numbers[-1]
    if len(numbers) > 2 and [*numbers] == [*range(first, last + 1)]:  # noqa: PLR2004  more than two
        return f"第{first}期～第{last}期"
    return "・".join(f"第{number}期" for number in numbers)


class FurtherTable(NamedTuple):
    """A further table of yen: what stands above it, the heading of its rows, and the rows."""

    title: str
    head: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What a form asks for: its rows, what they come to, and the notes.

    `words` decide whether it is a bill at all; `serial` is 整理番号, `number` the place of the
    invoice among all of the outcome, `heading` what the rows are (事業 or 団体). `whole` is what the
    year comes to, of a 精算 the difference. `taxed` are the yen of the year that contain 消費税; None
    where nobody of the council is charged any. `handled` says of a 精算 which sum of its differences
    goes which way. A bill of one 期 has it as `part`. A 変更通知書 has the instalments that are open
    after the 補正 as `terms`. `parts` are further tables of a bill to a 代表.
    """

    payer: Member
    words: Words
    serial: str
    number: int
    heading: str
    rows: tuple[BillRow, ...]
    whole: int
    taxed: int | None = None
    notes: tuple[str, ...] = ()
    part: Instalment | None = None
    handled: tuple[tuple[str, int], ...] = ()
    terms: tuple[Instalment, ...] = ()
    parts: tuple[FurtherTable, ...] = ()

    @property
    def total(self) -> int:
        """What it asks for: the whole, or only what is due of it."""
        due = (self.part,) if self.part else self.terms
        return sum(part.yen for part in due) if due else self.whole

    @property
    def is_partial(self) -> bool:
        """Whether it asks for something else than the sum of its rows."""
        return bool(self.part or self.terms)

    @property
    def addressee(self) -> str:
        """`愛知県知事　様`."""
        return addressee(self.payer)

    @property
    def document(self) -> str:
        """文書番号 with its branch."""
        return self.words.number(self.payer, self.number, self.total)

    @property
    def is_change(self) -> bool:
        """Whether it is the decided notice of what a 補正 changes."""
        return self.words.decided and self.words.outcome.revision is not None

    @property
    def way(self) -> str:
        """Which way the framed amount goes; a 補正 that leaves no 期 open frames the year."""
        return NOTHING if self.is_change and not self.terms else way_of(self.total)

    @property
    def pays(self) -> bool:
        """Whether there is something to pay."""
        return self.words.decided and self.way == PAY

    @property
    def fits_own_form(self) -> bool:
        """Whether it may be on the council's own form: that of the first bills says 請求書 and 納期限."""
        return bool(self.words.document.key) or self.pays or not self.words.decided

    @property
    def repays(self) -> bool:
        """Whether money is given back: the label says so, and the amount stands without a sign."""
        return self.way == BACK and (self.words.decided or bool(self.handled))

    @property
    def title(self) -> str:
        """What the form is."""
        return self.words.of(self.way).title

    @property
    def amount_label(self) -> str:
        """What the framed amount is called."""
        label = self.words.of(self.way).amount
        if not self.is_change or self.way == BACK:
            return label
        if not self.terms:
            return CHANGED
        asked = [part for part in self.terms if part.yen] or self.terms
        return f"{label}（{_terms_in_words([part.number for part in asked])}）"

    @property
    def lead(self) -> str:
        """What the form is for, and what is to be done."""
        return "\n".join(filter(None, (self.words.lead(self.way), self._asks)))

    @property
    def _asks(self) -> str:
        said = self.words.of(self.way).asks
        if not self.pays or not self.words.document.key:
            return said
        named = self.words.of(PAY).amount
        if not self.due and not any(part.day for part in self.instalments):
            return f"{named}の納期限は、別に通知します。"
        each = "それぞれの" if len(self.instalments) > 1 else ""
        return f"{named}を、{each}納期限までに納入してください。"

    @property
    def body(self) -> str:
        """The same, and that the form asks for nothing where it does not."""
        return "\n".join(filter(None, (self.lead, self.words.warning)))

    @property
    def due(self) -> date | None:
        """納期限 of what a 精算書 asks for."""
        return parse_date(self.words.own("納期限")) if self.handled and self.pays else None

    @cached_property
    def instalments(self) -> tuple[Instalment, ...]:
        """What the payer pays by which day; nothing while it is no bill, or asks for nothing."""
        if not self.pays or self.handled:
            return ()
        if self.part is not None:
            return (self.part,) if self.part.day else ()
        if self.is_change:
            return tuple(part for part in self.terms if part.day and part.yen > 0)
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
        """発行日; of a paper that asks for nothing that of the others."""
        dated = (self.part,) if self.part else dated_by(self.words.outcome, self.payer.code)
        return self.words.issued(self.payer, (part.day for part in dated))

    @property
    def replaces(self) -> str:
        """`再発行（第1回）　第12号に代わるもの`; empty for a first bill."""
        again = self.words.reissue(self.payer)
        return f"再発行（第{again.times}回）　{again.former}".strip() if again else ""

    @property
    def former(self) -> str:
        """`令和7年7月16日付け 例協第12号の3（整理番号 R7-232017）`: the paper that a 補正 changes."""
        revision = self.words.outcome.revision
        if revision is None or not self.words.decided:
            return ""
        return revision.former.named(self.payer.code, self.words.outcome.account)

    @property
    def subject(self) -> str:
        """件名, with the 期 and how many the payer has."""
        if self.part is None:
            return self.words.subject
        count = sum(1 for _ in self.words.outcome.instalments_of(self.payer.code))
        return f"{self.words.subject}（第{self.part.number}期／全{count}期）"

    @property
    def remarks(self) -> tuple[str, ...]:
        """Notes at the foot, and what the signs among the amounts mean."""
        document = self.words.document
        unknown = document.unknown if any(row.previous is None for row in self.rows) else ""
        back = document.repayment(self._receipt) if self.repays else ""
        notes = (*self.notes, *document.notes, unknown, back)
        return tuple(note for note in notes if note)

    @property
    def _receipt(self) -> Receipt | None:
        """What the payer has paid until the day of this paper; None where nobody's payments are known.

        What is paid later, or paid back for this paper, changes nothing of what it says.
        """
        outcome, day = self.words.outcome, self.issued or date.max
        known = [payment for payment in outcome.tables.payments if payment.day <= day]
        if not known:
            return None
        own = (self.payer.code, *outcome.tables.former_bodies.get(self.payer.code, ()))
        return Receipt(
            until=max(payment.day for payment in known),
            paid=sum(p.yen for p in known if p.code in own and p.is_of(outcome.account)),
            owed=sum(change.after for change in self.changes),
        )

    @property
    def previous(self) -> Yen | None:
        """Last year's yen of all rows that have one; None where none has."""
        known = [row.previous for row in self.rows if row.previous is not None]
        return Yen(sum(known)) if known else None

    @property
    def taxes(self) -> tuple[TaxRow, ...]:
        """The year by rate of 消費税; nothing where all is 不課税."""
        return () if self.taxed is None else tax_rows(self.whole, self.taxed)
