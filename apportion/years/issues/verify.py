"""`verify` of sealed issues: nothing was touched, and the program of today computes the same."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from apportion.core.problem import InputError, Level, OutputError, Problem, Source, tell
from apportion.core.text import on_lines
from apportion.core.year import SETTLED, Case, Edition, FiscalYear, __version__
from apportion.outcome.computation import compute
from apportion.outcome.issued import (
    ACTED,
    FOLDER,
    FORMER,
    INPUTS,
    LIST,
    OUTPUTS,
    RECORD,
    Issue,
    Issues,
    numbered,
    read,
)
from apportion.outcome.outcome import Outcome
from apportion.outputs import engines, publish
from apportion.outputs.differing import differences
from apportion.outputs.office import Hear, silent
from apportion.outputs.verify import RECALCULATE, Verified, verify_outputs
from apportion.years.issues.papers import facts
from apportion.years.issues.reissue import compared
from apportion.years.settle.compute import settle

_SHOWN = 50
_NUMBERED = re.compile(r"第[0-9]+回")
_LATER = {"W611", "W918"}
"""What says of outputs that their inputs came later: nothing comes later into an issue."""


def issues_in(folder: Path) -> list[Path]:
    """The folders of the issues that `folder` is or holds; nothing where it is neither."""
    if (folder / RECORD).is_file() or (folder / INPUTS).is_dir():
        return [folder]
    return [path for _, path in numbered(folder)]


def verify_issues(
    folders: Sequence[Path],
    *,
    year: Path | None = None,
    fingerprint: str = "",
    recalculate: bool = False,
    hear: Hear = silent,
) -> Verified:
    """Everything that is wrong with issues, and (if nothing is) sentences that say what holds.

    `year` is the folder of which these are all, `fingerprint` the 指紋 in the minutes. Raises
    `OutputError` where formulas cannot be computed anew.
    """
    if recalculate:
        engines.found(RECALCULATE)
    found: list[Problem] = [*_strays(year, folders)] if year else []
    said: list[str] = []
    for folder in folders:
        problems, sentence = _one(folder, recalculate=recalculate, hear=hear)
        found += problems
        said += [sentence]
    issues = [issue for issue in map(read, folders) if issue]
    found += _unlike_minutes(issues, fingerprint) if fingerprint else ()
    said += [_proved(fingerprint, year)] if issues else []
    return tuple(found), "\n\n".join(filter(None, said))


def _strays(year: Path, folders: Sequence[Path]) -> Iterator[Problem]:
    """What lies beside the issues of a year, and issues that are links to another place."""
    for path in sorted(year.iterdir()):
        source = Source(file=f"{FOLDER}/{year.name}/{path.name}")
        if path.is_symlink():
            yield tell("W877.link", source, name=path.name)
        elif path not in folders:
            yield tell("W877.beside", source, name=path.name)


def _unlike_minutes(issues: Sequence[Issue], fingerprint: str) -> Iterator[Problem]:
    """That no issue has the 指紋 of the minutes, or that others came after it."""
    numbers = [issue.number for issue in issues if issue.fingerprint == fingerprint]
    listed = "".join(f"\n    {one.label}: {one.fingerprint}" for one in issues)
    if not issues:
        yield tell("W608.none", Source(), fingerprint=fingerprint)
    elif not numbers:
        yield tell("W608", Source(file=issues[-1].path), fingerprint=fingerprint, listed=listed)
    elif numbers[-1] != issues[-1].number:
        later = "、".join(f"第{one.number}回" for one in issues if one.number > numbers[-1])
        yield tell("W609", Source(file=issues[-1].path), number=numbers[-1], later=later)


def _proved(fingerprint: str, year: Path | None) -> str:
    """What the 指紋 of the minutes proves, or what is not proved without it."""
    if not fingerprint:
        return (
            "議事録などに控えた指紋があれば、--指紋 に続けて書くと、確定.json ごと作り直されていないことと、\n"
            "最後の回が取り除かれていないことも確かめられます。今は、それは確かめていません。"
        )
    whole = "第1回からその回まで" if year else "その回"
    return f"議事録の指紋と一致しています。{whole}の入力、出力、備考、日付は、指紋を控えたときのままです。"


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
    try:
        return _replayed(issue, recalculate=recalculate, hear=hear)
    except OutputError as error:
        if changed := [former for former in _before(issue) if any(altered(former))]:
            return [_rests_on(issue, former) for former in changed], ""
        reason = str(error).partition("\n")[0]
        return [tell("W880.unread", Source(file=issue.path), sealed=issue.label, reason=reason)], ""


def altered(issue: Issue) -> Iterator[Problem]:
    """Files that are not those that were sealed, and what has no hash."""
    listed = {
        f"{part}/{name}": x for part in (INPUTS, OUTPUTS) for name, x in issue.record[part].items()
    }
    found = publish.hashes(issue.folder)
    found.pop(RECORD)
    if issue.is_listed:
        listed[LIST] = found[LIST] if LIST in found and _is_page(issue) else ""
    for name in sorted(listed.keys() | found.keys()):
        if name in found and listed.get(name) == found[name]:
            continue
        yield tell(
            "W876" if name not in found else "W877" if name not in listed else "W875",
            Source(file=f"{issue.path}/{name}"),
            name=name,
            issue=issue.label,
            record=RECORD,
        )
    for name, kind in publish.strange(issue.folder):
        place = Source(file=f"{issue.path}/{name}")
        yield tell("W877.link" if kind == "link" else "W877.folder", place, name=name)


def _is_page(issue: Issue) -> bool:
    """Whether the page for the minutes says what 確定.json does; another program may draw it otherwise."""
    # Loaded here: only verifying needs to make it anew.
    from apportion.workbook.summary import sealed  # noqa: PLC0415

    data, anew = (issue.folder / LIST).read_bytes(), sealed.make(issue)
    return data == anew or (
        not _is_of_today(issue) and not any(one.what == "" for one in differences(LIST, data, anew))
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
    """The sealed outputs and 確定.json beside a computation of the sealed inputs by the program of today."""
    problems, said = verify_outputs(
        issue.outputs,
        issue.inputs,
        computed,
        recalculate=recalculate,
        hear=hear,
        issues=_before(issue),
    )
    wrong = [_placed(p) for p in problems if p.level is Level.ERROR or p.code in _LATER]
    wrong += _unlike_record(issue)
    if wrong:
        return [_otherwise(issue, wrong)], ""
    place = Source(file=f"{issue.path}/{OUTPUTS}")
    notes = (
        tell("W607.sealed", place, sealed=issue.label, said=p.what, reason=p.why) for p in problems
    )
    return [*notes], _holds(issue, said)


def _is_of_today(issue: Issue) -> bool:
    """Whether the program of today sealed it."""
    return issue.program == publish.program()["プログラム"]


def _placed(problem: Problem) -> str:
    """What is wrong, with its file where the words do not name it."""
    place = problem.source.place()
    return problem.what if problem.source.file in problem.what else f"{place}: {problem.what}"


def _unlike_record(issue: Issue) -> Iterator[str]:
    """What 確定.json says otherwise than what the program that wrote it makes of the inputs."""
    if not _is_of_today(issue):
        return
    try:
        outcome = computed(issue.inputs, issue.year, issue.case, _before(issue))
    except InputError:
        return  # told by the replay
    for key, due in facts(outcome, issue.inputs).items():
        if key in issue.record and issue.record[key] != due:
            yield f"{RECORD} の「{key}」{_first(issue.record[key], due)}"
    if issue.day and issue.record.get(ACTED) and issue.record[ACTED] != issue.record["日付"]:
        yield f"{RECORD} の「日付」（{issue.record['日付']}、決定の表では {issue.record[ACTED]}）"


def _first(written: object, due: object) -> str:
    """Both values; of tables the first entry that differs."""
    if isinstance(written, dict) and isinstance(due, dict):
        key = next(key for key in {**due, **written} if written.get(key) != due.get(key))
        return f"の {key}{_first(written.get(key, 'なし'), due.get(key, 'なし'))}"
    return f"（確定 {written}、計算 {due}）"


def computed(root: Path, year: FiscalYear, case: Case, issues: Issues) -> Outcome:
    """What papers are made from, upon what was sealed before; raises `InputError`."""
    if case == SETTLED:
        return compared(settle(root, year, issues), root, issues)
    edition = case if isinstance(case, Edition) else None
    return compared(compute(root, year, edition=edition, issues=issues), root, issues)


def _rests_on(issue: Issue, former: Issue) -> Problem:
    """That an issue cannot be computed, for one that it goes on from was changed."""
    return tell(
        "W879.former-changed",
        Source(file=issue.path),
        issue=issue.label,
        former=former.label,
        path=former.path,
    )


def _otherwise(issue: Issue, wrong: Sequence[str]) -> Problem:
    return tell(
        "W880.same" if _is_of_today(issue) else "W880",
        Source(file=issue.path),
        sealed=issue.label,
        version__=__version__,
        program=issue.program,
        shown=on_lines(wrong, "件", most=_SHOWN),
    )


def _withdrawn(issue: Issue) -> str:
    return (
        f"{issue.label} {issue.path}: 第{issue.withdraws}回を取り消しました。取り消したときのままです。\n"
        f"指紋 {issue.fingerprint}"
    )


def _holds(issue: Issue, said: str) -> str:
    return (
        f"{issue.label} {issue.path}: 確定したときのままです（{issue.program}）。\n{said}\n"
        f"指紋 {issue.fingerprint}"
    )
