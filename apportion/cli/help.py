"""help: one page for every message code, one for what the year asks for, and the list of all."""

from collections.abc import Iterator
from typing import Annotated

from apportion.cli.options import typer
from apportion.cli.words import close_one
from apportion.core.catalogue import SUBJECTS, codes, entry, topics
from apportion.core.text import fold, name_key, near


def help_page(
    code: Annotated[
        str | None,
        typer.Argument(metavar="コードか題", help="W209、補正、seal など。なければ一覧。"),
    ] = None,
) -> None:
    """メッセージのコード（W209 など）や、補正、確定、精算などのしかたを説明します。"""
    if code is None:
        typer.echo("\n".join(listed()))
    elif topic := topics().get(name_key(code)):
        typer.echo(topic.rstrip("\n"))
    else:
        typer.echo(page(known(code)).rstrip("\n"))


def known(typed: str) -> str:
    """Code that was typed, in any width and case; raises `typer.BadParameter`."""
    code = fold(typed).strip().upper()
    if code in codes():
        return code
    close = near(code, codes())
    title = close_one(name_key(typed), topics())
    similar = f"似たコード: {close} {entry(close).title}\n" if close else ""
    similar += f"似た題: {title}\n" if title else ""
    if fold(typed).isascii() and fold(typed).replace("-", "").isalpha():
        similar += f"コマンドの使い方: apportion {fold(typed).lower()} --help\n"
    message = f"「{typed}」というコードや題はありません。\n{similar}一覧: apportion help"
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
    yield "しかたの説明"
    pages = dict.fromkeys(topics().values())
    for text in sorted(pages):
        names = [name for name, own in topics().items() if own == text]
        yield f"  {'、'.join(names)}"
    yield "説明を読むには: apportion help W209、apportion help 補正"
