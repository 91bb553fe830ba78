"""Options that commands share, and the exit codes."""

from pathlib import Path
from typing import Annotated

from apportion.cli.plain import typer
from apportion.year import FiscalYear

DONE, WRONG_INPUT, WRONG_USAGE, NO_ACCESS, OUR_FAULT = 0, 1, 2, 3, 10


def read_year(text: str) -> FiscalYear:
    """Year as typed; raises `typer.BadParameter`."""
    year = FiscalYear.parse(text)
    if year is None:
        message = f"年度「{text}」が分かりません。r7、令和7、2025 のように書いてください。"
        raise typer.BadParameter(message)
    return year


Year = Annotated[
    FiscalYear,
    typer.Option("--year", parser=read_year, metavar="年度", help="年度。r7、令和7、2025 など。"),
]
Root = Annotated[
    Path, typer.Option("--dir", metavar="フォルダー", help="規則と名簿のあるフォルダー。")
]
Strict = Annotated[bool, typer.Option("--strict", help="注意があるときも止まります。")]
Json = Annotated[bool, typer.Option("--json", help="機械向けに出します。")]


def beside(root: Path) -> str:
    """`--dir` for the next command, where the workspace is not the current folder."""
    return "" if root == Path() else f" --dir {root}"
