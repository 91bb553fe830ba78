"""A document as read: two trees, checked against themselves and each other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from apportion.core.problem import Findings
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.imports.budget import accounts, joining, messages, project_plan
from apportion.imports.budget import accounts as section
from apportion.imports.budget.accounts import Section
from apportion.imports.budget.document import Line
from apportion.imports.budget.headings import Part, split, year_of
from apportion.imports.budget.joining import (
    Entry,
    Joint,
    Names,
    Places,
    charged,
    income,
    places,
    reserves,
    spending,
)
from apportion.imports.budget.words import YEARS, Equation, Figure, Kind, Node, equation


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What was found; `ranks` are the levels of 区分 and 事業 by folded name."""

    year: FiscalYear
    plan: project_plan.Plan
    income: Section
    spending: Section
    joints: Mapping[Node, Joint]

    @property
    def places(self) -> Places:
        """Names of 区分 and 事業."""
        return places(self.plan.roots)

    def budget(self, called: Names) -> Iterator[Entry]:
        """Lines of the 支出の部: those of each 事業, then the lower block."""
        projects = charged(self.income.roots, self.places)
        yield from spending(self.plan.roots, self.joints, projects, called)
        lower = [node for block in self.spending.blocks[1:] for node in block]
        yield from reserves(lower, self.places, called)

    def receipts(self, called: Names) -> Iterator[Entry]:
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
    planned = project_plan.read(parts[Part.PLAN], year, findings)
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
    yield from project_plan.equations(found.plan)
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
    report(equations(found), findings)


def _ranks(roots: Sequence[Node]) -> dict[str, int]:
    """Level of each 区分 and of each name below one that no other heading bears."""
    headings = [node for root in roots for node in root.walk() if not node.is_item]
    often = Counter(name_key(node.name) for node in headings)
    below = [node for root in roots for node in root.children if not node.is_item]
    unique = {name_key(node.name): 1 for node in below if often[name_key(node.name)] == 1}
    return unique | {name_key(root.name): 0 for root in roots}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Equations that do not hold, and figures of which one, moved by `correction`, mends them all.

    Without suspects `equations` is a single one that no single figure mends.
    """

    equations: tuple[Equation, ...]
    suspects: tuple[tuple[Figure, int], ...]


def report(equations: Iterable[Equation], findings: Findings) -> None:
    """Tell every equation that does not hold."""
    for verdict in verdicts(tuple(equations)):
        messages.not_adding_up(findings, verdict.equations, verdict.suspects)


def verdicts(equations: Sequence[Equation]) -> Iterator[Verdict]:
    """Verdicts that together explain every equation that does not hold, the widest first.

    A document of which nothing adds up is told by the first fifty.
    """
    held = _held(equations)
    left = {id(each): each for each in equations if each.missing}
    for _ in range(_MOST):
        if not left:
            return
        verdict = _widest(left, held)
        for each in verdict.equations:
            left.pop(id(each), None)
        yield verdict


_MOST = 50

_Held = dict[Figure, list[tuple[Equation, int]]]
"""Equations of each figure, with what would have to be added to it, were it alone wrong."""


def _held(equations: Sequence[Equation]) -> _Held:
    held: _Held = {}
    for each in equations:
        missing = each.missing
        for side, correction in ((each.left, -missing), (each.right, missing)):
            for figure in side:
                held.setdefault(figure, []).append((each, correction))
    return held


def _widest(left: Mapping[int, Equation], held: _Held) -> Verdict:
    """The figures that explain most of what is left."""
    explained: dict[tuple[int, ...], list[tuple[Figure, int]]] = {}
    for figure, of in held.items():
        corrections = {correction for _, correction in of}
        told = tuple(id(each) for each, _ in of if id(each) in left)
        if told and len(corrections) == 1:
            explained.setdefault(told, []).append((figure, corrections.pop()))
    if not explained:
        return Verdict(equations=(next(iter(left.values())),), suspects=())
    most = max(explained, key=len)
    return Verdict(equations=tuple(left[each] for each in most), suspects=tuple(explained[most]))
