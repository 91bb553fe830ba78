"""課税10%（外税）: 消費税 on top of what members pay, as a line of its own behind those of its 事業.

The lines stay as their rules make them; the tax of each member is 10% of what it pays for those that
are taxed so, cut to whole yen once. A bill has one such line (`outcome/checks/bills` sees to it), so
its tax is cut once per bill and rate.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from apportion.allocate.case import Case, LineResult, Part, Participant, Reading
from apportion.allocate.engine import share_out
from apportion.allocate.rounding import integers
from apportion.core.model import BudgetLine, FigureColumn, Yen
from apportion.core.problem import Findings, Source
from apportion.core.text import name_key
from apportion.rules.book import ON_TOP, Expense
from apportion.rules.nodes import Mode, Name, RateOf, Ratio, RestOrder, Rounding

NAME = "消費税等（外税）"
NOTE = "課税の負担金の10%（予算の表にはない行）"
BASE = "課税の負担金"
RATE = Fraction(1, 10)


def is_tax(result: LineResult) -> bool:
    """Whether a result is the tax of a 事業, and not a line of the budget."""
    return name_key(result.case.line.name) == name_key(NAME)


def is_on_top(result: LineResult, all_of_project: Sequence[LineResult]) -> bool:
    """Whether 消費税 comes on top of a line; of a 激変緩和調整, where it does of its whole 事業."""
    if result.case.expense.clauses:
        return result.case.expense.tax == ON_TOP
    ruled = [own.case.expense for own in all_of_project if own.case.expense.clauses]
    return all(expense.tax == ON_TOP for expense in ruled)


def tax_line(results: Sequence[LineResult]) -> LineResult | None:
    """The line of tax of one 事業 from its results; None where nothing is taxed on top."""
    ruled = [r for r in results if r.case.expense.clauses and r.case.expense.tax == ON_TOP]
    if not ruled:
        return None
    taxed = [result for result in results if is_on_top(result, results)]
    return share_out(_case(ruled[0].case, taxed), Findings())


def _case(first: Case, taxed: Sequence[LineResult]) -> Case:
    """A price of 10% on each member's own yen; days and 根拠 are those of the first taxed line."""
    place = first.expense.tax_source
    paid = _paid(taxed)
    clause = RateOf(who=None, figure=Name(BASE, place), ratio=Ratio(RATE, place), source=place)
    column = _column(paid, taxed, place)
    own = replace(first.expense.own, bounds=(), rounding=None, proration=None)
    return Case(
        line=BudgetLine(
            category=first.line.category,
            project=first.line.project,
            path=(),
            name=NAME,
            amount=None,
            note=NOTE,
            source=place,
        ),
        file=first.file,
        expense=Expense(
            names=(), clauses=(clause,), own=own, tax=ON_TOP, tax_source=place, source=place
        ),
        participants=tuple(participant for participant, _ in paid),
        base=Yen(0),
        parts=(_part(clause, column, [yen for _, yen in paid], place),),
        rounding=Rounding(unit=1, mode=Mode.DOWN, rest=RestOrder.NONE, source=place),
        unit_price=True,
        figures=((name_key(BASE), column),),
    )


def _column(
    paid: Sequence[tuple[Participant, int]], taxed: Sequence[LineResult], place: Source
) -> FigureColumn:
    """What each member pays for the taxed lines, as a figure."""
    return FigureColumn(
        name=BASE,
        unit="円",
        as_of="、".join(result.case.line.name for result in taxed),
        values={participant.member.code: Fraction(yen) for participant, yen in paid},
        source=place,
    )


def _paid(taxed: Sequence[LineResult]) -> list[tuple[Participant, int]]:
    """Who pays for the taxed lines, in code order, with the yen of all of them."""
    members: dict[str, Participant] = {}
    yen: dict[str, int] = {}
    for result in taxed:
        for participant, own in zip(result.case.participants, result.yen, strict=True):
            code = participant.member.code
            members[code] = replace(participant, part=Fraction(1))
            yen[code] = yen.get(code, 0) + own
    return [(members[code], yen[code]) for code in sorted(members)]


def _part(clause: RateOf, column: FigureColumn, paid: Sequence[int], place: Source) -> Part:
    weights, scale = integers([yen * RATE for yen in paid])
    values = tuple(map(Fraction, paid))
    return Part(
        clause=clause,
        who=tuple(range(len(paid))),
        amount=Fraction(sum(weights), scale),
        drivers=(),
        weights=weights,
        total=sum(weights) or 1,
        fixed=True,
        reading=Reading(
            values=values, places=(place,) * len(paid), figures=(column,), unit=column.unit
        ),
    )
