"""new-year: the files of the next year, and what is left to a person."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from apportion.cli.options import Root, beside, read_year
from apportion.cli.plain import typer
from apportion.text import unmarked
from apportion.year import FiscalYear

if TYPE_CHECKING:
    from apportion.problem import Problem
    from apportion.yearly.new_year import NewYear


def new_year(
    year: Annotated[
        FiscalYear, typer.Argument(parser=read_year, metavar="年度", help="新しい年度。r8 など。")
    ],
    old: Annotated[
        FiscalYear | None,
        typer.Option(
            "--from", parser=read_year, metavar="年度", help="写す年度。なければ前の年度。"
        ),
    ] = None,
    root: Root = Path(),
) -> None:
    """次の年度の規則と名簿を、前の年度のものから作り、決めることを示します。"""
    # Loaded here: `--help` must not pay for it.
    from apportion.yearly import new_year as yearly  # noqa: PLC0415

    before = old or year + -1
    if before >= year:
        message = f"写す年度（{before}）は、新しい年度（{year}）より前の年度にしてください。"
        raise typer.BadParameter(message)
    made = yearly.new_year(root, before, year)
    typer.echo("\n".join([*_written(made, before, year), *_decide(made), *_next(year, root)]))


def _written(made: "NewYear", old: FiscalYear, new: FiscalYear) -> list[str]:
    return [
        f"{old.label}から{new.label}のファイルを作りました（{len(made.files)} ファイル）。",
        *(f"  {name}" for name in made.files),
        "直したこと:",
        "  規則の年度、納期、件名などの年を進めました。前の年度の検算は※の注記にしました。",
        *(f"  {line}" for line in made.told),
    ]


def _decide(made: "NewYear") -> list[str]:
    if not made.todo:
        return ["決めることは残っていません。"]
    listed = (_entry(number, problem) for number, problem in enumerate(made.todo, 1))
    return [f"決めること（{len(made.todo)} 件）:", *(line for entry in listed for line in entry)]


def _entry(number: int, problem: "Problem") -> list[str]:
    """A numbered to-do: its place, the line as it stands, and what is to be decided."""
    from apportion.check_marks import decision  # noqa: PLC0415  as above

    line = unmarked(problem.source.text)
    words = (line, decision(problem.source)) if line else (problem.what, problem.fix)
    return [f"{number:>3}. {problem.source.place()}", *(f"     {text}" for text in words)]


def _next(year: FiscalYear, root: Path) -> list[str]:
    return [f"次は: 上を直してから apportion check --year {year}{beside(root)}"]
