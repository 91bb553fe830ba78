"""`seal`: a decided year becomes an issue that nobody changes any more (確定)."""

import shutil
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.core.problem import InputError, Level, OutputError, Problem
from apportion.core.year import Case, FiscalYear, __version__, folder_name
from apportion.outcome.issued import (
    ACTED,
    BILLS,
    FORMER,
    INPUTS,
    OUTPUTS,
    RECORD,
    TERMS,
    Issue,
    Issues,
    path_of,
    read,
    to_bytes,
    written,
)
from apportion.outcome.outcome import NO_NOTICE, Notice, Outcome
from apportion.outputs import publish
from apportion.outputs.publish import staged
from apportion.outputs.verify import verify_outputs
from apportion.years.issues import refused, reissue
from apportion.years.issues.reissue import asked, contents, digests
from apportion.years.issues.verify import computed


class Note(NamedTuple):
    """What a person says of an issue: 備考 (総会議決) and its day."""

    words: str
    day: date | None = None


def papers(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """The paper that each payer (of 精算: each body) holds, by 団体コード, as 確定.json keeps it.

    Whom a 補正 leaves as it was holds the one that it had.
    """
    content, own = contents(outcome), _papers(outcome)
    held = outcome.revision.former.notices if outcome.revision else {}
    found: dict[str, dict[str, Any]] = {}
    for code in content:
        listed = [notice for _, notice in own.get(code, ())]
        notice = _joined(listed) if listed else held.get(code, NO_NOTICE)
        found[code] = {
            "団体名": outcome.tables.by_code[code].name,
            "請求額_円": asked(outcome, code),
            **written(notice),
            "内容": content[code],
        }
    for part, notice in of_terms(outcome).items():
        found[part.code].setdefault(TERMS, {})[str(part.number)] = written(notice)
    return found


def of_terms(outcome: Outcome) -> dict[Instalment, Notice]:
    """The bills that ask for one 期 each; none where a bill is of the year."""
    listed = {
        part: notice
        for own in _papers(outcome).values()
        for part, notice in own
        if part is not None
    }
    kept = (again.kept for code, again in outcome.reissued.items() if code in outcome.billed)
    return {part: notice for own in (*kept, listed) for part, notice in own.items()}


def _papers(outcome: Outcome) -> Mapping[str, Sequence[tuple[Instalment | None, Notice]]]:
    """The papers that ask for something, and all of 精算, by their body, each with its 期."""
    # Loaded here: only sealing needs the words of the form.
    from apportion.workbook.letters.sent import days, letters  # noqa: PLC0415
    from apportion.workbook.letters.words import Words  # noqa: PLC0415

    words = Words(outcome)
    found: dict[str, list[tuple[Instalment | None, Notice]]] = {}
    for one in letters(outcome):
        if one.yen is not None or outcome.settled:
            yen = asked(outcome, one.member.code) if one.yen is None else one.yen
            notice = Notice(
                words.number(one.member, one.number, yen),
                words.serial(one.member, one.ending),
                words.issued(one.member, days(outcome, one)),
            )
            found.setdefault(one.member.code, []).append((one.part, notice))
    return found


def _joined(notices: Sequence[Notice]) -> Notice:
    """Several papers as one, dated as the first."""
    return Notice(
        "、".join(notice.document for notice in notices if notice.document),
        "、".join(notice.serial for notice in notices),
        notices[0].issued,
    )


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
    note = note._replace(day=note.day or refused.acted(outcome))
    _refuse(outcome, root, outputs, note)
    number = before[-1].number + 1 if before else 1
    target = root / path_of(year, number)
    with staged(target, None) as stage:
        _copy(outcome, root, outputs, stage)
        found, _ = verify_outputs(stage / OUTPUTS, stage / INPUTS, computed, issues=issues)
        stop(found)
        record = _record(outcome, note, number, stage) | {FORMER: fingerprint(before)}
        (stage / RECORD).write_bytes(to_bytes(record))
    protect(target)
    return made(target)


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
    acted = refused.acted(outcome)
    return {
        "書式": 1,
        "プログラム": f"apportion {__version__}",
        "年度": outcome.year.code,
        "ケース": str(outcome.case or ""),
        "回": number,
        "備考": note.words,
        "日付": note.day.isoformat() if note.day else "",
        ACTED: acted.isoformat() if acted else "",
        "団体数": len(outcome.members),
        "負担金額_円": outcome.total,
        BILLS: papers(outcome),
        INPUTS: digests(outcome, stage / INPUTS),
        OUTPUTS: publish.hashes(stage / OUTPUTS),
    }


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
