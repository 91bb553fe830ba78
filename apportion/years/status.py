"""Where a year stands: acts, issues, what is billed and paid, what changed since, and what comes next."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.core.dataclass import dataclass
from apportion.core.model import Act, Payment, Tables
from apportion.core.problem import InputError, Level, Problem, grave
from apportion.core.sums import grouped, summed
from apportion.core.year import FIRST, SETTLED, Case, Edition, FiscalYear, act_name, folder_name
from apportion.outcome.checks.bills import issue_days
from apportion.outcome.computation import Examined, conclude, examine_edition
from apportion.outcome.issued import ACCOUNTS, BILLS, TERMS, Issue, Issues, notice
from apportion.outcome.outcome import Outcome
from apportion.outcome.receipts import Net, OpenRest, Standing, nets, overdue, standings, to_repay
from apportion.outcome.settled import difference_of
from apportion.outcome.workspace import Workspace, load
from apportion.outputs.publish import OUTPUTS
from apportion.rules.book import DECIDED, STATES
from apportion.tables.revision import act_of, editions
from apportion.years.carried import of_check
from apportion.years.issues.reissue import beside
from apportion.years.settle.compute import settle


class Forecast(NamedTuple):
    """What an act that is not sealed comes to by the tables of today; of 精算 `yen` is the difference."""

    bodies: int
    yen: int


class ActStanding(NamedTuple):
    """An act with the issue that holds for it, what was withdrawn of it, and by what.

    `behind` are rule files that are not 議決 though the table 決定 says so of the act.
    """

    case: Case
    state: str
    act: Act | None
    issue: Issue | None
    withdrawn: tuple[tuple[Issue, Issue], ...] = ()
    behind: tuple[str, ...] = ()
    forecast: Forecast | None = None

    @property
    def name(self) -> str:
        """`当初`, `補正第1号`, `精算`."""
        return act_name(self.case)

    @property
    def difference(self) -> int | None:
        """What a sealed 精算 pays back (negative) or asks for; None for bills."""
        if self.issue is None or self.case != SETTLED:
            return None
        return sum(row.difference for row in self.issue.settlement())


class TermStanding(NamedTuple):
    """A 期 by its 納期限: yen that all owe, paid, and how many have something open."""

    label: str
    day: date | None
    owed: int
    paid: int
    open: int
    bodies: int


class NextStep(NamedTuple):
    """What comes next: its kind, what it is about, and its last day where it has one.

    Kinds: check, cautions, decide, seal, send, changed, resettled, offset, repay, overdue, due, settle, new-year.
    `number` are problems or bodies, `yen` what is open, `of` the bodies, those with most first. `act` is what
    is to be decided.
    """

    kind: str
    about: str = ""
    until: date | None = None
    number: int = 0
    yen: int = 0
    of: tuple[tuple[str, int], ...] = ()
    act: ActStanding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearStatus:
    """All of it. `basis` is the issue that bills and payments follow; None: computed from the tables.

    `changed` are the bodies whose bill is another one now than was sealed, a line each; `resettled`
    those whose difference of a sealed 精算 is. `offset` and `repay` are what is too much: to be set
    against what is open of the same body, and to be paid back.
    """

    year: FiscalYear
    today: date
    acts: tuple[ActStanding, ...]
    basis: Issue | None
    terms: tuple[TermStanding, ...]
    paid_until: date | None
    offset: int
    repay: int
    changed: tuple[str, ...]
    resettled: tuple[str, ...]
    problems: tuple[Problem, ...]
    steps: tuple[NextStep, ...]


def status(root: Path, year: FiscalYear, today: date) -> YearStatus:
    """Where a year stands on a day. Raises `OutputError` where an issue is damaged."""
    found = _Year.of(root, year, today)
    return YearStatus(
        year=year,
        today=today,
        acts=found.acts,
        basis=found.basis,
        terms=found.terms,
        paid_until=max((payment.day for payment in found.payments), default=None),
        offset=sum(offset.yen for net in found.nets for offset in net.offsets),
        repay=-sum(rest.yen for rest in to_repay(found.nets)),
        changed=found.changed,
        resettled=found.resettled,
        problems=found.problems,
        steps=tuple(found.steps()),
    )


@dataclass(frozen=True)
class _Year:
    """A year on a day, each of its sides worked out once."""

    root: Path
    workspace: Workspace
    issues: Issues
    today: date
    present: Edition | None
    examined: Examined

    @classmethod
    def of(cls, root: Path, year: FiscalYear, today: date) -> "_Year":
        """`present` is the budget that work goes on with: the first that is not sealed, else the last."""
        workspace, issues = load(root, year), Issues.of(root, year)
        budgets = _budgets(workspace)
        waiting = [case for case in budgets if issues.latest(case) is None]
        present = waiting[0] if waiting else budgets[-1]
        examined = examine_edition(workspace, present, issues)
        return cls(root, workspace, issues, today, present, examined)

    @cached_property
    def basis(self) -> Issue | None:
        return self.issues.newest()

    @property
    def payments(self) -> Sequence[Payment]:
        return self.workspace.tables.payments if self.workspace.tables else ()

    @cached_property
    def computed(self) -> Outcome | None:
        """The present budget; None where the inputs are at fault."""
        return None if grave(self.examined.problems) else conclude(self.examined)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What `check` tells; of amounts that are others than sealed there are lines of their own."""
        found = of_check(self.root, self.examined)
        return tuple(problem for problem in found if problem.code != "W881")

    @cached_property
    def settled(self) -> Outcome | None:
        """精算 by the tables of today; None where it cannot be settled: `settle` says why."""
        with suppress(InputError):
            return settle(self.root, self.workspace.year, self.issues)
        return None

    def heir(self, code: str) -> str:
        tables = self.workspace.tables
        return tables.heir(code).code if tables and code in tables.by_code else code

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """As `show payments` has them."""
        if self.basis:
            billed: Sequence[Instalment] = self.basis.instalments()
        else:
            billed = self.computed.instalments if self.computed else ()
        return standings(billed, self.payments, self.heir)

    @cached_property
    def nets(self) -> tuple[Net, ...]:
        return nets(self.standings, self.heir)

    @cached_property
    def terms(self) -> tuple[TermStanding, ...]:
        return tuple(_terms(self.standings))

    @cached_property
    def acts(self) -> tuple[ActStanding, ...]:
        known: list[Case] = [*_budgets(self.workspace)]
        tables, over = self.workspace.tables, self.today > self.workspace.year.last_day
        settled = self.issues.history(SETTLED) or (tables and act_of(tables, SETTLED))
        if settled or (_settles(self.workspace) and over):
            known.append(SETTLED)
        return tuple(map(self._act, known))

    def _act(self, case: Case) -> ActStanding:
        tables = self.workspace.tables
        issue = self.issues.latest(case)
        by = {one.withdraws: one for one in self.issues if one.withdraws is not None}
        own = self.issues.history(case)
        act = act_of(tables, str(case or FIRST)) if tables else None
        return ActStanding(
            case=case,
            state=_state(self.workspace, tables, case),
            act=act,
            issue=issue,
            withdrawn=tuple((one, by[one.number]) for one in own if one.number in by),
            behind=tuple(_behind(self.workspace)) if case is None and act else (),
            forecast=None if issue else self._forecast(case),
        )

    def _forecast(self, case: Case) -> Forecast | None:
        if case == SETTLED:
            settled = self.settled.settled if self.settled else None
            return (
                Forecast(len(settled.by_member), difference_of(settled.rows)) if settled else None
            )
        if case != self.present or self.computed is None:
            return None
        return Forecast(len(self.computed.members), self.computed.total)

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """Lines of the bodies whose sealed bill is another one by the tables of today."""
        if self.basis is None:
            return ()
        computed = self.computed
        if self.basis.edition != self.present:
            examined = examine_edition(self.workspace, self.basis.edition, self.issues)
            computed = None if grave(examined.problems) else conclude(examined)
        return _beside(computed, self.root)

    @cached_property
    def resettled(self) -> tuple[str, ...]:
        """Lines of the bodies whose sealed difference is another one by the tables of today."""
        return _beside(self.settled, self.root) if self.issues.latest(SETTLED) else ()

    def steps(self) -> Iterator[NextStep]:
        """What comes next, in the order in which it is to be done."""
        for kind, level in (("check", Level.ERROR), ("cautions", Level.WARNING)):
            if number := sum(problem.level is level for problem in self.problems):
                yield NextStep(kind, number=number)
        yield from self._of_acts()
        yield from self._to_send()
        for kind, lines in (("changed", self.changed), ("resettled", self.resettled)):
            if lines:
                yield NextStep(kind, number=len(lines))
        if self.basis:
            yield from self._of_payments()
        yield from self._of_the_end()

    def _of_acts(self) -> Iterator[NextStep]:
        """The first budget that is not done."""
        for act in self.acts:
            if act.issue is None and act.case != SETTLED:
                yield _to_decide(act, *self._last_day(act))
                return

    def _last_day(self, act: ActStanding) -> tuple[str, date | None]:
        """Until when an act has to be decided, and why: no bill is older, and no 期 that is past changes."""
        parts = self.computed.instalments if self.computed else ()
        if act.case is None:
            issued = issue_days(self.workspace.book, parts).values()
            days = [("発行日", day) for day in issued]
            days += [(f"{part.label}の納期限", part.day) for part in parts if part.day]
        else:
            days = [
                (f"{part.label}の納期限", part.day)
                for part in parts
                if part.day and part.day > self.today
            ]
        return min(days, key=lambda own: own[1], default=("", None))

    def _to_send(self) -> Iterator[NextStep]:
        """Papers whose day is not past."""
        last = next(reversed(self.issues.standing()), None)
        days = paper_days(last) if last else ()
        if last and days and days[-1] >= self.today:
            yield NextStep("send", f"{last.path}/出力", days[-1], last.number)

    def _of_payments(self) -> Iterator[NextStep]:
        """As `show payments` lists them: 充当, 督促, 還付; then the next 納期限."""
        offsets = [(net.code, own.yen) for net in self.nets for own in net.offsets]
        if offsets:
            yield self._owing("offset", offsets)
        late = [rest for _, rest in overdue(self.nets, self.today)]
        yield from self._of_terms("overdue", late)
        if back := to_repay(self.nets):
            yield self._owing("repay", [(rest.standing.code, -rest.yen) for rest in back])
        coming = [rest for net in self.nets for rest in net.rests if rest.yen > 0]
        coming = [r for r in coming if r.standing.day and r.standing.day >= self.today]
        yield from [*self._of_terms("due", coming)][:1]

    def _of_terms(self, kind: str, rests: Iterable[OpenRest]) -> Iterator[NextStep]:
        by_term = grouped(
            ((r.standing.day or date.max, r.standing.number, r.standing.label), r) for r in rests
        )
        for (day, _, label), own in sorted(by_term.items(), key=lambda item: item[0]):
            owed = [(rest.standing.code, rest.yen) for rest in own]
            yield self._owing(kind, owed)._replace(about=label, until=day)

    def _owing(self, kind: str, owed: Iterable[tuple[str, int]]) -> NextStep:
        """A step about bodies, those first that have most."""
        of = sorted(summed(owed).items(), key=lambda own: (-own[1], own[0]))
        named = tuple((self._name(code), yen) for code, yen in of)
        return NextStep(kind, number=len(of), yen=sum(yen for _, yen in of), of=named)

    def _name(self, code: str) -> str:
        known = self.workspace.tables.by_code.get(code) if self.workspace.tables else None
        billed = self.basis.record[BILLS].get(code, {}) if self.basis else {}
        return known.name if known else billed.get("団体名", code)

    def _of_the_end(self) -> Iterator[NextStep]:
        """精算 after the year where the rules settle it, and the next year in its last quarter."""
        year = self.workspace.year
        waits = [act for act in self.acts if act.case == SETTLED and act.issue is None]
        if waits and self.today > year.last_day:
            made = (self.root / OUTPUTS / folder_name(year, SETTLED)).is_dir()
            closed = date(year.start + 1, 5, 31)
            yield (
                _to_decide(waits[0])
                if made and waits[0].forecast
                else NextStep("settle", "出納整理期間", closed, act=waits[0])
            )
        following = year + 1
        begun = (self.root / "rules" / following.code).is_dir()
        if self.today >= date(year.start + 1, 1, 1) and not begun:
            yield NextStep("new-year", following.code, year.last_day)


def paper_days(issue: Issue) -> list[date]:
    """Days of the papers of an issue, in order; of papers that it left as they were none."""
    bills = issue.record[BILLS].values()
    held = [own for bill in bills for own in (bill, *bill.get(ACCOUNTS, {}).values())]
    papers = [paper for bill in held for paper in (bill, *bill.get(TERMS, {}).values())]
    days = {day for paper in papers if (day := notice(paper).issued)}
    return sorted(day for day in days if issue.acted is None or day >= issue.acted)


def _to_decide(act: ActStanding, why: str = "", until: date | None = None) -> NextStep:
    voted = act.act.state if act.act else act.state
    return NextStep("seal" if voted == DECIDED else "decide", why, until, act=act)


def _beside(outcome: Outcome | None, root: Path) -> tuple[str, ...]:
    comparison = beside(outcome, root) if outcome else None
    return tuple(comparison.changed()) if comparison else ()


def _budgets(workspace: Workspace) -> list[Edition | None]:
    return [None, *(editions(workspace.tables) if workspace.tables else ())]


def _settles(workspace: Workspace) -> bool:
    """Whether the rules say where a difference goes."""
    return any(file.settlement for file in workspace.book.files)


def _state(workspace: Workspace, tables: Tables | None, case: Case) -> str:
    """状態 of an act; that of the first budget is the least of its rule files, too."""
    if case is None or tables is None:
        return workspace.book.state
    act = act_of(tables, str(case))
    return act.state if act else STATES[1]


def _behind(workspace: Workspace) -> Iterator[str]:
    """Rule files that call themselves less than 議決."""
    for file in workspace.book.files:
        if file.state_source.text and file.state != DECIDED:
            yield file.source.file


def _terms(found: Iterable[Standing]) -> Iterator[TermStanding]:
    """Days in order; 期 without a day last."""
    by_term = grouped(((one.day or date.max, one.number, one.label), one) for one in found)
    for (_, _, label), own in sorted(by_term.items(), key=lambda item: item[0]):
        yield TermStanding(
            label=label,
            day=own[0].day,
            owed=sum(one.owed for one in own),
            paid=sum(one.paid for one in own),
            open=sum(max(one.open, 0) for one in own),
            bodies=sum(one.open > 0 for one in own),
        )
