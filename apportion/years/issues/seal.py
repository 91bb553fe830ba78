"""`seal`: a decided year becomes an issue that nobody changes any more (確定)."""

import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.core.problem import InputError, Level, OutputError, Problem, Source, tell
from apportion.core.year import Edition, FiscalYear, __version__, folder_name, label, place, wareki
from apportion.outcome.checks.texts import examples_in
from apportion.outcome.computation import compute
from apportion.outcome.issued import (
    BILLS,
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
from apportion.outputs.data import CHARGED
from apportion.outputs.office import ARCHIVES
from apportion.outputs.publish import staged
from apportion.outputs.verify import verify_run
from apportion.rules.book import DECIDED
from apportion.tables.revision import editions
from apportion.years.issues import reissue
from apportion.years.issues.reissue import beside, compared, contents, digests


def papers(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """The paper that each payer holds, by 団体コード, as 確定.json keeps it.

    Whom a 補正 leaves as it was holds the one that it had.
    """
    content, own = contents(outcome), _asking(outcome)
    held = outcome.revision.former.notices if outcome.revision else {}
    found: dict[str, dict[str, Any]] = {}
    for code in outcome.billed:
        notice = _joined(list(own[code].values())) if code in own else held.get(code, NO_NOTICE)
        found[code] = {
            "団体名": outcome.tables.by_code[code].name,
            "請求額_円": outcome.billed_to(code),
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
        for own in _asking(outcome).values()
        for part, notice in own.items()
        if part is not None
    }
    kept = (again.kept for code, again in outcome.reissued.items() if code in outcome.billed)
    return {part: notice for own in (*kept, listed) for part, notice in own.items()}


def _asking(outcome: Outcome) -> Mapping[str, Mapping[Instalment | None, Notice]]:
    """The papers that ask for something, by their payer and 期."""
    # Loaded here: only sealing needs the words of the form.
    from apportion.workbook.letters.sent import days, letters  # noqa: PLC0415
    from apportion.workbook.letters.words import Words  # noqa: PLC0415

    words = Words(outcome)
    found: dict[str, dict[Instalment | None, Notice]] = {}
    for one in letters(outcome):
        if one.yen is not None:
            found.setdefault(one.member.code, {})[one.part] = Notice(
                words.number(one.member, one.number, one.yen),
                words.serial(one.member, one.ending),
                words.issued(one.member, days(outcome, one)),
            )
    return found


def _joined(notices: Sequence[Notice]) -> Notice:
    """Several papers as one, dated as the first."""
    return Notice(
        "、".join(notice.document for notice in notices if notice.document),
        "、".join(notice.serial for notice in notices),
        notices[0].issued,
    )


def refusals(outcome: Outcome, root: Path, outputs: Path) -> Iterator[Problem]:
    """Rule files that are not 議決, texts that are examples, and outputs that are not those of the inputs of today."""
    yield from _undecided(outcome)
    if found := examples_in(outcome.book):
        yield tell(
            "W874",
            found.source,
            count=found.count,
            places=found.places,
            more=found.more,
            command=_run(outcome),
        )
    record = publish.read(outputs)
    if record is None:
        yield tell("W871", Source(file=outputs.relative_to(root).as_posix()), command=_run(outcome))
        return
    now = {name: publish.digest(root / name) for name in outcome.files}
    made = record["入力"]
    changed = sorted(name for name in made.keys() | now.keys() if made.get(name) != now.get(name))
    if changed:
        yield tell(
            "W872",
            Source(file=(outputs / publish.NAME).relative_to(root).as_posix()),
            changed="、".join(changed),
            command=_run(outcome),
        )


def unchanged(outcome: Outcome, root: Path, outputs: Path) -> Iterator[Problem]:
    """That nothing is different from what was sealed last."""
    comparison = beside(outcome, root)
    if comparison is None:
        return
    last = comparison.issues[-1]
    following = _following(outcome)
    if following and not comparison.changed():
        yield _forgotten(last, outcome, following)
        return
    same = _sent(last.record[OUTPUTS]) == _sent(publish.outputs(outputs))
    if same and not comparison.changed_inputs():
        yield tell("W873.nothing", Source(file=last.path), last=last.label, path=last.path)


def misdated(day: date | None, before: Sequence[Issue], year: FiscalYear) -> Iterator[Problem]:
    """That the day given for an issue is before that of a former one, or far from its year."""
    former = next((one for one in reversed(before) if one.day), None)
    # Half a year around the year: 総会 decide before it begins, late bills come after its end.
    first, last = date(year.start - 1, 10, 1), date(year.start + 1, 9, 30)
    if day and not first <= day <= last:
        yield tell(
            "W884.year",
            Source(),
            day=wareki(day),
            year=year.label,
            first=wareki(first),
            last=wareki(last),
        )
    elif day and former and former.day and day < former.day:
        yield tell("W884.former", Source(file=former.path), day=wareki(day), former=former.label)


def _following(outcome: Outcome) -> Edition | None:
    """The next 補正 that the tables hold; None where the outcome is of the last one."""
    later = (
        edition for edition in editions(outcome.tables) if edition.number > place(outcome.edition)
    )
    return next(later, None)


def _forgotten(last: Issue, outcome: Outcome, following: Edition) -> Problem:
    named = f"apportion seal --year {outcome.year} --case {following} --note 備考"
    return (
        tell(
            "W873.unsaid",
            Source(file=last.path),
            present=label(outcome.edition),
            last=last.label,
            column=following.column,
            edition=following.label,
            following=following,
            named=named,
        )
        if outcome.edition is None
        else tell(
            "W873.edition",
            Source(file=last.path),
            present=label(outcome.edition),
            last=last.label,
            column=following.column,
            case=outcome.edition,
            edition=following.label,
            following=following,
            named=named,
        )
    )


def _sent(hashes: Mapping[str, str]) -> dict[str, str]:
    """Those of the files that payers get."""
    return {name: x for name, x in hashes.items() if name.startswith((CHARGED.letters, ARCHIVES))}


def _undecided(outcome: Outcome) -> Iterator[Problem]:
    for file in outcome.book.files:
        if file.state != DECIDED:
            place = file.state_source
            line = place.mended(DECIDED) if place.text else f"状態: {DECIDED}"
            yield tell("W870", place, state=file.state, line=line)


def _run(outcome: Outcome) -> str:
    return f"apportion run --year {outcome.year}" + (
        f" --case {outcome.edition}" * bool(outcome.edition)
    )


FORMER = "前の回の指紋"
_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


class Note(NamedTuple):
    """What a person says of an issue: 備考 (総会議決) and its day."""

    words: str
    day: date | None = None


def seal(root: Path, year: FiscalYear, note: Note, edition: Edition | None = None) -> Issue:
    """Seal the outputs of a year (or of a 補正) with the inputs that made them.

    What is sealed is checked in its copy: the files against each other, the budget and a fresh
    computation. Raises `InputError` with every reason to refuse (nothing is written), or
    `OutputError` where the disk fails: then there is a complete issue or none.
    """
    outcome = compared(compute(root, year, edition=edition), root)
    issues = Issues.of(root, year)
    before = list(issues)
    outputs = root / "outputs" / folder_name(year, edition)
    wrong = (problem for problem in outcome.problems if problem.level is Level.ERROR)
    _stop((*wrong, *reissue.refusals(outcome, root), *misdated(note.day, before, year)))
    _stop(unchanged(outcome, root, outputs))
    _stop(refusals(outcome, root, outputs))
    number = before[-1].number + 1 if before else 1
    target = root / path_of(year, number)
    with staged(target, None) as stage:
        _copy(outcome, root, outputs, stage)
        found, _ = verify_run(stage / OUTPUTS, stage / INPUTS, issues=issues)
        _stop(found)
        record = _record(outcome, note, number, stage) | {FORMER: fingerprint(before)}
        (stage / RECORD).write_bytes(to_bytes(record))
    _protect(target)
    return _made(target)


def fingerprint(issues: list[Issue]) -> str:
    """SHA-256 of the 確定.json of the last issue; empty where there is none."""
    return publish.digest(issues[-1].folder / RECORD) if issues else ""


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
        "ケース": str(outcome.edition or ""),
        "回": number,
        "備考": note.words,
        "日付": note.day.isoformat() if note.day else "",
        "団体数": len(outcome.members),
        "負担金額_円": outcome.total,
        BILLS: papers(outcome),
        INPUTS: digests(outcome, stage / INPUTS),
        OUTPUTS: publish.hashes(stage / OUTPUTS),
    }


def _protect(folder: Path) -> None:
    """Read-only files, as far as the system has them."""
    for path in folder.rglob("*"):
        if path.is_file():
            with suppress(OSError):
                path.chmod(_READ_ONLY)


def _made(target: Path) -> Issue:
    sealed = read(target)
    if sealed is None:
        message = f"{target} を読み返せません。\n  直し方: ディスクを確かめてください。"
        raise OutputError(message)
    return sealed
