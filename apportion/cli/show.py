"""Commands that show what was read: show, export."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from apportion.cli.options import Root, Year
from apportion.cli.plain import typer
from apportion.problem import InputError, OutputError, grave
from apportion.year import FiscalYear

if TYPE_CHECKING:
    from apportion.workspace import Workspace

# The engine is imported inside the functions: `--help` must not pay for it.

SHOWN, EXPORTED = ("rules", "roster", "figures"), ("rules",)


def _one_of(words: Sequence[str]) -> Callable[[str], str]:
    def chosen(text: str) -> str:
        if text not in words:
            message = f"「{text}」はありません。{'、'.join(words)} のどれかを書いてください。"
            raise typer.BadParameter(message)
        return text

    return chosen


What = Annotated[
    str,
    typer.Argument(
        parser=_one_of(SHOWN), metavar="|".join(SHOWN), help="規則、名簿、基礎数値のどれか。"
    ),
]
Listed = Annotated[
    str,
    typer.Argument(parser=_one_of(EXPORTED), metavar="|".join(EXPORTED), help="規則の一覧。"),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="ファイル", help="書き出すファイル。なければ outputs の下。"),
]


def show(what: What, year: Year, root: Root = Path()) -> None:
    """読み取った規則、名簿、基礎数値を、文と表で示します。"""
    from apportion.cli import views  # noqa: PLC0415

    workspace = _read(root, year)
    if what == "rules":
        lines = views.rules(workspace.book)
    else:
        assert workspace.tables is not None
        tell = views.roster if what == "roster" else views.figures
        lines = tell(workspace.tables)
    typer.echo("\n".join(lines).rstrip())


def export(_what: Listed, year: Year, root: Root = Path(), out: Out = None) -> None:
    """規則の一覧をExcelのブックに書き出します。"""
    from apportion.workbook import rules_list  # noqa: PLC0415

    data = rules_list.make(_read(root, year).book, year)
    target = out or root / "outputs" / f"規則一覧_{year.code}.xlsx"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except OSError as error:
        message = f"{target} に書けません。Excelで開いていれば閉じてください。"
        raise OutputError(message) from error
    typer.echo(f"書き出しました: {target}")


def _read(root: Path, year: FiscalYear) -> "Workspace":
    """Workspace of a year; raises `InputError` where something in it cannot be read."""
    from apportion.workspace import load  # noqa: PLC0415

    workspace = load(root, year)
    if workspace.tables is None or grave(workspace.problems):
        raise InputError(workspace.problems)
    return workspace
