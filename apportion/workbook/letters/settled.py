"""Sheet 精算明細: every 経費 with what was billed, what it is after the year, and the difference.

What was billed stands here as numbers; the settled amounts are those of 内訳.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from apportion.core.model import Member
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import NEXT_YEAR, REFUND, RESERVE, WAYS, Settled, SettledRow
from apportion.workbook.letters import sheet_detail
from apportion.workbook.letters.bill import Bill, BillRow
from apportion.workbook.letters.form import NAME as FORM
from apportion.workbook.letters.layout import Line
from apportion.workbook.letters.plan import Plan, SheetOfPlan
from apportion.workbook.letters.steps import ABSENT
from apportion.workbook.letters.words import Words, billed_elsewhere
from apportion.workbook.sheets.live import Live, Ref, known, less, link, sum_of
from apportion.workbook.sheets.page import STAMPS, Paper, height, lines, wide_enough
from apportion.workbook.sheets.sheet import Cells, Sheet

_TOLD = {
    REFUND: "「追徴（△は還付）」の額は、納入していただく額です（△はお返しする額です）。"
    "納期限や還付の手続は、別に通知します。",
    NEXT_YEAR: "「翌年度で調整」の額は、翌年度の負担金に加えます（△は差し引きます）。",
    RESERVE: "「積立金で調整」の額は、追徴も還付もしません。△は事業調整積立金に積み、それ以外は積立金を充てます。",
}


def bill_of(plan: Plan, member: Member, *, number: int) -> Bill:
    """What the 精算書 of a member says; its amounts refer to 精算明細."""
    outcome, parts = plan.outcome, parts_of(plan)
    words = Words(outcome, billed_elsewhere(outcome, member))
    sums = [subtotal(plan, part, member) for part in parts]
    cells = [(part.way, own.difference) for part, own in zip(parts, sums, strict=True)]
    return Bill(
        payer=member,
        words=words,
        serial=words.serial(member),
        number=number,
        heading="事業",
        rows=tuple(
            BillRow(label=part.name, amount=link(own.settled, FORM), previous=own.billed.value)
            for part, own in zip(parts, sums, strict=True)
        ),
        total=due(cells),
        handled=handled(outcome, cells),
        notes=(
            *told(outcome),
            "経費ごとの差額はシート「精算明細」、精算額の計算は「計算根拠」で確かめられます。",
        ),
    )


def due(cells: Iterable[tuple[str, Ref]]) -> Live:
    """What is to be paid (△: paid back) for this letter; `cells` are differences with their way."""
    return sum_of([ref for way, ref in cells if way == REFUND], FORM)


def handled(outcome: Outcome, cells: Sequence[tuple[str, Ref]]) -> tuple[tuple[str, Live], ...]:
    """Each way that a difference of the council goes, with the sum that goes it."""
    return tuple(
        (HANDLED[way], sum_of([ref for own, ref in cells if own == way], FORM))
        for way in _used(outcome)
    )


def told(outcome: Outcome) -> Iterator[str]:
    """What happens next."""
    for way in _used(outcome):
        yield _TOLD[way]


def _used(outcome: Outcome) -> list[str]:
    settled = outcome.settled
    assert isinstance(settled, Settled)
    return [way for way in WAYS if way in settled.ways.values()]


NAME = "精算明細"

PROJECT, LINE, BILLED, SETTLED, DIFFERENCE, WAY = range(6)
_HEADS = ("事業", "経費", "請求済額\n（円）", "精算額\n（円）", "差額\n（円）", "差額の扱い")
_FIRST = 5
_MEMBER_ROW = _FIRST - 2
_SIZE = 10
_WIDEST = 170.0
_MONEY = 76.0

HANDLED: Mapping[str, str] = {
    REFUND: "追徴（△は還付）",
    NEXT_YEAR: "翌年度で調整",
    RESERVE: "積立金で調整",
}
"""What a letter calls each 差額 of ■精算."""

_NOTES = (
    "請求済額は、この年度に請求した負担金です。精算額は、決算額を同じ規則で分けた額で、計算は「計算根拠」にあります。",
    "差額 ＝ 精算額 − 請求済額。△は、請求した額が多かったことを示します。",
)
_OTHER_NOTE = (
    "「その他の収支」は、利子など予算になかった収入（△）と、予算より多く積んだ積立金などです。"
    "事業の精算額の比で分けています。"
)


class Sums(NamedTuple):
    """Cells of a subtotal or of 合計."""

    billed: Ref
    settled: Ref
    difference: Ref


class SettledProject(NamedTuple):
    """A 事業: its name, where its differences go, and the rows of its 経費 and of its subtotal."""

    name: str
    way: str
    lines: Mapping[str, int]
    subtotal: int


def parts_of(plan: Plan) -> tuple[SettledProject, ...]:
    """All 事業 in the order of 内訳: the same rows on every letter."""
    settled, found, row = _settled(plan.outcome), [], _FIRST
    for project in plan.layout.projects:
        key = name_key(project.name)
        names = [line.result.case.line.name for line in project.lines]
        names += [r.line for r in settled.rows if name_key(r.project) == key]
        own = list(dict.fromkeys(names))
        placed = {name_key(name): at for at, name in enumerate(own, start=row)}
        row += len(placed) + 1
        found.append(SettledProject(project.name, settled.ways.get(key, ""), placed, row - 1))
    return tuple(found)


def _settled(outcome: Outcome) -> Settled:
    assert outcome.settled is not None
    return outcome.settled


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper and row heights."""
    texts = [text for pair in _texts(plan).values() for text in pair]
    width = min(wide_enough([*texts, "事業調整積立金"], _SIZE), _WIDEST)
    ways = wide_enough(HANDLED.values(), _SIZE)
    widths = (width, width, _MONEY, _MONEY, _MONEY, ways)
    title = f"{plan.outcome.year.label} 負担金 精算明細"
    Paper(
        title=title,
        state=plan.outcome.state,
        widths=widths,
        repeated=(_FIRST - 1, _FIRST - 1),
    ).set_up(sheet)
    sheet.raw.freeze_panes(_FIRST, 0)
    sheet.height(0, height(1, 16))
    sheet.height(_FIRST - 1, height(2, _SIZE))
    sums = [part.subtotal for part in parts_of(plan)]
    for row in (*sums, _total_row(plan)):
        sheet.height(row, height(1, _SIZE))
    for row, pair in _texts(plan).items():
        sheet.height(row, height(max(lines(t, width, _SIZE) for t in pair), _SIZE))
    for row, note in enumerate(_notes(plan), start=_total_row(plan) + 1):
        sheet.height(row, height(lines(note, sum(widths), _SIZE), _SIZE))


def _texts(plan: Plan) -> dict[int, tuple[str, str]]:
    """事業 and 経費 of every row."""
    names = {name_key(row.line): row.line for row in _settled(plan.outcome).rows}
    names |= {name_key(r.case.line.name): r.case.line.name for r in plan.outcome.results}
    return {row: (p.name, names[key]) for p in parts_of(plan) for key, row in p.lines.items()}


def _notes(plan: Plan) -> tuple[str, ...]:
    return (*_NOTES, _OTHER_NOTE) if _settled(plan.outcome).has_other else _NOTES


def _total_row(plan: Plan) -> int:
    return max((part.subtotal for part in parts_of(plan)), default=_FIRST) + 1


def write_common(sheet: Cells, plan: Plan) -> None:
    """What every member reads here."""
    outcome = plan.outcome
    sheet.text(0, 0, f"{outcome.year.label} 負担金の精算明細", "title")
    sheet.text(1, 0, STAMPS[outcome.state], "warn")
    for column, head in enumerate(_HEADS):
        sheet.text(_FIRST - 1, column, head, "head")
    texts = _texts(plan)
    for part in parts_of(plan):
        for row in part.lines.values():
            for column, text in enumerate(texts[row]):
                sheet.text(row, column, text)
            sheet.text(row, WAY, HANDLED.get(part.way, ""), "center")
        sheet.merged(part.subtotal, PROJECT, part.subtotal, LINE, f"{part.name} 計", "total_text")
        sheet.blank(part.subtotal, WAY, "total_text")
    total = _total_row(plan)
    sheet.merged(total, PROJECT, total, LINE, "合計", "grand_text")
    sheet.blank(total, WAY, "grand_text")
    for row, note in enumerate(_notes(plan), start=total + 1):
        sheet.merged(row, 0, row, WAY, note, "note")


def write_own(sheet: Cells, plan: Plan, member: Member) -> None:
    """What was billed to this member, and what it is now."""
    sheet.text(_MEMBER_ROW, 0, f"{member.name}（団体コード {member.code}）", "heading")
    own = _own(plan, member)
    placed = _lines(plan)
    for part in parts_of(plan):
        for key, row in part.lines.items():
            found = own.get((name_key(part.name), key))
            if found is None:
                for column, text in ((BILLED, "－"), (SETTLED, ABSENT), (DIFFERENCE, "－")):
                    sheet.text(row, column, text, "billed")
            else:
                _line(sheet, row, found, placed.get((name_key(part.name), key)))
    for part in parts_of(plan):
        _sums(sheet, part.subtotal, subtotal(plan, part, member), _cells(part, own), "total_money")
    below = [subtotal(plan, part, member) for part in parts_of(plan)]
    _sums(sheet, _total_row(plan), total(plan, member), below, "grand_money")


def _own(plan: Plan, member: Member) -> Mapping[tuple[str, str], SettledRow]:
    rows = _settled(plan.outcome).by_member.get(member.code, ())
    return {(name_key(row.project), name_key(row.line)): row for row in rows}


def _lines(plan: Plan) -> Mapping[tuple[str, str], Line]:
    return {line.result.case.line.key: line for line in plan.layout.lines}


def _line(sheet: Cells, row: int, found: SettledRow, line: Line | None) -> None:
    billed = Ref(NAME, row, BILLED, found.billed)
    settled = Ref(NAME, row, SETTLED, found.settled)
    sheet.number(row, BILLED, found.billed, "billed")
    if line and found.member.code in line.result.position_of:
        place = Ref(sheet_detail.NAME, line.detail, sheet_detail.YEN, found.settled)
        live = link(place, NAME)
    else:
        live = known(found.settled)
    sheet.formula(row, SETTLED, live.formula, live.value, "billed")
    change = less(settled, [billed], NAME)
    sheet.formula(row, DIFFERENCE, change.formula, change.value, "billed")


def _cells(part: SettledProject, own: Mapping[tuple[str, str], SettledRow]) -> list[Sums]:
    """Cells of the 経費 of a 事業; a text among them counts as nothing."""
    found = ((row, own.get((name_key(part.name), key))) for key, row in part.lines.items())
    return [_refs(row, [line] if line else []) for row, line in found]


def _refs(row: int, rows: Sequence[SettledRow]) -> Sums:
    billed = sum(found.billed for found in rows)
    settled = sum(found.settled for found in rows)
    return Sums(
        Ref(NAME, row, BILLED, billed),
        Ref(NAME, row, SETTLED, settled),
        Ref(NAME, row, DIFFERENCE, settled - billed),
    )


def _sums(sheet: Cells, row: int, sums: Sums, below: Sequence[Sums], style: str) -> None:
    for place, ref in enumerate(sums):
        live = sum_of([cells[place] for cells in below], NAME)
        assert live.value == ref.value
        sheet.formula(row, ref.column, live.formula, live.value, style)


def subtotal(plan: Plan, part: SettledProject, member: Member) -> Sums:
    """The member's subtotals of a 事業."""
    own = _settled(plan.outcome).by_member.get(member.code, ())
    return _refs(part.subtotal, [r for r in own if name_key(r.project) == name_key(part.name)])


def total(plan: Plan, member: Member) -> Sums:
    """The member's totals."""
    return _refs(_total_row(plan), _settled(plan.outcome).by_member.get(member.code, ()))


SHEET = SheetOfPlan(NAME, set_up, write_common, write_own)
