"""What a workbook must pass before a reader may open it.

A reader of .xlsx can be made to use all memory, or to stop the program, by a file of 15 kB.
So the bytes are looked at first: the kind of file, the parts of the archive, and how far the
cells, merged ranges and links reach.
"""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from xml.parsers import expat

from apportion.core.problem import Fault, fault
from apportion.tables.grid import column_of

MAX_PARTS = 2_000
MAX_BYTES = 50_000_000
MAX_RATIO = 200
MAX_ROWS = 10_000
MAX_COLUMNS = 500
MAX_CELLS = 200_000
MAX_ELEMENTS = 6 * MAX_CELLS
MAX_OF = {
    "mergeCell": 5_000,
    "cfRule": 2_000,
    "definedName": 20_000,
    "hyperlink": 20_000,
    "col": 5_000,
}
"""Elements of a part that take a reader longer than a cell does."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_RANGE = re.compile(r"([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?")
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(RuntimeError, NotImplementedError, EOFError, OSError, ValueError),
)
"""What reading the parts of a damaged archive may raise."""

_STRICT, _HEAD = b"purl.oclc.org/ooxml", 2_000
"""The names of the strict form of a workbook, which Excel writes only where it is asked to."""


def refusal(data: bytes, *, links: bool = False) -> Fault | None:
    """Why this workbook must not be opened, or None where it may.

    `links`: whether its reader looks for other workbooks in each formula itself.
    """
    if data.startswith(_OLD_OFFICE):
        return _old_office(data)
    if not data.startswith(b"PK"):
        return fault("W104.other")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _bad_listing(archive.infolist(), links=links) or _bad_part(archive)
    except _DAMAGED:
        return broken()


def broken() -> Fault:
    """Fault of a workbook that cannot be read to its end."""
    return fault("W104.broken")


def too_large() -> Fault:
    """Fault of a workbook that holds more than any table."""
    return fault("W105.large", rows=MAX_ROWS, columns=MAX_COLUMNS, cells=MAX_CELLS)


def _old_office(data: bytes) -> Fault:
    if _ENCRYPTED in data:
        return fault("W104.encrypted")
    return fault("W104.old")


def _bad_listing(parts: list[zipfile.ZipInfo], *, links: bool) -> Fault | None:
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_BYTES:
        return too_large()
    # A small part may shrink to nothing and harms nobody: it counts as 5 kB.
    if any(part.file_size > MAX_RATIO * max(part.compress_size, 5_000) for part in parts):
        return fault("W105.bomb")
    names = [part.filename.lower() for part in parts]
    if any(name.endswith("vbaproject.bin") for name in names):
        return fault("W105.macros")
    if not links and any("externallinks/" in name for name in names):
        return fault("W105.links")
    return None


def _bad_part(archive: zipfile.ZipFile) -> Fault | None:
    for name in archive.namelist():
        part = archive.read(name)
        if _STRICT in part[:_HEAD] and name.lower() == "xl/workbook.xml":
            return fault("W104.strict")
        scan = _Scan()
        found = scan.fault(part)
        # What ends at its first signs is a picture or the like, which no reader takes for a sheet.
        if found and (scan.begun or name.lower().endswith(_XML)):
            return found
    return None


_XML = (".xml", ".rels", ".vml")
_MOST_ATTRIBUTES = 10_000


def _is_swollen(part: bytes) -> bool:
    """Whether there are too many tags, or attributes in one: a parser reads those before it asks."""
    if max(part.count(b"<"), part.count(b"=")) > 2 * MAX_ELEMENTS:
        return True
    return any(tag.count(b"=") > _MOST_ATTRIBUTES for tag in part.split(b"<"))


class _RefusedError(Exception):
    """Stops the scan of a part; holds the fault."""


class _Scan:
    """One walk over the elements of a part, counting cells and how far they reach."""

    def __init__(self) -> None:
        self.begun = False
        self._cells = 0
        self._met: Counter[str] = Counter()
        self._row = self._column = 0
        self._height = self._width = 0

    def fault(self, part: bytes) -> Fault | None:
        """Why this part must not be read, or None where it may."""
        if _is_swollen(part):
            self.begun = True
            return too_large()
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(part, True)  # noqa: FBT003 (expat takes no keyword here)
        except _RefusedError as refused:
            fault: Fault = refused.args[0]
            return fault
        except (expat.ExpatError, LookupError):  # LookupError: an encoding that does not exist
            return broken()
        return None

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self.begun = True
        tag = name.rpartition(":")[2]
        self._met[tag] += 1
        if self._met[tag] > MAX_OF.get(tag, MAX_ELEMENTS):
            raise _RefusedError(fault("W105.many", tag=tag, most=self._met[tag] - 1))
        if tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        # A cell without a place follows the one before it.
        elif tag == "c" and "r" not in attributes:
            self._reach(self._column + 1, self._row, 1)
        elif tag == "c":
            self._range(attributes["r"])
        elif tag in {"mergeCell", "hyperlink"}:
            self._range(attributes.get("ref", "A1"))

    def _range(self, place: str) -> None:
        match = _RANGE.fullmatch(place.replace("$", "").upper())
        if match is None:
            raise _RefusedError(broken())
        left, top = column_of(match[1]), int(match[2])
        right, bottom = column_of(match[3] or match[1]), int(match[4] or match[2])
        self._reach(right, bottom, (right - left + 1) * (bottom - top + 1))

    def _reach(self, column: int, row: int, cells: int) -> None:
        """Count cells that end in this column and row; refuse what no table needs."""
        self._column = column
        self._width, self._height = max(self._width, column), max(self._height, row)
        self._cells += cells
        # A reader fills the whole rectangle, so its corner counts like the cells themselves.
        if (
            self._width > MAX_COLUMNS
            or self._height > MAX_ROWS
            or max(self._cells, self._width * self._height) > MAX_CELLS
        ):
            raise _RefusedError(
                fault("W105.wide", rows=MAX_ROWS, columns=MAX_COLUMNS, cells=MAX_CELLS)
            )

    @staticmethod
    def _doctype(*_: object) -> None:
        raise _RefusedError(fault("W105.doctype"))
