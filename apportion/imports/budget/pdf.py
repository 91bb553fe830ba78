"""A PDF as lines of cells: by the rules of its tables, elsewhere by the gaps between words.

Text has places and no cells in a PDF. Between two ruled lines a cell is what it looks like, empty
ones included; without rules, columns are what stands below each other.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, Source, tell
from apportion.core.text import fold
from apportion.imports.budget import pdf_gate

if TYPE_CHECKING:
    from pdfminer.layout import LTComponent, LTPage

MOST_PAGES = 500
_NEAR = 2.0
"""Points within which two edges are one."""
_TOUCHING, _SPACE, _GAP = 0.05, 0.25, 0.8
"""Gaps, in heights of a sign, that are none, a space between words, and the end of a cell."""

_AMOUNT = re.compile(r"[-△▲]?[0-9]{1,3}(?:,[0-9]{3})+")


class Sign(NamedTuple):
    """One sign, or a run of them without a gap, and where it stands; y grows upwards."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return (self.bottom + self.top) / 2


class Rule(NamedTuple):
    """A ruled line: at `place`, from `start` to `end`."""

    place: float
    start: float
    end: float


@dataclass(slots=True)
class PdfPage:
    """Signs and rules of one page."""

    signs: list[Sign] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)
    level: list[Rule] = field(default_factory=list)


class PrintedRow(NamedTuple):
    """One row: its page and number there, and the text of each cell."""

    page: int
    number: int
    cells: tuple[str, ...]


def rows(name: str, data: bytes, findings: Findings) -> tuple[PrintedRow, ...]:
    """Rows of all pages; none, with a problem, where there is no text to read."""
    place = Source(file=name)
    try:
        pages = _pages(data)
    except pdf_gate.TooMuchError:
        findings.add(tell("W801.long", place))
        return ()
    except Exception:  # noqa: BLE001 (pdfminer fails in many ways on a broken file)
        findings.add(tell("W801.pdf", place))
        return ()
    if not any(page.signs for page in pages):
        findings.add(tell("W801.scanned", place))
        return ()
    if any("(cid:" in sign.text for page in pages for sign in page.signs):
        findings.add(tell("W801.signs", place))
        return ()
    return tuple(_whole_brackets(_numbered(pages)))


def _numbered(pages: Sequence[PdfPage]) -> Iterator[PrintedRow]:
    """Rows from top to bottom, with their number on their page."""
    bands = [(number, band) for number, page in enumerate(pages, 1) for band in _bands(page)]
    places = Counter[int]()
    for (page, _), cells in zip(bands, _rows_of([band for _, band in bands]), strict=True):
        places[page] += 1
        yield PrintedRow(page, places[page], cells)


def _whole_brackets(found: Iterable[PrintedRow]) -> Iterator[PrintedRow]:
    """Rows, of which a heading whose bracket ends on the next line is one with it."""
    begun: PrintedRow | None = None
    for row in found:
        words = [cell for cell in row.cells if cell]
        if begun and len(words) == 1:
            yield begun._replace(cells=("".join([*begun.cells, *words]),))
            begun = None
            continue
        if begun:
            yield begun
        begun = row._replace(cells=tuple(words)) if _open(words) else None
        if begun is None:
            yield row
    if begun:
        yield begun


def _open(words: Sequence[str]) -> bool:
    """Whether a line of words ends within a bracket."""
    text = fold(words[0]) if len(words) == 1 else ""
    return text.count("【") > text.count("】") or text.count("[") > text.count("]")


def _pages(data: bytes) -> list[PdfPage]:
    """Pages of the file. Raises whatever pdfminer does where it is broken or locked."""
    from pdfminer.converter import PDFPageAggregator  # noqa: PLC0415 (slow to import)
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager  # noqa: PLC0415
    from pdfminer.pdfpage import PDFPage  # noqa: PLC0415

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    resources, found = PDFResourceManager(), []
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    with pdf_gate.bounded():
        for page in PDFPage.get_pages(io.BytesIO(data), maxpages=MOST_PAGES):
            interpreter.process_page(page)
            found.append(_page(device.get_result()))
    return found


def _page(layout: "LTPage") -> PdfPage:
    from pdfminer.layout import LTChar, LTCurve  # noqa: PLC0415

    page = PdfPage()
    for each in _components(layout):
        if isinstance(each, LTChar):
            if each.get_text().strip() and each.upright:
                _put(page, Sign(each.get_text(), each.x0, each.x1, each.y0, each.y1))
        elif isinstance(each, LTCurve):
            _rule(page, each)
    return page


def _put(page: PdfPage, sign: Sign) -> None:
    """Add a sign to the run that it goes on, which may leave its cell, or begin another."""
    last = page.signs[-1] if page.signs else None
    height = sign.top - sign.bottom
    near = _TOUCHING * height
    if last and abs(last.bottom - sign.bottom) < near and abs(last.right - sign.left) < near:
        page.signs[-1] = last._replace(text=last.text + sign.text, right=sign.right)
    else:
        page.signs.append(sign)


def _components(layout: "Iterable[LTComponent]") -> "Iterator[LTComponent]":
    from pdfminer.layout import LTFigure  # noqa: PLC0415

    for each in layout:
        if isinstance(each, LTFigure):
            yield from _components(each)
        else:
            yield each


def _rule(page: PdfPage, shape: "LTComponent") -> None:
    """A line is one rule, a box four."""
    if shape.width <= _NEAR < shape.height:
        page.upright.append(Rule((shape.x0 + shape.x1) / 2, shape.y0, shape.y1))
    elif shape.height <= _NEAR < shape.width:
        page.level.append(Rule((shape.y0 + shape.y1) / 2, shape.x0, shape.x1))
    elif shape.width > _NEAR and shape.height > _NEAR:
        page.upright += [Rule(x, shape.y0, shape.y1) for x in (shape.x0, shape.x1)]
        page.level += [Rule(y, shape.x0, shape.x1) for y in (shape.y0, shape.y1)]


_Band = tuple[tuple[float, ...], list[Sign]]
"""Edges of the cells of a row (none: it stands in no ruled table), and its signs."""


def _rows_of(bands: Sequence[_Band]) -> Iterator[tuple[str, ...]]:
    """Cells of each row: of tables by their rules, of the rest by their gaps."""
    block: list[_Band] = []
    for band in bands:
        if block and bool(band[0]) != bool(block[-1][0]):
            yield from _block(block)
            block = []
        block.append(band)
    yield from _block(block)


def _block(block: Sequence[_Band]) -> Iterator[tuple[str, ...]]:
    if not block:
        return
    if block[0][0]:
        edges = _merged(edge for each, _ in block for edge in each)
        yield from (_ruled(signs, own, edges) for own, signs in block)
    else:
        yield from _aligned([_chunks(signs) for _, signs in block])


def _bands(page: PdfPage) -> Iterator[_Band]:
    """Lines of signs with the edges of the cells that they cross; what is one row is one band."""
    last: tuple[tuple[float, ...], float] | None = None
    signs: list[Sign] = []
    for line in _lines(page.signs):
        height = sum(sign.middle for sign in line) / len(line)
        edges = _merged(rule.place for rule in page.upright if rule.start < height < rule.end)
        edges = edges if len(edges) > 2 and _between(line, edges) else ()  # noqa: PLR2004
        if last and edges and last[0] == edges and not _divided(page, edges, last[1], height):
            signs = [*signs, *line]
        else:
            if last:
                yield last[0], signs
            signs = line
        last = (edges, height)
    if last:
        yield last[0], signs


def _between(line: Sequence[Sign], edges: Sequence[float]) -> bool:
    return all(edges[0] - _NEAR < sign.left < edges[-1] for sign in line)


def _divided(page: PdfPage, edges: Sequence[float], upper: float, lower: float) -> bool:
    """Whether a level rule of the table stands between two lines."""
    return any(
        lower < rule.place < upper and rule.start < edges[-1] and rule.end > edges[0]
        for rule in page.level
    )


def _lines(signs: Sequence[Sign]) -> Iterator[list[Sign]]:
    """Signs of one height, from left to right."""
    line: list[Sign] = []
    for sign in sorted(signs, key=lambda sign: -sign.middle):
        if line and line[0].middle - sign.middle > (line[0].top - line[0].bottom) / 2:
            yield sorted(line, key=lambda each: each.left)
            line = []
        line.append(sign)
    if line:
        yield sorted(line, key=lambda each: each.left)


def _merged(places: Iterable[float]) -> tuple[float, ...]:
    """Edges in order, each once."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return tuple(found)


def _ruled(signs: Sequence[Sign], own: Sequence[float], edges: Sequence[float]) -> tuple[str, ...]:
    """Cells of a row between rules; a merged cell stands at its left edge."""
    cells: list[list[Sign]] = [[] for _ in edges[1:]]
    for sign in signs:
        start = max((edge for edge in own if edge <= sign.left + _NEAR), default=own[0])
        place = min(range(len(edges) - 1), key=lambda place: abs(edges[place] - start))
        cells[place].append(sign)
    return tuple(_text(cell) for cell in cells)


def _text(signs: Sequence[Sign]) -> str:
    """Signs as words; a gap between two of one line is a space."""
    text = ""
    for before, sign in pairwise([None, *signs]):
        assert sign is not None
        height = sign.top - sign.bottom
        if before and 0 < sign.left - before.right > _SPACE * height:
            text += " "
        text += sign.text
    return text


@dataclass(slots=True)
class _Chunk:
    """Words without a wide gap."""

    signs: list[Sign]

    @property
    def left(self) -> float:
        return self.signs[0].left

    @property
    def right(self) -> float:
        return self.signs[-1].right


def _chunks(line: Sequence[Sign]) -> list[_Chunk]:
    found: list[_Chunk] = []
    for sign in line:
        height = sign.top - sign.bottom
        gap = _GAP if not found or _together(found[-1].signs[-1], sign) else _SPACE / 2
        if found and sign.left - found[-1].right <= gap * height:
            found[-1].signs.append(sign)
        else:
            found.append(_Chunk([sign]))
    return found


def _together(left: Sign, right: Sign) -> bool:
    """Whether two runs may be words of one cell: an amount of money is one alone."""
    return not (_AMOUNT.fullmatch(left.text) or _AMOUNT.fullmatch(right.text))


def _aligned(lines: Sequence[Sequence[_Chunk]]) -> Iterator[tuple[str, ...]]:
    """Lines of words; those of several chunks in a row get the columns that they share."""
    run: list[Sequence[_Chunk]] = []
    for line in lines:
        if len(line) == 1 and not _inside(line[0], run):
            yield from _columns(run)
            run = []
            yield (_text(line[0].signs),)
        else:
            run.append(line)
    yield from _columns(run)


def _inside(chunk: _Chunk, run: Sequence[Sequence[_Chunk]]) -> bool:
    """Whether a single chunk belongs to a table: it stands in a column other than the first."""
    return any(
        other.left < chunk.right and chunk.left < other.right for line in run for other in line[1:]
    ) and not any(
        other.left < chunk.right and chunk.left < other.right for line in run for other in line[:1]
    )


def _columns(run: Sequence[Sequence[_Chunk]]) -> Iterator[tuple[str, ...]]:
    """Rows with their chunks in columns; two that no row fills both are one (a heading and its figures)."""
    spans: list[tuple[float, float]] = []
    for chunk in sorted((chunk for line in run for chunk in line), key=lambda each: each.left):
        if spans and chunk.left < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], chunk.right))
        else:
            spans.append((chunk.left, chunk.right))
    rows = [_filled(line, spans) for line in run]
    place = 0
    while place + 1 < len(rows[0] if rows else ()):
        if any(row[place] and row[place + 1] for row in rows):
            place += 1
        else:
            rows = [[*row[:place], row[place] or row[place + 1], *row[place + 2 :]] for row in rows]
    yield from map(tuple, rows)


def _filled(line: Sequence[_Chunk], spans: Sequence[tuple[float, float]]) -> list[str]:
    cells = [""] * len(spans)
    for chunk in line:
        place = next(n for n, (left, right) in enumerate(spans) if left <= chunk.left < right)
        cells[place] = f"{cells[place]} {_text(chunk.signs)}".strip()
    return cells
