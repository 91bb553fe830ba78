"""Equations that do not hold, told by the figure that is likely to be wrong.

A wrong figure breaks every equation that it stands in, and by the same amount; so the figures that
alone explain most of what does not add up are named, with what would mend it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from apportion.findings import Findings
from apportion.yearly.import_budget import messages
from apportion.yearly.import_budget.node import Equation
from apportion.yearly.import_budget.words import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Equations that do not hold, and figures of which one, moved by `correction`, mends them all.

    Without suspects `equations` is a single one that no single figure mends.
    """

    equations: tuple[Equation, ...]
    suspects: tuple[tuple[Figure, int], ...]


def report(equations: Iterable[Equation], findings: Findings) -> None:
    """Tell every equation that does not hold."""
    for verdict in verdicts(tuple(equations)):
        messages.not_adding_up(findings, verdict.equations, verdict.suspects)


def verdicts(equations: Sequence[Equation]) -> Iterator[Verdict]:
    """Verdicts that together explain every equation that does not hold, the widest first.

    A document of which nothing adds up is told by the first fifty.
    """
    held = _held(equations)
    left = {id(each): each for each in equations if each.missing}
    for _ in range(_MOST):
        if not left:
            return
        verdict = _widest(left, held)
        for each in verdict.equations:
            left.pop(id(each), None)
        yield verdict


_MOST = 50

_Held = dict[Figure, list[tuple[Equation, int]]]
"""Equations of each figure, with what would have to be added to it, were it alone wrong."""


def _held(equations: Sequence[Equation]) -> _Held:
    held: _Held = {}
    for each in equations:
        missing = each.missing
        for side, correction in ((each.left, -missing), (each.right, missing)):
            for figure in side:
                held.setdefault(figure, []).append((each, correction))
    return held


def _widest(left: Mapping[int, Equation], held: _Held) -> Verdict:
    """The figures that explain most of what is left."""
    explained: dict[tuple[int, ...], list[tuple[Figure, int]]] = {}
    for figure, of in held.items():
        corrections = {correction for _, correction in of}
        told = tuple(id(each) for each, _ in of if id(each) in left)
        if told and len(corrections) == 1:
            explained.setdefault(told, []).append((figure, corrections.pop()))
    if not explained:
        return Verdict(equations=(next(iter(left.values())),), suspects=())
    most = max(explained, key=len)
    return Verdict(equations=tuple(left[each] for each in most), suspects=tuple(explained[most]))
