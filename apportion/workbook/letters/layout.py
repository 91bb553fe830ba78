"""Where each 事業 and 経費 stands on 内訳: the same rows on every letter."""

from collections.abc import Mapping
from itertools import count

from apportion.allocate.case import LineResult
from apportion.core.dataclass import dataclass
from apportion.core.sums import grouped
from apportion.outcome.outcome import Outcome

TOGETHER = "-代表"
"""End of the 整理番号 of a bill to the 代表 of a group."""

FIRST_DETAIL = 5
"""First row of the table on 内訳 (zero-based)."""

DETAIL, OUTLINE = "内訳", "計算のあらまし"
"""Names of the sheets that list the amounts, and that say how they come about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A 経費 with its number and its row on 内訳."""

    result: LineResult
    number: int
    detail: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedProject:
    """A 事業: its lines, and the row of its subtotal on 内訳."""

    name: str
    lines: tuple[Line, ...]
    subtotal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All 事業 in the order of the budget, and the row of 合計."""

    projects: tuple[PlacedProject, ...]
    detail_total: int

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the order of the sheets."""
        return tuple(line for project in self.projects for line in project.lines)


def numbered(outcome: Outcome) -> dict[int, LineResult]:
    """Every 経費 by its number: 事業 by 事業, in the order of the budget."""
    by_project = grouped((result.case.line.project, result) for result in outcome.results)
    return dict(enumerate((r for own in by_project.values() for r in own), start=1))


def lay_out(results: Mapping[int, LineResult]) -> Layout:
    """Give every line its row."""
    by_project = grouped((result.case.line.project, n) for n, result in results.items())
    details, projects = count(FIRST_DETAIL), []
    for name, numbers in by_project.items():
        lines = tuple(
            Line(result=results[number], number=number, detail=next(details)) for number in numbers
        )
        projects.append(PlacedProject(name=name, lines=lines, subtotal=next(details)))
    return Layout(projects=tuple(projects), detail_total=next(details))


def is_free(result: LineResult) -> bool:
    """Whether nobody owes anything for a 経費: there is nothing to be shared."""
    return not (result.base or any(result.yen))
