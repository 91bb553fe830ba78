"""Where each 事業 and 経費 stands on 内訳 and 計算根拠: the same rows on every invoice."""

from dataclasses import dataclass
from itertools import count

from apportion.allocate.case import LineResult
from apportion.outcome import Outcome

FIRST_DETAIL = 5
"""First row of the table on 内訳 (zero-based)."""

FIRST_BASIS = 9
"""First row of the table on 計算根拠; a 経費 takes two rows, its numbers and its rule."""

BASIS = "計算根拠"
"""Name of the sheet that refers to 指標一覧 and is referred to from there."""

LETTERS = "DEFGHIJKLMNOPQ"
"""Columns of the numbers on 計算根拠: from 負担総額 to 負担金額."""

WHOLE, LEFT = "G", "J"
"""Columns of W and 余り."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A 経費 with its rows on 内訳 (`detail`) and 計算根拠 (`basis`).

    A line of 0円 has the `number` 0 and does not stand on 計算根拠.
    """

    result: LineResult
    detail: int
    number: int
    basis: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A 事業: its lines, and the rows of its subtotal on 内訳 and of its heading on 計算根拠."""

    name: str
    lines: tuple[Line, ...]
    subtotal: int
    heading: int

    @property
    def charged(self) -> tuple[Line, ...]:
        """Lines that stand on 計算根拠."""
        return tuple(line for line in self.lines if line.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All 事業 in the order of the budget, and the rows of 合計."""

    projects: tuple[Project, ...]
    detail_total: int
    basis_total: int

    @property
    def charged(self) -> tuple[Line, ...]:
        """All lines that stand on 計算根拠."""
        return tuple(line for project in self.projects for line in project.charged)


def lay_out(outcome: Outcome) -> Layout:
    """Give every line its rows."""
    by_project: dict[str, list[LineResult]] = {}
    for result in outcome.results:
        by_project.setdefault(result.case.line.project, []).append(result)
    numbers, projects = count(1), []
    detail, basis = FIRST_DETAIL, FIRST_BASIS
    for name, results in by_project.items():
        lines, heading = [], basis
        basis += any(map(_is_charged, results))
        for result in results:
            number = next(numbers) if _is_charged(result) else 0
            lines.append(Line(result=result, detail=detail, number=number, basis=basis))
            detail += 1
            basis += 2 if number else 0
        projects.append(Project(name=name, lines=tuple(lines), subtotal=detail, heading=heading))
        detail += 1
    return Layout(projects=tuple(projects), detail_total=detail, basis_total=basis)


def _is_charged(result: LineResult) -> bool:
    return bool(result.base or any(result.yen))
