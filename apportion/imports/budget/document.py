"""The published document as lines of cells, wherever it stood: text, CSV, a workbook or a PDF.

A line of running text is a line of one cell. Every cell knows where it was printed.
"""

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, Source, tell
from apportion.core.text import decode, foreign, looks_garbled
from apportion.imports.budget import pdf
from apportion.tables import csv_reader
from apportion.tables.cell_looks import printed
from apportion.tables.grid import letters
from apportion.tables.xlsx_gate import broken, refusal


def read_sheets(
    file: str, data: bytes, findings: Findings
) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Name and rows of each visible sheet; none, with a problem, where the book cannot be read."""
    fault = refusal(data)
    found = [] if fault else _rows(data)
    if found is None or fault:
        findings.add((fault or broken()).at(Source(file=file)))
    yield from found or ()


def _rows(data: bytes) -> list[tuple[str, tuple[tuple[str, ...], ...]]] | None:
    from openpyxl import load_workbook  # noqa: PLC0415 (see the head of the module)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False, rich_text=True)
            return [
                (
                    sheet.title,
                    tuple(tuple(map(printed, row)) for row in sheet.iter_rows()),
                )
                for sheet in book.worksheets
                if sheet.sheet_state == "visible"
            ]
        except Exception:  # noqa: BLE001 (openpyxl fails in many ways on a broken file)
            return None


TEXTS = {".txt", ".md", ".tsv", ""}
MOST_BYTES = 5_000_000
MOST_BYTES_OF_PDF = 20_000_000
MOST_LINES, MOST_SIGNS = 10_000, 10_000
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>|\*\*|^\s*#+ ")


class DocumentCell(NamedTuple):
    """Text of one cell without markup; `start` is where it begins in the line of the file."""

    text: str
    start: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One line of text, or one row of a sheet."""

    cells: tuple[DocumentCell, ...]
    source: Source

    @property
    def text(self) -> str:
        """All cells as one text."""
        return " ".join(cell.text for cell in self.cells if cell.text)

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return len(self.cells) > 1

    @property
    def raw(self) -> str:
        """The line as it stands in the file; of a sheet, its cells as one text."""
        return self.source.text or self.text

    @property
    def whole(self) -> Source:
        """Where the line stands, all of it marked."""
        words = self.source.text.strip()
        return self.marked(self.source.text.find(words), len(words)) if words else self.source

    def at(self, cell: DocumentCell, words: str = "") -> Source:
        """Where `words` (or the whole text) stand in `cell`."""
        if not self.source.text:
            return replace(self.source, cell=cell.name)
        sought = words or cell.text
        place = self.source.text.find(sought, cell.start)
        return self.marked(place, len(sought)) if sought and place >= 0 else self.source

    def marked(self, start: int, length: int) -> Source:
        """Where so many signs of `raw` stand."""
        if not self.source.text:
            return self.source
        return replace(self.source, column=start + 1, length=length)


def read(path: Path, findings: Findings) -> tuple[DocumentLine, ...]:
    """Lines of the document; none, with a problem, where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError:
        findings.add(tell("W801.locked", Source(file=path.name)))
        return ()
    return lines(path.name, data, findings)


def lines(name: str, data: bytes, findings: Findings) -> tuple[DocumentLine, ...]:
    """Lines of a document of this file name, with the problems of the file as a whole."""
    found = tuple(islice(_lines(name, data, findings), MOST_LINES + 1))
    if len(found) > MOST_LINES or any(len(line.text) > MOST_SIGNS for line in found):
        findings.add(tell("W801.long", Source(file=name)))
        return ()
    return found


def _lines(name: str, data: bytes, findings: Findings) -> Iterable[DocumentLine]:
    kind = Path(name).suffix.lower()
    if kind == ".xlsx":
        return _from_book(name, data, findings)
    if kind == ".pdf" and len(data) <= MOST_BYTES_OF_PDF:
        return _from_pdf(name, data, findings)
    if kind not in TEXTS | {".csv", ".pdf"} or len(data) > MOST_BYTES:
        too_long = len(data) > MOST_BYTES
        findings.add(tell("W801.long" if too_long else "W801.kind", Source(file=name)))
        return ()
    decoded = decode(data)
    if decoded is None or looks_garbled(decoded.text) or "\0" in decoded.text:
        encoding = foreign(data)
        whole = Source(file=name)
        findings.add(tell("W801.encoding" if encoding else "W801.text", whole, encoding=encoding))
        return ()
    if kind == ".csv":
        return _from_csv(name, data, findings)
    return _from_text(name, decoded.text)


def _from_text(file: str, text: str) -> Iterator[DocumentLine]:
    for number, raw in enumerate(text.split("\n"), 1):
        parts, start, cells = raw.split("\t"), 0, []
        for part in parts:
            cells.append(DocumentCell(plain(part), start))
            start += len(part) + 1
        yield DocumentLine(cells=tuple(cells), source=Source(file=file, line=number, text=raw))


def _from_csv(file: str, data: bytes, findings: Findings) -> Iterator[DocumentLine]:
    grid = csv_reader.read(file, data, findings)
    if grid is None or not grid.headings:
        return
    for row in (grid.headings, *grid.rows):
        place = grid.lines[row[0].row - 1]
        yield _line(file, "", place, row[0].row, [cell.text for cell in row])


def _from_book(file: str, data: bytes, findings: Findings) -> Iterator[DocumentLine]:
    for sheet, rows in read_sheets(file, data, findings):
        for number, texts in enumerate(rows, 1):
            yield _line(file, sheet, number, number, texts)


def _from_pdf(file: str, data: bytes, findings: Findings) -> Iterator[DocumentLine]:
    for row in pdf.rows(file, data, findings):
        source = Source(file=file, sheet=f"{row.page}ページ", cell=f"{row.number}行目")
        cells = tuple(DocumentCell(plain(text), 0, source.cell) for text in row.cells)
        filled = [cell for cell in cells if cell.text]
        yield DocumentLine(cells=tuple(filled) if len(filled) == 1 else cells, source=source)


def _line(file: str, sheet: str, line: int, row: int, texts: Sequence[str]) -> DocumentLine:
    """A row of a sheet; one that holds a single text is a line of text."""
    filled = [place for place, text in enumerate(texts) if text]
    cells = [
        DocumentCell(plain(text), 0, f"{letters(place)}{row}")
        for place, text in enumerate(texts, 1)
    ]
    if len(filled) == 1:
        cells = [cells[filled[0]]]
    first = cells[0].name if cells else f"A{row}"
    return DocumentLine(
        cells=tuple(cells), source=Source(file=file, line=line, sheet=sheet, cell=first)
    )


def plain(text: str) -> str:
    """`text` without the marks of HTML and Markdown."""
    return _MARKUP.sub("", text).strip()
