"""The command that begins a council: init."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from apportion.cli.options import Root, beside, read_year, typer
from apportion.core.text import unmarked
from apportion.core.year import FiscalYear

if TYPE_CHECKING:
    from apportion.core.problem import Problem
    from apportion.years.begin.new_year import NewYear


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
    from apportion.years.begin import new_year as yearly  # noqa: PLC0415

    before = old or year + -1
    if before >= year:
        message = f"写す年度（{before}）は、新しい年度（{year}）より前の年度にしてください。"
        raise typer.BadParameter(message)
    made = yearly.new_year(root, before, year)
    parts = (_written(made, before, year), _decide(made), _later(made, before), _next(year, root))
    typer.echo("\n".join(line for part in parts for line in part))


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
    from apportion.outcome.checks.texts import decision, reminder  # noqa: PLC0415

    source = problem.source
    line = unmarked(source.text)
    cell = (problem.what, problem.fix, *reminder(source.heading))
    words = (line, decision(source)) if line else cell
    return [f"{number:>3}. {source.place()}", *(f"     {text}" for text in words)]


def _later(made: "NewYear", old: FiscalYear) -> list[str]:
    if not made.later:
        return []
    head = f"{old.label}の精算（apportion settle --year {old}）のあとですること:"
    return [head, *(f"  {line}" for line in made.later)]


def _next(year: FiscalYear, root: Path) -> list[str]:
    return [f"次は: 上を直してから apportion check --year {year}{beside(root)}"]


Full = Annotated[
    bool, typer.Option("--full", help="書けることをひととおり使った、大きな見本にします。")
]


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="フォルダー", help="新しいフォルダーか、空のフォルダー。")
    ],
    full: Full = False,  # noqa: FBT002  an option
) -> None:
    """架空の3町の見本から、新しい協議会のフォルダーを作ります。"""
    # Loaded here: `--help` must not pay for it.
    from apportion.years.begin import starter  # noqa: PLC0415

    made = starter.init(folder, starter.COUNCIL if full else starter.TOWNS)
    where = "" if folder.resolve() == Path.cwd() else f' --dir "{folder}"'
    year = starter.YEAR
    listed = "\n".join(f"  {name}" for name in made)
    more = (
        ""
        if full
        else "書けることをひととおり使った大きな見本は、--full を付けて別のフォルダーに作れます。\n"
    )
    typer.echo(
        f"{folder} に、架空の{'団体' if full else '3町'}の{year.label}の見本を作りました（{len(made)} ファイル）。\n"
        f"{listed}\n"
        "見本のままで計算できます。members の表と rules の規則を、自分の団体のものに書き換えて使います。\n"
        f"{more}"
        f"次は: apportion check --year {year}{where}\n"
        f"      apportion run --year {year}{where}"
    )
