"""Commands that compute: run, check, verify."""

import json
from pathlib import Path
from typing import Annotated

from apportion.cli.messages import show
from apportion.cli.options import WRONG_INPUT, Json, Root, Strict, Year, beside
from apportion.cli.plain import typer
from apportion.problem import grave

# The engine is imported inside the commands: `--help` must not pay for it.


def run(
    year: Year,
    root: Root = Path(),
    out: Annotated[
        Path | None, typer.Option("--out", metavar="フォルダー", help="書き出す先を変えます。")
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="事業", help="一つの事業を表示だけします。")
    ] = None,
    strict: Strict = False,  # noqa: FBT002  an option
) -> None:
    """計算し、通知・一覧・データを outputs に書き、読み返して確かめます。"""
    from apportion.cli import report  # noqa: PLC0415

    if only is not None:
        typer.echo(report.project(root, year, only, strict=strict))
        return
    typer.echo(report.whole(root, year, out, strict=strict))


def check(
    year: Year,
    root: Root = Path(),
    strict: Strict = False,  # noqa: FBT002  an option
    as_json: Json = False,  # noqa: FBT002  an option
) -> None:
    """規則と表の誤りを、すべて一度に調べます。何も書きません。"""
    from apportion.computation import examine  # noqa: PLC0415
    from apportion.workspace import load  # noqa: PLC0415

    problems = examine(load(root, year)).problems
    if as_json:
        typer.echo(json.dumps([p.record() for p in problems], ensure_ascii=False, indent=1))
    else:
        show(problems)
    if grave(problems, strict=strict):
        raise typer.Exit(WRONG_INPUT)
    if not as_json:
        typer.echo(f"誤りはありません。\n次は: apportion run --year {year}{beside(root)}")


def verify(
    folder: Annotated[Path, typer.Argument(metavar="フォルダー", help="outputs/r7 など。")],
    root: Root = Path(),
) -> None:
    """出力のファイルを、データ・予算・入力からの再計算と突き合わせます。"""
    from apportion import verification  # noqa: PLC0415

    problems, summary = verification.verify(folder, root)
    show(problems)
    if grave(problems):
        raise typer.Exit(WRONG_INPUT)
    typer.echo(summary)
