"""What is sent beside the workbooks: a PDF of each, and one archive for each municipality."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from apportion.office import Tell, converted, silent

ARCHIVES = "送付"

_MADE = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)\d{14}")
_IDENTITY = re.compile(rb"(/ID\s*\[\s*<)([0-9A-F]{32})(>\s*<)([0-9A-F]{32})(>\s*\])")
_CHECKSUM = re.compile(rb"(/DocChecksum\s*/)([0-9A-F]{32})")
_MODE = 0o100644 << 16


def write_pdfs(program: Path, books: Sequence[Path], day: date, tell: Tell = silent) -> None:
    """A PDF beside each workbook: all its sheets as they print, dated on `day`.

    Raises `OutputError` where LibreOffice fails.
    """
    with converted(program, books, "pdf", tell=tell) as results:
        for book, result in results.items():
            book.with_suffix(".pdf").write_bytes(repeatable(result.read_bytes(), day))


def repeatable(pdf: bytes, day: date) -> bytes:
    """The PDF with the hour of its making set to `day`, and its identity made from its content.

    LibreOffice stamps the clock; nothing else in its file changes from one time to the next.
    Lengths stay the same, so that the table of places in the file stays right.
    """
    nobody = b"0" * 32
    pdf = _MADE.sub(rb"\g<1>" + f"{day:%Y%m%d}000000".encode(), pdf)
    pdf = _IDENTITY.sub(rb"\g<1>" + nobody + rb"\g<3>" + nobody + rb"\g<5>", pdf)
    pdf = _CHECKSUM.sub(rb"\g<1>" + nobody, pdf)
    own = hashlib.sha256(pdf).hexdigest()[:32].upper().encode()
    pdf = _IDENTITY.sub(rb"\g<1>" + own + rb"\g<3>" + own + rb"\g<5>", pdf)
    return _CHECKSUM.sub(rb"\g<1>" + own, pdf)


def write_archives(target: Path, files: Mapping[str, Iterable[Path]], day: date) -> None:
    """In the new folder `target`, an archive of the files of each name."""
    target.mkdir()
    for name, own in files.items():
        (target / f"{name}.zip").write_bytes(archive(own, day))


def archive(files: Iterable[Path], day: date) -> bytes:
    """A zip of the files, dated on `day`: the same files give the same bytes.

    Workbooks and PDFs are packed already and are stored as they are. Names that are not ASCII are
    marked as UTF-8 by `zipfile`; composed (NFC), they look the same on every system.
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as packed:
        for file in sorted(files):
            name = unicodedata.normalize("NFC", file.name)
            info = ZipInfo(name, date_time=(day.year, day.month, day.day, 0, 0, 0))
            info.create_system, info.external_attr = 3, _MODE
            packed.writestr(info, file.read_bytes())
    return buffer.getvalue()
