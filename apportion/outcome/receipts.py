"""収納状況: what each payer has paid of each instalment; no amount of a bill follows from it.

Payments go by payer and 期: a payer has one instalment of each number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import NamedTuple

from apportion.allocate.instalments import Instalment, term_label
from apportion.core.dataclass import dataclass
from apportion.core.model import Payment, Tables, Yen, total
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.core.year import Edition, label

PAID, OPEN, PARTLY, BEYOND = "納入済", "未納", "一部未納", "過納"
REPAID, TO_REPAY, NOTHING, NOT_BILLED = "還付済", "還付未了", "0円", "請求なし"
DUE = "（納期限到来）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivables:
    """調定: the instalments that payments are for, and where they come from.

    `issue` names the sealed issue (第1回（…）), `path` is its folder; empty: they are computed from the
    tables of today.
    `yearly` is their sum, added up elsewhere; `names` are the payers as they were billed.
    """

    instalments: tuple[Instalment, ...]
    edition: Edition | None
    yearly: int
    issue: str = ""
    path: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Where they come from."""
        if self.issue:
            return f"調定額は、確定した{self.issue}の請求の額です。"
        after = "のあと" if self.edition else ""
        return f"調定額は、今の表から計算した{label(self.edition)}{after}の額です（確定していません）。"

    def name(self, code: str, tables: Tables) -> str:
        """A payer by the register of today; one that is gone from it as it was billed."""
        known = tables.by_code.get(code)
        return known.name if known else self.names[code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An instalment with what was paid for it, in yen; `payments` are those of its 期.

    `account` is its 会計, where bills are divided. `owed` is negative for a 還付. `billed` is False where
    payments came for a 期 that nobody billed.
    """

    code: str
    number: int
    day: date | None
    owed: Yen
    paid: Yen
    payments: tuple[Payment, ...]
    billed: bool = True
    account: str = ""

    @property
    def label(self) -> str:
        """`第1期`, `介護保険特別会計 第1期`."""
        return term_label(self.number, self.account)

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
    instalments: Sequence[Instalment],
    payments: Sequence[Payment],
    heir: Callable[[str], str],
) -> tuple[Standing, ...]:
    """What is paid of every instalment, by payer, 期 and 会計; payments that nobody billed stand among them.

    What a body paid that was merged, and was not billed itself, is for the 期 of its `heir`.
    """
    owed = {(part.code, part.number, part.account): part for part in instalments}
    accounts = {name_key(part.account): part.account for part in instalments}

    def billed(payment: Payment) -> tuple[str, int, str]:
        # Where bills are not divided, the 会計 of a payment says nothing.
        account = accounts.get("", accounts.get(name_key(payment.account), payment.account))
        own = payment.code, payment.number, account
        later = heir(payment.code), payment.number, account
        return later if own not in owed and later in owed else own

    paid = grouped((billed(payment), payment) for payment in payments)
    return tuple(
        _standing(*key, owed.get(key), paid.get(key, ()))
        for key in sorted(owed.keys() | paid.keys())
    )


def collected(receivables: Receivables, tables: Tables) -> tuple[Standing, ...]:
    """What is paid of what is receivable, by the payments of the tables."""
    return standings(receivables.instalments, tables.payments, lambda code: tables.heir(code).code)


class Offset(NamedTuple):
    """充当: yen that are too much in one 期 and open in another of the same body."""

    over: Standing
    under: Standing
    yen: int


class OpenRest(NamedTuple):
    """What is open of a 期 after 充当; negative: to be paid back."""

    standing: Standing
    yen: int


@dataclass(frozen=True, slots=True)
class Net:
    """A body with all that is open of it, also of bodies that it took over; due first.

    Where bills are divided it is of one 会計: what is too much there is not set against another.
    """

    code: str
    offsets: tuple[Offset, ...]
    rests: tuple[OpenRest, ...]
    account: str = ""

    @property
    def yen(self) -> int:
        """差引: what is to be paid in all; negative: to be paid back."""
        return sum(rest.yen for rest in self.rests)


def nets(found: Iterable[Standing], heir: Callable[[str], str]) -> tuple[Net, ...]:
    """What is too much of each body set against what is open of it, the first 納期限 first."""
    by_body = grouped(((heir(one.code), one.account), one) for one in found if one.open)
    return tuple(_net(*key, by_body[key]) for key in sorted(by_body))


def overdue(found: Iterable[Net], on: date) -> list[tuple[date, OpenRest]]:
    """督促: what is open after 充当 of 期 whose 納期限 is past, by that day, the first one first."""
    rests = ((rest.standing.day, rest) for net in found for rest in net.rests if rest.yen > 0)
    late = [(day, rest) for day, rest in rests if day and day < on]
    return sorted(late, key=lambda own: own[0])


def to_repay(found: Iterable[Net]) -> tuple[OpenRest, ...]:
    """還付: what is too much and has no 期 to be set against."""
    return tuple(rest for net in found for rest in net.rests if rest.yen < 0)


def _net(code: str, account: str, own: Sequence[Standing]) -> Net:
    due = sorted(own, key=lambda one: (one.day or date.max, one.number, one.code))
    left = {id(one): one.open for one in due}
    offsets = []
    for over in (one for one in due if one.open < 0):
        for under in (one for one in due if one.open > 0):
            yen = min(-left[id(over)], left[id(under)])
            if yen:
                offsets.append(Offset(over, under, yen))
                left[id(over)] += yen
                left[id(under)] -= yen
    rests = (OpenRest(one, left[id(one)]) for one in due if left[id(one)])
    return Net(code, tuple(offsets), tuple(rests), account)


def _standing(
    code: str,
    number: int,
    account: str,
    part: Instalment | None,
    payments: Sequence[Payment],
) -> Standing:
    return Standing(
        code=code,
        number=number,
        day=part.day if part else None,
        owed=part.yen if part else total(()),
        paid=total(payment.yen for payment in payments),
        payments=tuple(sorted(payments, key=lambda payment: payment.day)),
        billed=part is not None,
        account=account,
    )
