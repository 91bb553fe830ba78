"""Names, parts, amounts and arithmetic: the words that clauses of a rule are made of."""

from dataclasses import field
from datetime import date
from enum import Enum
from fractions import Fraction

from apportion.core.dataclass import dataclass
from apportion.core.problem import Source

EQUAL = "均等割"
"""The one built-in driver: every member counts the same."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a rule text."""

    text: str
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Ratio:
    """`30%`, `30/100`, `100分の30`: an exact part of 対象額 (or of a driver)."""

    value: Fraction
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Rest:
    """`残り` (the whole of it) or `残りの 50%`."""

    part: Fraction
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Money:
    """`27千円`, `定額 27千円`: an amount in 円 (a Fraction only where a rate has sen, `1.5円`)."""

    yen: Fraction
    source: Source = field(compare=False)


Share = Ratio | Rest | Money


@dataclass(frozen=True, slots=True)
class Who:
    """`市町村、愛知県（豊根村を除く）`: the union of `names` without `excluded`."""

    names: tuple[Name, ...]
    excluded: tuple[Name, ...]
    source: Source = field(compare=False)


class Mode(Enum):
    """Which way an amount is cut to its unit; towards zero, half away from zero, away from zero."""

    DOWN = "切捨て"
    HALF_UP = "四捨五入"
    UP = "切上げ"


@dataclass(frozen=True, slots=True)
class Number:
    """A number, percent, fraction or amount (in 円)."""

    value: Fraction
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class SumOf:
    """`Xの計`: the sum of a name over the roster of the 経費."""

    name: Name
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """`+ - × ÷ ^` (operator as `+-*/^`) on two terms."""

    operator: str
    left: "Arith"
    right: "Arith"
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Pick:
    """`大きい方(…)`, `小さい方(…)`, `平均(…)`."""

    function: str
    terms: tuple["Arith", ...]
    source: Source = field(compare=False)


Arith = Number | Name | SumOf | Operation | Pick


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`小さい方（予算額、需要額の計）を`: what a line shares, as a formula in 円."""

    formula: Arith
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Doubling:
    """`人口が2倍で負担が1.5倍`: figure ^ (log factor / log 2)."""

    figure: Name
    factor: Fraction
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Weight:
    """`均等割 30%`: a driver and its part of the line's money; None: all of it, Rest: what is left."""

    driver: Name
    ratio: Ratio | Rest | None
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """総額方式: `市町村に 残りを 均等割 30% + 人口割 70%`. No share: 100%. No weights: one member pays."""

    who: Who | None
    share: Share | Reckoned | None
    weights: tuple[Weight, ...]
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """`参加団体に 1万円ずつ`: the same amount from each."""

    who: Who | None
    amount: Money
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerUnit:
    """`人口 1,000人につき 100円(端数切上げ)`: `price` for each `size` of the figure; `cut` None: exact."""

    who: Who | None
    figure: Name
    size: Fraction
    counter: str
    price: Money
    cut: Mode | None
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateOf:
    """`甲府市に 基準財政需要額の86%`: a rate of the member's own figure, in 円."""

    who: Who | None
    figure: Name
    ratio: Ratio
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnValue:
    """`市町村に 人口区分の額`: each member's own value of a basis, table or figure, in 円."""

    who: Who | None
    figure: Name
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SameAs:
    """`県に 市町村の計と同額`: one member pays what the others named pay together."""

    who: Who | None
    of: Who
    source: Source = field(compare=False)


Clause = Split | Flat | PerUnit | RateOf | OwnValue | SameAs


class Stage(Enum):
    """Where amounts are cut."""

    DRIVER = "基準ごと"
    LINE = "経費ごと"
    PROJECT = "事業ごと"


class RestOrder(Enum):
    """Who gets the units that cutting leaves over."""

    REMAINDER = "端数の大きい順"
    SMALLEST = "金額の小さい順"
    LARGEST = "金額の大きい順"
    POPULATION = "人口の多い順"
    ROTATION = "年度ごとに輪番"
    BIGGEST = "最も金額の大きい団体が負担"
    PAYER = "が負担"
    NONE = "調整しない"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """端数: unit in 円, direction, stage, order of the rest; `payer` only with RestOrder.PAYER."""

    unit: int = 1
    mode: Mode = Mode.DOWN
    stage: Stage = Stage.LINE
    rest: RestOrder = RestOrder.REMAINDER
    payer: Name | None = None
    source: Source = field(default=Source(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decimals:
    """`小数第3位未満四捨五入`: decimals kept (0: `整数未満`) and direction."""

    digits: int = 3
    mode: Mode = Mode.HALF_UP
    source: Source = field(default=Source(), compare=False)


@dataclass(frozen=True, slots=True)
class OfPrevious:
    """`前年度の115%`."""

    ratio: Fraction
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class OfLine:
    """`経費の10%`: of 対象額."""

    ratio: Fraction
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class OfOwn:
    """`もとの額の50%` (減免): of what 負担割合 alone gives the member."""

    ratio: Fraction
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """上限 / 下限 of each member of `who`. `payer` takes what is over; None: the others share it again.

    `waived`: nobody pays what is over (徴収しない).
    """

    upper: bool
    who: Who | None
    limit: Money | OfPrevious | OfLine | OfOwn
    payer: Who | None
    skip_new: bool
    waived: bool = False
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proration:
    """途中参加: method 月割 日割 全額 翌年度から; `carry`: what is missing is carried over, not re-shared."""

    method: str
    next_month: bool
    carry: bool
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothing:
    """平準化: `total` yen over `count` months from the month of `first` (or over years)."""

    total: Money
    count: int
    months: bool
    first: date
    rest_first: bool
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One instalment: its number, due date and part."""

    number: int
    day: date
    share: Share
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePlan:
    """納期: the instalments; `over`: members whose yearly amount is not above it pay all in the first."""

    dues: tuple[Due, ...]
    over: Money | None
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRounding:
    """期割の端数: unit in 円, direction, and whether the first instalment takes the difference."""

    unit: int = 1
    mode: Mode = Mode.DOWN
    first: bool = True
    source: Source = field(default=Source(), compare=False)
