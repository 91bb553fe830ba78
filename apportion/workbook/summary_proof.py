"""Sheet 突合: every equation of the run with both sides and a live 差."""

from apportion.outcome import Outcome
from apportion.workbook.page import Page, heads
from apportion.workbook.refs import Area, less

NAME = "突合"

NUMBER, LEVEL, EQUATION, LEFT, RIGHT, DIFFERENCE = range(6)
_WIDEST = 440.0


def write(page: Page, outcome: Outcome) -> Area:
    """One row per equation; the column of 差."""
    head = page.top("左辺と右辺は、別々に足し上げた額です。差 = 左辺 − 右辺。許容差はありません。")
    heads(page, head, ["番号", "範囲", "式", "左辺（円）", "右辺（円）", "差（円）"])
    for number, equation in enumerate(outcome.equations, start=1):
        row = head + number
        page.number(row, NUMBER, number, "count")
        page.text(row, LEVEL, equation.level, "center")
        page.text(row, EQUATION, equation.name)
        left = page.number(row, LEFT, equation.left)
        right = page.number(row, RIGHT, equation.right)
        page.difference(row, DIFFERENCE, less(left, [right], page.name))
    page.freeze(head + 1, 0)
    page.set_up((head, head), {EQUATION: _WIDEST}, portrait=True)
    return page.area(head + 1, DIFFERENCE, head + max(len(outcome.equations), 1), DIFFERENCE)
