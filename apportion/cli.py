"""The command line: words, messages and exit codes; nothing is computed here."""

import io
import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from apportion import __version__
from apportion.phrases import Command, Group, usage
from apportion.problem import (
    InputError,
    Level,
    OutputError,
    Problem,
    ReconciliationError,
    grave,
)
from apportion.year import FiscalYear

DONE, WRONG_INPUT, WRONG_USAGE, NO_ACCESS, OUR_FAULT = 0, 1, 2, 3, 10

app = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="負担金を1円まで正確に計算し、団体ごとのExcelの通知と一覧を作ります。",
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _year(text: str) -> FiscalYear:
    year = FiscalYear.parse(text)
    if year is None:
        message = f"年度「{text}」が分かりません。r7、令和7、2025 のように書いてください。"
        raise typer.BadParameter(message)
    return year


Year = Annotated[
    FiscalYear,
    typer.Option("--year", parser=_year, metavar="年度", help="年度。r7、令和7、2025 など。"),
]
Root = Annotated[
    Path, typer.Option("--dir", metavar="フォルダー", help="規則と名簿のあるフォルダー。")
]
Strict = Annotated[bool, typer.Option("--strict", help="注意があるときも止まります。")]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="版を表示します。")] = False,  # noqa: FBT002  an option
) -> None:
    """負担金を1円まで正確に計算し、団体ごとのExcelの通知と一覧を作ります。"""
    if version:
        typer.echo(f"apportion {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(next_step(Path()))


@app.command("run", cls=Command)
def run_command(
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
    from apportion import report  # noqa: PLC0415  the engine loads only for commands that compute

    if only is not None:
        typer.echo(report.project(root, year, only, strict=strict))
        return
    typer.echo(report.whole(root, year, out, strict=strict))


@app.command(cls=Command)
def check(
    year: Year,
    root: Root = Path(),
    strict: Strict = False,  # noqa: FBT002  an option
    as_json: Annotated[bool, typer.Option("--json", help="機械向けに出します。")] = False,  # noqa: FBT002
) -> None:
    """規則と表の誤りを、すべて一度に調べます。何も書きません。"""
    from apportion.computation import examine  # noqa: PLC0415
    from apportion.workspace import load  # noqa: PLC0415

    problems = examine(load(root, year)).problems
    if as_json:
        typer.echo(json.dumps([p.record() for p in problems], ensure_ascii=False, indent=1))
    else:
        _show(problems)
    if grave(problems, strict=strict):
        raise typer.Exit(WRONG_INPUT)
    if not as_json:
        typer.echo(f"誤りはありません。\n次は: apportion run --year {year}")


@app.command(cls=Command)
def verify(
    folder: Annotated[Path, typer.Argument(metavar="フォルダー", help="outputs/r7 など。")],
    root: Root = Path(),
) -> None:
    """出力のファイルを、データ・予算・入力からの再計算と突き合わせます。"""
    from apportion import verification  # noqa: PLC0415

    problems, summary = verification.verify(folder, root)
    _show(problems)
    if grave(problems):
        raise typer.Exit(WRONG_INPUT)
    typer.echo(summary)


def next_step(root: Path) -> str:
    """What a person who typed only `apportion` should do next."""
    years = sorted(path.name for path in (root / "rules").glob("*") if FiscalYear.parse(path.name))
    if not years:
        return (
            "ここには rules フォルダーがありません。\n"
            "規則と名簿のあるフォルダーで実行するか、--dir で指定してください。\n"
            "使い方: apportion --help"
        )
    latest = max(years, key=lambda name: FiscalYear.parse(name) or FiscalYear(0))
    return (
        f"年度のフォルダー: {'、'.join(years)}\n"
        f"次は: apportion check --year {latest}  （誤りを調べます）\n"
        f"      apportion run --year {latest}    （計算して outputs/{latest} に書きます）\n"
        "使い方: apportion --help"
    )


def _show(problems: tuple[Problem, ...]) -> None:
    if problems:
        typer.echo(f"{_sorted(problems)}\n", err=True)


def _sorted(problems: tuple[Problem, ...]) -> str:
    ranked = (problem for level in Level for problem in problems if problem.level is level)
    return "\n\n".join(map(str, ranked))


def main() -> NoReturn:
    """Entry point: every failure becomes a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Windows console shows cp932 only
            stream.reconfigure(errors="replace")
    sys.exit(guarded(lambda: app(standalone_mode=False)))


def guarded(command: Callable[[], object]) -> int:
    """Exit code of a command; its failures are told in Japanese."""
    try:
        code = command()
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("中止しました。前の出力はそのままです。", err=True)
        return WRONG_USAGE
    except Exception as error:  # noqa: BLE001  a person gets a sentence, an engineer the place
        code, tell = next(how for kind, how in _FAILURES.items() if isinstance(error, kind))
        typer.echo(tell(error), err=True)
        return code
    return code if isinstance(code, int) else DONE


def wrong_input(error: InputError) -> str:
    """All problems, the gravest first, and how many stopped the run."""
    errors = sum(problem.level is Level.ERROR for problem in error.problems)
    return f"{_sorted(error.problems)}\n\n誤りが {errors} 件あります。何も書いていません。"


def unreconciled(error: ReconciliationError) -> str:
    """Two sides that we computed ourselves differ."""
    return f"計算の突合が合いません。プログラムの誤りです。何も書いていません。\n{error}"


def unexpected(error: Exception) -> str:
    """A fault of ours in one sentence, with the place that whoever mends it needs."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (
        "思いがけない誤りで止まりました。プログラムの誤りです。前の出力はそのままです。\n"
        f"  作成者に知らせること: {type(error).__name__}: {error}"
        f"（{Path(last.filename).name} {last.lineno}行目、apportion {__version__}）"
    )


_FAILURES: dict[type[Exception], tuple[int, Callable[[Any], str]]] = {
    InputError: (WRONG_INPUT, wrong_input),
    OutputError: (NO_ACCESS, str),
    ReconciliationError: (OUR_FAULT, unreconciled),
    typer.TyperException: (WRONG_USAGE, usage),
    Exception: (OUR_FAULT, unexpected),
}
