"""`verify` of sealed issues: nothing was touched, and the program of today computes the same."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from apportion.core.problem import Level, Problem, Source
from apportion.core.year import __version__
from apportion.outcome.issued import RECORD, Issues
from apportion.outputs import publish
from apportion.outputs import verify as verification
from apportion.outputs.office import Tell, silent
from apportion.years.issues.issue import FINGERPRINT, INPUTS, OUTPUTS, Sealed, read
from apportion.years.issues.seal import FORMER

_SHOWN = 10
_NEVER = "確定したものは、直さずに、次の回として出し直します。"
_BACK = f"控えから元の内容に戻してください。{_NEVER}"
_NUMBERED = re.compile(r"第[0-9]+回")


def issues_in(folder: Path) -> list[Path]:
    """The folders of the issues that `folder` is or holds; nothing where it is neither."""
    if (folder / RECORD).is_file() or (folder / INPUTS).is_dir():
        return [folder]
    return [path for _, path in Issues(folder).numbered()]


def verify(
    folders: Iterable[Path], *, recalculate: bool = False, tell: Tell = silent
) -> tuple[tuple[Problem, ...], str]:
    """Everything that is wrong with issues, and (if nothing is) sentences that say what holds.

    Raises `OutputError` where the outputs of one cannot be read at all.
    """
    found: list[Problem] = []
    said: list[str] = []
    for folder in folders:
        problems, sentence = _one(folder, recalculate=recalculate, tell=tell)
        found += problems
        said += [sentence]
    return tuple(found), "\n\n".join(said)


def _one(folder: Path, *, recalculate: bool, tell: Tell) -> tuple[list[Problem], str]:
    """One issue: its files first; where they are as sealed, the computation."""
    sealed = read(folder)
    if sealed is None:
        return [_damaged(folder)], ""
    problems = [*_files(sealed), *_chain(sealed)]
    if problems:
        return problems, ""
    return _replayed(sealed, recalculate=recalculate, tell=tell)


def _files(sealed: Sealed) -> Iterator[Problem]:
    """Files that are not those that were sealed."""
    listed = {
        f"{part}/{name}": x for part in (INPUTS, OUTPUTS) for name, x in sealed.record[part].items()
    }
    found = publish.hashes(sealed.folder)
    found.pop(RECORD)
    for name in sorted(listed.keys() | found.keys()):
        if listed.get(name) == found.get(name):
            continue
        if name not in found:
            yield _broken("W876", sealed, name, "がありません")
        elif name not in listed:
            yield _broken("W877", sealed, name, "は、確定したときにはなかったファイルです")
        else:
            yield _broken("W875", sealed, name, "が、確定のあとで変わっています")


def _broken(code: str, sealed: Sealed, name: str, what: str) -> Problem:
    return Problem(
        code=code,
        source=Source(file=f"{sealed.path}/{name}"),
        what=f"{name} {what}。",
        why=f"{sealed.label}の {RECORD} にある内容と違います。",
        fix="このファイルを、確定のフォルダーの外へ移してください。" if code == "W877" else _BACK,
    )


def _damaged(folder: Path) -> Problem:
    return Problem(
        code="W878",
        source=Source(file=f"{folder.as_posix()}/{RECORD}"),
        what=f"{RECORD} がないか、確定のあとで変わっています。",
        why="この記録が確かでないと、ほかのファイルが確定したときのままかを確かめられません。",
        fix=_BACK,
    )


def _chain(sealed: Sealed) -> Iterator[Problem]:
    """Its number, and the issue before: there, and the one that this issue was sealed after."""
    name = sealed.folder.resolve().name
    if _NUMBERED.fullmatch(name) and name != f"第{sealed.number}回":
        yield _unchained(sealed, f"フォルダーの名前が「{name}」になっています。")
        return
    before = Issues(sealed.folder.parent, before=sealed.number).numbered()
    place = before[-1][1] / RECORD if before else Path()
    if publish.digest(place) != sealed.record[FORMER] or len(before) != sealed.number - 1:
        yield _unchained(
            sealed,
            "前の回のフォルダーがないか、その記録が、この回を確定したときのものではありません。",
        )


def _unchained(sealed: Sealed, why: str) -> Problem:
    return Problem(
        code="W879",
        source=Source(file=f"{sealed.path}/{RECORD}"),
        what=f"第{sealed.number}回は、前の回とつながっていません。",
        why=why,
        fix=f"確定のフォルダーを、控えから元の名前と内容に戻してください。{_NEVER}",
    )


def _replayed(sealed: Sealed, *, recalculate: bool, tell: Tell) -> tuple[list[Problem], str]:
    """The sealed outputs beside a computation of the sealed inputs by the program of today."""
    before = Issues(sealed.folder.parent, before=sealed.number)
    problems, said = verification.verify(
        sealed.outputs, sealed.inputs, recalculate=recalculate, tell=tell, issues=before
    )
    wrong = [problem for problem in problems if problem.level is Level.ERROR]
    return ([_computes_otherwise(sealed, wrong)], "") if wrong else ([], _holds(sealed, said))


def _computes_otherwise(sealed: Sealed, wrong: list[Problem]) -> Problem:
    shown = "".join(f"\n    {problem.what}" for problem in wrong[:_SHOWN])
    more = f"\n    ほか {len(wrong) - _SHOWN} 件" if len(wrong) > _SHOWN else ""
    return Problem(
        code="W880",
        source=Source(file=sealed.path),
        what=f"{sealed.label}を今のプログラム（apportion {__version__}）で計算し直すと、"
        f"確定したもの（{sealed.program}）と違います。{shown}{more}",
        why="ファイルは確定したときのままです。プログラムの計算か検査が、そのときから変わっています。",
        fix=f"確定した額を使うときは {sealed.program} で確かめ、作成者にこの文を知らせてください。",
    )


def _holds(sealed: Sealed, said: str) -> str:
    return (
        f"{sealed.label} {sealed.path}: 確定したときのままです（{sealed.program}）。\n{said}\n"
        f"指紋 {sealed.record[FINGERPRINT]}"
    )
