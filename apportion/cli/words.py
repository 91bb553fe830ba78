"""typer in Japanese: its own words and its usage errors."""

import io
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any, get_args

from typer import core
from typer.core import TyperCommand, TyperGroup

from apportion.cli.options import NO_ACCESS, OUR_FAULT, WRONG_INPUT, WRONG_USAGE, typer
from apportion.core import written
from apportion.core.catalogue import topics
from apportion.core.problem import (
    InputError,
    Level,
    OutputError,
    Problem,
    ReconciliationError,
    in_words,
    ranked,
)
from apportion.core.text import name_key

_PAUSE = 2.0
"""Seconds before the first line and between two lines."""


class Progress:
    """Hears of everything finished and tells of some, where somebody looks: on a terminal."""

    def __init__(self, task: str, unit: str = "ファイル") -> None:
        self._task, self._unit = task, unit
        self._told = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Of `total` of them `done` are ready."""
        now = time.monotonic()
        if now - self._told >= _PAUSE and sys.stderr.isatty():
            self._told = now
            typer.echo(f"{self._task}: {done} / {total} {self._unit}", err=True)


_NO_COMMAND = "というコマンドはありません。"
CATALOGUE = {
    "Arguments": "引数",
    "Options": "オプション",
    "Commands": "コマンド",
    "required": "必須",
    "default: {default}": "既定: {default}",
    "No such command {name!r}.": f"「{{name}}」{_NO_COMMAND}",
    # The rest does not pass through gettext: `_Japanese` looks it up.
    "[OPTIONS]": "[オプション]",
    "COMMAND [ARGS]...": "コマンド [引数]...",
    "Show this message and exit.": "この説明を表示します。",
}
"""typer's text → ours, found by the whole text."""


def _japanese(text: str) -> str:
    return CATALOGUE.get(text, text)


# gettext itself looks for a .mo of the language in LANGUAGE or LANG: Windows sets neither, and what
# we set there LibreOffice would inherit. All texts that we show are asked for in this one module.
core.__dict__["_"] = _japanese


class PlainValue:
    """Makes of typed text what a command takes, a value or a list of them: by a parser, or a type."""

    def __init__(self, descriptor: Any) -> None:  # noqa: ANN401  typer exports no type of these
        listed = get_args(descriptor.annotation)
        self._listed = bool(listed)
        self._make = descriptor.parameter_info.parser or (listed or [descriptor.annotation])[0]

    def coerce(self, value: Any, param: object, ctx: object) -> Any:  # noqa: ANN401, ARG002  called so by typer
        """What the command is given for an option or an argument."""
        if value is None:
            return () if self._listed else None
        return list(map(self._make, value)) if self._listed else self._make(value)


# typer would take pydantic for it, which loads as long as a year is computed.
core.__dict__["build_runtime_param"] = PlainValue


class _Japanese:
    """Help of a command or a group, in Japanese where typer does not ask gettext."""

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  typer exports no type of these
        """First line of the help."""
        pieces = map(_japanese, self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, " ".join(pieces), "使い方: ")

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401  typer exports no type of these
        """The option `--help`."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # of the class beside it
        if option is not None:
            option.help = _japanese(option.help or "")
        return option

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  typer exports no type of these
        """Help text, without the Python types of arguments, in brackets of our width."""
        text = re.sub(r" <[\w\[\]]+>", "", super().get_help(ctx))  # type: ignore[misc]  # the same
        return re.sub(r"\[((?:必須|既定: )[^\]]*)\]", r"［\1］", text)


class JapaneseGroup(_Japanese, TyperGroup):
    """Group of commands whose help is Japanese."""


class JapaneseCommand(_Japanese, TyperCommand):
    """Command whose help is Japanese."""


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
    if str(error).endswith(_NO_COMMAND):
        return f"{error}\n{_meant(error)}使い方: apportion --help"
    if kind == "BadParameter":
        message = getattr(error, "message", error)
        return f"{name}: {message}" if name.startswith("-") else str(message)
    return f"使い方が違います（{error}）。\n使い方: apportion --help"


_MEANT = {
    "計算": "run",
    "点検": "check",
    "確認": "check",
    "検証": "verify",
    "状況": "status",
    "確定": "seal",
    "決定": "decide",
    "議決": "decide",
    "取消": "withdraw",
    "取り消し": "withdraw",
    "元に戻す": "undo",
    "戻す": "undo",
    "精算": "settle",
    "補正": "run --case 補正1",
    "説明": "explain",
    "比較": "diff",
    "試算": "what-if",
    "整形": "fmt",
    "表示": "show",
    "納入": "show payments",
    "書き出し": "export",
    "取込": "import",
    "取り込み": "import",
    "開始": "init",
    "新年度": "new-year",
    "翌年度": "new-year",
    "注意": "seen",
    "ヘルプ": "help",
    "使い方": "--help",
}
"""What a person may call a command."""


def _meant(error: typer.TyperException) -> str:
    """The command that was meant, and where it is explained; empty where nobody knows."""
    context: Any = getattr(error, "ctx", None)
    typed = str(error).removesuffix(_NO_COMMAND).strip("「」")
    known = context.command.list_commands(context) if context else []
    group = f"{context.info_name} " if context and context.parent else ""
    said = "" if group else _MEANT.get(name_key(typed), "")
    chosen = close_one(typed, known) or said
    page = f"説明: apportion help {typed}\n" if name_key(typed) in topics() else ""
    return (f"似たもの: apportion {group}{chosen}\n" if chosen else "") + page


def close_one(typed: str, known: Iterable[str]) -> str:
    """The known word nearest to what was typed, also where two of its letters changed places; or nothing."""
    return next(iter(get_close_matches(typed.lower(), list(known), n=1)), "")


def show(problems: tuple[Problem, ...]) -> None:
    """Problems on stderr, the gravest first; those that were seen on one line."""
    if left := tuple(problem for problem in problems if not problem.seen):
        typer.echo(f"{in_order(left)}\n\n{_explained(left)}\n", err=True)
    if line := seen(problems):
        typer.echo(line, err=True)


def seen(problems: Iterable[Problem]) -> str:
    """`見た注意 2件（W889 存置科目、W341 …）`; empty where none is."""
    told = [f"{problem.code} {problem.seen}" for problem in problems if problem.seen]
    return f"見た注意 {len(told)}件（{'、'.join(told)}）" if told else ""


def in_order(problems: tuple[Problem, ...]) -> str:
    """Problems in words, the gravest first."""
    return in_words(ranked(problems))


def _explained(problems: tuple[Problem, ...]) -> str:
    """Where the gravest of the problems is explained with an example."""
    return f"例のある説明: apportion help {ranked(problems)[0].code}"


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


def no_access(error: OSError) -> str:
    """What could not be read or written: a file, or the screen."""
    why = error.strerror or str(error)
    if _is_of_screen(error):
        return (
            f"画面（または、結果を渡す先）に書けませんでした（{why}）。{written.sentence()}\n"
            "  直し方: 渡す先のファイルやプログラムを確かめて、もう一度実行してください。"
        )
    place = "ファイル" if error.filename is None else error.filename
    return (
        f"{place} を読み書きできません（{why}）。{written.sentence()}\n"
        "  直し方: 読み書きできる場所か、ほかのソフトで開いていないか、ディスクに空きがあるかを確かめてください。"
    )


def _is_of_screen(error: OSError) -> bool:
    """Whether nothing can be shown; what waits for it goes nowhere: Python would fail over it again."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    if place.name != "echo":
        return False
    if isinstance(sys.stdout, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


_FAILURES: dict[type[Exception], tuple[int, Callable[[Any], str]]] = {
    InputError: (WRONG_INPUT, _wrong_input),
    OutputError: (NO_ACCESS, str),
    OSError: (NO_ACCESS, no_access),
    ReconciliationError: (OUR_FAULT, _unreconciled),
    typer.TyperException: (WRONG_USAGE, usage),
    Exception: (OUR_FAULT, written.unexpected),
}
