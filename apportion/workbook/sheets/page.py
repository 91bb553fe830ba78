"""A printed page of the summary: titles, cells whose width is measured, 差 that are counted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache, lru_cache
from itertools import pairwise
from math import ceil, fsum
from unicodedata import east_asian_width

from xlsxwriter.workbook import Workbook

from apportion.core.dataclass import dataclass
from apportion.workbook.sheets.live import Area, Live, Ref, rounded
from apportion.workbook.sheets.sheet import Sheet, add_sheet
from apportion.workbook.sheets.styles import FONT, LOOKS, Styles

STAMPS: Mapping[str, str] = {
    "例": "例　これは計算例です。協議会の決定ではありません。",
    "案": "案　これは案です。まだ議決されていません。",
    "議決": "",
}
"""What every page says about its state; 議決 needs no stamp."""

_LINE_HEIGHT = 1.35
"""Height of a line of text as a multiple of its font size."""

# Widths of signs in ems, measured in BIZ UDPゴシック; the longest of each kind.
_EMS = {**dict.fromkeys(",.", 0.34), **dict.fromkeys("0123456789", 0.77)}
_EMS |= dict.fromkeys("、。（）「」・：", 0.65)
_EMS |= dict.fromkeys(map(chr, range(0x30A1, 0x30FB)), 0.93)
_FULL, _HALF = 1.0, 0.66
_PADDING = 6.0
_PIXEL = 0.75

# Points within the margins of A4, less what programs differ in (2 %).
_LONG_SIDE, _SHORT_SIDE = 752, 508
LANDSCAPE_HEIGHT = 480
PORTRAIT_WIDTH = _SHORT_SIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """How a sheet is printed on A4.

    `widths` are points; `repeated` are the first and last row that every page repeats; a sheet
    too wide for `least_scale` percent is printed on several pages side by side. `of` stands at the
    foot of every page: whose paper it is, and of which budget.
    """

    title: str
    state: str
    of: str = ""
    widths: Sequence[float]
    landscape: bool = False
    repeated: tuple[int, int] | None = None
    least_scale: int = 10

    @property
    def scale(self) -> int:
        """Percent at which all columns fit on one page; columns that do not come on further ones."""
        room = _LONG_SIDE if self.landscape else _SHORT_SIDE
        return max(min(int(room / fsum(self.widths) * 100), 100), self.least_scale)

    def set_up(self, sheet: Sheet) -> None:
        """Columns, margins, header and footer."""
        raw = sheet.raw
        for column, wide in enumerate(self.widths):
            raw.set_column_pixels(column, column, round(wide / _PIXEL))
        if self.landscape:
            raw.set_landscape()
        if self.repeated:
            raw.repeat_rows(*self.repeated)
        raw.set_print_scale(self.scale)
        raw.center_horizontally()
        raw.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        # In a header & begins a command; the space keeps a digit of the title out of the font size.
        title, of = (text.replace("&", "&&") for text in (self.title, self.of))
        raw.set_header(f'&L&"{FONT}"&9 {title}&R&"{FONT}"&9 {STAMPS[self.state]}')
        left = f'&L&"{FONT}"&9 {of}' if of else ""
        raw.set_footer(f'{left}&C&"{FONT}"&9&P / &N')


def page_breaks(
    blocks: Iterable[tuple[int, float]], room: float, used: float, repeated: float
) -> Iterator[int]:
    """First rows (or columns) of new pages: a block of such a size, in points, stays whole.

    `room` is what a page holds, `used` what stands above the first block, `repeated` what every
    further page begins with.
    """
    for start, size in blocks:
        if used + size > room:
            yield start
            used = repeated
        used += size


@lru_cache(maxsize=10_000)
def points(text: str, size: float) -> float:
    """Width of the longest line of `text` in points, rather too much than too little."""
    return max(fsum(map(_em, line)) for line in text.split("\n")) * size


def wide_enough(texts: Iterable[str], size: float, at_least: float = 0) -> float:
    """Width of a column, in points, in which every text stands on one line."""
    longest = max((points(text, size) for text in texts), default=0)
    return max(longest + _PADDING, at_least)


@lru_cache(maxsize=10_000)
def lines(text: str, wide: float, size: float) -> int:
    """Lines that `text` takes in a column so many points wide."""
    return sum(max(ceil(points(line, size) / (wide - _PADDING)), 1) for line in text.split("\n"))


def height(count: int, size: float) -> float:
    """Height of a row with so many lines of text."""
    return round(count * size * _LINE_HEIGHT + 4, 1)


@cache
def _em(sign: str) -> float:
    known = _EMS.get(sign)
    if known is not None:
        return known
    return _FULL if east_asian_width(sign) in "WFA" else _HALF


_SIZE, _SMALL, _NUMBER = 10.0, 9.0, 10.6
"""Font sizes of cells and of remarks, in points; numbers need some room beside them, or show ###."""
ROW, LOW_ROW, _TITLE = 17.0, 14.0, 26.0
"""Heights of a row with one line, of one in a table for 54 members, and of the title, in points."""
_NARROWEST = 36.0
_READABLE, SMALLEST = 66, 80
"""Percent of its size at which a table may be printed upright, and be made to fit one page."""
_DRAWN_TOGETHER = 0.93
_ROUNDED = 0.97
"""Of a page whose breaks are set by hand: programs round every row."""
_MOST_ABOVE, _MOST_BESIDE = 192.0, 512.0
"""Points that stay in sight: a third of a screen 768 pixels high, half of one 1366 wide."""
_UPRIGHT_HEIGHT = 715.0
"""Height within the margins of A4, in points, less what programs differ in."""


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet being filled.

    `widths` of columns (points) and `texts_of` rows (first and last column, text, font size) grow
    with the cells; lines outside tables do not count. `least` is what the numbers of a column
    need: a narrower one would print ###. `differences` are the cells of 差. `of`: see `Paper`.
    """

    book: Workbook
    sheet: Sheet
    name: str
    title: str
    state: str
    of: str = ""
    widths: dict[int, float] = field(default_factory=dict)
    least: dict[int, float] = field(default_factory=dict)
    texts_of: dict[int, list[tuple[int, int, str, float]]] = field(default_factory=dict)
    differences: list[Ref] = field(default_factory=list)
    frozen: list[tuple[int, int]] = field(default_factory=list)
    tied_to_above: set[int] = field(default_factory=set)
    high: dict[int, float] = field(default_factory=dict)

    def line(self, row: int, text: str, style: str = "plain", *, at: int = 0) -> None:
        """Text outside the tables: it may run over the cells to its right.

        A heading stays on the page of the first rows below it.
        """
        if style == "heading":
            self.tied_to_above.update(range(row + 1, row + 4))
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
        if style.startswith("grand"):
            # 合計, and what is compared with it below, stay with the last rows above them.
            self.tied_to_above.update(range(row - 1, row + 3))
        if not text:
            self.blanks(row, [column], style)
            return
        self.sheet.text(row, column, text, style)
        size = self._note(row, (column, column), text, style)
        self.measure(column, "　" * indent(style) + text, size)

    def merged(self, row: int, first: int, last: int, text: str, style: str) -> None:
        """Text over several columns; it does not widen them."""
        if style.startswith("grand"):
            self.tied_to_above.update(range(row - 1, row + 3))
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
        # Its format writes a sign, which takes room.
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
        paper = self.paper(widths, head, landscape=False)
        if not (paper.scale >= _READABLE if portrait is None else portrait):
            paper = self.paper(widths, head, landscape=True)
        paper.set_up(self.sheet)
        # 0 pages: as many as it takes. Fitting replaces the scale that was set before.
        pages = ceil(rows * row_height * _DRAWN_TOGETHER / LANDSCAPE_HEIGHT)
        self.sheet.raw.fit_to_pages(1, pages)
        if not pages:
            high = LANDSCAPE_HEIGHT if paper.landscape else _UPRIGHT_HEIGHT
            self.keep_together(head, high * 100 / paper.scale, row_height)
        self.codes_are_texts()

    def keep_together(self, head: tuple[int, int], room: float, row_height: float) -> None:
        """Begin pages so that no 合計 and no heading stands alone; a page has `room` points."""
        sizes = self._sizes(row_height)
        blocks: list[tuple[int, float]] = []
        for row, size in enumerate(sizes):
            if row in self.tied_to_above and blocks:
                blocks[-1] = (blocks[-1][0], blocks[-1][1] + size)
            else:
                blocks.append((row, size))
        repeated = fsum(sizes[head[0] : head[1] + 1])
        starts = list(page_breaks(blocks, room * _ROUNDED, 0, repeated))
        if self.tied_to_above:
            self.sheet.raw.set_h_pagebreaks(starts)

    def set_up_pages(
        self, head: tuple[int, int], at_most: Mapping[int, float], starts: Sequence[int], end: int
    ) -> None:
        """Set up an upright sheet on which new pages begin at these rows, with low rows.

        What stands between two of them, and up to the row `end`, comes on one page, if that stays
        readable.
        """
        widths = self.fitted(at_most)
        self.heights(widths, LOW_ROW)
        paper = self.paper(widths, head, landscape=False)
        paper.set_up(self.sheet)
        scales = [fitting(last - first) for first, last in pairwise((0, *starts, end))]
        self.sheet.raw.set_print_scale(
            min([paper.scale, *(scale for scale in scales if scale >= SMALLEST)])
        )
        self.sheet.raw.set_h_pagebreaks(starts)
        self.codes_are_texts()

    def _sizes(self, row_height: float) -> list[float]:
        """Heights of all rows in points."""
        last = max(self.texts_of, default=0)
        return [self.high.get(row, row_height) for row in range(last + 1)]

    def all_rows(self, row_height: float) -> float:
        """Height of all rows together, with what programs add by rounding each."""
        return fsum(self._sizes(row_height)) / _ROUNDED

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
        high = self.high
        high[0] = _TITLE
        for row, texts in self.texts_of.items():
            needed = max(
                lines(text, fsum(widths[first : last + 1]), size)
                for first, last, text, size in texts
            )
            if needed > 1:
                high[row] = height(needed, _SMALL)
                self.sheet.height(row, high[row])
        self._freeze(widths, row_height)
        return fsum(high.values()) - len(high) * row_height

    def _freeze(self, widths: Sequence[float], row_height: float) -> None:
        for row, column in self.frozen:
            above = fsum(self.high.get(number, row_height) for number in range(row))
            beside = fsum(widths[:column])
            kept = row if above <= _MOST_ABOVE else 0, column if beside <= _MOST_BESIDE else 0
            if any(kept):
                self.sheet.raw.freeze_panes(*kept)

    def codes_are_texts(self) -> None:
        """Keep programs from marking 団体コード as numbers stored as text."""
        self.sheet.raw.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def freeze(self, row: int, column: int) -> None:
        """Keep the rows above and the columns left of this cell in sight, once their size is known.

        What takes too much of a small screen moves with the rest: else nothing could be reached.
        """
        self.frozen.append((row, column))

    def _keep(self, column: int, number: str) -> None:
        """Room for a number, which does not wrap."""
        self.measure(column, number, _NUMBER)
        self.least[column] = max(self.least.get(column, 0), _room(number, _NUMBER))

    def _note(self, row: int, columns: tuple[int, int], text: str, style: str) -> float:
        """Keep a text for the height of its row; its font size."""
        size = _SMALL if style.endswith("remark") or style.startswith("small") else _SIZE
        self.texts_of.setdefault(row, []).append((*columns, text, size))
        return size

    def paper(self, widths: Sequence[float], head: tuple[int, int], *, landscape: bool) -> Paper:
        """How it prints with columns so wide, the rows of `head` on every page."""
        return Paper(
            title=self.title,
            state=self.state,
            of=self.of,
            widths=widths,
            landscape=landscape,
            repeated=head,
        )


@lru_cache(maxsize=10_000)
def _room(text: str, size: float) -> float:
    return wide_enough([text], size, _NARROWEST)


def add_page(
    book: Workbook, styles: Styles, name: str, title: str, state: str, of: str = ""
) -> Page:
    """Add a page with the sheet name `name`."""
    return Page(book, add_sheet(book, styles, name), name, title, state, of)


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
