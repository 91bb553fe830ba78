"""The command explain: why one member is charged this amount."""

from pathlib import Path
from typing import Annotated

from apportion.cli.options import EditionOption, Json, Root, Year, typer


def explain(
    year: Year,
    member: Annotated[
        str, typer.Option("--member", metavar="団体", help="団体名か団体コード。豊橋市 など。")
    ],
    project: Annotated[
        str | None, typer.Option("--project", metavar="事業", help="一つの事業をくわしく。")
    ] = None,
    line: Annotated[
        str | None, typer.Option("--line", metavar="経費", help="一つの経費をくわしく。")
    ] = None,
    root: Root = Path(),
    edition: EditionOption = None,
    as_json: Json = False,  # noqa: FBT002  an option
) -> None:
    """ある団体の負担金がなぜその額かを、請求額から経費の計算まで説明します。"""
    # Imported here: `--help` must not pay for the engine.
    from apportion.cli.story import Question, answer  # noqa: PLC0415

    typer.echo(answer(root, year, Question(member, project, line, edition, as_json=as_json)))
