"""A printed page of the summary: titles, cells whose width is measured, 差 that are counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.workbook import Workbook

from apportion.workbook.paper import STAMPS, Paper, height, lines, wide_enough
from apportion.workbook.refs import Area, Live, Ref
from apportion.workbook.sheet import Sheet, add_sheet
from apportion.workbook.styles import Styles

_SIZE, _SMALL, _NUMBER = 10.0, 9.0, 10.6
"""Font sizes of cells and of remarks, in points; numbers need some room beside them, or show ###."""
_ROW, _TITLE = 17.0, 26.0
"""Heights of a row with one line and of the title, in points."""
_NARROWEST = 36.0
_INDENTED = {"remark", "total_remark", "data_text"}


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet being filled.

    `widths` of columns (points) and `texts_of` rows (first and last column, text, font size) grow
    with the cells; lines outside tables do not count. `differences` are the cells of 差.
    """

    sheet: Sheet
    name: str
    title: str
    state: str
    widths: dict[int, float] = field(default_factory=dict)
    texts_of: dict[int, list[tuple[int, int, str, float]]] = field(default_factory=dict)
    differences: list[Ref] = field(default_factory=list)

    def line(self, row: int, text: str, style: str = "plain") -> None:
        """Text outside the tables: it may run over the cells to its right."""
        self.sheet.text(row, 0, text, style)

    def top(self, *notes: str) -> int:
        """Title, state and notes; the next free row."""
        found = [(self.title, "title"), (STAMPS[self.state], "warn")]
        found += [(note, "plain") for note in notes]
        written = [(text, style) for text, style in found if text]
        for row, (text, style) in enumerate(written):
            self.line(row, text, style)
        self.sheet.height(0, _TITLE)
        return len(written)

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Text in a table; an empty one leaves the cell blank."""
        if not text:
            self.blanks(row, [column], style)
            return
        self.sheet.text(row, column, text, style)
        size = self._note(row, (column, column), text, style)
        self.measure(column, f"　{text}" if style in _INDENTED else text, size)

    def merged(self, row: int, first: int, last: int, text: str, style: str) -> None:
        """Text over several columns; it does not widen them."""
        self.sheet.merged(row, first, row, last, text, style)
        self._note(row, (first, last), text, style)

    def texts(self, row: int, texts: Iterable[str], style: str = "text", first: int = 0) -> None:
        """Texts side by side."""
        for column, text in enumerate(texts, start=first):
            self.text(row, column, text, style)

    def number(self, row: int, column: int, value: int, style: str = "money") -> Ref:
        """Whole number in a table."""
        self.sheet.number(row, column, value, style)
        self.measure(column, f"{value:,}", _NUMBER)
        return Ref(self.name, row, column, value)

    def live(self, row: int, column: int, live: Live, style: str = "money") -> Ref:
        """Live number in a table."""
        self.sheet.formula(row, column, live.formula, live.value, style)
        self.measure(column, f"{live.value:,}", _NUMBER)
        return Ref(self.name, row, column, live.value)

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
        room = wide_enough([text], size, _NARROWEST)
        self.widths[column] = max(self.widths.get(column, 0), room)

    def set_up(
        self,
        head: tuple[int, int],
        at_most: Mapping[int, float] | None = None,
        *,
        portrait: bool = False,
    ) -> None:
        """Column widths, row heights and print set-up; the rows of `head` repeat on every page.

        `at_most` holds the widest some columns may be, in points: longer texts wrap.
        """
        caps = at_most or {}
        widths = [min(self.widths[c], caps.get(c, self.widths[c])) for c in sorted(self.widths)]
        self._heights(widths)
        Paper(
            title=self.title,
            state=self.state,
            widths=widths,
            landscape=not portrait,
            repeated=head,
        ).set_up(self.sheet)
        self.sheet.raw.fit_to_pages(1, 0)
        self.sheet.raw.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def freeze(self, row: int, column: int) -> None:
        """Keep the rows above and the columns left of this cell in sight."""
        self.sheet.raw.freeze_panes(row, column)

    def _note(self, row: int, columns: tuple[int, int], text: str, style: str) -> float:
        """Keep a text for the height of its row; its font size."""
        size = _SMALL if style.endswith("remark") else _SIZE
        self.texts_of.setdefault(row, []).append((*columns, text, size))
        return size

    def _heights(self, widths: Sequence[float]) -> None:
        """Room for every line of texts that wrap: not every program finds it by itself."""
        self.sheet.raw.set_default_row(_ROW)
        for row, texts in self.texts_of.items():
            needed = max(
                lines(text, sum(widths[first : last + 1]), size)
                for first, last, text, size in texts
            )
            if needed > 1:
                self.sheet.height(row, height(needed, _SMALL))


def add_page(book: Workbook, styles: Styles, name: str, title: str, state: str) -> Page:
    """Add a page with the sheet name `name`."""
    return Page(add_sheet(book, styles, name), name, title, state)


def heads(page: Page, row: int, titles: Sequence[str]) -> None:
    """Heading cells of a table; a line break in a title is kept."""
    page.texts(row, titles, "head")
