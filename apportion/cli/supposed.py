"""The command what-if: what members would pay under drafts. Nothing is written."""

from pathlib import Path
from typing import Annotated

from apportion.cli.options import EditionOption, Root, Xlsx, Year, typer


def _several(name: str, metavar: str, text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, metavar=metavar, help=text)
    return option


Files = Annotated[
    list[Path] | None, _several("--file", "案.txt", "違うところだけの規則。一つが一つの案。")
]
Sets = Annotated[list[str] | None, _several("--set", "変更", "事業/経費: 項目 = 内容")]
Budgets = Annotated[
    list[str] | None, _several("--budget", "変更|表", "事業/経費 = 額、か違う行だけの表。")
]
Rosters = Annotated[
    list[str] | None, _several("--roster", "変更|表", "名簿: 団体 = 加わる、か表。")
]
Figures = Annotated[list[str] | None, _several("--figures", "変更|表", "数値: 団体 = 数、か表。")]
Leaving = Annotated[list[str] | None, _several("--leave", "団体", "すべての名簿から抜けたら。")]
Joining = Annotated[list[str] | None, _several("--join", "団体: 名簿", "名簿に加わったら。")]
Alones = Annotated[
    list[str] | None, _several("--alone", "団体 = 額", "単独で行う場合の額と比べます。")
]


SweepOption = Annotated[
    str | None, typer.Option("--sweep", metavar="範囲", help="均等割 0%..100% step 5% など。")
]
LimitOption = Annotated[
    str | None, typer.Option("--limit", metavar="上限", help="前年度の115% など。--sweep と。")
]
Project = Annotated[
    str | None, typer.Option("--project", metavar="事業", help="一つの事業の負担金だけ。")
]


def what_if(  # noqa: PLR0913, PLR0917  the options of a supposition
    year: Year,
    files: Files = None,
    sets: Sets = None,
    budgets: Budgets = None,
    rosters: Rosters = None,
    figures: Figures = None,
    leaving: Leaving = None,
    joining: Joining = None,
    alones: Alones = None,
    sweep: SweepOption = None,
    limit: LimitOption = None,
    project: Project = None,
    xlsx: Xlsx = None,
    root: Root = Path(),
    edition: EditionOption = None,
) -> None:
    """もしこう変えたら負担金がいくらになるかを、案ごとに並べて示します。何も書きません。"""
    # Imported here: `--help` must not pay for the engine.
    from apportion.cli.suppose_story import Supposed, answer  # noqa: PLC0415

    tables = (budgets, rosters, figures)
    supposed = Supposed(files, sets, *tables, leaving, joining, alones, sweep, limit, project, xlsx)
    if supposed.fault:
        raise typer.BadParameter(supposed.fault)
    typer.echo(answer(root, year, edition, supposed))
