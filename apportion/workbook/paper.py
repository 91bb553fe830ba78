"""Paper: measured widths and heights, print set-up.

No name of a member stands in a header, a footer or a property: only cells tell whose invoice it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from unicodedata import east_asian_width

from apportion.workbook.sheet import Sheet
from apportion.workbook.styles import FONT

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
BROKEN_HEIGHT = 470
"""Height for pages whose breaks are set by hand: programs round every row."""
PORTRAIT_WIDTH = _SHORT_SIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """How a sheet is printed on A4.

    `widths` are points; `repeated` are the first and last row that every page repeats; a sheet
    too wide for `least_scale` percent is printed on several pages side by side.
    """

    title: str
    state: str
    widths: Sequence[float]
    landscape: bool = False
    repeated: tuple[int, int] | None = None
    least_scale: int = 10

    @property
    def scale(self) -> int:
        """Percent at which all columns fit on one page; columns that do not come on further ones."""
        room = _LONG_SIDE if self.landscape else _SHORT_SIDE
        return max(min(int(room / sum(self.widths) * 100), 100), self.least_scale)

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
        title = self.title.replace("&", "&&")
        raw.set_header(f'&L&"{FONT}"&9 {title}&R&"{FONT}"&9 {STAMPS[self.state]}')
        raw.set_footer(f'&C&"{FONT}"&9&P / &N')


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
    return max(sum(map(_em, line)) for line in text.split("\n")) * size


def wide_enough(texts: Iterable[str], size: float, at_least: float = 0) -> float:
    """Width of a column, in points, in which every text stands on one line."""
    longest = max((points(text, size) for text in texts), default=0)
    return max(longest + _PADDING, at_least)


def lines(text: str, wide: float, size: float) -> int:
    """Lines that `text` takes in a column so many points wide."""
    return sum(max(ceil(points(line, size) / (wide - _PADDING)), 1) for line in text.split("\n"))


def height(count: int, size: float) -> float:
    """Height of a row with so many lines of text."""
    return round(count * size * _LINE_HEIGHT + 4, 1)


def _em(sign: str) -> float:
    known = _EMS.get(sign)
    if known is not None:
        return known
    return _FULL if east_asian_width(sign) in "WFA" else _HALF
