"""負担割合 as sentences."""

from collections.abc import Callable
from typing import Any

from apportion.language import spelling
from apportion.language.describe.words import name, who
from apportion.rulebook import (
    EQUAL,
    Clause,
    Flat,
    Mode,
    OwnValue,
    PerUnit,
    RateOf,
    Ratio,
    Rest,
    SameAs,
    Split,
    Weight,
    Who,
)

EVERYBODY = "参加団体のすべて"
_CUT = {Mode.UP: "切り上げます", Mode.DOWN: "切り捨てます"}


def clause(node: Clause) -> str:
    """`市町村が、残りのうち、30%を均等割、70%を人口割で分けます。`."""
    return f"{payers(node.who)}が、{_FORMS[type(node)](node)}。"


def payers(circle: Who | None) -> str:
    """Who pays."""
    return who(circle) if circle else EVERYBODY


def share(node: Split) -> str:
    """`対象額の25%`, `残り`, `定額 27千円`, `対象額の全部`."""
    if node.share is None:
        return "対象額の全部"
    text = spelling.share(node.share)
    return f"対象額の{text}" if isinstance(node.share, Ratio) else text


def _split(node: Split) -> str:
    if not node.weights:
        return f"{share(node)}を負担します"
    first = node.weights[0]
    if len(node.weights) == 1:
        equally = "（同じ額ずつ）" if first.driver.text == EQUAL else ""
        return f"{share(node)}を、{name(first.driver)}{equally}で分けます"
    whole = share(node) if node.share else "対象額"
    return f"{whole}のうち、{'、'.join(map(_weight, node.weights))}で分けます"


def _weight(node: Weight) -> str:
    assert node.ratio is not None
    part = "残り" if isinstance(node.ratio, Rest) else spelling.share(node.ratio)
    return f"{part}を{name(node.driver)}"


def _flat(node: Flat) -> str:
    return f"1団体あたり{spelling.share(node.amount)}を負担します"


def _per_unit(node: PerUnit) -> str:
    size = spelling.size(node)
    cut = f"（{size}に満たない分は{_CUT[node.cut]}）" if node.cut else ""
    figure = name(node.figure)
    return f"{figure}{size}につき{spelling.share(node.price)}を負担します{cut}"


def _rate_of(node: RateOf) -> str:
    return f"それぞれの{name(node.figure)}の{spelling.share(node.ratio)}を負担します"


def _own_value(node: OwnValue) -> str:
    return f"それぞれの{name(node.figure)}の額を負担します"


def _same_as(node: SameAs) -> str:
    return f"{who(node.of)}の計と同じ額を負担します"


_FORMS: dict[type, Callable[[Any], str]] = {
    Split: _split,
    Flat: _flat,
    PerUnit: _per_unit,
    RateOf: _rate_of,
    OwnValue: _own_value,
    SameAs: _same_as,
}
