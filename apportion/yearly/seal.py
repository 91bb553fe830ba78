"""`seal`: a decided year becomes an issue that nobody changes any more (確定)."""

import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from apportion import __version__, manifest, verification
from apportion.case_name import CaseName, folder_name
from apportion.computation import compute
from apportion.issued import RECORD, Issues
from apportion.outcome import Outcome
from apportion.problem import InputError, OutputError, Problem
from apportion.publish import staged
from apportion.year import FiscalYear
from apportion.yearly import later, reissue
from apportion.yearly.papers import papers
from apportion.yearly.reissue import BILLS, compared, digests
from apportion.yearly.seal_checks import misdated, refusals, unchanged
from apportion.yearly.seal_record import to_bytes
from apportion.yearly.sealed import INPUTS, OUTPUTS, Sealed, every, path_of, read

FORMER = "前の回の指紋"
_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


class Note(NamedTuple):
    """What a person says of an issue: 備考 (総会議決) and its day."""

    words: str
    day: date | None = None


def seal(root: Path, year: FiscalYear, note: Note, case: CaseName | None = None) -> Sealed:
    """Seal the outputs of a year (or of a 補正) with the inputs that made them.

    What is sealed is checked in its copy: the files against each other, the budget and a fresh
    computation. Raises `InputError` with every reason to refuse (nothing is written), or
    `OutputError` where the disk fails: then there is a complete issue or none.
    """
    outcome = compared(compute(root, year, case=case), root)
    before = list(every(root, year))
    outputs = root / "outputs" / folder_name(year, case)
    _stop((*later.refusals(outcome, root), *misdated(note.day, before, year)))
    _stop(unchanged(outcome, root, outputs))
    _stop(refusals(outcome, root, outputs))
    number = before[-1].number + 1 if before else 1
    target = root / path_of(year, number)
    with staged(target, once=True) as stage:
        _copy(outcome, root, outputs, stage)
        issues = Issues.of(root, year)
        found, _ = verification.verify(stage / OUTPUTS, stage / INPUTS, issues=issues)
        _stop(found)
        record = _record(outcome, note, number, stage) | {FORMER: fingerprint(before)}
        (stage / RECORD).write_bytes(to_bytes(record))
    _protect(target)
    return _made(target)


def fingerprint(issues: list[Sealed]) -> str:
    """SHA-256 of the 確定.json of the last issue; empty where there is none."""
    return manifest.digest(issues[-1].folder / RECORD) if issues else ""


def _stop(problems: Iterable[Problem]) -> None:
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
    return {
        "書式": 1,
        "プログラム": f"apportion {__version__}",
        "年度": outcome.year.code,
        "ケース": str(outcome.case or ""),
        "回": number,
        "備考": note.words,
        "日付": note.day.isoformat() if note.day else "",
        "団体数": len(outcome.members),
        "負担金額_円": outcome.total,
        BILLS: papers(outcome),
        INPUTS: digests(outcome, stage / INPUTS),
        OUTPUTS: manifest.hashes(stage / OUTPUTS),
    }


def _protect(folder: Path) -> None:
    """Read-only files, as far as the system has them."""
    for path in folder.rglob("*"):
        if path.is_file():
            with suppress(OSError):
                path.chmod(_READ_ONLY)


def _made(target: Path) -> Sealed:
    sealed = read(target)
    if sealed is None:
        message = f"{target} を読み返せません。\n  直し方: ディスクを確かめてください。"
        raise OutputError(message)
    return sealed
