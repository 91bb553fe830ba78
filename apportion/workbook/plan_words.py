"""What 計算根拠 says of one member's amount where the formulas do not say it all.

Told are the bounds, 団体別加減 and 経費 whose numbers are values: step by step, in the words of
`explain`, without anybody else's figures.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from apportion.allocate.case import LineResult
from apportion.explain.line import Teller
from apportion.explain.steps import LineStory, Rest, Step
from apportion.explain.words import formula, told
from apportion.explain.words import number as amount
from apportion.outcome import Outcome
from apportion.rulebook import RestOrder
from apportion.workbook.plan_sharing import exact_text

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


def _rest(rest: Rest, name: str, order: RestOrder) -> str:
    """What cutting left over and who got it; nobody else is named, unless the rule does."""
    named = order is RestOrder.PAYER
    return told(rest if named else replace(rest, last=None, following=None), name, order)
