"""How far a long task is, on stderr: nothing in the first two seconds, then a line now and then."""

import time

from apportion.cli.plain import typer

_PAUSE = 2.0
"""Seconds before the first line and between two lines."""


class Progress:
    """Hears of every finished file and tells of some."""

    def __init__(self, task: str) -> None:
        self._task = task
        self._told = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Of `total` files `done` are ready."""
        now = time.monotonic()
        if now - self._told >= _PAUSE:
            self._told = now
            typer.echo(f"{self._task}: {done} / {total} ファイル", err=True)
