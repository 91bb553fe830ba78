"""`pin`: 検算 lines from what was really billed, where nothing notices a change of the rules."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from apportion.cli.imports import Yes, agreed
from apportion.cli.options import Root, Year, beside, typer
from apportion.cli.words import Progress

if TYPE_CHECKING:
    from apportion.why.coverage import Coverage
    from apportion.why.pins import Pins

Bills = Annotated[
    Path,
    typer.Argument(metavar="表", help="実際に請求した額の表（団体名,事業,経費,請求額（円））。"),
]


def pin(
    bills: Bills,
    year: Year,
    root: Root = Path(),
    yes: Yes = False,  # noqa: FBT002  an option
) -> None:
    """実際に請求した額から、規則の間違いに気づくための検算の行を、できるだけ少なく足します。"""
    # Imported here: `--help` must not pay for the engine.
    from apportion.outputs import taken  # noqa: PLC0415
    from apportion.why import pins  # noqa: PLC0415
    from apportion.why.coverage import coverage  # noqa: PLC0415

    found = coverage(root, year)
    made = pins.pins(found, bills, Progress("検算の行き届き", "か所"))
    typer.echo("\n".join(_told(found, made)))
    if made.lines and agreed(yes=yes):
        new = pins.added(found, root, made.lines)
        taken.take_in(root, f"pin {bills.name}", new)
        typer.echo(f"書き込みました。元に戻すときは apportion undo{beside(root)}")
        typer.echo(f"次は: apportion check --year {year} --coverage{beside(root)}")


def _told(found: "Coverage", made: "Pins") -> Iterator[str]:
    from apportion.cli.coverage import listed  # noqa: PLC0415

    if not made.lines:
        yield "足す検算はありません。"
    else:
        fewest = "（これより少ない行では足りません）" if made.fewest else ""
        yield f"足す検算（{len(made.lines)} 行）{fewest}:"
    for subject, line in made.lines.items():
        yield f"  {subject[0]}  {subject[1]}行目の■経費　{line}"
    if made.open:
        yield f"この表の額では、まだ気づかないもの（{len(made.open)}）:"
        yield from listed(found, made.open)
