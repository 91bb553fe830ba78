"""typer in Japanese: the headings of its help and its usage errors."""

import re
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.core import TyperCommand, TyperGroup

from apportion.cli.options import NO_ACCESS, OUR_FAULT, WRONG_INPUT, WRONG_USAGE, typer
from apportion.core.problem import InputError, Level, OutputError, Problem, ReconciliationError
from apportion.core.year import __version__

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


_HEADINGS = (
    (r"^Usage: ", "使い方: "),
    (r"^Options:", "オプション:"),
    (r"^Commands:", "コマンド:"),
    (r"^Arguments:", "引数:"),
    (r"Show this message and exit\.", "この説明を表示します。"),
    (r"\[OPTIONS\]", "[オプション]"),
    (r"COMMAND \[ARGS\]\.\.\.", "コマンド [引数]..."),
    (r" <[\w\[\]]+>", ""),
    (r"\[required\]", "［必須］"),
    (r"\[default: ([^\]]*)\]", r"［既定: \1］"),
)


def _japanese(text: str) -> str:
    for english, words in _HEADINGS:
        text = re.sub(english, words, text, flags=re.MULTILINE)
    return text


class Group(TyperGroup):
    """Group of commands whose help is Japanese."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  typer does not export its context type
        """Help text."""
        return _japanese(super().get_help(ctx))


class Command(TyperCommand):
    """Command whose help is Japanese."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  typer does not export its context type
        """Help text."""
        return _japanese(super().get_help(ctx))


def usage(error: typer.TyperException) -> str:
    """Usage error in Japanese, with the mend."""
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = max(getattr(parameter, "opts", []) or [""], key=len)
    if kind == "MissingParameter":
        shown = name if name.startswith("-") else getattr(parameter, "metavar", None) or name
        example = "（例: --year r7）" if name == "--year" else ""
        return f"{shown} を指定してください{example}。\n使い方: apportion --help"
    if kind == "NoSuchOption":
        close = "、".join(getattr(error, "possibilities", None) or [])
        hint = f"似たもの: {close}\n" if close else ""
        return f"「{getattr(error, 'option_name', '')}」というオプションはありません。\n{hint}使い方: apportion --help"
    if match := re.search(r"No such command '([^']*)'", str(error)):
        return f"「{match[1]}」というコマンドはありません。\n使い方: apportion --help"
    if kind == "BadParameter":
        message = getattr(error, "message", error)
        return f"{name}: {message}" if name.startswith("-") else str(message)
    return f"使い方が違います（{error}）。\n使い方: apportion --help"


def show(problems: tuple[Problem, ...]) -> None:
    """Problems on stderr, the gravest first."""
    if problems:
        typer.echo(f"{in_order(problems)}\n\n{_explained(problems)}\n", err=True)


def in_order(problems: tuple[Problem, ...]) -> str:
    """Problems in words, the gravest first."""
    return "\n\n".join(map(str, _ranked(problems)))


def _ranked(problems: tuple[Problem, ...]) -> list[Problem]:
    return [problem for level in Level for problem in problems if problem.level is level]


def _explained(problems: tuple[Problem, ...]) -> str:
    """Where the gravest of the problems is explained with an example."""
    return f"例のある説明: apportion help {_ranked(problems)[0].code}"


def failure(error: Exception) -> tuple[int, str]:
    """Exit code and words of an exception."""
    code, tell = next(how for kind, how in _FAILURES.items() if isinstance(error, kind))
    return code, tell(error)


def _wrong_input(error: InputError) -> str:
    errors = sum(problem.level is Level.ERROR for problem in error.problems)
    return (
        f"{in_order(error.problems)}\n\n誤りが {errors} 件あります。何も書いていません。\n"
        f"{_explained(error.problems)}"
    )


def _unreconciled(error: ReconciliationError) -> str:
    return f"計算の突合が合いません。プログラムの誤りです。何も書いていません。\n{error}"


def _unexpected(error: Exception) -> str:
    """A fault of ours in one sentence, with the place that whoever mends it needs."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (
        "思いがけない誤りで止まりました。プログラムの誤りです。前の出力はそのままです。\n"
        f"  作成者に知らせること: {type(error).__name__}: {error}"
        f"（{Path(last.filename).name} {last.lineno}行目、apportion {__version__}）"
    )


_FAILURES: dict[type[Exception], tuple[int, Callable[[Any], str]]] = {
    InputError: (WRONG_INPUT, _wrong_input),
    OutputError: (NO_ACCESS, str),
    ReconciliationError: (OUR_FAULT, _unreconciled),
    typer.TyperException: (WRONG_USAGE, usage),
    Exception: (OUR_FAULT, _unexpected),
}
