"""What happens around every command: before it, what killed ones left; after it, true last words."""

import io
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from apportion.cli.options import typer
from apportion.core import written
from apportion.core.problem import OutputError

_KEPT = ("outputs", "outputs/確定")
"""Folders of a workspace, besides itself, in which folders are put in their place."""


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """A command that first finishes what was cut short, and tells of a screen that is gone."""

    @wraps(command)
    def around(**options: object) -> None:
        _recover(options)
        try:
            command(**options)
        except KeyboardInterrupt as error:
            raise typer.Abort from error  # Typer would end without a word
        except OSError as error:
            # Typer would make a closed pipe the exit code of a wrong input.
            raise OutputError(_words(error)) from error

    return around


def _recover(options: dict[str, object]) -> None:
    from apportion.outputs import stage  # noqa: PLC0415  `--help` must not pay for it

    written.forget()
    root = options.get("root", Path())
    named = [options[key] for key in ("folder", "out") if options.get(key)]
    folders = [path.resolve().parent for path in named if isinstance(path, Path)]
    if isinstance(root, Path):
        sealed = (root / _KEPT[-1]).glob("*/")
        folders += [root, *(root / name for name in _KEPT), *sealed]
    for folder in dict.fromkeys(path.resolve() for path in folders):
        for place in stage.recover(folder):
            typer.echo(f"前に途中で止まった書き出しを終えました: {place}", err=True)


def _words(error: OSError) -> str:
    why = error.strerror or str(error)
    if error.filename is not None:
        return (
            f"{error.filename} を読み書きできません（{why}）。{written.sentence()}\n"
            "  直し方: 読み書きできる場所か、ほかのソフトで開いていないかを確かめてください。"
        )
    _abandon()
    return (
        f"画面（または、結果を渡す先）に書けませんでした（{why}）。{written.sentence()}\n"
        "  直し方: 渡す先のファイルやプログラムを確かめて、もう一度実行してください。"
    )


def _abandon() -> None:
    """What waits to be shown goes nowhere: Python would fail over it once more at its end."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
