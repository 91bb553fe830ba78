"""Checks across files: a list of small functions, each yielding what it finds wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from apportion.allocate.arith import has_sum, names_in
from apportion.core.problem import Problem, Source, tell
from apportion.core.text import name_key
from apportion.outcome.checks.bills import (
    complete,
    decided_in_time,
    difference_beside_rest,
    due_in_year,
    issued_again_later,
    issued_in_time,
    one_tax_line,
    registered,
    seal,
    unknown_holidays,
    whole_tax,
    whose,
)
from apportion.outcome.checks.days import due_on_closed_days
from apportion.outcome.checks.effect import unnamed_figures, unused_amounts, without_effect
from apportion.outcome.checks.texts import (
    balances_have_a_project,
    drawings_are_there,
    endless_groups,
    examples,
    forgotten_adjustments,
    undecided,
    unsaid,
)
from apportion.outcome.workspace import Workspace
from apportion.rules import spell
from apportion.rules.book import COMMON, Bind, RuleFile, stem
from apportion.rules.nodes import EQUAL, Mode, Name, RestOrder, Stage

Check = Callable[[Workspace], Iterator[Problem]]


def year_of_folder(workspace: Workspace) -> Iterator[Problem]:
    """A rule file copied from another year."""
    for file in workspace.book.files:
        if file.year != workspace.year.code:
            yield tell(
                "W421", file.year_source, year=workspace.year.label, new=workspace.year.label
            )


def one_file_a_project(workspace: Workspace) -> Iterator[Problem]:
    """Two files for one 事業."""
    first: dict[str, RuleFile] = {}
    for file in workspace.book.files:
        if file.project.text == COMMON:
            continue
        other = first.setdefault(name_key(file.project.text), file)
        if other is not file:
            yield tell(
                "W422", file.project.source, project=file.project.text, file=other.source.file
            )


def whose_account(workspace: Workspace) -> Iterator[Problem]:
    """A 事業 without 会計 beside others that have one, or a 共通 for a 会計 that no 事業 is of."""
    ruling, book = workspace.book.by_project.values(), workspace.book
    known = {name_key(f.account.text): f.account.text for f in ruling if f.account}
    spoiled = any(problem.code == "W256" for problem in workspace.problems)
    others = "、".join(known.values()) or "ありません"
    for file in ruling if known and not (spoiled or book.unread) else ():
        if file.account is None:
            project = file.project.text
            yield tell("W256.missing", file.project.source, project=project, others=others)
    for file in book.common if not (spoiled or book.unread) else ():
        if file.account and name_key(file.account.text) not in known:
            name = file.account.text
            yield tell("W256.nobody", file.account.source, account=name, others=others)


def one_block_a_name(workspace: Workspace) -> Iterator[Problem]:
    """The same ■ name in two files: which one holds would depend on reading order."""
    first: dict[str, tuple[RuleFile, Name]] = {}
    for file in workspace.book.files:
        for name in _block_names(file):
            other, _ = first.setdefault(stem(name.text), (file, name))
            if other is not file:
                yield tell("W423", name.source, name=name.text, file=other.source.file)


def legal_basis(workspace: Workspace) -> Iterator[Problem]:
    """A 経費 whose rule names no 根拠 anywhere."""
    for file in workspace.book.files:
        scope = workspace.book.scope(file)
        for expense in file.expenses:
            if not scope.legal(expense):
                yield tell("W431", expense.source)


def one_meaning_a_name(workspace: Workspace) -> Iterator[Problem]:
    """X as a figure and X割 as a ■: two things under one name."""
    figures = (
        {stem(column.name) for column in workspace.tables.figures} if workspace.tables else set()
    )
    for file in workspace.book.files:
        bound = {stem(bind.alias.text) for bind in _binds(file)}
        for name in _block_names(file):
            if stem(name.text) in figures | bound:
                yield tell(
                    "W425",
                    name.source,
                    name=name.text,
                    stem=stem(name.text),
                    new=f"独自の{name.text}",
                )


def _binds(file: RuleFile) -> Iterator[Bind]:
    yield from file.head.binds
    for expense in file.expenses:
        yield from expense.own.binds


def mixed_measures(workspace: Workspace) -> Iterator[Problem]:
    """A ■基準 that adds 均等割 to raw figures: one and a number of people."""
    for file in workspace.book.files:
        for basis in file.bases:
            names = {stem(name.text) for name in names_in(basis.formula)}
            if stem(EQUAL) in names and len(names) > 1 and not has_sum(basis.formula):
                yield tell("W427", basis.source, basis=basis.name.text)


def rounded_together(workspace: Workspace) -> Iterator[Problem]:
    """事業ごと closes its lines by remainders alone, and all of them in one unit."""
    told: set[Source] = set()
    for file in workspace.book.files:
        scope = workspace.book.scope(file)
        found = [scope.rounding(expense) for expense in file.expenses]
        own = [r for r in found if r.stage is Stage.PROJECT]
        for rounding in own:
            plain = (rounding.mode, rounding.rest) == (Mode.DOWN, RestOrder.REMAINDER)
            if rounding.source in told or (plain and rounding.unit == own[0].unit):
                continue
            told.add(rounding.source)
            pattern = rounding if not plain else own[0]
            mended = replace(pattern, mode=Mode.DOWN, rest=RestOrder.REMAINDER, payer=None)
            said = spell.rounding(mended)
            each = spell.rounding(replace(rounding, stage=Stage.LINE))
            line = spell.bare(each, spell.AMONG_WORDS)
            yield tell("W531.units" if plain else "W531", rounding.source, said=said, line=line)


CHECKS: tuple[Check, ...] = (
    undecided,
    unsaid,
    year_of_folder,
    one_file_a_project,
    whose_account,
    one_block_a_name,
    one_meaning_a_name,
    endless_groups,
    rounded_together,
    without_effect,
    legal_basis,
    difference_beside_rest,
    unknown_holidays,
    due_in_year,
    mixed_measures,
    unused_amounts,
    unnamed_figures,
    forgotten_adjustments,
    balances_have_a_project,
    drawings_are_there,
    registered,
    whole_tax,
    one_tax_line,
    seal,
    complete,
    whose,
    examples,
    decided_in_time,
    issued_in_time,
    issued_again_later,
    due_on_closed_days,
)


def check(workspace: Workspace) -> tuple[Problem, ...]:
    """Everything that these checks find, in order."""
    return tuple(problem for step in CHECKS for problem in step(workspace))


def _block_names(file: RuleFile) -> Iterator[Name]:
    for blocks in (file.bases, file.tiers, file.coefficients, file.groups):
        yield from (block.name for block in blocks)
