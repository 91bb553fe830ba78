"""The rules of a year as understood: a chapter for each ■見出し, a sentence for each thought."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apportion.language import spelling
from apportion.language.blocks import ALL_OTHERS, TAXES
from apportion.language.describe import clauses, tables, terms
from apportion.language.describe.sentence import Sentence, Sentences, each, legal, note
from apportion.language.describe.words import name, names, said
from apportion.problem import Source
from apportion.rulebook import Defaults, Expense, Name, RuleFile
from apportion.rulebook.book import RuleBook, Scope, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Sentences of one ■見出し of a 事業; `title` is empty for the head of its file."""

    project: str
    title: str
    source: Source
    sentences: tuple[Sentence, ...]


def chapters(book: RuleBook) -> tuple[Chapter, ...]:
    """Every chapter, files in their order and blocks in the order of lines."""
    return tuple(chapter for file in book.files for chapter in _of_file(file, book.scope(file)))


def title(expense: Expense) -> str:
    """`コアシステム年間保守料、事務費`."""
    return names(expense.names) or ALL_OTHERS


def _of_file(file: RuleFile, scope: Scope) -> Sequence[Chapter]:
    found = [
        Chapter(
            project=spelling.plain(file.project.text),
            title=heading,
            source=source,
            sentences=tuple(sentences),
        )
        for heading, source, sentences in _blocks(file, scope)
    ]
    return sorted(found, key=lambda chapter: (chapter.title != "", chapter.source.line))


def _blocks(file: RuleFile, scope: Scope) -> Iterator[tuple[str, Source, Sentences]]:
    yield "", file.source, _head(file)
    for expense in file.expenses:
        yield f"■経費 {title(expense)}", expense.source, _expense(expense, scope)
    for basis in file.bases:
        yield _heading("基準", basis), basis.source, tables.basis(basis)
    for steps in file.tiers:
        yield _heading("段階表", steps), steps.source, tables.tiers(steps)
    for table in file.coefficients:
        yield _heading("係数表", table), table.source, tables.coefficients(table)
    for group in file.groups:
        heading = f"■グループ {spelling.plain(group.name.text)}"
        yield heading, group.source, tables.group(group)
    if file.invoice:
        first = next(iter(file.invoice.values()))[0]
        yield "■請求書", first.source, tables.invoice(file.invoice)
    if file.settlement:
        yield "■精算", file.settlement.source, tables.settlement(file.settlement)


def _heading(kind: str, table: Table) -> str:
    return f"■{kind} {spelling.plain(table.name.text)}"


def _head(file: RuleFile) -> Sentences:
    yield Sentence(text=f"状態は「{file.state}」です。", source=file.source)
    yield from _both(file.head)
    yield from each(file.head.bounds, terms.project_bound)
    yield from each([file.head.rounding], terms.rounding)
    yield from each([file.due_rounding], terms.due_rounding)
    if file.holiday:
        yield Sentence(text=terms.holiday(file.holiday), source=file.source)
    yield from each(file.head.notes, note)


def _expense(expense: Expense, scope: Scope) -> Sentences:
    yield from _both(expense.own)
    if expense.base is not None:
        text = f"対象額は、{said(spelling.formula(expense.base))}です。"
        yield Sentence(text=text, source=expense.base.source)
    yield from each(expense.deducts, terms.deduct)
    yield from each([expense.smoothing], terms.smoothing)
    for clause in expense.clauses:
        yield Sentence(text=clauses.clause(clause), source=clause.source)
    yield from each(expense.own.bounds, terms.bound)
    yield from each(expense.adjusts, terms.adjust)
    yield from each([scope.rounding(expense)], terms.rounding)
    if expense.tax != TAXES[0]:
        yield Sentence(text=f"課税区分は{expense.tax}です。", source=expense.source)
    yield from each(expense.former_names, _former)
    yield from each(expense.assertions, terms.assertion)
    yield from each(expense.own.notes, note)


def _both(own: Defaults) -> Sentences:
    """What a head and a 経費 may both say."""
    yield from each([own.roster], terms.roster)
    yield from each(own.legal, legal)
    yield from each(own.binds, terms.bind)
    yield from each([own.proration], terms.proration)
    yield from each([own.dues], terms.plan)


def _former(node: Name) -> str:
    return f"前年度の名前は、{name(node)}です。"
