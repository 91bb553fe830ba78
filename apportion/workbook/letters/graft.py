"""Our sheets put behind those of a template: one workbook, in which the template keeps everything."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.text import name_key
from apportion.forms.book import (
    STRINGS,
    STYLES,
    TYPES,
    WORKBOOK,
    Edit,
    Element,
    elements,
    kinds_of,
    rels_of,
    spliced,
)
from apportion.forms.slots import DAYS, MONEY, TOTAL, Slot, Template, kind_of
from apportion.workbook.sheets.recorder import NO_STRINGS, EmptyPage, Shell
from apportion.workbook.sheets.styles import DATE, YEN

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


class MergedStyles(NamedTuple):
    """styles.xml of both, and the number that our first style has in it.

    `typed` are styles of the template with a format for money or a day, where it had none.
    """

    data: bytes
    first: int
    typed: Mapping[tuple[int, str], int]


def merged(template: bytes, ours: bytes, typed: Iterable[tuple[int, str]]) -> MergedStyles:
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
    # Behind what is there: no number in the template changes.
    edits = [_appended(theirs, tag, new) for tag, new in added.items() if new]
    return MergedStyles(spliced(template, edits), theirs.size("cellXfs"), numbers)


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


_WIDTH = re.compile(rb' width="([0-9.]+)"')
_SETUP = re.compile(rb'<pageSetup( paperSize="\d+")?(?: scale="(\d+)")?')
_FITTED = b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
_BEFORE = b"<dimension "
_LOOSER = 1.05
"""So much wider columns are printed so much smaller: the planned rows stay on their page."""


def widened(tag: bytes, factor: float) -> bytes:
    """The tag of a column, measured in digits that are `factor` times narrower."""
    return _WIDTH.sub(lambda m: b' width="%.4f"' % (float(m[1]) * factor * _LOOSER), tag)


def fitted(sheet: bytes) -> bytes:
    """A sheet of ours fitted to the width of its pages, and as long as it gets."""
    wanted = b' fitToWidth="1" fitToHeight="0"'
    sheet = _SETUP.sub(lambda m: b"<pageSetup%b%b" % (m[1] or b"", wanted), sheet)
    return sheet.replace(_BEFORE, _FITTED + _BEFORE, 1)


_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHAIN, _APP = "xl/calcChain.xml", "docProps/app.xml"
_COLUMN = re.compile(rb"<col [^>]*>")
_IS_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_STRING = re.compile(rb'(<c [^>]*t="s"[^>]*><v>)(\d+)(?=</v>)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Grafted:
    """Parts of the workbook, our sheets (by their parts) and styles in it, and the slots to be filled.

    `strings` is the number of texts of the template.
    """

    parts: Mapping[str, bytes]
    pages: Mapping[str, EmptyPage]
    styles: Mapping[str, int]
    strings: int
    slots: tuple[Slot, ...]


def grafted(template: Template, shell: Shell) -> Grafted:
    """A template with the sheets of a shell of ours (without pictures) behind it."""
    ours = {name: part.content() for name, part in shell.parts.items()}
    # The chain lists formula cells of the template alone; programs make it anew.
    parts = {name: data for name, data in template.book.parts.items() if name != _CHAIN}
    wanted = [(slot.style, kind) for slot in template.slots if (kind := _type_of(slot.name))]
    styles = merged(parts[STYLES], ours[STYLES], wanted)
    wider = OUR_DIGIT / digit_pixels(parts[STYLES])
    _compact(parts)
    names = [e.attributes["name"] for e in elements(ours[WORKBOOK], {"sheet"})]
    free = _free(parts)
    sheets = {name: f"xl/worksheets/sheet{free + n}.xml" for n, name in enumerate(names)}
    parts |= {
        part: fitted(_measured(ours[own], wider))
        for own, part in zip(shell.pages, sheets.values(), strict=True)
    }
    parts[STYLES] = styles.data
    added = [*sheets.values()] if STRINGS in parts else [*sheets.values(), STRINGS]
    strings = len(elements(parts.setdefault(STRINGS, NO_STRINGS), {"si"}))
    _declare(parts, template, ours, sheets, added)
    return Grafted(
        parts=parts,
        pages={part: EmptyPage.of(parts[part].decode()) for part in sheets.values()},
        styles={name: number + styles.first for name, number in shell.styles.items()},
        strings=strings,
        slots=tuple(_typed(slot, styles) for slot in template.slots),
    )


def _compact(parts: dict[str, bytes]) -> None:
    """Leave out texts that no cell refers to (any more): a slot takes a value of its own."""
    if STRINGS not in parts:
        return
    items = elements(parts[STRINGS], {"si"})
    sheets = [name for name in parts if _IS_SHEET.fullmatch(name)]
    used = sorted({int(n) for name in sheets for _, n in _STRING.findall(parts[name])})
    places = {number: place for place, number in enumerate(used)}
    for name in sheets:
        parts[name] = _STRING.sub(lambda m: b"%b%d" % (m[1], places[int(m[2])]), parts[name])
    gone = [(e.start, e.end, b"") for n, e in enumerate(items) if n not in places]
    parts[STRINGS] = spliced(parts[STRINGS], gone)


def _type_of(name: str) -> str:
    kind, _ = kind_of(name)
    return "day" if kind in DAYS else "money" if kind in MONEY else ""


def _typed(slot: Slot, styles: MergedStyles) -> Slot:
    return slot._replace(style=styles.typed.get((slot.style, _type_of(slot.name)), slot.style))


def _free(parts: Mapping[str, bytes]) -> int:
    """First number that no sheet of the template bears."""
    numbers = (re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name) for name in parts)
    return max((int(match[1]) for match in numbers if match), default=0) + 1


def _measured(sheet: bytes, wider: float) -> bytes:
    """One of our sheets with its columns measured in the digits of the template."""
    # One tab is open: that of the form.
    return _COLUMN.sub(lambda m: widened(m[0], wider), sheet).replace(b' tabSelected="1"', b"")


def _declare(
    parts: dict[str, bytes],
    template: Template,
    ours: Mapping[str, bytes],
    sheets: Mapping[str, str],
    added: list[str],
) -> None:
    """Enter the new parts where a workbook lists its parts."""
    relations = rels_of(WORKBOOK)
    # rIdA…: ids that neither Excel nor LibreOffice writes.
    ids = {part: f"rIdA{number}" for number, part in enumerate(added, start=1)}
    chain = [i for i, kind in kinds_of(parts, WORKBOOK).items() if kind.endswith("/calcChain")]
    lines = (
        f'<Relationship Id="{i}" Type="{_RELATION}/{"sharedStrings" if part == STRINGS else "worksheet"}"'
        f' Target="{part.removeprefix("xl/")}"/>'
        for part, i in ids.items()
    )
    parts[relations] = _listed(parts[relations], "Relationship", "Id", chain, "".join(lines))
    types = (
        f'<Override PartName="/{part}" ContentType="{_STRINGS_TYPE if part == STRINGS else _SHEET_TYPE}"/>'
        for part in added
    )
    parts[TYPES] = _listed(parts[TYPES], "Override", "PartName", [f"/{_CHAIN}"], "".join(types))
    tabs = {name: ids[part] for name, part in sheets.items()}
    book = parts[WORKBOOK]
    parts[WORKBOOK] = spliced(book, _workbook(book, template, ours[WORKBOOK], tabs))
    # The list of tabs in the properties would be wrong; without one programs make it.
    if _APP in parts:
        listed = elements(parts[_APP], {"HeadingPairs", "TitlesOfParts"})
        parts[_APP] = spliced(parts[_APP], ((e.start, e.end, b"") for e in listed))


def _listed(data: bytes, tag: str, key: str, gone: list[str], new: str) -> bytes:
    """A list of parts without those `gone`, with `new` at its end."""
    found = elements(data, {tag})
    edits: list[Edit] = [(e.start, e.end, b"") for e in found if e.attributes[key] in gone]
    return spliced(data, [*edits, (found[-1].end, found[-1].end, new.encode())])


def _workbook(
    book: bytes, template: Template, ours: bytes, tabs: Mapping[str, str]
) -> Iterator[Edit]:
    """Our tabs and names behind those of the template."""
    found = {
        e.tag: e
        for e in elements(
            book, {"sheets", "definedNames", "calcPr", "externalReferences", "functionGroups"}
        )
    }
    numbers = [int(e.attributes["sheetId"]) for e in elements(book, {"sheet"})]
    lines = "".join(
        f'<sheet name="{name}" sheetId="{max(numbers) + n}" r:id="{i}"/>'
        for n, (name, i) in enumerate(tabs.items(), start=1)
    )
    end = found["sheets"].inner_end
    yield end, end, lines.encode()
    names = "".join(_names(book, template, ours)).encode()
    behind = max(found[tag].end for tag in found.keys() - {"definedNames", "calcPr"})
    listed = found.get("definedNames")
    place = (listed.start, listed.end) if listed else (behind, behind)
    names = b"<definedNames>" + names + b"</definedNames>"
    yield *place, names
    if calculation := found.get("calcPr"):
        tag = book[calculation.start : calculation.end]
        yield calculation.start, calculation.end, tag.replace(b' fullCalcOnLoad="1"', b"")


def _names(book: bytes, template: Template, ours: bytes) -> Iterator[str]:
    """Names of the template, of which one that is ours too holds on its form alone, and ours."""
    own = elements(ours, {"definedName"})
    taken = {
        name_key(e.attributes["name"]).lower() for e in own if "localSheetId" not in e.attributes
    }
    form = template.book.form
    total = False
    for element in elements(book, {"definedName"}):
        name, local = element.attributes["name"], "localSheetId" in element.attributes
        raw = book[element.start : element.end].decode()
        if not local and name_key(name).lower() in taken:
            raw = raw.replace("<definedName", f'<definedName localSheetId="{form.place}"', 1)
        total |= name_key(name) == TOTAL and not local
        yield raw
    if not total:
        cell = next(s.cell for s in template.slots if s.name == TOTAL and s.sheet == form.name)
        yield f'<definedName name="{TOTAL}">{_absolute(form.name, cell)}</definedName>'
    for element in own:
        yield _shifted(ours, element, len(template.book.tabs))


def _absolute(sheet: str, cell: str) -> str:
    """`'通知'!$B$5`, as XML."""
    column, row = re.match(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
    quoted = sheet.replace("'", "''").replace("&", "&amp;").replace("<", "&lt;")
    return f"'{quoted}'!${column}${row}"


def _shifted(ours: bytes, element: Element, tabs: int) -> str:
    raw = ours[element.start : element.end].decode()
    local = element.attributes.get("localSheetId")
    return (
        raw.replace(f'localSheetId="{local}"', f'localSheetId="{int(local) + tabs}"')
        if local
        else raw
    )
