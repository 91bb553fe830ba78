"""What an explanation is made of: numbers, each with its formula, its words and its place.

A step that has terms is their sum, brought to a unit where a `Cut` says so; nothing but + - * /
and that cut is needed to work it out again. A step without terms is a fact: what a table or a rule
says, or (the place in an order) what the rounding decided.
"""

from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction

from apportion.allocate.instalments import Instalment
from apportion.core.dataclass import dataclass
from apportion.core.model import BudgetLine, Member, Yen
from apportion.core.numbers import money
from apportion.core.problem import Source
from apportion.core.text import fold
from apportion.core.year import Edition, FiscalYear
from apportion.explain.ledger import LedgerRow, decimal_text
from apportion.rules.book import Remark
from apportion.rules.nodes import Mode, RestOrder

YEN = "円"
BODIES = "団体"
RATE = "割合"
"""Unit of parts: 30%, 1/3."""
PERIOD = "期間"
"""Unit of the part of the year that a member takes part: 6/12."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """One number of a formula, exact in its unit; `step` names the earlier step it comes from."""

    value: Fraction
    unit: str = YEN
    label: str = ""
    source: Source = Source()
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product of `factors` divided by each of `divisors`; `minus`: it is taken off."""

    factors: tuple[Operand, ...]
    divisors: tuple[Operand, ...] = ()
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """Bringing a number to a multiple of `unit` (1/1000: to three decimals).

    A negative one mirrors the positive one.
    """

    unit: int | Fraction
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of an explanation. Without a value it is a heading: a rule as it is written.

    `words` say it as a sentence; `depth` is 0 for what holds of the 経費, more inside a rule. `by` tells
    that the terms are not added up (`LARGEST`, `SMALLEST`), or that the first number of the one term
    is raised to the power of the second (`POWER`).
    """

    key: str
    label: str
    value: Fraction | None = None
    unit: str = YEN
    terms: tuple[Product, ...] = ()
    cut: Cut | None = None
    by: str = ""
    words: str = ""
    source: Source = Source()
    depth: int = 0

    def operand(self, label: str = "") -> Operand:
        """This step as a number of a later formula."""
        assert self.value is not None
        label = label or self.label
        return Operand(value=self.value, unit=self.unit, label=label, step=self.key)


def term(*factors: Operand, over: tuple[Operand, ...] = (), minus: bool = False) -> Product:
    """A product, divided by `over`."""
    return Product(factors=factors, divisors=over, minus=minus)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutRest:
    """差額 of a 経費: what cutting left over of `total` yen, who is given it, and this member's part.

    `units` is the number of grants, `size` that of the members in the order, `own` this member's
    place in it (None: it stands in none), `last` who was the last to be given, `following` the next.
    """

    rule: str
    total: int
    cuts: int
    unit: int
    units: int
    size: int
    own: LedgerRow | None
    last: LedgerRow | None
    following: LedgerRow | None
    unallocated: int = 0

    @property
    def difference(self) -> int:
        """Yen that cutting left over (negative: took too much)."""
        return self.total - self.cuts


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStory:
    """How one member's charge for one 経費 came about.

    `rules` are the lines that gave it, `place` where a reader begins: the first of them, or the
    roster that the member is not in.
    """

    line: BudgetLine
    yen: Yen
    taking_part: bool
    legal: tuple[Remark, ...]
    place: Source
    rules: tuple[Source, ...] = ()
    steps: tuple[Step, ...] = ()
    rest: CutRest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStory:
    """The lines of one 事業 that were asked for; `yen` is the member's sum over all of its lines."""

    name: str
    yen: Yen
    lines: tuple[LineStory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a member is charged what it is charged, in yen.

    `asked` is a body that `member` succeeded, or `member` itself. `owed` is its own charges,
    `invoiced` what it is invoiced for by `instalments` under the rules `dues`: the two differ where
    a 代表 pays (`payers`) or where it pays for others (`others`). Among `instalments` are those that
    `former` bodies (by 団体コード) were billed for. `edition` is the 補正 it is told for;
    `lacks` tells of clauses that are in no amount.
    """

    year: FiscalYear
    state: str
    lacks: tuple[str, ...]
    asked: Member
    member: Member
    owed: Yen
    invoiced: Yen
    instalments: tuple[Instalment, ...]
    dues: tuple[Source, ...]
    payers: tuple[tuple[Member, Yen], ...]
    others: tuple[tuple[Member, Yen], ...]
    projects: tuple[ProjectStory, ...]
    edition: Edition | None = None
    former: Mapping[str, Member] = field(default_factory=dict)

    def label(self, part: Instalment) -> str:
        """`第1期`, `第1期（みどり町分）`."""
        own = self.former.get(part.code)
        return part.label + (f"（{own.name}分）" if own else "")


LARGEST, SMALLEST, POWER = "大きい方", "小さい方", "乗"
MONTHS = 12
_LISTED = 6
"""Terms of a sum that are read out; the sum over many members is not."""


def number(value: Fraction, unit: str) -> str:
    """`44,710,000円`, `371,920人`, `30%`, `6/12`."""
    if unit == RATE:
        return percent(value)
    if unit == PERIOD:
        return period(value)
    return f"{decimal_text(value)}{unit}"


def percent(ratio: Fraction) -> str:
    """`30%`, `47.5%`, or `1/3` where a percentage would not end."""
    hundredths = decimal_text(ratio * 100)
    return f"{ratio.numerator}/{ratio.denominator}" if "…" in hundredths else f"{hundredths}%"


def period(part: Fraction) -> str:
    """`6/12` for half a year, `184/365` where days count."""
    if MONTHS % part.denominator:
        return f"{part.numerator}/{part.denominator}"
    return f"{part * MONTHS}/{MONTHS}"


def place(source: Source) -> str:
    """`rules/r7/20.txt:6`, `members/r7/roster.csv!C5`, `members/r7/roster.xlsx 名簿!C5`."""
    if source.sheet and source.cell:
        return f"{source.file} {source.sheet}!{source.cell}"
    return source.short()


def value_of(line: str) -> str:
    """`県に 25%` of the line `負担割合: 県に 25%`."""
    return fold(line).partition(":")[2].strip()


def formula(step: Step) -> str:
    """`30,492,000円 × 20% ÷ 53団体`; nothing for a fact, or for a number that only has a new name."""
    if len(step.terms) > _LISTED:
        return ""
    if step.by:
        return _by(step)
    renamed = len(step.terms) == 1 and len(step.terms[0].factors) == 1
    if not step.terms or (renamed and not step.terms[0].divisors):
        return ""
    named = len(step.terms) > 1
    text = "".join(
        f"{' － ' if own.minus else ' + '}{_product(own, named=named)}" for own in step.terms
    )
    return text.removeprefix(" + ").lstrip()


def _by(step: Step) -> str:
    """`371,920人 の 0.584…乗`, `小さい方（加入割 3、5）`."""
    if step.by == POWER:
        base, exponent = step.terms[0].factors
        return f"{number(base.value, base.unit)} の {number(exponent.value, '')}乗"
    listed = "、".join(_product(own, named=True) for own in step.terms)
    return f"{step.by}（{listed}）"


def _product(own: Product, *, named: bool) -> str:
    label = f"{own.factors[0].label} " if named and own.factors[0].label else ""
    times = " × ".join(number(factor.value, factor.unit) for factor in own.factors)
    over = "".join(f" ÷ {number(divisor.value, divisor.unit)}" for divisor in own.divisors)
    return f"{label}{times}{over}"


def told(rest: CutRest, name: str, order: RestOrder) -> str:
    """The rest of a 経費 as sentences: how much, by which order, and whether `name` is given some."""
    if not rest.difference:
        return f"全団体の額を合わせるとちょうど {money(rest.total)}で、差額はありません。"
    lacking = rest.difference > 0
    gap = f"{money(abs(rest.difference))}{'足りません' if lacking else '多すぎます'}"
    found = f"全団体の額を合わせると {money(rest.cuts)}で、{money(rest.total)}に{gap}。"
    if order is RestOrder.NONE:
        return f"{found}規則により調整しません（端数未調整額）。"
    if order in (RestOrder.PAYER, RestOrder.BIGGEST):
        payer = rest.last.member.name if rest.last else ""
        biggest = "正確な額が最も大きい" if order is RestOrder.BIGGEST else ""
        return f"{found}規則により、差額は{biggest}{payer}が負担します。"
    how = "足します" if lacking else "引きます"
    to = f"{rest.units}団体へ" if rest.units <= rest.size else f"{rest.units}回に分けて"
    given = f"{order.value}に、{to}{rest.unit:,}円ずつ{how}。"
    return f"{found}{given}{_own(rest, name, order, how)}{_border(rest)}"


def _own(rest: CutRest, name: str, order: RestOrder, how: str) -> str:
    own, not_done = rest.own, f"{how.removesuffix('ます')}ません"
    if own is None:
        return f"{name}は、この順番に入りません。"
    by_remainder = order is RestOrder.REMAINDER
    if by_remainder and not own.remainder and not own.yen:
        return f"{name}は端数がないので、{not_done}。"
    left = f"（{_left(own)}）" if by_remainder else ""
    so = "ため" if own.why.endswith(("い", "る")) else "のため"
    done = f"{money(abs(own.yen))}{how}" if own.yen else not_done
    rank = "" if f"{own.rank}番目" in own.why else f"（順位は{own.rank}番目）"
    return f"{name}{left}は、{own.why}{so}、{done}{rank}。"


def _border(rest: CutRest) -> str:
    """Who was the last to be given, and who would have been next."""
    told: list[str] = []
    last, following = rest.last, rest.following
    code = rest.own.member.code if rest.own else ""
    if last is not None and last.member.code != code:
        told.append(f"最後は{last.rank}番目の{last.member.name}（{_left(last)}）")
    if following is not None and following.member.code != code:
        told.append(f"次点は{following.member.name}（{_left(following)}）")
    return f"{'、'.join(told)}です。" if told else ""


def _left(row: LedgerRow) -> str:
    return f"端数 {decimal_text(Fraction(row.remainder, row.denominator))}円"
