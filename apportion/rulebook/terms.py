"""Terms of a rule: how amounts are cut, held within bounds, prorated and paid."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from apportion.problem import Source
from apportion.rulebook.words import Mode, Money, Name, Share, Who


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """上限 / 下限 of each member of `who`. `payer` takes what is over; None: the others share it again."""

    upper: bool
    who: Who | None
    limit: Money | OfPrevious | OfLine
    payer: Name | None
    skip_new: bool
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
