"""`rename`: another name for a 経費, in all years at once."""

from pathlib import Path
from typing import Annotated

from apportion.cli.imports import Yes, agreed
from apportion.cli.options import Root, beside, typer

EXPENSE = "経費"

Kind = Annotated[str, typer.Argument(metavar="経費", help="変える物の種類。いまは「経費」だけ。")]
Old = Annotated[str, typer.Argument(metavar="いまの名前", help="予算の「経費」の列のとおり。")]
New = Annotated[str, typer.Argument(metavar="新しい名前", help="すべての年度で使う名前。")]
OneProject = Annotated[
    str | None, typer.Option("--project", metavar="事業", help="同じ名前の経費がほかにもあるとき。")
]


def rename(
    kind: Kind,
    old: Old,
    new: New,
    project: OneProject = None,
    root: Root = Path(),
    yes: Yes = False,  # noqa: FBT002  an option
) -> None:
    """経費の名前を、すべての年度の規則と表で変えます。額は変わりません。"""
    # Imported here: `--help` must not pay for the engine.
    from apportion.outputs import taken  # noqa: PLC0415
    from apportion.years import rename as renaming  # noqa: PLC0415

    if kind != EXPENSE:
        message = f"名前を変えられるのは「{EXPENSE}」だけです。例: apportion rename 経費 保守費 運用保守費"
        raise typer.BadParameter(message)
    made = renaming.proposed(root, renaming.AskedName(old, new, project))
    typer.echo(f"経費「{old}」を「{new}」に変えます。どの年度のどの団体の額も変わりません。")
    typer.echo("\n".join(f"  {line}" for line in made.told))
    if made.sealed:
        years = "、".join(year.label for year in made.sealed)
        typer.echo(
            f"  {years}は請求を確定しているので、変えません（次の年度に「旧名」を書きます）。"
        )
    if agreed(yes=yes):
        taken.take_in(root, f"rename 経費 {old} {new}", made.files)
        typer.echo(f"書き込みました。元に戻すときは apportion undo{beside(root)}")
