"""What of a template would go wrong in the workbook: formulas, names, page headers."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field

from apportion.core.dataclass import dataclass
from apportion.core.problem import Problem, Source, tell
from apportion.core.text import name_key
from apportion.forms.book import MARK, WORKBOOK, elements
from apportion.forms.slots import Formula, Place, Point, Template, corners, point

_STRING = re.compile(r'"(?:[^"]|"")*"')
_CELL = r"\$?[A-Z]{1,3}\$?[0-9]+"
_REFERENCE = re.compile(
    r"(?<![\w.'])(?:'((?:[^']|'')+)'!|([^\W\d][\w.]*)!)?"
    rf"({_CELL}(?::{_CELL})?|\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}|\$?[0-9]+:\$?[0-9]+)(?![\w(.!])"
)
_WORD = re.compile(r"([^\W\d_][\w.]*|_[\w.]+)(\s*\()?")
_CHANGING = {
    *("NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY"),
    *("INDIRECT", "OFFSET", "CELL", "INFO"),
}
_CONSTANTS = {"TRUE", "FALSE"}
_NOT_UNDERSTOOD = ("[", ":", "!")
_DEEPEST = 8
_MOST_FORMULAS = 100_000


@dataclass(frozen=True)
class Filled:
    """The cells that are filled, and what the names of the workbook refer to."""

    cells: Collection[Point]
    names: Mapping[str, str]
    _known: dict[tuple[object, ...], bool] = field(default_factory=dict)
    """What is known of the names: they may use one another many times over."""

    def changes(self, formula: Formula) -> bool:
        """Whether the result may differ from bill to bill."""
        if MARK.search(formula.text):
            return True
        left, top, right, bottom = corners(formula.area or "A1")
        return self._rests(formula.text, formula.place.sheet, (right - left, bottom - top), 0)

    def _rests(self, text: str, sheet: str, spread: tuple[int, int], depth: int) -> bool:
        """`spread`: columns and rows that a shared formula goes on to the right and below."""
        bare = _STRING.sub(" ", text)
        if any(self._meets(match, sheet, spread) for match in _REFERENCE.finditer(bare)):
            return True
        rest = _REFERENCE.sub(" ", bare)
        if depth > _DEEPEST or any(sign in rest for sign in _NOT_UNDERSTOOD):
            return True
        return any(
            self._unsteady(match[1], sheet, spread, depth, called=bool(match[2]))
            for match in _WORD.finditer(rest)
        )

    def _unsteady(
        self, word: str, sheet: str, spread: tuple[int, int], depth: int, *, called: bool
    ) -> bool:
        """A function or a name that may give something else on another bill."""
        if called or word.upper() in _CONSTANTS:
            return word.upper().rpartition(".")[2] in _CHANGING
        name = name_key(word)
        text = self.names.get(name)
        if text is None:
            return True
        place = (name, sheet, spread, depth)
        if place not in self._known:
            self._known[place] = self._rests(text, sheet, spread, depth + 1)
        return self._known[place]

    def _meets(self, match: re.Match[str], sheet: str, spread: tuple[int, int]) -> bool:
        """Whether a reference holds a filled cell."""
        own = (match[1] or "").replace("''", "'") or match[2] or sheet
        if ":" in own:
            return True  # a reference through several sheets
        left, top, right, bottom = corners(match[3])
        right, bottom = right + spread[0], bottom + spread[1]
        key = name_key(own)
        return any(
            key == name and left <= column <= right and top <= row <= bottom
            for name, column, row in self.cells
        )


OURS = ("内訳", "計算のあらまし")
"""Sheets that every invoice has behind its form."""

HEADER_ROOM, MOST_HEADER = 60, 255
"""Signs that a value may have in a page header, and that Excel takes there in all."""

_HEADERS = {f"{which}{part}" for which in ("odd", "even", "first") for part in ("Header", "Footer")}


def book_problems(file: str, template: Template) -> Iterator[Problem]:
    """Everything of this kind."""
    yield from _formulas(file, template)
    yield from _sheets(file, template)
    yield from _headers(file, template)


def _formulas(file: str, template: Template) -> Iterator[Problem]:
    """Formulas whose result would be that of the template, not that of the bill."""
    cells = [(slot.sheet, slot.cell) for slot in template.slots]
    cells += [place for _, place in template.texts if place.cell]
    names = {
        name_key(element.attributes["name"]): element.text
        for element in elements(template.book.parts[WORKBOOK], {"definedName"})
    }
    filled = Filled({point(*cell) for cell in cells}, names)
    if sum(len(formula.text) for formula in template.formulas) > _MOST_FORMULAS:
        yield tell("W702.formulas", Source(file=file), most=_MOST_FORMULAS)
        return
    for formula in template.formulas:
        if not formula.worked_out:
            yield tell("W707.unsaved", formula.place.source(file))
        elif filled.changes(formula):
            yield tell("W707.changing", formula.place.source(file), formula=formula.text[:40])


def _sheets(file: str, template: Template) -> Iterator[Problem]:
    """Sheets that bear the name of one of ours."""
    ours: Mapping[str, str] = {name_key(name).lower(): name for name in OURS}
    for tab in template.book.tabs:
        if name_key(tab).lower() in ours:
            listed = "、".join(f"「{name}」" for name in OURS)
            yield tell("W708.sheet", Place(tab, "").source(file), tab=tab, ours=listed)


def _headers(file: str, template: Template) -> Iterator[Problem]:
    """Page headers and footers that would become too long."""
    for page in template.book.pages:
        for element in elements(template.book.parts[page.part], _HEADERS):
            marks = len(MARK.findall(element.text))
            longest = len(MARK.sub("", element.text)) + marks * HEADER_ROOM
            if marks and longest > MOST_HEADER:
                place = Place(page.name, "").source(file)
                yield tell("W702.headers", place, most=MOST_HEADER, room=HEADER_ROOM)
