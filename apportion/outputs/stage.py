"""A stage: folders that one process makes beside their places, and moves there as one step.

A stage holds `新` and, once all in it is complete, 手順.json: which folder goes to which place.
From then on a kill at any point loses nothing: the next command reads it and goes on (`recover`).
A stage without it is a work that was given up. Only stages of dead owners are touched.
"""

import ctypes
import json
import os
import random
import shutil
import stat
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from apportion.core import written
from apportion.core.written import HISTORY, next_number
from apportion.outputs import owner

_NEW, _STEPS, _GONE = "新", "手順.json", "前"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def opened(parent: Path, work: str) -> Iterator[Path]:
    """An empty folder of ours below `parent`; no other living one has the same `work`.

    On leaving it is gone, with all that was not put in its place. Raises `OutputError` where
    somebody else is at the same work.
    """
    parent.mkdir(parents=True, exist_ok=True)
    recover(parent)
    stage = _claimed(parent, work)
    try:
        (stage / _NEW).mkdir()
        yield stage / _NEW
    finally:
        with suppress(OSError):  # then it is left to the next command
            _mend(stage)
        owner.MINE.discard(stage.name)


def place(
    new: Path,
    targets: Sequence[tuple[str, Path]],
    *,
    once: bool = False,
    copied: Collection[Path] = (),
    gone: Sequence[Path] = (),
) -> None:
    """Move folders of the stage, by their names below `new`, to their targets: all or none.

    What stands at a target goes to 履歴 beside it; `once`: it is refused; where it is `copied`
    elsewhere it goes, as what is `gone` does. Raises `OSError`; then what was moved is back.
    """
    stage = new.parent
    moves = [_Move(new / name, target, kept=target not in copied) for name, target in targets]
    moves += [_Move(stage / f"{_GONE}{n}", path, gone=True) for n, path in enumerate(gone)]
    if once and any(_filled(move.target) for move in moves):
        raise FileExistsError(17, "すでにあります", str(moves[0].target))
    _sync(new)
    _note(stage, moves)
    numbers = {move.target: move.new.stat().st_ino for move in moves if not move.gone}
    undo: list[Callable[[], object]] = []
    try:
        for move in moves:
            _swap(move, undo)
    except Exception:
        for step in reversed(undo):
            step()
        (stage / _STEPS).unlink()
        raise
    finally:  # also where a person stops it between two moves
        for target, number in numbers.items():
            if target.exists() and target.stat().st_ino == number:
                written.note(target)


def recover(parent: Path) -> list[Path]:
    """Finish or clear away what killed processes left in a folder; the places that were filled."""
    found = []
    for stage, owned in _stages(parent):
        if not owner.living(stage, owned):
            with suppress(OSError):  # another command is at it, or may not: the next one
                found += _mend(stage)
    return found


class _Move(NamedTuple):
    """What goes to a target; `gone`: the target goes to `new` instead. `number` is that of what moves."""

    new: Path
    target: Path
    number: int = 0
    kept: bool = True
    gone: bool = False

    def former(self) -> Path:
        """Where what stands at the target goes."""
        return (
            _next_history(self.target)
            if self.kept
            else self.new.with_name(f"{self.new.name}{_GONE}")
        )


def _stages(parent: Path) -> list[tuple[Path, owner.Owner]]:
    try:
        listed = sorted(parent.iterdir())
    except OSError:
        return []
    return [(path, owned) for path in listed if (owned := owner.of(path))]


def _claimed(parent: Path, work: str) -> Path:
    """Our stage. It is made before we look around: of two, at least the later one sees the other."""
    for pause in (*owner.PAUSES, None):
        stage = owner.claim(parent, work)
        stage.mkdir()
        owner.MINE.add(stage.name)
        mine = owner.of(stage)
        others = [
            owned
            for other, owned in _stages(parent)
            if other != stage and mine and owned.work == mine.work and owner.living(other, owned)
        ]
        if not others:
            return stage
        stage.rmdir()
        owner.MINE.discard(stage.name)
        if pause:
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  so that two do not meet again
    place = f" {parent} の {work} に"
    raise owner.busy(place, others[0].words)


def _note(stage: Path, moves: Sequence[_Move]) -> None:
    """Folders are known again by their number on the disk, which a move does not change."""
    steps = [
        {
            "新": move.new.relative_to(stage).as_posix(),
            "先": move.target.relative_to(stage.parent).as_posix(),
            "番号": (move.target if move.gone else move.new).stat().st_ino,
            "残す": move.kept,
            "消す": move.gone,
        }
        for move in moves
    ]
    draft = stage / f"{_STEPS}.作成中"
    with draft.open("x", encoding="utf-8") as file:
        json.dump(steps, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(stage / _STEPS)  # there whole, or not at all


def _mend(stage: Path) -> list[Path]:
    """Bring the steps to an end; the places that were filled. Nothing that was there is lost."""
    filled = []
    for move in _steps(stage):
        new, target, number, *_ = move
        if move.gone:
            if _filled(target) and target.stat().st_ino == number:
                target.rename(new)
            continue
        if not new.exists():
            continue
        if not _filled(target):  # its former folder is in 履歴 already, or there was none
            target.parent.mkdir(parents=True, exist_ok=True)
            _cleared(target)
            new.rename(target)
            written.note(target)
            filled.append(target)
        elif new.stat().st_ino != number:  # exchanged: these are the former ones
            if move.kept:
                new.rename(move.former())
            written.note(target)
        else:  # not begun: others of the same step may be done
            _swap(move, [])
            written.note(target)
            filled.append(target)
    (stage / _STEPS).unlink(missing_ok=True)  # what is left is not needed, whole or in part
    _taken_away(stage)
    return filled


def _taken_away(stage: Path) -> None:
    for path in stage.rglob("*"):
        # What was sealed is read-only, and Windows takes no such file away.
        if not os.access(path, os.W_OK):
            path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    shutil.rmtree(stage)


def _steps(stage: Path) -> list[_Move]:
    """None where the stage was not complete. Raises `OSError`: what cannot be read is left alone."""
    if not (stage / _STEPS).exists():
        return []
    try:
        steps = json.loads((stage / _STEPS).read_bytes())
        return [
            _Move(
                stage / step["新"],
                stage.parent / step["先"],
                step["番号"],
                kept=step["残す"],
                gone=step["消す"],
            )
            for step in steps
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise OSError(5, "読めません", str(stage / _STEPS)) from error


def _filled(target: Path) -> bool:
    return any(target.iterdir()) if target.is_dir() else target.exists() or target.is_symlink()


def _cleared(target: Path) -> bool:
    """Take an empty folder away; whether there was one."""
    if target.is_dir():
        target.rmdir()
        return True
    return False


def _swap(move: _Move, undo: list[Callable[[], object]]) -> None:
    """Each step is noted before it is done, and taken back only where it was done."""
    new, target, *_ = move
    if move.gone:
        undo.append(lambda: _back(target, new))
        target.rename(new)
        return
    if not _filled(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if _cleared(target):
            undo.append(lambda: target.mkdir(exist_ok=True))
        undo.append(lambda: _back(new, target))
        new.rename(target)
        return
    number, kept = new.stat().st_ino, move.former()
    undo.append(lambda: _exchanged_back(move, number))
    if _exchange(new, target):
        if move.kept:
            undo.append(lambda: _back(new, kept))
            new.rename(kept)
    else:
        undo.append(lambda: _back(target, kept))
        target.rename(kept)
        undo.append(lambda: _back(new, target))
        new.rename(target)


def _back(origin: Path, moved: Path) -> None:
    if moved.exists() and not origin.exists():
        moved.rename(origin)


def _exchanged_back(move: _Move, number: int) -> None:
    if move.new.stat().st_ino != number and not _exchange(move.new, move.target):
        raise OSError(5, "前の出力に戻せません", str(move.target))


def _next_history(target: Path) -> Path:
    """Place of the former folder of a target: the next free number."""
    folder = target.parent / HISTORY / target.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder / next_number(path.name for path in folder.iterdir())


def _sync(new: Path) -> None:
    for path in new.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one move where the system can (Linux); False where it cannot."""
    with suppress(OSError, AttributeError, TypeError):
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
        paths = (os.fsencode(one), os.fsencode(other))
        return bool(exchange(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)
    return False
