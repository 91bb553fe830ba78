"""`seal`: a decided year becomes an issue that nobody changes any more (確定)."""

import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from apportion.core.problem import InputError, Level, OutputError, Problem
from apportion.core.year import Case, FiscalYear, __version__, folder_name
from apportion.outcome.issued import (
    FORMER,
    INPUTS,
    LIST,
    LISTED,
    OUTPUTS,
    RECORD,
    Issue,
    Issues,
    is_begun,
    path_of,
    read,
    to_bytes,
)
from apportion.outcome.outcome import Outcome
from apportion.outputs import publish
from apportion.outputs.publish import staged
from apportion.outputs.verify import verify_outputs
from apportion.years.issues import refused, reissue
from apportion.years.issues.papers import acted, facts
from apportion.years.issues.verify import computed


class Note(NamedTuple):
    """What a person says of an issue: 備考 (総会議決) and its day."""

    words: str
    day: date | None = None


_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


def seal(root: Path, year: FiscalYear, note: Note, case: Case = None) -> Issue:
    """Seal the outputs of a year, of a 補正 or of 精算, with the inputs that made them.

    What is sealed is checked in its copy: the files against each other, the budget and a fresh
    computation. Raises `InputError` with every reason to refuse (nothing is written), or
    `OutputError` where the disk fails: then there is a complete issue or none.
    """
    issues = Issues.of(root, year)
    before = list(issues)
    stop(refused.broken(before))
    outcome = computed(root, year, case, issues)
    outputs = root / "outputs" / folder_name(year, case)
    note = note._replace(day=note.day or acted(outcome))
    _refuse(outcome, root, outputs, note)
    number = before[-1].number + 1 if before else 1
    target = root / path_of(year, number)
    clear_begun(target)
    with staged(target, None) as stage:
        _copy(outcome, root, outputs, stage)
        found, _ = verify_outputs(stage / OUTPUTS, stage / INPUTS, computed, issues=issues)
        stop(found)
        record = _record(outcome, note, number, stage) | {FORMER: fingerprint(before)}
        finish(stage, record)
        protect(stage)
    return made(target)


def clear_begun(target: Path) -> None:
    """Take away what was begun in the place of an issue: all that it holds are copies."""
    if is_begun(target):
        publish.take_away(target)


def _refuse(outcome: Outcome, root: Path, outputs: Path, note: Note) -> None:
    """Raise `InputError` with the reasons, those first from which others would follow."""
    standing = Issues.of(root, outcome.year).standing()
    wrong = (problem for problem in outcome.problems if problem.level is Level.ERROR)
    stop((*wrong, *reissue.refusals(outcome, root), *refused.out_of_turn(outcome, standing)))
    misdated = refused.misdated(outcome, note.day, standing)
    stop((*misdated, *refused.unlike_its_act(outcome, note.day)))
    stop(refused.unchanged(outcome, root, outputs))
    stop(refused.refusals(outcome, root, outputs))


def fingerprint(issues: list[Issue]) -> str:
    """SHA-256 of the 確定.json of the last issue; empty where there is none."""
    return publish.digest(issues[-1].folder / RECORD) if issues else ""


def stop(problems: Iterable[Problem]) -> None:
    """Raise `InputError` where there is a reason to refuse."""
    if found := tuple(problems):
        raise InputError(found)


def _copy(outcome: Outcome, root: Path, outputs: Path, stage: Path) -> None:
    """Every file that the outcome was computed from, and every one that was made from it."""
    for name in filter(reissue.own, outcome.files):
        copy = stage / INPUTS / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, copy)
    shutil.copytree(outputs, stage / OUTPUTS, copy_function=shutil.copyfile)


def _record(outcome: Outcome, note: Note, number: int, stage: Path) -> dict[str, Any]:
    own = facts(outcome, stage / INPUTS)
    return {
        "書式": LISTED,
        "プログラム": f"apportion {__version__}",
        "年度": own.pop("年度"),
        "回": number,
        "備考": note.words,
        "日付": note.day.isoformat() if note.day else "",
        **own,
        OUTPUTS: publish.hashes(stage / OUTPUTS),
    }


def finish(stage: Path, record: dict[str, Any]) -> None:
    """Write 確定.json, and the page for the minutes that follows from it."""
    # Loaded here: only what is written needs XlsxWriter.
    from apportion.workbook.summary import sealed  # noqa: PLC0415

    (stage / RECORD).write_bytes(to_bytes(record))
    (stage / LIST).write_bytes(sealed.make(made(stage)))


def protect(folder: Path) -> None:
    """Read-only files, as far as the system has them."""
    for path in folder.rglob("*"):
        if path.is_file():
            with suppress(OSError):
                path.chmod(_READ_ONLY)


def made(target: Path) -> Issue:
    """The issue that was put there, read back."""
    sealed = read(target)
    if sealed is None:
        message = f"{target} を読み返せません。\n  直し方: ディスクを確かめてください。"
        raise OutputError(message)
    return sealed
