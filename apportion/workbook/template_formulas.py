"""Formulas of a template: does one give the same result on every bill?

Its result stands in the file as it was worked out when the template was drawn. Where it rests on a
cell that is filled, on the clock or on something not understood here, that result would be wrong.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from apportion.text import name_key
from apportion.workbook.template_areas import Point, corners
from apportion.workbook.template_slots import Formula
from apportion.workbook.template_xml import MARK

_STRING = re.compile(r'"(?:[^"]|"")*"')
_CELL = r"\$?[A-Z]{1,3}\$?[0-9]+"
_REFERENCE = re.compile(
    r"(?<![\w.])(?:'((?:[^']|'')+)'!|([^\W\d][\w.]*)!)?"
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


class Filled(NamedTuple):
    """The cells that are filled, and what the names of the workbook refer to."""

    cells: Collection[Point]
    names: Mapping[str, str]

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
        text = self.names.get(name_key(word))
        return text is None or self._rests(text, sheet, spread, depth + 1)

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
