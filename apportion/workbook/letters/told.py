"""What 計算根拠 says of one member's amount where the formulas do not say it all.

Told are the bounds, 団体別加減 and 経費 whose numbers are values: step by step, in the words of
`explain`, without anybody else's figures.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from apportion.allocate.case import Case, LineResult
from apportion.core.problem import Source
from apportion.explain.ledger import rule_words
from apportion.explain.line import Teller
from apportion.explain.steps import CutRest, LineStory, Step, formula, told, value_of
from apportion.explain.steps import number as amount
from apportion.outcome.outcome import Outcome
from apportion.rules.book import RuleBook
from apportion.rules.nodes import RestOrder
from apportion.workbook.letters.sharing import exact_text


class RuleText(NamedTuple):
    """The lines of the rule file, their 根拠, and the place of the rule."""

    rule: str
    legal: str
    place: str


def rule_text(result: LineResult, book: RuleBook, *, free: bool, own_only: bool) -> RuleText:
    """Texts of one line, each of one or more lines; `free`: nobody owes anything for it.

    With `own_only` they hold no amount of a single member.
    """
    case = result.case
    sources = list(_sources(case))
    legal = book.scope(case.file).legal(case.expense)
    place = sources[0] if case.expense.clauses else case.expense.source
    said = [source.text.strip() for source in sources if source.text] if case.parts else []
    if case.parts and not case.rounding.source.text:
        said.append(f"端数: {rule_words(case.rounding)}（規則に書いていないので、ふつうのきまり）")
    if free:
        said.append(f"0円: {_why_free(case)}")
    elif not own_only:
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


Told = Mapping[int, tuple[str, ...]]
"""Text of each member (in their order) by number of the 経費; empty where nothing is to be said."""

_KNOWN = ("budget", "base", "members", "free", "charge")
"""Steps that stand elsewhere on the sheet."""


def told_of(
    outcome: Outcome, results: Mapping[int, LineResult], reasons: Mapping[int, str]
) -> dict[int, tuple[str, ...]]:
    """Texts of the lines that need some; `reasons` says why a line shows values."""
    found = {}
    for number, result in results.items():
        reason = reasons.get(number, "")
        if reason or result.case.bounds or result.case.adjustments:
            texts = tuple(_texts(outcome, result, reason))
            if any(texts):
                found[number] = texts
    return found


def _texts(outcome: Outcome, result: LineResult, reason: str) -> Iterator[str]:
    for member in outcome.members:
        if member.code not in result.position_of:
            yield "この経費の名簿にないため、負担はありません。"
            continue
        story = Teller(outcome, member).line(result)
        steps = story.steps if reason else _beside_the_sharing(story.steps)
        lines = list(_lines(story, steps, member.name, result.case.rest.order))
        yield "\n".join((*_head(result, member.code, reason), *lines))


def _head(result: LineResult, code: str, reason: str) -> Iterator[str]:
    """The amount before a bound; why numbers are values, and the exact amount, as no cell holds it."""
    position = result.position_of[code]
    for held in result.held:
        if held.position == position:
            free = f"{int(held.free):,}円" + (
                "" if held.free.denominator == 1 else "（円未満切捨て）"
            )
            yield f"上限・下限にかける前の配分額 {free}"
    if reason:
        exact = exact_text(result.shares.exact(position))
        yield f"値: {reason}、結果を示します。正確な配分額は {exact} 円です。"


def _beside_the_sharing(steps: Sequence[Step]) -> Iterator[Step]:
    """Steps of bounds and 団体別加減."""
    return (step for step in steps if step.key.startswith(("bound", "move", "adjust")))


def _lines(story: LineStory, steps: Iterable[Step], name: str, order: RestOrder) -> Iterator[str]:
    for step in steps:
        if step.key in _KNOWN:
            continue
        if step.key == "added" and story.rest is not None:
            given = amount(step.value or Fraction(0), step.unit)
            yield f"{step.label} {given}　{_rest(story.rest, name, order)}"
        elif step.value is not None:
            yield _line(step)


def _line(step: Step) -> str:
    """`上限 2,958,567円 ＝ 2,572,667円 × 115%　円未満切捨て。`."""
    assert step.value is not None
    way = "" if step.key.endswith(".whole") else formula(step)
    text = f"{step.label} {amount(step.value, step.unit)}"
    return text + (f" ＝ {way}" if way else "") + (f"　{step.words}" if step.words else "")


def _rest(rest: CutRest, name: str, order: RestOrder) -> str:
    """What cutting left over and who got it; nobody else is named, unless the rule does."""
    named = order is RestOrder.PAYER
    return told(rest if named else replace(rest, last=None, following=None), name, order)
