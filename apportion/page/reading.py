"""What the page shows of a year: each question answered with plain data; nothing is changed."""

from collections.abc import Iterable

from apportion.core.model import Member
from apportion.core.problem import InputError, Problem, grave
from apportion.core.text import decode, name_key
from apportion.core.year import __version__
from apportion.explain import explain
from apportion.explain.choice import find_lines, find_member
from apportion.outcome.checks.amounts import OwedSums
from apportion.outcome.outcome import STATES, Outcome
from apportion.outcome.rewriting import years
from apportion.outputs import publish
from apportion.outputs.publish import OUTPUTS
from apportion.page import told
from apportion.page.desk import Desk
from apportion.page.shown import shown as of_file
from apportion.years import carried


def opened(desk: Desk) -> told.Record:
    """The years that have rules, and folders of outputs that are not what their record says."""
    known = [{"code": year.code, "label": year.label} for year in reversed(years(desk.root))]
    return {"version": __version__, "years": known, "torn": _torn(desk)}


def checked(desk: Desk, year: str) -> told.Record:
    """調べる: every problem of a year, as `check` tells them."""
    examined = desk.examined(year)
    found = carried.of_check(desk.root, examined)
    state = STATES[examined.workspace.book.state]
    return {"problems": told.problems(found), "grave": grave(found), "state": state}


def texts(desk: Desk, year: str) -> told.Record:
    """規則: every rule text of a year, as it is saved, with its 事業."""
    read = {file.source.file: file for file in desk.examined(year).workspace.book.files}
    return {
        "files": [
            {
                "file": name,
                "text": decoded.text if decoded else None,
                "project": read[name].project.text if name in read else "",
            }
            for name, data in desk.texts(year).items()
            for decoded in [decode(data)]
        ]
    }


def amounts(desk: Desk, year: str) -> told.Record:
    """金額: members × 事業, their sums, what 収入の部 holds, and the change against what is saved."""
    outcome = desk.computed(year)
    keys = {name_key(r.case.line.project): r.case.line.project for r in outcome.results}
    sums, saved = OwedSums(outcome.tables, outcome.results), desk.saved(year)
    return {
        "label": outcome.year.label,
        "projects": [_project(outcome, sums, key, name) for key, name in keys.items()],
        "members": [_member(outcome, saved, member, keys) for member in outcome.members],
        "total": outcome.total,
        "equations": len(outcome.equations),
        "differences": sum(bool(one.difference) for one in outcome.equations),
    }


def why(desk: Desk, year: str, member: str, project: str | None = None) -> told.Record:
    """なぜ: how the charges of a member came about, for a 事業 or all."""
    outcome = desk.computed(year)
    asked = find_member(outcome.tables, member)
    results = find_lines(outcome, project, None)
    if isinstance(asked, Problem) or isinstance(results, Problem):
        raise InputError(tuple(p for p in (asked, results) if isinstance(p, Problem)))
    return told.story(explain(outcome, asked, results))


def shown(desk: Desk, file: str) -> told.Record:
    """A file of the folder, to be looked at."""
    return of_file(file, (desk.root / file).read_bytes())


def _torn(desk: Desk) -> list[str]:
    """Folders of runs whose files are others than their record says: writing was cut short."""
    found = []
    for folder in sorted((desk.root / OUTPUTS).glob("*/")):
        record = publish.read(folder)
        if record and record["出力"] != publish.outputs(folder):
            found.append(f"{OUTPUTS}/{folder.name}")
    return found


def _project(outcome: Outcome, sums: OwedSums, key: str, name: str) -> told.Record:
    """A 事業: what members pay, what 収入の部 must hold and holds."""
    income = sum(line.amount for line in sums.income(name))
    return {
        "name": name,
        "yen": sum(own.get(key, 0) for own in outcome.by_project.values()),
        "due": sums.due(name),
        "income": income,
        "difference": sums.due(name) - income,
    }


def _member(
    outcome: Outcome, saved: Outcome | None, member: Member, keys: Iterable[str]
) -> told.Record:
    """What a member pays for each 事業 and in all, and the change against what is saved."""
    own = outcome.by_project[member.code]
    before = saved.by_project.get(member.code, {}) if saved else None
    change = [own.get(k, 0) - before.get(k, 0) for k in keys] if before is not None else None
    return {
        "code": member.code,
        "name": member.name,
        "yen": [own.get(key) for key in keys],
        "total": outcome.total_of(member.code),
        "invoiced": outcome.billed_to(member.code),
        "change": change,
        "changed": sum(change) if change is not None else None,
    }
