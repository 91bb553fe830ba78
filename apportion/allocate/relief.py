"""激変緩和: 上限 and 下限 on a member's sum over a 事業, as a line of its own that adds up to 0.

(Less where 徴収しない: by what nobody pays.)

The lines of the 事業 stay as their rules make them, each closed to its budget; what a bound takes
from one member and gives to the others stands beside them, where everybody can see it.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from apportion.allocate.bounds import Solver
from apportion.allocate.case import Case, LineResult, Participant
from apportion.allocate.columns import LastYear
from apportion.allocate.engine import exact_by_position
from apportion.allocate.limits import Limits, nested
from apportion.allocate.rounding import Rounded, close, cut, cut_all, from_exact
from apportion.allocate.who import Circle
from apportion.core.dataclass import dataclass
from apportion.core.model import BudgetLine, Tables, Yen
from apportion.core.problem import Findings
from apportion.rules.book import Defaults, Expense, RuleBook, RuleFile
from apportion.rules.nodes import Mode, Rounding

NAME = "激変緩和調整"


@dataclass(frozen=True, slots=True)
class Relief:
    """Makes the 激変緩和調整 of one 事業 from the results of its lines."""

    tables: Tables
    book: RuleBook
    findings: Findings

    def of(self, file: RuleFile, results: Sequence[LineResult]) -> LineResult | None:
        """The line of adjustments; None where the file has no bounds in its head."""
        if not file.head.bounds or not results:
            return None
        first = results[0].case.line
        line = BudgetLine(
            category=first.category,
            project=first.project,
            path=(),
            name=NAME,
            amount=Yen(0),
            source=file.head.bounds[0].source,
        )
        participants = _everybody(results)
        circle = Circle(participants, self.tables, self.book.scope(file), self.findings)
        past, rounding = LastYear(self.tables, first.project), file.head.rounding or Rounding()
        base = sum(result.base for result in results)
        limits = Limits(circle, base, rounding.unit, past.of_project, _owed(results))
        case = Case(
            line=line,
            file=file,
            expense=Expense(names=(), clauses=(), own=Defaults(), source=line.source),
            participants=participants,
            base=Yen(0),
            parts=(),
            rounding=rounding,
            bounds=nested([limits.use(bound) for bound in file.head.bounds]),
        )
        return self._adjusted(case, results)

    def _adjusted(self, case: Case, results: Sequence[LineResult]) -> LineResult:
        places = {p.member.code: i for i, p in enumerate(case.participants)}
        owed = _by_member(results, places)
        fixed = _fixed(results, places)
        hold = Solver([Fraction(yen) for yen in owed], fixed, case.names, self.findings)
        hold.apply(case.bounds)
        left = sum(hold.amounts, Fraction(0))  # less than was owed where 徴収しない
        total = cut(left.numerator, left.denominator, Mode.DOWN)
        shares = from_exact(hold.amounts, total)
        # Rounded whole and compared with what was owed: so the adjustments add up to 0.
        rounded = close(shares, cut_all(shares, 1, Mode.DOWN), total, 1, case.rest)
        yen = tuple(after - before for after, before in zip(rounded.yen, owed, strict=True))
        exact = [after - before for after, before in zip(hold.amounts, owed, strict=True)]
        return LineResult(
            case=case,
            free=from_exact([Fraction(0)] * case.size),
            shares=from_exact(exact),
            held=tuple(hold.held.values()),
            rounded=Rounded(yen, yen, (), ()),
            waived=Yen(sum(owed) - total),
            moves=tuple(hold.moves),
        )


def _everybody(results: Sequence[LineResult]) -> tuple[Participant, ...]:
    found = {p.member.code: p for result in results for p in result.case.participants}
    # Code order, as in every line: positions decide ties.
    return tuple(found[code] for code in sorted(found))


def _owed(results: Sequence[LineResult]) -> list[Fraction]:
    """What everybody owes before the adjustment."""
    places = {p.member.code: i for i, p in enumerate(_everybody(results))}
    return [Fraction(yen) for yen in _by_member(results, places)]


def _by_member(results: Sequence[LineResult], places: Mapping[str, int]) -> list[int]:
    owed = [0] * len(places)
    for result in results:
        for participant, yen in zip(result.case.participants, result.yen, strict=True):
            owed[places[participant.member.code]] += yen
    return owed


def _fixed(results: Sequence[LineResult], places: Mapping[str, int]) -> list[Fraction]:
    """What does not scale: ずつ, につき and the like, and 団体別加減."""
    fixed = [Fraction(0)] * len(places)
    for result in results:
        case = result.case
        own = exact_by_position((part for part in case.parts if part.fixed), case.size)
        for adjustment in case.adjustments:
            own = [amount + yen for amount, yen in zip(own, adjustment.yen, strict=True)]
        for participant, amount in zip(case.participants, own, strict=True):
            fixed[places[participant.member.code]] += amount
    return fixed
