"""Texts of a template in which placeholders stand: cells, page headers, text boxes, properties."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from apportion.text import name_key
from apportion.workbook.template_book import STRINGS, WORKBOOK, Page
from apportion.workbook.template_names import known
from apportion.workbook.template_xml import MARK

_OPEN = re.compile(r"[{｛]{2}|[}｝]{2}")
_SINGLE = re.compile(r"[{｛][ \u3000]*([^{}｛｝<>\"&]{1,40}?)[ \u3000]*[}｝]")
_CELL = re.compile(r'<c r="([A-Z]+\d+)"[^>]*(?<!/)>')
_TEXTS = (".xml", ".vml")
IN_DRAWINGS = "図形の文字"
_WHERE = {
    "drawings": IN_DRAWINGS,
    "charts": "グラフの文字",
    "core.xml": "ブックのプロパティ",
    "app.xml": "ブックのプロパティ",
    "custom.xml": "ブックのプロパティ",
}


class Place(NamedTuple):
    """Sheet (or part of the package) and cell of a placeholder."""

    sheet: str
    cell: str


NOWHERE = Place("", "")


def mentions(pages: Sequence[Page], parts: Mapping[str, bytes]) -> Iterator[tuple[str, Place]]:
    """Placeholders that stand within a text."""
    for name in text_parts(parts):
        data = parts[name].decode()
        for mark in MARK.finditer(data):
            yield name_key(mark[1]), _place(pages, name, data, mark.start())


def stray(pages: Sequence[Page], parts: Mapping[str, bytes]) -> Iterator[Place]:
    """Braces outside cells that belong to no placeholder."""
    for name in text_parts(parts):
        data = MARK.sub(lambda mark: "*" * len(mark[0]), parts[name].decode())
        places = (_place(pages, name, data, brace.start()) for brace in _OPEN.finditer(data))
        yield from (place for place in places if name != STRINGS and not place.cell)


def is_stray(text: str) -> bool:
    """Whether a text has braces that belong to no placeholder."""
    return _OPEN.search(MARK.sub("", text)) is not None


def single(text: str) -> Iterator[str]:
    """Placeholders written with one brace on each side: they would be printed as they are."""
    names = (name_key(mark[1]) for mark in _SINGLE.finditer(MARK.sub("", text)))
    yield from filter(known, names)


def singles(pages: Sequence[Page], parts: Mapping[str, bytes]) -> Iterator[tuple[str, Place]]:
    """The same outside cells, with their places."""
    for name in text_parts(parts):
        data = MARK.sub(lambda mark: "*" * len(mark[0]), parts[name].decode())
        for mark in _SINGLE.finditer(data):
            place = _place(pages, name, data, mark.start())
            if name != STRINGS and not place.cell and known(mark[1]):
                yield name_key(mark[1]), place


def text_parts(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Parts with texts in which placeholders are filled."""
    for name in parts:
        if name.startswith(("xl/", "docProps/")) and name.endswith(_TEXTS) and name != WORKBOOK:
            yield name


def _place(pages: Sequence[Page], name: str, data: str, position: int) -> Place:
    """Sheet and cell of a position in a part; the part itself where it is not that of a sheet."""
    sheet = next((page.name for page in pages if page.part == name), None)
    if sheet is None:
        return Place(_WHERE.get(name.split("/")[1] if "/" in name else name, name), "")
    before = data[:position]
    start = before.rfind("<c ")
    cell = _CELL.match(data, start) if before.rfind("</c>") < start else None
    return Place(sheet, cell[1] if cell else "")
