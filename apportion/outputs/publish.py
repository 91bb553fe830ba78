"""Putting a finished folder in its place: staged beside it, swapped in one move, the old one kept."""

import ctypes
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from apportion.core.problem import OutputError
from apportion.core.year import __version__
from apportion.outcome.outcome import Outcome
from apportion.tables.edit import HISTORY

NAME = "記録.json"
SETTLEMENT = "精算"
"""ケース of a year that is settled."""


def make(outcome: Outcome, root: Path, folder: Path) -> bytes:
    """Manifest of the files in `folder`, computed from the inputs under `root`."""
    record = {
        "書式": 1,
        "プログラム": f"apportion {__version__}",
        "年度": outcome.year.code,
        **_edition(outcome),
        "状態": outcome.state,
        "団体数": len(outcome.members),
        "負担金額_円": outcome.total,
        "突合": {"式の数": len(outcome.equations), "差のある式": 0},
        "入力": {path: digest(root / path) for path in sorted(outcome.files)},
        "出力": outputs(folder),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def _edition(outcome: Outcome) -> dict[str, str]:
    """What stands beside the first budget of a year: 補正1 … or 精算."""
    if outcome.settled:
        return {"ケース": SETTLEMENT}
    return {"ケース": str(outcome.edition)} if outcome.edition else {}


def outputs(folder: Path) -> dict[str, str]:
    """Hash of every file below `folder` but the manifest."""
    return {name: found for name, found in hashes(folder).items() if name != NAME}


def hashes(folder: Path) -> dict[str, str]:
    """Hash of every file below `folder`, by its path there."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: digest(named[name]) for name in sorted(named)}


def read(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder, or None where there is none to read."""
    try:
        found = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "年度" in found else None


def digest(path: Path) -> str:
    """SHA-256 of a file; empty where it is missing."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


OUTPUTS = "outputs"

_STAGE = ".作成中-"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def staged(target: Path, *, once: bool = False) -> Iterator[Path]:
    """An empty folder to write into; on leaving without an exception it becomes `target`.

    Until then `target` is untouched; whatever happens, either the old or the new one is there.
    `once`: a `target` that is there is never replaced.
    Raises `OutputError` where the disk or an open workbook forbids it.
    """
    _refuse_open_books(target)
    stage = target.parent / f"{_STAGE}{target.name}-{os.getpid()}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        stage.mkdir()
        yield stage
        _sync(stage)
        if once:
            stage.rename(target)  # no system lets a folder take the place of one with files
        else:
            _swap(stage, target)
    except OSError as error:
        message = (
            f"{target} に書けませんでした（{error.strerror or error}）。前の出力はそのままです。\n"
            "  直し方: 出力のExcelファイルを開いていれば閉じ、ディスクの空きを確かめて、もう一度実行してください。"
        )
        raise OutputError(message) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _refuse_open_books(target: Path) -> None:
    """Excel marks an open workbook with a file ~$name; say which to close before computing."""
    locks = sorted(target.rglob("~$*.xlsx")) if target.is_dir() else []
    if locks:
        names = "、".join(str(lock.with_name(lock.name.removeprefix("~$"))) for lock in locks[:5])
        message = f"出力のファイルがExcelで開かれています: {names}\n  直し方: 閉じてから、もう一度実行してください。"
        raise OutputError(message)


def _sweep(target: Path) -> None:
    """Remove what a run that was killed left behind."""
    for left in target.parent.glob(f"{_STAGE}{target.name}-*"):
        shutil.rmtree(left, ignore_errors=True)


def _sync(stage: Path) -> None:
    for path in stage.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _swap(stage: Path, target: Path) -> None:
    if not target.exists():
        stage.rename(target)
        return
    history = _next_history(target)
    if _exchange(stage, target):
        stage.rename(history)
        return
    target.rename(history)
    try:
        stage.rename(target)
    except OSError:
        history.rename(target)
        raise


def _next_history(target: Path) -> Path:
    folder = target.parent / HISTORY / target.name
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [int(path.name) for path in folder.iterdir() if path.name.isdigit()]
    return folder / str(max(numbers, default=0) + 1)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one move where the system can (Linux); False where it cannot."""
    with suppress(OSError, AttributeError, TypeError):
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
        paths = (os.fsencode(one), os.fsencode(other))
        return bool(exchange(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)
    return False
