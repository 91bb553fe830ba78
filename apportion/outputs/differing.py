"""Where a file says otherwise than the one that is made anew: by sheet and cell as far as it can be read."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from apportion.core.sums import grouped
from apportion.tables.grid import letters
from apportion.workbook.sheets.grid import DAMAGED, sheets
from apportion.workbook.sheets.package import STRINGS

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STYLES, _BOOK = "xl/styles.xml", "xl/workbook.xml"
_ASPECTS = {"numFmtId": "表示形式", "fontId": "書体", "fillId": "塗り", "borderId": "罫線"}
_TABLES = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_PARTS = {
    **dict.fromkeys(("printOptions", "pageMargins", "pageSetup"), "印刷の設定"),
    **dict.fromkeys(("rowBreaks", "colBreaks"), "改ページ"),
    **dict.fromkeys(("sheetPr", "sheetViews", "sheetFormatPr", "dimension"), "シートの見え方"),
    "headerFooter": "ヘッダーとフッター",
    "conditionalFormatting": "条件付き書式",
    "dataValidations": "入力規則",
    "mergeCells": "セルの結合",
    "hyperlinks": "リンク",
    "ignoredErrors": "無視する誤り",
    "drawing": "図",
    "sheetProtection": "シートの保護",
}
_SPARE = 1_000_000
"""Bytes by which a part may be larger than the one that is made anew before it is not read at all."""


class Difference(NamedTuple):
    """A place (`cell` empty: of the sheet, `sheet` too: of the file), and what stands there and should."""

    sheet: str
    cell: str
    what: str
    written: str = ""
    anew: str = ""

    def __str__(self) -> str:
        place = "!".join(filter(None, (self.sheet, self.cell)))
        sides = f": {_quoted(self.anew)} → {_quoted(self.written)}"
        return " ".join(filter(None, (place, self.what))) + sides * (self.written != self.anew)


_LONGEST = 60


def _quoted(text: str) -> str:
    """A value on one line, not longer than a line."""
    plain = " ".join(text.split())
    short = f"{plain[:_LONGEST]}…" if len(plain) > _LONGEST else plain
    return f"「{short}」" if short else "なし"


def differences(name: str, written: bytes, anew: bytes) -> list[Difference]:
    """All places; none where only the packing of equal parts is another one."""
    if name.endswith(".csv"):
        return list(_of_table(written, anew)) or [Difference("", "", "書き方")]
    if name.endswith(".zip"):
        return list(_of_archive(written, anew))
    try:
        return list(_of_book(written, anew))
    except DAMAGED:
        return [Difference("", "", "ブックとして読めません")]


def _of_table(written: bytes, anew: bytes) -> Iterator[Difference]:
    """Cells of a CSV; its first row has the headings."""
    found, made = (
        list(csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"), newline="")))
        for data in (written, anew)
    )
    heads = made[0]
    for line, rows in enumerate(zip_longest(found, made, fillvalue=()), start=1):
        for at, (old, new) in enumerate(zip_longest(*rows, fillvalue="")):
            if old != new:
                yield Difference(
                    "", f"{letters(at + 1)}{line}", "".join(heads[at : at + 1]), old, new
                )


def _of_archive(written: bytes, anew: bytes) -> Iterator[Difference]:
    """Files of an archive."""
    try:
        found, made = _unpacked(written, anew), _unpacked(anew, anew)
    except DAMAGED:
        yield Difference("", "", "zip として読めません")
        return
    for name in sorted(found.keys() | made.keys()):
        if found.get(name) != made.get(name):
            yield Difference("", "", f"中の {name}")


def _unpacked(package: bytes, anew: bytes) -> dict[str, bytes]:
    """Parts of a package by name; what is larger than it can be is not unpacked."""
    most = len(anew) * 50 + _SPARE
    with ZipFile(io.BytesIO(package)) as book:
        sizes = Counter({one.filename: one.file_size for one in book.infolist()})
        if len(sizes) != len(book.infolist()) or sizes.total() > most:
            raise ValueError(most)
        return {name: book.read(name) for name in sizes}


def _of_book(written: bytes, anew: bytes) -> Iterator[Difference]:
    found, made = BookParts(_unpacked(written, anew)), BookParts(_unpacked(anew, anew))
    parts = [n for n in {**made.parts, **found.parts} if found.parts.get(n) != made.parts.get(n)]
    shared = {STRINGS, _STYLES} & set(parts)
    told = list(_of_names(found, made)) if _BOOK in parts else []
    for sheet, part in made.sheets.items():
        if found.sheets.get(sheet) == part and (shared or part in parts):
            told += _of_sheet(sheet, found, made)
    yield from told
    known = {*made.sheets.values()} & {*found.sheets.values()}
    for part in parts:
        # What no cell shows is told as a part: a style that nothing has, a colour of a condition.
        if part not in {*known, _BOOK, *(shared if told else ())} or not told:
            yield Difference("", "", f"部品 {part}")


class BookParts:
    """A workbook as its parts; `sheets` are parts by the name of the sheet."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Part of each sheet."""
        return dict(sheets(self.parts.__getitem__))

    @cached_property
    def strings(self) -> Sequence[str]:
        """Shared texts, with their runs where a part of one has a look of its own."""
        if STRINGS not in self.parts:
            return ()
        root = _parsed(self.parts[STRINGS])
        return [_text(one) for one in root]

    @cached_property
    def styles(self) -> Sequence[Mapping[str, str]]:
        """What each style of cells looks like, by aspect."""
        root = _parsed(self.parts[_STYLES])
        formats = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iter(f"{_MAIN}numFmt")}
        tables = {key: list(map(_said, _below(root, t))) for key, t in _TABLES.items()}
        return [_look(one, formats, tables) for one in _below(root, "cellXfs")]

    def cells(self, sheet: str) -> tuple[dict[str, ET.Element], dict[str, str], dict[str, str]]:
        """Cells of a sheet; its rows without them; and all else of it, by its tag."""
        root = _parsed(self.parts[self.sheets[sheet]])
        rows = list(root.iter(f"{_MAIN}row"))
        cells = {cell.get("r", ""): cell for row in rows for cell in row}
        own = {row.get("r", ""): str(sorted(row.attrib.items())) for row in rows}
        rest = {one.tag: "" for one in root if one.tag != f"{_MAIN}sheetData"}
        for one in root:
            if one.tag in rest:
                rest[one.tag] += _said(one)
        return cells, own, rest

    def facts(self, cell: ET.Element | None) -> dict[str, str]:
        """Value, formula and look of a cell, by name."""
        if cell is None:
            return {}
        value, formula = cell.find(f"{_MAIN}v"), cell.find(f"{_MAIN}f")
        text = (value.text or "") if value is not None else "".join(cell.itertext())
        if cell.get("t") == "s":
            text = self.strings[int(text)]
        return {
            "": text,
            "値の種類": cell.get("t", "n").replace("inlineStr", "s"),
            "式": (formula.text or "") if formula is not None else "",
            **({"式の範囲": str(formula.attrib)} if formula is not None and formula.attrib else {}),
            **self.styles[int(cell.get("s", 0))],
        }


def _parsed(part: bytes) -> ET.Element:
    return ET.fromstring(part)  # noqa: S314  expat 2.4.1 and later stops entities that grow


def _below(root: ET.Element, tag: str) -> Sequence[ET.Element]:
    """What a table of the root holds."""
    found = root.find(f"{_MAIN}{tag}")
    return () if found is None else list(found)


def _said(element: ET.Element) -> str:
    return ET.tostring(element, encoding="unicode")


def _text(item: ET.Element) -> str:
    """A shared text; one of several runs with their looks."""
    plain = item.find(f"{_MAIN}t")
    return (plain.text or "") if plain is not None and len(item) == 1 else _said(item)


def _look(
    style: ET.Element, formats: Mapping[str | None, str], tables: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    number = style.get("numFmtId", "0")
    look = {"表示形式": formats.get(number, number), "配置と保護": "".join(map(_said, style))}
    return look | {_ASPECTS[key]: own[int(style.get(key, 0))] for key, own in tables.items()}


def _of_sheet(sheet: str, found: BookParts, made: BookParts) -> Iterator[Difference]:
    cells, rows, rest = found.cells(sheet)
    own, own_rows, own_rest = made.cells(sheet)
    for place in {**own, **cells}:
        old, new = found.facts(cells.get(place)), made.facts(own.get(place))
        for what in {**new, **old}:
            if old.get(what, "") != new.get(what, ""):
                yield _shown(sheet, place, what, old.get(what, ""), new.get(what, ""))
    for row in {**own_rows, **rows}:
        if rows.get(row) != own_rows.get(row):
            yield Difference(sheet, "", f"{row}行目の高さか表示")
    for tag in {**own_rest, **rest}:
        if rest.get(tag) != own_rest.get(tag):
            name = tag.rpartition("}")[2]
            yield Difference(
                sheet, "", _PARTS.get(name, "列の幅か表示" if name == "cols" else name)
            )


def _shown(sheet: str, cell: str, what: str, old: str, new: str) -> Difference:
    """A difference of a cell; looks are XML, which nobody reads."""
    xml = any(side.startswith("<") for side in (old, new))
    return Difference(sheet, cell, what, *(() if xml else (old, new)))


def _of_names(found: BookParts, made: BookParts) -> Iterator[Difference]:
    """What the workbook says of its sheets (hidden, their order) and of its names (print areas)."""
    old, new = (Counter(_said_of_book(one)) for one in (found, made))
    lost, more = (grouped(_keyed(one.elements())) for one in (new - old, old - new))
    for sheet, what in {**lost, **more}:
        sides = (texts.get((sheet, what), ()) for texts in (more, lost))
        for written, anew in zip_longest(*sides, fillvalue=""):
            yield Difference(sheet, "", what, written, anew)


def _keyed(said: Iterable["SaidOfBook"]) -> Iterator[tuple[tuple[str, str], str]]:
    return (((one.sheet, one.what), one.text) for one in said)


class SaidOfBook(NamedTuple):
    """What a workbook says of a sheet, or (`sheet` empty) of itself."""

    sheet: str
    what: str
    text: str


def _said_of_book(book: BookParts) -> Iterator[SaidOfBook]:
    root = _parsed(book.parts[_BOOK])
    listed = [one.get("name", "") for one in _below(root, "sheets")]
    for number, sheet in enumerate(_below(root, "sheets"), start=1):
        state = sheet.get("state", "")
        yield SaidOfBook(sheet.get("name", ""), "順番か表示", f"{number}番目 {state}")
    for name in _below(root, "definedNames"):
        own = name.get("localSheetId")
        more = "" if name.get("hidden") is None else " 非表示"
        of = listed[int(own)] if own is not None else ""
        yield SaidOfBook(of, f"名前 {name.get('name')}", f"{name.text}{more}")
    for part in root:
        if part.tag not in {f"{_MAIN}sheets", f"{_MAIN}definedNames"}:
            yield SaidOfBook("", f"ブックの {part.tag.rpartition('}')[2]}", _said(part))
