"""収納状況: what each payer has paid of each instalment; no amount of a bill follows from it.

Payments go by payer and 期: a payer has one instalment of each number.
"""

from collections.abc import Iterable, Sequence
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
    """

    code: str
    number: int
    day: date | None
    owed: Yen
    paid: Yen
    payments: tuple[Payment, ...]
    billed: bool = True

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
    owed = {(part.code, part.number): part for part in instalments}
    paid = grouped(((payment.code, payment.number), payment) for payment in payments)
    return tuple(
        _standing(*key, owed.get(key), paid.get(key, ()))
        for key in sorted(owed.keys() | paid.keys())
    )


def _standing(
    code: str, number: int, part: Instalment | None, payments: Sequence[Payment]
) -> Standing:
    return Standing(
        code=code,
        number=number,
        day=part.day if part else None,
        owed=part.yen if part else total(()),
        paid=total(payment.yen for payment in payments),
        payments=tuple(sorted(payments, key=lambda payment: payment.day)),
        billed=part is not None,
    )
