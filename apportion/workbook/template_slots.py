"""Where a template has placeholders: whole cells, cells of a name, and texts that mention them.

A whole cell takes a typed value (a live formula, a date); in a text only the words are exchanged.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from apportion.tables.cells import Fault
from apportion.tables.xlsx_gate import broken
from apportion.text import name_key
from apportion.workbook.template_book import STRINGS, STYLES, WORKBOOK, Book, Page, opened
from apportion.workbook.template_names import known
from apportion.workbook.template_paper import Printed, printed
from apportion.workbook.template_texts import Place, is_stray, mentions, single, singles, stray
from apportion.workbook.template_xml import MARK, Edit, Element, elements, spliced

_ADDRESS = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?"
)


class Slot(NamedTuple):
    """A whole cell that takes a value: its placeholder, and the number of its style."""

    name: str
    sheet: str
    cell: str
    style: int


class Formula(NamedTuple):
    """A formula of the template; `area` is the block that shares it."""

    place: Place
    text: str
    area: str
    worked_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template with its placeholders.

    `texts` are the placeholders within texts with their place, `stray` braces without a partner,
    `single` those that have one brace on each side,
    `adrift` names of placeholders that are not the name of one cell, with what they refer to;
    `paper` is what of the form is printed.
    """

    book: Book
    slots: tuple[Slot, ...]
    texts: tuple[tuple[str, Place], ...]
    stray: tuple[Place, ...]
    single: tuple[tuple[str, Place], ...]
    adrift: tuple[tuple[str, str], ...]
    formulas: tuple[Formula, ...]
    paper: Printed


@lru_cache(maxsize=4)
def read(data: bytes) -> Template | Fault:
    """The template, or why this workbook cannot be one."""
    book = opened(data)
    if isinstance(book, Fault):
        return book
    try:
        return _read(book)
    except (KeyError, ValueError, IndexError):
        return broken()


def _read(book: Book) -> Template:
    addresses, adrift = _addresses(book)
    strings = _strings(book.parts)
    parts = dict(book.parts)
    slots: list[Slot] = []
    formulas: list[Formula] = []
    loose: list[Place] = []
    lone: list[tuple[str, Place]] = []
    for page in book.pages:
        sheet = _Sheet(page, parts[page.part], strings, addresses)
        parts[page.part] = spliced(sheet.data, sheet.edits())
        slots += sheet.slots
        formulas += sheet.formulas
        loose += sheet.stray
        lone += sheet.single
    _refuse_unknown(slots, count_of(book.parts[STYLES]))
    if STRINGS in parts:
        parts[STRINGS] = _emptied(parts[STRINGS])
    filled = {(slot.sheet, slot.cell) for slot in slots}
    lost = [(name, "!".join(at)) for at, name in addresses.items() if at not in filled]
    return Template(
        book=replace(book, parts=parts),
        slots=tuple(slots),
        texts=tuple(mentions(book.pages, parts)),
        stray=(*loose, *stray(book.pages, parts)),
        single=(*lone, *singles(book.pages, parts)),
        adrift=(*adrift, *lost),
        formulas=(*formulas, *_of_charts(parts)),
        paper=printed(book),
    )


def _refuse_unknown(slots: Sequence[Slot], styles: int) -> None:
    """Raises where a cell has a style that is not there."""
    if any(not 0 <= slot.style < styles for slot in slots):
        raise ValueError


def count_of(styles: bytes) -> int:
    """How many styles of cells there are."""
    found = elements(styles, {"cellXfs", "xf"})
    whole = next(element for element in found if element.tag == "cellXfs")
    return sum(whole.holds(element) for element in found)


def _addresses(book: Book) -> tuple[dict[tuple[str, str], str], list[tuple[str, str]]]:
    """Placeholders by the sheet and cell that bear their name; names that are not those of a cell."""
    merged = {page.name: _merged(book.parts[page.part]) for page in book.pages}
    cells: dict[tuple[str, str], str] = {}
    adrift = []
    for name, text in names_of(book):
        match = _ADDRESS.fullmatch(text)
        sheet = (match[1] or match[2]).replace("''", "'") if match else ""
        first = f"{match[3]}{match[4]}" if match else ""
        area = f"{first}:{match[5]}{match[6]}" if match and match[5] else first
        if sheet in merged and (area == first or area in merged[sheet]):
            cells[sheet, first] = name
        else:
            adrift.append((name, text))
    return cells, adrift


def names_of(book: Book) -> Iterator[tuple[str, str]]:
    """Names of the workbook that are placeholders, and what they refer to."""
    for element in elements(book.parts[WORKBOOK], {"definedName"}):
        if known(element.attributes["name"]):
            yield name_key(element.attributes["name"]), element.text


def _merged(data: bytes) -> set[str]:
    return {element.attributes["ref"] for element in elements(data, {"mergeCell"})}


class _String(NamedTuple):
    inner: bytes
    text: str


def _strings(parts: Mapping[str, bytes]) -> Sequence[_String]:
    """Shared strings: their XML and their text."""
    data = parts.get(STRINGS, b"<sst/>")
    return [_String(data[e.inner : e.inner_end], e.text) for e in elements(data, {"si"})]


def _emptied(data: bytes) -> bytes:
    """Shared strings without those that hold placeholders: no cell refers to them any more."""
    found = [e for e in elements(data, {"si"}) if MARK.search(e.text)]
    return spliced(data, ((e.start, e.end, b"<si><t/></si>") for e in found))


class _Sheet:
    """The cells of one sheet, looked through once."""

    def __init__(
        self,
        page: Page,
        data: bytes,
        strings: Sequence[_String],
        addresses: Mapping[tuple[str, str], str],
    ) -> None:
        self.page, self.data = page, data
        self.slots: list[Slot] = []
        self.formulas: list[Formula] = []
        self.stray: list[Place] = []
        self.single: list[tuple[str, Place]] = []
        self._strings, self._addresses = strings, addresses

    def edits(self) -> Iterator[Edit]:
        """Cells that hold placeholders, written so that they can be filled."""
        found = elements(self.data, {"c", "f", "v", "is"})
        inside: dict[int, list[Element]] = {}
        cells = [element for element in found if element.tag == "c"]
        cell = None
        for element in found:
            if element.tag == "c":
                cell = element
            elif cell is not None and cell.holds(element):
                inside.setdefault(cell.start, []).append(element)
        for cell in cells:
            yield from self._cell(cell, {e.tag: e for e in inside.get(cell.start, [])})

    def _cell(self, cell: Element, inside: Mapping[str, Element]) -> Iterator[Edit]:
        address, style = cell.attributes["r"], int(cell.attributes.get("s", 0))
        if "f" in inside:
            self._formula(cell, inside["f"], worked_out="v" in inside)
            return
        string = self._string(cell, inside)
        marks = MARK.findall(string.text)
        if is_stray(string.text):
            self.stray.append(Place(self.page.name, address))
        self.single += ((name, Place(self.page.name, address)) for name in single(string.text))
        named = self._addresses.get((self.page.name, address))
        start = f'<c r="{address}" s="{style}"'.encode()
        if named or (len(marks) == 1 and MARK.fullmatch(string.text.strip())):
            name = name_key(marks[0]) if marks else named or ""
            self.slots.append(Slot(name, self.page.name, address, style))
            yield cell.start, cell.end, start + b"/>"
        elif marks:
            inner = b' t="inlineStr"><is>' + string.inner + b"</is></c>"
            yield cell.start, cell.end, start + inner

    def _string(self, cell: Element, inside: Mapping[str, Element]) -> _String:
        kind = cell.attributes.get("t", "n")
        if kind == "s" and "v" in inside:
            return self._strings[int(inside["v"].text)]
        if kind == "inlineStr" and "is" in inside:
            element = inside["is"]
            return _String(self.data[element.inner : element.inner_end], element.text)
        return _String(b"", "")

    def _formula(self, cell: Element, element: Element, *, worked_out: bool) -> None:
        marked = bool(MARK.search(cell.text))
        if element.text or element.attributes.get("t") != "shared" or marked:
            place = Place(self.page.name, cell.attributes["r"])
            area = element.attributes.get("ref", place.cell)
            text = cell.text if marked else element.text
            self.formulas.append(Formula(place, text, area, worked_out))


def _of_charts(parts: Mapping[str, bytes]) -> Iterator[Formula]:
    """What charts show: they keep the values that they were drawn with."""
    for name, data in parts.items():
        if name.startswith("xl/charts/") and name.endswith(".xml"):
            for element in elements(data, {"f"}):
                yield Formula(Place("グラフ", ""), element.text, "", worked_out=True)
