"""Sheet 突合: every equation of the run, with both sides live where other sheets show them."""

from apportion.outcome import Outcome
from apportion.workbook.page import Page, heads
from apportion.workbook.refs import Area, Ref, less
from apportion.workbook.summary_links import Linked, Links

NAME = "突合"

NUMBER, LEVEL, EQUATION, LEFT, RIGHT, DIFFERENCE, LEFT_FROM, RIGHT_FROM = range(8)
_TITLES = ("番号", "範囲", "式", "左辺（円）", "右辺（円）", "差（円）", "左辺の元", "右辺の元")
_WIDEST = 360.0
_NOTE = "左辺と右辺は、別々に足し上げた額です。差 = 左辺 − 右辺。許容差はありません。"
_ORIGIN = (
    "「元」のシートの額を足す式です。「値」は、計算のときの額をそのまま書いたものです"
    "（どのシートにもない額）。"
)
_VALUE = "値"


def write(page: Page, outcome: Outcome, links: Links | None = None) -> Area:
    """One row per equation; the column of 差. Without `links` both sides are values."""
    head = page.top(_NOTE, _ORIGIN)
    heads(page, head, _TITLES)
    for number, equation in enumerate(outcome.equations, start=1):
        row = head + number
        page.number(row, NUMBER, number, "count")
        page.text(row, LEVEL, equation.level, "center")
        page.text(row, EQUATION, equation.name)
        left, right = (links.left(equation), links.right(equation)) if links else (None, None)
        first = _side(page, row, LEFT, equation.left, left)
        second = _side(page, row, RIGHT, equation.right, right)
        page.difference(row, DIFFERENCE, less(first, [second], page.name))
    page.freeze(head + 1, 0)
    page.set_up((head, head), {EQUATION: _WIDEST}, portrait=True)
    return page.area(head + 1, DIFFERENCE, head + max(len(outcome.equations), 1), DIFFERENCE)


def _side(page: Page, row: int, column: int, yen: int, side: Linked | None) -> Ref:
    """One side and, in its column behind the 差, where it comes from."""
    page.text(row, column + LEFT_FROM - LEFT, side.origin if side else _VALUE, "small_center")
    if side is None:
        return page.number(row, column, yen)
    assert side.live.value == yen, (side, yen)
    return page.live(row, column, side.live)
