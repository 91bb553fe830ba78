"""Whether a file is a workbook of ours with a certain title: only such a one is replaced."""

import zlib
from collections.abc import Callable
from html import escape
from pathlib import Path
from zipfile import BadZipFile, ZipFile


def other_title(title: str) -> Callable[[Path], str]:
    """What makes a file another one than the workbook with this title; "" where it is that."""

    def found(path: Path) -> str:
        try:
            with ZipFile(path) as book:
                said = book.read("docProps/core.xml").decode()
        except (OSError, ValueError, KeyError, BadZipFile, NotImplementedError, zlib.error):
            said = ""
        named = f"<dc:title>{escape(title, quote=False)}</dc:title>" in said
        return "" if named else f"{title}のブックではありません"

    return found
