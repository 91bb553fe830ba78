"""Sheet 内訳: every 経費 of the council with what the member owes for it, as values.

What was billed does not change with a figure that somebody tries out on 計算のあらまし.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import fsum

from apportion.allocate.case import LineResult
from apportion.core.model import Member
from apportion.workbook.letters.documents import document_of
from apportion.workbook.letters.layout import DETAIL, FIRST_DETAIL, Line
from apportion.workbook.letters.naming import of
from apportion.workbook.letters.plan import Plan, SheetOfPlan
from apportion.workbook.sheets.page import STAMP_GAP, Paper, height, lines, wide_enough
from apportion.workbook.sheets.sheet import Cells, Sheet

NAME = DETAIL

PROJECT, PATH, LINE, BUDGET, BASE, MEMBERS, YEN = range(7)
_HEADS = (
    "事業",
    "項",
    "経費",
    "{budget}\n（円）",
    "対象額\n（円）",
    "参加\n団体数",
    "負担金額\n（円）",
)
_WIDEST = 150.0
_COUNT_WIDTH = 42.0
_SIZE = 10
ABSENT = "－ 不参加"
_MEMBER_ROW = FIRST_DETAIL - 2


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper."""
    Paper(
        title=f"{plan.outcome.year.label} 負担金 内訳",
        stamps=plan.outcome.stamps,
        of=of(plan.outcome),
        widths=_widths(plan),
        landscape=True,
        repeated=(FIRST_DETAIL - 1, FIRST_DETAIL - 1),
    ).set_up(sheet)
    sheet.raw.freeze_panes(FIRST_DETAIL, 0)


@lru_cache(maxsize=1)
def _widths(plan: Plan) -> tuple[float, ...]:
    texts = [_texts(line.result) for line in plan.layout.lines]
    columns = zip(*texts, _HEADS[:3], strict=True)  # a council without 項 has the heading only
    widths = [min(wide_enough(column, _SIZE), _WIDEST) for column in columns]
    money = wide_enough([f"{_largest(plan):,}", "000,000,000"], _SIZE)
    return (*widths, money, money, _COUNT_WIDTH, money)


@lru_cache(maxsize=1)
def _heights(plan: Plan) -> Mapping[int, float]:
    """Heights of the rows."""
    widths, one = _widths(plan), height(1, _SIZE)
    found = {0: height(1, 16), FIRST_DETAIL - 1: height(2, _SIZE)}
    for project in plan.layout.projects:
        for line in project.lines:
            needed = map(lines, _texts(line.result), widths, (_SIZE,) * 3)
            found[line.detail] = height(max(needed), _SIZE)
        found[project.subtotal] = one
    found[plan.layout.detail_total] = one
    for row, note in enumerate(_notes(plan), start=plan.layout.detail_total + 1):
        found[row] = height(lines(note, fsum(widths), _SIZE), _SIZE)
    return found


def write(sheet: Cells, plan: Plan, member: Member) -> None:
    """All rows: the same ones for every member, with its own yen."""
    outcome, budget = plan.outcome, document_of(plan.outcome).budget
    for row, points in _heights(plan).items():
        sheet.height(row, points)
    sheet.text(0, 0, f"{outcome.year.label} 負担金の内訳", "title")
    sheet.text(1, 0, STAMP_GAP.join(outcome.stamps), "warn")
    sheet.text(_MEMBER_ROW, 0, f"{member.name}（団体コード {member.code}）", "heading")
    for column, head in enumerate(_HEADS):
        sheet.text(FIRST_DETAIL - 1, column, head.format(budget=budget), "head")
    for project in plan.layout.projects:
        for line in project.lines:
            _line(sheet, line, member)
        results = [line.result for line in project.lines]
        _sums(sheet, project.subtotal, f"{project.name} 計", results, member, "total")
    _sums(sheet, plan.layout.detail_total, "合計", outcome.results, member, "grand")
    for row, note in enumerate(_notes(plan), start=plan.layout.detail_total + 1):
        sheet.merged(row, 0, row, YEN, note, "note")


def own_yen(result: LineResult, member: Member) -> int:
    """負担金額 of a member for a line; 0 where it is not in the roster."""
    position = result.position_of.get(member.code)
    return 0 if position is None else result.yen[position]


def _notes(plan: Plan) -> Iterator[str]:
    """What to know of the numbers above; each fits on one line of the page."""
    budget = document_of(plan.outcome).budget
    yield "負担金額は、経費ごとに規則の「端数」のとおりに処理した額です。計算は「計算のあらまし」にあります。"
    yield f"「－ 不参加」は、名簿にない経費です。対象額は、{budget}から規則で差し引く額などを除いた、分ける額です。"
    blank = sum(result.case.line.amount is None for result in plan.outcome.results)
    if blank:
        yield f"{budget}の「－」は、予算の表が空欄の経費です（{blank}件）。{budget}の計と合計には入りません。"
        yield "その経費の対象額は、単価などから計算した全団体の負担金の計です。"


def _texts(result: LineResult) -> tuple[str, str, str]:
    line = result.case.line
    return line.project, "／".join(line.path), line.name


def _largest(plan: Plan) -> int:
    """Largest number of the sheet: one of the totals."""
    lines = (result.case.line.amount or 0 for result in plan.outcome.results)
    return max(sum(lines), sum(result.base for result in plan.outcome.results), plan.outcome.total)


def _line(sheet: Cells, line: Line, member: Member) -> None:
    result, row = line.result, line.detail
    for column, text in enumerate(_texts(result)):
        sheet.text(row, column, text)
    if result.case.line.amount is None:
        sheet.text(row, BUDGET, "－", "billed")
    else:
        sheet.number(row, BUDGET, result.case.line.amount)
    sheet.number(row, BASE, result.base)
    sheet.number(row, MEMBERS, result.case.size, "count")
    if member.code in result.position_of:
        sheet.number(row, YEN, own_yen(result, member), "billed")
    else:
        sheet.text(row, YEN, ABSENT, "billed")


def _sums(
    sheet: Cells, row: int, label: str, results: Sequence[LineResult], member: Member, look: str
) -> None:
    """Sums of a 事業, or of all."""
    sheet.merged(row, PROJECT, row, LINE, label, f"{look}_text")
    sheet.number(row, BUDGET, sum(r.case.line.amount or 0 for r in results), f"{look}_money")
    sheet.number(row, BASE, sum(r.base for r in results), f"{look}_money")
    sheet.blank(row, MEMBERS, f"{look}_text")
    sheet.number(row, YEN, sum(own_yen(r, member) for r in results), f"{look}_money")


SHEET = SheetOfPlan(NAME, set_up, write)
