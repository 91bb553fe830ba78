"""消費税 on a bill: which 経費 are taxed, and the tax within an amount, once for a bill and rate."""

from collections.abc import Iterator
from typing import NamedTuple

from apportion.allocate.case import LineResult
from apportion.outcome import Outcome
from apportion.workbook.refs import Live

TAXED, UNTAXED = "10%対象（税込）", "不課税"


class TaxRow(NamedTuple):
    """Yen of one rate, and the tax within them (1円未満切捨て); untaxed ones have None."""

    label: str
    amount: Live
    tax: Live | None


def is_taxed(outcome: Outcome, result: LineResult) -> bool:
    """Whether what members pay for a line contains 消費税.

    A 激変緩和調整, which has no rule of its own, is taxed where all its 事業 is.
    """
    expense, file = result.case.expense, result.case.file
    if expense.clauses:
        return expense.taxed
    own = [other.case for other in outcome.results if other.case.file is file]
    return any(case.expense.taxed for case in own) and not any(
        case.expense.clauses and not case.expense.taxed for case in own
    )


def taxed_names(outcome: Outcome) -> Iterator[str]:
    """Taxed 経費, each with its 事業: several 事業 have a 事務費."""
    lines = (result.case.line for result in outcome.results if is_taxed(outcome, result))
    yield from dict.fromkeys(f"{line.project}の{line.name}" for line in lines)


def has_untaxed(outcome: Outcome) -> bool:
    """Whether members pay for anything that contains no 消費税."""
    return not all(is_taxed(outcome, result) for result in outcome.results)


def tax_rows(total: Live, taxed: Live) -> tuple[TaxRow, TaxRow]:
    """The rates of a bill whose `taxed` yen contain 10%."""
    rest = Live(f"={_inner(total)}-{_inner(taxed)}", total.value - taxed.value)
    return TaxRow(TAXED, taxed, tax_within(taxed)), TaxRow(UNTAXED, rest, None)


def tax_within(amount: Live) -> Live:
    """Tax within yen that contain 10%; of a repayment likewise, with its sign."""
    tax = abs(amount.value) * 10 // 110
    yen = _inner(amount)
    formula = f"=IF({yen}<0,-INT(-{yen}*10/110),INT({yen}*10/110))"
    return Live(formula, -tax if amount.value < 0 else tax)


def _inner(live: Live) -> str:
    """A formula within another."""
    return f"({live.formula.removeprefix('=')})"
