"""A document as read: two trees, checked against themselves and each other."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apportion.findings import Findings
from apportion.text import name_key
from apportion.year import FiscalYear
from apportion.yearly.import_budget import (
    accounts,
    joining,
    messages,
    names,
    plan,
    section,
    verdict,
)
from apportion.yearly.import_budget.document import Line
from apportion.yearly.import_budget.joining import Joint
from apportion.yearly.import_budget.lines import (
    Entry,
    Places,
    charged,
    income,
    places,
    reserves,
    spending,
)
from apportion.yearly.import_budget.node import Equation, Kind, Node, equation
from apportion.yearly.import_budget.parts import Part, split, year_of
from apportion.yearly.import_budget.section import Section
from apportion.yearly.import_budget.words import YEARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What was found; `ranks` are the levels of 区分 and 事業 by folded name."""

    year: FiscalYear
    plan: plan.Plan
    income: Section
    spending: Section
    joints: Mapping[Node, Joint]

    @property
    def places(self) -> Places:
        """Names of 区分 and 事業."""
        return places(self.plan.roots)

    def budget(self, called: names.Names) -> Iterator[Entry]:
        """Lines of the 支出の部: those of each 事業, then the lower block."""
        projects = charged(self.income.roots, self.places)
        yield from spending(self.plan.roots, self.joints, projects, called)
        lower = [node for block in self.spending.blocks[1:] for node in block]
        yield from reserves(lower, self.places, called)

    def receipts(self, called: names.Names) -> Iterator[Entry]:
        """Lines of the 収入の部."""
        yield from income(self.income.roots, self.places, called)


def read(
    lines: Sequence[Line], asked: FiscalYear, name: str, findings: Findings
) -> Document | None:
    """The document; None, with a problem, where a part of it is missing."""
    year = year_of(lines) or asked
    if year not in {asked, asked + 1}:
        messages.wrong_year(findings, name, year, asked)
        return None
    parts = split(lines)
    planned = plan.read(parts[Part.PLAN], year, findings)
    ranks = _ranks(planned.roots)
    received, unit = accounts.read(parts[Part.INCOME], year, findings, None)
    spent, _ = accounts.read(parts[Part.SPENDING], year, findings, unit)
    found = {Part.PLAN: planned.roots, Part.INCOME: received, Part.SPENDING: spent}
    for part in (part for part, rows in found.items() if not rows):
        messages.nothing_found(findings, name, part.value)
    if not all(found.values()):
        return None
    receipts = section.section(Part.INCOME.value, received, ranks, spent=False)
    expenses = section.section(Part.SPENDING.value, spent, ranks, spent=True)
    joints = joining.joined(planned.roots, expenses.blocks[0], findings)
    return Document(year=year, plan=planned, income=receipts, spending=expenses, joints=joints)


def equations(found: Document) -> Iterator[Equation]:
    """Everything that must add up or agree."""
    yield from plan.equations(found.plan)
    yield from section.equations(found.income)
    yield from section.equations(found.spending)
    yield from joining.equations(found.joints.values())
    left, right = found.income.total, found.spending.total
    if left and right:
        for column in YEARS:
            yield from equation(Kind.BALANCE, "収入の部と支出の部の合計", left, (right,), column)


def judge(found: Document, findings: Findings) -> None:
    """Tell what is not printed, and what does not add up."""
    for part in (found.income, found.spending):
        section.report_gaps(part, findings)
    verdict.report(equations(found), findings)


def _ranks(roots: Sequence[Node]) -> dict[str, int]:
    """Level of each 区分 and of each name below one that no other heading bears."""
    headings = [node for root in roots for node in root.walk() if not node.is_item]
    often = Counter(name_key(node.name) for node in headings)
    below = [node for root in roots for node in root.children if not node.is_item]
    unique = {name_key(node.name): 1 for node in below if often[name_key(node.name)] == 1}
    return unique | {name_key(root.name): 0 for root in roots}
