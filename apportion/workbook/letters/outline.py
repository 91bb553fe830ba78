"""How an amount comes about, as rows of 計算のあらまし: the steps of `explain`, live.

Every row that bears yen is worked out as a spreadsheet does it; where the yen that were billed would
not surely follow, the row is a value and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.numbers import money
from apportion.core.problem import Source
from apportion.explain.steps import (
    LARGEST,
    PERIOD,
    POWER,
    RATE,
    YEN,
    CutRest,
    LineStory,
    Operand,
    Product,
    Step,
    number,
    told,
)
from apportion.rules.nodes import RestOrder
from apportion.workbook.sheets import doubles
from apportion.workbook.sheets.doubles import Num

MONEY, RATIO, OWN, WHOLE, AMOUNT = "CDEFG"
"""Columns: 分ける額, 割合, 自団体の値, 全団体の計, 額."""

LABELLED = "（値）"
"""Stands behind the label of an amount that no formula would surely give."""


class OutlineCell(NamedTuple):
    """A number, or a formula with its value; and how it is shown."""

    value: float
    formula: str = ""
    look: str = "small_money"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineRow:
    """A row: label, cells by column, words, place of the rule or of the figure.

    `kind` is `name` (of the 経費, with its 対象額 where that is 予算額), `rule` (a line of the rules
    as it is written), `step` or `charge` (the amount billed).
    """

    label: str
    kind: str = "step"
    cells: Mapping[str, OutlineCell] = field(default_factory=dict)
    words: str = ""
    place: str = ""


_TABLES = {
    "budget": "予算の表",
    "figures": "基礎数値の表",
    "roster": "名簿の表",
    "previous": "前年度の表",
}


def place_of(source: Source) -> str:
    """`規則17行`, `基礎数値の表C3`: where a recipient is told that something is written."""
    stem = source.file.rpartition("/")[2].partition(".")[0]
    if source.cell:
        return f"{_TABLES.get(stem, '表')}{source.cell}"
    return f"規則{source.line}行" if source.line else ""


@dataclass(slots=True)
class Outline:
    """The rows of one 経費 for a member; the first one stands in row `first` (from 1)."""

    first: int
    member: str
    story: LineStory
    rows: list[OutlineRow] = field(default_factory=list)
    nums: dict[str, Num] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(init=False)

    def __post_init__(self) -> None:
        self.steps = {step.key: step for step in self.story.steps}
        self.rows.append(OutlineRow(label=self.story.line.name, kind="name"))
        for step in self.story.steps:
            self._take(step)

    def _take(self, step: Step) -> None:
        if step.key in ("absent", "carried", "waived"):
            self._words(step)
        elif self._is_noise(step):
            pass
        elif uncut := self._uncut(step):
            self.nums[step.key] = uncut
        elif step.value is None:
            self._rule(step)
        elif self._stands_beside(step):
            pass
        elif step.key == "base" and _is_same(step):
            self._named(step)
        elif alias := self._renamed(step):
            self.nums[step.key] = self.nums[alias]
        elif step.terms:
            self._worked(step)
        else:
            self._fact(step)

    def _is_noise(self, step: Step) -> bool:
        """What other rows say: how many members, all of 予算額, 0円 behind a cut that cuts nothing."""
        if step.key == "budget":
            base = self.steps.get("base")
            return base is not None and _is_same(base)
        return step.key == "members" or (step.key == "added" and self._is_whole)

    def _uncut(self, step: Step) -> Num | None:
        """The exact amount under a cut that cuts nothing."""
        if step.key != "cut" or not self._is_whole:
            return None
        return self._cut(step, self._sum(step.terms))

    @property
    def _is_whole(self) -> bool:
        """Whether the exact amount is whole and nothing is added to it."""
        cut, added = self.steps.get("cut"), self.steps.get("added")
        if cut is None or cut.cut is None or (added is not None and added.value):
            return False
        [own] = cut.terms
        return own.factors[0].value == cut.value

    def _words(self, step: Step) -> None:
        """What only words say."""
        self.rows.append(
            OutlineRow(label=step.label, words=step.words, place=place_of(step.source))
        )

    def _rule(self, step: Step) -> None:
        """A line of the rules; what a share goes by is said beside it."""
        if self._is_beside(step.key):
            return
        if step.depth == 0:
            self.rows.append(OutlineRow(label=step.label, kind="rule", place=place_of(step.source)))
        elif step.key.endswith(".none"):
            self.rows.append(OutlineRow(label=step.label, words=step.words))

    def _is_beside(self, line: str) -> bool:
        """Whether a line is one plain share, beside which it is said: `負担割合: 均等割`."""
        own = {key for key in self.steps if key.startswith(f"{line}.")}
        return own in ({f"{line}.driver1.yen"}, {f"{line}.driver1.whole", f"{line}.driver1.yen"})

    def _stands_beside(self, step: Step) -> bool:
        """Whether a figure stands in the row of the share that it gives."""
        driver, _, end = step.key.rpartition(".")
        share = self.steps.get(f"{driver}.yen")
        if share is None or len(share.terms) != 1 or f"{driver}.units" in self.steps:
            return False
        return end == "whole" or (end == "value" and not step.terms)

    def _renamed(self, step: Step) -> str:
        """The earlier step that this one only gives a new name."""
        if step.key not in ("free", "base") or (step.key == "base" and "budget" not in self.nums):
            return ""
        if len(step.terms) != 1 or not _is_plain(step.terms[0]):
            return ""
        return step.terms[0].factors[0].step if step.terms[0].factors[0].step in self.nums else ""

    def _named(self, base: Step) -> None:
        """対象額 beside the name of the 経費."""
        assert base.value is not None
        cells = {AMOUNT: OutlineCell(int(base.value))}
        named = OutlineRow(
            label=self.story.line.name,
            kind="name",
            cells=cells,
            words=base.label,
            place=place_of(base.source),
        )
        self.rows[0] = named
        self.nums[base.key] = Num(f"{AMOUNT}{self.first}", float(base.value))

    def _fact(self, step: Step) -> None:
        """What a table or a rule says."""
        column = {YEN: AMOUNT, PERIOD: RATIO, RATE: RATIO}.get(step.unit, OWN)
        column = OWN if _is_value(step) else column
        assert step.value is not None
        value = float(step.value)
        cells = {column: OutlineCell(_shown(value), look=_look(step, step.value))}
        self.rows.append(
            OutlineRow(
                label=self._label(step), cells=cells, words=step.words, place=place_of(step.source)
            )
        )
        self.nums[step.key] = Num(self._address(column), value)

    def _worked(self, step: Step) -> None:
        """A row with a formula."""
        assert step.value is not None
        own = step.terms[0]
        beside: dict[str, OutlineCell] = {}
        if step.by:
            made = self._cut(step, self._by(step))
        elif len(step.terms) == 1 and self._has_columns(own) and not _is_value(step):
            made = self._cut(step, self._beside(own, beside))
        else:
            terms = [own for own in step.terms if not self._is_left_out(own)]
            made = self._cut(step, self._sum(terms))
        self._write(step, made, beside)

    def _by(self, step: Step) -> Num:
        """The largest or smallest of the terms, or a power."""
        if step.by == POWER:
            return doubles.power(*map(self._operand, step.terms[0].factors))
        function = "MAX" if step.by == LARGEST else "MIN"
        return doubles.picked(function, map(self._product, step.terms))

    def _has_columns(self, own: Product) -> bool:
        """Whether it is more than one number, each of which has a column or stands in a row above."""
        taken: set[str] = set()
        for operand in (*own.factors, *own.divisors):
            column = WHOLE if operand in own.divisors else _column(operand)
            if column in taken and operand.step not in self.nums:
                return False
            taken.add(column)
        return len(own.factors) + len(own.divisors) > 1

    def _label(self, step: Step) -> str:
        """The label; what a ■ block rests on stands in from what it gives."""
        own = step.label.removeprefix(f"{self.member}の")
        return "　" * max(step.depth - _VALUE_DEPTH, 0) + own

    def _is_left_out(self, own: Product) -> bool:
        """Whether it is the rest of 0円 behind a cut that cuts nothing."""
        return own.factors[0].step == "added" and "added" not in self.nums

    def _write(self, step: Step, made: Num | None, beside: dict[str, OutlineCell]) -> None:
        assert step.value is not None
        if made is not None and not _agrees(made.value, step):
            made = None
        value = float(step.value) if made is None else made.value
        formula = f"={made.text}" if made is not None else ""
        cell = OutlineCell(_shown(value), formula, _look(step, step.value))
        column = OWN if _is_value(step) else AMOUNT
        kind = "charge" if step.key == "charge" else "step"
        label = self._label(step) + (LABELLED if made is None else "")
        words, place = self._said(step, beside=bool(beside))
        self.rows.append(
            OutlineRow(
                label=label, kind=kind, cells=beside | {column: cell}, words=words, place=place
            )
        )
        self.nums[step.key] = Num(self._address(column), value)

    def _said(self, step: Step, *, beside: bool) -> tuple[str, str]:
        """Words and place of a row: of the figure that stands in it, where there is one."""
        if step.key.endswith(".yen"):
            return self._said_of_share(step)
        way = "" if beside or _is_value(step) else self._way(step)
        return "　".join(filter(None, (way, step.words))), place_of(step.source)

    def _said_of_share(self, step: Step) -> tuple[str, str]:
        driver = step.key.rpartition(".")[0]
        line = self.steps.get(driver.rpartition(".")[0])
        heading, value = self.steps.get(driver), self.steps.get(f"{driver}.value")
        whole = self.steps.get(f"{driver}.whole")
        said, place = step.words, place_of(step.source)
        if value is not None and self._stands_beside(value):
            name = value.label.removeprefix(f"{self.member}の")
            said, place = (
                name + (f"（{value.words}）" if value.words else ""),
                place_of(value.source),
            )
        elif heading is not None and heading.value is None and heading.depth:
            said = heading.words
        elif line is not None and self._is_beside(line.key):
            said = line.label
        counted = (
            f"{whole.label}（{whole.words}）"
            if whole and whole.words
            else whole.label
            if whole
            else ""
        )
        return "　".join(filter(None, (said, counted))), place

    def _way(self, step: Step) -> str:
        """`＝ 対象額 － 対象額 × 25%`: rows above by their names."""
        terms = [own for own in step.terms if not self._is_left_out(own)]
        if len(terms) < _SEVERAL and _is_plain(step.terms[0]):
            return ""
        if len(terms) > _MOST or any(o.label == "" for own in terms for o in own.factors[:1]):
            return ""
        signed = (f"{' － ' if own.minus else ' ＋ '}{self._named_product(own)}" for own in terms)
        return "＝ " + "".join(signed).removeprefix(" ＋ ").lstrip()

    def _named_product(self, own: Product) -> str:
        over = "".join(f" ÷ {self._called(operand)}" for operand in own.divisors)
        return " × ".join(map(self._called, own.factors)) + over

    def _called(self, operand: Operand) -> str:
        """A row above by its name, another number with what it is."""
        if operand.step in self.nums:
            return operand.label
        return f"{operand.label} {number(operand.value, operand.unit)}".lstrip()

    def _beside(self, own: Product, cells: dict[str, OutlineCell]) -> Num:
        """A product whose numbers stand in the columns before the amount."""
        factors = [n for operand in own.factors for n in self._slot(operand, cells, MONEY)]
        divisors = [n for operand in own.divisors for n in self._slot(operand, cells, WHOLE)]
        return doubles.product(factors, divisors)

    def _slot(
        self, operand: Operand, cells: dict[str, OutlineCell], money_or_whole: str
    ) -> list[Num]:
        column = _column(operand) if money_or_whole == MONEY else WHOLE
        if column in cells:
            return [self._operand(operand)]
        known = self.nums.get(operand.step)
        value = float(operand.value) if known is None else known.value
        formula = "" if known is None else f"={known.text}"
        cells[column] = OutlineCell(_shown(value), formula, _beside_look(operand, column))
        return [Num(self._address(column, ahead=1), value)]

    def _sum(self, terms: Sequence[Product]) -> Num:
        return doubles.total((own.minus, self._product(own)) for own in terms)

    def _product(self, own: Product) -> Num:
        factors, divisors = [], []
        for operand in own.factors:
            if operand.step in self.nums:
                factors.append(self.nums[operand.step])
            else:
                over, under = _literal(operand)
                factors.append(over)
                divisors += [under] if under else []
        divisors += [self._operand(operand) for operand in own.divisors]
        return doubles.product(factors, divisors)

    def _operand(self, operand: Operand) -> Num:
        if operand.step in self.nums:
            return self.nums[operand.step]
        over, under = _literal(operand)
        return Num(f"({over.text}/{under.text})", over.value / under.value) if under else over

    def _cut(self, step: Step, own: Num) -> Num | None:
        if step.cut is None:
            return own
        assert step.value is not None
        unit, mode = step.cut.unit, step.cut.mode
        whole = all(_is_whole(term) for term in step.terms)
        if not whole and not doubles.surely(own, unit, mode, step.value):
            return None
        return doubles.cut(own, unit, mode)

    def _address(self, column: str, *, ahead: int = 0) -> str:
        return f"{column}{self.first + len(self.rows) - 1 + ahead}"


def _is_value(step: Step) -> bool:
    """Whether it is what a name is worth for the member: no yen to be paid."""
    return ".value" in step.key or step.key.endswith(".units")


_VALUE_DEPTH, _SEVERAL, _MOST = 2, 2, 6


def _is_same(base: Step) -> bool:
    """Whether 対象額 is 予算額."""
    return len(base.terms) == 1 and base.terms[0].factors[0].step == "budget"


def _is_whole(own: Product) -> bool:
    """Whether it is one whole number: a double adds such without noise."""
    return _is_plain(own) and own.factors[0].value.denominator == 1


def _is_plain(own: Product) -> bool:
    return len(own.factors) == 1 and not own.divisors


def _column(factor: Operand) -> str:
    """Where a factor stands beside the amount."""
    if ".value" in factor.step:
        return OWN
    return {YEN: MONEY, RATE: RATIO, PERIOD: RATIO}.get(factor.unit, OWN)


def _literal(operand: Operand) -> tuple[Num, Num | None]:
    """A number as factor and divisor."""
    if operand.unit == RATE:
        return doubles.percent(operand.value)
    whole = doubles.number(operand.value)
    if whole is not None:
        return whole, None
    top, bottom = operand.value.numerator, operand.value.denominator
    return Num(str(top), float(top)), Num(str(bottom), float(bottom))


_CLOSE = 36
"""Binary digits in which a number that is looked at agrees."""


def _agrees(value: float, step: Step) -> bool:
    """Whether a formula gives its number: yen that are billed exactly, others in their digits."""
    assert step.value is not None
    if step.cut is not None and step.cut.unit < 1:
        return value == float(step.value)  # decimals: the nearest double
    (top, bottom), (over, under) = value.as_integer_ratio(), step.value.as_integer_ratio()
    if step.cut is not None or step.key in ("charge", "base", "counted", "cut"):
        return (top, bottom) == (over, under)
    return abs(top * under - over * bottom) << _CLOSE <= abs(over) * bottom


def _shown(value: float) -> float:
    return int(value) if value.is_integer() else value


def _look(step: Step, value: Fraction) -> str:
    if step.key == "charge":
        return "small_bold_money"
    if step.unit in (RATE, PERIOD):
        return "small_ratio"
    if _is_value(step):
        return _value_look(value)
    whole = value.denominator == 1 and (step.cut or not step.key.endswith((".yen", "free")))
    return "small_money" if whole else "small_share"


def _beside_look(operand: Operand, column: str) -> str:
    if column == RATIO:
        whole = operand.unit == RATE and (operand.value * 100).denominator == 1
        return "small_percent" if whole else "small_ratio"
    return _value_look(operand.value)


def _value_look(value: Fraction) -> str:
    """Whole, with three decimals, or a small number with as many as a calculation needs."""
    if value.denominator == 1:
        return "small_money"
    return (
        "small_factor" if abs(value) < _SMALL and (value * 1_000).denominator > 1 else "small_share"
    )


_SMALL = 10
"""Below it a number is shown with seven decimals."""


def told_of(rest: CutRest, _name: str, order: RestOrder) -> str:
    """Place in the order of the rest, and what is given by it; of nobody else, unless a rule says so."""
    if not rest.difference or order in (RestOrder.NONE, RestOrder.PAYER, RestOrder.BIGGEST):
        return told(rest, "", order)
    how = "足します" if rest.difference > 0 else "引きます"
    given = f"{money(abs(rest.difference))}を{rest.units}団体へ{rest.unit:,}円ずつ{how}。"
    if rest.units > rest.size:
        given = f"{money(abs(rest.difference))}を{rest.units}回に分けて{rest.unit:,}円ずつ{how}。"
    if rest.own is None:
        return f"この順番に入りません。{given}"
    return f"端数の順位 {rest.own.rank}番目（{rest.own.why}）。{given}"
