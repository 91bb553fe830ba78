"""Sheet 精算明細: every 経費 with what was billed, what it is after the year, and the difference.

What was billed stands here as numbers; the settled amounts are those of 内訳.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from apportion.core.model import Member
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import NEXT_YEAR, REFUND, RESERVE, WAYS, SettledRow
from apportion.workbook.letters.bill import Bill, BillRow
from apportion.workbook.letters.naming import of
from apportion.workbook.letters.plan import Plan, SheetOfPlan
from apportion.workbook.letters.sheet_detail import ABSENT
from apportion.workbook.letters.words import Words, billed_elsewhere
from apportion.workbook.sheets.live import Ref
from apportion.workbook.sheets.page import STAMP_GAP, Paper, height, lines, wide_enough
from apportion.workbook.sheets.sheet import Cells, Sheet

_TOLD = {
    REFUND: "「追徴（△は還付）」の額は、納入していただく額です（△はお返しする額です）。",
    NEXT_YEAR: "「翌年度で調整」の額は、翌年度の負担金に加えます（△は差し引きます）。",
    RESERVE: "「積立金で調整」の額は、追徴も還付もしません。△は事業調整積立金に積み、それ以外は積立金を充てます。",
}


def bill_of(plan: Plan, member: Member, *, number: int) -> Bill:
    """What the 精算書 of a member says; its amounts are those of 精算明細."""
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
            BillRow(label=part.name, amount=own.settled.value, previous=own.billed.value)
            for part, own in zip(parts, sums, strict=True)
        ),
        whole=due(cells),
        handled=handled(outcome, cells),
        notes=(
            *told(outcome),
            "経費ごとの差額はシート「精算明細」、精算額の計算は「計算のあらまし」で確かめられます。",
        ),
    )


def due(cells: Iterable[tuple[str, Ref]]) -> int:
    """What is to be paid (△: paid back) for this letter; `cells` are differences with their way."""
    return sum(ref.value for way, ref in cells if way == REFUND)


def handled(outcome: Outcome, cells: Sequence[tuple[str, Ref]]) -> tuple[tuple[str, int], ...]:
    """Each way that a difference of the council goes, with the sum that goes it."""
    return tuple(
        (HANDLED[way], sum(ref.value for own, ref in cells if own == way)) for way in _used(outcome)
    )


def told(outcome: Outcome) -> Iterator[str]:
    """What happens next."""
    for way in _used(outcome):
        yield _TOLD[way]


def _used(outcome: Outcome) -> list[str]:
    return [way for way in WAYS if way in outcome.settlement.ways.values()]


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
    "請求済額は、この年度に請求した負担金です。精算額は、決算額を同じ規則で分けた額で、計算は「計算のあらまし」にあります。",
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


@lru_cache(maxsize=1)
def parts_of(plan: Plan) -> tuple[SettledProject, ...]:
    """All 事業 in the order of 内訳: the same rows on every letter."""
    settled, found, row = plan.outcome.settlement, [], _FIRST
    for project in plan.layout.projects:
        key = name_key(project.name)
        names = [line.result.case.line.name for line in project.lines]
        names += [r.line for r in settled.rows if name_key(r.project) == key]
        own = list(dict.fromkeys(names))
        placed = {name_key(name): at for at, name in enumerate(own, start=row)}
        row += len(placed) + 1
        found.append(SettledProject(project.name, settled.ways.get(key, ""), placed, row - 1))
    return tuple(found)


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper."""
    title = f"{plan.outcome.year.label} 負担金 精算明細"
    Paper(
        title=title,
        of=of(plan.outcome),
        stamps=plan.outcome.stamps,
        widths=_widths(plan),
        repeated=(_FIRST - 1, _FIRST - 1),
    ).set_up(sheet)
    sheet.raw.freeze_panes(_FIRST, 0)


@lru_cache(maxsize=1)
def _widths(plan: Plan) -> tuple[float, ...]:
    texts = [text for pair in _texts(plan).values() for text in pair]
    width = min(wide_enough([*texts, "事業調整積立金"], _SIZE), _WIDEST)
    return (width, width, _MONEY, _MONEY, _MONEY, wide_enough(HANDLED.values(), _SIZE))


@lru_cache(maxsize=1)
def _heights(plan: Plan) -> Mapping[int, float]:
    widths, one = _widths(plan), height(1, _SIZE)
    found = {0: height(1, 16), _FIRST - 1: height(2, _SIZE), _total_row(plan): one}
    found |= {part.subtotal: one for part in parts_of(plan)}
    for row, pair in _texts(plan).items():
        found[row] = height(max(lines(t, widths[0], _SIZE) for t in pair), _SIZE)
    for row, note in enumerate(_notes(plan), start=_total_row(plan) + 1):
        found[row] = height(lines(note, fsum(widths), _SIZE), _SIZE)
    return found


def _texts(plan: Plan) -> dict[int, tuple[str, str]]:
    """事業 and 経費 of every row."""
    names = {name_key(row.line): row.line for row in plan.outcome.settlement.rows}
    names |= {name_key(r.case.line.name): r.case.line.name for r in plan.outcome.results}
    return {row: (p.name, names[key]) for p in parts_of(plan) for key, row in p.lines.items()}


def _notes(plan: Plan) -> tuple[str, ...]:
    return (*_NOTES, _OTHER_NOTE) if plan.outcome.settlement.has_other else _NOTES


def _total_row(plan: Plan) -> int:
    return max((part.subtotal for part in parts_of(plan)), default=_FIRST) + 1


def write(sheet: Cells, plan: Plan, member: Member) -> None:
    """All rows: the same ones for every member."""
    for row, points in _heights(plan).items():
        sheet.height(row, points)
    _write_common(sheet, plan)
    _write_own(sheet, plan, member)


def _write_common(sheet: Cells, plan: Plan) -> None:
    outcome = plan.outcome
    sheet.text(0, 0, f"{outcome.year.label} 負担金の精算明細", "title")
    sheet.text(1, 0, STAMP_GAP.join(outcome.stamps), "warn")
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


def _write_own(sheet: Cells, plan: Plan, member: Member) -> None:
    """What was billed to this member, and what it is now."""
    sheet.text(_MEMBER_ROW, 0, f"{member.name}（団体コード {member.code}）", "heading")
    own = _own(plan, member)
    for part in parts_of(plan):
        for key, row in part.lines.items():
            found = own.get((name_key(part.name), key))
            if found is None:
                for column, text in ((BILLED, "－"), (SETTLED, ABSENT), (DIFFERENCE, "－")):
                    sheet.text(row, column, text, "billed")
            else:
                _numbers(sheet, _refs(row, [found]), "billed")
    for part in parts_of(plan):
        _numbers(sheet, subtotal(plan, part, member), "total_money")
    _numbers(sheet, total(plan, member), "grand_money")


def _own(plan: Plan, member: Member) -> Mapping[tuple[str, str], SettledRow]:
    rows = plan.outcome.settlement.by_member.get(member.code, ())
    return {(name_key(row.project), name_key(row.line)): row for row in rows}


def _refs(row: int, rows: Sequence[SettledRow]) -> Sums:
    billed = sum(found.billed for found in rows)
    settled = sum(found.settled for found in rows)
    return Sums(
        Ref(NAME, row, BILLED, billed),
        Ref(NAME, row, SETTLED, settled),
        Ref(NAME, row, DIFFERENCE, settled - billed),
    )


def _numbers(sheet: Cells, sums: Sums, style: str) -> None:
    for ref in sums:
        sheet.number(ref.row, ref.column, ref.value, style)


def subtotal(plan: Plan, part: SettledProject, member: Member) -> Sums:
    """The member's subtotals of a 事業."""
    own = plan.outcome.settlement.by_member.get(member.code, ())
    return _refs(part.subtotal, [r for r in own if name_key(r.project) == name_key(part.name)])


def total(plan: Plan, member: Member) -> Sums:
    """The member's totals."""
    return _refs(_total_row(plan), plan.outcome.settlement.by_member.get(member.code, ()))


SHEET = SheetOfPlan(NAME, set_up, write)
