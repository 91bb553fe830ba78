"""Sheets written by hand into the shell of a workbook: its cells, and nothing else, are new each time.

XlsxWriter makes the shell once (paper, styles, names, a seal). A `Recorder` takes what `Sheet` takes;
`Shell.book` writes the cells of each sheet and their texts, of which a book holds its own alone.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import NamedTuple

from xlsxwriter.workbook import Workbook

from apportion.core.dataclass import dataclass
from apportion.core.year import FiscalYear
from apportion.forms.files import Picture
from apportion.tables.grid import letters
from apportion.workbook.sheets.package import (
    STRINGS,
    PackagePart,
    deflated,
    joined,
    literal,
    parts_of,
)
from apportion.workbook.sheets.sheet import Sheet, add_sheet, new_book
from apportion.workbook.sheets.styles import LOOKS, Styles

# Day 0 of Excel, which counts a 29 February 1900.
_EPOCH = date(1899, 12, 30)
_TEXT = "s"
_PIXEL = 0.75
"""In points."""


RecordedCell = tuple[str, str, str, str]
"""What a cell holds: the name of its style, its type, and its formula and value (or its text).

A plain tuple: a run makes a hundred thousand.
"""


class Seal(NamedTuple):
    """A picture, and where it stands."""

    row: int
    column: int
    down: float
    shown: Picture
    side: float


@dataclass(slots=True)
class Recorder:
    """Takes what `Sheet` takes and notes it, cell by cell."""

    cells: dict[int, dict[int, RecordedCell]] = field(default_factory=lambda: defaultdict(dict))
    heights: dict[int, float] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    breaks: tuple[int, ...] = ()
    names: dict[str, tuple[int, int]] = field(default_factory=dict)
    seals: list[Seal] = field(default_factory=list)

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Text as data; an empty one leaves the cell blank."""
        if not text:
            self.blank(row, column, style)
            return
        self.cells[row][column] = (style, _TEXT, "", text)

    def number(self, row: int, column: int, value: float, style: str = "money") -> None:
        """A number."""
        self.cells[row][column] = (style, "", "", repr(value))

    def formula(
        self, row: int, column: int, formula: str, value: float | str, style: str = "money"
    ) -> None:
        """A formula with its value."""
        if isinstance(value, str):
            self.cells[row][column] = (style, "str", formula, escape(value, quote=False))
        else:
            self.cells[row][column] = (style, "", formula, repr(value))

    def day(self, row: int, column: int, value: date, style: str) -> None:
        """A day."""
        self.cells[row][column] = (style, "", "", str((value - _EPOCH).days))

    def blank(self, row: int, column: int, style: str = "text") -> None:
        """An empty cell."""
        self.cells[row][column] = (style, "", "", "")

    def height(self, row: int, points: float) -> None:
        """Height of a row."""
        self.heights[row] = points

    def merged(
        self, row: int, column: int, last_row: int, last_column: int, text: str, style: str
    ) -> None:
        """Text over a block of cells."""
        if (row, column) != (last_row, last_column):
            corner = f"{letters(last_column + 1)}{last_row + 1}"
            self.merges.append(f"{letters(column + 1)}{row + 1}:{corner}")
        covered = dict.fromkeys(range(column, last_column + 1), (style, "", "", ""))
        for below in range(row, last_row + 1):
            self.cells[below].update(covered)
        self.text(row, column, text, style)

    def name(self, row: int, column: int, name: str) -> None:
        """Give a cell a name of the workbook."""
        self.names[name] = (row, column)

    def picture(self, row: int, column: int, down: float, shown: Picture, side: float) -> None:
        """A picture that keeps its size in every program."""
        self.seals.append(Seal(row, column, down, shown, side))

    def page_breaks(self, rows: Iterable[int]) -> None:
        """Rows with which new pages begin."""
        self.breaks = tuple(rows)


@dataclass(slots=True)
class Strings:
    """The texts of one workbook, each once; those of a form that was there before come first."""

    first: int = 0
    _numbers: dict[str, int] = field(default_factory=dict)

    def of(self, text: str) -> int:
        """Number of a text."""
        return self._numbers.setdefault(text, self.first + len(self._numbers))

    def items(self) -> str:
        """XML of all."""
        return "".join(map(_item, self._numbers))


@lru_cache(maxsize=10_000)
def _item(text: str) -> str:
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<si><t{space}>{literal(text)}</t></si>"


@lru_cache(maxsize=10_000)
def said(formula: str) -> str:
    """XML of a formula, which most workbooks have in common; nothing where there is none."""
    if not formula:
        return ""
    return f"<f>{escape(formula.removeprefix('='), quote=False)}</f>"


def cell(address: str, entry: RecordedCell, style: int, strings: Strings) -> str:
    """XML of a cell."""
    _, kind, formula, value = entry
    if not value:
        return f'<c r="{address}" s="{style}"/>'
    if kind == _TEXT:
        return f'<c r="{address}" s="{style}" t="s"><v>{strings.of(value)}</v></c>'
    if not formula:
        return f'<c r="{address}" s="{style}"><v>{value}</v></c>'
    typed = f' t="{kind}"' if kind else ""
    return f'<c r="{address}" s="{style}"{typed}>{said(formula)}<v>{value}</v></c>'


def rows(note: Recorder, styles: Mapping[str, int], strings: Strings) -> Iterator[str]:
    """XML of the rows of a sheet, or of a part of it."""
    cells, heights = note.cells, note.heights
    for row in sorted(cells.keys() | heights.keys()):
        number, entries = str(row + 1), cells.get(row, {})
        listed = [
            cell(letters(column + 1) + number, entry, styles[entry[0]], strings)
            for column, entry in sorted(entries.items())
        ]
        tall = _tall(heights[row]) if row in heights else ""
        yield f'<row r="{number}"{tall}>{"".join(listed)}</row>'


@lru_cache(maxsize=1_000)
def _tall(points: float) -> str:
    """Whole pixels, as XlsxWriter has them."""
    return f' ht="{round(points / _PIXEL) * _PIXEL:g}" customHeight="1"'


_DATA = re.compile(r"<sheetData/>|<sheetData>.*?</sheetData>", re.DOTALL)
_DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')
_STYLED = re.compile(r' s="(\d+)"')
_LAST = "</headerFooter>"


class EmptyPage(NamedTuple):
    """A sheet without cells: what stands before them, behind them, and behind its page breaks."""

    before: str
    behind: str
    last: str

    @classmethod
    def of(cls, sheet: str) -> "EmptyPage":
        """Cut a sheet where its cells belong; a part that lists its size says nothing of it."""
        empty = _DIMENSION.sub("", sheet, count=1)
        match = _DATA.search(empty)
        assert match is not None
        behind, _, last = empty[match.end() :].partition(_LAST)
        return cls(empty[: match.start()], behind + _LAST, last)

    def filled(
        self, notes: Iterable[Recorder], styles: Mapping[str, int], strings: Strings
    ) -> bytes:
        """The sheet with these cells, from top to bottom."""
        pieces, merges, breaks = [self.before, "<sheetData>"], list[str](), list[int]()
        for note in notes:
            pieces.extend(rows(note, styles, strings))
            merges += note.merges
            breaks += note.breaks
        pieces.append("</sheetData>")
        if merges:
            listed = "".join(f'<mergeCell ref="{area}"/>' for area in merges)
            pieces.append(f'<mergeCells count="{len(merges)}">{listed}</mergeCells>')
        pieces.append(self.behind)
        if breaks:
            listed = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in breaks)
            count = len(breaks)
            pieces.append(
                f'<rowBreaks count="{count}" manualBreakCount="{count}">{listed}</rowBreaks>'
            )
        pieces.append(self.last)
        return "".join(pieces).encode()


_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NO_STRINGS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{_NAMESPACE}"></sst>'
).encode()
_ROOT = re.compile(rb"<sst[^>]*?(/?)>")
_COUNTS = re.compile(rb' (?:count|uniqueCount)="\d+"')


def with_strings(texts: bytes, strings: Strings) -> bytes:
    """A list of texts with further ones behind."""
    root = _ROOT.search(texts)
    assert root is not None
    start = _COUNTS.sub(b"", root[0]).removesuffix(b"/>").removesuffix(b">") + b">"
    inner = b"" if root[1] else texts[root.end() : texts.rindex(b"</sst>")]
    return texts[: root.start()] + start + inner + strings.items().encode() + b"</sst>"


@dataclass(frozen=True, slots=True)
class Shell:
    """A workbook without cells: its parts, its sheets (by their parts) and its styles by name."""

    parts: Mapping[str, PackagePart]
    pages: Mapping[str, EmptyPage]
    styles: Mapping[str, int]

    def book(self, sheets: Sequence[Iterable[Recorder]]) -> bytes:
        """The workbook with these cells; the same cells give the same bytes."""
        return joined((dict(self.parts) | self.filled(sheets)).values())

    def filled(self, sheets: Sequence[Iterable[Recorder]]) -> dict[str, PackagePart]:
        """The parts that are a book's own: its sheets and its texts."""
        strings = Strings()
        own = {
            part: deflated(part, page.filled(notes, self.styles, strings))
            for (part, page), notes in zip(self.pages.items(), sheets, strict=True)
        }
        return own | {STRINGS: deflated(STRINGS, with_strings(NO_STRINGS, strings))}


SetUp = Callable[[Sheet], None]


def _pin(sheet: Sheet, note: Recorder, book: Workbook) -> None:
    """What is no cell: names and seals."""
    for name, place in note.names.items():
        sheet.name(*place, name)
    sheet.define_names(book)
    for seal in note.seals:
        sheet.picture(*seal)


def shell(
    title: str,
    year: FiscalYear,
    sheets: Sequence[tuple[str, SetUp]],
    first: Recorder | None = None,
) -> Shell:
    """A workbook with these sheets set up; names and pictures are those noted on the first one."""
    buffer = BytesIO()
    book = new_book(buffer, title, year)
    styles = Styles(book)
    made = [add_sheet(book, styles, name) for name, _ in sheets]
    for sheet, (_, set_up) in zip(made, sheets, strict=True):
        set_up(sheet)
    if first is not None:
        _pin(made[0], first, book)
    # One cell in each style, so that each has a number; and a text, so that there is a list of texts.
    for row, name in enumerate(LOOKS):
        made[0].text(row, 0, name, name)
    book.close()
    parts = parts_of(buffer.getvalue())
    names = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
    texts = [parts[name].content().decode() for name in names]
    numbers = map(int, _STYLED.findall(texts[0]))
    return Shell(
        parts=parts,
        pages=dict(zip(names, map(EmptyPage.of, texts), strict=True)),
        styles=dict(zip(LOOKS, numbers, strict=True)),
    )
