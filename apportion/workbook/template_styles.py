"""Our styles put behind those of a template; its own keep their numbers."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple

from apportion.workbook.styles import DATE, YEN
from apportion.workbook.template_xml import Edit, Element, elements, spliced

_CHILDREN = {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf", "dxfs": "dxf"}
_SECTIONS = {*_CHILDREN, *_CHILDREN.values(), "numFmts", "numFmt", "cellStyleXfs", "cellStyles"}
_NUMBERS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_FIRST_FORMAT, _GENERAL, _TEXT = 164, 0, 49
_FORMATS = {"money": YEN, "day": DATE}
_USED = "applyFont", "applyFill", "applyBorder", "applyNumberFormat"

# Pixels of the widest digit: of the font in which our columns are measured, and of other fonts as
# a part of the font's height.
OUR_DIGIT = 9
_DIGITS = {
    "BIZ UDPゴシック": 0.76,
    "BIZ UDP明朝": 0.68,
    **dict.fromkeys(("BIZ UD", "ＭＳ ゴシック", "ＭＳ 明朝", "Calibri"), 0.5),
    "メイリオ": 0.64,
}
_DIGIT = 0.55
_PIXELS_PER_POINT = 96 / 72


class _Sheet:
    """styles.xml: its sections, and what stands in each."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        found = elements(data, _SECTIONS)
        self.sections = {e.tag: e for e in found if e.tag in _CHILDREN or e.tag in _OUTER}
        self.children = {
            tag: [e for e in found if e.tag == child and self.sections[tag].holds(e)]
            for tag, child in (_CHILDREN | {"numFmts": "numFmt"}).items()
            if tag in self.sections
        }

    def raw(self, element: Element) -> bytes:
        """XML of an element."""
        return self.data[element.start : element.end]

    def size(self, section: str) -> int:
        """How many children a section has."""
        return len(self.children.get(section, ()))


_OUTER = ("numFmts", "cellStyleXfs", "cellStyles")


class Styles(NamedTuple):
    """styles.xml of both: the numbers that our first style and first dxf have in it.

    `typed` are styles of the template with a format for money or a day, where it had none.
    """

    data: bytes
    first: int
    first_dxf: int
    typed: Mapping[tuple[int, str], int]


def merged(template: bytes, ours: bytes, typed: Iterable[tuple[int, str]]) -> Styles:
    """The styles of a template with ours behind, and those `typed` (style, `money` or `day`)."""
    theirs, own = _Sheet(template), _Sheet(ours)
    added: dict[str, list[bytes]] = {
        tag: [own.raw(child) for child in own.children.get(tag, ())]
        for tag in ("fonts", "fills", "borders", "dxfs")
    }
    formats = _Formats(theirs, own)
    added["cellXfs"] = [_moved(own.raw(xf), theirs, formats) for xf in own.children["cellXfs"]]
    numbers: dict[tuple[int, str], int] = {}
    for style, kind in sorted(set(typed)):
        raw = theirs.raw(theirs.children["cellXfs"][style])
        if _number(raw, "numFmtId") in (_GENERAL, _TEXT):
            numbers[style, kind] = theirs.size("cellXfs") + len(added["cellXfs"])
            xf = _with(raw, "numFmtId", formats.of(_FORMATS[kind]))
            added["cellXfs"].append(_with(xf, "applyNumberFormat", 1))
    added["numFmts"] = formats.added
    edits = [_appended(theirs, tag, new) for tag, new in added.items() if new]
    first, dxf = theirs.size("cellXfs"), theirs.size("dxfs")
    return Styles(spliced(template, edits), first, dxf, numbers)


class _Formats:
    """Formats of numbers that are added, each with a number that is free in the template."""

    def __init__(self, theirs: _Sheet, own: _Sheet) -> None:
        used = [int(e.attributes["numFmtId"]) for e in theirs.children.get("numFmts", ())]
        self._next = max((_FIRST_FORMAT - 1, *used)) + 1
        self.added: list[bytes] = []
        self._known: dict[str, int] = {}
        self.moved = {
            int(e.attributes["numFmtId"]): self.of(e.attributes["formatCode"])
            for e in own.children.get("numFmts", ())
        }

    def of(self, code: str) -> int:
        """Number of a format."""
        if code not in self._known:
            number = self._known[code] = self._next
            self._next += 1
            self.added.append(f'<numFmt numFmtId="{number}" formatCode="{escape(code)}"/>'.encode())
        return self._known[code]


def _moved(xf: bytes, theirs: _Sheet, formats: _Formats) -> bytes:
    """One of our styles with the numbers that its parts have behind those of the template."""
    for attribute, section in _NUMBERS.items():
        xf = _with(xf, attribute, _number(xf, attribute) + theirs.size(section))
    number = _number(xf, "numFmtId")
    xf = _with(xf, "numFmtId", formats.moved.get(number, number))
    for attribute in _USED:
        xf = _with(xf, attribute, 1)
    return xf


def _number(xf: bytes, attribute: str) -> int:
    match = re.search(rb'^<xf[^>]* %b="(\d+)"' % attribute.encode(), xf)
    return int(match[1]) if match else 0


def _with(xf: bytes, attribute: str, value: int) -> bytes:
    """An element with one attribute set."""
    name = attribute.encode()
    start, end = re.match(rb"<\w+[^>]*?(?=/?>)", xf), b' %b="%d"' % (name, value)
    assert start is not None
    tag = re.sub(rb' %b="[^"]*"' % name, b"", start[0])
    return tag + end + xf[start.end() :]


def _appended(theirs: _Sheet, tag: str, new: Iterable[bytes]) -> Edit:
    """A section with further children; a section that is not there comes where it belongs."""
    listed = list(new)
    count = theirs.size(tag) + len(listed)
    section = theirs.sections.get(tag)
    if section is None:
        before = tag == "numFmts"
        beside = theirs.sections["fonts" if before else "cellXfs"]
        behind = theirs.sections.get("cellStyles", beside)
        place = beside.start if before else behind.end
        name = tag.encode()
        return place, place, b'<%b count="%d">%b</%b>' % (name, count, b"".join(listed), name)
    start = _with(theirs.data[section.start : section.inner], "count", count)
    children = theirs.data[section.inner : section.inner_end] + b"".join(listed)
    opened = start.replace(b"/>", b">")
    return section.start, section.end, opened + children + b"</%b>" % tag.encode()


def digit_pixels(styles: bytes) -> int:
    """Pixels of a digit in the standard font of a template: what widths of columns count in."""
    sheet = _Sheet(styles)
    fonts = elements(styles, {"font", "name", "sz"})
    first = sheet.children["fonts"][0] if sheet.size("fonts") else None
    inside = {e.tag: e.attributes.get("val", "") for e in fonts if first and first.holds(e)}
    size, name = float(inside.get("sz") or 11), inside.get("name", "")
    part = next((part for face, part in _DIGITS.items() if name.startswith(face)), _DIGIT)
    return max(round(part * size * _PIXELS_PER_POINT), 1)
