"""The check list of the second derivations: published totals, even shares, single amounts, rests."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fractions import Fraction
from math import floor

from tests.golden.charging import Charge, Year, line_of

Check = tuple[str, object, object]
EvenLine = tuple[str, str, int, tuple[int, int]]  # 事業, 経費, bodies, lowest and highest charge
Cell = tuple[str, str, str, int]  # 事業, 経費, 団体コード, the exact amount to the nearest yen
Rest = tuple[str, str, int, int]  # 事業, 経費, the rest, the bodies that bear it


def total_checks(found: Sequence[Charge], year: Year, totals: Sequence[int]) -> list[Check]:
    """Totals of the 経費, of the 事業 (as published) and of all (the last of them)."""
    lines: list[Check] = [
        (
            f"Σ {project.name} {line.name}",
            (sum(c[4] for c in part), sum(c[3] for c in part)),
            (yen, yen),
        )
        for project in year.projects
        for line in project.lines
        for part, yen in [(line_of(found, project.name, line.name), line.thousands * 1000)]
    ]
    projects: list[Check] = [
        (f"Σ {project.name}", sum(c[4] for c in found if c[1] == project.name), total)
        for project, total in zip(year.projects, totals[:-1], strict=True)
    ]
    return [*lines, *projects, ("Σ 負担金収入", sum(c[4] for c in found), totals[-1])]


def even_checks(found: Sequence[Charge], lines: Sequence[EvenLine]) -> list[Check]:
    """Head count, lowest and highest charge of the lines that are split equally."""
    return [
        (
            f"{project} {line}: bodies, lowest, highest",
            (len(yen), min(yen), max(yen)),
            (bodies, *bounds),
        )
        for project, line, bodies, bounds in lines
        for yen in [[charge[4] for charge in line_of(found, project, line)]]
    ]


def cell_checks(found: Sequence[Charge], cells: Sequence[Cell]) -> list[Check]:
    """Single exact amounts, to the nearest yen."""
    return [
        (
            f"{project} {line} {code}",
            [floor(c[3] + Fraction(1, 2)) for c in line_of(found, project, line) if c[0] == code],
            [yen],
        )
        for project, line, code, yen in cells
    ]


def rest_checks(found: Sequence[Charge], lines: Sequence[Rest]) -> list[Check]:
    """The yen left over by the floors, and how many bodies bear them."""
    return [
        (
            f"{project} {line}: rest, bodies that bear it",
            (sum(raised), sum(map(bool, raised))),
            (rest, bodies),
        )
        for project, line, rest, bodies in lines
        for raised in [[c[4] - floor(c[3]) for c in line_of(found, project, line)]]
    ]


def report(checks: Sequence[Check]) -> bool:
    """Print the check list to stderr; whether all came out."""
    for label, value, wanted in checks:
        mark = "ok" if value == wanted else f"WRONG, wanted {wanted}"
        sys.stderr.write(f"{label} = {value}  {mark}\n")
    failed = sum(value != wanted for _, value, wanted in checks)
    sys.stderr.write(f"{len(checks)} checks, {failed} wrong\n")
    return not failed
