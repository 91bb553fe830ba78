"""An explanation in words, to be read aloud on the telephone; places stand at the right."""

import json
from collections.abc import Iterator
from pathlib import Path

from apportion.cli.layout import row, sentence
from apportion.core.dataclass import dataclass
from apportion.core.numbers import money
from apportion.core.problem import InputError, Problem
from apportion.core.year import Edition, FiscalYear, wareki
from apportion.explain import explain as explanation
from apportion.explain.choice import find_lines, find_member
from apportion.explain.record import record
from apportion.explain.steps import (
    YEN,
    Explanation,
    LineStory,
    ProjectStory,
    Step,
    formula,
    number,
    place,
    value_of,
)
from apportion.outcome.computation import compute

_STATES = {
    "例": "計算例です。協議会の決定ではありません。",
    "案": "案です。決定の前の見込みです。",
    "議決": "",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks: whose money, and of which 事業 and 経費 (None: all), in words as typed."""

    member: str
    project: str | None
    line: str | None
    edition: Edition | None = None
    as_json: bool = False


def answer(root: Path, year: FiscalYear, question: Question) -> str:
    """Explanation in words or as JSON; raises `InputError` where a name is not known."""
    outcome = compute(root, year, edition=question.edition)
    member = find_member(outcome.tables, question.member)
    results = find_lines(outcome, question.project, question.line)
    if isinstance(member, Problem) or isinstance(results, Problem):
        raise InputError(tuple(p for p in (member, results) if isinstance(p, Problem)))
    if question.as_json:
        told = record(explanation(outcome, member, results))
        return json.dumps(told, ensure_ascii=False, indent=1)
    if question.project is None and question.line is None:
        return "\n".join(overview(explanation(outcome, member, results, detailed=False)))
    return "\n".join(details(explanation(outcome, member, results)))


def overview(story: Explanation) -> Iterator[str]:
    """From the invoice total to every 経費, in one line each with its rule."""
    yield from _head(story)
    for project in story.projects:
        yield ""
        yield from row(0, project.name, money(project.yen))
        yield from _lines(project)
    yield ""
    first = next((project for project in story.projects if project.yen), story.projects[0])
    yield f"くわしくは: {_command(story)} --project {first.name}"


def details(story: Explanation) -> Iterator[str]:
    """From the invoice total to the 経費 that were asked for, with every step."""
    yield from _head(story)
    for project in story.projects:
        yield ""
        yield from row(0, project.name, money(project.yen))
        for line in project.lines:
            yield ""
            yield from _charge(line)
    yield ""
    yield f"検算できる形は: {_command(story)} --json"


def _command(story: Explanation) -> str:
    option = f" --case {story.edition}" if story.edition else ""
    return f"apportion explain --year {story.year.code}{option} --member {story.member.name}"


def _head(story: Explanation) -> Iterator[str]:
    member = story.member
    when = f"{story.edition.label}のあとの" if story.edition else ""
    yield f"{story.year.label} {member.name}（団体コード {member.code}）の{when}負担金"
    if _STATES[story.state]:
        yield _STATES[story.state]
    if story.asked.code != member.code:
        yield f"{story.asked.name}は、合併により{member.name}に引き継がれています。"
    yield ""
    # The same words as on the paper: what is not decided is no bill.
    total = "請求額" if story.state == "議決" else f"負担金見込額（{story.state}）"
    yield from row(0, total, money(story.invoiced))
    for due in story.instalments:
        if due.day or len(story.instalments) > 1:
            day = wareki(due.day) if due.day else "別に通知"
            yield from row(1, f"{story.label(due)} {day}", money(due.yen))
    for line in story.dues:
        yield from row(1, line.text.strip(), place=place(line))
    yield from _leads(story)


def _leads(story: Explanation) -> Iterator[str]:
    """Where a 代表 is invoiced for its group."""
    if story.payers or story.others:
        yield from row(0, f"{story.member.name}の負担金", money(story.owed))
    for payer, yen in story.payers:
        yield from row(1, f"代表の{payer.name}に請求する額", money(yen))
    for member, yen in story.others:
        yield from row(1, f"代表として納める{member.name}の分", money(yen))


def _lines(project: ProjectStory) -> Iterator[str]:
    for line in project.lines:
        value = money(line.yen) if line.taking_part else "名簿になし"
        yield from row(1, line.line.name, value, place(line.place))
        for rule in line.rules:
            yield from sentence(2, value_of(rule.text))


def _charge(story: LineStory) -> Iterator[str]:
    yield from row(0, f"■ {story.line.name}", money(story.yen))
    for legal in story.legal:
        yield from row(1, f"根拠: {legal.text}", place=place(legal.source))
    for step in story.steps:
        yield from _step(step)


def _step(step: Step) -> Iterator[str]:
    if step.value is None:
        heading = f"{step.label}　{step.words}" if step.words else step.label
        yield from row(step.depth + 1, heading, place=place(step.source))
        return
    value = number(step.value, step.unit)
    yield from row(step.depth + 1, step.label, value, place(step.source))
    if way := formula(step):
        yield from sentence(step.depth + 3, f"＝ {way}")
    if step.depth == 0 and step.unit == YEN and step.value.denominator > 1:
        yield from sentence(step.depth + 3, f"分数では {step.value}円")
    if step.words:
        yield from sentence(step.depth + 3, step.words)
