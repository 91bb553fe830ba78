"""typer in Japanese: the headings of its help and its usage errors."""

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from apportion.cli.plain import typer

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
