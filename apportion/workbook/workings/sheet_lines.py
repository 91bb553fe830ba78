"""The sheets of 計算書 with every 経費 of a 事業 and every member: from the weight to the yen.

A 経費 is a block of rows, written one after another, so that a large council needs little memory.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import fsum

from apportion.core.dataclass import dataclass
from apportion.workbook.letters.naming import of
from apportion.workbook.sheets.page import STAMPS, Paper, height, lines, wide_enough
from apportion.workbook.sheets.recorder import Recorder
from apportion.workbook.sheets.sheet import Cells, Sheet
from apportion.workbook.workings.plan import LiveSteps, WorkedLine, Workings
from apportion.workbook.workings.rule_text import rule_text
from apportion.workbook.workings.steps import (
    ADDED,
    APART,
    APARTS,
    BASE,
    CHARGE,
    CUT,
    EXACT,
    RANK,
    SHARED,
    SPARE,
    WEIGHT,
    WHOLE,
    WHOLE_YEN,
    Formulas,
    SheetArea,
)
from apportion.workbook.workings.weights import apart_formula

LETTERS = "ABCDEFGHIJKLMN"
LAST = LETTERS.index(CHARGE)
PROJECT, LINE = "事業", "経費"
"""Words before the name of a 事業 and of a 経費."""
HEADS = (
    *("団体\nコード", "団体名", "重み\nw", "正確な額\nT×w÷W", "端数\n処理額（円）"),
    *(
        "剰余\n余り×w÷Wの余り",
        "剰余の\n順位",
        "加算\n（円）",
        "個別に\n決まる額",
        "負担金額\n（円）",
    ),
)
_OVER = (
    *("", "", "対象額", "負担総額", "個別の計", "配分総額 T"),
    *("重みの計 W", "商 T÷W", "余り T－商×W", "端数円数"),
)
_LIMBS = ("桁", "商上", "積下", "商下")
_NOTES = (
    "重み w は「指標一覧」の列、その求め方は「重み」にあります。T×w は桁が大きいため、商×w＋余り×w÷W で計算します。",
    (
        "端数円数は、剰余の大きい団体から1単位ずつ加えます（負のときは引きます）。剰余が同じときは、重みの大きい団体、団体コードの小さい団体の順です"
        "（規則に別のきまりがある経費を除きます）。"
    ),
)
_SIZE = 9
_LOW = 13.0
_WIDTHS = (42.0, 86.0)
_LIMB_PIXELS = 100
_FIRST = 6
"""First row of the first 経費 (zero-based)."""
_ABOVE, _BELOW = 5, 2
"""Rows over the members of a 経費, and below them: 計, and an empty one."""
MOST_ROWS = 1_000_000
"""Rows on one sheet; programs know 1,048,576."""


@dataclass(frozen=True)
class Lines:
    """A sheet: the 経費 of a 事業 (or some of them)."""

    drawn: Workings
    project: str
    lines: Sequence[WorkedLine]

    def set_up(self, sheet: Sheet) -> None:
        """Paper: every 経費 begins with its heading, so that only title and state are repeated."""
        Paper(
            title=f"{self.drawn.outcome.year.label} 負担金 計算書　{self.project}",
            state=self.drawn.outcome.state,
            of=of(self.drawn.outcome),
            widths=self.widths,
        ).set_up(sheet)
        for column in range(LAST + 1, len(LETTERS)):
            sheet.raw.set_column_pixels(column, column, _LIMB_PIXELS)
        sheet.raw.print_area(0, 0, self._end - 1, LAST)
        sheet.raw.freeze_panes(0, 2)

    @property
    def _end(self) -> int:
        return _FIRST + sum(_rows(line) for line in self.lines)

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Widths of all columns: headings and the longest numbers fit."""
        numbers = [_longest(line) for line in self.lines]
        found = [*_WIDTHS]
        for place in range(2, LAST + 1):
            longest = max((n.get(LETTERS[place], 0) for n in numbers), default=0)
            texts = (f"{longest:,}", _OVER[place], *HEADS[place].split("\n"))
            found.append(wide_enough(texts, _SIZE, 40.0) + (14.0 if LETTERS[place] == EXACT else 0))
        return tuple(found)

    def blocks(self) -> Iterator[Recorder]:
        """The title, and each 経費."""
        yield self._title()
        row = _FIRST
        for line in self.lines:
            note = Recorder()
            _Block(note, self.drawn, line, row, self.widths).write()
            if row > _FIRST:
                note.page_breaks([row])
            yield note
            row += _rows(line)

    def _title(self) -> Recorder:
        note, outcome = Recorder(), self.drawn.outcome
        note.text(0, 0, f"{outcome.year.label} 負担金の計算書", "title")
        note.height(0, height(1, 16))
        note.text(1, 0, STAMPS[outcome.state], "warn")
        note.text(2, 0, PROJECT, "small_head")
        note.text(2, 1, self.project, "heading")
        for row, text in enumerate(_NOTES, start=3):
            note.merged(row, 0, row, LAST, text, "note")
            note.height(row, height(lines(text, fsum(self.widths), _SIZE), _SIZE))
        return note


def sheets_of(drawn: Workings) -> Iterator[Lines]:
    """One for each 事業, more where it has too many rows."""
    for project, own in drawn.projects.items():
        kept: list[WorkedLine] = []
        rows = _FIRST
        for line in own:
            if kept and rows + _rows(line) > MOST_ROWS:
                yield Lines(drawn, project, tuple(kept))
                kept, rows = [], _FIRST
            kept.append(line)
            rows += _rows(line)
        yield Lines(drawn, project, tuple(kept))


def _rows(line: WorkedLine) -> int:
    return _ABOVE + len(line.places) + _BELOW


def _longest(line: WorkedLine) -> Mapping[str, int]:
    """The longest number of each column."""
    result = line.result
    found: dict[str, int] = {
        CHARGE: result.base,
        CUT: result.base,
        BASE: result.base,
        EXACT: result.base,
    }
    if line.live:
        steps = line.live.steps
        found |= {WEIGHT: max(steps.weights), WHOLE: max(steps.whole, *steps.ranks)}
        found |= {"F": max(steps.total, *steps.remainders), "H": steps.quotient, "I": steps.left}
    return {column: abs(number) for column, number in found.items()}


@dataclass(slots=True)
class _Block:
    """The rows of one 経費 from `row` on."""

    sheet: Cells
    drawn: Workings
    line: WorkedLine
    row: int
    widths: Sequence[float]

    @property
    def area(self) -> SheetArea:
        first = self.row + _ABOVE + 1
        return SheetArea(self.row + 4, first, first + max(len(self.line.places), 1) - 1)

    def write(self) -> None:
        """All rows."""
        self._labels()
        line = self.line
        self._number(self.row + 3, BASE, line.result.base)
        self._number(self.row + 3, WHOLE_YEN, sum(line.result.yen))
        if line.live:
            self._live(line.live)
        else:
            self._values()
        self._sums()

    def _labels(self) -> None:
        row, sheet, line = self.row, self.sheet, self.line
        sheet.text(row, 0, LINE, "small_head")
        sheet.number(row, 1, line.number, "small_center")
        sheet.merged(row, 2, row, LAST, line.result.case.line.name, "small_band")
        said = rule_text(
            line.result, self.drawn.outcome.book, free=not line.reason and not line.live
        )
        reason = f"値: {line.reason}、結果を示します。" if line.reason else ""
        text = "\n".join(filter(None, (said.rule, said.legal, reason)))
        place = said.place.replace("\n", "")
        sheet.merged(row + 1, 0, row + 1, LAST, f"{text}　{place}", "small_rule")
        room = fsum(self.widths)
        sheet.height(row + 1, height(lines(text, room, _SIZE), _SIZE))
        for column, label in enumerate(_OVER):
            sheet.text(row + 2, column, label, "small_head")
        for column in range(LAST + 1):
            sheet.blank(row + 3, column, "small_money")
        for column, head in enumerate(HEADS):
            sheet.text(row + 4, column, head, "small_head")
        sheet.height(row + 4, height(2, _SIZE))

    def _live(self, live: LiveSteps) -> None:
        formulas = Formulas(self.area, live.steps)
        apart, over = sum(live.sharing.apart), self.area.over
        more = live.steps.total + apart - self.line.result.base
        whole = f"={over(BASE)}" + (f"{more:+d}" if more else "")
        for column, formula, value in (
            (WHOLE_YEN, whole, self.line.result.base + more),
            (APARTS, f"=SUM({self.area.all(APART)})", apart),
            (SHARED, f"={over(WHOLE_YEN)}-{over(APARTS)}", live.steps.total),
            *formulas.head(),
        ):
            self._formula(self.row + 3, column, formula, value)
        if formulas.wide:
            for limb, label in enumerate(_LIMBS, start=LAST + 1):
                self.sheet.text(self.row + 4, limb, label, "small_head")
        for at, place in enumerate(self.line.places, start=self.row + _ABOVE):
            self._member(at, place)
            self._own(at, place, live, formulas)

    def _own(self, at: int, place: int, live: LiveSteps, formulas: Formulas) -> None:
        steps, row = live.steps, at + 1
        self._formula(at, WEIGHT, f"={live.weight.column.cell(place)}", steps.weights[place])
        for column, formula, value in formulas.row(row, place):
            self._formula(at, column, formula, value)
        spare = self.area.over(SPARE)
        if steps.way.ranks:
            ranked = f"=IF({spare}=0,0,{steps.way.ranks[place]})"
            self._formula(at, RANK, ranked, steps.ranks[place])
        if steps.way.payer == place:
            self._formula(at, ADDED, f"={spare}", steps.added[place])
        self._apart(at, place, live)
        charge = steps.cuts[place] + steps.added[place] + live.sharing.apart[place]
        self._formula(at, CHARGE, f"={CUT}{row}+{ADDED}{row}+{APART}{row}", charge)

    def _apart(self, at: int, place: int, live: LiveSteps) -> None:
        """What a member owes beside the sharing: a percentage live, all else as a value."""
        apart = live.sharing.apart[place]
        code = self.drawn.outcome.members[place].code
        over = self.area.over(BASE)
        if apart and (formula := apart_formula(self.line.result, over, code, apart)):
            self._formula(at, APART, formula, apart)
        else:
            self._number(at, APART, apart)

    def _values(self) -> None:
        """A 経費 that no formula can show: what was computed."""
        result, order = self.line.result, self.line.result.rounded.order
        ranks = {position: rank for rank, position in enumerate(order, start=1)}
        for position, place in enumerate(self.line.places):
            at = self.row + _ABOVE + position
            self._member(at, place)
            exact, cut = result.shares.exact(position), result.rounded.cuts[position]
            self.sheet.number(at, LETTERS.index(EXACT), float(exact), "small_share")
            self._number(at, CUT, cut)
            if position in ranks:
                self._number(at, RANK, ranks[position])
            self._number(at, ADDED, result.rounded.yen[position] - cut)
            self._number(at, APART, sum(a.yen[position] for a in result.case.adjustments))
            self._number(at, CHARGE, result.yen[position])

    def _member(self, at: int, place: int) -> None:
        member = self.drawn.outcome.members[place]
        self.sheet.text(at, 0, member.code, "small_code")
        self.sheet.text(at, 1, member.name, "small_text")
        for column in range(2, LAST + 1):
            self.sheet.blank(at, column, "small_money")
        self.sheet.height(at, _LOW)

    def _sums(self) -> None:
        at, result = self.row + _ABOVE + len(self.line.places), self.line.result
        self.sheet.merged(at, 0, at, LETTERS.index(EXACT), "計", "small_band")
        adjusted = sum(sum(a.yen) for a in result.case.adjustments)
        values = {CUT: sum(result.rounded.cuts), ADDED: 0, APART: adjusted, CHARGE: sum(result.yen)}
        if self.line.live:
            steps, apart = self.line.live.steps, self.line.live.sharing.apart
            values |= {CUT: sum(steps.cuts), ADDED: sum(steps.added), APART: sum(apart)}
        else:
            values[ADDED] = sum(result.rounded.yen) - values[CUT]
        for column in LETTERS[LETTERS.index(EXACT) + 1 : LAST + 1]:
            if column in values:
                whole = f"=SUM({column}{self.area.first}:{column}{self.area.last})"
                self._formula(at, column, whole, values[column], "small_band_money")
            else:
                self.sheet.blank(at, LETTERS.index(column), "small_band")

    def _number(self, at: int, column: str, value: int) -> None:
        self.sheet.number(at, LETTERS.index(column), value, _style(column))

    def _formula(self, at: int, column: str, formula: str, value: float, style: str = "") -> None:
        exact = column == EXACT and isinstance(value, float)
        look = style or ("small_share" if exact else _style(column))
        self.sheet.formula(at, LETTERS.index(column), formula, value, look)


def _style(column: str) -> str:
    return "small_bold_money" if column == CHARGE else "small_money"
