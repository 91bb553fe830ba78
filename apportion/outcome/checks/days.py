"""納期限 and 発行日 on days when offices and banks are closed."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, timedelta

from apportion.allocate.instalments import Instalment, is_closed, is_known, move
from apportion.core.problem import Problem, Source, tell
from apportion.core.sums import grouped
from apportion.core.year import parse_date, wareki
from apportion.outcome.workspace import Workspace
from apportion.rules.book import RuleBook, Scope
from apportion.rules.nodes import Due
from apportion.rules.read import days_before_due
from apportion.rules.read.terms import UNITS

_WEEK = "月火水木金土日"
_FURTHEST = 30


def due_on_closed_days(workspace: Workspace) -> Iterator[Problem]:
    """納期限 that 休日 moves though nobody has written it, or that stay where nobody can pay."""
    for file in workspace.book.files:
        scope = workspace.book.scope(file)
        own = (file.head.dues, *(expense.own.dues for expense in file.expenses))
        for due in (due for plan in own if plan for due in plan.dues):
            if is_known(due.day) and is_closed(due.day):
                yield from _closed_due(due, scope)


def _closed_due(due: Due, scope: Scope) -> Iterator[Problem]:
    said = any(file.holiday for file in scope.files)
    day, following = _named(due.day), _named(move(due.day, "翌営業日"))
    if move(due.day, scope.holiday()) == due.day:
        yield tell("W442.stays", due.source, number=due.number, day=day, next=following)
    elif not said:
        yield tell("W442", due.source, number=due.number, day=day, next=following)


def issued_on_closed_days(
    book: RuleBook, instalments: Callable[[], Sequence[Instalment]]
) -> Iterator[Problem]:
    """発行日 of bills that is no working day; `instalments` are only asked where that may be."""
    told: set[Source] = set()
    for account, scope in book.by_paper.items():
        for line in scope.invoice("発行日"):
            before = days_before_due(line.text)
            found = _fixed(line.text)
            if before is not None and any(map(is_closed, _days(_any_dues(book), before))):
                own = [part for part in instalments() if part.account == account]
                found = _counted(_billed(scope, own), before)
            if found and line.source not in told:
                told.add(line.source)
                yield tell("W443", line.source, day=_named(found[0]), new=found[1])


def _fixed(text: str) -> tuple[date, str] | None:
    """A closed day, and 発行日 as it is written for the working day after it."""
    day = parse_date(text)
    closed = day is not None and is_known(day) and is_closed(day)
    return (day, wareki(move(day, "翌営業日"))) if day and closed else None


def _counted(dues: Collection[date], before: int) -> tuple[date, str] | None:
    """The same where it counts from 納期限: so many days more that all bills have working days."""
    day = next(filter(is_closed, _days(dues, before)), None)
    more = range(before + 1, before + _FURTHEST)
    new = next((n for n in more if not any(map(is_closed, _days(dues, n)))), None)
    return (day, f"納期限の{new}日前") if day and new else None


def _days(dues: Collection[date], before: int) -> list[date]:
    return [due - timedelta(days=before) for due in sorted(dues)]


def _billed(scope: Scope, instalments: Sequence[Instalment]) -> set[date]:
    """納期限 that 発行日 counts from: the first one of a payer, or each where each 期 has a bill."""
    dated = [(part.code, part.day) for part in instalments if part.day]
    if any(line.text == UNITS[1] for line in scope.invoice("請求の単位")):
        return {day for _, day in dated}
    return {min(days) for days in grouped(dated).values()}


def _any_dues(book: RuleBook) -> set[date]:
    """All 納期限 that may be meant."""
    return {
        move(due.day, book.scope(file).holiday())
        for file in book.files
        for expense in file.expenses
        for plan in (book.scope(file).dues(expense),)
        for due in (plan.dues if plan else ())
        if is_known(due.day)
    }


def _named(day: date) -> str:
    """`令和7年8月31日（日）`."""
    return f"{wareki(day)}（{_WEEK[day.weekday()]}）"
