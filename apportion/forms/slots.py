"""Where a template has placeholders: whole cells, cells of a name, and texts that mention them.

A whole cell takes a typed value (a live formula, a date); in a text only the words are exchanged.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.problem import Fault, Source
from apportion.core.text import name_key
from apportion.forms.book import (
    MARK,
    STRINGS,
    STYLES,
    WORKBOOK,
    Book,
    Edit,
    Element,
    TemplateSheet,
    elements,
    opened,
    spliced,
)
from apportion.tables.grid import column_of, letters
from apportion.tables.xlsx_gate import broken

_PART = re.compile(r"\$?([A-Z]*)\$?([0-9]*)")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

Point = tuple[str, int, int]
"""Folded sheet name, column and row."""

Block = tuple[int, int, int, int]
"""First column and row, last column and row."""


def corners(area: str) -> Block:
    """First column and row, last column and row of `B3`, `$A$1:B3`, `A:C` or `1:5`."""
    first, _, last = area.partition(":")
    (a, b), (c, d) = (_point(part) for part in (first, last or first))
    return (
        min(a or 1, c or 1),
        min(b or 1, d or 1),
        max(a, c) or _LAST_COLUMN,
        max(b, d) or _LAST_ROW,
    )


def _point(text: str) -> tuple[int, int]:
    """Column and row of a cell; 0 where a whole row or column is meant."""
    match = _PART.fullmatch(text)
    column, row = (match[1], match[2]) if match else ("", "")
    return column_of(column), int(row or 0)


def point(sheet: str, cell: str) -> Point:
    """A cell, to be compared."""
    return (name_key(sheet), *_point(cell))


TOTAL, STATE, ADDRESSEES = "納入金額", "状態", ("宛先", "団体名")
YEARLY = "Nengaku"
"""Name of the cell of the year's sum on our own form, where less than it is framed."""
PREVIOUS = "内訳n前年度"

ISSUER = ("住所", "発行者", "代表者")
"""Who asks, from top to bottom."""
SAID = (*ISSUER, "発行責任者", "担当者")
TAXES = ("登録番号", "課税対象額", "消費税額")
"""What a 適格請求書 must say; the last two in a sentence are 消費税の内訳."""
TAX_WORDS = "消費税の内訳"
PAYMENT = ("納入場所", "振込先", "口座名義", "口座名義カナ")
_DERIVED = (
    *(STATE, "表題", "宛先", "団体名", "団体コード", "年度", "文書番号", "整理番号", "件名"),
    *("本文", "請求の事由", "根拠", "所属年度", "科目", "課税注記", "備考", "再発行", "公印"),
    *("金額の見出し", "事由の見出し", "変更する通知", "差額の扱い"),
)
DAYS = ("発行日", "第n期納期限", "納期限")
MONEY = (
    *(TOTAL, "合計", "前年度合計", "増減合計", "内訳n負担金額", PREVIOUS, "内訳n増減"),
    *("第n期金額", *TAXES[1:], "不課税額"),
    *("変更前合計", "内訳n変更前", "第n期変更前", "請求済額合計", "内訳n請求済額"),
)
_NUMBERED_TEXTS = ("内訳n事業", "第n期", "第n期区分")
NAMES = (*_DERIVED, *SAID, *PAYMENT, TAXES[0], TAX_WORDS, *DAYS, *MONEY, *_NUMBERED_TEXTS)
"""Every placeholder; n stands for a number from 1."""

_NUMBERED = re.compile(r"(内訳|第)([1-9][0-9]?)(.+)")


def kind_of(name: str) -> tuple[str, int]:
    """`内訳n事業` and 3 for `内訳3事業`; the name and 0 where it has no number."""
    found = _NUMBERED.fullmatch(name_key(name))
    return (f"{found[1]}n{found[3]}", int(found[2])) if found else (name_key(name), 0)


def known(name: str) -> bool:
    """Whether a placeholder of this name exists."""
    kind, number = kind_of(name)
    return kind in NAMES and ("n" in kind) == (number > 0)


_OF_OPTIONAL_ROWS = (
    *PAYMENT,
    *TAXES,
    TAX_WORDS,
    "不課税額",
    "納期限",
    "変更する通知",
    "差額の扱い",
)


def may_be_hidden(name: str) -> bool:
    """Whether a row that is for such placeholders alone is left out while all of them are empty.

    That is a row of a table, or of what a paper does not always say.
    """
    return kind_of(name)[1] > 0 or name_key(name) in _OF_OPTIONAL_ROWS


_AREA = "_xlnm.Print_Area"


class Printed(NamedTuple):
    """Blocks that are printed (none: everything) and blocks that are hidden."""

    areas: tuple[Block, ...]
    hidden: tuple[Block, ...]

    def shows(self, cell: str) -> bool:
        """Whether a cell comes onto paper."""
        inside = not self.areas or any(_holds(area, cell) for area in self.areas)
        return inside and not any(_holds(block, cell) for block in self.hidden)


def printed(book: Book) -> Printed:
    """What of the form is printed."""
    form = book.form
    text = next(
        (
            element.text
            for element in elements(book.parts[WORKBOOK], {"definedName"})
            if element.attributes["name"] == _AREA
            and element.attributes.get("localSheetId") == str(form.place)
        ),
        "",
    )
    areas = (part.rpartition("!")[2] for part in text.split(",") if "!" in part)
    hidden = tuple(_hidden(book.parts[form.part]))
    return Printed(tuple(corners(area) for area in areas), hidden)


def _hidden(sheet: bytes) -> Iterator[Block]:
    for element in elements(sheet, {"row", "col"}):
        own = element.attributes
        if own.get("hidden") in ("1", "true"):
            yield corners(
                f"{own['r']}:{own['r']}"
                if element.tag == "row"
                else f"{letters(int(own['min']))}:{letters(int(own['max']))}"
            )


def _holds(block: Block, cell: str) -> bool:
    left, top, right, bottom = block
    column, row, _, _ = corners(cell)
    return left <= column <= right and top <= row <= bottom


_OPEN = re.compile(r"[{｛]{2}|[}｝]{2}")
_SINGLE = re.compile(r"[{｛]([^{}｛｝<>\"&]{1,80})[}｝]")
_CELL_TAG = re.compile("<c |</c>")
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

    def source(self, file: str) -> Source:
        """The place in a template that was read from `file`."""
        return Source(file=file, sheet=self.sheet, cell=self.cell)


NOWHERE = Place("", "")


def mentions(
    pages: Sequence[TemplateSheet], parts: Mapping[str, bytes]
) -> Iterator[tuple[str, Place]]:
    """Placeholders that stand within a text."""
    for name in text_parts(parts):
        data = parts[name].decode()
        place = _places(pages, name, data)
        for mark in MARK.finditer(data):
            yield name_key(mark[1]), place(mark.start())


def stray(pages: Sequence[TemplateSheet], parts: Mapping[str, bytes]) -> Iterator[Place]:
    """Braces outside cells that belong to no placeholder."""
    for name in text_parts(parts):
        data = MARK.sub(lambda mark: "*" * len(mark[0]), parts[name].decode())
        places = map(_places(pages, name, data), (b.start() for b in _OPEN.finditer(data)))
        yield from (place for place in places if name != STRINGS and not place.cell)


def is_stray(text: str) -> bool:
    """Whether a text has braces that belong to no placeholder."""
    return _OPEN.search(MARK.sub("", text)) is not None


def single(text: str) -> Iterator[str]:
    """Placeholders written with one brace on each side: they would be printed as they are."""
    names = (name_key(mark[1]) for mark in _SINGLE.finditer(MARK.sub("", text)))
    yield from filter(known, names)


def singles(
    pages: Sequence[TemplateSheet], parts: Mapping[str, bytes]
) -> Iterator[tuple[str, Place]]:
    """The same outside cells, with their places."""
    for name in text_parts(parts):
        data = MARK.sub(lambda mark: "*" * len(mark[0]), parts[name].decode())
        at = _places(pages, name, data)
        for mark in _SINGLE.finditer(data):
            place = at(mark.start())
            if name != STRINGS and not place.cell and known(mark[1]):
                yield name_key(mark[1]), place


def text_parts(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Parts with texts in which placeholders are filled."""
    for name in parts:
        if name.startswith(("xl/", "docProps/")) and name.endswith(_TEXTS) and name != WORKBOOK:
            yield name


def _places(pages: Sequence[TemplateSheet], name: str, data: str) -> Callable[[int], Place]:
    """Sheet and cell of a position in a part; the part itself where it is not that of a sheet."""
    sheet = next((page.name for page in pages if page.part == name), None)
    if sheet is None:
        whole = Place(_WHERE.get(name.split("/")[1] if "/" in name else name, name), "")
        return lambda _: whole
    tags = [tag.start() for tag in _CELL_TAG.finditer(data)]

    def place(position: int) -> Place:
        before = bisect_left(tags, position) - 1
        cell = _CELL.match(data, tags[before]) if before >= 0 else None
        return Place(sheet, cell[1] if cell else "")

    return place


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
        sheet = _SheetCells(page, parts[page.part], strings, addresses)
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


class _SheetCells:
    """The cells of one sheet, looked through once."""

    def __init__(
        self,
        page: TemplateSheet,
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
        found, inside = elements(self.data, {"c", "f", "v", "is"}), dict[int, list[Element]]()
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
            place, text = cell.attributes["r"], cell.text if marked else element.text
            own = Place(self.page.name, place), text, element.attributes.get("ref", place)
            self.formulas.append(Formula(*own, worked_out))


def _of_charts(parts: Mapping[str, bytes]) -> Iterator[Formula]:
    """What charts show: they keep the values that they were drawn with."""
    for name, data in parts.items():
        if name.startswith("xl/charts/") and name.endswith(".xml"):
            for element in elements(data, {"f"}):
                yield Formula(Place("グラフ", ""), element.text, "", worked_out=True)
