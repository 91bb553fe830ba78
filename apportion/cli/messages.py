"""Problems and failures in words, and the exit code each failure gives."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apportion import __version__
from apportion.cli.options import NO_ACCESS, OUR_FAULT, WRONG_INPUT, WRONG_USAGE
from apportion.cli.phrases import usage
from apportion.cli.plain import typer
from apportion.problem import InputError, Level, OutputError, Problem, ReconciliationError


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
