"""What of one 経費 its members share in proportion, and what is settled for single members beside it.

A member that alone bears a part (`県に 25%`) or is held by 上限 or 下限 owes whole yen: its remainder
is 0, it comes last in the order of remainders. Setting it aside changes nobody's amount and keeps
the weights of the others small, so that a spreadsheet computes with them exactly.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from apportion.allocate.case import DriverUse, LineResult, Part
from apportion.allocate.rounding import integers
from apportion.core.dataclass import dataclass
from apportion.explain.steps import percent, value_of
from apportion.rules.nodes import EQUAL, Mode, RestOrder, Stage
from apportion.workbook.sheets.live import MOST_QUOTIENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a 経費 is brought to whole units, and who is given what that leaves.

    `payer` takes it all; `ranks` are given where the order does not follow from the remainders
    (0: never given any).
    """

    unit: int = 1
    mode: Mode = Mode.DOWN
    rest: RestOrder = RestOrder.REMAINDER
    payer: int | None = None
    ranks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """All steps for one 経費; sequences stand in the order of the members, 0 for who takes no part.

    `total` is T in yen, `whole` is W, `divisor` W * unit and `left` 余り, both over `common`.
    `ranks` are 0 where nobody is given a unit by rank, or nothing is spare.
    """

    way: Way
    total: int
    weights: tuple[int, ...]
    whole: int
    common: int
    divisor: int
    quotient: int
    left: int
    cuts: tuple[int, ...]
    remainders: tuple[int, ...]
    spare: int
    ranks: tuple[int, ...]
    added: tuple[int, ...]


def spread(total: int, weights: Sequence[int], way: Way) -> Spread:
    """Spread `total` yen (not negative); `weights` are not negative and not all 0."""
    whole, common = sum(weights), gcd(total, way.unit)
    divisor = whole * way.unit // common
    quotient, left = divmod(total // common, divisor)
    floors = [divmod(left * weight, divisor) for weight in weights]
    raised = [_raised(rest, divisor, way.mode) for _, rest in floors]
    cuts = [
        (quotient * weight + floor + up) * way.unit
        for weight, (floor, _), up in zip(weights, floors, raised, strict=True)
    ]
    # What was raised took its unit already: its remainder is below 0 and comes last.
    remainders = [rest - up * divisor for (_, rest), up in zip(floors, raised, strict=True)]
    spare = total - sum(cuts)
    ranks = _ranks(remainders, weights, spare, way)
    return Spread(
        way=way,
        total=total,
        weights=tuple(weights),
        whole=whole,
        common=common,
        divisor=divisor,
        quotient=quotient,
        left=left * common,
        cuts=tuple(cuts),
        remainders=tuple(remainders),
        spare=spare,
        ranks=ranks,
        added=tuple(_added(spare, ranks, way)),
    )


def _raised(rest: int, divisor: int, mode: Mode) -> int:
    if mode is Mode.HALF_UP:
        return int(2 * rest >= divisor)
    return int(mode is Mode.UP and rest > 0)


def _ranks(
    remainders: Sequence[int], weights: Sequence[int], spare: int, way: Way
) -> tuple[int, ...]:
    """Rank of each member by remainder, then weight, then place; the other way round to take back.

    Where nothing is spare nobody has a rank.
    """
    if not spare:
        return (0,) * len(weights)
    if way.rest is not RestOrder.REMAINDER:
        return way.ranks or (0,) * len(weights)
    sign = -1 if spare >= 0 else 1
    # The order of the formula in 計算根拠.
    order = sorted(
        (place for place, weight in enumerate(weights) if weight),
        key=lambda place: (sign * remainders[place], sign * weights[place], -sign * place),
    )
    rank_of = {place: rank for rank, place in enumerate(order, start=1)}
    return tuple(rank_of.get(place, 0) for place in range(len(weights)))


def _added(spare: int, ranks: Sequence[int], way: Way) -> Iterator[int]:
    """What each member is given: all of it, nothing, or by rank a unit (the last one what is left)."""
    sign, many = (-1, -spare) if spare < 0 else (1, spare)
    for place, rank in enumerate(ranks):
        if way.payer is not None:
            yield spare if place == way.payer else 0
        else:
            yield sign * max(min(way.unit, many - (rank - 1) * way.unit), 0) if rank else 0


MOST_WEIGHT = 5 * 10**9
"""Sum of weights from which on the formulas of a spreadsheet are no longer exact (measured)."""

_BY_RANK = (RestOrder.SMALLEST, RestOrder.LARGEST, RestOrder.POPULATION, RestOrder.ROTATION)
"""Orders in which a member without a remainder may be given a yen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """`total` yen shared by `weights`; `apart` is what each member owes beside it (with 加減).

    Sequences stand in the order of the members of the outcome.
    """

    total: int
    weights: tuple[int, ...]
    apart: tuple[int, ...]
    way: Way

    @property
    def common(self) -> int:
        """What the amount and the unit have in common: `plan_spread` takes it out."""
        return gcd(self.total, self.way.unit)


def obstacle(result: LineResult) -> str:
    """Why the amounts of a line cannot be shown as formulas; empty where they can."""
    rounding, exact = result.case.rounding, result.shares.total()
    found = (
        (
            bool(result.case.bounds) and not result.case.parts,
            "事業の計を上限・下限に合わせる調整のため",
        ),
        (result.case.unit_price, "配分ではなく単価から計算する経費のため"),
        (rounding.stage is not Stage.LINE, f"端数を{rounding.stage.value}に処理するため"),
        (exact.denominator != 1, f"{_left_out(result)}があり、配分総額に円未満の端数があるため"),
        (exact <= 0, "配分する金額が正でないため"),
        (exact >= MOST_QUOTIENT, "金額が大きく、表計算では正確に計算できないため"),
    )
    return next((reason for applies, reason in found if applies), "")


def _left_out(result: LineResult) -> str:
    """Why the shares do not reach the amount."""
    waived = any(use.bound.waived for use in result.case.bounds)
    return "徴収しない額" if waived else "途中参加による繰越"


def sharing(result: LineResult, places: Sequence[int], size: int) -> Sharing:
    """Split of a line without `obstacle`; `places` leads from its participants to the members."""
    settled = _settled(result)
    weights, apart = [0] * size, [0] * size
    for position, place in enumerate(places):
        if position in settled:
            apart[place] = settled[position]
        else:
            weights[place] = result.shares.weights[position]
        apart[place] += sum(a.yen[position] for a in result.case.adjustments)
    return Sharing(
        total=int(result.shares.total()) - sum(settled.values()),
        weights=reduced(weights),
        apart=tuple(apart),
        way=_way(result, places, size),
    )


def _way(result: LineResult, places: Sequence[int], size: int) -> Way:
    case = result.case
    ranks = [0] * size
    if case.rounding.rest in _BY_RANK:
        for rank, position in enumerate(result.rounded.order, start=1):
            ranks[places[position]] = rank
    payer = case.rest.payer
    if case.rounding.rest is RestOrder.BIGGEST and result.rounded.order:
        payer = result.rounded.order[0]
    return Way(
        unit=case.rounding.unit,
        mode=case.rounding.mode,
        rest=case.rounding.rest,
        payer=None if payer is None else places[payer],
        ranks=tuple(ranks) if any(ranks) else (),
    )


def reduced(weights: Sequence[int]) -> tuple[int, ...]:
    """The same proportion in the smallest whole numbers."""
    common = gcd(*weights) or 1
    return tuple(weight // common for weight in weights)


def _settled(result: LineResult) -> dict[int, int]:
    """Whole yen of the members (by position) that share with nobody; not where these are all."""
    held = {held.position for held in result.held}
    rounding = result.case.rounding
    if rounding.rest in _BY_RANK:
        return {}
    found = {
        position: int(exact)
        for position in range(result.case.size)
        if (exact := result.shares.exact(position)).denominator == 1
        and exact
        and exact % rounding.unit == 0
        and (position in held or _alone(result, position))
    }
    paying = sum(1 for weight in result.shares.weights if weight)
    return found if len(found) < paying else {}


def _alone(result: LineResult, position: int) -> bool:
    """Whether every part that the member bears is borne by it alone."""
    parts = [part for part in result.case.parts if part.amount and position in part.who]
    return bool(parts) and all(len(part.who) == 1 for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One 基準: the yen that it shares, who takes part how long, and each member's figure.

    `attendance` stands in the order of the members; `figure` is None for 均等割.
    """

    label: str
    money: Fraction
    attendance: tuple[int, ...]
    figure: DriverUse | None
    values: Mapping[int, Fraction]

    def cells(self) -> tuple[int, ...]:
        """Figures of the members in whole numbers of the smallest scale; 0 where there is none."""
        if self.figure is None:
            return (1,) * len(self.attendance)
        whole, _ = integers(list(self.values.values()))
        found = dict(zip(self.values, whole, strict=True))
        return tuple(found.get(place, 0) for place in range(len(self.attendance)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """The terms that weigh the members of one 経費; `kept` is 0 for whom a bound holds."""

    terms: tuple[Term, ...]
    kept: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """The whole numbers of the formula at the head of this module, and the weights it gives."""

    ratios: tuple[int, ...]
    sums: tuple[int, ...]
    multiple: int
    constants: tuple[int, ...]
    weights: tuple[int, ...]


def mix_of(result: LineResult, sharing: Sharing, places: Sequence[int]) -> Mix | None:
    """Mix by which a 経費 is shared; None where no mix of its 基準 gives the weights."""
    parts = [part for part in result.case.parts if _touches(part, sharing, places)]
    if not parts or not all(part.drivers for part in parts):
        return None
    size = len(sharing.weights)
    terms = tuple(
        term
        for part in parts
        for term in _terms(result, part, places, size, among_others=len(parts) > 1)
    )
    combined = combine(terms, [term.cells() for term in terms], (1,) * size)
    if combined is None:
        return None
    pairs = zip(combined.weights, sharing.weights, strict=True)
    held = any(free and not own for free, own in pairs)
    kept = tuple(int(bool(own) or not held) for own in sharing.weights)
    masked = [weight * one for weight, one in zip(combined.weights, kept, strict=True)]
    return Mix(terms=terms, kept=kept) if reduced(masked) == sharing.weights else None


def combine(
    terms: Sequence[Term], figures: Sequence[Sequence[int]], kept: Sequence[int]
) -> Combined | None:
    """Weights from columns of whole numbers; None where a 基準 shares nothing or has no sum."""
    columns = [
        [m * value for m, value in zip(term.attendance, column, strict=True)]
        for term, column in zip(terms, figures, strict=True)
    ]
    ratios, sums = reduced(integers([term.money for term in terms])[0]), list(map(sum, columns))
    if min(*ratios, *sums) <= 0:
        return None
    pairs = list(zip(ratios, sums, strict=True))
    multiple = lcm(*(whole // gcd(whole, ratio) for ratio, whole in pairs))
    constants = [ratio * multiple // whole for ratio, whole in pairs]
    mixed = [sum(map(int.__mul__, constants, row)) for row in zip(*columns, strict=True)]
    return Combined(
        ratios=ratios,
        sums=tuple(sums),
        multiple=multiple,
        constants=tuple(constants),
        weights=tuple(weight * one for weight, one in zip(mixed, kept, strict=True)),
    )


def _terms(
    result: LineResult, part: Part, places: Sequence[int], size: int, *, among_others: bool
) -> Iterator[Term]:
    attendance = _attendance(result, part, places, size)
    clause = value_of(part.clause.source.text) if among_others else ""
    for driver in part.drivers:
        if driver.ratio:
            values = zip(part.who, driver.values, strict=True)
            yield Term(
                label=_label(driver, clause),
                money=part.amount * driver.ratio,
                attendance=attendance,
                figure=None if driver.name in ("", EQUAL) else driver,
                values={places[i]: value for i, value in values},
            )


def _label(driver: DriverUse, clause: str) -> str:
    """`人口割 80%`, behind the line it stands in where there are several."""
    if driver.ratio == 1:
        return clause or driver.name or EQUAL
    own = f"{driver.name or EQUAL} {percent(driver.ratio)}"
    return f"{clause}\nのうち {own}" if clause else own


def _touches(part: Part, sharing: Sharing, places: Sequence[int]) -> bool:
    return bool(part.amount) and any(sharing.weights[places[position]] for position in part.who)


def _attendance(
    result: LineResult, part: Part, places: Sequence[int], size: int
) -> tuple[int, ...]:
    parts = [result.case.participants[position].part for position in part.who]
    attendance = [0] * size
    for position, months in zip(part.who, reduced(integers(parts)[0]), strict=True):
        attendance[places[position]] = months
    return tuple(attendance)
