"""A workbook that somebody drew, opened as parts: what cannot serve as a template is refused."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.parsers import expat

from apportion.tables import xlsx_gate
from apportion.tables.cells import Fault
from apportion.workbook.template_xml import Element, elements, joined, plain

WORKBOOK, TYPES, STYLES = "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"
FORM = "通知"

_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SHEET = "/worksheet"
_ROOTS = {WORKBOOK: b"<workbook", STYLES: b"<styleSheet", STRINGS: b"<sst"}
_SECTIONS = {"fonts", "fills", "borders", "cellXfs"}
_TEXTS = (".xml", ".rels", ".vml")
_RESAVE = "Excel で開き、「Excel ブック (*.xlsx)」で保存し直してください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
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
    pages: tuple[Page, ...]
    tabs: tuple[str, ...]

    @property
    def form(self) -> Page:
        """The sheet that is the bill."""
        return next((page for page in self.pages if page.name == FORM), self.pages[0])

    def drawings(self, page: Page) -> Iterator[str]:
        """Parts that a sheet refers to: drawings, comments."""
        yield from targets(self.parts, page.part).values()


@lru_cache(maxsize=4)
def opened(data: bytes) -> Book | Fault:
    """The workbook as parts, or why it cannot serve."""
    fault = xlsx_gate.refusal(data)
    if fault:
        return fault
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if any(map(_is_strange, names)) or len({name.lower() for name in names}) < len(names):
            return _unfit(
                "ブックの部品の名前が正しくありません。",
                "別の場所を指す名前や、同じ名前があります。",
            )
        parts = {name: archive.read(name) for name in names if not name.endswith("/")}
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
        return _unfit(
            "Excel のブックに必要な部品がありません。", "Excel が保存したブックではないようです。"
        )
    if _KIND.encode() not in parts[TYPES]:
        return _unfit(
            "ふつうの Excel ブックではありません。", "テンプレート（.xltx）などの形式です。"
        )
    if any(name.startswith("_xmlsignatures/") for name in parts):
        return _unfit("ブックに電子署名があります。", "差込みをすると、署名が無効になります。")
    return None


def _book(found: Mapping[str, bytes]) -> Book | Fault:
    for name, data in found.items():
        if name.endswith(_TEXTS):
            _read(data)
    parts = {
        name: joined(plain(data)) if name.endswith(_TEXTS) else data for name, data in found.items()
    }
    if any(not _is_plain(parts[name], root) for name, root in _ROOTS.items() if name in parts):
        return _namespace()
    sections = {element.tag for element in elements(parts[STYLES], _SECTIONS)}
    if sections != _SECTIONS or not _usual(parts):
        return _namespace()
    loose = next((name for name in parts if name.endswith(".rels") and _loose(parts, name)), None)
    if loose is not None:
        return _unfit("ブックの部品が足りません。", f"{loose} が指す部品がありません。")
    return _pages(parts)


def _read(data: bytes) -> None:
    """Raises where a part is not UTF-8, not well-formed, or has a prefix of no namespace."""
    data.decode("utf-8-sig")
    expat.ParserCreate(namespace_separator=" ").Parse(data, True)  # noqa: FBT003 (as everywhere)


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
            pages.append(Page(name=name, part=paths[key], place=place, hidden=hidden))
    alone = len(set(numbers)) == len(numbers) and len({p.part for p in pages}) == len(pages)
    if not alone or not all(_is_plain(parts[page.part], b"<worksheet") for page in pages):
        return _namespace()
    book = Book(parts=parts, pages=tuple(pages), tabs=tuple(tabs))
    if not pages or book.form.hidden:
        why = "シート「通知」か、最初のシートが様式です。"
        return _unfit("様式のシートが見えません。", why, "シートを再表示してください。")
    old = [e for e in elements(parts[WORKBOOK], {"workbookPr"}) if _is_true(e, "date1904")]
    if old:
        option = (
            "「ファイル」→「オプション」→「詳細設定」の「1904年から計算する」を外してください。"
        )
        return _unfit("日付を1904年から数えるブックです。", "日付が4年ずれます。", option)
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


def _namespace() -> Fault:
    return _unfit(
        "Excel とは違う書き方のブックです。",
        "ほかのソフトか、厳密な形式（Strict）で保存されています。",
    )


def _unfit(what: str, why: str, fix: str = _RESAVE) -> Fault:
    return Fault("W702", what, why, fix)
