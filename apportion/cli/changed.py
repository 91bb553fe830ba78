"""The command diff: why amounts are others than before."""

from pathlib import Path
from typing import Annotated

from apportion.cli.options import Json, Root, Xlsx, typer

RulesOnly = Annotated[bool, typer.Option("--rules", help="規則の違いだけを文で示します。")]
OverYears = Annotated[
    bool, typer.Option("--rounding", help="年度を通じた端数の積み重なりを示します。")
]


def diff(  # noqa: PLR0913, PLR0917  the options of a comparison
    before: Annotated[str, typer.Argument(metavar="前", help="r6、r7:補正1、r7:第1回 など。")],
    after: Annotated[
        str | None, typer.Argument(metavar="後", help="r7、案1.txt など。", show_default=False)
    ] = None,
    actual: Annotated[
        Path | None, typer.Option("--actual", metavar="表", help="実際に請求した額の表と比べます。")
    ] = None,
    member: Annotated[
        str | None, typer.Option("--member", metavar="団体", help="一つの団体をくわしく。")
    ] = None,
    project: Annotated[
        str | None, typer.Option("--project", metavar="事業", help="一つの事業だけ。")
    ] = None,
    line: Annotated[
        str | None, typer.Option("--line", metavar="経費", help="一つの経費だけ。")
    ] = None,
    root: Root = Path(),
    rules: RulesOnly = False,  # noqa: FBT002  an option
    rounding: OverYears = False,  # noqa: FBT002  an option
    xlsx: Xlsx = None,
    as_json: Json = False,  # noqa: FBT002  an option
) -> None:
    """負担金が前と違う理由を、原因ごとに円まで分けて示します。"""
    # Imported here: `--help` must not pay for the engine.
    from apportion.cli.change_story import Asked, answer, drifted  # noqa: PLC0415

    if rounding:
        typer.echo(drifted(root, before, after or before))
        return
    asked = Asked(
        before, after, actual, member, project, line, rules=rules, xlsx=xlsx, as_json=as_json
    )
    typer.echo(answer(root, asked))
