"""Clauses of a rule: how money is shared (負担割合)."""

from dataclasses import dataclass, field
from fractions import Fraction

from apportion.problem import Source
from apportion.rulebook.words import Mode, Money, Name, Ratio, Rest, Share, Who


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
    share: Share | None
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
