"""取消: an issue is taken back by another one, which says why; nothing of the chain is removed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from apportion.core.problem import Problem, Source, tell
from apportion.core.year import FiscalYear, __version__, wareki
from apportion.outcome.issued import (
    ACTED,
    BILLS,
    FOLDER,
    FORMER,
    INPUTS,
    OUTPUTS,
    RECORD,
    WITHDRAWN,
    Issue,
    Issues,
    path_of,
    to_bytes,
)
from apportion.outputs.publish import staged
from apportion.years.issues.refused import broken
from apportion.years.issues.seal import Note, fingerprint, made, protect, stop


def withdraw(root: Path, year: FiscalYear, note: Note) -> Issue:
    """Take back the last issue that holds, for the reason in `note`; the issue that says so.

    What was issued before it holds again. Raises `InputError` where nothing is sealed or the chain
    is broken, `OutputError` where the disk fails.
    """
    issues = Issues.of(root, year)
    before, last = list(issues), next(reversed(issues.standing()), None)
    stop(broken(before))
    stop(_refusals(year, note, last, before))
    assert last is not None
    number = before[-1].number + 1
    target = root / path_of(year, number)
    record = {
        "書式": 1,
        "プログラム": f"apportion {__version__}",
        "年度": year.code,
        "ケース": str(last.case or ""),
        "回": number,
        "備考": note.words,
        "日付": note.day.isoformat() if note.day else "",
        ACTED: note.day.isoformat() if note.day else "",
        WITHDRAWN: last.number,
        BILLS: {},
        INPUTS: {},
        OUTPUTS: {},
        FORMER: fingerprint(before),
    }
    with staged(target, None) as stage:
        (stage / RECORD).write_bytes(to_bytes(record))
    protect(target)
    return made(target)


def _refusals(
    year: FiscalYear, note: Note, last: Issue | None, before: Sequence[Issue]
) -> Iterator[Problem]:
    if last is None:
        yield tell("W888", Source(file=f"{FOLDER}/{year}"), year=year.label)
        return
    latest = max((issue.day for issue in before if issue.day), default=None)
    if note.day and latest and note.day < latest:
        yield tell("W888.day", Source(file=last.path), day=wareki(note.day), former=wareki(latest))
