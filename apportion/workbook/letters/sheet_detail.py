"""Sheet 内訳: every 経費 of the council, so that all invoices have one layout.

The amounts are those of 計算根拠, live; beside them stands what the notice said, as numbers. The
form before refers to the live ones, the proof behind compares both.
"""

from collections.abc import Callable, Iterator, Sequence

from apportion.allocate.case import LineResult
from apportion.core.model import Member
from apportion.workbook.letters.layout import BASIS, DETAIL, FIRST_DETAIL, Line, PlacedProject
from apportion.workbook.letters.plan import Plan, SheetOfPlan
from apportion.workbook.letters.steps import ABSENT
from apportion.workbook.letters.words import document_of
from apportion.workbook.sheets.live import Area, Ref, quoted, sum_of
from apportion.workbook.sheets.page import STAMPS, Paper, height, lines, wide_enough
from apportion.workbook.sheets.sheet import Cells, Sheet

NAME = DETAIL

PROJECT, PATH, LINE, BUDGET, BASE, MEMBERS, YEN, TOLD = range(8)
_HEADS = (
    "事業",
    "項",
    "経費",
    "{budget}\n（円）",
    "対象額\n（円）",
    "参加\n団体数",
    "負担金額\n（円）",
    "通知した額\n（値・円）",
)
_WIDEST = 150.0
_COUNT_WIDTH = 42.0
_SIZE = 10
_MEMBER_ROW = FIRST_DETAIL - 2

Amount = Callable[[LineResult], int]


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper and row heights."""
    texts = [_texts(line.result) for project in plan.layout.projects for line in project.lines]
    columns = zip(*texts, _HEADS[:3], strict=True)  # a council without 項 has the heading only
    widths = [min(wide_enough(column, _SIZE), _WIDEST) for column in columns]
    money = wide_enough([f"{_largest(plan):,}", "000,000,000"], _SIZE)
    Paper(
        title=f"{plan.outcome.year.label} 負担金 内訳",
        state=plan.outcome.state,
        widths=(*widths, money, money, _COUNT_WIDTH, money, money),
        landscape=True,
        repeated=(FIRST_DETAIL - 1, FIRST_DETAIL - 1),
    ).set_up(sheet)
    sheet.raw.freeze_panes(FIRST_DETAIL, 0)
    sheet.height(0, height(1, 16))
    sheet.height(FIRST_DETAIL - 1, height(2, _SIZE))
    for project in plan.layout.projects:
        sheet.height(project.subtotal, height(1, _SIZE))
        for line in project.lines:
            needed = (lines(t, w, _SIZE) for t, w in zip(_texts(line.result), widths, strict=True))
            sheet.height(line.detail, height(max(needed), _SIZE))
    sheet.height(plan.layout.detail_total, height(1, _SIZE))
    room = sum(widths) + 4 * money + _COUNT_WIDTH
    for row, note in enumerate(_notes(plan), start=plan.layout.detail_total + 1):
        sheet.height(row, height(lines(note, room, _SIZE), _SIZE))


def write_common(sheet: Cells, plan: Plan) -> None:
    """What every member reads here."""
    outcome, budget = plan.outcome, document_of(plan.outcome).budget
    sheet.text(0, 0, f"{outcome.year.label} 負担金の内訳", "title")
    sheet.text(1, 0, STAMPS[outcome.state], "warn")
    for column, head in enumerate(_HEADS):
        sheet.text(FIRST_DETAIL - 1, column, head.format(budget=budget), "head")
    for project in plan.layout.projects:
        for line in project.lines:
            _line(sheet, line)
        _label(sheet, project.subtotal, f"{project.name} 計", "total")
    _label(sheet, plan.layout.detail_total, "合計", "grand")
    _totals(sheet, plan, BUDGET, lambda result: result.case.line.amount or 0)
    _totals(sheet, plan, BASE, lambda result: result.base)
    for row, note in enumerate(_notes(plan), start=plan.layout.detail_total + 1):
        sheet.merged(row, 0, row, TOLD, note, "note")


def write_own(sheet: Cells, plan: Plan, member: Member) -> None:
    """What only this member owes."""
    sheet.text(_MEMBER_ROW, 0, f"{member.name}（団体コード {member.code}）", "heading")
    for project in plan.layout.projects:
        for line in project.lines:
            _own_line(sheet, line, member)
    for column in (YEN, TOLD):
        _totals(sheet, plan, column, lambda result: own_yen(result, member))


def _own_line(sheet: Cells, line: Line, member: Member) -> None:
    """The amount, live from 計算根拠, and as it was told."""
    takes_part = member.code in line.result.position_of
    own = own_yen(line.result, member) if takes_part else ABSENT
    live = f"={quoted(BASIS)}!{line.addresses[-1]}"
    sheet.formula(line.detail, YEN, live, own, "billed")
    if isinstance(own, int):
        sheet.number(line.detail, TOLD, own, "billed")
    else:
        sheet.text(line.detail, TOLD, own, "billed")


def same(plan: Plan) -> str:
    """A formula on another sheet: whether every live amount is the one that was told."""
    last = plan.layout.detail_total
    live, told = (
        Area(NAME, FIRST_DETAIL, column, last, column).on(BASIS) for column in (YEN, TOLD)
    )
    # *1: SUMPRODUCT leaves out TRUE until it is a number.
    return f'=IF(SUMPRODUCT(({live}<>{told})*1)=0,"一致","不一致")'


def own_yen(result: LineResult, member: Member) -> int:
    """負担金額 of a member for a line; 0 where it is not in the roster."""
    position = result.position_of.get(member.code)
    return 0 if position is None else result.yen[position]


def subtotal(project: PlacedProject, member: Member) -> Ref:
    """The member's subtotal of a 事業."""
    value = sum(own_yen(line.result, member) for line in project.lines)
    return Ref(NAME, project.subtotal, YEN, value)


def total(plan: Plan, member: Member) -> Ref:
    """The member's total."""
    return Ref(NAME, plan.layout.detail_total, YEN, plan.outcome.total_of(member.code))


def _notes(plan: Plan) -> Iterator[str]:
    """What to know of the numbers above; each fits on one line of the page."""
    budget = document_of(plan.outcome).budget
    yield "負担金額は、経費ごとに規則の「端数」のとおりに処理した額です。計算は「計算根拠」にあります。"
    yield "負担金額は「計算根拠」の式の結果、通知した額は、この通知を作ったときの額（値）です。"
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


def _line(sheet: Cells, line: Line) -> None:
    result = line.result
    for column, text in enumerate(_texts(result)):
        sheet.text(line.detail, column, text)
    if result.case.line.amount is None:
        sheet.text(line.detail, BUDGET, "－", "billed")
    else:
        sheet.number(line.detail, BUDGET, result.case.line.amount)
    sheet.number(line.detail, BASE, result.base)
    sheet.number(line.detail, MEMBERS, result.case.size, "count")


def _label(sheet: Cells, row: int, text: str, look: str) -> None:
    sheet.merged(row, PROJECT, row, LINE, text, f"{look}_text")
    sheet.blank(row, MEMBERS, f"{look}_text")


def _totals(sheet: Cells, plan: Plan, column: int, amount: Amount) -> None:
    """Live sums of one column: of each 事業, and of these."""
    subtotals = []
    for project in plan.layout.projects:
        cells = [Ref(NAME, line.detail, column, amount(line.result)) for line in project.lines]
        subtotals.append(_sum(sheet, (project.subtotal, column), cells, "total_money"))
    _sum(sheet, (plan.layout.detail_total, column), subtotals, "grand_money")


def _sum(sheet: Cells, at: tuple[int, int], cells: Sequence[Ref], style: str) -> Ref:
    live = sum_of(cells, NAME)
    sheet.formula(*at, live.formula, live.value, style)
    return Ref(NAME, *at, live.value)


SHEET = SheetOfPlan(NAME, set_up, write_common, write_own)
