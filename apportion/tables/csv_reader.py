"""CSV to a grid."""

import csv
import io
import re
from typing import NamedTuple

from apportion.core.problem import Fault, Findings, Source, fault, tell
from apportion.core.text import decode, foreign, looks_garbled
from apportion.tables.grid import Cell, CellKind, Grid, build, tidy

_AS_TEXT = re.compile('="([^"]*)"')
# The beginning of `="9,900"`: its comma parts the cell, as Excel does not write it.
_TORN = re.compile('="[^"]*')


MAX_BYTES, MAX_LINES, MAX_COLUMNS, MAX_CELLS = 20_000_000, 50_000, 500, 200_000


class _Record(NamedTuple):
    """Cells of one row of the table, and the line of the file it begins on."""

    cells: list[str]
    line: int


def read(file: str, data: bytes, findings: Findings) -> Grid | None:
    """Grid of a CSV, or None where it cannot be read."""
    if data.count(b"\n") > MAX_LINES or len(data) > MAX_BYTES:
        findings.add(_too_large().at(Source(file=file)))
        return None
    decoded = decode(data)
    if decoded is None or looks_garbled(decoded.text):
        findings.add((fault("W125.table") if decoded else _unread(data)).at(Source(file=file)))
        return None
    if decoded.encoding == "cp932":
        findings.add(tell("W141.table", Source(file=file)))
    records = _records(file, decoded.text, findings)
    if records is None:
        return None
    cells = (
        [
            Cell(_plain(tidy(text)), CellKind.PLAIN, row, column)
            for column, text in enumerate(record.cells, 1)
        ]
        for row, record in enumerate(records, 1)
    )
    return build(file, "", cells, [record.line for record in records])


def _plain(text: str) -> str:
    """What Excel shows of `="098019"`, by which a CSV keeps its zeros."""
    match = _AS_TEXT.fullmatch(text)
    return match[1].strip() if match else text


def _unread(data: bytes) -> Fault:
    encoding = foreign(data)
    return fault("W101.table-named" if encoding else "W101.table", encoding=encoding)


def _too_large() -> Fault:
    return fault("W105.table", rows=MAX_LINES, columns=MAX_COLUMNS, cells=MAX_CELLS)


def _records(file: str, text: str, findings: Findings) -> list[_Record] | None:
    # Tab-separated text that was renamed to .csv would be one column.
    if "\t" in text.partition("\n")[0]:
        findings.add(tell("W126.tabs", Source(file=file, line=1)))
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = []
    line, count = 1, 0
    try:
        for cells in reader:
            torn = next((cell for cell in cells if _TORN.fullmatch(cell)), None)
            if torn is not None:
                findings.add(tell("W126.literal", Source(file=file, line=line), cell=torn))
                return None
            count += len(cells)
            if len(cells) > MAX_COLUMNS or count > MAX_CELLS:
                findings.add(_too_large().at(Source(file=file, line=line)))
                return None
            records.append(_Record(cells, line))
            # A line break inside quotes makes one row of several lines.
            line = reader.line_num + 1
    except csv.Error:
        findings.add(tell("W126.quotes", Source(file=file, line=line)))
        return None
    return records
