"""A template filled for one bill after another: drawn once, the same places exchanged each time.

A cell that holds nothing but a placeholder takes the value itself, a live formula for an amount.
Everywhere else (page header, text boxes, title of the document) the words are exchanged.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import NamedTuple

from xlsxwriter.utility import xl_cell_to_rowcol

from apportion.text import name_key
from apportion.workbook.bill import Bill
from apportion.workbook.package import Gaps, Part, deflated, joined
from apportion.workbook.recorder import Recorder, literal, written
from apportion.workbook.refs import Live
from apportion.workbook.template_check_book import HEADER_ROOM
from apportion.workbook.template_graft import Grafted, grafted
from apportion.workbook.template_slots import Slot, Template
from apportion.workbook.template_texts import text_parts
from apportion.workbook.template_values import Value, said, values
from apportion.workbook.template_xml import MARK

_SPOT = re.compile(rf'<c r="([A-Z]+\d+)" s="\d+"/>|(?P<mark>{MARK.pattern})')
_HEADERS = re.compile(r"<headerFooter.*?</headerFooter>", re.DOTALL)
_SIZE = re.compile(r"&amp;\d+$")
_CELL, _HEADER, _SIZED, _LINE = "セル", "ページ", "大きさのあと", "一行"


class Spot(NamedTuple):
    """A place that is filled: a cell (`slot`), or a mention of `name` in a text of some kind."""

    name: str
    kind: str
    slot: Slot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A template with our sheets behind it, ready to be filled.

    `sheets` are the parts of our sheets by name, `gaps` the parts of the template cut at their
    spots, which stand in `spots` by the keys of the gaps.
    """

    template: Template
    parts: Mapping[str, Part]
    sheets: Mapping[str, str]
    gaps: Mapping[str, Gaps]
    spots: Mapping[str, Mapping[str, Spot]]

    def filled(self, bill: Bill) -> dict[str, Part]:
        """The parts that are the bill's own."""
        known = values(bill)
        return {
            part: deflated(part, gaps.filled(_pieces(self.spots[part], known)).encode())
            for part, gaps in self.gaps.items()
        }

    def book(self, bill: Bill) -> bytes:
        """The whole workbook."""
        return joined((dict(self.parts) | self.filled(bill)).values())


def drawn(template: Template, package: bytes) -> Drawn:
    """Put the sheets of `package` behind a template and find the places to be filled."""
    whole = grafted(template, package)
    gaps, spots = {}, {}
    pages = {page.part: page.name for page in template.book.pages}
    for part in text_parts(template.book.parts):
        if part in whole.parts:
            cut, found = _cut(whole, part, pages.get(part))
            if cut.cells:
                gaps[part], spots[part] = cut, found
    return Drawn(
        template=template,
        parts={name: deflated(name, data) for name, data in whole.parts.items()},
        sheets=whole.sheets,
        gaps=gaps,
        spots=spots,
    )


def _cut(whole: Grafted, part: str, sheet: str | None) -> tuple[Gaps, dict[str, Spot]]:
    """A part cut at its spots; `sheet` is its name where it is a sheet."""
    text = whole.parts[part].decode()
    slots = {slot.cell: slot for slot in whole.slots if slot.sheet == sheet}
    header = _HEADERS.search(text) if sheet else None
    spots: dict[str, Spot] = {}
    texts, cells, end = [], [], 0
    for match in _SPOT.finditer(text):
        mark, slot, start = MARK.fullmatch(match[0]), slots.get(match[1]), match.start()
        key = f"{len(spots)}"
        if mark:
            in_header = header is not None and header.start() < start < header.end()
            kind = _kind(text[:start], in_header=in_header, in_sheet=bool(sheet), part=part)
            spots[key] = Spot(name_key(mark[1]), kind)
        elif slot:
            spots[key] = Spot(slot.name, _CELL, slot)
        else:
            continue
        texts.append(text[end:start])
        cells.append((key, match[0]))
        end = match.end()
    return Gaps((*texts, text[end:]), tuple(cells)), spots


def _kind(before: str, *, in_header: bool, in_sheet: bool, part: str) -> str:
    """How a text at this place is written."""
    if in_header:
        return _SIZED if _SIZE.search(before[-8:]) else _HEADER
    inside = before.rfind("<") < before.rfind(">")
    return _CELL if inside and (in_sheet or "comments" in part.lower()) else _LINE


def _pieces(spots: Mapping[str, Spot], known: Mapping[str, Value]) -> dict[str, str]:
    """XML of each spot."""
    return {
        key: _cell(spot.slot, known.get(spot.name, ""))
        if spot.slot
        else _text(said(known.get(spot.name, "")), spot.kind)
        for key, spot in spots.items()
    }


def _cell(slot: Slot, value: Value) -> str:
    """A whole cell with a typed value in the style that it was drawn with."""
    note = Recorder()
    row, column = xl_cell_to_rowcol(slot.cell)
    style = slot.cell
    if isinstance(value, Live):
        note.formula(row, column, value.formula, value.value, style)
    elif isinstance(value, date):
        note.day(row, column, value, style)
    elif isinstance(value, int):
        note.number(row, column, value, style)
    elif value:
        note.text(row, column, value, style)
    else:
        note.blank(row, column, style)
    return written(slot.cell, note.cells[slot.cell], {style: f' s="{slot.style}"'})


def _text(text: str, kind: str) -> str:
    """A mention in a text, as its place needs it."""
    if kind == _CELL:
        return literal(text)
    line = escape(" ".join(_lines(text)))
    if kind == _LINE:
        return line
    # In a header & begins a command, and a digit behind a size would belong to the size.
    short = escape(" ".join(_lines(text))[:HEADER_ROOM].replace("&", "&&"))
    return f" {short}" if kind == _SIZED and short[:1].isdigit() else short


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.split("\n"))
