"""取込: what an import put in the place of tables, all of it or nothing, and the way back.

Former tables lie in 履歴/n beside the new ones, with a record of what took their place. What is taken
back lies there as well, in 取消: so nothing is ever lost.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from apportion.core.problem import InputError, OutputError, Problem, Source, tell
from apportion.core.written import HISTORY, next_number
from apportion.outputs import stage
from apportion.outputs.publish import digest
from apportion.tables.edit import Replacement

RECORD, UNDONE = "取込.json", "取消"
_PLACES = (f"rules/*/{HISTORY}", f"members/{HISTORY}", f"members/*/{HISTORY}")


class TakenFile(NamedTuple):
    """A table below the workspace and what it followed (empty: nothing), with their SHA-256."""

    path: str
    digest: str
    former: str
    former_digest: str


class TakenIn(NamedTuple):
    """An import: which command, when, the place of its former files, and what took theirs."""

    number: int
    command: str
    at: datetime
    folder: Path
    files: tuple[TakenFile, ...]


def take_in(root: Path, command: str, new: Sequence[Replacement]) -> Path | None:
    """Put all of them in their places; the folder with the former files, None where there were none.

    Raises `OutputError`; then every file is as it was.
    """
    try:
        with stage.opened(root, _WORK) as made:
            history = new[0].path.parent / HISTORY
            kept = history / next_number(path.name for path in history.glob("*"))
            place = _below(root, kept)
            for each in new:
                _put(made / _below(root, each.path), each.data)
                if each.former:
                    _put(made / place / each.former.name, each.former.read_bytes())
            _put(made / place / RECORD, _record(root, command, new))
            names = [place, *(_below(root, each.path) for each in new)]
            gone = [each.former for each in new if each.former and each.former != each.path]
            targets = [(name, root / name) for name in names]
            stage.place(made, targets, kept=False, gone=gone)
    except OSError as error:
        raise _unwritten(new[0].path.parent, error) from error
    return kept if any(each.former for each in new) else None


_WORK = "取込"


def last(root: Path) -> TakenIn | None:
    """The last import that was not taken back; None where there is none."""
    return max(_all(root), key=lambda taken: taken.number, default=None)


def changed(root: Path, taken: TakenIn) -> tuple[Problem, ...]:
    """Why it cannot be taken back: files that are not as they were left."""
    return tuple(_changed(root, taken))


def take_back(root: Path, taken: TakenIn) -> None:
    """Put the former files back, and what took their place beside their copies.

    Raises `InputError` where a file changed, `OutputError` where the disk fails: then all is as it was.
    """
    if problems := changed(root, taken):
        raise InputError(problems)
    place = f"{_below(root, taken.folder)}/{UNDONE}"
    try:
        with stage.opened(root, _WORK) as made:
            (made / place).mkdir(parents=True)
            for file in taken.files:
                _put(made / place / Path(file.path).name, (root / file.path).read_bytes())
                if file.former:
                    kept = taken.folder / Path(file.former).name
                    _put(made / file.former, kept.read_bytes())
            names = [place, *(file.former for file in taken.files if file.former)]
            gone = [root / file.path for file in taken.files if file.path != file.former]
            targets = [(name, root / name) for name in names]
            stage.place(made, targets, kept=False, gone=gone)
    except OSError as error:
        raise _unwritten(taken.folder.parent.parent, error) from error


def _changed(root: Path, taken: TakenIn) -> Iterator[Problem]:
    for file in taken.files:
        if digest(root / file.path) != file.digest:
            yield tell("W847.changed", Source(file=file.path), command=taken.command)
        elif file.former and file.former != file.path and (root / file.former).exists():
            yield tell("W847.changed", Source(file=file.former), command=taken.command)
        kept = taken.folder / Path(file.former).name
        if file.former and digest(kept) != file.former_digest:
            yield tell("W847.lost", Source(file=_below(root, kept)), command=taken.command)


def _all(root: Path, *, undone: bool = False) -> Iterator[TakenIn]:
    for pattern in _PLACES:
        for folder in root.glob(pattern):
            for path in folder.glob(f"*/{RECORD}"):
                with suppress(OSError, ValueError, KeyError, TypeError):
                    if undone or not (path.parent / UNDONE).exists():
                        yield _read(path)


def _read(path: Path) -> TakenIn:
    said: Mapping[str, Any] = json.loads(path.read_bytes())
    files = tuple(TakenFile(*map(str, row)) for row in said["ファイル"])
    at = datetime.fromisoformat(said["日時"])
    return TakenIn(int(said["番号"]), str(said["取込"]), at, path.parent, files)


def _record(root: Path, command: str, new: Sequence[Replacement]) -> bytes:
    numbers = [taken.number for taken in _all(root, undone=True)]
    files = []
    for each in new:
        former = _below(root, each.former) if each.former else ""
        held = digest(each.former) if each.former else ""
        files.append([_below(root, each.path), _hash(each.data), former, held])
    said = {
        "書式": 1,
        "番号": max(numbers, default=0) + 1,
        "取込": command,
        "日時": datetime.now().astimezone().isoformat(timespec="seconds"),
        "ファイル": files,
    }
    return f"{json.dumps(said, ensure_ascii=False, indent=1)}\n".encode()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _below(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _unwritten(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{folder} に書けませんでした（{error.strerror or error}）。前の表はそのままです。\n"
        "  直し方: Excel で開いていれば閉じ、ディスクの空きを確かめて、もう一度実行してください。"
    )
