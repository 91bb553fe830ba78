"""Names, parts, amounts and arithmetic: the words that clauses of a rule are made of."""

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from apportion.problem import Source

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
class Doubling:
    """`人口が2倍で負担が1.5倍`: figure ^ (log factor / log 2)."""

    figure: Name
    factor: Fraction
    source: Source = field(compare=False)
