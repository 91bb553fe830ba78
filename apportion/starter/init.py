"""`apportion init`: a workspace from which a new council starts, in which everything works."""

import csv
from collections.abc import Iterator
from pathlib import Path

from apportion.problem import InputError, OutputError, Problem, Source
from apportion.starter.books import book
from apportion.starter.layouts import LAYOUTS
from apportion.year import FiscalYear

YEAR = FiscalYear(2025)
"""The year that the sample is of: its rules name days and figures of 令和7年度."""

COUNCIL = Path(__file__).parent / "council"
FORMS = "rules/様式"
MANUALS = ("rules/README.md", "members/README.md")
_CLONE = Path(__file__).parents[2]
_BOM = "\ufeff"


def init(folder: Path) -> tuple[str, ...]:
    """Write the sample into a new or empty folder; the paths of its files below it.

    Raises `InputError` where something is there already (nothing is written), `OutputError` where
    the folder cannot be written.
    """
    made = dict(sorted(files()))  # all of them before the first is written
    try:
        if problem := _in_the_way(folder):
            raise InputError((problem,))
        for name, data in made.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(data)
    except OSError as error:
        message = (
            f"{folder} に書けませんでした（{error.strerror or error}）。\n"
            "  直し方: 書ける場所とディスクの空きを確かめ、途中まで書いたものが残っていれば消して、"
            "もう一度実行してください。"
        )
        raise OutputError(message) from error
    return tuple(made)


def files() -> Iterator[tuple[str, bytes]]:
    """Each file of the sample: its path below the workspace, and its bytes."""
    for path in (*COUNCIL.glob("members/**/*.*"), *COUNCIL.glob("rules/r*/*.*")):
        name = path.relative_to(COUNCIL)
        layout = LAYOUTS.get(name.with_suffix("").as_posix())
        if layout is None:
            yield name.as_posix(), _as_notepad_writes(path)
        else:
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
            yield name.with_suffix(".xlsx").as_posix(), book(layout, rows, YEAR)
    # A wheel holds the manuals and the examples of forms inside the sample; in a clone they stand at the top.
    for manual in MANUALS:
        if not (COUNCIL / manual).is_file() and (_CLONE / manual).is_file():
            yield manual, _as_notepad_writes(_CLONE / manual)
    forms = COUNCIL / FORMS if (COUNCIL / FORMS).is_dir() else _CLONE / FORMS
    for form in forms.glob("例_*.xlsx"):
        yield f"{FORMS}/{form.name}", form.read_bytes()


def _as_notepad_writes(path: Path) -> bytes:
    """A text with byte-order mark and CRLF: right in every editor and in Excel."""
    text = path.read_text(encoding="utf-8-sig")
    return (_BOM + text.replace("\n", "\r\n")).encode()


def _in_the_way(folder: Path) -> Problem | None:
    """What lies where the workspace is to be: a file, or a folder with something in it."""
    source = Source(file=str(folder))
    if folder.exists() and not folder.is_dir():
        return Problem(
            code="W911",
            source=source,
            what=f"「{folder}」はフォルダーではありません。",
            why="同じ名前のファイルがあります。",
            fix="まだないフォルダーの名前を指定してください。",
        )
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if not found:
        return None
    more = f" など {len(found)} 件" if len(found) > 1 else ""
    return Problem(
        code="W910",
        source=source,
        what=f"「{folder}」は空ではありません（{found[0]}{more}）。",
        why="すでにあるファイルを上書きしないように、新しいフォルダーか空のフォルダーにだけ作ります。",
        fix="まだないフォルダーの名前を指定してください。",
    )
