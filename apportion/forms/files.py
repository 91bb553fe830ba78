"""Files under `rules/様式` that ■請求書 names: the picture of the seal, the council's own form."""

import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from apportion.rules.book import Remark, RuleBook

MOST_BYTES = 2_000_000
MOST_PIXELS = 2_000
"""On each side."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_SIZES = {0xC0, 0xC1, 0xC2}
"""Markers of a JPEG frame that every program can draw."""
_SCAN = 0xDA
_HEADER = 13
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by the colour type of a PNG."""


class Picture(NamedTuple):
    """A sound picture and its size in pixels."""

    data: bytes
    width: int
    height: int


def read(data: bytes) -> Picture | str:
    """The picture, or in words why it cannot be used."""
    if len(data) > MOST_BYTES:
        return f"大きさは {MOST_BYTES // 1_000_000}MB までです。"
    if data.startswith(_PNG):
        size = _png(data)
    elif data.startswith(_JPEG):
        size = _jpeg(data)
    else:
        return "使えるのは、PNG と JPEG の画像です。"
    if size is None:
        return "画像が途中で切れているか、壊れています。"
    width, height = size
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        return f"縦と横は、それぞれ {MOST_PIXELS:,}画素までです。"
    return Picture(data, width, height)


def _png(data: bytes) -> tuple[int, int] | None:
    """Size of a PNG whose parts are whole and whose pixels are as many as it says."""
    chunks = list(_chunks(data))
    kinds = [kind for kind, _ in chunks]
    if not chunks or kinds[0] != b"IHDR" or kinds[-1] != b"IEND" or len(chunks[0][1]) != _HEADER:
        return None
    head = chunks[0][1]
    width, height = int.from_bytes(head[:4]), int.from_bytes(head[4:8])
    if max(width, height) > MOST_PIXELS:
        return width, height
    bits = head[8] * _CHANNELS.get(head[9], 0)
    pixels = b"".join(content for kind, content in chunks if kind == b"IDAT")
    # Interlaced ones have some more line heads: at most two for each line.
    most = height * (-(-width * bits // 8) + 1) + 2 * height + width
    return (width, height) if bits and _inflates(pixels, most) else None


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each part; it stops at the first broken one, and gives no end then."""
    place = len(_PNG)
    while place < len(data):
        size = int.from_bytes(data[place : place + 4])
        kind, end = data[place + 4 : place + 8], place + 8 + size
        if zlib.crc32(data[place + 4 : end]) != int.from_bytes(data[end : end + 4]):
            return
        yield kind, data[place + 8 : end]
        place = end + 4


def _inflates(pixels: bytes, most: int) -> bool:
    """Whether compressed pixels are whole and no more than they may be."""
    engine = zlib.decompressobj()
    try:
        engine.decompress(pixels, most)
    except zlib.error:
        return False
    return engine.eof


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Size of a JPEG with a frame, a scan and an end."""
    if not data.endswith(_JPEG_END):
        return None
    place, size = 2, None
    while data[place : place + 1] == b"\xff" and place + 9 < len(data):
        kind, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if kind in _SIZES:
            frame = data[place + 5 : place + 9]
            size = int.from_bytes(frame[2:]), int.from_bytes(frame[:2])
        if kind == _SCAN:
            return size
        place += 2 + length
    return None


FOLDER = "rules/様式"
SEAL, FORM = "公印画像", "様式"
FORMS = {"": FORM, "変更": f"変更{FORM}", "精算": f"精算{FORM}"}
"""Keys that name a form, by what stands before the keys of a kind of paper."""
MOST = 20_000_000
"""Bytes of a file; of a larger one only so many and one more are read."""


def named(book: RuleBook, key: str) -> Iterator[Remark]:
    """Lines of ■請求書 that name a file under a key, in all rule files."""
    for file in book.files:
        yield from file.invoice.get(key, ())


def path_of(name: str) -> str | None:
    """Path below the workspace of a file so named; None for a name that leads out of the folder."""
    plain = name not in ("", ".", "..") and not any(sign in name for sign in "/\\:\0")
    return f"{FOLDER}/{name}" if plain else None


def load(root: Path, book: RuleBook) -> dict[str, bytes]:
    """Every file that is named and can be read, by its path below the workspace."""
    lines = (line for key in (SEAL, *FORMS.values()) for line in named(book, key))
    paths = dict.fromkeys(path for line in lines if (path := path_of(line.text)))
    found = {path: _content(root / path) for path in paths}
    return {path: content for path, content in found.items() if content is not None}


def _content(path: Path) -> bytes | None:
    try:
        with _as_stored(path).open("rb") as file:
            return file.read(MOST + 1)
    except OSError:
        return None


def _as_stored(path: Path) -> Path:
    """The file of this name, though a Mac wrote its voicing marks as signs of their own."""
    if path.exists() or not path.parent.is_dir():
        return path
    name = unicodedata.normalize("NFC", path.name)
    beside = path.parent.iterdir()
    return next((f for f in beside if unicodedata.normalize("NFC", f.name) == name), path)
