"""Rows of an accounting system: what each says of itself decides whether it is a payment."""

from collections import Counter
from collections.abc import Sequence
from enum import Enum
from functools import cached_property

from apportion.core.dataclass import dataclass
from apportion.core.model import Payment
from apportion.core.year import wareki
from apportion.tables.payments import closing_day
from apportion.years.payments.bills import Aside, Key, OpenBills
from apportion.years.payments.words import DONE, RowKind


class AmountReading(Enum):
    """What the amount column of a list holds."""

    ONCE = "one payment a row"
    RUNNING = "all that came in until now"
    UNSURE = "one of the two"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentEntry:
    """A row with the payment that it names.

    `word` says what its `kind` was seen by, `terms` are those that its texts name; `billed`, `open`,
    `other` and `running` are what its further columns of yen say (調定額, 未納額, 金額, 収入累計).
    """

    payment: Payment
    kind: RowKind
    word: str = ""
    terms: frozenset[int] = frozenset()
    billed: int | None = None
    open: int | None = None
    other: int | None = None
    running: int | None = None

    @property
    def key(self) -> Key:
        """Payer and 期."""
        return self.payment.code, self.payment.number


@dataclass(frozen=True)
class PaymentRows:
    """The rows of a list, and what its amount column holds under which heading."""

    entries: Sequence[PaymentEntry]
    reading: AmountReading
    heading: str

    def judge(self, bills: OpenBills) -> None:
        """Book what is certain, pass over what is no payment, leave the rest."""
        times = Counter(entry.key for entry in self.entries if entry.kind is RowKind.FINE)
        for entry in self.entries:
            if entry.kind is RowKind.CANCELLED:
                self._cancelled(entry, bills)
            elif entry.payment.yen < 0 and entry.kind is RowKind.REFUND:
                _once(entry.payment, bills)
            elif entry.kind is RowKind.REFUND:
                why = f"{entry.word}とあるのに、額がマイナスでない。戻した額ならマイナスの行にする"
                bills.leave(entry.payment, why)
            elif entry.kind is RowKind.DOUBTFUL:
                bills.leave(entry.payment, f"{entry.word}とあり、納入かどうか決まらない")
            elif self._twins(entry, RowKind.CANCELLED):
                bills.leave(entry.payment, "同じ額の取消の行があり、取り消されたかどうか決まらない")
            else:
                self._fine(entry, bills, only=times[entry.key] == 1)

    @cached_property
    def _counted(self) -> Counter[tuple[RowKind, Key, int]]:
        return Counter((entry.kind, entry.key, entry.payment.yen) for entry in self.entries)

    def _twins(self, entry: PaymentEntry, kind: RowKind, sign: int = 1) -> bool:
        """Whether another row is of that kind, payer, 期 and amount (or, with a sign, its opposite)."""
        return self._counted[kind, entry.key, sign * entry.payment.yen] > 0

    def _cancelled(self, entry: PaymentEntry, bills: OpenBills) -> None:
        """A row 取消: the record that was cancelled, or the one that cancels another (by its sign)."""
        payment = entry.payment
        booked = bills.amounts[entry.key, abs(payment.yen)] > 0
        if self._twins(entry, RowKind.CANCELLED, sign=-1):
            bills.passed.append(_passed(entry))
        elif payment.yen < 0:
            if booked:
                _once(payment, bills)
            else:
                bills.leave(payment, "取り消す納入が、納入の表にも一覧にもない")
        elif booked or self._twins(entry, RowKind.FINE):
            bills.leave(payment, "同じ額の納入がほかにあり、どちらの取消か決まらない", -payment.yen)
        else:
            bills.passed.append(_passed(entry))

    def _fine(self, entry: PaymentEntry, bills: OpenBills, *, only: bool) -> None:
        reading = self._reading(entry, bills)
        if reading is AmountReading.RUNNING:
            self._running(entry, bills)
        elif bills.has(entry.payment):
            return
        elif why := _against(entry, bills):
            bills.leave(entry.payment, why, entry.payment.yen)
        elif reading is AmountReading.UNSURE:
            bills.leave(entry.payment, self._both(entry, bills))
        elif only and (why := _state_differs(entry, bills)):
            bills.leave(entry.payment, why, entry.payment.yen)
        else:
            bills.book(entry.payment)

    def _reading(self, entry: PaymentEntry, bills: OpenBills) -> AmountReading:
        """How to read a row: where both readings give one value, the simple one."""
        before, yen = bills.received(entry.key), entry.payment.yen
        if self.reading is not AmountReading.UNSURE or not before or bills.present[entry.payment]:
            return self.reading if self.reading is AmountReading.RUNNING else AmountReading.ONCE
        state = _state(entry)
        if state is not None and state in {yen, before + yen}:
            return AmountReading.RUNNING if state == yen else AmountReading.ONCE
        if self.heading not in DONE and (yen < before or before + yen == bills.owed[entry.key]):
            return AmountReading.ONCE
        return AmountReading.UNSURE

    def _running(self, entry: PaymentEntry, bills: OpenBills) -> None:
        """Book what a running amount has grown by; it never shrinks."""
        payment = entry.payment
        grown = payment.yen - bills.received(entry.key, payment.day)
        why = _against(entry, bills)
        state = _state(entry)
        if not grown:
            bills.known.append(payment)
        elif why is None and state is not None and state != payment.yen:
            why = f"調定額と未納額の差が{state:,}円で、「{self.heading}」と違う"
        elif grown < 0 or bills.received(entry.key) >= payment.yen:
            why = f"累計なのに、納入の表の計{bills.received(entry.key):,}円より増えていない"
        if grown and why:
            bills.leave(payment, why)
        elif grown:
            bills.book(payment, grown)

    def _both(self, entry: PaymentEntry, bills: OpenBills) -> str:
        before, yen = bills.received(entry.key), entry.payment.yen
        return (
            f"もう{before:,}円の納入があり、「{self.heading}」が1回の納入（{yen:,}円）か、"
            f"累計（増えたのは{yen - before:,}円）か決まらない"
        )


def _once(payment: Payment, bills: OpenBills) -> None:
    if not bills.has(payment):
        bills.book(payment)


def _passed(entry: PaymentEntry) -> Aside:
    payment = entry.payment
    return Aside(kind=entry.kind.value, source=payment.source, yen=payment.yen)


def _state(entry: PaymentEntry) -> int | None:
    """What came in until now, by the 累計 of the row, or its 調定額 and 未納額."""
    if entry.running is not None:
        return entry.running
    if entry.billed is None or entry.open is None:
        return None
    return entry.billed - entry.open


def _against(entry: PaymentEntry, bills: OpenBills) -> str | None:
    """What the further amounts of a row say against it; None where they fit our bills."""
    owed, yearly = bills.owed[entry.key], bills.year(entry.payment.code)
    year, day = bills.billed.year, entry.payment.day
    if not year.first_day <= day <= closing_day(year):
        return f"納入日の{wareki(day)}は、{year.label}の収入になる日でない"
    if entry.terms and entry.payment.number not in entry.terms:
        named = "、".join(f"第{number}期" for number in sorted(entry.terms))
        return f"期は第{entry.payment.number}期だが、ほかの列に{named}とある"
    if entry.billed is not None and entry.billed not in {owed, yearly}:
        return f"調定額が{entry.billed:,}円で、この期の請求額{owed:,}円とも年額{yearly:,}円とも違う"
    if entry.other is not None and entry.other not in {owed, yearly, entry.payment.yen}:
        return f"「金額」が{entry.other:,}円で、納入額とも請求額{owed:,}円とも違う"
    return None


def _state_differs(entry: PaymentEntry, bills: OpenBills) -> str | None:
    """Whether 調定額 less 未納額 is another amount than is received with this row."""
    state, after = _state(entry), bills.received(entry.key) + entry.payment.yen
    if state is None or state == after:
        return None
    if entry.running is None and entry.billed != bills.owed[entry.key]:
        return None  # 調定額 and 未納額 are those of the year
    return f"この行によれば納入の計は{state:,}円だが、納入の表では{after:,}円になる"
