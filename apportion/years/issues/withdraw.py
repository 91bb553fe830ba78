"""取消: an issue is taken back by another one, which says why; nothing of the chain is removed.

Who holds a paper of it gets one that says which is withdrawn, and what holds again.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apportion.core.model import Tables
from apportion.core.problem import InputError, Problem, Source, tell
from apportion.core.year import FiscalYear, __version__, wareki
from apportion.outcome.issued import (
    ACTED,
    BILLS,
    FOLDER,
    FORMER,
    INPUTS,
    LISTED,
    OUTPUTS,
    WITHDRAWN,
    Issue,
    Issues,
    notice,
    path_of,
)
from apportion.outcome.outcome import NO_NOTICE, Outcome
from apportion.outcome.workspace import load
from apportion.outputs import office, publish
from apportion.outputs.office import silent, write_pdfs
from apportion.outputs.publish import staged
from apportion.years.issues.refused import broken
from apportion.years.issues.seal import Note, clear_begun, fingerprint, finish, made, protect, stop

if TYPE_CHECKING:
    from apportion.workbook.letters.withdrawn import Withdrawn


def withdraw(root: Path, year: FiscalYear, note: Note, *, pdf: bool = False) -> Issue:
    """Take back the last issue that holds, for the reason in `note`; the issue that says so.

    `pdf` adds a PDF beside each of its letters.

    What was issued before it holds again. Raises `InputError` where nothing is sealed or the chain
    is broken, `OutputError` where the disk fails.
    """
    program = office.required("PDF（--pdf）") if pdf else None
    issues = Issues.of(root, year)
    before, last = list(issues), next(reversed(issues.standing()), None)
    stop(broken(before))
    stop(_refusals(year, note, last, before))
    assert last is not None
    number = before[-1].number + 1
    target = root / path_of(year, number)
    clear_begun(target)
    with staged(target, None) as stage:
        written = _written(last, _former(issues, last), note, stage / OUTPUTS)
        if program:
            write_pdfs(program, written, year.first_day, silent)
        record = _record(last, note, number) | {
            OUTPUTS: publish.hashes(stage / OUTPUTS),
            FORMER: fingerprint(before),
        }
        finish(stage, record)
        protect(stage)
    return made(target)


def _record(last: Issue, note: Note, number: int) -> dict[str, Any]:
    day = note.day.isoformat() if note.day else ""
    return {
        "書式": LISTED,
        "プログラム": f"apportion {__version__}",
        "年度": last.year.code,
        "名称": last.record.get("名称", ""),
        "ケース": str(last.case or ""),
        "回": number,
        "備考": note.words,
        "日付": day,
        ACTED: day,
        WITHDRAWN: last.number,
        "団体数": 0,
        "負担金額_円": 0,
        BILLS: {},
        INPUTS: {},
    }


def _former(issues: Issues, last: Issue) -> Issue | None:
    """The issue that holds again: bills before bills, 精算 before 精算."""
    held = [one for one in issues.standing() if one.is_bill == last.is_bill]
    return next((one for one in reversed(held) if one.number < last.number), None)


def _written(last: Issue, former: Issue | None, note: Note, folder: Path) -> list[Path]:
    """A letter to each body that got a paper in the issue which it did not hold before."""
    # Loaded here: only what is written needs XlsxWriter.
    from apportion.workbook.letters import withdrawn  # noqa: PLC0415

    outcome = _uncomputed(last)
    written = []
    for paper in _papers(last, former, note, outcome.tables):
        path = folder / withdrawn.FOLDER / withdrawn.file_name(outcome, paper)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(withdrawn.content(outcome, paper))
        written.append(path)
    return written


def _papers(last: Issue, former: Issue | None, note: Note, tables: Tables) -> Iterator["Withdrawn"]:
    from apportion.workbook.letters.withdrawn import Withdrawn  # noqa: PLC0415

    bills, held = last.record[BILLS], former.record[BILLS] if former else {}
    kind = "請求" if last.case is None else "変更" if last.is_bill else "精算"
    for code, bill in bills.items():
        own, before = notice(bill), notice(held[code]) if code in held else NO_NOTICE
        if own.serial and own != before:
            again = before.named if before.serial else ""
            member, yen = tables.by_code[code], bill["請求額_円"]
            yield Withdrawn(member, kind, own, yen, note.words, note.day, again)


def _uncomputed(issue: Issue) -> Outcome:
    """What was sealed, as far as its letters name it: no program of today has to agree with it."""
    workspace = load(issue.inputs, issue.year)
    if workspace.tables is None:
        raise InputError(workspace.problems)
    return Outcome(
        year=issue.year,
        tables=workspace.tables,
        book=workspace.book,
        results=(),
        billed={},
        instalments=(),
        equations=(),
        files=(),
        problems=(),
        attached=workspace.attached,
    )


def _refusals(
    year: FiscalYear, note: Note, last: Issue | None, before: Sequence[Issue]
) -> Iterator[Problem]:
    if last is None:
        yield tell("W888", Source(file=f"{FOLDER}/{year}"), year=year.label)
        return
    latest = max((issue.day for issue in before if issue.day), default=None)
    first, end = date(year.start - 1, 10, 1), (year + 2).last_day
    if note.day and not first <= note.day <= end:
        yield tell(
            "W888.year",
            Source(file=last.path),
            day=wareki(note.day),
            first=wareki(latest or first),
            last=wareki(end),
        )
    elif note.day and latest and note.day < latest:
        yield tell("W888.day", Source(file=last.path), day=wareki(note.day), former=wareki(latest))
