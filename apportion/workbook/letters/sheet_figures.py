"""Sheet 指標一覧: figures, attendance, weights and helper columns of all members.

Identical on every invoice; or (指標一覧: 自団体のみ) with the member's own row alone, where the
totals of all members are values.
"""

from collections.abc import Iterator, Sequence

from apportion.core.model import Member
from apportion.workbook.letters.columns import (
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
from apportion.workbook.letters.plan import Plan, SheetOfPlan
from apportion.workbook.sheets.page import (
    PORTRAIT_WIDTH,
    STAMPS,
    Paper,
    height,
    lines,
    page_breaks,
    wide_enough,
)
from apportion.workbook.sheets.sheet import Cells, Sheet

NAME = FIGURES
_NOTES = (
    "指標は基礎数値と規則の表、参加は名簿、重みは「重み」の式によります。",
    "桁・商・積は、桁の大きい計算のための列です（印刷しません）。",
)
_OWN_ONLY = "ほかの団体の行は載せていません。合計は全団体の計（値）です。"
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


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper of several pages side by side; the members stand on each of them."""
    outcome, widths = plan.outcome, _widths(plan)
    Paper(
        title=f"{outcome.year.label} 負担金 指標一覧",
        state=outcome.state,
        widths=(*_FIXED_WIDTHS, *widths),
        repeated=(NAME_ROW, SUM_ROW),
        least_scale=_SCALE,
    ).set_up(sheet)
    raw = sheet.raw
    raw.set_v_pagebreaks(list(_breaks(plan, widths)))
    raw.repeat_columns(ORDER_COLUMN, MEMBER_COLUMN)
    raw.print_area(0, 0, FIRST_ROW + _size(plan) - 1, _last_printed(plan))
    raw.freeze_panes(FIRST_ROW, FIRST_COLUMN)
    for row, texts in (
        (HEADING_ROW, [column.heading for column in plan.columns]),
        (NOTE_ROW, [column.note for column in plan.columns]),
    ):
        needed = max(map(_lines, texts, widths), default=1)
        sheet.height(row, height(max(needed, 2), _SIZE))
    for row in range(_size(plan)):
        sheet.height(FIRST_ROW + row, _ROW_HEIGHT)


def _breaks(plan: Plan, widths: Sequence[float]) -> Iterator[int]:
    """First columns of new pages: as few pages as possible, about equally full."""
    printed = widths[: _last_printed(plan) - FIRST_COLUMN + 1]
    room = PORTRAIT_WIDTH * 100 / _SCALE - sum(_FIXED_WIDTHS)
    starts = list(page_breaks(enumerate(printed, start=FIRST_COLUMN), room, 0, 0))
    for tight in range(int(max(printed, default=0)), int(room)):
        even = list(page_breaks(enumerate(printed, start=FIRST_COLUMN), tight, 0, 0))
        if len(even) == len(starts):
            yield from even
            return
    yield from starts


def _size(plan: Plan) -> int:
    """Rows of members."""
    return 1 if plan.own_only else len(plan.places)


def _last_printed(plan: Plan) -> int:
    """Last column on paper: helper columns are for the screen."""
    return max((c.place for c in plan.columns if not c.helper), default=FIRST_COLUMN)


def _lines(text: str, wide: float) -> int:
    return lines(text, wide, _SIZE)


def write_common(sheet: Cells, plan: Plan) -> None:
    """What every member reads here: all cells, or all but those of its own row."""
    outcome = plan.outcome
    notes = (_OWN_ONLY, _NOTES[1]) if plan.own_only else _NOTES
    # Beside the columns that every printed page repeats: there the lines would be cut short.
    top = (f"{outcome.year.label} 指標一覧", STAMPS[outcome.state], *notes)
    for row, (text, style) in enumerate(zip(top, ("title", "warn", "plain", "plain"), strict=True)):
        sheet.text(row, FIRST_COLUMN, text, style)
    labels = _LABELS | ({SUM_ROW: "全団体の計（値）"} if plan.own_only else {})
    for row, label in labels.items():
        sheet.merged(row, ORDER_COLUMN, row, MEMBER_COLUMN, label, "small_head")
    for column in plan.columns:
        _head(sheet, column, own_only=plan.own_only)
    if not plan.own_only:
        for place, member in enumerate(outcome.members):
            _member(sheet, plan.columns, member, place, FIRST_ROW + place)


def write_own(sheet: Cells, plan: Plan, member: Member) -> None:
    """The one row of the member, where the others' figures are not shown."""
    if plan.own_only:
        _member(sheet, plan.columns, member, plan.places[member.code], FIRST_ROW)


def _head(sheet: Cells, column: Column, *, own_only: bool) -> None:
    sheet.text(NAME_ROW, column.place, column.name, "small_head")
    sheet.text(HEADING_ROW, column.place, column.heading, "small_head")
    sheet.text(NOTE_ROW, column.place, column.note, "small_note")
    whole = sum(column.values)
    if not column.summed:
        sheet.blank(SUM_ROW, column.place, "small_money")
    elif own_only:
        sheet.number(SUM_ROW, column.place, whole, "small_bold_money")
    else:
        last = FIRST_ROW + len(column.cells)
        total = f"=SUM({column.letter}{FIRST_ROW + 1}:{column.letter}{last})"
        sheet.formula(SUM_ROW, column.place, total, whole, "small_bold_money")


def _member(sheet: Cells, columns: Sequence[Column], member: Member, place: int, row: int) -> None:
    sheet.number(row, ORDER_COLUMN, row - FIRST_ROW + 1, "small_center")
    sheet.text(row, CODE_COLUMN, member.code, "small_code")
    sheet.text(row, MEMBER_COLUMN, member.name, "small_text")
    for column in columns:
        _number(sheet, row, column, place)


def _number(sheet: Cells, row: int, column: Column, place: int) -> None:
    number, formula = column.cells[place], column.singles.get(place) or column.formula(row)
    if number is None:
        sheet.blank(row, column.place, "small_money")
    elif formula:
        sheet.formula(row, column.place, formula, number, "small_money")
    else:
        sheet.number(row, column.place, number, "small_money")


def _widths(plan: Plan) -> list[float]:
    """Widths of the columns: their numbers fit, and together the lines above those printed do."""
    widths = [_wide(column) for column in plan.columns]
    printed = [place for place, column in enumerate(plan.columns) if not column.helper]
    room = wide_enough((*_NOTES, _OWN_ONLY), _NOTE_SIZE)
    more = (room - sum(widths[place] for place in printed)) / max(len(printed), 1)
    for place in printed:
        widths[place] += max(more, 0)
    return widths or [room]


def _wide(column: Column) -> float:
    numbers = (max(column.values, default=0), sum(column.values) if column.summed else 0)
    texts = [f"{number:,}" for number in numbers]
    return wide_enough([*texts, column.name, *column.heading.split("\n")], _SIZE, _NARROWEST)


SHEET = SheetOfPlan(NAME, set_up, write_common, write_own)
