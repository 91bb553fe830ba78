"""Words of a rule, and amounts beside it, that would have no effect: refused, or told."""

from collections.abc import Iterator, Mapping

from apportion.allocate.arith import names_in
from apportion.allocate.base import DEDUCTED
from apportion.allocate.columns import as_of
from apportion.allocate.worth import names_of
from apportion.core.model import BudgetLine
from apportion.core.problem import Problem, tell
from apportion.core.text import name_key
from apportion.outcome.settled import FINAL
from apportion.outcome.workspace import Workspace
from apportion.rules.book import COMMON, Expense, RuleBook, RuleFile, Scope, stem
from apportion.rules.nodes import EQUAL, Clause, Flat, Name, OwnFormula, SameAs, Split, Stage


def without_effect(workspace: Workspace) -> Iterator[Problem]:
    """What stands in a rule and would not be done."""
    book = workspace.book
    for file in book.common:
        for bound in file.head.bounds:
            key = "上限" if bound.upper else "下限"
            yield tell("W428.common", bound.source, key=key)
    for file in book.files:
        for bound in file.head.bounds:
            if isinstance(bound.limit, OwnFormula):
                yield tell("W428.head", bound.limit.source)
        yield from _never_settled(file, book.scope(file))
        for expense in file.expenses:
            yield from _not_taken_off(expense)
            if expense.own.bounds and book.scope(file).rounding(expense).stage is Stage.DRIVER:
                key = "上限" if expense.own.bounds[0].upper else "下限"
                yield tell("W428.stage", expense.own.bounds[0].source, key=key)


def _never_settled(file: RuleFile, scope: Scope) -> Iterator[Problem]:
    """精算は（…） where nothing is settled."""
    if file.project.text == COMMON:
        return
    if any(other.settlement for other in scope.files):
        return
    for own in (file.head, *(expense.own for expense in file.expenses)):
        for bind in own.binds:
            if bind.settled:
                yield tell("W428.settled", bind.source, name=bind.alias.text)


def _not_taken_off(expense: Expense) -> Iterator[Problem]:
    """差し引く beside a 対象 that does not speak of it."""
    named = {name_key(name.text) for name in names_in(expense.base)} if expense.base else set()
    for deduct in expense.deducts:
        by_column = deduct.amount is None and name_key(deduct.name.text) in named
        if expense.base and not by_column and not named & set(DEDUCTED):
            yield tell("W428.deduct", deduct.source)


def unnamed_figures(workspace: Workspace) -> Iterator[Problem]:
    """A column of 基礎数値 that no rule could name: 均等割 is taken, 「」 ends a name, two are one."""
    columns = workspace.tables.figures if workspace.tables else ()
    seen: set[tuple[str, str]] = set()
    for column in columns:
        key = (stem(column.name), as_of(column.as_of, workspace.year))
        if key[0] == stem(EQUAL) or set(column.name) & set("「」"):
            yield tell("W440", column.source, heading=column.name)
        elif key in seen:
            name, said = column.name, column.as_of
            yield tell("W440.same", column.source, heading=name, name=name, as_of=said)
        seen.add(key)


def unused_amounts(workspace: Workspace) -> Iterator[Problem]:
    """A yen column of the budget that no rule takes off or counts; or not for the 経費 of its row."""
    if workspace.tables is None:
        return
    book = workspace.book
    named = {
        key
        for file in book.files
        for expense in file.expenses
        for key in _amounts_named(expense, book.scope(file))
    }
    told: set[str] = set()
    for line in workspace.tables.budget:
        for heading, yen in line.columns.items():
            key = name_key(heading)
            if "補正" in key or _is_final(key):
                continue
            if key not in named | told:
                told.add(key)
                yield tell("W435", line.cells.get(heading, line.source), heading=heading)
            elif key in named and yen:
                yield from _not_for_this(line, heading, book)


def _not_for_this(line: BudgetLine, heading: str, book: RuleBook) -> Iterator[Problem]:
    """An amount in the row of a 経費 whose own rule does not name the column."""
    file = book.by_project.get(name_key(line.project))
    expense = _ruling(file, line) if file and not file.unread else None
    if file and expense and name_key(heading) not in _amounts_named(expense, book.scope(file)):
        place = line.cells.get(heading, line.source)
        yield tell("W435.line", place, heading=heading, line=line.name)


def _ruling(file: RuleFile, line: BudgetLine) -> Expense | None:
    """The ■経費 of a budget line: that of its name, else ほかの経費すべて."""
    by_name: Mapping[str, Expense] = {
        name_key(name.text): expense for expense in file.expenses for name in expense.names
    }
    rest = next((expense for expense in file.expenses if not expense.names), None)
    return by_name.get(name_key(line.name), rest)


def _is_final(key: str) -> bool:
    """決算額, and 特定財源 決算 beside 特定財源: only `settle` uses them."""
    return key == FINAL or key.endswith("決算")


def _amounts_named(expense: Expense, scope: Scope) -> set[str]:
    """What a 経費 takes off, counts, or has in a formula that its 負担割合 rests on."""
    found = {deduct.name.text for deduct in expense.deducts}
    if expense.base is not None:
        found |= {name.text for name in names_in(expense.base)}
    waiting = [name for clause in expense.clauses for name in _figures(clause)]
    waiting += [b.limit for b in expense.own.bounds if isinstance(b.limit, OwnFormula)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if (key := stem(name.text)) in seen:
            continue
        seen.add(key)
        if table := scope.tables.get(key):
            waiting += names_of(table)
        else:
            found.add(name.text)
    return set(map(name_key, found))


def _figures(clause: Clause) -> tuple[Name, ...]:
    """What one 負担割合 goes by."""
    if isinstance(clause, Split):
        return tuple(weight.driver for weight in clause.weights)
    return () if isinstance(clause, SameAs | Flat) else (clause.figure,)
