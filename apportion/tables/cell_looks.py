"""What a person sees of a cell of a workbook: its number format, struck and raised runs, colours."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from apportion.core.problem import Fault, fault
from apportion.tables.cells import digits
from apportion.tables.grid import CellKind, tidy
from apportion.tables.number_format import shown, shown_text

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as ExcelCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.styles.colors import Color

    AnyCell = ExcelCell | MergedCell

_NUMBER = re.compile(r"[-△▲]?[0-9][0-9,]*(\.[0-9]+)?")
_LATIN_END = re.compile(r"[a-zA-Zａ-ｚＡ-Ｚ㍍㌔]$")
_WHITE, _WINDOW = "FFFFFF", 0
"""White as a colour, and as the place of the window's own colour among those of a theme."""


class Look(NamedTuple):
    """Text and kind of a cell as it is seen, the unit shown beside a number, what is to be said."""

    text: str
    kind: CellKind
    unit: str = ""
    fault: Fault | None = None


def of_number(value: float, codes: Sequence[str]) -> Look:
    """A number under its number format; under several, all must show the same."""
    looks = [_under(value, code) for code in codes]
    if all(look == looks[0] for look in looks):
        return looks[0]
    return _refused(fault("W130.format", format="、".join(codes), value=_stored(value)))


def _stored(value: float) -> str:
    found = shown(value, "General")
    assert found is not None
    return found.text


def _under(value: float, code: str) -> Look:
    found = shown(value, code)
    if found is None:
        return _refused(fault("W130.format", format=code, value=_stored(value)))
    if not found.seen and not found.exact:
        return _refused(fault("W130.hidden", format=code, value=_stored(value)))
    if not found.exact:
        return _refused(fault("W130", shown=found.seen, value=_stored(value)))
    if found.is_words:
        return Look(found.seen, CellKind.TEXT)
    told = None if found.seen else fault("W135.zero")
    return Look(found.text, CellKind.NUMBER, found.unit, told)


def of_text(value: object, code: str) -> Look:
    """A text, whose runs may look each in its own way, under its number format."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock  # noqa: PLC0415 (costs time)

    if not isinstance(value, CellRichText):
        return _formatted(tidy(str(value)), code, None)
    runs = [run for run in value if isinstance(run, TextBlock)]
    if any(run.font.strike for run in runs) and not all(
        isinstance(run, TextBlock) and run.font.strike for run in value
    ):
        return _refused(fault("W130.struck", text=tidy(str(value))))
    kept, notes = _without_notes([(str(run), _is_raised(run)) for run in value])
    told = fault("W135.raised", whole=tidy(str(value)), notes=notes, text=kept) if notes else None
    return _formatted(kept, code, told)


def _formatted(text: str, code: str, told: Fault | None) -> Look:
    seen = tidy(shown_text(text, code))
    if text and not seen:
        return _refused(fault("W130.hidden", value=text, format=code))
    return Look(seen, CellKind.TEXT, fault=told)


def printed(cell: "AnyCell") -> str:
    """The cell as it is printed, in a document for people: `1,235`, `△5`, `12.3%`."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = shown(value, cell.number_format)
        return found.seen if found else _stored(value)
    if value is None or isinstance(value, date | time | timedelta):
        return "" if value is None else str(value)
    look = of_text(value, cell.number_format)
    if look.kind is not CellKind.BROKEN:
        return look.text
    # A run that is struck out stays apart from the others, so that no two make one number.
    return " ".join(map(str, value)) if isinstance(value, list) else tidy(str(value))


def _refused(told: Fault) -> Look:
    return Look("", CellKind.BROKEN, fault=told)


def _is_raised(run: object) -> bool:
    font = getattr(run, "font", None)
    return font is not None and font.vertAlign in {"superscript", "subscript"}


def _without_notes(runs: list[tuple[str, bool]]) -> tuple[str, str]:
    """The text without the signs of notes, and these: raised runs at the end or beside a number.

    The 2 of km² belongs to its unit.
    """
    plain = tidy("".join(text for text, raised in runs if not raised))
    notes = "、".join(text.strip() for text, raised in runs if raised and text.strip())
    if _NUMBER.fullmatch(digits(plain)) or _ends_with_note(runs, plain):
        return plain, notes
    return tidy("".join(text for text, _ in runs)), ""


def _ends_with_note(runs: list[tuple[str, bool]], plain: str) -> bool:
    last = [raised for text, raised in runs if text.strip()]
    return bool(last) and last[-1] and sum(last) == 1 and not _LATIN_END.search(plain)


def is_struck(cell: "AnyCell") -> bool:
    """Whether a line goes through the whole cell."""
    return bool(cell.has_style and cell.font.strike)


def is_unseen(cell: "AnyCell") -> bool:
    """Whether the text has the colour of what is behind it, so that nobody sees it."""
    if not cell.has_style or not cell.font.color:
        return False
    fill = cell.fill
    if fill.fill_type not in {None, "solid"}:
        return False
    behind = _colour(fill.fgColor) if fill.fill_type else _WHITE
    return _colour(cell.font.color) == behind


def _colour(colour: "Color") -> object:
    """The colour as something to compare; white, however it is said."""
    if colour.type == "rgb":
        return str(colour.rgb)[-6:].upper()
    if colour.type == "theme" and colour.theme == _WINDOW and not colour.tint:
        return _WHITE
    return colour.type, colour.value, colour.tint
