"""Why a member is charged what it is charged: every step with its formula, its words and its place.

Pure: an `Outcome` in, frozen steps out; no amount is decided here.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from apportion.allocate.case import Charge, LineResult
from apportion.allocate.instalments import Instalment
from apportion.core.model import Member, Yen, total
from apportion.core.problem import Source
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.explain.line import Teller
from apportion.explain.steps import Explanation, ProjectStory
from apportion.outcome.outcome import Outcome

__all__ = ["Explanation", "explain"]


def explain(
    outcome: Outcome, member: Member, results: Sequence[LineResult], *, detailed: bool = True
) -> Explanation:
    """Explanation of a member's charges for `results` (a choice of ``outcome.results``).

    A body that was merged is explained by its successor, which is charged in its place. Without
    `detailed` the 経費 have their yen and rules, but no steps.
    """
    heir = outcome.tables.heir(member.code)
    code, gone = heir.code, outcome.tables.former_bodies.get(heir.code, ())
    teller = Teller(outcome, heir, detailed)
    projects = grouped((name_key(r.case.line.project), teller.line(r)) for r in results)
    return Explanation(
        year=outcome.year,
        state=outcome.state,
        lacks=outcome.book.lacks,
        edition=outcome.edition,
        asked=member,
        member=heir,
        owed=outcome.total_of(code),
        invoiced=outcome.billed_to(code),
        instalments=_instalments(outcome, (code, *gone)),
        former={one: outcome.tables.by_code[one] for one in gone},
        dues=_dues(outcome, code),
        payers=_payers(outcome, code),
        others=_by_member(c for c in outcome.billed.get(code, ()) if c.member.code != code),
        projects=tuple(
            ProjectStory(
                name=stories[0].line.project,
                yen=_of_project(outcome, code, key),
                lines=tuple(stories),
            )
            for key, stories in projects.items()
        ),
    )


def _instalments(outcome: Outcome, codes: Sequence[str]) -> tuple[Instalment, ...]:
    """Of a body and those that it took over, by date; its own first."""
    listed = (part for code in codes for part in outcome.instalments_of(code))
    return tuple(sorted(listed, key=lambda part: (part.day or date.max, part.number, part.account)))


def _of_project(outcome: Outcome, code: str, key: str) -> Yen:
    charges = outcome.by_member.get(code, ())
    return total(charge.yen for charge in charges if name_key(charge.line.project) == key)


def _dues(outcome: Outcome, code: str) -> tuple[Source, ...]:
    """The 納期 lines of what the member is invoiced for."""
    found: dict[Source, None] = {}
    for charge in outcome.billed.get(code, ()):
        case = charge.result.case
        plan = outcome.book.scope(case.file).dues(case.expense)
        if plan is not None:
            found[plan.dues[0].source] = None
    return tuple(found)


def _payers(outcome: Outcome, code: str) -> tuple[tuple[Member, Yen], ...]:
    """The 代表 that are invoiced for the member's charges, with how much."""
    by_code = outcome.tables.by_code
    return tuple(
        (by_code[payer], total(charge.yen for charge in own))
        for payer, charges in outcome.billed.items()
        if payer != code and (own := [c for c in charges if c.member.code == code])
    )


def _by_member(charges: Iterable[Charge]) -> tuple[tuple[Member, Yen], ...]:
    own = grouped((charge.member.code, charge) for charge in charges).values()
    return tuple((of[0].member, total(charge.yen for charge in of)) for of in own)
