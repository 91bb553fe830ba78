"""What a person asked for: a body by name or code, a 事業 and a 経費 by (a part of) their names."""

from collections.abc import Iterable, Sequence

from apportion.allocate.case import LineResult
from apportion.core.model import Member, Tables
from apportion.core.problem import Problem, Source
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
    return Problem(
        code="W902",
        source=Source(),
        what=f"「{text}」という団体は、団体一覧にありません。",
        why=reason or "団体名か6桁の団体コードで指定します。",
        fix=f"--member {close}" if close else "団体一覧（members）の名前をそのまま書いてください。",
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
        return _unclear("W903", "経費", line, chosen or names, "--line")
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
    return _unclear("W901", "事業", text, known, option)


def _unclear(code: str, kind: str, text: str, known: Sequence[str], option: str) -> Problem:
    names = list(dict.fromkeys(known))
    close = near(text, names)
    return Problem(
        code=code,
        source=Source(),
        what=f"「{text}」に当たる{kind}が、一つに決まりません。",
        why=f"{kind}: {'、'.join(names)}",
        fix=f"{option} {close or names[0]}",
    )
