"""`seen`: 注意 that were looked at are marked, with the reason."""

from pathlib import Path
from typing import Annotated

from apportion.cli.imports import Yes, agreed
from apportion.cli.options import EditionOption, Root, Year, typer
from apportion.cli.seal import read_note
from apportion.cli.words import in_order

Reason = Annotated[
    str, typer.Option("--note", parser=read_note, metavar="理由", help="確かめたこと。")
]


def seen(
    code: Annotated[str, typer.Argument(metavar="コード", help="注意のコード。W889 など。")],
    year: Year,
    reason: Reason,
    root: Root = Path(),
    edition: EditionOption = None,
    yes: Yes = False,  # noqa: FBT002  an option
) -> None:
    """いま出ている注意を、理由を書いて「見た」ことにします。内容が変われば、また出ます。"""
    from apportion.years import marks  # noqa: PLC0415  the engine, as in `compute`

    found = marks.told(root, year, code, edition)
    typer.echo(in_order(found))
    if agreed(yes=yes):
        path = marks.mark(root, year, found, reason)
        typer.echo(f"{len(found)}件を {path} に書きました。行を消すと、また出ます。")
