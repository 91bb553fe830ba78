"""A workbook that somebody drew, opened as parts: what cannot serve as a template is refused."""

import io
import posixpath
import re
import zipfile
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from xml.parsers import expat

from apportion.core.dataclass import dataclass
from apportion.core.problem import Fault, fault
from apportion.core.text import name_key
from apportion.tables import xlsx_gate

MARK = re.compile(r"[{｛]{2}([^{}｛｝<>\"&]{1,80})[}｝]{2}")
"""A placeholder; group 1 is its name, perhaps with blanks around it."""

_TAG = re.compile(rb"<[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*>")
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_RUNS = {"si", "is", "text", "p"}
_FURIGANA = {"rPh", "phoneticPr"}
_BRACES = ("{", "｛")
_DEEPEST = 20
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
            if len(self._open) > _DEEPEST:  # text counts for each element around it
                raise ValueError(name)
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
    for place, block in enumerate(found):
        if block.tag in _RUNS and MARK.search(block.text):
            edits += _together(data, block, list(_inside(found, place)))
    return spliced(data, edits)


def _inside(found: list[Element], place: int) -> Iterator[Element]:
    """The elements that lie in one of them: they follow it."""
    for number in range(place + 1, len(found)):
        if found[number].start >= found[place].end:
            return
        yield found[number]


def _together(data: bytes, block: Element, inside: list[Element]) -> Iterator[Edit]:
    """Edits of one text."""
    reading = [element for element in inside if element.tag in _FURIGANA]
    yield from ((element.start, element.end, b"") for element in reading)
    runs = [e for e in inside if e.tag == "t" and not any(r.holds(e) for r in reading)]
    whole = "".join(run.text for run in runs)
    marks = list(MARK.finditer(whole))
    ends = [mark.end() for mark in marks]
    place = 0
    for run in runs:
        own = marks[bisect_right(ends, place) : bisect_right(ends, place + len(run.text)) + 1]
        text = _own(whole, own, place, place + len(run.text))
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


WORKBOOK, TYPES, STYLES = "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"
FORM = "通知"

_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SHEET = "/worksheet"
_RELATED = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships ",
    "urn:schemas-microsoft-com:office:office relid",
)
"""How attributes begin that name a relation, their namespace written out."""
_ROOTS = {WORKBOOK: b"<workbook", STYLES: b"<styleSheet", STRINGS: b"<sst"}
_SECTIONS = {"fonts", "fills", "borders", "cellXfs"}
_TEXTS = (".xml", ".rels", ".vml")
MOST_MARKS = 1_000
_SHOWN = 60
_MOST_BRACES = 10 * MOST_MARKS
"""Braces in all parts of a book: Excel itself writes some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSheet:
    """A worksheet of a template: its part, and its place among the tabs."""

    name: str
    part: str
    place: int
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Parts in their order, placeholders in one run of text each; `pages` are its worksheets.

    `form` is the sheet 通知, or the first one.
    """

    parts: Mapping[str, bytes]
    pages: tuple[TemplateSheet, ...]
    tabs: tuple[str, ...]

    @property
    def form(self) -> TemplateSheet:
        """The sheet that is the bill."""
        return next((page for page in self.pages if page.name == FORM), self.pages[0])

    def drawings(self, page: TemplateSheet) -> Iterator[str]:
        """Parts that a sheet refers to: drawings, comments."""
        yield from targets(self.parts, page.part).values()


@lru_cache(maxsize=4)
def opened(data: bytes) -> Book | Fault:
    """The workbook as parts, or why it cannot serve."""
    if refused := xlsx_gate.refusal(data):
        return refused
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if any(map(_is_strange, names)) or len({name.lower() for name in names}) < len(names):
            return fault("W702.names")
        parts = {name: archive.read(name) for name in names if not name.endswith("/")}
    braces = sum(data.count(sign.encode()) for data in parts.values() for sign in _BRACES)
    if braces > _MOST_BRACES:
        return fault("W702.many", count=braces // 2, most=MOST_MARKS)
    try:
        return _missing(parts) or _book(parts)
    except (expat.ExpatError, UnicodeDecodeError, KeyError, ValueError):
        return xlsx_gate.broken()


def _is_strange(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name


def _missing(parts: Mapping[str, bytes]) -> Fault | None:
    """What an Excel workbook has and this one has not."""
    wanted = (TYPES, "_rels/.rels", WORKBOOK, rels_of(WORKBOOK), STYLES)
    if not all(name in parts for name in wanted):
        return fault("W702.parts")
    if _KIND.encode() not in parts[TYPES]:
        return fault("W702.kind")
    if any(name.startswith("_xmlsignatures/") for name in parts):
        return fault("W702.signed")
    return None


def _book(found: Mapping[str, bytes]) -> Book | Fault:
    for name, data in found.items():
        if name.endswith(_TEXTS) and not _read(data) <= kinds_of(found, name).keys():
            return fault("W702.loose", part=name)
    parts = {
        name: joined(plain(data)) if name.endswith(_TEXTS) else data for name, data in found.items()
    }
    if any(not _is_plain(parts[name], root) for name, root in _ROOTS.items() if name in parts):
        return fault("W702.namespace")
    sections = {element.tag for element in elements(parts[STYLES], _SECTIONS)}
    if sections != _SECTIONS or not _usual(parts):
        return fault("W702.namespace")
    loose = next((name for name in parts if name.endswith(".rels") and _loose(parts, name)), None)
    if loose is not None:
        return fault("W702.loose", part=loose)
    return _outside(parts) or _pages(parts)


def _read(data: bytes) -> set[str]:
    """Relations that a part uses.

    Raises where it is not UTF-8, not well-formed, or has a prefix of no namespace.
    """
    data.decode("utf-8-sig")
    used: set[str] = set()

    def begin(_tag: str, attributes: dict[str, str]) -> None:
        used.update(value for name, value in attributes.items() if name.startswith(_RELATED))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begin
    parser.Parse(data, True)  # noqa: FBT003 (as everywhere)
    return used


def _usual(parts: Mapping[str, bytes]) -> bool:
    """Whether styles and shared strings are where Excel puts them."""
    kinds, paths = kinds_of(parts, WORKBOOK), targets(parts, WORKBOOK)
    listed = elements(parts[TYPES], {"Override"})
    places = {"/styles": STYLES, "/sharedStrings": STRINGS}
    return all("PartName" in element.attributes for element in listed) and all(
        paths.get(key) == place
        for key, kind in kinds.items()
        for ending, place in places.items()
        if kind.endswith(ending)
    )


def _pages(parts: Mapping[str, bytes]) -> Book | Fault:
    """The worksheets of the workbook."""
    kinds = kinds_of(parts, WORKBOOK)
    paths = targets(parts, WORKBOOK)
    pages, tabs, numbers = [], [], []
    for place, sheet in enumerate(elements(parts[WORKBOOK], {"sheet"})):
        key, name = sheet.attributes["r:id"], sheet.attributes["name"]
        numbers.append(int(sheet.attributes["sheetId"]))
        tabs.append(name)
        if kinds[key].endswith(_SHEET):
            hidden = sheet.attributes.get("state", "visible") != "visible"
            pages.append(TemplateSheet(name=name, part=paths[key], place=place, hidden=hidden))
    alone = len(set(numbers)) == len(numbers) and len({p.part for p in pages}) == len(pages)
    if not alone or not all(_is_plain(parts[page.part], b"<worksheet") for page in pages):
        return fault("W702.namespace")
    book = Book(parts=parts, pages=tuple(pages), tabs=tuple(tabs))
    if not pages or book.form.hidden:
        return fault("W702.hidden")
    old = [e for e in elements(parts[WORKBOOK], {"workbookPr"}) if _is_true(e, "date1904")]
    if old:
        return fault("W702.1904")
    return book


def _is_true(element: Element, attribute: str) -> bool:
    return element.attributes.get(attribute, "0") in ("1", "true")


def _is_plain(data: bytes, root: bytes) -> bool:
    """Whether a part has the tags of Excel, without prefix and of the usual namespace."""
    match = re.search(re.escape(root) + rb"\b[^>]*>", data)
    return match is not None and _MAIN in match[0].replace(b"'", b'"')


def _loose(parts: Mapping[str, bytes], name: str) -> bool:
    folder, _, file = name.rpartition("_rels/")
    return any(target not in parts for target in targets(parts, folder + file[:-5]).values())


_LINK = "/hyperlink"
"""A link waits until somebody follows it; whatever else lies outside is fetched when a book is opened."""
_FORMULAS = {"f", "formula", "formula1", "formula2", "definedName"}
_FETCHES = re.compile(r"\b(WEBSERVICE|IMAGE|RTD|DDE|STOCKHISTORY|CALL|EXEC)\s*\(|\|", re.IGNORECASE)
_STRING = re.compile(r'"[^"]*"')
_ADDRESS = re.compile(rb"""\b(?:src|href)\s*=\s*["'](?:[A-Za-z]+:|//|\\\\)""", re.IGNORECASE)
_CONNECTED = ("xl/connections", "xl/querytables/", "xl/model/")


def _outside(parts: Mapping[str, bytes]) -> Fault | None:
    """What a program would fetch from elsewhere when it opens or prints the book."""
    for name, data in parts.items():
        if name.lower().startswith(_CONNECTED) or (name.endswith(".vml") and _ADDRESS.search(data)):
            return fault("W702.outside", part=name, target="ほかの場所のデータ")
        if name.endswith(".rels"):
            for relation in elements(data, {"Relationship"}):
                own = relation.attributes
                if own.get("TargetMode") == "External" and not own["Type"].endswith(_LINK):
                    return fault("W702.outside", part=name, target=own["Target"][:_SHOWN])
        elif name.startswith("xl/") and name.endswith(_TEXTS):
            for formula in elements(data, _FORMULAS):
                if _FETCHES.search(_STRING.sub("", formula.text)):
                    return fault("W702.fetches", part=name, formula=formula.text[:_SHOWN])
    return None


def rels_of(part: str) -> str:
    """`xl/worksheets/_rels/sheet1.xml.rels`."""
    folder, _, file = part.rpartition("/")
    return posixpath.join(folder, "_rels", f"{file}.rels")


def targets(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    """Parts that a part refers to, by the id of the relation."""
    folder = posixpath.dirname(part)
    return {
        element.attributes["Id"]: posixpath.normpath(
            posixpath.join("/", folder, element.attributes["Target"])
        ).lstrip("/")
        for element in _relations(parts, part)
        if element.attributes.get("TargetMode") != "External"
        and not element.attributes["Target"].startswith("#")
    }


def kinds_of(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    """Kinds of the relations of a part, by id."""
    return {e.attributes["Id"]: e.attributes["Type"] for e in _relations(parts, part)}


def _relations(parts: Mapping[str, bytes], part: str) -> list[Element]:
    return elements(parts.get(rels_of(part), b"<a/>"), {"Relationship"})
