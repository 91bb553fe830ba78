"""`undo`: the last import, `rename` or `pin` is taken back."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from apportion.cli.imports import Yes, agreed
from apportion.cli.options import Root, typer
from apportion.core.problem import InputError, Source, tell
from apportion.core.text import decode
from apportion.core.year import wareki

if TYPE_CHECKING:
    from apportion.outputs.taken import TakenIn

_SHOWN = 3
"""Lines of a table that are shown; the others are counted."""


def undo(root: Root = Path(), yes: Yes = False) -> None:  # noqa: FBT002  an option
    """最後に書きかえたもの（import、rename、pin）を元に戻します。前のファイルは 履歴 にあります。"""
    from apportion.outputs import taken  # noqa: PLC0415  `--help` must not pay for it

    last = taken.last(root)
    if last is None:
        raise InputError((tell("W847", Source()),))
    if problems := taken.changed(root, last):
        raise InputError(problems)
    typer.echo("\n".join(_told(root, last)))
    if agreed(yes=yes):
        taken.take_back(root, last)
        typer.echo(
            f"元に戻しました。いままでのものは {last.folder / taken.UNDONE} に残してあります。"
        )


def _told(root: Path, last: "TakenIn") -> Iterator[str]:
    day, at = wareki(last.at.date()), f"{last.at:%H:%M}"
    yield f"最後に書きかえたものを元に戻します: {last.command}（{day} {at}）"
    for file in last.files:
        if not file.former:
            yield f"{file.path}: これでできたものなので、なくします"
            continue
        kept = last.folder / file.copy
        yield f"{file.path}: {kept.relative_to(root)} に戻します"
        yield from _lines((root / file.path).read_bytes(), kept.read_bytes())


def _lines(now: bytes, before: bytes) -> Iterator[str]:
    """Lines that go and that come back, of tables that are texts."""
    new, old = decode(now), decode(before)
    if new is None or old is None:
        return
    here, there = new.text.splitlines(), old.text.splitlines()
    yield from _few("なくなる行", [line for line in here if line not in there])
    yield from _few("戻る行", [line for line in there if line not in here])


def _few(what: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines[:_SHOWN]:
        yield f"  {what}: {line}"
    if lines[_SHOWN:]:
        yield f"  {what}: ほか {len(lines) - _SHOWN}行"
