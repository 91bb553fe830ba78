"""The 負担割合 of a year as a table: a row for each line, a column for each basis."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from apportion.language import spelling
from apportion.language.describe.chapters import title
from apportion.language.describe.clauses import payers
from apportion.language.describe.words import name, said
from apportion.language.messages.base import percent
from apportion.problem import Source
from apportion.rulebook import Clause, Expense, Ratio, Rest, Split, Weight
from apportion.rulebook.book import RuleBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
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


def matrix(book: RuleBook) -> tuple[Row, ...]:
    """Rows of every 経費, files and lines in their order."""
    return tuple(
        row
        for file in book.files
        for expense in file.expenses
        for row in _rows(spelling.plain(file.project.text), expense)
    )


def drivers(rows: Sequence[Row]) -> tuple[str, ...]:
    """Columns that `rows` need, in the order of first use."""
    return tuple(dict.fromkeys(driver for row in rows for driver in row.parts))


def _rows(project: str, expense: Expense) -> Iterator[Row]:
    for clause in expense.clauses:
        yield Row(
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
        spelled = said(spelling.clause(clause))
        return spelled.removeprefix(f"{payers(clause.who)}に ")
    if clause.share is None:
        return percent(Fraction(1))
    left = _left(expense)
    text = spelling.share(clause.share)
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
