"""From a workspace to its outcome: resolve, share, bound, round, assert, reconcile."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from apportion.allocate.case import Case, Charge, LineResult
from apportion.allocate.instalments import Instalment, by_payer, instalments
from apportion.allocate.payers import Payers
from apportion.core.dataclass import dataclass
from apportion.core.model import Tables
from apportion.core.problem import Findings, InputError, Level, Problem, grave
from apportion.core.year import Edition, FiscalYear
from apportion.forms.files import FORMS, named
from apportion.outcome.charging import line_results, resolved, with_lines_behind
from apportion.outcome.checks import check, merger, midyear
from apportion.outcome.checks.amounts import Assertions, ExpenseCases, blocks, income_agrees
from apportion.outcome.checks.bills import beside_bills, may_renumber, renumbered
from apportion.outcome.checks.cautions import cautions
from apportion.outcome.checks.days import issued_on_closed_days
from apportion.outcome.issued import Issues, based_on, based_on_nothing, divided_otherwise
from apportion.outcome.outcome import Former, Outcome, Revision
from apportion.outcome.receipts import Receivables
from apportion.outcome.reconcile import equations, prove
from apportion.outcome.revision import after, revise
from apportion.outcome.seen import marked
from apportion.outcome.workspace import Workspace, load
from apportion.rules.book import ON_TOP, RuleBook
from apportion.tables.revision import case_before


@dataclass(frozen=True, slots=True)
class Examined:
    """Results (None: a fault keeps the line from being computed).

    `billed` are the charges by the 団体コード of who is invoiced; none where something is wrong.
    `revision` is what a 補正 changes, `spread` the instalments after it. `issued` are the instalments
    of the bills of this budget that are sealed: their 期 keep their numbers. `claims` are what payments
    are for, where that are not the instalments of this budget.
    """

    workspace: Workspace
    results: tuple[LineResult | None, ...]
    billed: Mapping[str, tuple[Charge, ...]]
    problems: tuple[Problem, ...]
    spread: tuple[Instalment, ...] = ()
    revision: Revision | None = None
    issued: tuple[Instalment, ...] = ()
    claims: Receivables | None = None

    @property
    def instalments(self) -> tuple[Instalment, ...]:
        """What each payer pays by which day; worked out when asked for, as it needs the calendar."""
        tables = self.workspace.tables
        if self.revision or tables is None:
            return self.spread
        known = by_payer(self.issued, lambda code: tables.heir(code).code)
        return instalments(self.billed, self.workspace.book, known)

    @property
    def receivables(self) -> Receivables:
        """What payments are for: what was sealed last, else the first budget as computed."""
        return self.claims or Receivables(
            instalments=self.instalments,
            edition=self.workspace.edition,
            yearly=sum(charge.yen for own in self.billed.values() for charge in own),
        )


def compute(
    root: Path,
    year: FiscalYear,
    *,
    strict: bool = False,
    edition: Edition | None = None,
    issues: Issues | None = None,
) -> Outcome:
    """Outcome of a year, or of a 補正 of it.

    `issues` hold what was billed before (default: those sealed in `root`).
    Raises `InputError` with every problem, `ReconciliationError` on our fault.
    """
    examined = examine_year(root, year, edition, issues)
    if grave(examined.problems, strict=strict):
        raise InputError(examined.problems)
    return conclude(examined)


def examine_year(
    root: Path, year: FiscalYear, edition: Edition | None = None, issues: Issues | None = None
) -> Examined:
    """Read a year and examine it, or what a 補正 makes of it; `issues` as in `compute`."""
    return examine_edition(load(root, year), edition, issues or Issues.of(root, year))


def examine_edition(workspace: Workspace, edition: Edition | None, issues: Issues) -> Examined:
    """Examine the first budget, or what a 補正 makes of it; a fault before it is its fault as well."""
    if edition is None or workspace.tables is None:
        return examine(workspace, issues=issues)
    revised = after(workspace, edition)
    if revised.tables is None:
        return examine(revised)
    before, issue = case_before(workspace.tables, edition), issues.below(workspace.tables, edition)
    if issue is not None:
        based = _with(revised, based_on(revised, before, issue))
        return examine(based, issue.billed(), issues)
    # Nothing sealed: what the budget before it computes stands for what was billed.
    examined = examine_edition(workspace, before, issues)
    if grave(examined.problems):
        return examined
    former = conclude(examined).as_former()
    based = _with(revised, based_on_nothing(revised, former))
    return examine(based, former, issues, examined.receivables)


def _with(workspace: Workspace, problems: Iterable[Problem]) -> Workspace:
    return replace(workspace, problems=(*workspace.problems, *problems))


def examine(
    workspace: Workspace,
    former: Former | None = None,
    issues: Issues | None = None,
    claims: Receivables | None = None,
) -> Examined:
    """Compute what can be computed and collect everything that is wrong.

    `former` is what was billed before the 補正 that the workspace holds; `issues` are looked at for
    bills of the budget itself. `claims` are what payments are for where nothing is sealed.
    """
    findings = Findings()
    findings.extend(workspace.problems)
    findings.extend(check(workspace))
    if workspace.tables is None:
        return Examined(workspace, (), {}, findings.problems)
    cases = resolved(workspace, workspace.tables, findings)
    results = line_results(cases, findings)
    _assert(workspace, workspace.tables, list(cases), results, findings)
    done_lines = [result for result in results if result is not None]
    findings.extend(cautions(workspace.year, done_lines))
    billed: Mapping[str, tuple[Charge, ...]] = {}
    # 激変緩和 and bills need every line: beside a fault they would only tell what follows from it.
    if not findings.faults:
        results = with_lines_behind(workspace, workspace.tables, results, findings)
        findings.extend(midyear.notices(workspace, workspace.tables, results))
        findings.extend(merger.notices(workspace, workspace.tables, results))
        billed = _billed(workspace.tables, workspace.book, results, findings)
    done = _spread(workspace, results, billed, former, issues, findings)
    done = replace(done, claims=_claims(workspace.tables, issues) or claims)
    findings.extend(_beside(done))
    return replace(done, problems=marked(findings.problems, workspace.tables))


def _spread(
    workspace: Workspace,
    results: Sequence[LineResult | None],
    billed: Mapping[str, tuple[Charge, ...]],
    former: Former | None,
    issues: Issues | None,
    findings: Findings,
) -> Examined:
    """What is billed by when, in what was not billed before."""
    last = issues.latest(workspace.edition) if issues and billed else None
    issued = last.instalments() if last else ()
    before = (*issued, *(former.instalments if former else ()))
    if apart := divided_otherwise(workspace, before):
        findings.add(apart)
        return Examined(workspace, tuple(results), {}, ())
    change: Revision | None = None
    spread: tuple[Instalment, ...] = ()
    if former and billed:
        change, spread = revise(workspace, billed, former, issued, findings)
    return Examined(workspace, tuple(results), billed, (), spread, change, issued)


def _claims(tables: Tables, issues: Issues | None) -> Receivables | None:
    """What was sealed last; nobody asks for it where nothing is paid."""
    last = issues.newest() if issues and tables.payments else None
    return last.receivables() if last else None


def _beside(done: Examined) -> Iterator[Problem]:
    """What is wrong with what stands beside the bills: numbers of 期, payments, own forms."""
    workspace, tables = done.workspace, done.workspace.tables
    assert tables is not None
    if may_renumber(workspace.book):
        yield from renumbered(tables, workspace.book, done.billed, done.instalments)
    if done.billed and not done.revision:
        yield from issued_on_closed_days(workspace.book, lambda: done.instalments)
    if tables.payments:
        yield from beside_bills(tables, workspace.book, done.receivables)
    if any(line for key in FORMS.values() for line in named(workspace.book, key)):
        yield from _templates(workspace, tables, done)


def _templates(workspace: Workspace, tables: Tables, done: Examined) -> tuple[Problem, ...]:
    """What is wrong with the council's own forms."""
    # Loaded here: only a council with a form of its own needs it.
    from apportion.outcome.checks import forms  # noqa: PLC0415

    return tuple(forms.check(workspace, _most_terms(tables, done)))


def _most_terms(tables: Tables, done: Examined) -> int:
    """The largest number of 期 on one paper; a 変更通知書 has also those before the 補正."""
    parts = [part for part in done.instalments if part.day is not None]
    if done.revision:
        parts = [*done.instalments, *done.revision.former.instalments]
    rows = {(tables.heir(part.code).code, part.slot) for part in parts}
    return max(Counter((code, slot.account) for code, slot in rows).values(), default=0)


def _billed(
    tables: Tables, book: RuleBook, results: Sequence[LineResult | None], findings: Findings
) -> Mapping[str, tuple[Charge, ...]]:
    known = (result for result in results if result is not None)
    charges = (charge for result in known for charge in result.charges())
    return Payers(tables, book, findings).billed(charges)


def conclude(examined: Examined) -> Outcome:
    """Outcome of a sound examination, its equations proved; a false one is our fault."""
    workspace, billed = examined.workspace, examined.billed
    assert workspace.tables is not None
    results = tuple(result for result in examined.results if result is not None)
    found = equations(workspace.tables, results, billed, examined.instalments, workspace.book)
    prove(found)
    return Outcome(
        year=workspace.year,
        tables=workspace.tables,
        book=workspace.book,
        results=results,
        billed=billed,
        instalments=examined.instalments,
        equations=found,
        files=workspace.files,
        attached=workspace.attached,
        problems=examined.problems,
        revision=examined.revision,
        claims=examined.claims,
    )


def _assert(
    workspace: Workspace,
    tables: Tables,
    cases: Sequence[Case],
    results: Sequence[LineResult | None],
    findings: Findings,
) -> None:
    """検算 and 収入の部, without repeating in other words what is already known to be wrong."""
    before = findings.faults
    faulty = {p.source.file for p in findings.problems if p.level is Level.ERROR}
    whole = not any(file.startswith("members/") for file in faulty)
    assertions = Assertions(tables, workspace.book, findings, whole)
    sound: dict[int, bool] = {}
    for block in blocks(cases, results):
        sound |= dict.fromkeys(map(id, block.cases), _holds(assertions, block, findings))
    if any("budget" in file or "income" in file for file in faulty):
        return
    known = [result for result in results if result is not None and sound[id(result.case)]]
    if findings.faults == before and _counts_behind(workspace.book):
        known = [
            r for r in with_lines_behind(workspace, tables, known, Findings()) if r is not None
        ]
    income_agrees(tables, known, findings, whole=whole)


def _counts_behind(book: RuleBook) -> bool:
    """Whether 収入の部 holds more or less than the lines: what nobody pays of a 事業, or 消費税 on top."""
    return any(
        any(bound.waived for bound in file.head.bounds)
        or any(expense.tax == ON_TOP for expense in file.expenses)
        for file in book.files
    )


def _holds(assertions: Assertions, block: ExpenseCases, findings: Findings) -> bool:
    before = findings.faults
    assertions.check(block)
    return findings.faults == before
