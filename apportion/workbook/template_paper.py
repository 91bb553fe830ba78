"""What of the form comes onto paper: a mark that nobody sees does not mark a draft."""

from collections.abc import Iterator
from typing import NamedTuple

from apportion.workbook.template_areas import Block, corners
from apportion.workbook.template_book import WORKBOOK, Book
from apportion.workbook.template_xml import elements

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
                else f"{_letters(int(own['min']))}:{_letters(int(own['max']))}"
            )


def _letters(column: int) -> str:
    """`AB` for column 28."""
    higher, own = divmod(column - 1, 26)
    return (_letters(higher) if higher else "") + chr(ord("A") + own)


def _holds(block: Block, cell: str) -> bool:
    left, top, right, bottom = block
    column, row, _, _ = corners(cell)
    return left <= column <= right and top <= row <= bottom
