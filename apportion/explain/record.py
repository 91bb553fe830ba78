"""An explanation for machines: each charge can be worked out again with + - * / and the stated cut.

Numbers are exact texts, `a` or `a/b`. A step is a fact, or the sum of its terms (`times` multiplied,
divided by each of `over`, `minus` taken off), brought to `cut` where that is given; with `by` the
largest or smallest of its terms (大きい方, 小さい方), or the first number of its term to the power of the
second (乗). An operand with `step` has the value of that earlier step.
"""

from fractions import Fraction
from typing import Any

from apportion.core.model import Member, Yen
from apportion.explain.ledger import LedgerRow
from apportion.explain.steps import (
    CutRest,
    Explanation,
    LineStory,
    Operand,
    Product,
    ProjectStory,
    Step,
    place,
)

Record = dict[str, Any]

FORMAT = 1


def record(story: Explanation) -> Record:
    """The whole explanation as JSON values."""
    return {
        "format": FORMAT,
        "year": story.year.code,
        "case": str(story.edition) if story.edition else None,
        "state": story.state,
        **({"unsaid": list(story.lacks)} if story.lacks else {}),
        "member": _member(story.member),
        "yen": story.owed,
        "invoiced": story.invoiced,
        "instalments": [
            {
                "number": due.number,
                "due": due.day and due.day.isoformat(),
                "yen": due.yen,
                "billed_to": due.code,
                **({"account": due.account} if due.account else {}),
            }
            for due in story.instalments
        ],
        "dues": [{"text": source.text, "source": place(source)} for source in story.dues],
        "payers": [_billed(*pair) for pair in story.payers],
        "others": [_billed(*pair) for pair in story.others],
        "projects": [_project(project) for project in story.projects],
    }


def _member(member: Member) -> Record:
    return {"code": member.code, "name": member.name, "source": place(member.source)}


def _billed(member: Member, yen: Yen) -> Record:
    return {**_member(member), "yen": yen}


def _project(project: ProjectStory) -> Record:
    charges = [_charge(line) for line in project.lines]
    return {"project": project.name, "yen": project.yen, "charges": charges}


def _charge(story: LineStory) -> Record:
    return {
        "line": story.line.name,
        "path": list(story.line.path),
        "yen": story.yen,
        "taking_part": story.taking_part,
        "legal": [{"text": legal.text, "source": place(legal.source)} for legal in story.legal],
        "steps": [_step(step) for step in story.steps],
        "rest": _rest(story.rest) if story.rest else None,
    }


def _step(step: Step) -> Record:
    made: Record = {
        "key": step.key,
        "label": step.label,
        "value": None if step.value is None else str(step.value),
        "unit": step.unit,
        "terms": [_term(term) for term in step.terms],
        "words": step.words,
        "source": place(step.source),
    }
    if step.cut is not None:
        unit = step.cut.unit
        whole = Fraction(unit).denominator == 1
        made["cut"] = {"unit": int(unit) if whole else str(unit), "mode": step.cut.mode.value}
    if step.by:
        made["by"] = step.by
    return made


def _term(term: Product) -> Record:
    made: Record = {"times": [_operand(operand) for operand in term.factors]}
    if term.divisors:
        made["over"] = [_operand(operand) for operand in term.divisors]
    if term.minus:
        made["minus"] = True
    return made


def _operand(operand: Operand) -> Record:
    made: Record = {"value": str(operand.value), "unit": operand.unit}
    texts = {"label": operand.label, "step": operand.step, "source": place(operand.source)}
    return made | {key: text for key, text in texts.items() if text}


def _rest(rest: CutRest) -> Record:
    """The rest of the 経費: with unit, number of units, size and own rank, `added` follows."""
    return {
        "rule": rest.rule,
        "total": rest.total,
        "cuts": rest.cuts,
        "difference": rest.difference,
        "unit": rest.unit,
        "units": rest.units,
        "size": rest.size,
        "unallocated": rest.unallocated,
        "own": _row(rest.own),
        "last": _row(rest.last),
        "next": _row(rest.following),
    }


def _row(row: LedgerRow | None) -> Record | None:
    if row is None:
        return None
    return {
        "rank": row.rank,
        "code": row.member.code,
        "name": row.member.name,
        "remainder": f"{row.remainder}/{row.denominator}",
        "yen": row.yen,
        "why": row.why,
        **({"passed": row.passed} if row.passed else {}),
    }
