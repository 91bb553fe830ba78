"""What a person asked for: a body by name or code, a 事業 and a 経費 by (a part of) their names."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from apportion.allocate.case import LineResult
from apportion.core.model import Member, Tables
from apportion.core.problem import InputError, Problem, Source, tell
from apportion.core.text import fold, name_key, near, why
from apportion.outcome.outcome import Outcome

T = TypeVar("T")


def find_member(tables: Tables, text: str) -> Member | Problem:
    """Member of a name (folded) or 団体コード; the near one is told where there is none."""
    code = fold(text).replace(" ", "")
    found = tables.by_code.get(code) or tables.by_name.get(name_key(text))
    if found is not None:
        return found
    names = {member.name for member in tables.members}
    close = near(code, tables.by_code) if code.isdigit() else near(text, names)
    reason = why(text, close) if close else ""
    return tell(
        "W902.lookalike" if reason else "W902.near" if close else "W902",
        Source(),
        text=text,
        reason=reason,
        close=close,
    )


def find_lines(
    outcome: Outcome, project: str | None, line: str | None
) -> tuple[LineResult, ...] | Problem:
    """Results of a 事業 and a 経費; None means all. A 経費 of several 事業 is all of them."""
    named = ((r.case.line.project, r.case.line.name, r) for r in outcome.results)
    return narrowed(named, project, line)


def narrowed(
    named: Iterable[tuple[str, str, T]], project: str | None, line: str | None
) -> tuple[T, ...] | Problem:
    """What stands behind the names of a 事業 and a 経費; None means all."""
    rows = list(named)
    if project is not None:
        chosen = one_project(project, [own for own, _, _ in rows], "--project")
        if isinstance(chosen, Problem):
            return chosen
        rows = [row for row in rows if name_key(row[0]) == name_key(chosen)]
    if line is not None:
        chosen = one_line(line, [own for _, own, _ in rows])
        if isinstance(chosen, Problem):
            return chosen
        rows = [row for row in rows if name_key(row[1]) == name_key(chosen)]
    return tuple(found for _, _, found in rows)


def certain(found: T | Problem) -> T:
    """What was found; raises `InputError` where it is a problem."""
    if isinstance(found, Problem):
        raise InputError((found,))
    return found


def one_project(text: str, known: Sequence[str], option: str) -> str | Problem:
    """The 事業 that `text` means."""
    chosen = meant(text, known)
    return chosen[0] if len(chosen) == 1 else unclear_project(text, chosen or known, option)


def one_line(text: str, known: Sequence[str]) -> str | Problem:
    """The 経費 that `text` means."""
    chosen = meant(text, known)
    if len(chosen) == 1:
        return chosen[0]
    names = list(dict.fromkeys(chosen or known))
    first = near(text, names) or names[0]
    return tell("W903", Source(), text=text, names="、".join(names), first=first)


def meant(text: str, known: Iterable[str]) -> list[str]:
    """Names that are `text` or, where none is, that hold it; each once."""
    named: dict[str, str] = {}
    for name in known:
        named.setdefault(name_key(name), name)
    key = name_key(text)
    if key in named:
        return [named[key]]
    return [name for folded, name in named.items() if key in folded]


def unclear_project(text: str, known: Sequence[str], option: str) -> Problem:
    """A 事業 that is not there, or is not the only one; `known` are those that can be meant."""
    names = list(dict.fromkeys(known))
    first = near(text, names) or names[0]
    return tell("W901", Source(), text=text, names="、".join(names), option=option, first=first)
