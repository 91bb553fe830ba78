"""Sheet 重み: how the weight of each 経費 comes from the member's figures, live.

The formulas are the same on every invoice; only what the member's own figures give differs.
"""

from collections.abc import Sequence

from apportion.core.model import Member
from apportion.workbook.letters.plan import Plan, SheetOfPlan
from apportion.workbook.letters.steps import MEMBER_ORDER
from apportion.workbook.letters.weights import (
    CONSTANT,
    FIRST_ROW,
    KEPT,
    MULTIPLE,
    OWN_FIGURE,
    OWN_PART,
    PRODUCT,
    RATIO,
    SUM,
    WEIGHT,
    WEIGHTS,
    Derived,
    WeightColumn,
)
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

NAME = WEIGHTS
_COLUMNS = "ABCDEFGHIJKLM"
_HEADS = (
    "重み",
    "使う経費",
    "配分の基準",
    "割合の\n比 a",
    "指標一覧の列",
    "列の計（全団体）\nS",
    "通分する数\nL（値）",
    "定数\nc＝a×L÷S",
    "当団体の\n参加",
    "当団体の\n指標",
    "c×参加×指標",
    "割り直し\nの対象",
    "当団体の重み\nw",
)
_NOTES = (
    "配分額は、基準ごとに「割合×参加×指標÷S」（均等割は「割合×参加÷S」）を合わせた割合で決まります。",
    (
        "分数のままでは正確に計算できないため、どの定数 c も整数になる最小の数 L を掛け、"
        "整数の重み w ＝（c×参加×指標）の計 にしています。比は変わりません。"
    ),
    (
        "L は、この年度の参加と指標に合わせた数です。指標や参加を書きかえると c が整数でなくなることがあり、"
        "そのときは L も求め直す必要があります。"
    ),
    (
        "a は割合の比（20%と80%なら 1と4）、S は参加×指標の全団体の計、"
        "重みの合計 W は「計算根拠」にあります。"
    ),
    "「割り直しの対象」は、上限・下限にかかった団体（額は別に決まります）と負担のない団体が0、ほかが1です。",
)
_OWN_ONLY = "全団体の計 S は、値です（ほかの団体の指標は載せていません）。"
_VALUE = (
    "値: 1団体ごとの額や割合を含む規則、または桁数の大きい指標のため、"
    "正確な負担割合の比を整数で示します。"
)
_BLOCKS = "規則の表・式で決まる指標（「指標一覧」の列ごとに、規則の文のとおり）"
_NONE = "重みで分ける経費はありません。計算の順は「計算根拠」の各行にあります。"
_WIDTHS = {"B": 70.0, "C": 112.0, "E": 62.0}
_NARROWEST = 40.0
_HEAD_ROW = FIRST_ROW - 1
_SIZE = 9


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper and row heights."""
    widths = _widths(plan)
    heights = _heights(plan, widths)
    paper = Paper(
        title=f"{plan.outcome.year.label} 負担金 重み",
        state=plan.outcome.state,
        widths=widths,
        landscape=True,
        repeated=(_HEAD_ROW, _HEAD_ROW),
    )
    paper.set_up(sheet)
    sheet.raw.freeze_panes(FIRST_ROW, 1)
    for row, points in heights.items():
        sheet.height(row, points)
    blocks = [row for row, _ in _blocks(plan)[:1]]
    starts = sorted({weight.row for weight in plan.weights}.union(blocks)) or [FIRST_ROW]
    ends = [*starts[1:], max(heights) + 1]
    parts = ((a, sum(heights[i] for i in range(a, b))) for a, b in zip(starts, ends, strict=True))
    above = sum(heights[row] for row in range(FIRST_ROW))
    room = BROKEN_HEIGHT * 100 / paper.scale
    sheet.raw.set_h_pagebreaks(list(page_breaks(parts, room, above, heights[_HEAD_ROW])))


def _heights(plan: Plan, widths: Sequence[float]) -> dict[int, float]:
    """Height of every row in points."""
    rows = [term.row for weight in plan.weights for term in weight.terms]
    last = max(
        (*rows, *(w.row for w in plan.weights), *(row for row, _ in _blocks(plan)), FIRST_ROW)
    )
    heights = dict.fromkeys(range(last + 1), height(1, _SIZE))
    heights |= {0: height(1, 16), _HEAD_ROW: height(2, _SIZE)}
    for weight in plan.weights:
        used = lines(weight.used, widths[1], _SIZE)
        heights[weight.row] = height(used, _SIZE)
        for term in weight.terms:
            needed = lines(term.label, widths[2], _SIZE)
            if term.row == weight.row:
                needed = max(needed, used)
            heights[term.row] = height(needed, _SIZE)
    for row, text in _blocks(plan):
        heights[row] = height(lines(text, sum(widths), _SIZE), _SIZE)
    return heights


def _blocks(plan: Plan) -> list[tuple[int, str]]:
    """What is said below the table of the blocks behind the figures, by row."""
    first = FIRST_ROW + max(sum(weight.rows for weight in plan.weights), 1) + 1
    return [*enumerate((_BLOCKS, *plan.blocks), start=first)] if plan.blocks else []


def _widths(plan: Plan) -> tuple[float, ...]:
    """Widths of all columns: headings and the longest number of any member fit."""
    longest = {
        SUM: [term.sum for weight in plan.weights for term in weight.terms],
        MULTIPLE: [weight.multiple for weight in plan.weights],
        CONSTANT: [term.constant for weight in plan.weights for term in weight.terms],
        OWN_FIGURE: [max(t.figure.values) for w in plan.weights for t in w.terms if t.figure],
        PRODUCT: (weights := [max(weight.column.values) for weight in plan.weights]),
        WEIGHT: weights,
    }
    return tuple(
        _WIDTHS.get(letter) or _wide(head, longest.get(letter, ()))
        for letter, head in zip(_COLUMNS, _HEADS, strict=True)
    )


def _wide(head: str, numbers: Sequence[int]) -> float:
    texts = (*head.split("\n"), *(f"{number:,}" for number in numbers))
    return wide_enough(texts, _SIZE, _NARROWEST)


def write_common(sheet: Cells, plan: Plan) -> None:
    """Headings, and what makes up each weight."""
    outcome = plan.outcome
    sheet.text(0, 0, f"{outcome.year.label} 重みの求め方", "title")
    sheet.text(1, 0, STAMPS[outcome.state], "warn")
    notes = (*_NOTES[:-1], _NOTES[-1] + (_OWN_ONLY if plan.own_only else ""))
    for row, note in enumerate(notes, start=2):
        sheet.text(row, 0, note, "plain")
    for column, head in enumerate(_HEADS):
        sheet.text(_HEAD_ROW, column, head, "small_head")
    for weight in plan.weights:
        _labels(sheet, weight, own_only=plan.own_only)
    for row, text in _blocks(plan):
        sheet.merged(row, 0, row, len(_COLUMNS) - 1, text, "small_rule")
    if not plan.weights:
        sheet.merged(FIRST_ROW, 0, FIRST_ROW, len(_COLUMNS) - 1, _NONE, "small_text")


def write_own(sheet: Cells, plan: Plan, member: Member) -> None:
    """What the member's own figures give."""
    place = plan.places[member.code]
    for weight in plan.weights:
        for term in weight.terms:
            _own_term(sheet, term, place)
        _own_weight(sheet, weight, place)


def _labels(sheet: Cells, weight: WeightColumn, *, own_only: bool) -> None:
    sheet.text(weight.row, 0, weight.column.name, "small_center")
    sheet.text(weight.row, 1, weight.used, "small_text")
    if not weight.terms:
        sheet.merged(weight.row, 2, weight.row, _COLUMNS.index(KEPT), _VALUE, "small_rule")
    for term in weight.terms:
        first = term.row == weight.row
        if not first:
            for column in (0, 1, *map(_COLUMNS.index, (MULTIPLE, KEPT, WEIGHT))):
                sheet.blank(term.row, column, "small_text")
        elif weight.kept is None:
            sheet.blank(term.row, _COLUMNS.index(KEPT), "small_text")
        _term(sheet, term, weight, own_only=own_only)


def _term(sheet: Cells, term: Derived, weight: WeightColumn, *, own_only: bool) -> None:
    row, columns = term.row, [c.name for c in (term.attendance, term.figure) if c]
    sheet.text(row, 2, term.label, "small_text")
    sheet.number(row, _COLUMNS.index(RATIO), term.ratio, "small_money")
    sheet.text(row, 4, "×".join(columns), "small_center")
    whole = f"=SUMPRODUCT({','.join(columns)})" if term.figure else f"=SUM({columns[0]})"
    if own_only:
        sheet.number(row, _COLUMNS.index(SUM), term.sum, "small_money")
    else:
        sheet.formula(row, _COLUMNS.index(SUM), whole, term.sum, "small_money")
    if row == weight.row:
        sheet.number(row, _COLUMNS.index(MULTIPLE), weight.multiple, "small_money")
    constant = f"={RATIO}{row + 1}*{MULTIPLE}${weight.row + 1}/{SUM}{row + 1}"
    sheet.formula(row, _COLUMNS.index(CONSTANT), constant, term.constant, "small_money")


def _own_term(sheet: Cells, term: Derived, place: int) -> None:
    row, part = term.row, term.attendance.cells[place] or 0
    product = f"={CONSTANT}{row + 1}*{OWN_PART}{row + 1}"
    value = term.constant * part
    own = f"=INDEX({term.attendance.name},{MEMBER_ORDER})"
    sheet.formula(row, _COLUMNS.index(OWN_PART), own, part, "small_money")
    if term.figure is None:
        sheet.blank(row, _COLUMNS.index(OWN_FIGURE), "small_center")
    else:
        figure = term.figure.cells[place] or 0
        own = f"=INDEX({term.figure.name},{MEMBER_ORDER})"
        sheet.formula(row, _COLUMNS.index(OWN_FIGURE), own, figure, "small_money")
        product, value = f"{product}*{OWN_FIGURE}{row + 1}", value * figure
    sheet.formula(row, _COLUMNS.index(PRODUCT), product, value, "small_money")


def _own_weight(sheet: Cells, weight: WeightColumn, place: int) -> None:
    first, last = weight.row + 1, weight.row + len(weight.terms)
    own = weight.column.cells[place] or 0
    formula = f"SUM({PRODUCT}{first}:{PRODUCT}{last})"
    if not weight.terms:
        formula = f"INDEX({weight.column.name},{MEMBER_ORDER})"
    if weight.kept is not None:
        kept = f"=INDEX({weight.kept.name},{MEMBER_ORDER})"
        sheet.formula(
            weight.row, _COLUMNS.index(KEPT), kept, weight.kept.cells[place] or 0, "small_center"
        )
        formula = f"{KEPT}{first}*{formula}"
    sheet.formula(weight.row, _COLUMNS.index(WEIGHT), f"={formula}", own, "small_bold_money")


SHEET = SheetOfPlan(NAME, set_up, write_common, write_own)
