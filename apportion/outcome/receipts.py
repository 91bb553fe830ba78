"""収納状況: what each payer has paid of each instalment; no amount of a bill follows from it.

Payments go by payer and 期. Where a payer has two instalments of one 期 (on different days), the
earlier one is filled first; what is beyond all of them stands in the last.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from apportion.allocate.instalments import Instalment
from apportion.core.model import Payment, Yen, total
from apportion.core.sums import grouped

PAID, OPEN, PARTLY, BEYOND = "納入済", "未納", "一部未納", "過納"
REPAID, TO_REPAY, NOTHING, NOT_BILLED = "還付済", "還付未了", "0円", "請求なし"
DUE = "（納期限到来）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An instalment with what was paid for it, in yen; `payments` are those of its 期.

    `owed` is negative for a 還付. `billed` is False where payments came for a 期 that nobody billed.
    `share` of the payments counts for this instalment; the others of the same 期 have the rest.
    """

    code: str
    number: int
    day: date | None
    owed: Yen
    paid: Yen
    payments: tuple[Payment, ...]
    billed: bool = True
    is_last: bool = True

    @property
    def open(self) -> int:
        """What is still to be paid; negative: to be paid back."""
        return self.owed - self.paid

    @property
    def latest(self) -> date | None:
        """Day of the last payment."""
        return max((payment.day for payment in self.payments), default=None)

    def is_due(self, on: date) -> bool:
        """Whether something is open whose 納期限 has come."""
        return self.open > 0 and self.day is not None and self.day <= on

    def state(self, on: date) -> str:
        """未納, 一部未納（納期限到来） … on a day."""
        return self._state() + (DUE if self.is_due(on) else "")

    def _state(self) -> str:
        if not self.billed:
            return NOT_BILLED
        if self.open > 0:
            return PARTLY if self.paid > 0 else OPEN
        if self.owed < 0:
            return TO_REPAY if self.open else REPAID
        if self.open < 0:
            return BEYOND
        return PAID if self.owed else NOTHING


def as_of(payments: Iterable[Payment]) -> date:
    """The last day on which somebody paid: the program has no clock, the state is of that day."""
    return max(payment.day for payment in payments)


def standings(
    instalments: Sequence[Instalment], payments: Sequence[Payment]
) -> tuple[Standing, ...]:
    """What is paid of every instalment, by payer and 期; payments that nobody billed stand among them."""
    owed = grouped(((part.code, part.number), part) for part in instalments)
    paid = grouped(((payment.code, payment.number), payment) for payment in payments)
    return tuple(
        standing
        for key in sorted(owed.keys() | paid.keys())
        for standing in _of_term(*key, owed.get(key, []), tuple(paid.get(key, ())))
    )


def _of_term(
    code: str, number: int, parts: Sequence[Instalment], payments: tuple[Payment, ...]
) -> Iterator[Standing]:
    """The instalments of a payer for a 期, filled in order."""
    ordered = sorted(payments, key=lambda payment: payment.day)
    left = total(payment.yen for payment in ordered)
    for place, part in enumerate(parts, start=1):
        is_last = place == len(parts)
        share = left if is_last else total((max(0, min(left, part.yen)),))
        left = total((left, -share))
        yield Standing(
            code=code,
            number=number,
            day=part.day,
            owed=part.yen,
            paid=share,
            payments=tuple(ordered),
            is_last=is_last,
        )
    if not parts:
        yield Standing(
            code=code,
            number=number,
            day=None,
            owed=total(()),
            paid=left,
            payments=tuple(ordered),
            billed=False,
        )
