"""Several new folders of a workspace, written aside and put in their places together."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from apportion.problem import OutputError

_STAGE = ".作成中-年度"
_LENT = "rules/様式"


@contextmanager
def staged(root: Path, folders: Sequence[str]) -> Iterator[Path]:
    """A folder to write into; on leaving, its `folders` are moved to their places below `root`.

    None of them may hold anything there. All of them are moved or none. Raises `OutputError`.
    """
    stage = root / f"{_STAGE}-{os.getpid()}"
    try:
        for left in root.glob(f"{_STAGE}-*"):
            shutil.rmtree(left, ignore_errors=True)
        stage.mkdir()
        yield stage
        _move(root, stage, folders)
    except OSError as error:
        message = (
            f"{root} に書けませんでした（{error.strerror or error}）。何も書いていません。\n"
            "  直し方: 書ける場所とディスクの空きを確かめて、もう一度実行してください。"
        )
        raise OutputError(message) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def borrowed(root: Path, stage: Path) -> Iterator[None]:
    """While it lasts, the stage also holds what all years share: the register and the forms."""
    lent = [path.relative_to(root) for path in (root / "members").glob("members.*")]
    for path in lent:
        shutil.copyfile(root / path, stage / path)
    if (root / _LENT).is_dir():
        shutil.copytree(root / _LENT, stage / _LENT)
    yield
    for path in lent:
        (stage / path).unlink()
    shutil.rmtree(stage / _LENT, ignore_errors=True)


def _move(root: Path, stage: Path, folders: Sequence[str]) -> None:
    moved: list[str] = []
    try:
        for folder in folders:
            target = root / folder
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_dir():
                target.rmdir()
            (stage / folder).rename(target)
            moved.append(folder)
    except OSError:
        for folder in moved:
            (root / folder).rename(stage / folder)
        raise
