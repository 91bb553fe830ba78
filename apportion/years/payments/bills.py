"""What is owed and paid by payer and 期, while a list is gone through; what became of its rows."""

from collections import Counter, defaultdict
from dataclasses import field, replace
from datetime import date
from pathlib import Path

from apportion.allocate.instalments import Instalment
from apportion.core.dataclass import dataclass
from apportion.core.model import Payment, Tables, Yen
from apportion.core.problem import InputError, Source, grave
from apportion.core.text import name_key
from apportion.core.year import AskedBudget, FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.issued import Issues
from apportion.outcome.outcome import Outcome
from apportion.outcome.receipts import Receivables, Standing, collected
from apportion.outcome.workspace import load
from apportion.rules.book import RuleBook
from apportion.years.payments.words import RowKind

Key = tuple[str, int]
"""団体コード and 期."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBills:
    """What is receivable in a year, and the tables of today, with the payments.

    `account` is the 会計 that all of it is of, where bills are divided and one was chosen.
    """

    year: FiscalYear
    tables: Tables
    book: RuleBook
    receivables: Receivables
    account: str = ""

    @property
    def accounts(self) -> tuple[str, ...]:
        """会計 that bills are divided by."""
        return tuple(sorted({part.account for part in self.instalments} - {""}))

    def of_account(self, account: str) -> "YearBills":
        """What is of one 会計, as if there were no other."""
        parts = tuple(
            replace(part, account="") for part in self.instalments if part.account == account
        )
        own = (payment for payment in self.tables.payments if payment.is_of(account))
        payments = tuple(replace(payment, account="") for payment in own)
        yearly = sum(part.yen for part in parts)
        return replace(
            self,
            account=account,
            tables=replace(self.tables, payments=payments),
            receivables=replace(self.receivables, instalments=parts, yearly=yearly),
        )

    def is_own_account(self, text: str) -> bool | None:
        """Whether a text names the chosen 会計; None where it names none of the year."""
        key = name_key(text)
        if key == name_key(self.account):
            return True
        others = {name_key(file.account.text) for file in self.book.files if file.account}
        return False if key in others else None

    @property
    def instalments(self) -> tuple[Instalment, ...]:
        """What is billed by when."""
        return self.receivables.instalments

    @property
    def standings(self) -> tuple[Standing, ...]:
        """What is paid of it."""
        return collected(self.receivables, self.tables)

    def heir(self, code: str) -> str:
        """Who a body is today."""
        return self.tables.heir(code).code if code in self.tables.by_code else code

    def kin(self, code: str) -> tuple[str, ...]:
        """A body, and those that a merger made one with it."""
        heir = self.heir(code)
        return tuple(dict.fromkeys((code, heir, *self.tables.former_bodies.get(heir, ()))))

    def name(self, code: str) -> str:
        """Of a payer, also of one that is gone from the register."""
        return self.receivables.name(code, self.tables)


def year_bills(root: Path, year: FiscalYear, asked: AskedBudget | None = None) -> YearBills:
    """What payments of a year are for: the newest sealed issue that holds, or that of a budget.

    Where it is not sealed it is computed: the first budget, or the one asked for. Raises `InputError`
    where the tables cannot be read, or computed, `OutputError` where an issue is damaged.
    """
    issues = Issues.of(root, year)
    issue = issues.latest(asked.edition) if asked else issues.newest()
    if issue is None:
        return computed_bills(compute(root, year, edition=asked.edition if asked else None))
    workspace = load(root, year)
    # What was sealed does not hang on the rules of today; who paid is in the tables of the members.
    wrong = tuple(p for p in workspace.problems if p.source.file.startswith("members/"))
    if workspace.tables is None or grave(wrong):
        raise InputError(workspace.problems)
    return YearBills(
        year=year, tables=workspace.tables, book=workspace.book, receivables=issue.receivables()
    )


def computed_bills(outcome: Outcome) -> YearBills:
    """What payments of an outcome are for, where it is not sealed."""
    own = replace(outcome, claims=None).receivables
    return YearBills(year=outcome.year, tables=outcome.tables, book=outcome.book, receivables=own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A row that is not booked: passed over, or left to a person who knows more.

    What is known of it stands in `code`, `number`, `day` and `draft` (the amount to book), `yen` is
    the amount as written.
    """

    kind: str
    source: Source
    yen: int
    why: str = ""
    code: str = ""
    number: int | None = None
    day: date | None = None
    draft: int | None = None


@dataclass()
class OpenBills:
    """Goes through the rows of a list: each is booked, known, passed over or left."""

    billed: YearBills
    new: list[Payment] = field(default_factory=list)
    known: list[Payment] = field(default_factory=list)
    passed: list[Aside] = field(default_factory=list)
    left: list[Aside] = field(default_factory=list)
    owed: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    paid: dict[Key, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    amounts: Counter[tuple[Key, int]] = field(default_factory=Counter)
    present: Counter[Payment] = field(default_factory=Counter)
    terms: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        """Start from what is billed and what the table holds."""
        for part in self.billed.instalments:
            self.owed[part.code, part.number] += part.yen
            self.terms[part.code].add(part.number)
        for standing in self.billed.standings:
            for payment in standing.payments:
                self._receive((standing.code, standing.number), payment)
        self.present.update(self.billed.tables.payments)

    def has(self, payment: Payment) -> bool:
        """Whether the table holds this payment, and no earlier row of the list was it."""
        if not self.present[payment]:
            return False
        self.present[payment] -= 1
        self.known.append(payment)
        return True

    def book(self, payment: Payment, yen: int | None = None) -> None:
        """Add a payment, of another amount where one is given."""
        booked = payment if yen is None else replace(payment, yen=Yen(yen))
        self.new.append(booked)
        self._receive((payment.code, payment.number), booked)

    def _receive(self, key: Key, payment: Payment) -> None:
        self.paid[key][payment.day] += payment.yen
        self.amounts[key, payment.yen] += 1

    def received(self, key: Key, until: date = date.max) -> int:
        """What was paid until a day."""
        return sum(yen for day, yen in self.paid[key].items() if day <= until)

    def year(self, code: str) -> int:
        """What a payer owes in the year."""
        return sum(self.owed[code, number] for number in self.terms[code])

    def open_terms(self, code: str) -> dict[Key, int]:
        """What is open of a body by 期, also what was billed to bodies that are one with it now."""
        keys = ((one, n) for one in self.billed.kin(code) for n in sorted(self.terms.get(one, ())))
        left = {key: self.owed[key] - self.received(key) for key in keys}
        return {key: yen for key, yen in left.items() if yen > 0}

    def label(self, key: Key, code: str) -> str:
        """`第1期`; `第1期（みどり町分）` where another body than `code` was billed."""
        return f"第{key[1]}期" + (f"（{self.billed.name(key[0])}分）" if key[0] != code else "")

    def leave(self, payment: Payment, why: str, draft: int | None = None) -> None:
        """Leave a row whose body, 期 and day are known to a person."""
        self.left.append(
            Aside(
                kind=RowKind.DOUBTFUL.value,
                source=payment.source,
                yen=payment.yen,
                why=why,
                code=payment.code,
                number=payment.number,
                day=payment.day,
                draft=draft,
            )
        )
