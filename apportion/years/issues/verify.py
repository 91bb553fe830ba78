"""`verify` of sealed issues: nothing was touched, and the program of today computes the same."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from apportion.core.problem import Level, Problem, Source, tell
from apportion.core.year import SETTLED, Case, Edition, FiscalYear, __version__
from apportion.outcome.computation import compute
from apportion.outcome.issued import (
    FINGERPRINT,
    FORMER,
    INPUTS,
    OUTPUTS,
    RECORD,
    Issue,
    Issues,
    numbered,
    read,
)
from apportion.outcome.outcome import Outcome
from apportion.outputs import publish
from apportion.outputs.office import Hear, silent
from apportion.outputs.verify import Verified, verify_outputs
from apportion.years.issues.reissue import compared
from apportion.years.settle.compute import settle

_SHOWN = 10
_NUMBERED = re.compile(r"第[0-9]+回")


def issues_in(folder: Path) -> list[Path]:
    """The folders of the issues that `folder` is or holds; nothing where it is neither."""
    if (folder / RECORD).is_file() or (folder / INPUTS).is_dir():
        return [folder]
    return [path for _, path in numbered(folder)]


def verify_issues(
    folders: Iterable[Path], *, recalculate: bool = False, hear: Hear = silent
) -> Verified:
    """Everything that is wrong with issues, and (if nothing is) sentences that say what holds.

    Raises `OutputError` where the outputs of one cannot be read at all.
    """
    found: list[Problem] = []
    said: list[str] = []
    for folder in folders:
        problems, sentence = _one(folder, recalculate=recalculate, hear=hear)
        found += problems
        said += [sentence]
    return tuple(found), "\n\n".join(said)


def _one(folder: Path, *, recalculate: bool, hear: Hear) -> tuple[list[Problem], str]:
    """One issue: its files first; where they are as sealed, the computation."""
    issue = read(folder)
    if issue is None:
        return [_damaged(folder)], ""
    problems = [*altered(issue), *unchained(issue)]
    if problems:
        return problems, ""
    if issue.withdraws is not None:
        return [], _withdrawn(issue)
    return _replayed(issue, recalculate=recalculate, hear=hear)


def altered(issue: Issue) -> Iterator[Problem]:
    """Files that are not those that were sealed."""
    listed = {
        f"{part}/{name}": x for part in (INPUTS, OUTPUTS) for name, x in issue.record[part].items()
    }
    found = publish.hashes(issue.folder)
    found.pop(RECORD)
    for name in sorted(listed.keys() | found.keys()):
        if listed.get(name) == found.get(name):
            continue
        yield tell(
            "W876" if name not in found else "W877" if name not in listed else "W875",
            Source(file=f"{issue.path}/{name}"),
            name=name,
            issue=issue.label,
            record=RECORD,
        )


def _damaged(folder: Path) -> Problem:
    return tell("W878", Source(file=f"{folder.as_posix()}/{RECORD}"), record=RECORD)


def unchained(issue: Issue) -> Iterator[Problem]:
    """Its number, and the issues before: all there, and the last is the one it was sealed after."""
    name, source = issue.folder.resolve().name, Source(file=f"{issue.path}/{RECORD}")
    if _NUMBERED.fullmatch(name) and name != f"第{issue.number}回":
        yield tell("W879.name", source, number=issue.number, name=name)
        return
    before = [folder for _, folder in _before(issue).numbered()]
    last = publish.digest(before[-1] / RECORD) if before else ""
    whole = len(before) == issue.number - 1 and all(map(read, before))
    if last != issue.record[FORMER] or not whole:
        yield tell("W879.former", source, number=issue.number)


def _before(issue: Issue) -> Issues:
    return Issues(issue.folder.parent, issue.year, before=issue.number)


def _replayed(issue: Issue, *, recalculate: bool, hear: Hear) -> tuple[list[Problem], str]:
    """The sealed outputs beside a computation of the sealed inputs by the program of today."""
    problems, said = verify_outputs(
        issue.outputs,
        issue.inputs,
        computed,
        recalculate=recalculate,
        hear=hear,
        issues=_before(issue),
    )
    wrong = [problem for problem in problems if problem.level is Level.ERROR]
    return ([_computes_otherwise(issue, wrong)], "") if wrong else ([], _holds(issue, said))


def computed(root: Path, year: FiscalYear, case: Case, issues: Issues) -> Outcome:
    """What papers are made from, upon what was sealed before; raises `InputError`."""
    if case == SETTLED:
        return compared(settle(root, year, issues), root, issues)
    edition = case if isinstance(case, Edition) else None
    return compared(compute(root, year, edition=edition, issues=issues), root, issues)


def _computes_otherwise(issue: Issue, wrong: list[Problem]) -> Problem:
    shown = "".join(f"\n    {problem.what}" for problem in wrong[:_SHOWN])
    more = f"\n    ほか {len(wrong) - _SHOWN} 件" if len(wrong) > _SHOWN else ""
    return tell(
        "W880",
        Source(file=issue.path),
        sealed=issue.label,
        version__=__version__,
        program=issue.program,
        shown=shown,
        more=more,
    )


def _withdrawn(issue: Issue) -> str:
    return (
        f"{issue.label} {issue.path}: 第{issue.withdraws}回を取り消しました。取り消したときのままです。\n"
        f"指紋 {issue.record[FINGERPRINT]}"
    )


def _holds(issue: Issue, said: str) -> str:
    return (
        f"{issue.label} {issue.path}: 確定したときのままです（{issue.program}）。\n{said}\n"
        f"指紋 {issue.record[FINGERPRINT]}"
    )
