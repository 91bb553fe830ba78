"""Sheet 計算のあらまし: how each amount of a member comes about, in the words of `explain`, live.

Its rows are the member's own: what it takes part in, step by step. Changed figures give other
amounts here and nowhere else; the last row says whether these are still those that were billed.
"""

from collections.abc import Iterator
from dataclasses import field
from fractions import Fraction
from functools import lru_cache
from math import fsum

from apportion.allocate.case import Reading
from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.core.numbers import money
from apportion.explain.line import Teller
from apportion.workbook.letters.layout import DETAIL, OUTLINE, Line, PlacedProject
from apportion.workbook.letters.naming import of
from apportion.workbook.letters.outline import (
    AMOUNT,
    MONEY,
    OWN,
    RATIO,
    WHOLE,
    Outline,
    OutlineRow,
    told_of,
)
from apportion.workbook.letters.plan import Plan, SheetOfPlan
from apportion.workbook.sheets.live import Ref, quoted, sum_of
from apportion.workbook.sheets.page import STAMPS, Paper, height, lines, page_breaks, wide_enough
from apportion.workbook.sheets.sheet import Cells, Sheet

NAME = OUTLINE

NUMBER, LABEL, _MONEY, _, _, WHOLE_COLUMN, AMOUNT_COLUMN, PLACE = range(8)
LETTERS = "ABCDEFGH"
_HEADS = (
    "番号",
    "経費・基準",
    "分ける額\n（円）",
    "割合",
    "自団体\nの値",
    "分け合う\n団体の計",
    "額\n（円）",
    "内容・もとの所",
)
_WIDTHS = (24.0, 132.0, 72.0, 42.0, 62.0, 66.0, 84.0, 148.0)
_ACROSS = fsum(_WIDTHS[1:])
_SIZE, _TOTAL_SIZE = 9, 10
_DECIMALS = 24.0
"""Points that three decimals take."""
_HEAD_ROW = 7
_FIRST = _HEAD_ROW + 1
_HEAD = height(2, _SIZE)
_ABOVE = height(1, 16) + 6 * height(1, 10) + _HEAD
_SCALE = 80
"""Percent at which all columns fit on an upright page, or less."""
_ROOM = 700.0
"""Height within the margins of A4, in points, less what programs differ in."""
_NOTES = (
    "基準ごとの額 ＝ 分ける額 × 割合 × 自団体の値 ÷ 分け合う団体の計（均等割は、団体の数で割ります）。",
    "数を書きかえると、この表だけが計算し直されます（試算）。通知と「内訳」の額は変わりません。",
    "（値）のある行は、表計算の式では1円まで正確に計算できないため、結果だけを示します。",
    "「規則」は負担金の規則の行、「表」はもとの表のセルです。{whole}",
)
_WHOLE = "ほかの団体の値と端数の順位は、計算書にあります。"
_ABSENT = "名簿にないため負担しない経費: "
SAME = "検算: 一致"
_DIFFERENT = "試算中です。通知した額は {told}です。"


def set_up(sheet: Sheet, plan: Plan) -> None:
    """Paper."""
    Paper(
        title=f"{plan.outcome.year.label} 負担金 計算のあらまし",
        state=plan.outcome.state,
        of=of(plan.outcome),
        widths=_widths(plan),
        repeated=(_HEAD_ROW, _HEAD_ROW),
    ).set_up(sheet)
    sheet.raw.freeze_panes(_FIRST, 0)


@lru_cache(maxsize=1)
def _widths(plan: Plan) -> tuple[float, ...]:
    """Widths of the columns; the largest numbers of the council fit."""
    results = plan.outcome.results
    drivers = [d for r in results for part in r.case.parts for d in part.drivers]
    wholes = [driver.whole for driver in drivers]
    inner = [value for driver in drivers if driver.reading for value in _inner(driver.reading)]
    numbers = {
        _MONEY: [Fraction(r.base) for r in results],
        WHOLE_COLUMN - 1: [*wholes, *inner],
        WHOLE_COLUMN: wholes,
    }
    found = list(_WIDTHS)
    for column, listed in numbers.items():
        # Whole numbers and others: three decimals take room of their own.
        for broken in (False, True):
            own = (abs(number) for number in listed if (number.denominator > 1) is broken)
            widest = wide_enough([f"{int(max(own, default=Fraction(0))):,}"], _SIZE)
            found[column] = max(found[column], widest + broken * _DECIMALS)
    found[AMOUNT_COLUMN] = max(found[AMOUNT_COLUMN], found[_MONEY] + _DECIMALS)
    return tuple(found)


def _inner(reading: Reading) -> Iterator[Fraction]:
    """The largest value of each name under a ■ block; those of the block itself are in its sum."""
    yield from reading.sums.values()
    for inner in reading.under.values():
        listed = (inner.values, *(column.values.values() for column in inner.figures))
        yield max((abs(value) for values in listed for value in values), default=Fraction(0))
        yield from _inner(inner)


def write(sheet: Cells, plan: Plan, member: Member) -> None:
    """All rows of a member."""
    _head(sheet, plan, member)
    own = _Filled(sheet, plan, member)
    for project in plan.layout.projects:
        own.project(project)
    own.close()


def _head(sheet: Cells, plan: Plan, member: Member) -> None:
    sheet.text(0, 0, f"{plan.outcome.year.label} 負担金の計算のあらまし", "title")
    sheet.height(0, height(1, 16))
    sheet.text(1, 0, STAMPS[plan.outcome.state], "warn")
    sheet.text(2, 0, f"{member.name}（団体コード {member.code}）", "heading")
    whole = "" if plan.outcome.own_only else _WHOLE
    for row, text in enumerate(_NOTES, start=3):
        note = text.format(whole=whole)
        sheet.merged(row, 0, row, PLACE, note, "note")
        sheet.height(row, height(lines(note, fsum(_WIDTHS), _SIZE), _SIZE))
    for column, head in enumerate(_HEADS):
        sheet.text(_HEAD_ROW, column, head, "small_head")
    sheet.height(_HEAD_ROW, height(2, _SIZE))


@dataclass(slots=True)
class _Filled:
    """The sheet being filled from top to bottom; `blocks` are the rows that stay on one page."""

    sheet: Cells
    plan: Plan
    member: Member
    row: int = _FIRST
    heights: dict[int, float] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    charges: list[Ref] = field(default_factory=list)

    def project(self, project: PlacedProject) -> None:
        """A 事業: its band, its 経費, and those that the member does not take part in."""
        band, first, absent = self.row, len(self.charges), []
        self.starts.append(band)
        self._next(height(1, _SIZE))
        for line in project.lines:
            if self.member.code not in line.result.position_of:
                absent.append(line.result.case.line.name)
                continue
            if self.row > band + 1:
                self.starts.append(self.row)
            self._line(line)
        if absent:
            self._across(_ABSENT + "、".join(absent), "small_rule")
        own = sum_of(self.charges[first:], NAME)
        self.sheet.merged(band, NUMBER, band, WHOLE_COLUMN, project.name, "small_band")
        self.sheet.formula(band, AMOUNT_COLUMN, own.formula, own.value, "small_band_money")
        self.sheet.blank(band, PLACE, "small_band")

    def _line(self, line: Line) -> None:
        """A 経費: its name, and its steps down to the amount."""
        story = self.teller.line(line.result)
        for own in Outline(self.row + 1, self.member.name, story).rows:
            self._step(own, line, story.yen)

    @property
    def teller(self) -> Teller:
        """Tells the steps of the member."""
        return Teller(self.plan.outcome, self.member, shared=self.plan.told, said=told_of)

    def _step(self, own: OutlineRow, line: Line, yen: int) -> None:
        row, sheet = self.row, self.sheet
        if own.kind == "name":
            self._name(own, line.number)
            return
        sheet.blank(row, NUMBER, "small_center")
        if own.kind == "rule":
            sheet.merged(row, LABEL, row, AMOUNT_COLUMN, own.label, "small_rule")
            sheet.text(row, PLACE, own.place, "small_rule")
            self._next(height(lines(own.label, _ACROSS - _WIDTHS[PLACE], _SIZE), _SIZE))
            return
        sheet.text(
            row, LABEL, own.label, "small_bold_text" if own.kind == "charge" else "small_text"
        )
        beside = self._beside(own)
        said = own.words if beside else ""
        if own.kind == "charge":
            self.charges.append(Ref(NAME, row, AMOUNT_COLUMN, yen))
            told = f"=G{row + 1}-{quoted(DETAIL)}!$G${line.detail + 1}"
            sheet.formula(row, PLACE, told, 0, "small_told")
        else:
            last = "　".join(filter(None, (said, own.place)))
            sheet.text(row, PLACE, last, "small_rule")
            said = last
        self._next(self._high(own, said, beside=beside))

    def _name(self, own: OutlineRow, number: int) -> None:
        """The name of a 経費, with what is shared where that is 予算額."""
        sheet, row, base = self.sheet, self.row, own.cells.get(AMOUNT)
        sheet.number(row, NUMBER, number, "small_center")
        sheet.merged(row, LABEL, row, WHOLE_COLUMN - 1, own.label, "small_bold_text")
        sheet.text(row, WHOLE_COLUMN, own.words, "small_rule")
        if base is None:
            sheet.blank(row, AMOUNT_COLUMN, "small_money")
        else:
            sheet.number(row, AMOUNT_COLUMN, base.value, base.look)
        sheet.text(row, PLACE, own.place, "small_rule")
        room = fsum(_WIDTHS[LABEL:WHOLE_COLUMN])
        self._next(height(lines(own.label, room, _SIZE), _SIZE))

    def _beside(self, own: OutlineRow) -> bool:
        """The cells of a row; whether numbers stand in the columns before the amount."""
        beside = any(column in own.cells for column in (MONEY, RATIO, OWN, WHOLE))
        if not beside:
            self.sheet.merged(self.row, _MONEY, self.row, WHOLE_COLUMN, own.words, "small_rule")
        for column in (MONEY, RATIO, OWN, WHOLE, AMOUNT):
            at, cell = LETTERS.index(column), own.cells.get(column)
            if cell is None:
                if beside or column == AMOUNT:
                    self.sheet.blank(self.row, at, "small_money")
            elif cell.formula:
                self.sheet.formula(self.row, at, cell.formula, cell.value, cell.look)
            else:
                self.sheet.number(self.row, at, cell.value, cell.look)
        return beside

    def _high(self, own: OutlineRow, said: str, *, beside: bool) -> float:
        needed = [lines(own.label, _WIDTHS[LABEL], _SIZE), lines(said, _WIDTHS[PLACE], _SIZE)]
        if not beside:
            needed.append(lines(own.words, fsum(_WIDTHS[_MONEY : WHOLE_COLUMN + 1]), _SIZE))
        return height(max(needed), _SIZE)

    def _across(self, text: str, style: str) -> None:
        self.sheet.blank(self.row, NUMBER, "small_center")
        self.sheet.merged(self.row, LABEL, self.row, PLACE, text, style)
        self._next(height(lines(text, _ACROSS, _SIZE), _SIZE))

    def _next(self, high: float) -> None:
        self.sheet.height(self.row, high)
        self.heights[self.row] = high
        self.row += 1

    def close(self) -> None:
        """合計, 検算 (on one page with the last 経費), and the pages."""
        total = sum_of(self.charges, NAME)
        self.sheet.merged(self.row, NUMBER, self.row, WHOLE_COLUMN, "合計", "grand_text")
        self.sheet.formula(self.row, AMOUNT_COLUMN, total.formula, total.value, "grand_money")
        self.sheet.blank(self.row, PLACE, "grand_text")
        area = f"H{_FIRST + 1}:H{self.row}"
        told = _DIFFERENT.format(told=money(total.value))
        check = f'=IF(SUMPRODUCT({area},{area})=0,"{SAME}","{told}")'
        self._next(height(1, _TOTAL_SIZE))
        self.sheet.formula(self.row, NUMBER, check, SAME, "heading")
        self._next(height(1, 11))
        for remark in self.plan.outcome.remarks.get(self.member.code, ()):
            self.sheet.merged(self.row, NUMBER, self.row, PLACE, remark, "note")
            self._next(height(lines(remark, fsum(_WIDTHS), _SIZE), _SIZE))
        ends = [*self.starts[1:], self.row]
        blocks = (
            (start, fsum(self.heights[row] for row in range(start, end)))
            for start, end in zip(self.starts, ends, strict=True)
        )
        room = _ROOM * 100 / _SCALE
        self.sheet.page_breaks(page_breaks(blocks, room, _ABOVE, _HEAD))


SHEET = SheetOfPlan(NAME, set_up, write)
