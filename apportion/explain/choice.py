"""What a person asked for: a body by name or code, a 事業 and a 経費 by (a part of) their names."""

from collections.abc import Iterable, Sequence

from apportion.allocate.case import LineResult
from apportion.core.model import Member, Tables
from apportion.core.problem import Problem, Source, tell
from apportion.core.text import fold, name_key, near, why
from apportion.outcome.outcome import Outcome


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
    results = outcome.results
    if project is not None:
        known = [result.case.line.project for result in results]
        chosen = meant(project, known)
        if len(chosen) != 1:
            return unclear_project(project, chosen or known, "--project")
        wanted = name_key(chosen[0])
        results = tuple(r for r in results if name_key(r.case.line.project) == wanted)
    if line is None:
        return results
    names = [result.case.line.name for result in results]
    chosen = meant(line, names)
    if len(chosen) != 1:
        names = list(dict.fromkeys(chosen or names))
        first = near(line, names) or names[0]
        return tell("W903", Source(), text=line, names="、".join(names), first=first)
    return tuple(r for r in results if name_key(r.case.line.name) == name_key(chosen[0]))


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
