"""Whether a workbook is built as Excel wants it: what a program that repairs would complain about.

Parts and relations fit together, elements stand in the order of the schema, every number of a
style, a shared string or a sheet exists. Not the whole schema, but what writing by hand gets wrong.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SHEET = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection "
    "protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells "
    "phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins "
    "pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors "
    "smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects controls webPublishItems "
    "tableParts extLst"
)
BOOK = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches extLst"
)
STYLES = (
    "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"
)
HEADER = 255


def faults(book: bytes) -> list[str]:
    """Everything that is wrong with a workbook."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len({name.lower() for name in names}) == len(names)
        parts = {name: archive.read(name) for name in names}
    return list(_Package(parts).faults())


class _Package:
    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self.xml = {
            name: ET.fromstring(data)  # noqa: S314  our own output
            for name, data in parts.items()
            if name.endswith((".xml", ".rels", ".vml"))
        }

    def faults(self) -> Iterator[str]:
        yield from self._types()
        yield from self._relations()
        yield from _order(self.xml["xl/workbook.xml"], BOOK, "workbook")
        yield from self._styles()
        yield from self._book()
        for name, root in self.xml.items():
            if root.tag == f"{MAIN}worksheet":
                yield from _order(root, SHEET, name)
                yield from self._sheet(name, root)

    def _types(self) -> Iterator[str]:
        found = list(self.xml["[Content_Types].xml"])
        whole = [e.get("PartName", "").lstrip("/") for e in found if e.tag.endswith("Override")]
        endings = {e.get("Extension", "").lower() for e in found if e.tag.endswith("Default")}
        yield from (f"type of a missing part: {name}" for name in whole if name not in self.parts)
        yield from (f"type given twice: {name}" for name in whole if whole.count(name) > 1)
        for name in self.parts:
            if name not in whole and name.rpartition(".")[2].lower() not in endings:
                yield f"part without a type: {name}"

    def targets(self, part: str) -> dict[str, str]:
        folder, _, file = part.rpartition("/")
        root = self.xml.get(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, str] = {}
        for element in root if root is not None else ():
            assert element.get("Id") not in found, part
            if element.get("TargetMode") != "External":
                path = posixpath.join("/", folder, element.get("Target", ""))
                found[element.get("Id", "")] = posixpath.normpath(path).lstrip("/")
        return found

    def _relations(self) -> Iterator[str]:
        for name in self.parts:
            targets = self.targets(name)
            yield from (f"{name} -> {t}" for t in targets.values() if t not in self.parts)
            if name in self.xml and not name.endswith(".rels"):
                used = {
                    value
                    for element in self.xml[name].iter()
                    for key, value in element.attrib.items()
                    if key in (f"{REL}id", f"{REL}embed")
                }
                yield from (f"{name}: no relation {i}" for i in used - targets.keys())

    def _children(self, section: str) -> list[ET.Element]:
        found = self.xml["xl/styles.xml"].find(f"{MAIN}{section}")
        return list(found) if found is not None else []

    def _styles(self) -> Iterator[str]:
        root = self.xml["xl/styles.xml"]
        yield from _order(root, STYLES, "styles")
        for section in root:
            if section.get("count") not in (None, str(len(section))):
                yield f"styles: count of {section.tag}"
        formats = [e.get("numFmtId") for e in self._children("numFmts")]
        yield from (f"format {i} twice" for i in formats if formats.count(i) > 1)
        sizes = {f"{k}Id": len(self._children(f"{k}s")) for k in ("font", "fill", "border")}
        for xf in self._children("cellXfs"):
            for key, size in sizes.items():
                if int(xf.get(key, 0)) >= size:
                    yield f"styles: {key} {xf.get(key)}"
            if int(xf.get("numFmtId", 0)) >= 164 and xf.get("numFmtId") not in formats:
                yield f"styles: format {xf.get('numFmtId')}"

    def _book(self) -> Iterator[str]:
        root = self.xml["xl/workbook.xml"]
        sheets = list(root.find(f"{MAIN}sheets") or ())
        for key in ("name", "sheetId", f"{REL}id"):
            values = [sheet.get(key, "").lower() for sheet in sheets]
            yield from (f"sheet {key} {v} twice" for v in set(values) if values.count(v) > 1)
        names = list(root.find(f"{MAIN}definedNames") or ())
        keys = [(n.get("name", "").lower(), n.get("localSheetId")) for n in names]
        yield from (f"name {key} twice" for key in set(keys) if keys.count(key) > 1)
        yield from (f"name {n} of no sheet" for n, at in keys if at and int(at) >= len(sheets))
        selected = [n for n in self.parts if b' tabSelected="1"' in self.parts[n]]
        if len(selected) > 1:
            yield f"sheets selected together: {selected}"

    def _sheet(self, name: str, root: ET.Element) -> Iterator[str]:
        styles, strings = len(self._children("cellXfs")), len(self._strings())
        seen: tuple[int, int] = (0, 0)
        for cell in root.iter(f"{MAIN}c"):
            place = _point(cell.get("r", ""))
            if place <= seen:
                yield f"{name}: {cell.get('r')} out of order"
            seen = place
            if int(cell.get("s", 0)) >= styles:
                yield f"{name}: style of {cell.get('r')}"
            value = cell.findtext(f"{MAIN}v")
            if cell.get("t") == "s" and int(value or -1) >= strings:
                yield f"{name}: string of {cell.get('r')}"
            if cell.find(f"{MAIN}f") is not None and value is None:
                yield f"{name}: no value in {cell.get('r')}"
        dxfs = len(self._children("dxfs"))
        for rule in root.iter(f"{MAIN}cfRule"):
            if int(rule.get("dxfId", 0)) >= max(dxfs, 1):
                yield f"{name}: dxf {rule.get('dxfId')}"
        for element in root.iter():
            if element.tag.endswith(("Header", "Footer")) and len(element.text or "") > HEADER:
                yield f"{name}: header too long"

    def _strings(self) -> list[ET.Element]:
        root = self.xml.get("xl/sharedStrings.xml")
        return list(root) if root is not None else []


def _order(root: ET.Element, schema: str, what: str) -> Iterator[str]:
    names = schema.split()
    found = [child.tag.removeprefix(MAIN) for child in root]
    known = [names.index(name) for name in found if name in names]
    if known != sorted(known):
        yield f"{what}: {found}"


def _point(address: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]+)(\d+)", address)
    assert match, address
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column
