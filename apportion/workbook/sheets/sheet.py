"""One worksheet being written: data never becomes a formula, a formula never lacks its value."""

from collections.abc import Iterable
from dataclasses import field
from datetime import date, datetime, time
from html import escape
from io import BytesIO, StringIO
from typing import Any, Protocol

from xlsxwriter.drawing import Drawing, DrawingInfo, DrawingTypes
from xlsxwriter.image import Image
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from apportion.core.dataclass import dataclass
from apportion.core.year import FiscalYear
from apportion.forms.files import Picture
from apportion.tables.grid import letters
from apportion.workbook.sheets.live import fixed
from apportion.workbook.sheets.styles import FACE, Styles

_INCH = 25.4
_PIXELS = 96
"""Of an inch, as programs count."""


def insert(
    raw: Worksheet, at: tuple[int, int], offset: tuple[float, float], shown: Picture, side: float
) -> None:
    """Put a picture at a cell, `offset` pixels into it: `side` millimetres on its longer side."""
    image = Image(BytesIO(shown.data))
    pixels = side / _INCH * _PIXELS / max(shown.width, shown.height)
    options = {
        "x_offset": offset[0],
        "y_offset": offset[1],
        "x_scale": pixels * image._x_dpi / _PIXELS,  # noqa: SLF001  XlsxWriter scales by the file's own resolution
        "y_scale": pixels * image._y_dpi / _PIXELS,  # noqa: SLF001  the same
        "description": "公印",
    }
    raw.insert_image(*at, image, options)


class PinnedDrawing(Drawing):  # type: ignore[misc]  # XlsxWriter has no types
    """Pictures of a sheet, each held at one cell."""

    def __init__(self) -> None:
        super().__init__()
        # XlsxWriter: 1 in a worksheet, 0 in a sheet that is one chart.
        self.embedded = 1

    def _write_two_cell_anchor(self, index: int, drawing: DrawingInfo) -> None:
        # A picture held at two cells is stretched where a program makes rows higher.
        if drawing._drawing_type != DrawingTypes.IMAGE:  # noqa: SLF001  its own kind of object
            super()._write_two_cell_anchor(index, drawing)
            return
        column, row, right, down, *_ = drawing._dimensions  # noqa: SLF001  the same
        self._xml_start_tag("xdr:oneCellAnchor")
        self._write_from(column, row, right, down)
        self._write_xdr_ext(drawing._width, drawing._height)  # noqa: SLF001  the same
        self._write_pic(index, *drawing._dimensions[8:], drawing)  # noqa: SLF001  the same
        self._write_client_data()
        self._xml_end_tag("xdr:oneCellAnchor")


_CALCULATED_BY = 191029
"""What Excel of today calls its way to compute: one of before makes it compute all anew."""
_PIXELS_OF_POINT = 96 / 72
_DEFAULT_PIXELS = 80
"""Width of a column for XlsxWriter to know that a digit of the font is 9 pixels wide."""


class Cells(Protocol):
    """What a layout writes to: a `Sheet`, or the recorder of `fill`, which only takes notes."""

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Text as data."""

    def number(self, row: int, column: int, value: float, style: str = "money") -> None:
        """A number."""

    def formula(
        self, row: int, column: int, formula: str, value: float | str, style: str = "money"
    ) -> None:
        """A formula with its value."""

    def day(self, row: int, column: int, value: date, style: str) -> None:
        """A day."""

    def blank(self, row: int, column: int, style: str = "text") -> None:
        """An empty cell."""

    def height(self, row: int, points: float) -> None:
        """Height of a row."""

    def merged(
        self, row: int, column: int, last_row: int, last_column: int, text: str, style: str
    ) -> None:
        """Text over a block of cells."""

    def name(self, row: int, column: int, name: str) -> None:
        """Give a cell a name of the workbook."""

    def picture(self, row: int, column: int, down: float, shown: Picture, side: float) -> None:
        """A picture `down` points below the top of a cell, `side` millimetres on its longer side."""

    def page_breaks(self, rows: Iterable[int]) -> None:
        """Rows with which new pages begin."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells by zero-based row and column. Styles are names of `styles.LOOKS`."""

    raw: Worksheet
    styles: Styles
    names: dict[str, str] = field(default_factory=dict)

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Text as data, also where it begins with `=`; an empty one leaves the cell blank."""
        if not text:
            self.blank(row, column, style)
            return
        self.raw.write_string(row, column, text, self.styles[style])

    def number(self, row: int, column: int, value: float, style: str = "money") -> None:
        """A number (yen, persons)."""
        self.raw.write_number(row, column, value, self.styles[style])

    def formula(
        self, row: int, column: int, formula: str, value: float | str, style: str = "money"
    ) -> None:
        """A live formula with the value that it gives."""
        self.raw.write_formula(row, column, formula, self.styles[style], value)

    def day(self, row: int, column: int, value: date, style: str) -> None:
        """A day, as a date that programs can compute with."""
        self.raw.write_datetime(row, column, value, self.styles[style])

    def blank(self, row: int, column: int, style: str = "text") -> None:
        """An empty cell with a border."""
        self.raw.write_blank(row, column, None, self.styles[style])

    def height(self, row: int, points: float) -> None:
        """Height of a row."""
        self.raw.set_row(row, points)

    def merged(
        self, row: int, column: int, last_row: int, last_column: int, text: str, style: str
    ) -> None:
        """Text over a block of cells."""
        # merge_range would write a text that begins with = as a formula.
        if (row, column) != (last_row, last_column):
            self.raw.merge_range(row, column, last_row, last_column, "", self.styles[style])
        self.text(row, column, text, style)

    def name(self, row: int, column: int, name: str) -> None:
        """Give a cell a name of the workbook; `define_names` enters it."""
        self.names[name] = fixed(self.raw.name, row, column)

    def define_names(self, book: Workbook) -> None:
        """Enter the names of cells into the workbook."""
        for name, cell in self.names.items():
            book.define_name(name, cell)

    def picture(self, row: int, column: int, down: float, shown: Picture, side: float) -> None:
        """A picture that keeps its size in every program."""
        insert(self.raw, (row, column), (0, down * _PIXELS_OF_POINT), shown, side)

    def page_breaks(self, rows: Iterable[int]) -> None:
        """Rows with which new pages begin."""
        self.raw.set_h_pagebreaks(list(rows))


class _PlainWorksheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet whose formulas need no translation.

    XlsxWriter searches every formula for 29 functions of newer programs; ours use none of them,
    and the search takes more than half of the time of an invoice. Its pictures keep their size.
    """

    drawing: object
    fh: StringIO
    # Without a search for addresses such as A1: ours are numbers.
    write_string = Worksheet._write_string  # noqa: SLF001  the same, undecorated
    write_number = Worksheet._write_number  # noqa: SLF001  the same
    write_blank = Worksheet._write_blank  # noqa: SLF001  the same
    write_formula = Worksheet._write_formula  # noqa: SLF001  the same

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002  its signature is XlsxWriter's
        return formula.removeprefix("=")

    def _write_cell(self, row: int, column: int, cell: Any) -> None:  # noqa: ANN401  XlsxWriter has no types
        # What XlsxWriter writes, which looks in each address and number for signs to be escaped.
        if not cell.format:
            super()._write_cell(row, column, cell)
            return
        style = cell.format._get_xf_index()  # noqa: SLF001  the same
        start = f'<c r="{letters(column + 1)}{row + 1}" s="{style}"'
        match type(cell).__name__, cell[0]:
            case "Blank", _:
                told = f"{start}/>"
            case "Number", value:
                told = f"{start}><v>{value:.16G}</v></c>"
            case "String", place:
                told = f'{start} t="s"><v>{place}</v></c>'
            case "Formula", formula if not isinstance(cell.value, str):
                told = f"{start}><f>{escape(formula, quote=False)}</f><v>{cell.value}</v></c>"
            case _:
                super()._write_cell(row, column, cell)
                return
        self.fh.write(told)

    def _prepare_image(self, image: Image, image_id: int, drawing_id: int) -> None:
        # What XlsxWriter does for a first picture, with our kind of drawing.
        if not self.drawing:
            self.drawing = PinnedDrawing()
            target = f"../drawings/drawing{drawing_id}.xml"
            self.external_drawing_links.append(["/drawing", target, None])
        super()._prepare_image(image, image_id, drawing_id)


def new_book(target: BytesIO, title: str, year: FiscalYear) -> Workbook:
    """An empty workbook, dated on the first day of the year: same content, same bytes.

    Columns are measured in our own font, so that they are equally wide in every program.
    """
    font = {**FACE, "font_size": 9, "font_scheme": "none"}
    options = {"default_format_properties": font, "default_column_width": _DEFAULT_PIXELS}
    # In memory: else XlsxWriter writes its parts to files of their own first.
    book = Workbook(target, {"in_memory": True, **options})
    # Every value is there and proved: a program that computes all anew would ask to save the file.
    book.set_calc_mode("auto", _CALCULATED_BY)
    book.calc_on_load = False
    book.set_properties({"title": title, "created": datetime.combine(year.first_day, time())})
    return book


def add_sheet(book: Workbook, styles: Styles, name: str) -> Sheet:
    """A new A4 worksheet named `name`."""
    raw = book.add_worksheet(name, worksheet_class=_PlainWorksheet)
    # 9 is A4 in the file format; 2 hides the lines on the screen too.
    raw.set_paper(9)
    raw.hide_gridlines(2)
    return Sheet(raw, styles)
