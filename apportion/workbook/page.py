"""A printed page of the summary: titles, cells whose width is measured, 差 that are counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from math import ceil

from xlsxwriter.workbook import Workbook

from apportion.workbook.paper import LANDSCAPE_HEIGHT, STAMPS, Paper, height, lines, wide_enough
from apportion.workbook.refs import Area, Live, Ref, rounded
from apportion.workbook.sheet import Sheet, add_sheet
from apportion.workbook.styles import LOOKS, Styles

_SIZE, _SMALL, _NUMBER = 10.0, 9.0, 10.6
"""Font sizes of cells and of remarks, in points; numbers need some room beside them, or show ###."""
ROW, LOW_ROW, _TITLE = 17.0, 14.0, 26.0
"""Heights of a row with one line, of one in a table for 54 members, and of the title, in points."""
_NARROWEST = 36.0
_READABLE, SMALLEST = 66, 80
"""Percent of its size at which a table may be printed upright, and be made to fit one page."""
_DRAWN_TOGETHER = 0.93
_UPRIGHT_HEIGHT = 715.0
"""Height within the margins of A4, in points, less what programs differ in."""


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet being filled.

    `widths` of columns (points) and `texts_of` rows (first and last column, text, font size) grow
    with the cells; lines outside tables do not count. `least` is what the numbers of a column
    need: a narrower one would print ###. `differences` are the cells of 差.
    """

    book: Workbook
    sheet: Sheet
    name: str
    title: str
    state: str
    widths: dict[int, float] = field(default_factory=dict)
    least: dict[int, float] = field(default_factory=dict)
    texts_of: dict[int, list[tuple[int, int, str, float]]] = field(default_factory=dict)
    differences: list[Ref] = field(default_factory=list)

    def line(self, row: int, text: str, style: str = "plain", *, at: int = 0) -> None:
        """Text outside the tables: it may run over the cells to its right."""
        self.sheet.text(row, at, text, style)

    def top(self, *notes: str, at: int = 0) -> int:
        """Title, state and notes, from column `at` on; the next free row."""
        found = [(self.title, "title"), (STAMPS[self.state], "warn")]
        found += [(note, "plain") for note in notes]
        written = [(text, style) for text, style in found if text]
        for row, (text, style) in enumerate(written):
            self.line(row, text, style, at=at)
        self.sheet.height(0, _TITLE)
        return len(written)

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Text in a table; an empty one leaves the cell blank."""
        if not text:
            self.blanks(row, [column], style)
            return
        self.sheet.text(row, column, text, style)
        size = self._note(row, (column, column), text, style)
        self.measure(column, "　" * indent(style) + text, size)

    def merged(self, row: int, first: int, last: int, text: str, style: str) -> None:
        """Text over several columns; it does not widen them."""
        if first == last:
            self.sheet.text(row, first, text, style)
        else:
            self.sheet.merged(row, first, row, last, text, style)
        self._note(row, (first, last), text, style)

    def texts(self, row: int, texts: Iterable[str], style: str = "text", first: int = 0) -> None:
        """Texts side by side."""
        for column, text in enumerate(texts, start=first):
            self.text(row, column, text, style)

    def number(self, row: int, column: int, value: int, style: str = "money") -> Ref:
        """Whole number in a table."""
        self.sheet.number(row, column, value, style)
        self._keep(column, f"{value:,}")
        return Ref(self.name, row, column, value)

    def live(self, row: int, column: int, live: Live, style: str = "money") -> Ref:
        """Live number in a table."""
        self.sheet.formula(row, column, live.formula, live.value, style)
        self._keep(column, f"{live.value:,}")
        return Ref(self.name, row, column, live.value)

    def ratio(
        self, row: int, column: int, first: Ref, second: Ref, style: str, places: int
    ) -> None:
        """`first` over `second`, live, to be looked at: no yen follows from it.

        It is rounded to so many decimals, so that every program gives the very same number; － where
        `second` is 0 or less.
        """
        if second.value <= 0:
            self.text(row, column, "－", "right")
            return
        formula = f"=ROUND({first.on(self.name)}/{second.on(self.name)},{places})"
        value = rounded(first.value, second.value, places)
        self.sheet.raw.write_formula(row, column, formula, self.sheet.styles[style], value)
        self._keep(column, f"+{value:,.1%}" if "percent" in style else f"{value:,.1f}")

    def difference(self, row: int, column: int, live: Live) -> None:
        """A 差: red unless it is 0."""
        self.differences.append(self.live(row, column, live, "difference"))

    @property
    def wrong(self) -> int:
        """How many 差 are not 0."""
        return sum(cell.value != 0 for cell in self.differences)

    def blanks(self, row: int, columns: Iterable[int], style: str = "text") -> None:
        """Empty cells of a table."""
        for column in columns:
            self.sheet.blank(row, column, style)

    def area(self, row: int, column: int, last_row: int, last_column: int) -> Area:
        """Block of cells of this sheet."""
        return Area(self.name, row, column, last_row, last_column)

    def measure(self, column: int, text: str, size: float = _SIZE) -> None:
        """Make room for `text` in a column."""
        self.widths[column] = max(self.widths.get(column, 0), _room(text, size))

    def set_up(
        self,
        head: tuple[int, int],
        at_most: Mapping[int, float] | None = None,
        *,
        portrait: bool | None = False,
        row_height: float = ROW,
        rows: int = 0,
    ) -> None:
        """Column widths, row heights and print set-up; the rows of `head` repeat on every page.

        `at_most` holds the widest some columns may be, in points: longer texts wrap. Without a
        word on `portrait` the page is upright where that stays readable. `rows` of a lying sheet
        are drawn together a little, rather than leave a last page nearly empty.
        """
        widths = self.fitted(at_most)
        self.heights(widths, row_height)
        upright = self._paper(widths, head, landscape=False)
        if portrait is None:
            portrait = upright.scale >= _READABLE
        (upright if portrait else self._paper(widths, head, landscape=True)).set_up(self.sheet)
        pages = ceil(rows * row_height * _DRAWN_TOGETHER / LANDSCAPE_HEIGHT)
        self.sheet.raw.fit_to_pages(1, pages)
        self.codes_are_texts()

    def set_up_pages(
        self, head: tuple[int, int], at_most: Mapping[int, float], starts: Sequence[int], end: int
    ) -> None:
        """Set up an upright sheet on which new pages begin at these rows, with low rows.

        What stands between two of them, and up to the row `end`, comes on one page, if that stays
        readable.
        """
        widths = self.fitted(at_most)
        self.heights(widths, LOW_ROW)
        paper = self._paper(widths, head, landscape=False)
        paper.set_up(self.sheet)
        scales = [fitting(last - first) for first, last in pairwise((0, *starts, end))]
        self.sheet.raw.set_print_scale(
            min([paper.scale, *(scale for scale in scales if scale >= SMALLEST)])
        )
        self.sheet.raw.set_h_pagebreaks(starts)
        self.codes_are_texts()

    def fitted(self, at_most: Mapping[int, float] | None = None) -> list[float]:
        """Widths of the columns, none too narrow for its numbers."""
        caps = at_most or {}
        return [
            max(min(self.widths[c], caps.get(c, self.widths[c])), self.least.get(c, 0))
            for c in sorted(self.widths)
        ]

    def heights(self, widths: Sequence[float], row_height: float = ROW) -> float:
        """Room for every line of texts that wrap: not every program finds it by itself.

        Gives the points that such rows and the title are higher than the others.
        """
        self.sheet.raw.set_default_row(row_height)
        more = _TITLE - row_height
        for row, texts in self.texts_of.items():
            needed = max(
                lines(text, sum(widths[first : last + 1]), size)
                for first, last, text, size in texts
            )
            if needed > 1:
                self.sheet.height(row, height(needed, _SMALL))
                more += height(needed, _SMALL) - row_height
        return more

    def codes_are_texts(self) -> None:
        """Keep programs from marking 団体コード as numbers stored as text."""
        self.sheet.raw.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def freeze(self, row: int, column: int) -> None:
        """Keep the rows above and the columns left of this cell in sight."""
        self.sheet.raw.freeze_panes(row, column)

    def _keep(self, column: int, number: str) -> None:
        """Room for a number, which does not wrap."""
        self.measure(column, number, _NUMBER)
        self.least[column] = max(self.least.get(column, 0), _room(number, _NUMBER))

    def _note(self, row: int, columns: tuple[int, int], text: str, style: str) -> float:
        """Keep a text for the height of its row; its font size."""
        size = _SMALL if style.endswith("remark") or style.startswith("small") else _SIZE
        self.texts_of.setdefault(row, []).append((*columns, text, size))
        return size

    def _paper(self, widths: Sequence[float], head: tuple[int, int], *, landscape: bool) -> Paper:
        return Paper(
            title=self.title, state=self.state, widths=widths, landscape=landscape, repeated=head
        )


@lru_cache(maxsize=10_000)
def _room(text: str, size: float) -> float:
    return wide_enough([text], size, _NARROWEST)


def add_page(book: Workbook, styles: Styles, name: str, title: str, state: str) -> Page:
    """Add a page with the sheet name `name`."""
    return Page(book, add_sheet(book, styles, name), name, title, state)


def fitting(rows: int) -> int:
    """Percent at which so many low rows, with some higher ones among them, fit on an upright page."""
    return int(_UPRIGHT_HEIGHT * 100 / ((rows + 3) * LOW_ROW))


def indent(style: str) -> int:
    """Width of a full sign, so many times, that a style leaves free before a text."""
    found = LOOKS[style].get("indent", 0)
    return found if isinstance(found, int) else 0


def heads(page: Page, row: int, titles: Sequence[str]) -> None:
    """Heading cells of a table; a line break in a title is kept."""
    page.texts(row, titles, "head")
