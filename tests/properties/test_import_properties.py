"""Tables made from a model are read with their true values, or refused: never another value."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from apportion.core.problem import Fault, InputError, Level
from apportion.core.year import FiscalYear
from apportion.imports import choice, heading, tables
from apportion.imports.heading import Band, Row, SourceColumn
from apportion.imports.source import Given
from apportion.tables.cells import fraction
from apportion.tables.grid import Cell, Grid
from tests.properties import published
from tests.properties.published import BODIES, DAY, Published

R7 = FiscalYear(2025)
BASE = Path(__file__).parents[1] / "doors/base"


@pytest.fixture(name="council", scope="module")
def fixture_council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("council") / "council"
    shutil.copytree(BASE, root)
    return root


def tried(council: Path, table: Published) -> None:
    """Import the table: its true values come out, or it is refused with a place."""
    path = table.write(council)
    wanted = f"{table.call}=値（{table.asked}、{DAY}）"
    if not table.readable:
        with pytest.raises(InputError) as refused:
            tables.propose_figures(council, path, R7, [wanted])
        wrong = [each for each in refused.value.problems if each.level is Level.ERROR]
        assert {each.source.file for each in wrong} == {path.name}
        return
    made = tables.propose_figures(council, path, R7, [wanted])
    assert made.data is not None
    lines = made.data.decode("utf-8-sig").splitlines()
    place = lines[0].split(",").index(wanted.partition("=")[2])
    read = {line.split(",")[0]: line.split(",")[place] for line in lines[1:]}
    assert {code: Fraction(read[code]) for code in BODIES} == {
        code: table.truth(code) for code in BODIES
    }


def examples(count: int) -> settings:
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@examples(1_600)
@given(table=published.tables())
def test_a_csv_is_read_right_or_refused(council: Path, table: Published) -> None:
    tried(council, table)


@examples(400)
@given(table=published.tables(workbook=True))
def test_a_workbook_is_read_right_or_refused(council: Path, table: Published) -> None:
    tried(council, table)


@pytest.mark.long
@settings(examples(16_000), derandomize=False)
@given(table=published.tables())
def test_many_csv_are_read_right_or_refused(council: Path, table: Published) -> None:
    tried(council, table)


@pytest.mark.long
@settings(examples(4_000), derandomize=False)
@given(table=published.tables(workbook=True))
def test_many_workbooks_are_read_right_or_refused(council: Path, table: Published) -> None:
    tried(council, table)


def without_a_row(patch: pytest.MonkeyPatch) -> None:
    find = heading.find

    def short(grid: Grid, rows: Sequence[Row]) -> Band:
        band = find(grid, rows)
        return replace(band, below=(*band.below[:1], *band.below[2:]))

    patch.setattr(heading, "find", short)


def the_column_on_the_left(patch: pytest.MonkeyPatch) -> None:
    one = choice._one  # noqa: SLF001

    def left(given: Given, words: str) -> tuple[SourceColumn, str]:
        column, name = one(given, words)
        return next(c for c in given.columns if c.column == column.column - 1), name

    patch.setattr(choice, "_one", left)


def a_thousand_times(patch: pytest.MonkeyPatch) -> None:
    def large(cell: Cell, unit: str) -> Fraction | Fault:
        value = fraction(cell, unit)
        return value if isinstance(value, Fault) else value * 1000

    patch.setattr(tables, "fraction", large)


@pytest.mark.parametrize("plant", [without_a_row, the_column_on_the_left, a_thousand_times])
def test_a_planted_fault_is_seen(
    plant: Callable[[pytest.MonkeyPatch], None], council: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)

    @settings(examples(50), phases=[Phase.generate], report_multiple_bugs=False)
    @given(table=published.tables().filter(lambda table: table.readable))
    def read(table: Published) -> None:
        tried(council, table)

    with pytest.raises((AssertionError, InputError, RuntimeError)):
        read()
