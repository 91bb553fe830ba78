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
from xml.parsers import expat

from apportion.tables.cells import Fault

MAX_PARTS = 2_000
MAX_BYTES = 100_000_000
MAX_RATIO = 200
MAX_ROWS = 10_000
MAX_COLUMNS = 500
MAX_CELLS = 500_000

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_RANGE = re.compile(r"([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?")
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(RuntimeError, NotImplementedError, EOFError, OSError, ValueError),
)
"""What reading the parts of a damaged archive may raise."""

_RESAVE = "Excel で開き、「Excel ブック (*.xlsx)」で保存し直してください。"


def refusal(data: bytes) -> Fault | None:
    """Why this workbook must not be opened, or None where it may."""
    if data.startswith(_OLD_OFFICE):
        return _old_office(data)
    if not data.startswith(b"PK"):
        return Fault(
            "W104",
            "Excel のブック（.xlsx）ではありません。",
            "名前は .xlsx ですが、中身が違います。",
            f"CSV なら名前を .csv に直してください。ブックなら、{_RESAVE}",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _bad_listing(archive.infolist()) or _bad_part(archive)
    except _DAMAGED:
        return broken()


def broken() -> Fault:
    """Fault of a workbook that cannot be read to its end."""
    return Fault(
        "W104",
        "ブックが壊れていて、読めません。",
        "送受信や保存の途中で切れたファイルは、こうなります。",
        f"元のブックを {_RESAVE}",
    )


def _old_office(data: bytes) -> Fault:
    if _ENCRYPTED in data:
        return Fault(
            "W104",
            "ブックにパスワードがかかっています。",
            "中身が暗号になっていて、読めません。",
            "Excel で開き、パスワードを外して保存し直してください。",
        )
    return Fault(
        "W104",
        "古い形式（.xls）のブックです。",
        "名前は .xlsx ですが、中身は Excel 97-2003 の形式です。",
        _RESAVE,
    )


def _bad_listing(parts: list[zipfile.ZipInfo]) -> Fault | None:
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_BYTES:
        return _too_large("中身が大きすぎます")
    if any(part.file_size > MAX_RATIO * max(part.compress_size, 5_000) for part in parts):
        return _bomb()
    names = [part.filename.lower() for part in parts]
    if any(name.endswith("vbaproject.bin") for name in names):
        return Fault(
            "W105",
            "ブックにマクロが入っています。",
            "マクロの働きで値が変わるおそれがあるので、読みません。",
            _RESAVE,
        )
    if any("externallinks/" in name for name in names):
        return Fault(
            "W105",
            "ブックにほかのブックへのリンクがあります。",
            "リンク先の値は、いつの値か分かりません。",
            "Excel の「データ」→「リンクの編集」でリンクを解除し、保存し直してください。",
        )
    return None


def _bad_part(archive: zipfile.ZipFile) -> Fault | None:
    for name in archive.namelist():
        part = archive.read(name)
        if b"<" in part.lstrip()[:4] and (fault := _Scan().fault(part)):
            return fault
    return None


class _RefusedError(Exception):
    """Stops the scan of a part; holds the fault."""


class _Scan:
    """One walk over the elements of a part, counting cells and how far they reach."""

    def __init__(self) -> None:
        self._cells = 0
        self._row = self._column = 0
        self._height = self._width = 0

    def fault(self, part: bytes) -> Fault | None:
        """Why this part must not be read, or None where it may."""
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
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
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
        left, top = _column(match[1]), int(match[2])
        right, bottom = _column(match[3] or match[1]), int(match[4] or match[2])
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
            raise _RefusedError(_too_large("使われている範囲が広すぎます"))

    @staticmethod
    def _doctype(*_: object) -> None:
        why = "Excel はこれを書きません。"
        raise _RefusedError(
            Fault("W105", "ブックに文書型宣言（DOCTYPE）があります。", why, _RESAVE)
        )


def _column(name: str) -> int:
    number = 0
    for sign in name:
        number = number * 26 + ord(sign) - ord("A") + 1
    return number


def _bomb() -> Fault:
    return Fault(
        "W105",
        "ブックの圧縮の割合が不自然です。",
        "表のブックではこうなりません。開くと、パソコンのメモリーを使い尽くすおそれがあります。",
        f"送り主に確かめてから、{_RESAVE}",
    )


def _too_large(what: str) -> Fault:
    return Fault(
        "W105",
        f"ブックの{what}。",
        f"読めるのは {MAX_ROWS:,} 行、{MAX_COLUMNS} 列、{MAX_CELLS:,} セルまでです。",
        "表の下と右にある余分な行と列を削除し（Ctrl+End で端が分かります）、保存し直してください。",
    )
