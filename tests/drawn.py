"""Pictures made by hand, for the seal."""

import struct
import zlib


def part(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG with its check sum."""
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png(
    width: int = 200, height: int = 200, lines: bytes | None = None, behind: bytes = b""
) -> bytes:
    """A red square; `lines` are its pixels if they are to be others, `behind` a part before the end."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = (b"\0" + b"\xc0\x20\x20" * width) * height if lines is None else lines
    parts = part(b"IHDR", head) + part(b"IDAT", zlib.compress(pixels)) + behind + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def jpeg(width: int = 200, height: int = 100) -> bytes:
    """The frame of a JPEG, as far as its size is told."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00" + b"\0"
    return (
        b"\xff\xd8"
        b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9) + frame + scan + b"\xff\xd9"
    )
