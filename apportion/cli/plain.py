"""The one door to typer: without rich, which costs 60 ms and draws boxes that cp932 lacks."""

import os

os.environ.setdefault("TYPER_USE_RICH", "0")  # typer reads it when it is imported

import typer

__all__ = ["typer"]
