"""Putting new input files in place of old ones, all or none; the old ones are kept in 履歴."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from apportion.problem import OutputError
from apportion.publish import HISTORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """New bytes for `path`; `former` is the file that it follows, which may be of another suffix."""

    path: Path
    former: Path | None
    data: bytes

    @property
    def stage(self) -> Path:
        """Where the new bytes wait."""
        return self.path.with_name(f"{self.path.name}.作成中")


def replace_files(new: Sequence[Replacement]) -> Path | None:
    """Write all of them; the folder with the former files, None where there were none.

    Raises `OutputError`; then every file is as it was.
    """
    formers = [each.former for each in new if each.former]
    try:
        for each in new:
            each.path.parent.mkdir(parents=True, exist_ok=True)
            each.stage.write_bytes(each.data)
        kept = _keep(formers) if formers else None
        _swap(new, kept)
    except OSError as error:
        message = (
            f"{new[0].path.parent} に書けませんでした（{error.strerror or error}）。前の表はそのままです。\n"
            "  直し方: Excel で開いていれば閉じ、ディスクの空きを確かめて、もう一度実行してください。"
        )
        raise OutputError(message) from error
    finally:
        for each in new:
            with suppress(OSError):
                each.stage.unlink()
    return kept


def _keep(formers: Sequence[Path]) -> Path:
    """Copies in `履歴/1`, `履歴/2`, … beside the files."""
    folder = formers[0].parent / HISTORY
    folder.mkdir(exist_ok=True)
    numbers = [int(path.name) for path in folder.iterdir() if path.name.isdigit()]
    kept = folder / str(max(numbers, default=0) + 1)
    kept.mkdir()
    for former in formers:
        shutil.copy2(former, kept / former.name)
    return kept


def _swap(new: Sequence[Replacement], kept: Path | None) -> None:
    done: list[Replacement] = []
    try:
        for each in new:
            done.append(each)
            if each.former and each.former != each.path:
                each.former.unlink()
            each.stage.replace(each.path)
    except OSError:
        for each in done:
            _restore(each, kept)
        raise


def _restore(each: Replacement, kept: Path | None) -> None:
    with suppress(OSError):
        if each.former != each.path and not each.stage.exists():
            each.path.unlink()
        if each.former and kept:
            shutil.copy2(kept / each.former.name, each.former)
