"""Commands that show what was read: show, export."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from apportion.cli.options import BudgetOption, Root, Year, read_day, typer
from apportion.cli.words import close_one
from apportion.core.problem import InputError, grave
from apportion.core.year import AskedBudget, Edition, FiscalYear

if TYPE_CHECKING:
    from apportion.outcome.workspace import Workspace

# The engine is imported inside the functions: `--help` must not pay for it.

SHOWN, EXPORTED = ("rules", "roster", "figures", "payments"), ("rules", "data")


def _one_of(words: Sequence[str]) -> Callable[[str], str]:
    def chosen(text: str) -> str:
        if text not in words:
            close = close_one(text, words)
            similar = f"{close} ですか。" if close else ""
            message = (
                f"「{text}」はありません。{similar}{'、'.join(words)} のどれかを書いてください。"
            )
            raise typer.BadParameter(message)
        return text

    return chosen


What = Annotated[
    str,
    typer.Argument(
        parser=_one_of(SHOWN), metavar="|".join(SHOWN), help="規則、名簿、基礎数値、収納状況。"
    ),
]
Listed = Annotated[
    str,
    typer.Argument(
        parser=_one_of(EXPORTED),
        metavar="|".join(EXPORTED),
        help="規則の一覧（rules）か、ほかのプログラムのためのデータ（data）。",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="書き出し先", help="ファイル（data はフォルダー）。"),
]


On = Annotated[
    date | None,
    typer.Option(
        "--date",
        parser=read_day,
        metavar="日付",
        help="いつの収納状況か。省くと最終の納入日。",
    ),
]


def show(
    what: What, year: Year, root: Root = Path(), asked: BudgetOption = None, on: On = None
) -> None:
    """読み取った規則、名簿、基礎数値や、収納状況を、文と表で示します。"""
    from apportion.cli import views  # noqa: PLC0415

    if what == "payments":
        typer.echo("\n".join(_payments(root, year, asked, on)))
        return
    if asked or on:
        message = "--case と --date は、show payments で使います。"
        raise typer.BadParameter(message)
    workspace = _read(root, year)
    if what == "rules":
        lines = views.rules(workspace.book)
    else:
        assert workspace.tables is not None
        tell = views.roster if what == "roster" else views.figures
        lines = tell(workspace.tables)
    typer.echo("\n".join(lines).rstrip())


Kind = Annotated[
    str | None,
    typer.Option(
        "--format",
        parser=_one_of(("csv", "json")),
        metavar="csv|json",
        help="data のどちらかだけを書きます。",
    ),
]


def export(
    what: Listed,
    year: Year,
    root: Root = Path(),
    out: Out = None,
    asked: BudgetOption = None,
    kind: Kind = None,
) -> None:
    """規則の一覧（Excel）や、調定と計算結果のデータ（CSV、JSON）を書き出します。"""
    if what == "data":
        typer.echo(_data(root, year, asked, out, kind))
    elif asked or kind:
        message = "--case と --format は、export data で使います。"
        raise typer.BadParameter(message)
    else:
        _rules(root, year, out)


def _data(
    root: Path, year: FiscalYear, asked: AskedBudget | None, out: Path | None, kind: str | None
) -> str:
    from apportion.rules.book import DECIDED  # noqa: PLC0415
    from apportion.years import bridge  # noqa: PLC0415

    kinds = (kind,) if kind else tuple(bridge.FORMATS)
    found, folder = bridge.export(root, year, asked, out=out, kinds=kinds)
    names, state = "、".join(bridge.FORMATS[each] for each in kinds), found.outcome.state
    warning = "" if state == DECIDED else f"状態は「{state}」です。調定には使えません。"
    done = f"書き出しました: {folder}（{names}）、計 {found.outcome.total:,}円"
    said = (done, found.bills.receivables.words, _chosen(found.outcome.edition, asked), warning)
    return "\n".join(filter(None, said))


def _chosen(taken: Edition | None, asked: AskedBudget | None) -> str:
    """Which budget was taken where nobody said it and there is more than the first one."""
    return (
        f"{taken.label}のあとの額です（--case {taken} と同じです）。" if taken and not asked else ""
    )


def _payments(
    root: Path, year: FiscalYear, asked: AskedBudget | None, on: date | None
) -> list[str]:
    from apportion.cli.payments import status  # noqa: PLC0415
    from apportion.years.payments.bills import year_bills  # noqa: PLC0415

    return list(status(year_bills(root, year, asked), on))


def _rules(root: Path, year: FiscalYear, out: Path | None) -> None:
    from apportion.outputs import publish  # noqa: PLC0415
    from apportion.workbook.summary import rules  # noqa: PLC0415

    data = rules.make(_read(root, year).book, year)
    target = out or root / "outputs" / f"規則一覧_{year.code}.xlsx"
    publish.refuse_inputs(target, root)
    publish.replace_file(target, data, rules.foreign(year))
    typer.echo(f"書き出しました: {target}")


def _read(root: Path, year: FiscalYear) -> "Workspace":
    """Workspace of a year; raises `InputError` where something in it cannot be read."""
    from apportion.outcome.workspace import load  # noqa: PLC0415

    workspace = load(root, year)
    if workspace.tables is None or grave(workspace.problems):
        raise InputError(workspace.problems)
    return workspace
