"""The commands `import …`: what offices have in other files becomes tables of the workspace.

A command is a function here, and a line in IMPORTS.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from apportion.cli import around, words
from apportion.cli.options import (
    WRONG_INPUT,
    WRONG_USAGE,
    BudgetOption,
    CaseOption,
    Root,
    Year,
    beside,
    typer,
)
from apportion.cli.words import show
from apportion.core.problem import InputError
from apportion.core.year import Case, Edition, FiscalYear

if TYPE_CHECKING:
    from apportion.imports.budget.draft import Draft
    from apportion.imports.budget.proposal import BudgetFile, BudgetProposal, Change
    from apportion.imports.tables import TableProposal

_NOTHING = "（空欄）"
UNASKED = "何も書いていません。書き込むときは --yes を付けて、もう一度実行してください。"
"""What is said where nobody can be asked."""


def told(proposal: "BudgetProposal") -> Iterator[str]:
    """What was read, and what would change in each file."""
    yield f"{proposal.document.label}の文書から、{proposal.year.label}の予算を読みました。"
    for sheet in proposal.sheets:
        yield from _sheet(sheet)


def _sheet(sheet: "BudgetFile") -> Iterator[str]:
    lines = sum(bool(change.now) for change in sheet.merged.changes)
    yield ""
    yield f"{sheet.shape.title} {lines}行、合計 {sheet.total:,}円: {sheet.path}"
    if sheet.present is None:
        yield "  いまの表はありません。新しく作ります。"
    elif not sheet.differs:
        yield "  いまの表と同じです。"
    elif sheet.present != sheet.path:
        yield f"  いまの {sheet.present.name} に代えて、{sheet.path.name} を作ります。"
    for change in sheet.changes:
        yield from _change(change)


def _change(change: "Change") -> Iterator[str]:
    title = f"{change.project} {change.name}".strip()
    if not change.now:
        yield f"  なくなる行: {title}"
        return
    values = [(head, change.was.get(head, ""), change.now[head]) for head in change.differing]
    if not change.was:
        amounts = "、".join(f"{head} {now}" for head, _, now in values if "額" in head)
        yield f"  新しい行: {title}　{amounts}"
        return
    yield f"  変わる行: {title}"
    for head, was, now in values:
        yield f"    {head}: {was or _NOTHING} → {now or _NOTHING}"


# The readers are imported inside the commands: `--help` must not pay for them.

Document = Annotated[
    Path, typer.Argument(metavar="ファイル", help="公表の予算の文書（.pdf .xlsx .csv .txt）。")
]
Table = Annotated[Path, typer.Argument(metavar="ファイル", help="取り込む表（.xlsx .csv）。")]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="列",
        help="取り込む列。「見出し」か「見出し=新しい見出し」。何度でも書けます。",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="たずねずに書き込みます。")]


def budget(
    file: Document,
    year: Year,
    root: Root = Path(),
    case: CaseOption = None,
    yes: Yes = False,  # noqa: FBT002  an option
) -> None:
    """公表の事業計画及び予算から、支出の部と収入の部の表を作ります。補正と決算は --case で足します。"""
    from apportion.imports.budget import DraftedError, propose, write  # noqa: PLC0415

    if case is not None:
        _later(file, year, root, case, yes=yes)
        return

    try:
        proposal = propose(root, file, year)
    except DraftedError as found:
        show(found.problems)
        _draft(found.draft, yes=yes)
        raise typer.Exit(WRONG_INPUT) from found
    show(proposal.problems)
    typer.echo("\n".join(told(proposal)))
    if not proposal.differs:
        return
    if not agreed(yes=yes):
        return
    _written(write(proposal), f"check --year {year}{beside(root)}")


def _later(file: Path, year: FiscalYear, root: Path, case: Case, *, yes: bool) -> None:
    """補正 or 決算: a column of the tables that are there."""
    from apportion.imports.budget import later  # noqa: PLC0415

    proposal = later.propose(root, file, year, case)
    for table in proposal.tables:
        typer.echo(
            f"{table.title}の「{proposal.column}」 {len(table.lines)}行、"
            f"計 {sum(table.lines.values()):,}円: {table.path}"
        )
        for name, yen in table.lines.items():
            typer.echo(f"  {name}\t{yen:,}円")
    if not proposal.differs:
        typer.echo("いまの表と同じです。何も書いていません。")
    elif agreed(yes=yes):
        chosen = case if isinstance(case, Edition) else None
        _written(later.write(proposal), f"check --year {year}{beside(root, chosen)}")


_LINES = 8


def _draft(draft: "Draft", *, yes: bool) -> None:
    """Show the beginning of a draft, and write it beside the workspace's tables if that is wished."""
    for name, rows in draft.tables():
        typer.echo(f"\n{name} の下書き（{len(rows) - 1}行）")
        for row in rows[:_LINES]:
            typer.echo("  " + ",".join(row))
        if len(rows) > _LINES:
            typer.echo(f"  … ほか {len(rows) - _LINES}行")
    typer.echo("\n予算の表には何も書いていません。")
    if draft.count and agreed(yes=yes, otherwise=WRONG_INPUT):
        draft.write()
        typer.echo(f"下書きを {draft.folder} に書きました。")


def figures(
    file: Table,
    year: Year,
    columns: Columns = None,
    root: Root = Path(),
    yes: Yes = False,  # noqa: FBT002  an option
) -> None:
    """人口などの表（.xlsx .csv）の列を、基礎数値の表に取り込みます。"""
    from apportion.imports import tables  # noqa: PLC0415

    _put_in(tables.propose_figures(root, file, year, columns or []), year, root, yes=yes)


def roster(
    file: Table,
    year: Year,
    columns: Columns = None,
    root: Root = Path(),
    yes: Yes = False,  # noqa: FBT002  an option
) -> None:
    """参加する団体の表（.xlsx .csv）の列を、名簿の表に取り込みます。"""
    from apportion.imports import tables  # noqa: PLC0415

    _put_in(tables.propose_rosters(root, file, year, columns or []), year, root, yes=yes)


def _put_in(proposal: "TableProposal", year: FiscalYear, root: Path, *, yes: bool) -> None:
    show(proposal.problems)
    typer.echo("\n".join((*proposal.read, *proposal.told)))
    if proposal.data is None:
        typer.echo("いまの表と同じです。何も書いていません。")
        return
    if not agreed(yes=yes):
        return
    kept = proposal.write()
    _written(kept, f"check --year {year}{beside(root)}", f"{proposal.target.path} に")


def payments(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="ファイル", help="銀行や財務会計の、納入の一覧（.xlsx .csv、全銀）。"
        ),
    ],
    year: Year,
    root: Root = Path(),
    asked: BudgetOption = None,
    account: Annotated[
        str,
        typer.Option(metavar="会計", help="請求が会計ごとのとき、どの会計の一覧か。"),
    ] = "",
    yes: Yes = False,  # noqa: FBT002  an option
) -> None:
    """銀行や財務会計の納入の一覧を、納入の表に足します。"""
    from apportion.cli.payments import told  # noqa: PLC0415
    from apportion.years.payments import propose, write  # noqa: PLC0415

    proposal = propose(root, file, year, asked, account)
    show(proposal.problems)
    typer.echo("\n".join(told(proposal)))
    if proposal.nothing:
        raise InputError((proposal.nothing,))
    if not proposal.new or not agreed(yes=yes):
        return
    kept = write(proposal)
    _written(kept, f"show payments --year {year}{beside(root)}")


def _written(kept: Path | None, command: str, where: str = "") -> None:
    """Say that it is written, where the former table is kept, and the next command."""
    if kept:
        typer.echo(f"前の表は {kept} に残してあります。")
    typer.echo(f"{where}書き込みました。\n次は: apportion {command}")


def agreed(*, yes: bool, otherwise: int = WRONG_USAGE) -> bool:
    """Whether to write: `--yes`, or a person who says so; says so where nothing is written.

    Where nobody can be asked the command ends with `otherwise`: it was typed without its answer.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        typer.echo(UNASKED)
        raise typer.Exit(otherwise)
    answer = typer.prompt("書き込むなら y、やめるなら n を入れてください", default="n")
    if str(answer).strip().lower() in {"y", "yes", "はい", "ｙ"}:
        return True
    typer.echo("何も書いていません。")
    return False


IMPORTS: dict[str, Callable[..., None]] = {
    "budget": budget,
    "figures": figures,
    "roster": roster,
    "payments": payments,
}

group = typer.Typer(
    cls=words.JapaneseGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    suggest_commands=False,  # typer adds them in English
    help="ほかのファイルから、予算などの表を取り込みます。",
)
for name, command in IMPORTS.items():
    group.command(name, cls=words.JapaneseCommand)(around.guarded(command))
