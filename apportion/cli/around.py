"""What happens around every command: before it, what killed ones left; after it, true last words."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from pathlib import Path

from apportion.cli.options import typer
from apportion.cli.words import no_access
from apportion.core import written
from apportion.core.problem import OutputError

_KEPT = ("outputs", "outputs/確定")
"""Folders of a workspace, besides itself, in which folders are put in their place."""


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """A command that first finishes what was cut short, and tells of a screen that is gone."""

    @wraps(command)
    def around(**options: object) -> None:
        try:
            with _alone(command.__name__, options):
                _recover(options)
                command(**options)
        except KeyboardInterrupt as error:
            raise typer.Abort from error  # Typer would end without a word
        except OSError as error:
            # Typer would make a closed pipe the exit code of a wrong input.
            raise OutputError(no_access(error)) from error

    return around


_READING = ("status", "check", "verify", "explain", "diff", "what_if", "show", "help_page")
_ONLY_SHOWN = ("only", "check")
"""Options with which a command that can write does not."""


def _alone(command: str, options: dict[str, object]) -> AbstractContextManager[None]:
    """The turn of a command that writes in a workspace; whoever only reads needs none."""
    from apportion.outputs import lock  # noqa: PLC0415  `--help` must not pay for it

    root = options.get("root")
    if not isinstance(root, Path) or not (root / "rules").is_dir():
        return nullcontext()
    if command in _READING or any(map(options.get, _ONLY_SHOWN)):
        lock.clear(root)
        return nullcontext()
    return lock.held(root, command.replace("_", "-"))


def _recover(options: dict[str, object]) -> None:
    from apportion.outputs import stage  # noqa: PLC0415  `--help` must not pay for it

    written.forget()
    root = options.get("root", Path())
    folders = [path.parent for path in _named(options)]
    if isinstance(root, Path):
        sealed = (root / _KEPT[-1]).glob("*/")
        folders += [root, *(root / name for name in _KEPT), *sealed]
    for folder in dict.fromkeys(map(os.path.realpath, folders)):
        for place in stage.recover(Path(folder)):
            typer.echo(f"前に途中で止まった書き出しを終えました: {place}", err=True)


def _named(options: dict[str, object]) -> Iterator[Path]:
    """Files and folders that a person named: beside each of them something may have been staged."""
    for key, value in options.items():
        for path in value if isinstance(value, list) else [value]:
            if key != "root" and isinstance(path, Path):
                yield Path(os.path.realpath(path))
