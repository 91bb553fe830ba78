"""The manuals as a test reads them: fences that are run, tables that say what must come out.

A fence tells by the words behind its language what it is; a reader of the page does not see them:

    ```text 例                      lines of a rule (or a whole file), computed
    ```text 誤り W209               the same with mistakes: exactly these codes come out
    ```text 表示                    the message of the 誤り before it, word for word
    ```csv members/r7/roster.csv    a file of the little council that both manuals show; the first
                                    fence of a path is the file, a later one replaces it in its
                                    section only; with 誤り W311 behind it, it is a mistake
    ```text 画面                    what one types; not run

A table directly below a 例 or a file gives the figures and, in rows named as `results` reads them,
what comes out. A table whose first heading is 書き方 varies the 例 before it row by row; 誤りの書き方
gives the code and the right line of mistakes in the smallest rule.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
MANUALS = ("rules/README.md", "members/README.md")

EXAMPLE, WRONG, SHOWN, SCREEN = "例", "誤り", "表示", "画面"
VARIANTS, MISTAKES = "書き方", "誤りの書き方"

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Fence:
    """A block between ``` lines, with the words behind its language."""

    place: str
    section: int
    words: tuple[str, ...]
    text: str

    @property
    def path(self) -> str:
        """The file that the fence shows; empty for lines of a rule."""
        return next((word for word in self.words if "/" in word), "")

    @property
    def codes(self) -> list[str]:
        """Codes of the mistakes in it."""
        return [word for word in self.words if re.fullmatch(r"W\d{3}", word)]


@dataclass(frozen=True)
class Grid:
    """A table; `below` is the fence that stands directly above it."""

    place: str
    section: int
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    below: Fence | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Headings behind the first."""
        return self.head[1:]


@dataclass(frozen=True)
class Example:
    """Fences to be run together, and the table below the last of them."""

    fences: tuple[Fence, ...]
    table: Grid | None = None
    variants: tuple[Grid, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands."""
        return self.fences[0].place


@dataclass(frozen=True)
class Wrong:
    """A fence with mistakes, the figures below it, and the message that the manual shows."""

    fence: Fence
    table: Grid | None = None
    shown: Fence | None = None


def running_text(manual: str) -> str:
    """The manual without its fences."""
    return re.sub(r"^```.*?^```$", "", _text(manual), flags=re.MULTILINE | re.DOTALL)


def _text(manual: str) -> str:
    return (ROOT / manual).read_text("utf-8-sig")


def elements(manual: str) -> Iterator[Fence | Grid]:
    """Fences and tables of a manual in order; `section` counts its headings."""
    lines = iter(enumerate(_text(manual).split("\n"), 1))
    section, above, rows = 0, None, list[str]()
    for number, line in lines:
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            yield _grid(f"{manual}:{number - len(rows)}", section, rows, above)
            above, rows = None, []
        if line.startswith("```"):
            above = Fence(f"{manual}:{number}", section, tuple(line.split()[1:]), _inside(lines))
            yield above
        elif line:
            above = None
            section += line.startswith("#")


def fences(manual: str) -> list[Fence]:
    """Fences of a manual in order."""
    return [element for element in elements(manual) if isinstance(element, Fence)]


def _inside(lines: Iterator[tuple[int, str]]) -> str:
    inner: list[str] = []
    for _, line in lines:
        if line == "```":
            return "\n".join([*inner, ""])
        inner.append(line)
    raise AssertionError(inner)


def _grid(place: str, section: int, rows: list[str], below: Fence | None) -> Grid:
    cells = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]
    assert all(len(row) == len(cells[0]) for row in cells), place
    return Grid(place, section, cells[0], tuple(cells[2:]), below)


def examples() -> list[Example]:
    """Every 例 and every set of files with what the manual says of them."""
    return [example for manual in MANUALS for example in _examples(manual)]


def _examples(manual: str) -> list[Example]:
    found: list[Example] = []
    pending: list[Fence] = []
    for element in elements(manual):
        if isinstance(element, Grid):
            if element.below and element.below in pending:
                found.append(Example(tuple(pending), element))
                pending = []
            elif element.head[0] == VARIANTS:
                found[-1] = replace(found[-1], variants=(*found[-1].variants, element))
        elif WRONG not in element.words:
            if pending and not _together(pending[-1], element):
                found.append(Example(tuple(pending)))
                pending = []
            pending += [element] if element.path or EXAMPLE in element.words else []
    return [*found, *([Example(tuple(pending))] if pending else [])]


def _together(one: Fence, other: Fence) -> bool:
    """Whether two fences are files of one section."""
    return bool(one.path and other.path) and one.section == other.section


def wrong_fences() -> list[Wrong]:
    """Every fence with mistakes."""
    return [wrong for manual in MANUALS for wrong in _wrong(list(elements(manual)))]


def _wrong(found: list[Fence | Grid]) -> Iterator[Wrong]:
    for element, after in zip(found, [*found[1:], None], strict=True):
        if isinstance(element, Fence) and WRONG in element.words:
            table = after if isinstance(after, Grid) and after.below == element else None
            shown = after if isinstance(after, Fence) and SHOWN in after.words else None
            yield Wrong(element, table, shown)


def tables(first: str) -> Iterator[Grid]:
    """Every table whose first heading is `first`."""
    for manual in MANUALS:
        for element in elements(manual):
            if isinstance(element, Grid) and element.head[0] == first:
                yield element


def codes(cell: str) -> list[str]:
    """What stands in ` ` in a cell."""
    return _CODE.findall(cell)


def base_files() -> dict[str, str]:
    """The files of the little council: the first fence of each path."""
    files: dict[str, str] = {}
    for manual in MANUALS:
        for element in elements(manual):
            if isinstance(element, Fence) and element.path and WRONG not in element.words:
                files.setdefault(element.path, element.text)
    return files
