"""取込: what an import, `rename` or `pin` put in the place of files, all or nothing, and the way back.

Former files lie in 履歴/n beside the new ones, with a record of what took their place; those of several
folders lie there in folders of their own. What is taken back lies there as well, in 取消: so nothing is
ever lost.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from apportion.core.problem import InputError, Problem, Source, tell
from apportion.core.written import HISTORY
from apportion.outputs import stage
from apportion.outputs.publish import digest, kept_names, put, replace_files, unwritten
from apportion.tables.edit import Replacement

RECORD, UNDONE = "取込.json", "取消"
_PLACES = (f"rules/*/{HISTORY}", f"members/{HISTORY}", f"members/*/{HISTORY}")


class TakenFile(NamedTuple):
    """A table below the workspace and what it followed (empty: nothing), with their SHA-256.

    `kept` is its place in 履歴/n, where that is not the bare name of what it followed.
    """

    path: str
    digest: str
    former: str
    former_digest: str
    kept: str = ""

    @property
    def copy(self) -> str:
        """Place of what it followed below the folder of former files."""
        return self.kept or Path(self.former).name


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
    return replace_files(root, new, {RECORD: _record(root, command, new)})


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
                undone = Path(file.kept).parent / Path(file.path).name
                if (root / file.path).is_file():
                    put(made / place / undone, (root / file.path).read_bytes())
                if file.former:
                    former = (taken.folder / file.copy).read_bytes()
                    put(made / file.former, former, root / file.path)
            names = [place, *(file.former for file in taken.files if file.former)]
            placed = (root / file.path for file in taken.files if file.path != file.former)
            gone = [path for path in placed if path.is_file()]
            targets = [(name, root / name) for name in names]
            stage.place(made, targets, copied=[path for _, path in targets], gone=gone)
    except OSError as error:
        raise unwritten(taken.folder.parent.parent, error) from error


def _changed(root: Path, taken: TakenIn) -> Iterator[Problem]:
    """A file that is as before may be: the page was closed while it wrote, this file not yet."""
    for file in taken.files:
        before = file.former_digest if file.former == file.path else ""
        beside = "" if file.former == file.path else digest(root / file.former)
        if digest(root / file.path) not in {file.digest, before}:
            yield tell("W847.changed", Source(file=file.path), command=taken.command)
        elif beside not in {"", file.former_digest}:
            yield tell("W847.changed", Source(file=file.former), command=taken.command)
        kept = taken.folder / file.copy
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
    for each, copy in zip(new, kept_names(root, new), strict=True):
        former = _below(root, each.former) if each.former else ""
        held = digest(each.former) if each.former else ""
        own = [copy] if copy != Path(former).name else []
        files.append([_below(root, each.path), _hash(each.data), former, held, *own])
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
