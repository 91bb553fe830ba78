"""Our sheets behind a template: as many pages as we planned, whatever font the template is in.

Widths of columns count in digits of the template's standard font. How wide such a digit is depends
on the fonts of the machine that prints, so the program that prints has to fit them to the page.
"""

import re
from collections.abc import Iterator
from math import ceil

from apportion.workbook.paper import LANDSCAPE_HEIGHT
from apportion.workbook.template_areas import Block, corners
from apportion.workbook.template_xml import elements

_WIDTH = re.compile(rb' width="([0-9.]+)"')
_BREAKS = re.compile(rb"<colBreaks[^>]*>.*?</colBreaks>", re.DOTALL)
_BREAK = re.compile(rb'<brk id="(\d+)"')
_HEIGHT = re.compile(rb'<row [^>]*\bht="([0-9.]+)"')
_SETUP = re.compile(rb'<pageSetup( paperSize="\d+")?(?: scale="(\d+)")?')
_FITTED = b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
_BEFORE = b"<dimension "
_AREA = "_xlnm.Print_Area"
_LOOSER = 1.05
"""So much wider columns are printed so much smaller: the planned rows stay on their page."""


def wider(tag: bytes, factor: float) -> bytes:
    """The tag of a column, measured in digits that are `factor` times narrower."""
    return _WIDTH.sub(lambda m: b' width="%.4f"' % (float(m[1]) * factor * _LOOSER), tag)


def areas(workbook: bytes) -> dict[int, Block]:
    """What is printed of each sheet of ours that has a print area, by its place among the tabs."""
    return {
        int(name.attributes["localSheetId"]): corners(name.text.rpartition("!")[2])
        for name in elements(workbook, {"definedName"})
        if name.attributes["name"] == _AREA
    }


def fitted(sheet: bytes, area: Block | None) -> bytes:
    """A sheet of ours fitted to its pages: side by side as planned, and as long as it gets."""
    across = 1 + sum(area is None or place < area[2] for place in _broken(sheet))
    # Where pages stand side by side, the height decides the scale: it must not grow.
    down = _down(sheet) if across > 1 else 0
    wanted = b' fitToWidth="%d" fitToHeight="%d"' % (across, down)
    sheet = _BREAKS.sub(b"", sheet)
    sheet = _SETUP.sub(lambda m: b"<pageSetup%b%b" % (m[1] or b"", wanted), sheet)
    return sheet.replace(_BEFORE, _FITTED + _BEFORE, 1)


def _broken(sheet: bytes) -> Iterator[int]:
    """Columns (from 0) with which new pages begin."""
    found = _BREAKS.search(sheet)
    yield from map(int, _BREAK.findall(found[0])) if found else ()


def _down(sheet: bytes) -> int:
    """Pages below each other at the planned scale."""
    setup = _SETUP.search(sheet)
    scale = int(setup[2] or 100) if setup else 100
    return ceil(sum(map(float, _HEIGHT.findall(sheet))) * scale / 100 / LANDSCAPE_HEIGHT)
