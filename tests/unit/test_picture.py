"""A picture is looked through before it goes into 54 workbooks."""

import struct
import zlib

import pytest

from apportion.forms.files import Picture, read
from tests.drawn import jpeg, part, png

BROKEN = "画像が途中で切れているか、壊れています。"
TOO_MANY = "縦と横は、それぞれ 2,000画素までです。"


def test_sound_pictures_have_their_size() -> None:
    assert read(png(30, 20)) == Picture(png(30, 20), 30, 20)
    assert read(jpeg(200, 100)) == Picture(jpeg(200, 100), 200, 100)


@pytest.mark.parametrize("behind", [b"", part(b"tEXt", b"Title\0=1+1")])
def test_further_parts_of_a_png_are_welcome(behind: bytes) -> None:
    assert isinstance(read(png(behind=behind)), Picture)


HOSTILE = {
    "nothing": (b"", "使えるのは、PNG と JPEG の画像です。"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "使えるのは、PNG と JPEG の画像です。"),
    "gif": (b"GIF89a" + bytes(50), "使えるのは、PNG と JPEG の画像です。"),
    "png cut off": (png()[:-4], BROKEN),
    "png of a head": (png()[:33], BROKEN),
    "png of its first bytes": (png()[:8], BROKEN),
    "one bit changed": (png()[:60] + bytes([png()[60] ^ 1]) + png()[61:], BROKEN),
    "something behind": (png() + b"PK\x03\x04", BROKEN),
    "more pixels than it says": (png(4, 4, bytes(1_000_000)), BROKEN),
    "pixels that are none": (
        png()[:8]
        + part(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + part(b"IDAT", b"x")
        + part(b"IEND", b""),
        BROKEN,
    ),
    "unknown colours": (
        png()[:8]
        + part(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 9, 0, 0, 0))
        + part(b"IDAT", zlib.compress(b""))
        + part(b"IEND", b""),
        BROKEN,
    ),
    "a part as long as the world": (png()[:33] + b"\xff\xff\xff\xffIDAT" + bytes(20), BROKEN),
    "wide": (png(2_001, 1), TOO_MANY),
    "no width": (png(0, 1), TOO_MANY),
    "4 thousand million pixels": (png(65_535, 65_535, b""), TOO_MANY),
    "jpeg cut off": (jpeg()[:-2], BROKEN),
    "jpeg without a frame": (b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9", BROKEN),
    "jpeg without a scan": (b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"\0\0\xff\xd9", BROKEN),
    "wide jpeg": (jpeg(60_000, 60_000), TOO_MANY),
    "heavy": (png() + bytes(2_000_000), "大きさは 2MB までです。"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_used_is_told(name: str) -> None:
    data, why = HOSTILE[name]
    assert read(data) == why
