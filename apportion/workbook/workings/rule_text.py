"""What 計算書 says of a 経費 in words: the lines of its rule, their 根拠 and their place."""

from collections.abc import Iterator
from typing import NamedTuple

from apportion.allocate.case import Case, LineResult
from apportion.core.problem import Source
from apportion.explain.ledger import rule_words
from apportion.explain.steps import value_of
from apportion.rules.book import RuleBook


class RuleText(NamedTuple):
    """The lines of the rule file, their 根拠, and the place of the rule."""

    rule: str
    legal: str
    place: str


def rule_text(result: LineResult, book: RuleBook, *, free: bool) -> RuleText:
    """Texts of one line, each of one or more lines; `free`: nobody owes anything for it."""
    case = result.case
    sources = list(_sources(case))
    legal = book.scope(case.file).legal(case.expense)
    place = sources[0] if case.expense.clauses else case.expense.source
    said = [source.text.strip() for source in sources if source.text] if case.parts else []
    if case.parts and not case.rounding.source.text:
        said.append(f"端数: {rule_words(case.rounding)}（規則に書いていないので、ふつうのきまり）")
    if free:
        said.append(f"0円: {_why_free(case)}")
    else:
        said += [*_alone(result), *_held(result)]
    return RuleText(
        rule="\n".join(dict.fromkeys((_who(case), *said))),
        legal="\n".join(f"根拠: {remark.text}" for remark in legal),
        place=f"規則（{_title(place, book)}）\n{place.line}行目",
    )


def _title(place: Source, book: RuleBook) -> str:
    """The 事業 that a line of a rule file is about."""
    return next((f.project.text for f in book.files if f.source.file == place.file), place.file)


def _who(case: Case) -> str:
    """`参加: 名簿「電子申請」の54団体`."""
    heading = next((p.attendance.source.heading for p in case.participants), "")
    return f"参加: 名簿「{heading}」の{case.size}団体"


def _why_free(case: Case) -> str:
    if case.line.amount:
        return "差し引く額などを除くと分ける額がないため、負担はありません。"
    return "予算額が0円のため、負担はありません。"


def _alone(result: LineResult) -> Iterator[str]:
    """`個別に決まる額: 愛知県 10,164,000円（県に 25%）`: what one member bears alone."""
    case = result.case
    for part in case.parts:
        if len(part.who) == 1 < case.size and part.amount.denominator == 1 and not part.fixed:
            name = case.names[part.who[0]]
            rule = value_of(part.clause.source.text)
            yield f"個別に決まる額: {name} {int(part.amount):,}円（{rule}）"


def _held(result: LineResult) -> Iterator[str]:
    """`上限・下限で決まる額: 春日井市 2,958,567円（前年度の115%、…）`."""
    for held in result.held:
        if held.limit.denominator == 1:
            name = result.case.names[held.position]
            rule = value_of(held.bound.source.text)
            yield f"上限・下限で決まる額: {name} {int(held.limit):,}円（{rule}）"


def _sources(case: Case) -> Iterator[Source]:
    """Lines of the rule files that decide the amounts."""
    yield from (clause.source for clause in case.expense.clauses)
    yield from (use.bound.source for use in case.bounds)
    yield from (adjust.source for adjust in case.expense.adjusts)
    yield case.rounding.source
