"""The command that begins a council: init."""

from pathlib import Path
from typing import Annotated

from apportion.cli.plain import typer


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="フォルダー", help="新しいフォルダーか、空のフォルダー。")
    ],
) -> None:
    """架空の団体の見本から、新しい協議会のフォルダーを作ります。"""
    # Loaded here: `--help` must not pay for it.
    from apportion.starter import init as starter  # noqa: PLC0415

    made = starter.init(folder)
    where = "" if folder.resolve() == Path.cwd() else f' --dir "{folder}"'
    year = starter.YEAR
    listed = "\n".join(f"  {name}" for name in made)
    typer.echo(
        f"{folder} に、架空の団体の{year.label}の見本を作りました（{len(made)} ファイル）。\n"
        f"{listed}\n"
        "見本のままで計算できます。members の表と rules の規則を、自分の団体のものに書き換えて使います。\n"
        f"次は: apportion check --year {year}{where}\n"
        f"      apportion run --year {year}{where}"
    )
