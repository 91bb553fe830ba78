"""The command line: words, messages and exit codes; nothing is computed here.

A command is a function in one of the modules here, and a line in COMMANDS.
"""

import gc
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

from apportion.cli import around, begin, compute, fmt, imports, show
from apportion.cli.begin import new_year
from apportion.cli.changed import diff
from apportion.cli.compute import settle
from apportion.cli.explain import explain
from apportion.cli.help import help_page
from apportion.cli.options import DONE, WRONG_USAGE, typer
from apportion.cli.pin import pin
from apportion.cli.rename import rename
from apportion.cli.seal import decide, seal, withdraw
from apportion.cli.seen import seen
from apportion.cli.status import status
from apportion.cli.supposed import what_if
from apportion.cli.undo import undo
from apportion.cli.words import JapaneseCommand, JapaneseGroup, failure
from apportion.core import written
from apportion.core.problem import OutputError
from apportion.core.year import __version__

COMMANDS: dict[str, Callable[..., None]] = {
    "status": status,
    "init": begin.init,
    "new-year": new_year,
    "run": compute.run,
    "check": compute.check,
    "seen": seen,
    "pin": pin,
    "rename": rename,
    "verify": compute.verify,
    "decide": decide,
    "seal": seal,
    "withdraw": withdraw,
    "settle": settle,
    "undo": undo,
    "explain": explain,
    "diff": diff,
    "what-if": what_if,
    "fmt": fmt.fmt,
    "show": show.show,
    "export": show.export,
    "help": help_page,
    **{f"import {name}": command for name, command in imports.IMPORTS.items()},
}

app = typer.Typer(
    cls=JapaneseGroup,
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    suggest_commands=False,  # typer adds them in English
    help="負担金を1円まで正確に計算し、団体ごとのExcelの通知と一覧を作ります。",
    context_settings={"help_option_names": ["--help", "-h"]},
)
for name, command in COMMANDS.items():
    if " " not in name:  # the commands of a group stand in their group
        app.command(name, cls=JapaneseCommand)(around.guarded(command))
app.add_typer(imports.group, name="import")


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="版を表示します。")] = False,  # noqa: FBT002  an option
) -> None:
    """負担金を1円まで正確に計算し、団体ごとのExcelの通知と一覧を作ります。"""
    if version:
        typer.echo(f"apportion {__version__}")
    elif context.invoked_subcommand is None:
        status(None, Path(), None)


def main() -> NoReturn:
    """Entry point: every failure becomes a message and an exit code."""
    gc.set_threshold(100_000)  # loading the engine makes many objects and no garbage
    _show(errors="replace")  # a Windows console shows cp932 only
    code = guarded(_start)
    gc.freeze()  # what is left goes with the process, without being looked through once more
    sys.exit(code)


def _show(*, encoding: str | None = None, errors: str | None = None) -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=errors)


def _start() -> object:
    """Run the command, where a program with Japanese names of files can work."""
    try:
        os.fsencode("記録")
    except UnicodeEncodeError:
        _show(encoding="utf-8")
        message = (
            f"この環境の文字コード（{sys.getfilesystemencoding()}）では、日本語の名前のファイルを扱えません。何も書いていません。\n"
            "  直し方: 環境変数 PYTHONUTF8 を 1 にして、もう一度実行してください。"
        )
        raise OutputError(message) from None
    try:
        Path.cwd()
    except OSError as error:
        message = (
            f"いまのフォルダーを開けません（{error.strerror}）。何も書いていません。\n"
            "  直し方: ほかのフォルダーに移って、もう一度実行してください。"
        )
        raise OutputError(message) from error
    return app(standalone_mode=False)


_INTERRUPTED = 130


def guarded(action: Callable[[], object]) -> int:
    """Exit code of a command; its failures are told in Japanese."""
    try:
        code = action()
        if code == _INTERRUPTED:
            raise KeyboardInterrupt  # noqa: TRY301  typer would end without a word
    except (typer.Abort, KeyboardInterrupt):
        typer.echo(f"中止しました。{written.sentence()}", err=True)
        return WRONG_USAGE
    except Exception as error:  # noqa: BLE001  a person gets a sentence, an engineer the place
        code, words = failure(error)
        typer.echo(words, err=True)
        return code
    return code if isinstance(code, int) else DONE
