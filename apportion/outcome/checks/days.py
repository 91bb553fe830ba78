"""納期限 and 発行日 on days when offices and banks are closed."""

from collections.abc import Iterator
from datetime import date, timedelta

from apportion.allocate.instalments import is_closed, is_known, move
from apportion.core.problem import Problem, Source, tell
from apportion.core.year import parse_date, wareki
from apportion.outcome.workspace import Workspace
from apportion.rules.book import Remark, RuleBook, RuleFile, Scope
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


def issued_on_closed_days(workspace: Workspace) -> Iterator[Problem]:
    """発行日 that is no working day."""
    told: set[Source] = set()
    for file in workspace.book.files:
        for line in workspace.book.scope(file).invoice("発行日"):
            found = _closed_issue(line, _first_dues(file, workspace.book))
            if found and line.source not in told:
                told.add(line.source)
                yield tell("W443", line.source, day=_named(found[0]), new=found[1])


def _closed_issue(line: Remark, dues: list[date]) -> tuple[date, str] | None:
    """The closed day, and 発行日 as it is written for a working day: an earlier one before 納期限."""
    before = days_before_due(line.text)
    if before is None:
        day = parse_date(line.text)
        closed = day is not None and is_known(day) and is_closed(day)
        return (day, wareki(move(day, "翌営業日"))) if day and closed else None
    day = next((d for due in dues if is_closed(d := due - timedelta(days=before))), None)
    later = range(before + 1, before + _FURTHEST)
    open_on = (n for n in later if not any(is_closed(due - timedelta(days=n)) for due in dues))
    new = next(open_on, None)
    return (day, f"納期限の{new}日前") if day and new else None


def _first_dues(file: RuleFile, book: RuleBook) -> list[date]:
    """納期限 that 発行日 counts from: the first one of a year, or each where each 期 has a bill."""
    scope = book.scope(file)
    plans = (scope.dues(expense) for expense in file.expenses)
    found = {
        move(due.day, scope.holiday())
        for plan in plans
        if plan
        for due in plan.dues
        if is_known(due.day)
    }
    each = any(line.text == UNITS[1] for line in scope.invoice("請求の単位"))
    return sorted(found) if each else sorted(found)[:1]


def _named(day: date) -> str:
    """`令和7年8月31日（日）`."""
    return f"{wareki(day)}（{_WEEK[day.weekday()]}）"
