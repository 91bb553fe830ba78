"""Sheet 計算根拠: how each amount comes about, live, beside the rule that says so.

The formulas are the same on every invoice; the cell 団体コード says whose amounts they give.
"""

from collections.abc import Iterator, Mapping, Sequence

from apportion.model import Member
from apportion.workbook import invoice_lines
from apportion.workbook.paper import (
    LANDSCAPE_HEIGHT,
    STAMPS,
    Paper,
    height,
    lines,
    page_breaks,
    wide_enough,
)
from apportion.workbook.plan import Plan
from apportion.workbook.plan_columns import CODES
from apportion.workbook.plan_formulas import MEMBER_CODE
from apportion.workbook.plan_layout import BASIS, FIRST_BASIS, LETTERS, Line
from apportion.workbook.plan_rows import Row
from apportion.workbook.sheet import Cells, Sheet

NAME = BASIS

NUMBER, LINE, KIND, FIRST = range(4)
LAST = FIRST + len(LETTERS) - 1
RULE, LEGAL, PLACE = (LINE, 6), (7, 10), (11, LAST)
"""First and last column of the three texts in the second row of a 経費."""
TOLD = (LINE, LAST)
"""First and last column of the text in its third row."""

MEMBER_ROW = 2
CODE_CELL, ORDER_CELL = (MEMBER_ROW, 3), (MEMBER_ROW, 8)
_HEADS = (
    "番号",
    "経費",
    "重み\n・値",
    "負担総額\n（全団体）",
    "個別に決まる\n額の計",
    "配分総額\nT",
    "重みの合計\nW",
    "当団体の重み\nw",
    "商\nT÷W",
    "余り\nT－商×W",
    "端数処理額\n（円）",
    "剰余\n余り×w÷Wの余り",
    "端数円数\n（円）",
    "剰余の\n順位",
    "加算",
    "個別に\n決まる額",
    "負担金額\n（円）",
)
_NOTES = (
    (
        "負担金額 ＝ 端数処理額 ＋ 加算 ＋ 個別に決まる額。"
        "端数処理額は、T×w÷W の単位未満を切り捨てた額です（規則に四捨五入・切上げとあればその額）。"
    ),
    (
        "T×w は桁が大きいため、T ＝ 商×W ＋ 余り と分けて、商×w ＋ 余り×w÷W の整数部分 で計算します。"
        "端数の単位が千円などのときは、W の代わりに W×単位 で割り、単位を掛けます。"
    ),
    "全団体の端数処理額を合わせて残る額（端数円数）は、剰余の大きい団体から1単位ずつ加えます（負のときは引きます）。",
    "剰余が同じときは、重みの大きい団体、団体コードの小さい団体の順です（規則に別のきまりがある経費を除きます）。",
)
_CODE_NOTE = (
    "重み w の求め方は「重み」、全団体の重みは「指標一覧」にあります。"
    "上の団体コードを書きかえると、ほかの団体の計算も確かめられます。"
)
_OWN_ONLY = (
    "重み w の求め方は「重み」にあります。個別に決まる額の計、W、端数円数、剰余の順位は、"
    "全団体の数から求めた値です。"
)
_LAST_NOTE = (
    "「－」は0です。「－ 不参加」は名簿にない経費です。"
    "「値」の行は、式で正確に表せないため結果を示し、下に計算の順を書いています。"
)
_FIXED_WIDTHS = (24.0, 138.0, 40.0)
_NARROWEST = 36.0
_HEAD_ROW = FIRST_BASIS - 1
_SIZE = 9
_TOTAL_SIZE = 10


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper and row heights; no 経費 is torn between two pages."""
    outcome = plan.outcome
    widths = _widths(plan)
    heights = _heights(plan, widths)
    paper = Paper(
        title=f"{outcome.year.label} 負担金 計算根拠",
        state=outcome.state,
        widths=widths,
        landscape=True,
        repeated=(_HEAD_ROW, _HEAD_ROW),
    )
    paper.set_up(sheet)
    sheet.raw.freeze_panes(FIRST_BASIS, FIRST)
    for row, points in heights.items():
        sheet.height(row, points)
    room, head = LANDSCAPE_HEIGHT * 100 / paper.scale, heights[_HEAD_ROW]
    above = sum(heights[row] for row in range(FIRST_BASIS))
    sheet.raw.set_h_pagebreaks(list(page_breaks(_blocks(plan, heights), room, above, head)))


def _widths(plan: Plan) -> tuple[float, ...]:
    """Widths of all columns: headings and the longest numbers of any member fit."""
    pairs = zip(plan.longest, _HEADS[FIRST:], strict=True)
    *numbers, yen = (wide_enough([n, *h.split("\n")], _SIZE, _NARROWEST) for n, h in pairs)
    totals = (f"{plan.outcome.total_of(code):,}" for code in plan.places)
    return (*_FIXED_WIDTHS, *numbers, max(yen, wide_enough(totals, _TOTAL_SIZE)))


def _heights(plan: Plan, widths: Sequence[float]) -> dict[int, float]:
    """Height of every row in points."""
    one = height(1, _SIZE)
    heights = dict.fromkeys(range(plan.layout.basis_total + 2), one)
    heights |= {0: height(1, 16), _HEAD_ROW: height(3, _SIZE)}
    for line in plan.layout.lines:
        name = line.result.case.line.name
        heights[line.basis] = height(lines(name, widths[LINE], _SIZE), _SIZE)
        heights[line.basis + 1] = height(_text_lines(plan, line, widths), _SIZE)
        if line.told:
            room = sum(widths[TOLD[0] : TOLD[1] + 1])
            needed = max(lines(text, room, _SIZE) for text in plan.told[line.number])
            heights[line.basis + 2] = height(needed, _SIZE)
    return heights


def _blocks(plan: Plan, heights: Mapping[int, float]) -> Iterator[tuple[int, float]]:
    """First row and height of what stays together: a 経費 with the 事業 above it, and 合計."""
    for project in plan.layout.projects:
        first = project.heading
        for line in project.lines:
            yield first, sum(heights[row] for row in range(first, line.after))
            first = line.after
    total = plan.layout.basis_total
    yield total, heights[total] + heights[total + 1]


def _text_lines(plan: Plan, line: Line, widths: Sequence[float]) -> int:
    """Lines of text in the second row of a 経費."""
    texts = zip(plan.rules[line.number], (RULE, LEGAL, PLACE), strict=True)
    needed = (lines(text, sum(widths[a : b + 1]), _SIZE) for text, (a, b) in texts)
    return max(needed)


def write_common(sheet: Cells, plan: Plan) -> None:
    """Headings, names and rules: what every member reads here."""
    outcome = plan.outcome
    sheet.text(0, 0, f"{outcome.year.label} 負担金の計算根拠", "title")
    sheet.text(1, 0, STAMPS[outcome.state], "warn")
    sheet.merged(MEMBER_ROW, LINE, MEMBER_ROW, KIND, "団体コード", "small_head")
    label = "行" if plan.own_only else "団体順"
    sheet.text(MEMBER_ROW, ORDER_CELL[1] - 1, label, "small_head")
    notes = (*_NOTES, _OWN_ONLY if plan.own_only else _CODE_NOTE, _LAST_NOTE)
    for row, note in enumerate(notes, start=MEMBER_ROW + 1):
        sheet.text(row, 0, note, "plain")
    for column, head in enumerate(_HEADS):
        sheet.text(_HEAD_ROW, column, head, "small_head")
    for project in plan.layout.projects:
        sheet.merged(project.heading, 0, project.heading, LAST, project.name, "small_band")
        for line in project.lines:
            _labels(sheet, line, plan)


def write_own(sheet: Cells, plan: Plan, member: Member) -> None:
    """Whose invoice it is, the numbers, and the comparison with 内訳."""
    place = plan.places[member.code]
    order = 1 if plan.own_only else place + 1
    sheet.text(*CODE_CELL, member.code, "small_code")
    sheet.text(MEMBER_ROW, CODE_CELL[1] + 1, member.name, "heading")
    sheet.formula(*ORDER_CELL, f"=MATCH({MEMBER_CODE},{CODES},0)", order, "small_center")
    for line in plan.layout.lines:
        _numbers(sheet, line.basis, plan.rows[line.number], place)
        if line.told:
            sheet.text(line.basis + 2, TOLD[0], plan.told[line.number][place], "small_rule")
    _total(sheet, plan, member)


def _labels(sheet: Cells, line: Line, plan: Plan) -> None:
    row = line.basis
    sheet.number(row, NUMBER, line.number, "small_center")
    sheet.text(row, LINE, line.result.case.line.name, "small_text")
    sheet.text(row, KIND, plan.rows[line.number].look, "small_center")
    sheet.blank(row + 1, NUMBER, "small_center")
    for text, (first, last) in zip(plan.rules[line.number], (RULE, LEGAL, PLACE), strict=True):
        sheet.merged(row + 1, first, row + 1, last, text, "small_rule")
    if line.told:
        sheet.blank(row + 2, NUMBER, "small_center")
        sheet.merged(row + 2, TOLD[0], row + 2, TOLD[1], "", "small_rule")


def _numbers(sheet: Cells, at: int, row: Row, place: int) -> None:
    cells = zip(row.formulas, row.values[place], strict=True)
    for column, (formula, value) in enumerate(cells, start=FIRST):
        style = "small_bold_money" if column == LAST else "small_money"
        if formula is not None:
            sheet.formula(at, column, formula, value, style)
        elif isinstance(value, int):
            sheet.number(at, column, value, style)
        else:
            sheet.text(at, column, value, style)


def _total(sheet: Cells, plan: Plan, member: Member) -> None:
    """Sum of the rows, and whether it is the total of 内訳."""
    at, billed = plan.layout.basis_total, invoice_lines.total(plan, member)
    letter = LETTERS[-1]
    sheet.merged(at, 0, at, LAST - 1, "合計", "grand_text")
    total = f"=SUM({letter}{FIRST_BASIS + 1}:{letter}{at})"
    sheet.formula(at, LAST, total, billed.value, "grand_money")
    label = f"シート「{invoice_lines.NAME}」の合計との照合"
    sheet.merged(at + 1, 0, at + 1, LAST - 1, label, "text")
    same = f'=IF({letter}{at + 1}={billed.on(NAME)},"一致","不一致")'
    sheet.formula(at + 1, LAST, same, "一致", "center")
