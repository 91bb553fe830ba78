"""Pictures that keep their size in every program: held at one cell, as large as they are told to be.

XlsxWriter holds a picture at two cells; a program with other column widths then stretches it.
"""

from io import BytesIO

from xlsxwriter.drawing import Drawing, DrawingInfo, DrawingTypes
from xlsxwriter.image import Image
from xlsxwriter.worksheet import Worksheet

from apportion.picture import Picture

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
        self.embedded = 1

    def _write_two_cell_anchor(self, index: int, drawing: DrawingInfo) -> None:
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
