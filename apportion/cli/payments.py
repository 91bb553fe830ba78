"""What is paid and what is open, and what an import would add: as text."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from apportion.allocate.instalments import term_label
from apportion.cli.layout import GAP, aligned
from apportion.core.model import Payment
from apportion.core.numbers import money
from apportion.core.sums import grouped
from apportion.core.year import wareki
from apportion.outcome.receipts import Net, OpenRest, Standing, as_of, nets, overdue, to_repay
from apportion.tables.payments import ACCOUNT, FORM
from apportion.years.payments import PaymentsProposal
from apportion.years.payments.bills import Aside, YearBills

_SHOWN = 5
"""Places that are named of each kind of rows."""


def told(proposal: PaymentsProposal) -> Iterator[str]:
    """The rows that would be added, those that are there, not booked or left, and what was not used."""
    listed, names = proposal.listed, proposal.billed.tables.by_code
    yield f"{listed.file}: 納入 {listed.count}件"
    yield f"  {proposal.billed.receivables.words}"
    if proposal.billed.account:
        yield f"  会計: {proposal.billed.account}"
    if listed.unused:
        yield f"  使わない列: {'、'.join(listed.unused)}"
    if listed.totals:
        yield f"  読まない行: 合計などの {listed.totals}行"
    if listed.checked:
        yield f"  合計の行 {listed.checked}つを足し直して、同じでした。"
    if listed.balanced:
        yield "  残高の動きは、入金と出金のとおりでした。"
    if not (listed.checked or listed.balanced):
        yield "  比べられる合計や残高はありません。"
    yield from (f"  額のない行: {note}" for note in listed.notes)
    yield from _passed(proposal.passed)
    for title, payments in (("加える納入", proposal.new), ("すでにある納入", proposal.known)):
        if payments:
            amount = sum(payment.yen for payment in payments)
            yield f"{title} {len(payments)}件、{amount:,}円"
            yield from _rows(payments, {code: member.name for code, member in names.items()})
    yield from _left(proposal)
    if not proposal.new:
        yield "加える納入はありません。"


def _passed(asides: Sequence[Aside]) -> Iterator[str]:
    """Rows that are no payments: how many of each kind, and their sum."""
    for kind, own in grouped((aside.kind, aside) for aside in asides).items():
        amount = sum(aside.yen for aside in own)
        places = "、".join(aside.source.place() for aside in own[:_SHOWN])
        more = " ほか" if len(own) > _SHOWN else ""
        yield f"  納入に数えない行: {kind} {len(own)}件、{amount:,}円（{places}{more}）"


def _left(proposal: PaymentsProposal) -> Iterator[str]:
    """Rows that a person has to decide, each with what is missing and a row to finish."""
    if not proposal.left:
        return
    amount = sum(aside.yen for aside in proposal.left)
    yield f"決まらないので加えない行 {len(proposal.left)}件、{amount:,}円"
    for aside in proposal.left:
        yield f"{GAP}{aside.source.place()}　{aside.yen:,}円"
        yield f"{GAP}  {aside.why}。"
        yield f"{GAP}  納入なら、空いた所を埋めて納入の表に足す行: {_draft(aside, proposal)}"
    headings = ",".join((FORM.headings, *filter(None, (proposal.billed.account and ACCOUNT,))))
    yield f"{GAP}（列の順は {headings}）"


def _draft(aside: Aside, proposal: PaymentsProposal) -> str:
    """A row of the payments table, blank where a person must say what."""
    member = proposal.billed.tables.by_code.get(aside.code)
    name, account = member.name if member else "", proposal.billed.account
    values = [
        aside.code,
        name,
        aside.number,
        aside.day,
        aside.draft,
        *([account] if account else []),
    ]
    return ",".join("" if value is None else str(value) for value in values)


def _rows(payments: Iterable[Payment], names: dict[str, str]) -> Iterator[str]:
    rows = [
        (p.code, names[p.code], term_label(p.number, p.account), wareki(p.day), f"{p.yen:,}円")
        for p in payments
    ]
    yield from (f"{GAP}{line}" for line in aligned(rows))


def status(billed: YearBills, on: date | None = None) -> Iterator[str]:
    """収納状況 on a day (default: that of the last payment): the sums, then what is open of whom."""
    payments, found = billed.tables.payments, billed.standings
    if not payments:
        yield f"納入の表（members/{billed.year.code}/payments）がないか、納入がありません。"
        return
    day, edition = on or as_of(payments), billed.receivables.edition
    after = f"（{edition}のあと）" if edition else ""
    asked = wareki(day) if on else f"最終の納入日（{wareki(day)}）"
    yield f"{billed.year.label}{after} 収納状況　{asked}現在"
    yield billed.receivables.words
    owed, paid = sum(one.owed for one in found), sum(one.paid for one in found)
    yield f"調定額 {owed:,}円、納入済額 {paid:,}円、未納額 {owed - paid:,}円"
    odd = sorted((one for one in found if one.open), key=lambda one: _urgency(one, day))
    if not odd:
        yield "未納も過納もありません。"
        return
    yield from aligned([_HEADS, *(_standing(one, billed.name(one.code), day) for one in odd)])
    yield f"ほかの {len(found) - len(odd)}件に未納はありません。"
    yield from _lists(billed, nets(found, billed.heir), day)


_HEADS = (
    *("団体コード", "団体名", "期", "納期限"),
    *(f"{'調定額':>9}", f"{'納入済額':>8}", f"{'未納額':>9}", "状態"),
)


def _lists(billed: YearBills, found: Sequence[Net], on: date) -> Iterator[str]:
    """充当, what to ask for by its day, what to pay back, and what is left of each body."""
    moved = [(net, offset) for net in found for offset in net.offsets]
    due = grouped(overdue(found, on))
    back = to_repay(found)
    if moved:
        yield "充当できる額（納めすぎた期から、未納の期へ。納期限の早い期から）"
        yield from _table(
            (billed.name(net.code), f"{o.over.label} → {o.under.label}", f"{o.yen:12,}円")
            for net, o in moved
        )
    for day, own in due.items():
        amount = sum(rest.yen for rest in own)
        yield f"督促する額　納期限 {wareki(day)}　{len(own)}件 {amount:,}円"
        yield from _table(_rest(billed, rest) for rest in own)
    if back:
        yield f"還付する額　{len(back)}件 {-sum(rest.yen for rest in back):,}円"
        yield from _table(_rest(billed, rest) for rest in back)
    yield "団体ごとの差引（△は還付）"
    yield from _table(
        (net.code, f"{billed.name(net.code)} {net.account}".rstrip(), f"{money(net.yen):>13}")
        for net in found
    )


def _rest(billed: YearBills, rest: OpenRest) -> tuple[str, ...]:
    return billed.name(rest.standing.code), rest.standing.label, f"{abs(rest.yen):12,}円"


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield from (f"{GAP}{line}" for line in aligned(list(rows)))


def _urgency(one: Standing, on: date) -> tuple[bool, bool, date, str]:
    return not one.is_due(on), one.open < 0, one.day or date.max, one.code


def _standing(one: Standing, name: str, on: date) -> tuple[str, ...]:
    day = one.day.isoformat() if one.day else "－"
    amounts = (f"{yen:12,}" for yen in (one.owed, one.paid, one.open))
    return one.code, name, one.label, day, *amounts, one.state(on)
