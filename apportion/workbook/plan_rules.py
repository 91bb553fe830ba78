"""What stands beside the numbers of 計算根拠: the rule as written, 根拠, and where to find them."""

from collections.abc import Iterator
from typing import NamedTuple

from apportion.allocate.case import Case
from apportion.problem import Source
from apportion.rulebook.book import RuleBook


class RuleText(NamedTuple):
    """The lines of the rule file, their 根拠, and the places of rule and budget figure."""

    rule: str
    legal: str
    place: str


def rule_text(case: Case, book: RuleBook) -> RuleText:
    """Texts of one line, each of one or more lines."""
    sources = list(_sources(case))
    legal = book.scope(case.file).legal(case.expense)
    place = sources[0] if case.expense.clauses else case.expense.source
    return RuleText(
        rule="\n".join(dict.fromkeys(source.text.strip() for source in sources if source.text)),
        legal="\n".join(f"根拠: {remark.text}" for remark in legal),
        place=f"規則: {place.short()}\n予算: {case.line.source.short()}",
    )


def _sources(case: Case) -> Iterator[Source]:
    """Lines of the rule files that decide the amounts."""
    yield from (clause.source for clause in case.expense.clauses)
    yield from (use.bound.source for use in case.bounds)
    yield from (adjust.source for adjust in case.expense.adjusts)
    yield case.rounding.source
