"""Sheet 計算根拠: how each amount comes about, live, beside the rule that says so.

The formulas are the same on every invoice; the cell 団体コード says whose amounts they give.
"""

from collections.abc import Iterator, Mapping, Sequence

from apportion.core.model import Member
from apportion.workbook.letters import sheet_detail
from apportion.workbook.letters.columns import CODES, NAMES
from apportion.workbook.letters.layout import BASIS, FIRST_BASIS, LETTERS, NUMBERS, Line
from apportion.workbook.letters.plan import Plan, SheetOfPlan
from apportion.workbook.letters.steps import MEMBER_CODE, MEMBER_ORDER, BasisRow
from apportion.workbook.sheets.live import Ref, sum_of
from apportion.workbook.sheets.page import (
    BROKEN_HEIGHT,
    STAMPS,
    Paper,
    height,
    lines,
    page_breaks,
    wide_enough,
)
from apportion.workbook.sheets.sheet import Cells, Sheet

NAME = BASIS

NUMBER, LINE, KIND, FIRST = range(4)
LAST = FIRST + len(LETTERS) - 1
RULE, LEGAL, PLACE = (LINE, 4), (5, 7), (8, LAST)
"""First and last column of the three texts in the third row of a 経費."""
TOLD = (LINE, LAST)
"""First and last column of the text in its fourth row."""

MEMBER_ROW = 2
CODE_CELL, ORDER_CELL = (MEMBER_ROW, 3), (MEMBER_ROW, 8)
_HEADS = ("番号", "経費", "重み\n・値")
_NUMBER_HEADS = (
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
        "端数処理額は、T×w÷W の端数を規則のとおりに処理した額です。"
    ),
    (
        "T×w は桁が大きいため、T ＝ 商×W ＋ 余り と分けて、商×w ＋ 余り×w÷W の整数部分 で計算します"
        "（単位が千円などなら W×単位 で割ります）。"
    ),
    "全団体の端数処理額を合わせて残る額（端数円数）は、剰余の大きい団体から1単位ずつ加えます（負のときは引きます）。",
    "剰余が同じときは、重みの大きい団体、団体コードの小さい団体の順です（規則に別のきまりがある経費を除きます）。",
)
_CODE_NOTES = (
    "団体コードを書きかえると、団体名、この表の式の数、「内訳」と通知の金額が、その団体のものに変わります。",
    "通知の宛名、通知した額、「値」の行、説明の文は変わりません。確かめたあとは元のコードに戻してください。",
)
_OWN_ONLY_NOTES = (
    "個別に決まる額の計、W、端数円数、剰余の順位は、全団体の数から求めた値です。",
    "ほかの団体の指標と重みは載せていないため、計算はこの団体だけ確かめられます。",
)
_LAST_NOTE = (
    "「－」は0、「－ 不参加」は名簿にない経費です。w の求め方は「重み」にあります。"
    "「値」の行は、式にできないため結果だけです。"
)
_FIXED_WIDTHS = (24.0, 138.0, 44.0)
_NARROWEST = 36.0
_HEAD_ROW = FIRST_BASIS - 2
"""Row of the first line of headings; the second stands below it."""
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
        repeated=(_HEAD_ROW, FIRST_BASIS - 1),
    )
    paper.set_up(sheet)
    sheet.raw.freeze_panes(FIRST_BASIS, FIRST)
    for row, points in heights.items():
        sheet.height(row, points)
    room = BROKEN_HEIGHT * 100 / paper.scale
    head = sum(heights[row] for row in range(_HEAD_ROW, FIRST_BASIS))
    above = sum(heights[row] for row in range(FIRST_BASIS))
    sheet.raw.set_h_pagebreaks(list(page_breaks(_blocks(plan, heights), room, above, head)))


def _widths(plan: Plan) -> tuple[float, ...]:
    """Widths of all columns: headings and the longest numbers of any member fit."""
    pairs = zip(plan.longest, _NUMBER_HEADS, strict=True)
    needed = [wide_enough([n, *h.split("\n")], _SIZE, _NARROWEST) for n, h in pairs]
    half = len(LETTERS)
    *numbers, yen = map(max, needed[:half], needed[half:])
    totals = (f"{plan.outcome.total_of(code):,}" for code in plan.places)
    return (*_FIXED_WIDTHS, *numbers, max(yen, wide_enough(totals, _TOTAL_SIZE)))


def _heights(plan: Plan, widths: Sequence[float]) -> dict[int, float]:
    """Height of every row in points."""
    one = height(1, _SIZE)
    heights = dict.fromkeys(range(plan.layout.basis_total + 2), one)
    # The name stands over both rows of numbers.
    heights |= {0: height(1, 16)} | dict.fromkeys(range(_HEAD_ROW, FIRST_BASIS), height(2, _SIZE))
    for line in plan.layout.lines:
        name = line.result.case.line.name
        named = height(lines(name, widths[LINE], _SIZE), _SIZE) / 2
        heights |= dict.fromkeys((line.basis, line.basis + 1), max(one, named))
        heights[line.rule] = height(_text_lines(plan, line, widths), _SIZE)
        if line.told:
            room = sum(widths[TOLD[0] : TOLD[1] + 1])
            needed = max(lines(text, room, _SIZE) for text in plan.told[line.number])
            heights[line.rule + 1] = height(needed, _SIZE)
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
    """Lines of text beside the rule of a 経費."""
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
    notes = (*_NOTES, *(_OWN_ONLY_NOTES if plan.own_only else _CODE_NOTES), _LAST_NOTE)
    for row, note in enumerate(notes, start=MEMBER_ROW + 1):
        sheet.text(row, 0, note, "plain")
    for column, head in enumerate(_HEADS):
        sheet.merged(_HEAD_ROW, column, FIRST_BASIS - 1, column, head, "small_head")
    for place, head in enumerate(_NUMBER_HEADS):
        sheet.text(*_cell(_HEAD_ROW, place), head, "small_head")
    for project in plan.layout.projects:
        sheet.merged(project.heading, 0, project.heading, LAST, project.name, "small_band")
        for line in project.lines:
            _labels(sheet, line, plan)


def write_own(sheet: Cells, plan: Plan, member: Member) -> None:
    """Whose invoice it is, the numbers, and the comparison with 内訳."""
    place = plan.places[member.code]
    order = 1 if plan.own_only else place + 1
    sheet.text(*CODE_CELL, member.code, "small_code")
    name = f"=INDEX({NAMES},{MEMBER_ORDER})"
    sheet.formula(MEMBER_ROW, CODE_CELL[1] + 1, name, member.name, "heading")
    sheet.formula(*ORDER_CELL, f"=MATCH({MEMBER_CODE},{CODES},0)", order, "small_center")
    for line in plan.layout.lines:
        _numbers(sheet, line.basis, plan.rows[line.number], place)
        if line.told:
            sheet.text(line.rule + 1, TOLD[0], plan.told[line.number][place], "small_rule")
    _total(sheet, plan, member)


def _labels(sheet: Cells, line: Line, plan: Plan) -> None:
    row = line.basis
    sheet.number(row, NUMBER, line.number, "small_center")
    sheet.merged(row, LINE, row + 1, LINE, line.result.case.line.name, "small_text")
    sheet.merged(row, KIND, row + 1, KIND, plan.rows[line.number].look, "small_center")
    for below in range(row + 1, line.after):
        sheet.blank(below, NUMBER, "small_center")
    for text, (first, last) in zip(plan.rules[line.number], (RULE, LEGAL, PLACE), strict=True):
        sheet.merged(line.rule, first, line.rule, last, text, "small_rule")
    if line.told:
        sheet.merged(line.rule + 1, TOLD[0], line.rule + 1, TOLD[1], "", "small_rule")


def _cell(row: int, place: int) -> tuple[int, int]:
    """Row and column of a number, or of its heading, below the first `row`."""
    below, across = divmod(place, len(LETTERS))
    return row + below, FIRST + across


def _numbers(sheet: Cells, at: int, row: BasisRow, place: int) -> None:
    cells = zip(row.formulas, row.values[place], strict=True)
    for number, (formula, value) in enumerate(cells):
        style = "small_bold_money" if number == NUMBERS - 1 else "small_money"
        if formula is not None:
            sheet.formula(*_cell(at, number), formula, value, style)
        elif isinstance(value, int):
            sheet.number(*_cell(at, number), value, style)
        else:
            sheet.text(*_cell(at, number), value, style)


def _total(sheet: Cells, plan: Plan, member: Member) -> None:
    """Sum of the rows, and whether it is the total of 内訳."""
    at = plan.layout.basis_total
    sheet.merged(at, 0, at, LAST - 1, "合計", "grand_text")
    charges = [
        Ref(NAME, line.basis + 1, LAST, sheet_detail.own_yen(line.result, member))
        for line in plan.layout.lines
    ]
    total = sum_of(charges, NAME)
    sheet.formula(at, LAST, total.formula, total.value, "grand_money")
    label = f"シート「{sheet_detail.NAME}」の通知した額（値）との照合（経費ごと）"
    sheet.merged(at + 1, 0, at + 1, LAST - 1, label, "text")
    sheet.formula(at + 1, LAST, sheet_detail.same(plan), "一致", "center")


SHEET = SheetOfPlan(NAME, set_up, write_common, write_own)
