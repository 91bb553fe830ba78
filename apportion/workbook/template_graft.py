"""Our sheets put behind those of a template: one workbook, in which the template keeps everything."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from apportion.text import name_key
from apportion.workbook import template_styles, template_width
from apportion.workbook.template_book import (
    STRINGS,
    STYLES,
    TYPES,
    WORKBOOK,
    kinds_of,
    rels_of,
)
from apportion.workbook.template_names import DAYS, MONEY, TOTAL, kind_of
from apportion.workbook.template_slots import Slot, Template
from apportion.workbook.template_styles import Styles
from apportion.workbook.template_xml import Edit, Element, elements, spliced

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHAIN, _APP = "xl/calcChain.xml", "docProps/app.xml"
_TAG = re.compile(rb"<(?:c|row|col) [^>]*>")
_STYLE = re.compile(rb' (s|style)="(\d+)"')
_STRING = re.compile(rb'(<c [^>]*t="s"[^>]*><v>)(\d+)(?=</v>)')
_DXF = re.compile(rb' dxfId="(\d+)"')
_COUNTS = re.compile(rb' (?:count|uniqueCount)="\d+"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Grafted:
    """Parts of the workbook, the part of each of our sheets by name, and the slots to be filled."""

    parts: Mapping[str, bytes]
    sheets: Mapping[str, str]
    slots: tuple[Slot, ...]


def grafted(template: Template, package: bytes) -> Grafted:
    """A template with the sheets of `package`, a workbook of ours without pictures."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        ours = {name: archive.read(name) for name in archive.namelist()}
    parts = {name: data for name, data in template.book.parts.items() if name != _CHAIN}
    wanted = [(slot.style, kind) for slot in template.slots if (kind := _type_of(slot.name))]
    styles = template_styles.merged(parts[STYLES], ours[STYLES], wanted)
    digit = template_styles.digit_pixels(parts[STYLES])
    strings = len(elements(parts.get(STRINGS, b"<sst/>"), {"si"}))
    names = [e.attributes["name"] for e in elements(ours[WORKBOOK], {"sheet"})]
    free = _free(parts)
    sheets = {name: f"xl/worksheets/sheet{free + n}.xml" for n, name in enumerate(names)}
    areas = template_width.areas(ours[WORKBOOK])
    for number, part in enumerate(sheets.values()):
        sheet = ours[f"xl/worksheets/sheet{number + 1}.xml"]
        numbered = _renumbered(sheet, styles, strings, template_styles.OUR_DIGIT / digit)
        parts[part] = template_width.fitted(numbered, areas.get(number))
    parts[STYLES] = styles.data
    added = [*sheets.values()] if STRINGS in parts else [*sheets.values(), STRINGS]
    parts[STRINGS] = _together(parts.get(STRINGS), ours[STRINGS])
    _declare(parts, template, ours, sheets, added)
    slots = tuple(_typed(slot, styles) for slot in template.slots)
    return Grafted(parts=parts, sheets=sheets, slots=slots)


def _type_of(name: str) -> str:
    kind, _ = kind_of(name)
    return "day" if kind in DAYS else "money" if kind in MONEY else ""


def _typed(slot: Slot, styles: Styles) -> Slot:
    return slot._replace(style=styles.typed.get((slot.style, _type_of(slot.name)), slot.style))


def _free(parts: Mapping[str, bytes]) -> int:
    """First number that no sheet of the template bears."""
    numbers = (re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name) for name in parts)
    return max((int(match[1]) for match in numbers if match), default=0) + 1


def _renumbered(sheet: bytes, styles: Styles, strings: int, wider: float) -> bytes:
    """One of our sheets with the numbers that its styles and strings have in the template."""

    def moved(tag: re.Match[bytes]) -> bytes:
        styled = _STYLE.sub(lambda m: b' %b="%d"' % (m[1], int(m[2]) + styles.first), tag[0])
        return template_width.wider(styled, wider)

    sheet = _TAG.sub(moved, sheet).replace(b' tabSelected="1"', b"")
    sheet = _STRING.sub(lambda m: m[1] + b"%d" % (int(m[2]) + strings), sheet)
    return _DXF.sub(lambda m: b' dxfId="%d"' % (int(m[1]) + styles.first_dxf), sheet)


def _together(template: bytes | None, ours: bytes) -> bytes:
    """Shared strings of both."""
    if template is None:
        return _COUNTS.sub(b"", ours, count=2)
    [own] = elements(ours, {"sst"})
    [root] = elements(template, {"sst"})
    start = _COUNTS.sub(b"", template[: root.inner]).removesuffix(b"/>").removesuffix(b">")
    body = template[root.inner : root.inner_end] + ours[own.inner : own.inner_end]
    return start + b">" + body + b"</sst>"


def _declare(
    parts: dict[str, bytes],
    template: Template,
    ours: Mapping[str, bytes],
    sheets: Mapping[str, str],
    added: list[str],
) -> None:
    """Enter the new parts where a workbook lists its parts."""
    relations = rels_of(WORKBOOK)
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
    """Our tabs and names behind those of the template; everything is worked out when opened."""
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
    calculation = found.get("calcPr")
    if calculation is None:
        last = listed.end if listed else behind
        yield *place, names + (b'<calcPr fullCalcOnLoad="1"/>' if last == place[1] else b"")
        return
    yield *place, names
    tag = book[calculation.start : calculation.end].replace(b' fullCalcOnLoad="1"', b"")
    yield calculation.start, calculation.end, tag.replace(b"<calcPr", b'<calcPr fullCalcOnLoad="1"')


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
