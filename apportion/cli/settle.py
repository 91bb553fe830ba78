"""Command `settle`: the settlement of a year after its accounts are closed."""

from pathlib import Path
from typing import Annotated

from apportion.cli.options import Root, Year, beside
from apportion.cli.plain import typer

# The engine is imported inside the command: `--help` must not pay for it.


def settle(
    year: Year,
    root: Root = Path(),
    out: Annotated[
        Path | None, typer.Option("--out", metavar="フォルダー", help="書き出す先を変えます。")
    ] = None,
) -> None:
    """決算額で精算し、団体ごとの精算書と一覧、積立金台帳を書きます。"""
    from apportion.cli import settle_report  # noqa: PLC0415

    typer.echo(settle_report.whole(year, root, out) + beside(root))
