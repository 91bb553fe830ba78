"""Sheet 指標一覧: figures, attendance, weights and helper columns of all members.

Identical on every invoice; or (指標一覧: 自団体のみ) with the member's own row alone, where the
totals of all members are values.
"""

from collections.abc import Iterator, Sequence
from math import fsum

from apportion.core.model import Member
from apportion.workbook.letters.naming import of
from apportion.workbook.sheets.page import (
    PORTRAIT_WIDTH,
    STAMP_GAP,
    Paper,
    height,
    lines,
    page_breaks,
    wide_enough,
)
from apportion.workbook.sheets.recorder import Recorder
from apportion.workbook.sheets.sheet import Cells, Sheet
from apportion.workbook.workings.columns import (
    CODE_COLUMN,
    FIGURES,
    FIRST_COLUMN,
    FIRST_ROW,
    HEADING_ROW,
    MEMBER_COLUMN,
    NAME_ROW,
    NOTE_ROW,
    ORDER_COLUMN,
    SUM_ROW,
    Column,
)
from apportion.workbook.workings.plan import Workings

NAME = FIGURES
_NOTES = (
    "指標は基礎数値と規則の表、参加は名簿、重みは「重み」の式によります。",
    "事業のシートと「重み」の式は、これらの列によります。",
)
_LABELS = {
    NAME_ROW: "列の名前",
    HEADING_ROW: "内容",
    NOTE_ROW: "書いてある所・\n使う経費",
    SUM_ROW: "合計",
}
_FIXED_WIDTHS = (26.0, 48.0, 76.0)
_NARROWEST = 48.0
_SIZE = 9
_NOTE_SIZE = 10
_ROW_HEIGHT = 11.6
_SCALE = 90
"""Percent: a font of 9 points is printed with 8; 54 members stand on one page."""


def set_up(sheet: Sheet, drawn: Workings) -> None:
    """Paper of several pages side by side; the members stand on each of them."""
    outcome, widths = drawn.outcome, _widths(drawn)
    Paper(
        title=f"{outcome.year.label} 負担金 計算書　指標一覧",
        stamps=outcome.stamps,
        of=of(outcome),
        widths=(*_FIXED_WIDTHS, *widths),
        repeated=(NAME_ROW, SUM_ROW),
        least_scale=_SCALE,
    ).set_up(sheet)
    raw = sheet.raw
    raw.set_v_pagebreaks(list(_breaks(widths)))
    raw.repeat_columns(ORDER_COLUMN, MEMBER_COLUMN)
    raw.freeze_panes(FIRST_ROW, FIRST_COLUMN)


def _breaks(widths: Sequence[float]) -> Iterator[int]:
    """First columns of new pages: as few pages as possible, about equally full."""
    printed = widths
    room = PORTRAIT_WIDTH * 100 / _SCALE - fsum(_FIXED_WIDTHS)
    starts = list(page_breaks(enumerate(printed, start=FIRST_COLUMN), room, 0, 0))
    for tight in range(int(max(printed, default=0)), int(room)):
        even = list(page_breaks(enumerate(printed, start=FIRST_COLUMN), tight, 0, 0))
        if len(even) == len(starts):
            yield from even
            return
    yield from starts


def _lines(text: str, wide: float) -> int:
    return lines(text, wide, _SIZE)


def blocks(drawn: Workings) -> Iterator[Recorder]:
    """The headings, and a row for each member."""
    sheet, outcome, widths = Recorder(), drawn.outcome, _widths(drawn)
    # Beside the columns that every printed page repeats: there the lines would be cut short.
    top = (f"{outcome.year.label} 指標一覧", STAMP_GAP.join(outcome.stamps), *_NOTES)
    for row, (text, style) in enumerate(zip(top, ("title", "warn", "plain", "plain"), strict=True)):
        sheet.text(row, FIRST_COLUMN, text, style)
    for row, label in _LABELS.items():
        sheet.merged(row, ORDER_COLUMN, row, MEMBER_COLUMN, label, "small_head")
    for row, texts in (
        (HEADING_ROW, [column.heading for column in drawn.columns]),
        (NOTE_ROW, [column.note for column in drawn.columns]),
    ):
        sheet.height(row, height(max(map(_lines, texts, widths), default=2), _SIZE))
    for column in drawn.columns:
        _head(sheet, column)
    yield sheet
    for place, member in enumerate(outcome.members):
        own = Recorder()
        _member(own, drawn.columns, member, place)
        yield own


def _head(sheet: Cells, column: Column) -> None:
    sheet.text(NAME_ROW, column.place, column.name, "small_head")
    sheet.text(HEADING_ROW, column.place, column.heading, "small_head")
    sheet.text(NOTE_ROW, column.place, column.note, "small_note")
    last = FIRST_ROW + len(column.cells)
    total = f"=SUM({column.letter}{FIRST_ROW + 1}:{column.letter}{last})"
    sheet.formula(SUM_ROW, column.place, total, sum(column.values), "small_bold_money")


def _member(sheet: Cells, columns: Sequence[Column], member: Member, place: int) -> None:
    row = FIRST_ROW + place
    sheet.number(row, ORDER_COLUMN, place + 1, "small_center")
    sheet.text(row, CODE_COLUMN, member.code, "small_code")
    sheet.text(row, MEMBER_COLUMN, member.name, "small_text")
    sheet.height(row, _ROW_HEIGHT)
    for column in columns:
        number, formula = column.cells[place], column.formula(row)
        if number is None:
            sheet.blank(row, column.place, "small_money")
        elif formula:
            sheet.formula(row, column.place, formula, number, "small_money")
        else:
            sheet.number(row, column.place, number, "small_money")


def _widths(drawn: Workings) -> list[float]:
    """Widths of the columns: their numbers fit, and together the lines above them do."""
    widths = [_wide(column) for column in drawn.columns]
    room = wide_enough(_NOTES, _NOTE_SIZE)
    more = max((room - fsum(widths)) / max(len(widths), 1), 0)
    return [wide + more for wide in widths] or [room]


def _wide(column: Column) -> float:
    texts = [f"{sum(column.values):,}"]
    return wide_enough([*texts, column.name, *column.heading.split("\n")], _SIZE, _NARROWEST)
