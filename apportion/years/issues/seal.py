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
from apportion.core.year import Edition, FiscalYear, __version__, folder_name, label, wareki
from apportion.outcome.checks.texts import examples_in
from apportion.outcome.computation import compute
from apportion.outcome.issued import (
    ACTED,
    BILLS,
    FOLDER,
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
from apportion.outputs.data import CHARGED
from apportion.outputs.office import ARCHIVES
from apportion.outputs.publish import staged
from apportion.outputs.verify import verify_run
from apportion.rules.book import DECIDED
from apportion.tables.acts import FIRST
from apportion.tables.revision import act_of, case_before, editions, until
from apportion.years.issues import reissue
from apportion.years.issues.reissue import beside, compared, contents, digests
from apportion.years.issues.verify import altered, unchained


class Note(NamedTuple):
    """What a person says of an issue: 備考 (総会議決) and its day."""

    words: str
    day: date | None = None


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
    last = comparison.last if comparison else None
    if comparison is None or last is None:
        return
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


def _acted(outcome: Outcome) -> date | None:
    """The day of the act: that of a 補正, or what the table 決定 says of 当初."""
    if outcome.revision:
        return outcome.revision.day
    act = act_of(outcome.tables, FIRST)
    return act.day if act else None


def unlike_its_act(outcome: Outcome, note: Note) -> Iterator[Problem]:
    """That the day given for an issue is not that of the table 決定."""
    act = act_of(outcome.tables, str(outcome.edition or FIRST))
    if act and act.day and note.day != act.day:
        yield tell(
            "W868",
            act.source,
            day=wareki(note.day or act.day),
            act=act.name,
            decided=wareki(act.day),
            file=act.source.file,
        )


def out_of_turn(outcome: Outcome, before: Sequence[Issue]) -> Iterator[Problem]:
    """That what came before a change is not sealed."""
    if outcome.edition is None:
        return
    former = case_before(outcome.tables, outcome.edition)
    if former not in [issue.edition for issue in before]:
        yield tell(
            "W869",
            Source(file=f"{FOLDER}/{outcome.year}"),
            before=str(former or FIRST),
            act=outcome.edition,
            year=outcome.year,
            case=f" --case {former}" if former else "",
        )


def broken(before: Sequence[Issue]) -> Iterator[Problem]:
    """The first former issue that is not as it was sealed: nothing is put upon it."""
    for issue in before:
        for problem in (*altered(issue), *unchained(issue)):
            yield tell(
                "W869.broken", problem.source, issue=issue.label, what=problem.what, path=issue.path
            )
            return


def _following(outcome: Outcome) -> Edition | None:
    """The next 補正 that the tables hold; None where the outcome is of the last one."""
    later = editions(outcome.tables)[len(until(outcome.tables, outcome.edition)) :]
    return next(iter(later), None)


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
    act = outcome.book.act
    if act not in (None, DECIDED):
        yield _undecided_act(outcome, act)
    for file in outcome.book.files:
        if file.state != DECIDED and (act is None or file.state_source.text):
            place = file.state_source
            line = place.mended(DECIDED) if place.text else f"状態: {DECIDED}"
            yield tell("W870", place, state=file.state, line=line)


def _undecided_act(outcome: Outcome, state: str | None) -> Problem:
    named = outcome.edition.column if outcome.edition else FIRST
    row = act_of(outcome.tables, str(outcome.edition or FIRST))
    file = f"rules/{outcome.year}/acts.csv"
    day = wareki(acted) if (acted := _acted(outcome)) else "議決の日"
    return tell(
        "W870.act",
        row.source if row else Source(file=file),
        act=named,
        state=state,
        file=row.source.file if row else file,
        line=f"{named},{day},{DECIDED},備考",
    )


def _run(outcome: Outcome) -> str:
    return f"apportion run --year {outcome.year}" + (
        f" --case {outcome.edition}" * bool(outcome.edition)
    )


_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


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
    note = note._replace(day=note.day or _acted(outcome))
    wrong = (problem for problem in outcome.problems if problem.level is Level.ERROR)
    stop(broken(before))
    stop((*wrong, *reissue.refusals(outcome, root), *out_of_turn(outcome, issues.standing())))
    stop((*misdated(note.day, issues.standing(), year), *unlike_its_act(outcome, note)))
    stop(unchanged(outcome, root, outputs))
    stop(refusals(outcome, root, outputs))
    number = before[-1].number + 1 if before else 1
    target = root / path_of(year, number)
    with staged(target, None) as stage:
        _copy(outcome, root, outputs, stage)
        found, _ = verify_run(stage / OUTPUTS, stage / INPUTS, issues=issues)
        stop(found)
        record = _record(outcome, note, number, stage) | {FORMER: fingerprint(before)}
        (stage / RECORD).write_bytes(to_bytes(record))
    protect(target)
    return made(target)


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
    acted = _acted(outcome)
    return {
        "書式": 1,
        "プログラム": f"apportion {__version__}",
        "年度": outcome.year.code,
        "ケース": str(outcome.edition or ""),
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
