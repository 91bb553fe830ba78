"""A figure that is planted wrong is told, with its line: every one of both documents in turn."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from apportion.core.problem import Problem
from apportion.core.text import fold
from apportion.core.year import FiscalYear
from tests.unit.imports.importing import OTHER, PUBLISHED, R8, errors

TEXTS = {year: path.read_text(encoding="utf-8") for year, path in PUBLISHED.items()} | {R8: OTHER}

# An amount stands before 千円, or alone in a cell. The months of a timetable are no amounts.
IN_WORDS = re.compile(r"(?<![0-9.:])[0-9][0-9,]*(?= *千円)")
CELL = re.compile(r"△?[0-9][0-9,]*|[－]")
TIMETABLE = "項目 \\ 月"


@cache
def spots(year: FiscalYear) -> tuple[tuple[int, int, int], ...]:
    """Line (from 1), first and last place of each printed amount."""
    return tuple(_spots(TEXTS[year]))


def _spots(text: str) -> Iterator[tuple[int, int, int]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(TIMETABLE):
            continue
        start = 0
        for cell in line.split("\t"):
            if "\t" in line and CELL.fullmatch(cell):
                yield number, start, start + len(cell)
            for found in IN_WORDS.finditer(fold(cell)):
                yield number, start + found.start(), start + found.end()
            start += len(cell) + 1


def changed(year: FiscalYear, spot: tuple[int, int, int], digit: int) -> str:
    """The text with one digit of one amount changed (－ becomes 5)."""
    number, start, end = spot
    lines = TEXTS[year].split("\n")
    line = lines[number - 1]
    old = line[start:end]
    places = [place for place, sign in enumerate(old) if sign.isdigit()] or [0]
    place = places[digit]
    new = str((int(old[place]) + 1) % 10) if old[place].isdigit() else "5"
    lines[number - 1] = line[:start] + old[:place] + new + old[place + 1 :] + line[end:]
    return "\n".join(lines)


@cache
def said(year: FiscalYear, spot: tuple[int, int, int], digit: int) -> tuple[Problem, ...]:
    """Errors of the text with that amount changed."""
    return tuple(errors(changed(year, spot, digit), year))


@pytest.mark.parametrize("digit", [0, pytest.param(-1, marks=pytest.mark.long)])
@pytest.mark.parametrize("year", TEXTS, ids=str)
def test_every_wrong_figure_is_told_once_with_its_line(year: FiscalYear, digit: int) -> None:
    for spot in spots(year):
        told = said(year, spot, digit)
        assert len(told) == 1, (spot, told)
        line = spot[0]
        assert told[0].source.line == line or f"（{line}行目）" in told[0].why, (spot, told)


def test_most_wrong_figures_are_found_exactly() -> None:
    every = [(year, spot) for year in TEXTS for spot in spots(year)]
    exact = [said(year, spot, 0)[0].source.line == spot[0] for year, spot in every]
    assert len(every) > 450
    assert sum(exact) * 10 > len(exact) * 8


def test_the_documents_as_published_add_up() -> None:
    assert [errors(text, year) for year, text in TEXTS.items()] == [[], [], []]


@pytest.mark.parametrize("year", TEXTS, ids=str)
def test_every_wrong_year_of_a_column_or_heading_is_told(year: FiscalYear) -> None:
    lines = TEXTS[year].split("\n")
    tried = 0
    for number, line in enumerate(lines):
        columns = [cell for cell in line.split("\t") if "\t" in line]
        for found in re.finditer(r"令 ?和 ?([0-9０-９]) ?年度", line):
            heads = any(found[0] in cell and len(cell) < 25 for cell in columns)
            if not heads and "千円（令和" not in line and "千円 (令和" not in line:
                continue
            wrong = line[: found.start(1)] + "9" + line[found.end(1) :]
            told = errors("\n".join([*lines[:number], wrong, *lines[number + 1 :]]), year)
            assert number + 1 in {problem.source.line for problem in told}, wrong
            tried += 1
    assert tried > 5
