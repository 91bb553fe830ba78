"""Where a year stands: acts, issues, what is billed and paid, what changed since, and what comes next."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.core.model import Act, Tables
from apportion.core.problem import InputError, Level, Problem, grave
from apportion.core.sums import grouped
from apportion.core.year import FIRST, SETTLED, Case, Edition, FiscalYear, act_name, folder_name
from apportion.outcome.computation import Examined, conclude, examine_edition
from apportion.outcome.issued import Issue, Issues
from apportion.outcome.receipts import Standing, standings
from apportion.outcome.workspace import Workspace, load
from apportion.outputs.publish import OUTPUTS
from apportion.rules.book import DECIDED, STATES
from apportion.tables.revision import act_of, editions
from apportion.years.issues.reissue import beside
from apportion.years.settle.compute import settle


class ActStanding(NamedTuple):
    """An act with the issue that holds for it, and those of it that were withdrawn."""

    case: Case
    state: str
    act: Act | None
    issue: Issue | None
    withdrawn: tuple[Issue, ...] = ()

    @property
    def name(self) -> str:
        """`当初`, `補正第1号`, `精算`."""
        return act_name(self.case)


class TermStanding(NamedTuple):
    """A 期 by its 納期限: yen that all owe, paid, and how many have something open."""

    number: int
    day: date | None
    owed: int
    paid: int
    open: int
    bodies: int


class NextStep(NamedTuple):
    """What comes next: its kind, what it is about, and its last day where it has one.

    Kinds: check, decide, seal, changed, resettled, overdue, due, settle, new-year; `number` are problems or
    bodies, `yen` what is open.
    """

    kind: str
    about: str = ""
    until: date | None = None
    number: int = 0
    yen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class YearStatus:
    """All of it. `basis` is the issue that bills and payments follow; None: computed from the tables.

    `changed` are the bodies whose bill is another one now than was sealed, a line each; `resettled`
    those whose difference of a sealed 精算 is.
    """

    year: FiscalYear
    acts: tuple[ActStanding, ...]
    basis: Issue | None
    terms: tuple[TermStanding, ...]
    paid_until: date | None
    repay: int
    changed: tuple[str, ...]
    resettled: tuple[str, ...]
    problems: tuple[Problem, ...]
    steps: tuple[NextStep, ...]


def status(root: Path, year: FiscalYear, today: date) -> YearStatus:
    """Where a year stands on a day. Raises `OutputError` where an issue is damaged."""
    workspace, issues = load(root, year), Issues.of(root, year)
    acts = tuple(_acts(workspace, issues, today))
    present = _present(acts)
    examined = examine_edition(workspace, present, issues)
    basis = issues.newest()
    payments = workspace.tables.payments if workspace.tables else ()
    found = standings(_billed(basis, examined), payments)
    terms = tuple(_terms(found))
    changed = tuple(_changed(root, workspace, examined, issues))
    resettled = tuple(_resettled(root, year, issues))
    problems = examined.problems
    return YearStatus(
        year=year,
        acts=acts,
        basis=basis,
        terms=terms,
        paid_until=max((payment.day for payment in payments), default=None),
        repay=-sum(one.open for one in found if one.open < 0),
        changed=changed,
        resettled=resettled,
        problems=problems,
        steps=tuple(
            _steps(
                root, workspace, acts, terms if basis else (), (changed, resettled), problems, today
            )
        ),
    )


def _acts(workspace: Workspace, issues: Issues, today: date) -> Iterator[ActStanding]:
    tables = workspace.tables
    known: list[Case] = [None, *(editions(tables) if tables else ())]
    settled = issues.history(SETTLED) or (tables and act_of(tables, SETTLED))
    if settled or (_settles(workspace) and today > workspace.year.last_day):
        known.append(SETTLED)
    gone = {issue.withdraws for issue in issues}
    for case in known:
        own = issues.history(case)
        yield ActStanding(
            case=case,
            state=_state(workspace, tables, case),
            act=act_of(tables, str(case or FIRST)) if tables else None,
            issue=issues.latest(case),
            withdrawn=tuple(issue for issue in own if issue.number in gone),
        )


def _settles(workspace: Workspace) -> bool:
    """Whether the rules say where a difference goes."""
    return any(file.settlement for file in workspace.book.files)


def _state(workspace: Workspace, tables: Tables | None, case: Case) -> str:
    """状態 of an act; that of the first budget is the least of its rule files, too."""
    if case is None or tables is None:
        return workspace.book.state
    act = act_of(tables, str(case))
    return act.state if act else STATES[1]


def _present(acts: Sequence[ActStanding]) -> Edition | None:
    """The budget that work goes on with: the first that is not sealed, else the last."""
    budgets = [(act.case, act.issue) for act in acts if act.case != SETTLED]
    waiting = [case for case, issue in budgets if issue is None]
    return waiting[0] if waiting else budgets[-1][0]


def _billed(basis: Issue | None, examined: Examined) -> Sequence[Instalment]:
    if basis:
        return basis.instalments()
    return () if grave(examined.problems) else examined.instalments


def _terms(found: Iterable[Standing]) -> Iterator[TermStanding]:
    """Days in order; 期 without a day last."""
    by_term = grouped(((one.number, one.day), one) for one in found)
    for (number, day), own in sorted(
        by_term.items(), key=lambda item: (item[0][1] or date.max, item[0][0])
    ):
        yield TermStanding(
            number=number,
            day=day,
            owed=sum(one.owed for one in own),
            paid=sum(one.paid for one in own),
            open=sum(max(one.open, 0) for one in own),
            bodies=sum(one.open > 0 for one in own),
        )


def _changed(root: Path, workspace: Workspace, examined: Examined, issues: Issues) -> Iterator[str]:
    """Lines of the bodies whose sealed bill is another one by the tables of today.

    `examined` is the budget that work goes on with: mostly the one that is sealed last.
    """
    basis = issues.newest()
    if basis is None:
        return
    if basis.edition != examined.workspace.edition:
        examined = examine_edition(workspace, basis.edition, issues)
    if not grave(examined.problems):
        comparison = beside(conclude(examined), root)
        yield from comparison.changed() if comparison else ()


def _resettled(root: Path, year: FiscalYear, issues: Issues) -> Iterator[str]:
    """Lines of the bodies whose sealed difference is another one by the tables of today."""
    if issues.latest(SETTLED) is None:
        return
    with suppress(InputError):  # it cannot be settled now: `settle` says why
        comparison = beside(settle(root, year, issues), root)
        yield from comparison.changed() if comparison else ()


def _steps(
    root: Path,
    workspace: Workspace,
    acts: Sequence[ActStanding],
    terms: Sequence[TermStanding],
    changed: tuple[Sequence[str], Sequence[str]],
    problems: Sequence[Problem],
    today: date,
) -> Iterator[NextStep]:
    errors = sum(problem.level is Level.ERROR for problem in problems)
    if errors:
        yield NextStep("check", number=errors)
    yield from _of_acts(acts)
    for kind, lines in zip(("changed", "resettled"), changed, strict=True):
        if lines:
            yield NextStep(kind, number=len(lines))
    yield from _of_terms(terms, today)
    yield from _of_the_end(root, workspace, acts, today)


def _of_acts(acts: Sequence[ActStanding]) -> Iterator[NextStep]:
    """The first budget that is not done."""
    for act in acts:
        if act.issue is None and act.case != SETTLED:
            yield _to_seal(act)
            return


def _to_seal(act: ActStanding) -> NextStep:
    kind = "seal" if act.state == DECIDED else "decide"
    return NextStep(kind, str(act.case or ""), act.act.day if act.act else None)


def _of_terms(terms: Sequence[TermStanding], today: date) -> Iterator[NextStep]:
    for term in terms:
        if term.day and term.open and term.day < today:
            yield NextStep("overdue", f"第{term.number}期", term.day, term.bodies, term.open)
    following = [term for term in terms if term.day and term.day >= today and term.open]
    for term in following[:1]:
        yield NextStep("due", f"第{term.number}期", term.day, term.bodies, term.open)


def _of_the_end(
    root: Path, workspace: Workspace, acts: Sequence[ActStanding], today: date
) -> Iterator[NextStep]:
    """精算 after the year where the rules settle it, and the next year in its last quarter."""
    year = workspace.year
    waits = [act for act in acts if act.case == SETTLED and act.issue is None]
    if waits and today > year.last_day:
        made = (root / OUTPUTS / folder_name(year, SETTLED)).is_dir()
        yield _to_seal(waits[0]) if made else NextStep("settle")
    following = year + 1
    if today >= date(year.start + 1, 1, 1) and not (root / "rules" / following.code).is_dir():
        yield NextStep("new-year", following.code, year.last_day)
