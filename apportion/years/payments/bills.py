"""What is owed and paid by payer and 期, while a list is gone through; what became of its rows."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from apportion.core.model import Payment, Yen, total
from apportion.core.problem import Source
from apportion.outcome.outcome import Outcome

Key = tuple[str, int]
"""団体コード and 期."""


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


@dataclass
class OpenBills:
    """Goes through the rows of a list: each is booked, known, passed over or left."""

    outcome: Outcome
    new: list[Payment] = field(default_factory=list)
    known: list[Payment] = field(default_factory=list)
    passed: list[Aside] = field(default_factory=list)
    left: list[Aside] = field(default_factory=list)
    owed: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    paid: dict[Key, list[Payment]] = field(default_factory=lambda: defaultdict(list))
    present: Counter[Payment] = field(default_factory=Counter)
    terms: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        """Start from what is billed and what the table holds."""
        for part in self.outcome.instalments:
            self.owed[part.code, part.number] += part.yen
            self.terms[part.code].add(part.number)
        for payment in self.outcome.tables.payments:
            self.paid[payment.code, payment.number].append(payment)
            self.present[payment] += 1

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
        self.paid[payment.code, payment.number].append(booked)

    def received(self, key: Key, until: date = date.max) -> int:
        """What was paid until a day."""
        return total(payment.yen for payment in self.paid[key] if payment.day <= until)

    def year(self, code: str) -> int:
        """What a payer owes in the year."""
        return sum(self.owed[code, number] for number in self.terms[code])

    def open_terms(self, code: str) -> dict[int, int]:
        """What is open by 期."""
        keys = ((code, number) for number in sorted(self.terms[code]))
        left = {key[1]: self.owed[key] - self.received(key) for key in keys}
        return {number: yen for number, yen in left.items() if yen > 0}

    def leave(self, payment: Payment, why: str, draft: int | None = None) -> None:
        """Leave a row whose body, 期 and day are known to a person."""
        self.left.append(
            Aside(
                kind="確かめる行",
                source=payment.source,
                yen=payment.yen,
                why=why,
                code=payment.code,
                number=payment.number,
                day=payment.day,
                draft=draft,
            )
        )
