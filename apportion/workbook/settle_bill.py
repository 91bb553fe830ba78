"""The 精算書 of one member: 請求済額 and 精算額 of each 事業, and where the differences go."""

from collections.abc import Iterable, Iterator, Sequence

from apportion.model import Member
from apportion.outcome import Outcome
from apportion.settled import NEXT_YEAR, REFUND, RESERVE, WAYS, Settled
from apportion.workbook import settle_lines
from apportion.workbook.bill import Bill, BillRow
from apportion.workbook.form import NAME
from apportion.workbook.invoice_texts import Words, billed_elsewhere
from apportion.workbook.plan import Plan
from apportion.workbook.refs import Live, Ref, link, sum_of

_TOLD = {
    REFUND: "「追徴（△は還付）」の額は、納入していただく額です（△はお返しする額です）。"
    "納期限や還付の手続は、別に通知します。",
    NEXT_YEAR: "「翌年度で調整」の額は、翌年度の負担金に加えます（△は差し引きます）。",
    RESERVE: "「積立金で調整」の額は、追徴も還付もしません。△は事業調整積立金に積み、それ以外は積立金を充てます。",
}


def bill_of(plan: Plan, member: Member, *, number: int) -> Bill:
    """What the 精算書 of a member says; its amounts refer to 精算明細."""
    outcome, parts = plan.outcome, settle_lines.parts(plan)
    words = Words(outcome, billed_elsewhere(outcome, member))
    sums = [settle_lines.subtotal(plan, part, member) for part in parts]
    cells = [(part.way, own.difference) for part, own in zip(parts, sums, strict=True)]
    return Bill(
        payer=member,
        words=words,
        serial=words.serial(member),
        number=number,
        heading="事業",
        rows=tuple(
            BillRow(label=part.name, amount=link(own.settled, NAME), previous=own.billed.value)
            for part, own in zip(parts, sums, strict=True)
        ),
        total=due(cells),
        handled=handled(outcome, cells),
        notes=(
            *told(outcome),
            "経費ごとの差額はシート「精算明細」、精算額の計算は「計算根拠」で確かめられます。",
        ),
    )


def due(cells: Iterable[tuple[str, Ref]]) -> Live:
    """What is to be paid (△: paid back) for this letter; `cells` are differences with their way."""
    return sum_of([ref for way, ref in cells if way == REFUND], NAME)


def handled(outcome: Outcome, cells: Sequence[tuple[str, Ref]]) -> tuple[tuple[str, Live], ...]:
    """Each way that a difference of the council goes, with the sum that goes it."""
    return tuple(
        (settle_lines.HANDLED[way], sum_of([ref for own, ref in cells if own == way], NAME))
        for way in _used(outcome)
    )


def told(outcome: Outcome) -> Iterator[str]:
    """What happens next."""
    for way in _used(outcome):
        yield _TOLD[way]


def _used(outcome: Outcome) -> list[str]:
    settled = outcome.settled
    assert isinstance(settled, Settled)
    return [way for way in WAYS if way in settled.ways.values()]
