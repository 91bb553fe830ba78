"""The command diff: why amounts are others than before."""

from pathlib import Path
from typing import Annotated

from apportion.cli.options import Json, Root, Xlsx, typer

RulesOnly = Annotated[bool, typer.Option("--rules", help="規則の違いだけを文で示します。")]
OverYears = Annotated[
    bool, typer.Option("--rounding", help="年度を通じた端数の積み重なりを示します。")
]


Before = Annotated[str, typer.Argument(metavar="前", help="r6、r7:補正1、r7:第1回 など。")]
After = Annotated[
    str | None, typer.Argument(metavar="後", help="r7、案1.txt など。", show_default=False)
]
Actual = Annotated[
    Path | None, typer.Option("--actual", metavar="表", help="実際に請求した額の表と比べます。")
]
OneBody = Annotated[
    str | None, typer.Option("--member", metavar="団体", help="一つの団体をくわしく。")
]
OneProject = Annotated[
    str | None, typer.Option("--project", metavar="事業", help="一つの事業だけ。")
]
OneLine = Annotated[str | None, typer.Option("--line", metavar="経費", help="一つの経費だけ。")]


def diff(  # noqa: PLR0913, PLR0917  the options of a comparison
    before: Before,
    after: After = None,
    actual: Actual = None,
    member: OneBody = None,
    project: OneProject = None,
    line: OneLine = None,
    root: Root = Path(),
    rules: RulesOnly = False,  # noqa: FBT002  an option
    rounding: OverYears = False,  # noqa: FBT002  an option
    xlsx: Xlsx = None,
    as_json: Json = False,  # noqa: FBT002  an option
) -> None:
    """負担金が前と違う理由を、原因ごとに円まで分けて示します。"""
    # Imported here: `--help` must not pay for the engine.
    from apportion.cli.change_story import Asked, answer, drifted  # noqa: PLC0415

    asked = Asked(before, after, actual, member, project, line, rules, xlsx, as_json)
    if asked.fault or (rounding and asked != Asked(before, after)):
        raise typer.BadParameter(asked.fault or "--rounding は、ほかの指定と一緒に使えません。")
    typer.echo(drifted(root, before, after or before) if rounding else answer(root, asked))
