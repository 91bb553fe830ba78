"""Sheet 重み: how the weights of each 経費 come from the figures, live."""

from collections.abc import Iterator, Sequence
from math import fsum

from apportion.workbook.letters.naming import of
from apportion.workbook.sheets.page import STAMP_GAP, Paper, height, lines, wide_enough
from apportion.workbook.sheets.recorder import Recorder
from apportion.workbook.sheets.sheet import Cells, Sheet
from apportion.workbook.workings.plan import Workings
from apportion.workbook.workings.weights import (
    CONSTANT,
    FIRST_ROW,
    KEPT,
    MULTIPLE,
    RATIO,
    SUM,
    WEIGHTS,
    Derived,
    WeightColumn,
)

NAME = WEIGHTS
_COLUMNS = "ABCDEFGHI"
_HEADS = (
    "重み",
    "使う経費",
    "配分の基準",
    "割合の\n比 a",
    "指標一覧の列",
    "列の計（全団体）\nS",
    "通分する数\nL（値）",
    "定数\nc＝a×L÷S",
    "割り直し\nの対象の列",
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
        "a は割合の比（20%と80%なら 1と4）、S は参加×指標の全団体の計です。"
        "各団体の重み w は「指標一覧」の列にあります。"
    ),
    "「割り直しの対象」は、上限・下限にかかった団体（額は別に決まります）と負担のない団体が0、ほかが1です。",
)
_VALUE = (
    "値: 1団体ごとの額や割合を含む規則、または桁数の大きい指標のため、"
    "正確な負担割合の比を整数で示します。"
)
_BLOCKS = "規則の表・式で決まる指標（「指標一覧」の列ごとに、規則の文のとおり）"
_NONE = "重みで分ける経費はありません。計算は、事業のシートの各行にあります。"
_WIDTHS = {"B": 110.0, "C": 160.0, "E": 70.0, "I": 62.0}
_NARROWEST = 40.0
_HEAD_ROW = FIRST_ROW - 1
_UPRIGHT = 720.0
"""Width in points up to which all columns are readable on an upright page."""
_SIZE = 9


def set_up(sheet: Sheet, drawn: Workings) -> None:
    """Paper."""
    Paper(
        title=f"{drawn.outcome.year.label} 負担金 計算書　重み",
        stamps=drawn.outcome.stamps,
        of=of(drawn.outcome),
        widths=_widths(drawn),
        landscape=fsum(_widths(drawn)) > _UPRIGHT,
        repeated=(_HEAD_ROW, _HEAD_ROW),
    ).set_up(sheet)
    sheet.raw.freeze_panes(FIRST_ROW, 1)


def _widths(drawn: Workings) -> tuple[float, ...]:
    """Widths of all columns: headings and the longest numbers fit."""
    terms = [term for weight in drawn.weights for term in weight.terms]
    longest = {
        SUM: [term.sum for term in terms],
        MULTIPLE: [weight.multiple for weight in drawn.weights],
        CONSTANT: [term.constant for term in terms],
    }
    return tuple(
        _WIDTHS.get(letter) or _wide(head, longest.get(letter, ()))
        for letter, head in zip(_COLUMNS, _HEADS, strict=True)
    )


def _wide(head: str, numbers: Sequence[int]) -> float:
    texts = (*head.split("\n"), *(f"{number:,}" for number in numbers))
    return wide_enough(texts, _SIZE, _NARROWEST)


def blocks(drawn: Workings) -> Iterator[Recorder]:
    """All rows."""
    sheet, outcome, widths = Recorder(), drawn.outcome, _widths(drawn)
    sheet.text(0, 0, f"{outcome.year.label} 重みの求め方", "title")
    sheet.height(0, height(1, 16))
    sheet.text(1, 0, STAMP_GAP.join(outcome.stamps), "warn")
    for row, note in enumerate(_NOTES, start=2):
        sheet.merged(row, 0, row, len(_COLUMNS) - 1, note, "note")
        sheet.height(row, height(lines(note, fsum(widths), _SIZE), _SIZE))
    for column, head in enumerate(_HEADS):
        sheet.text(_HEAD_ROW, column, head, "small_head")
    sheet.height(_HEAD_ROW, height(2, _SIZE))
    for weight in drawn.weights:
        _weight(sheet, weight, widths)
    last = len(_COLUMNS) - 1
    if not drawn.weights:
        sheet.merged(FIRST_ROW, 0, FIRST_ROW, last, _NONE, "small_text")
    first = FIRST_ROW + max(sum(weight.rows for weight in drawn.weights), 1) + 1
    said = (_BLOCKS, *drawn.blocks) if drawn.blocks else ()
    for row, text in enumerate(said, start=first):
        sheet.merged(row, 0, row, last, text, "small_rule")
        sheet.height(row, height(lines(text, fsum(widths), _SIZE), _SIZE))
    yield sheet


def _weight(sheet: Cells, weight: WeightColumn, widths: Sequence[float]) -> None:
    sheet.text(weight.row, 0, weight.column.name, "small_center")
    sheet.text(weight.row, 1, weight.used, "small_text")
    used = lines(weight.used, widths[1], _SIZE)
    sheet.height(weight.row, height(used, _SIZE))
    if not weight.terms:
        sheet.merged(weight.row, 2, weight.row, len(_COLUMNS) - 1, _VALUE, "small_rule")
    for term in weight.terms:
        needed = lines(term.label, widths[2], _SIZE)
        first = term.row == weight.row
        sheet.height(term.row, height(max(needed, used) if first else needed, _SIZE))
        _term(sheet, term, weight)


def _term(sheet: Cells, term: Derived, weight: WeightColumn) -> None:
    row, first = term.row, term.row == weight.row
    columns = [column for column in (term.attendance, term.figure) if column]
    if not first:
        for column in (0, 1, _COLUMNS.index(MULTIPLE), _COLUMNS.index(KEPT)):
            sheet.blank(row, column, "small_text")
    else:
        sheet.number(row, _COLUMNS.index(MULTIPLE), weight.multiple, "small_money")
        kept = weight.kept.name if weight.kept else ""
        sheet.text(row, _COLUMNS.index(KEPT), kept, "small_center")
    sheet.text(row, 2, term.label, "small_text")
    sheet.number(row, _COLUMNS.index(RATIO), term.ratio, "small_money")
    sheet.text(row, 4, "×".join(column.name for column in columns), "small_center")
    areas = ",".join(column.area for column in columns)
    whole = f"=SUMPRODUCT({areas})" if term.figure else f"=SUM({areas})"
    sheet.formula(row, _COLUMNS.index(SUM), whole, term.sum, "small_money")
    constant = f"={RATIO}{row + 1}*{MULTIPLE}${weight.row + 1}/{SUM}{row + 1}"
    sheet.formula(row, _COLUMNS.index(CONSTANT), constant, term.constant, "small_money")
