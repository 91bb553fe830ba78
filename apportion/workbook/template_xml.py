"""XML of a template as it was written: elements are found, places exchanged, all else stays.

Nothing is parsed and written again: what Excel put into a part for itself survives untouched.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from xml.parsers import expat

from apportion.text import name_key

MARK = re.compile(r"[{｛]{2}[ \u3000]*([^{}｛｝<>\"&]{1,40}?)[ \u3000]*[}｝]{2}")
"""A placeholder; group 1 is its name."""

_TAG = re.compile(rb"<[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*>")
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_RUNS = {"si", "is", "text", "p"}
_FURIGANA = {"rPh", "phoneticPr"}
_BRACES = ("{", "｛")
_FIRST_PLAIN, _LAST_PLAIN = 0xA0, 0xFFFD

Edit = tuple[int, int, bytes]
"""First and last byte (not included) of what is exchanged, and what stands there instead."""


@dataclass(slots=True)
class Element:
    """An element: its tag without prefix, attributes, text (all that lies in it) and bytes.

    `start` to `end` is the element, `inner` to `inner_end` what stands between its tags.
    """

    tag: str
    attributes: dict[str, str]
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0
    text: str = ""

    def holds(self, other: "Element") -> bool:
        """Whether another element lies in this one."""
        return self.start < other.start and other.end <= self.end


def elements(data: bytes, tags: Collection[str]) -> list[Element]:
    """Elements with one of these tags, in the order of their beginning."""
    walk = _Walk(data, tags)
    walk.parser.Parse(data, True)  # noqa: FBT003 (expat takes no keyword here)
    return walk.found


class _Walk:
    def __init__(self, data: bytes, tags: Collection[str]) -> None:
        self.data, self.tags = data, tags
        self.found: list[Element] = []
        self._open: list[Element] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag in self.tags:
            start = self.parser.CurrentByteIndex
            element = Element(tag, attributes, start, self._behind(start))
            self.found.append(element)
            self._open.append(element)

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] in self.tags:
            element = self._open.pop()
            place = self.parser.CurrentByteIndex
            empty = self.data[element.inner - 2 : element.inner] == b"/>"
            element.inner_end = element.inner if empty else place
            element.end = element.inner if empty else self._behind(place)

    def _text(self, text: str) -> None:
        for element in self._open:
            element.text += text

    def _behind(self, start: int) -> int:
        match = _TAG.match(self.data, start)
        assert match is not None  # expat has read this tag
        return match.end()


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with its edits, which do not overlap."""
    pieces, place = [], 0
    for start, end, new in sorted(edits):
        pieces += [data[place:start], new]
        place = end
    return b"".join((*pieces, data[place:]))


def plain(data: bytes) -> bytes:
    """A part without byte-order mark, its Japanese signs written as such, not as `&#22243;`."""
    return _REFERENCE.sub(_sign, data.removeprefix(b"\xef\xbb\xbf"))


def _sign(match: re.Match[bytes]) -> bytes:
    code = int(match[1], 16) if match[1] else int(match[2])
    brace = code in map(ord, "{}")
    return chr(code).encode() if brace or _FIRST_PLAIN <= code <= _LAST_PLAIN else match[0]


def joined(data: bytes) -> bytes:
    """Placeholders brought together in the run of text in which they begin.

    Excel cuts a text into runs where a part of it was edited. The furigana of such a text goes:
    it would be read aloud for another name.
    """
    if not any(sign.encode() in data for sign in _BRACES):
        return data
    found = elements(data, _RUNS | _FURIGANA | {"t"})
    edits: list[Edit] = []
    for block in found:
        if block.tag in _RUNS and MARK.search(block.text):
            inside = [element for element in found if block.holds(element)]
            edits += _together(data, block, inside)
    return spliced(data, edits)


def _together(data: bytes, block: Element, inside: list[Element]) -> Iterator[Edit]:
    """Edits of one text."""
    reading = [element for element in inside if element.tag in _FURIGANA]
    yield from ((element.start, element.end, b"") for element in reading)
    runs = [e for e in inside if e.tag == "t" and not any(r.holds(e) for r in reading)]
    whole = "".join(run.text for run in runs)
    marks = list(MARK.finditer(whole))
    place = 0
    for run in runs:
        text = _own(whole, marks, place, place + len(run.text))
        place += len(run.text)
        tag = _TAG.match(data, run.start)
        assert tag is not None
        name = tag[0][1:].split(b" ")[0].strip(b"/>\r\n\t")
        # In a drawing the element has no attributes, in a cell it needs this one.
        space = b"" if block.tag == "p" else b' xml:space="preserve"'
        written = escape(text, quote=False).encode()
        yield run.start, run.end, b"<" + name + space + b">" + written + b"</" + name + b">"


def _own(whole: str, marks: list[re.Match[str]], start: int, end: int) -> str:
    """Text from `start` to `end`, placeholders whole where they begin and gone elsewhere."""
    text, place = "", start
    for mark in marks:
        if mark.end() <= start or mark.start() >= end:
            continue
        text += whole[place : max(mark.start(), place)]
        text += "{{" + name_key(mark[1]) + "}}" if mark.start() >= start else ""
        place = min(mark.end(), end)
    return text + whole[place:end]
