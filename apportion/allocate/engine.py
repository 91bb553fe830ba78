"""From a case to its result: exact shares, bounds, whole yen. The order of meaning stands here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from apportion.allocate.bounds import Solver
from apportion.allocate.case import Case, LineResult, Part
from apportion.allocate.rounding import Rounded, Shares, close, combine, cut, cut_all, from_exact
from apportion.core.model import Yen
from apportion.core.problem import Findings
from apportion.rules.nodes import Mode, Stage

Rounder = Callable[[Case, Shares, int], Rounded]
"""Makes whole yen of exact shares, closed to a total: `whole_yen`, or its twin in `vector`."""


def share_out(case: Case, findings: Findings, rounder: "Rounder | None" = None) -> LineResult:
    """Exact and whole yen of one line; what cannot be solved becomes a finding."""
    free = free_shares(case)
    shares, hold = bounded(case, free, findings)
    if case.unit_price:
        # A price times a number is owed as it is: there is no total to close to.
        cuts = tuple(_cuts(case, shares))
        rounded, carried, waived = Rounded(cuts, cuts, (), ()), 0, 0
    else:
        charged, unbound = _whole(shares), _whole(free)
        rounded = (rounder or whole_yen)(case, shares, charged)
        # What the shares do not reach of the amount, by 途中参加 and by 徴収しない: nobody pays it.
        carried, waived = case.base - unbound, unbound - charged
    return LineResult(
        case=case,
        free=free,
        shares=shares,
        held=tuple(hold.held.values()) if hold else (),
        rounded=rounded,
        carried=Yen(carried),
        waived=Yen(waived),
        moves=tuple(hold.moves) if hold else (),
    )


def _whole(shares: Shares) -> int:
    """Whole yen in all shares."""
    exact = shares.total()
    return cut(exact.numerator, exact.denominator, Mode.DOWN)


def free_shares(case: Case) -> Shares:
    """Exact shares before bounds."""
    scale = 1 if case.unit_price else case.base
    return combine(case.size, scale, ((p.amount, p.who, p.weights, p.total) for p in case.parts))


def bounded(case: Case, free: Shares, findings: Findings) -> tuple[Shares, Solver | None]:
    """Exact shares after 上限 and 下限, and how they held whom (None: nobody)."""
    if not case.bounds:
        return free, None
    hold = Solver(
        [free.exact(position) for position in range(case.size)],
        exact_by_position((part for part in case.parts if part.fixed), case.size),
        case.names,
        findings,
    )
    hold.apply(case.bounds)
    if not hold.held:
        return free, None
    return from_exact(hold.amounts, case.base), hold


def whole_yen(case: Case, shares: Shares, charged: int) -> Rounded:
    """Amounts cut to the unit of the rule and closed to `charged` yen."""
    return close(shares, _cuts(case, shares), charged, case.rounding.unit, case.rest)


def _cuts(case: Case, shares: Shares) -> Sequence[int]:
    """Amounts cut to the unit, each driver's and each price's alone where the rule says 基準ごと."""
    if case.rounding.stage is Stage.DRIVER:
        return _cut_by_driver(case)
    return cut_all(shares, case.rounding.unit, case.rounding.mode)


def exact_by_position(parts: Iterable[Part], size: int) -> list[Fraction]:
    """Sum of parts for each position, in yen."""
    amounts = [Fraction(0)] * size
    for part in parts:
        for position, weight in zip(part.who, part.weights, strict=True):
            amounts[position] += part.amount * weight / part.total
    return amounts


def _cut_by_driver(case: Case) -> list[int]:
    """基準ごと: each driver's amount is cut by itself, then they are added."""
    unit, mode = case.rounding.unit, case.rounding.mode
    cuts = [0] * case.size
    for position, amount in _amounts_by_driver(case.parts):
        cuts[position] += cut(amount.numerator, amount.denominator * unit, mode) * unit
    return cuts


def _amounts_by_driver(parts: Iterable[Part]) -> Iterator[tuple[int, Fraction]]:
    for part in parts:
        for index, position in enumerate(part.who):
            if not part.drivers:
                yield position, part.amount * part.weights[index] / part.total
            for driver in part.drivers:
                yield position, part.amount * driver.share(index)
