"""Sheet 指標一覧: figures, attendance, weights and helper columns; identical on every invoice."""

from apportion.workbook.paper import (
    LANDSCAPE_WIDTH,
    STAMPS,
    Paper,
    height,
    lines,
    page_breaks,
    wide_enough,
)
from apportion.workbook.plan import Plan
from apportion.workbook.plan_columns import (
    CODE_COLUMN,
    CONSTANT_ROW,
    FIRST_COLUMN,
    FIRST_ROW,
    HEADING_ROW,
    MEMBER_COLUMN,
    NAME_ROW,
    NOTE_ROW,
    ORDER_COLUMN,
    SECOND_ROW,
    SHEET,
    SUM_ROW,
    Column,
    Number,
    value_of,
)
from apportion.workbook.refs import Live
from apportion.workbook.sheet import Sheet

NAME = SHEET
_NOTES = (
    (
        "重み ＝ 参加 ×（定数1 ＋ 定数2 × 指標）。"
        "重みが整数になるように、負担割合と団体数・指標の計から定数を決めています。"
    ),
    (
        "「個別」は県などが一定の割合で負担する額です。"
        "桁・商・積は、大きな数のかけ算とわり算を15桁以内で正確に行うための列です（印刷しません）。"
    ),
)
_LABELS = {
    NAME_ROW: "列の名前",
    HEADING_ROW: "内容",
    NOTE_ROW: "書いてある所・\n使う経費",
    CONSTANT_ROW: "定数1",
    SECOND_ROW: "定数2",
    SUM_ROW: "合計",
}
_FIXED_WIDTHS = (26.0, 48.0, 76.0)
_NARROWEST = 48.0
_SIZE = 9
_ROW_HEIGHT = 12.0
_SCALE = 57
"""Percent at which 54 members fit on one page."""


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper of several pages side by side; the members stand on each of them."""
    widths = [_wide(column) for column in plan.columns]
    outcome = plan.outcome
    Paper(
        title=f"{outcome.year.label} 負担金 指標一覧",
        state=outcome.state,
        widths=(*_FIXED_WIDTHS, *widths),
        landscape=True,
        repeated=(NAME_ROW, SUM_ROW),
        least_scale=_SCALE,
    ).set_up(sheet)
    raw = sheet.raw
    room, names = LANDSCAPE_WIDTH * 100 / _SCALE, sum(_FIXED_WIDTHS)
    blocks = enumerate(widths, start=FIRST_COLUMN)
    raw.set_v_pagebreaks(list(page_breaks(blocks, room, names, names)))
    raw.repeat_columns(ORDER_COLUMN, MEMBER_COLUMN)
    raw.print_area(0, 0, FIRST_ROW + len(plan.places) - 1, _last_printed(plan))
    raw.freeze_panes(FIRST_ROW, FIRST_COLUMN)
    for row, texts in (
        (HEADING_ROW, [column.heading for column in plan.columns]),
        (NOTE_ROW, [column.note for column in plan.columns]),
    ):
        needed = max(map(_lines, texts, widths), default=1)
        sheet.height(row, height(needed, _SIZE))
    for place in range(len(plan.places)):
        sheet.height(FIRST_ROW + place, _ROW_HEIGHT)


def _last_printed(plan: Plan) -> int:
    """Last column on paper: helper columns are for the screen."""
    return max((c.place for c in plan.columns if not c.helper), default=MEMBER_COLUMN)


def _lines(text: str, wide: float) -> int:
    return lines(text, wide, _SIZE)


def write(sheet: Sheet, plan: Plan) -> None:
    """All cells."""
    outcome = plan.outcome
    # Beside the columns that every printed page repeats: there the lines would be cut short.
    top = (f"{outcome.year.label} 指標一覧", STAMPS[outcome.state], *_NOTES)
    for row, (text, style) in enumerate(zip(top, ("title", "warn", "plain", "plain"), strict=True)):
        sheet.text(row, FIRST_COLUMN, text, style)
    for row, label in _LABELS.items():
        sheet.merged(row, ORDER_COLUMN, row, MEMBER_COLUMN, label, "small_head")
    for place, member in enumerate(outcome.members):
        sheet.number(FIRST_ROW + place, ORDER_COLUMN, place + 1, "small_center")
        sheet.text(FIRST_ROW + place, CODE_COLUMN, member.code, "small_code")
        sheet.text(FIRST_ROW + place, MEMBER_COLUMN, member.name, "small_text")
    for column in plan.columns:
        _column(sheet, column)


def _column(sheet: Sheet, column: Column) -> None:
    sheet.text(NAME_ROW, column.place, column.name, "small_head")
    sheet.text(HEADING_ROW, column.place, column.heading, "small_head")
    sheet.text(NOTE_ROW, column.place, column.note, "small_note")
    for row, constant in zip((CONSTANT_ROW, SECOND_ROW), column.constants, strict=True):
        _number(sheet, row, column.place, constant)
    if column.summed:
        total = Live(f"=SUM({column.at(0)}:{column.at(len(column.cells) - 1)})", sum(column.values))
        sheet.formula(SUM_ROW, column.place, total.formula, total.value, "small_bold_money")
    else:
        sheet.blank(SUM_ROW, column.place, "small_money")
    for place, cell in enumerate(column.cells):
        _number(sheet, FIRST_ROW + place, column.place, cell)


def _number(sheet: Sheet, row: int, column: int, number: Number) -> None:
    if number is None:
        sheet.blank(row, column, "small_money")
    elif isinstance(number, Live):
        sheet.formula(row, column, number.formula, number.value, "small_money")
    else:
        sheet.number(row, column, number, "small_money")


def _wide(column: Column) -> float:
    constants = (value_of(constant) or 0 for constant in column.constants)
    numbers = (max(column.values, default=0), sum(column.values) if column.summed else 0)
    texts = [f"{number:,}" for number in (*numbers, *constants)]
    return wide_enough([*texts, column.name, *column.heading.split("\n")], _SIZE, _NARROWEST)
