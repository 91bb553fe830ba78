"""fmt: rule files in their one spelling."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from apportion.cli.options import WRONG_INPUT, Root, read_year, typer
from apportion.cli.words import show
from apportion.core.problem import Problem
from apportion.core.year import FiscalYear

if TYPE_CHECKING:
    from apportion.outcome.rewriting import Rewriting

# The language is imported inside the functions: `--help` must not pay for it.

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="ファイル", help="規則のファイル。なければ年度のすべて。"),
]
AnyYear = Annotated[
    FiscalYear | None,
    typer.Option("--year", parser=read_year, metavar="年度", help="年度。なければすべての年度。"),
]
Check = Annotated[
    bool, typer.Option("--check", help="書き換えずに、そろっていないファイルを示します。")
]


def fmt(
    files: Files = None,
    year: AnyYear = None,
    check: Check = False,  # noqa: FBT002  an option
    root: Root = Path(),
) -> None:
    """規則の書き方を一つの形にそろえます。意味も金額も変わりません。"""
    found = tuple(_found(root, year, files or []))
    sound = _told(found) if check else _written(root, found)
    if not sound:
        raise typer.Exit(WRONG_INPUT)


def _found(root: Path, year: FiscalYear | None, files: Sequence[Path]) -> Iterator["Rewriting"]:
    """Files to look at, each read with the names of its year."""
    from apportion.outcome.rewriting import rewritings, years  # noqa: PLC0415

    if not files:
        for each in (year,) if year else years(root):
            yield from rewritings(root, each)
    for path in files:
        # Messages name files from the workspace, so that is where a name is looked for first.
        place = root / path if (root / path).exists() else path
        yield from rewritings(root, year or _year_of(place), [place])


def _year_of(path: Path) -> FiscalYear:
    year = FiscalYear.parse(path.resolve().parent.name)
    if year is None:
        message = f"「{path}」の年度が分かりません。--year r7 のように書いてください。"
        raise typer.BadParameter(message)
    return year


def _told(found: Sequence["Rewriting"]) -> bool:
    """Say where files are not in their one spelling; whether all of them are."""
    differences = [each.difference for each in found]
    show((*_errors(found), *(problem for problem in differences if problem)))
    wrong = [each.name for each in found if each.changed or each.after is None]
    typer.echo(
        f"そろっていないファイル（{len(wrong)}）: {'、'.join(wrong)}"
        if wrong
        else f"{len(found)} ファイルの書き方は、すべてそろっています。"
    )
    return not wrong


def _written(root: Path, found: Sequence["Rewriting"]) -> bool:
    """Write what changes and say so; whether no file was left alone for its errors."""
    changed = [each for each in found if each.changed]
    _put(root.resolve(), changed)
    for each in changed:
        typer.echo(f"書き直しました: {each.name}")
    show((*_errors(found), *(problem for each in changed for problem in each.problems)))
    faulty = [each.name for each in found if each.after is None]
    if faulty:
        typer.echo(f"誤りがあるので、そのままにしました: {'、'.join(faulty)}")
    typer.echo(f"{len(found)} ファイルのうち {len(changed)} ファイルを書き直しました。")
    return not faulty


def _put(root: Path, changed: Sequence["Rewriting"]) -> None:
    """The files of the workspace in one step, those from elsewhere in one for each folder."""
    from apportion.outputs.publish import replace_files  # noqa: PLC0415
    from apportion.tables.edit import Replacement  # noqa: PLC0415

    places: dict[Path, list[Replacement]] = {}
    for each in changed:
        assert each.after is not None
        path = each.path.resolve()  # a link stays, what it leads to is rewritten
        base = root if path.is_relative_to(root) else path.parent
        file = Replacement(path=path, former=path, data=each.after)
        places.setdefault(base, []).append(file)
    for base, new in places.items():
        replace_files(base, new, keep=False)


def _errors(found: Sequence["Rewriting"]) -> Iterator[Problem]:
    return (problem for each in found if each.after is None for problem in each.problems)
