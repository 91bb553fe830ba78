"""負担割合 in its one spelling."""

from collections.abc import Callable
from typing import Any

from apportion.language.spelling.leaves import measure, name, share, who, words
from apportion.rulebook import (
    Clause,
    Flat,
    OwnValue,
    PerUnit,
    RateOf,
    SameAs,
    Split,
    Weight,
)


def clause(node: Clause) -> str:
    """`市町村に 残りを 均等割 30% + 人口割 70%`, and every other form."""
    payers = f"{who(node.who)}に " if node.who else ""
    return payers + _FORMS[type(node)](node)


def _split(node: Split) -> str:
    parts = " + ".join(map(_weight, node.weights))
    if node.share is None:
        return parts
    return f"{share(node.share)}を {parts}" if parts else share(node.share)


def _weight(node: Weight) -> str:
    return name(node.driver) + (f" {share(node.ratio)}" if node.ratio else "")


def _flat(node: Flat) -> str:
    return f"{share(node.amount)}ずつ"


def _per_unit(node: PerUnit) -> str:
    cut = f"（端数{node.cut.value}）" if node.cut else ""
    return f"{name(node.figure)} {size(node)}につき {share(node.price)}{cut}"


def size(node: PerUnit) -> str:
    """`1,000人` as written between the figure and につき."""
    line = words(node.source)
    after = node.figure.source.column + node.figure.source.length - node.source.column
    return measure(line[after : line.index("につき", after)].lstrip("」"))


def _rate_of(node: RateOf) -> str:
    return f"{name(node.figure)}の{share(node.ratio)}"


def _own_value(node: OwnValue) -> str:
    return f"{name(node.figure)}の額"


def _same_as(node: SameAs) -> str:
    return f"{who(node.of)}の計と同額"


_FORMS: dict[type, Callable[[Any], str]] = {
    Split: _split,
    Flat: _flat,
    PerUnit: _per_unit,
    RateOf: _rate_of,
    OwnValue: _own_value,
    SameAs: _same_as,
}
