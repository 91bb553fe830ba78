"""help: one page for every message code, and the list of all codes."""

from collections.abc import Iterator
from typing import Annotated

from apportion.cli.options import typer
from apportion.core.catalogue import SUBJECTS, codes, entry
from apportion.core.text import fold, near


def help_page(
    code: Annotated[
        str | None, typer.Argument(metavar="コード", help="W209 など。なければコードの一覧。")
    ] = None,
) -> None:
    """メッセージのコード（W209 など）の意味と直し方を、例で説明します。"""
    typer.echo("\n".join(listed()) if code is None else page(known(code)).rstrip("\n"))


def known(typed: str) -> str:
    """Code that was typed, in any width and case; raises `typer.BadParameter`."""
    code = fold(typed).strip().upper()
    if code in codes():
        return code
    close = near(code, codes())
    similar = f"似たコード: {close} {entry(close).title}\n" if close else ""
    message = f"「{typed}」というコードはありません。\n{similar}コードの一覧: apportion help"
    raise typer.BadParameter(message)


def page(code: str) -> str:
    """Help page of a code of the catalogue; its first line is the title."""
    known = entry(code)
    return f"{known.level} {code}: {known.page}"


def listed() -> Iterator[str]:
    """Lines of the list of all codes, by subject."""
    for group, subject in SUBJECTS.items():
        yield f"{subject}（{group}xx）"
        for code in (code for code in codes() if code.startswith(group)):
            yield f"  {code}  {entry(code).level:　<4}  {entry(code).title}"
    yield "説明を読むには: apportion help W209"
