"""Where each 事業 and 経費 stands on 内訳 and 計算根拠: the same rows on every invoice."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from apportion.allocate.case import LineResult
from apportion.core.sums import grouped
from apportion.outcome.outcome import Outcome
from apportion.workbook.sheets.live import quoted

COLLECTED, COLLECTED_SETTLED = "_請求", "_精算"
"""End of the file name of a bill to a payer of more than its own."""


FIRST_DETAIL = 5
"""First row of the table on 内訳 (zero-based)."""

FIRST_BASIS = 12
"""First row of the table on 計算根拠."""

DETAIL = "内訳"
"""Name of the sheet that lists the amounts."""

BASIS = "計算根拠"
"""Name of the sheet that refers to the columns of 指標一覧."""

LETTERS = "DEFGHIJ"
"""Columns of the numbers on 計算根拠, in two rows: to 余り, and from 端数処理額 to 負担金額."""

NUMBERS = 2 * len(LETTERS)
"""How many numbers a 経費 has."""

BASE = "E"
"""Column of 対象額 on 内訳."""

WHOLE, LEFT = "G", "J"
"""Columns of W and 余り."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A 経費 with its number and its first rows on 内訳 (`detail`) and 計算根拠 (`basis`).

    On 計算根拠 its numbers stand in two rows, its rule in the third; with `told` a fourth row says
    more of the member's own amount.
    """

    result: LineResult
    number: int
    detail: int
    basis: int
    told: bool

    @property
    def after(self) -> int:
        """The row of 計算根拠 below it."""
        return self.basis + (4 if self.told else 3)

    @property
    def rule(self) -> int:
        """The row of 計算根拠 with its rule."""
        return self.basis + 2

    @property
    def addresses(self) -> list[str]:
        """The cells of its numbers on 計算根拠."""
        return [f"{letter}{self.basis + row}" for row in (1, 2) for letter in LETTERS]

    @property
    def base(self) -> str:
        """`'内訳'!$E$6`: the cell of its 対象額."""
        return f"{quoted(DETAIL)}!${BASE}${self.detail + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedProject:
    """A 事業: its lines, and the rows of its subtotal on 内訳 and of its heading on 計算根拠."""

    name: str
    lines: tuple[Line, ...]
    subtotal: int
    heading: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All 事業 in the order of the budget, and the rows of 合計."""

    projects: tuple[PlacedProject, ...]
    detail_total: int
    basis_total: int

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the order of the sheets."""
        return tuple(line for project in self.projects for line in project.lines)


def numbered(outcome: Outcome) -> dict[int, LineResult]:
    """Every 経費 by its number: 事業 by 事業, in the order of the budget."""
    order = dict.fromkeys(result.case.line.project for result in outcome.results)
    ordered = (r for name in order for r in outcome.results if r.case.line.project == name)
    return dict(enumerate(ordered, start=1))


def is_free(result: LineResult) -> bool:
    """Whether nobody owes anything for a 経費: there is nothing to be shared."""
    return not (result.base or any(result.yen))


def lay_out(results: Mapping[int, LineResult], told: Mapping[int, object]) -> Layout:
    """Give every line its rows; a line in `told` has one more on 計算根拠."""
    by_project = grouped((result.case.line.project, n) for n, result in results.items())
    details, projects, basis = count(FIRST_DETAIL), [], FIRST_BASIS
    for name, numbers in by_project.items():
        lines, heading = [], basis
        basis += 1
        for number in numbers:
            line = Line(
                result=results[number],
                number=number,
                detail=next(details),
                basis=basis,
                told=number in told,
            )
            lines.append(line)
            basis = line.after
        subtotal = next(details)
        projects.append(
            PlacedProject(name=name, lines=tuple(lines), subtotal=subtotal, heading=heading)
        )
    return Layout(projects=tuple(projects), detail_total=next(details), basis_total=basis)
