"""Formulas in their one spelling: `（予算額 - 特定財源） × 1/2`, `大きい方（人口、世帯）`."""

import re
from dataclasses import dataclass

from apportion.language.spelling.leaves import measure, name, words
from apportion.rulebook import Arith, Doubling, Name, Number, Operation, Pick, SumOf
from apportion.text import fold

_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
_SIGNS = {"+": " + ", "-": " - ", "*": " × ", "/": " ÷ "}
_SLASH = "/"
_WRITTEN = re.compile(r"[×*÷/]")
_FACTOR = re.compile(r"([0-9][0-9,.]*)\s*倍$")
_BARE = re.compile(r"[0-9,.]+")


def value(node: Arith | Doubling) -> str:
    """値 of a ■基準."""
    if not isinstance(node, Doubling):
        return formula(node)
    factor = _FACTOR.search(words(node.source))
    assert factor is not None
    return f"{name(node.figure)}が2倍で負担が{measure(factor[1])}倍"


def formula(node: Arith) -> str:
    """A formula with the brackets that it needs and no others."""
    if isinstance(node, Number):
        return measure(words(node.source))
    if isinstance(node, Name):
        return name(node)
    if isinstance(node, SumOf):
        return f"{name(node.name)}の計"
    if isinstance(node, Pick):
        return f"{node.function}（{'、'.join(map(formula, node.terms))}）"
    if node.operator == "^":
        return f"{_operand(node.left, 4)}^{_operand(node.right, 4)}"
    return _chain(node)


@dataclass(frozen=True, slots=True)
class _Step:
    """One further operand of a chain, and the sign before it."""

    operator: str
    slash: bool
    operand: Arith


def _chain(node: Operation) -> str:
    """Operands of one rank, from left to right; `1/2` stays a fraction, other divisions get ÷."""
    first, steps = _steps(node)
    rank = _RANKS[node.operator]
    text, before = _operand(first, rank + 1), first
    for place, step in enumerate(steps):
        divided = place > 0 and steps[place - 1].operator == "/"
        fraction = step.slash and not divided and _is_bare(before) and _is_bare(step.operand)
        text += _SLASH if fraction else _SIGNS[step.operator]
        text += _operand(step.operand, rank + 1)
        before = step.operand
    return text


def _steps(node: Operation) -> tuple[Arith, list[_Step]]:
    rank = _RANKS[node.operator]
    steps: list[_Step] = []
    left: Arith = node
    while isinstance(left, Operation) and _RANKS[left.operator] == rank:
        steps.append(_Step(left.operator, _slash(left), left.right))
        left = left.left
    return left, steps[::-1]


def _operand(node: Arith, least: int) -> str:
    """An operand, in brackets where its own signs bind less than `least`."""
    text = formula(node)
    weak = isinstance(node, Operation) and _RANKS[node.operator] < least
    return f"（{text}）" if weak else text


def _slash(node: Operation) -> bool:
    """Whether the writer divided with `/`."""
    left, right = node.left.source, node.right.source
    between = fold(right.text)[left.column + left.length - 1 : right.column - 1]
    found = _WRITTEN.search(between)
    return found is not None and found[0] == _SLASH


def _is_bare(node: Arith) -> bool:
    return isinstance(node, Number) and _BARE.fullmatch(words(node.source)) is not None
