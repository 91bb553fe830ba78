"""Sheets too large for one page of A4: on A3, or on the paper on which all of it stays readable."""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from apportion.workbook.sheets.page import LOW_ROW, Page, page_breaks

A3 = 8
_ROOM, _HIGH = 1090.0, 740.0
"""Width and height within the margins of A3 lying, in points, less what programs differ in."""
_LEAST_SCALE = 80
"""Percent: a font of 10 points is printed with 8."""


class _Format(NamedTuple):
    """A sheet of paper: its number in the file format, and the points within its margins."""

    number: int
    landscape: bool
    wide: float
    high: float

    def scale(self, wide: float, high: float) -> int:
        """Percent at which so many points fit on it."""
        return int(min(self.wide / wide, self.high / high, 1) * 100)


_FORMATS = (
    _Format(9, landscape=False, wide=508, high=715),
    _Format(9, landscape=True, wide=752, high=480),
    _Format(A3, landscape=False, wide=752, high=1050),
    _Format(A3, landscape=True, wide=_ROOM, high=715),
)

Groups = Sequence[tuple[int, int]]
"""First and last columns that should stay on one page."""


def set_up_wide(
    page: Page, head: tuple[int, int], at_most: Mapping[int, float], frozen: int, groups: Groups
) -> list[int]:
    """Print set-up: the rows of `head` and the first `frozen` columns repeat on every page.

    Gives the first columns of the pages, behind those that repeat.
    """
    widths = page.fitted(at_most)
    page.heights(widths, LOW_ROW)
    page.paper(widths, head, landscape=True).set_up(page.sheet)
    starts = list(_starts(widths, frozen, groups))
    raw = page.sheet.raw
    # After the set-up for A4: paper and scale are those of A3.
    raw.set_paper(A3)
    scale = _scale(widths, frozen, starts)
    together = int(_HIGH * 100 / page.all_rows(LOW_ROW))
    if together >= _LEAST_SCALE:
        # A little smaller, rather than a page with the last rows alone.
        scale = min(scale, together)
    raw.set_print_scale(scale)
    raw.set_margins(left=0.5, right=0.5, top=0.65, bottom=0.55)
    raw.repeat_columns(0, frozen - 1)
    raw.set_v_pagebreaks(starts)
    page.keep_together(head, _HIGH * 100 / scale, LOW_ROW)
    page.codes_are_texts()
    return [frozen, *starts]


def set_up_single(
    page: Page, head: tuple[int, int], at_most: Mapping[int, float], rows: int
) -> None:
    """Print all `rows` on one page: the smallest on which they are readable, else the best of A3."""
    widths = page.fitted(at_most)
    high = rows * LOW_ROW + page.heights(widths, LOW_ROW)
    readable = (f for f in _FORMATS if f.scale(fsum(widths), high) >= _LEAST_SCALE)
    best = max(_FORMATS[2:], key=lambda f: f.scale(fsum(widths), high))
    chosen = next(readable, best)
    page.paper(widths, head, landscape=chosen.landscape).set_up(page.sheet)
    page.sheet.raw.set_paper(chosen.number)
    page.sheet.raw.fit_to_pages(1, 1)
    page.codes_are_texts()


def _starts(widths: Sequence[float], frozen: int, groups: Groups) -> Iterator[int]:
    """First columns of new pages; a group too wide for a page is split between its columns."""
    room, repeated = _ROOM * 100 / _LEAST_SCALE, fsum(widths[:frozen])
    blocks: list[tuple[int, float]] = []
    for first, last in groups:
        whole = fsum(widths[first : last + 1])
        if repeated + whole <= room:
            blocks.append((first, whole))
        else:
            blocks += [(column, widths[column]) for column in range(first, last + 1)]
    return page_breaks(blocks, room, repeated, repeated)


def _scale(widths: Sequence[float], frozen: int, starts: Sequence[int]) -> int:
    """Percent at which the widest page fits."""
    ends = [*starts, len(widths)]
    firsts = [frozen, *starts]
    widest = max(fsum(widths[a:b]) for a, b in zip(firsts, ends, strict=True))
    return min(int(_ROOM * 100 / (fsum(widths[:frozen]) + widest)), 100)
