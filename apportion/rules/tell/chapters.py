"""The rules of a year as understood: a chapter for each ■見出し, a sentence for each thought."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from apportion.core.dataclass import dataclass
from apportion.core.numbers import percent
from apportion.core.problem import Source
from apportion.rules import spell
from apportion.rules.book import Defaults, Expense, RuleBook, RuleFile, Scope, Table
from apportion.rules.nodes import Clause, Name, Ratio, Rest, Split, Weight
from apportion.rules.read.blocks import ALL_OTHERS, TAXES
from apportion.rules.read.years import ending
from apportion.rules.tell import sentences
from apportion.rules.tell.sentences import (
    Sentence,
    Sentences,
    adjust,
    assertion,
    bind,
    bound,
    deduct,
    due_rounding,
    each,
    holiday,
    legal,
    name,
    names,
    note,
    payers,
    plan,
    project_bound,
    proration,
    roster,
    rounding,
    said,
    smoothing,
    unsaid,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """One 負担割合: what of the 対象額 it shares out, among whom, and by which bases.

    `parts` are exact and make 1; there are none where a member pays alone or a price is set.
    """

    project: str
    lines: str
    who: str
    share: str
    parts: Mapping[str, Fraction]
    source: Source

    @property
    def total(self) -> Fraction | None:
        """Sum of the parts."""
        return sum(self.parts.values(), Fraction(0)) if self.parts else None


def matrix(book: RuleBook) -> tuple[ShareRow, ...]:
    """Rows of every 経費, files and lines in their order."""
    return tuple(
        row
        for file in book.files
        for expense in file.expenses
        for row in _rows(spell.plain(file.project.text), expense)
    )


def drivers(rows: Sequence[ShareRow]) -> tuple[str, ...]:
    """Columns that `rows` need, in the order of first use."""
    return tuple(dict.fromkeys(driver for row in rows for driver in row.parts))


def _rows(project: str, expense: Expense) -> Iterator[ShareRow]:
    for clause in expense.clauses:
        yield ShareRow(
            project=project,
            lines=title(expense),
            who=payers(clause.who),
            share=_share(clause, expense),
            parts=_parts(clause),
            source=clause.source,
        )


def _share(clause: Clause, expense: Expense) -> str:
    """`25%`, `残り（75%）`; the words of the line where no share is given."""
    if not isinstance(clause, Split):
        spelled = said(spell.clause(clause))
        return spelled.removeprefix(f"{payers(clause.who)}に ")
    if clause.share is None:
        return percent(Fraction(1))
    left = _left(expense)
    text = said(spell.share(clause.share))
    if isinstance(clause.share, Rest) and left is not None:
        return f"{text}（{percent(left * clause.share.part)}）"
    return text


def _left(expense: Expense) -> Fraction | None:
    """What percentages leave to 残り; None where amounts stand beside them."""
    left = Fraction(1)
    for clause in expense.clauses:
        if isinstance(clause, Split) and isinstance(clause.share, Ratio):
            left -= clause.share.value
        elif not (isinstance(clause, Split) and isinstance(clause.share, Rest)):
            return None
    return left


def _parts(clause: Clause) -> dict[str, Fraction]:
    """Part of each basis; what is left goes to a 残り, all of it to a basis that stands alone."""
    parts: dict[str, Fraction] = {}
    for weight in clause.weights if isinstance(clause, Split) else ():
        driver = name(weight.driver)
        parts[driver] = parts.get(driver, Fraction(0)) + _part(weight, parts)
    return parts


def _part(weight: Weight, before: Mapping[str, Fraction]) -> Fraction:
    if isinstance(weight.ratio, Ratio):
        return weight.ratio.value
    return 1 - sum(before.values(), Fraction(0))


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
            project=spell.plain(file.project.text),
            title=heading,
            source=source,
            sentences=tuple(map(_in_years, sentences)),
        )
        for heading, source, sentences in _blocks(file, scope)
    ]
    found.sort(key=lambda chapter: (chapter.title != "", chapter.source.line))
    for line in file.idle:
        place = max(n for n, c in enumerate(found) if not n or c.source.line <= line.line)
        text = f"{spell.stretches(ending(line))}に限る行なので、この年度には使いません。"
        told = Sentence(text=text, source=line)
        found[place] = replace(found[place], sentences=(*found[place].sentences, told))
    return found


def _in_years(told: Sentence) -> Sentence:
    """The sentence with the years in which its line holds, where it says them."""
    only = ending(told.source)
    return replace(told, text=f"{told.text}{spell.stretches(only)}に限ります。") if only else told


def _blocks(file: RuleFile, scope: Scope) -> Iterator[tuple[str, Source, Sentences]]:
    yield "", file.source, _head(file)
    for expense in file.expenses:
        yield f"■経費 {title(expense)}", expense.source, _expense(expense, scope)
    for basis in file.bases:
        yield _heading("基準", basis), basis.source, sentences.basis(basis)
    for steps in file.tiers:
        yield _heading("段階表", steps), steps.source, sentences.tiers(steps)
    for table in file.coefficients:
        yield _heading("係数表", table), table.source, sentences.coefficients(table)
    for group in file.groups:
        heading = f"■グループ {spell.plain(group.name.text)}"
        yield heading, group.source, sentences.group(group)
    if file.invoice:
        first = next(iter(file.invoice.values()))[0]
        yield "■請求書", first.source, sentences.invoice(file.invoice)
    if file.settlement:
        yield "■精算", file.settlement.source, sentences.settlement(file.settlement)


def _heading(kind: str, table: Table) -> str:
    return f"■{kind} {spell.plain(table.name.text)}"


def _head(file: RuleFile) -> Sentences:
    yield Sentence(text=f"状態は「{file.state}」です。", source=file.source)
    yield from _both(file.head)
    yield from each(file.head.bounds, project_bound)
    yield from each([file.head.rounding], rounding)
    yield from each([file.due_rounding], due_rounding)
    if file.holiday:
        yield Sentence(text=holiday(file.holiday), source=file.source)
    yield from each(file.head.notes, note)


def _expense(expense: Expense, scope: Scope) -> Sentences:
    yield from _both(expense.own)
    if expense.base is not None:
        text = f"対象額は、{said(spell.formula(expense.base))}です。"
        yield Sentence(text=text, source=expense.base.source)
    yield from each(expense.deducts, deduct)
    yield from each([expense.smoothing], smoothing)
    for clause in expense.clauses:
        yield Sentence(text=sentences.clause(clause), source=clause.source)
    yield from each(expense.own.bounds, bound)
    yield from each(expense.adjusts, adjust)
    yield from each([scope.rounding(expense)], rounding)
    if expense.tax != TAXES[0]:
        yield Sentence(text=f"課税区分は{expense.tax}です。", source=expense.source)
    yield from each(expense.former_names, _former)
    yield from each(expense.assertions, assertion)
    yield from each(expense.own.notes, note)


def _both(own: Defaults) -> Sentences:
    """What a head and a 経費 may both say."""
    yield from each([own.roster], roster)
    yield from each(own.legal, legal)
    yield from each(own.binds, bind)
    yield from each([own.proration], proration)
    yield from each([own.dues], plan)
    yield from each(own.unsaid, unsaid)


def _former(node: Name) -> str:
    return f"前年度の名前は、{name(node)}です。"
