"""Columns of 指標一覧 that hold facts: the figures that rules name, and who takes part."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from apportion.workbook.plan_columns import Column, Columns
from apportion.workbook.plan_drivers import Drivers, Known, Mixes, driver_columns

Cells = tuple[int, ...]
"""Numbers of the members, in their order."""


class Facts(NamedTuple):
    """Columns of facts: figures by 経費 and term, and who takes part, by the cells.

    `told` says how the blocks of the rules give their figures.
    """

    figures: Drivers
    attendances: Mapping[Cells, Column]
    told: tuple[str, ...]


def fact_columns(
    columns: Columns, mixes: Mixes, rosters: Mapping[int, Cells], known: Known
) -> Facts:
    """Columns for all mixes and for the rosters of all 経費 (by number)."""
    figures, told = driver_columns(columns, mixes, known)
    attendances = _uses((term.attendance, number) for number, mix in mixes for term in mix.terms)
    found: dict[Cells, Column] = {}
    for count, (cells, numbers) in enumerate(attendances.items(), start=1):
        heading = "参加＝1" if set(cells) <= {0, 1} else "参加した期間\n（月数・日数の比）"
        found[cells] = columns.add(f"参加{count}", (heading, uses(numbers)), cells)
    only_listed = (pair for pair in _pairs(rosters) if pair[0] not in found)
    for count, (cells, numbers) in enumerate(_uses(only_listed).items(), start=1):
        found[cells] = columns.add(f"名簿{count}", ("名簿にある＝1", uses(numbers)), cells)
    return Facts(figures, found, told)


def uses(numbers: Iterable[int]) -> str:
    """`番号 1、5、6`: the 経費 of 計算根拠 that a column serves."""
    return f"番号 {'、'.join(map(str, dict.fromkeys(numbers)))}"


def _pairs(rosters: Mapping[int, Cells]) -> Iterable[tuple[Cells, int]]:
    return ((cells, number) for number, cells in rosters.items())


def _uses(pairs: Iterable[tuple[Cells, int]]) -> dict[Cells, list[int]]:
    """Numbers of the 経費 that use the same cells."""
    found: dict[Cells, list[int]] = {}
    for cells, number in pairs:
        found.setdefault(cells, []).append(number)
    return found
