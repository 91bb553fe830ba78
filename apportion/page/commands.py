"""The commands as forms: what the command line takes and says, the page takes and says in the same words."""

import io
import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from apportion.cli.imports import UNASKED
from apportion.outputs import publish
from apportion.page import plan
from apportion.page.told import Record

_OF_THE_SCREEN = {"root", "out", "as_json", "xlsx", "pdf", "strict"}
"""Options that say where files lie, or ask for an office program: there is none on the page."""
_HERE = {"init", "explain", "run", "check", "fmt"}
"""Commands that the page has as views, or that make another folder."""
_YES = "yes"
_COMMAND = re.compile(r"apportion ([a-z-]+(?: [^\sを]+)*)$")
_BLANKS = {"議決の日", "備考", "理由"}
"""What stands in such a line for what a person decides."""


def forms() -> list[Record]:
    """Each command with its fields: name and words of the command line, and what kind of input it is."""
    return [
        {
            "name": name,
            "words": command.help,
            "fields": [_field(one) for one in command.params if _shown(one)],
        }
        for name, command in _commands()
    ]


def _commands() -> Iterator[tuple[str, Any]]:
    from apportion.cli import app  # noqa: PLC0415  the page starts without the command line
    from apportion.cli.options import typer  # noqa: PLC0415

    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        if name in _HERE:
            continue
        inside = getattr(command, "commands", None)
        if inside is None:
            yield name, command
        else:
            yield from ((f"{name} {own}", found) for own, found in inside.items())


def _shown(parameter: Any) -> bool:  # noqa: ANN401  typer exports no type of these
    return parameter.name not in _OF_THE_SCREEN and parameter.name != _YES


def _field(parameter: Any) -> Record:  # noqa: ANN401  as above
    option = parameter.opts[0]
    metavar = parameter.metavar or ""
    return {
        "name": option if option.startswith("--") else "",
        "label": metavar or (parameter.help or "").rstrip("。"),
        "help": parameter.help or "",
        "required": bool(parameter.required),
        "flag": bool(getattr(parameter, "is_flag", False)),
        "several": bool(getattr(parameter, "multiple", False)) or parameter.nargs < 0,
        "file": metavar in _FILES,
        "year": parameter.name == "year" and option.startswith("--"),
        "choices": metavar.split("|") if _CHOICES.fullmatch(metavar) else [],
    }


_FILES = {"ファイル", "案.txt", "表"}
_CHOICES = re.compile(r"[a-z]+(\|[a-z]+)+")


def performed(root: Path, words: Sequence[str]) -> Record:
    """Run a command in `root`: its exit code, what it said, and the steps in which the folder is changed likewise.

    `asks`: it waits to be run with `--yes`.
    """
    before = publish.hashes(root)
    code, said = _said(root, words)
    after = publish.hashes(root)
    lines = said.splitlines()
    return {
        "code": code,
        "asks": UNASKED in lines,
        "lines": [_line(own) for own in lines if own != UNASKED],
        "steps": plan.steps(before, after),
    }


def _said(root: Path, words: Sequence[str]) -> tuple[int, str]:
    from apportion.cli import app, guarded  # noqa: PLC0415  the page starts without the command line

    heard = io.StringIO()
    with chdir(root), redirect_stdout(heard), redirect_stderr(heard):
        code = guarded(lambda: app(list(words), prog_name="apportion", standalone_mode=False))
    return code, heard.getvalue()


def _line(line: str) -> Record:
    """A line, the command that it ends with, and its words without what a person has to fill in."""
    found = _COMMAND.search(line)
    following = [word for word in shlex.split(found[1]) if word not in _BLANKS] if found else []
    return {"text": line, "command": found[0] if found else "", "following": following}
