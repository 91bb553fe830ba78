"""A document as read: two trees, checked against themselves and each other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, Problem, Source, tell
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.imports.budget import accounts, joining, project_plan
from apportion.imports.budget.accounts import AccountSection
from apportion.imports.budget.document import DocumentLine
from apportion.imports.budget.headings import DocumentPart, split, year_of
from apportion.imports.budget.joining import (
    BudgetRow,
    Joint,
    Names,
    Places,
    charged,
    income,
    places,
    reserves,
    spending,
)
from apportion.imports.budget.words import (
    YEARS,
    BudgetNode,
    Figure,
    PrintedSum,
    SumKind,
    equation,
    spot,
    written,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetDocument:
    """What was found; `ranks` are the levels of 区分 and 事業 by folded name."""

    year: FiscalYear
    plan: project_plan.ProjectPlan
    income: AccountSection
    spending: AccountSection
    joints: Mapping[BudgetNode, Joint]

    @property
    def places(self) -> Places:
        """Names of 区分 and 事業."""
        return places(self.plan.roots)

    def budget(self, called: Names) -> Iterator[BudgetRow]:
        """Lines of the 支出の部: those of each 事業, then the lower block."""
        projects = charged(self.income.roots, self.places)
        yield from spending(self.plan.roots, self.joints, projects, called)
        lower = [node for block in self.spending.blocks[1:] for node in block]
        yield from reserves(lower, self.places, called)

    def receipts(self, called: Names) -> Iterator[BudgetRow]:
        """Lines of the 収入の部."""
        yield from income(self.income.roots, self.places, called)


def read(
    lines: Sequence[DocumentLine], asked: FiscalYear, name: str, findings: Findings
) -> BudgetDocument | None:
    """The document; None, with a problem, where a part of it is missing."""
    year, whole = year_of(lines) or asked, Source(file=name)
    if year not in {asked, asked + 1}:
        findings.add(wrong_year(whole, year, asked))
        return None
    parts = split(lines)
    planned = project_plan.read(parts[DocumentPart.PLAN], year, findings)
    ranks = _ranks(planned.roots)
    received, unit = accounts.read(parts[DocumentPart.INCOME], year, findings, None)
    spent, _ = accounts.read(parts[DocumentPart.SPENDING], year, findings, unit)
    if not planned.roots:
        findings.add(tell("W802", whole))
    for part, rows in ((DocumentPart.INCOME, received), (DocumentPart.SPENDING, spent)):
        if not rows:
            findings.add(tell("W802.table", whole, part=part.value))
    if not (planned.roots and received and spent):
        return None
    receipts = accounts.section(DocumentPart.INCOME.value, received, ranks, spent=False)
    expenses = accounts.section(DocumentPart.SPENDING.value, spent, ranks, spent=True)
    joints = joining.joined(planned.roots, expenses.blocks[0], findings)
    return BudgetDocument(
        year=year, plan=planned, income=receipts, spending=expenses, joints=joints
    )


def wrong_year(whole: Source, year: FiscalYear, asked: FiscalYear) -> Problem:
    """That the document has no budget of the year that was asked for."""
    return tell("W803", whole, document=year.label, year=asked.label, code=year, before=year + -1)


def equations(found: BudgetDocument) -> Iterator[PrintedSum]:
    """Everything that must add up or agree."""
    yield from project_plan.equations(found.plan)
    yield from accounts.equations(found.income)
    yield from accounts.equations(found.spending)
    yield from joining.equations(found.joints.values())
    left, right = found.income.total, found.spending.total
    if left and right:
        for column in YEARS:
            yield from equation(SumKind.BALANCE, "収入の部と支出の部の合計", left, (right,), column)


def judge(found: BudgetDocument, findings: Findings) -> None:
    """Tell what is not printed, and what does not add up."""
    for part in (found.income, found.spending):
        accounts.report_gaps(part, findings)
    report(equations(found), findings)


def _ranks(roots: Sequence[BudgetNode]) -> dict[str, int]:
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

    equations: tuple[PrintedSum, ...]
    suspects: tuple[tuple[Figure, int], ...]


def report(equations: Iterable[PrintedSum], findings: Findings) -> None:
    """Tell every equation that does not hold."""
    for verdict in verdicts(tuple(equations)):
        _not_adding_up(findings, verdict.equations, verdict.suspects)


def verdicts(equations: Sequence[PrintedSum]) -> Iterator[Verdict]:
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

_Held = dict[Figure, list[tuple[PrintedSum, int]]]
"""Equations of each figure, with what would have to be added to it, were it alone wrong."""


def _held(equations: Sequence[PrintedSum]) -> _Held:
    return grouped(
        (figure, (each, correction))
        for each in equations
        for side, correction in ((each.left, -each.missing), (each.right, each.missing))
        for figure in side
    )


def _widest(left: Mapping[int, PrintedSum], held: _Held) -> Verdict:
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


_MOST = 20


def _not_adding_up(
    findings: Findings, equations: Sequence[PrintedSum], suspects: Sequence[tuple[Figure, int]]
) -> None:
    """Equations that do not hold, and the figures that may be wrong."""
    first = equations[0]
    kind = first.kind
    figures = [figure for figure, _ in suspects] or [*first.left, *first.right]
    what = "、".join(dict.fromkeys(_difference(each) for each in equations[:3]))
    mends = "、".join(
        f"{spot(f.source)}が {written(f.yen + by, f.unit)}" for f, by in suspects[:_MOST]
    )
    findings.add(
        tell(
            "W804" if kind is SumKind.SUM else "W805" if kind is SumKind.CROSSING else "W806",
            figures[0].source,
            what=what,
            doubt="この額が違う" if len(figures) == 1 else "次のどれかが違う",
            figures="、".join(figure.printed for figure in figures[:_MOST]),
            mend=f"{mends} なら合います。" if mends else "公表の額と見比べてください。",
        )
    )


def _difference(equation: PrintedSum) -> str:
    left, right = (sum(f.yen for f in side) for side in (equation.left, equation.right))
    return f"{equation.name}が合いません（{left:,}円と{right:,}円、差 {abs(left - right):,}円）"
