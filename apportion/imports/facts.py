"""What a table from elsewhere says of a column: its unit and its day, against what was asked for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from apportion.allocate.columns import as_of
from apportion.core.problem import Problem, tell
from apportion.core.text import fold, name_key
from apportion.core.year import FiscalYear
from apportion.imports.days import Day, days
from apportion.imports.heading import Row, SourceColumn, is_about, is_number, is_value, unit_in
from apportion.imports.source import Given
from apportion.tables.cells import MONEY, Measure, digits

_ERAS = ("令和", "平成", "昭和")
_DIGITS = re.compile("[0-9]{1,4}")
_NONE = ("", "-", "ー", "―", "…")
_LAST_SIGN = re.compile("年度?$|[月日]$")
_UNIT = re.compile(r"単位 *[:;]? *([^()\[\]]+)")
_PARTS = re.compile(r"[、,・/／ ]+")
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]+)[)\]】〕]")
_SAME = {"名": "人", "トン": "t", "㎢": "km2", "㎡": "m2", "㎥": "m3"}


def asked_day(measure: Measure, year: FiscalYear) -> Day | None:
    """The day of `人口（人、令和7年1月1日現在）`, 当年度 and the like being those of `year`."""
    return next(iter(days(as_of(measure.as_of, year))), None)


def check_day(
    given: Given, column: SourceColumn, measure: Measure, year: FiscalYear
) -> Problem | None:
    """Problem of a day that differs from the one asked for; a line where none is stated.

    What stands nearest to the numbers decides: the lowest heading, those above it, what the rows say
    of themselves, the titles. What is farther away only adds what the nearer ones leave open.
    """
    asked = asked_day(measure, year)
    near: list[Day] = []
    for scopes in _scopes(given, column):
        said = [[d for d in scope if not near or any(map(d.agrees, near))] for scope in scopes]
        stated = [scope for scope in said if scope]
        if asked is None and stated:
            given.told.append(_incomparable(column, stated[0][0], measure))
            return None
        if asked is None or not stated:
            continue
        for scope in stated:
            if not any(map(asked.agrees, scope)):
                return _other_day(given, column, scope[0].text, measure.as_of)
        near = [day for scope in stated for day in scope if day.agrees(asked)]
        if any(day.whole for day in near):
            return None
    given.told.extend(_open(column, measure, near))
    return None


def _open(column: SourceColumn, measure: Measure, near: Sequence[Day]) -> Iterator[str]:
    """What is told where nothing states the year, or only two digits of it."""
    if not near:
        yield (
            f"「{column.both}」がいつの値かは、元の表に書かれていません。{measure.as_of}としました。"
        )
    elif not any(len(day.years) == 1 for day in near):
        yield f"「{column.both}」の「{near[0].text}」を、{measure.as_of}のこととしました。"


def _incomparable(column: SourceColumn, stated: Day, measure: Measure) -> str:
    return (
        f"「{column.both}」は、元の表では「{stated.text}」の値です。"
        f"「{measure.as_of}」と同じかを確かめてください。"
    )


def _scopes(given: Given, column: SourceColumn) -> Iterator[list[list[Day]]]:
    """Days that are stated, from the nearest to the farthest; each scope of one level for itself."""
    for above, part in reversed([*pairwise(("", *column.parts))]):
        yield [days(f"{above}{part}" if above in _ERAS else part)]
    stated = (_said_by(given, row) for row in given.rows.values())
    yield [days(text) for text in dict.fromkeys(stated)]
    yield [[day for text in _titles(given) for day in days(text)]]


def _said_by(given: Given, row: Row) -> str:
    """What a row says of its time: 令和, 7, 1 under 元号, 年, 月 are one day."""
    said = ""
    for column in given.columns:
        text = column.text(row) if column.states_day else ""
        bare = _DIGITS.fullmatch(fold(text)) and _LAST_SIGN.search(column.name)
        said += f"{text}{bare[0]}" if bare else text if text in _ERAS else f"{text}、"
    return said


def check_year(
    given: Given, columns: Iterable[SourceColumn], year: FiscalYear
) -> Iterator[Problem]:
    """Problems of a roster whose headings or titles name another 年度; a line where none is named."""
    asked = Day(year.label, frozenset({year.start}), fiscal=True)
    for column in columns:
        levels = list(_scopes(given, column))
        fiscal = [
            [named for s in scopes if (named := [d for d in s if d.fiscal])] for scopes in levels
        ]
        nearest = next(filter(None, fiscal), [])
        other = next((said for said in nearest if not any(map(asked.agrees, said))), None)
        if other:
            yield _other_day(given, column, other[0].text, year.label)
        if not nearest:
            texts = (day.text for scopes in levels for said in scopes for day in said)
            days_said = "、".join(dict.fromkeys(texts))
            given.told.append(
                f"「{column.both}」の年度は、元の表に書かれていません"
                f"{f'（書かれた日: {days_said}）' if days_said else ''}。{year.label}としました。"
            )


def _other_day(given: Given, column: SourceColumn, stated: str, asked: str) -> Problem:
    return tell("W845.day", given.place, name=column.joined, stated=stated, asked=asked)


def unit_of(given: Given, column: SourceColumn, measure: Measure) -> str | Problem:
    """The unit in which the numbers of a column are written, or the problem of another one.

    A unit of money that is stated is turned into the one asked for, exactly, and that is said.
    """
    own = [*_units(column.parts)] or ([column.unit] if column.unit else [])
    by_row = [] if own else _of_rows(given)
    stated = own or by_row or _of_titles(given)
    if not stated:
        given.told.append(
            f"「{column.both}」の単位は、元の表に書かれていません。{measure.unit}としました。"
        )
        return measure.unit
    keys, asked = {_unit_key(unit) for unit in stated}, _unit_key(measure.unit)
    if asked in keys and (len(keys) == 1 or not by_row):
        return measure.unit
    money = [unit for unit in stated if unit in MONEY]
    if measure.unit in MONEY and len(set(money)) == 1:
        given.told.append(f"「{column.both}」は{money[0]}の数です。{measure.unit}に直しました。")
        return money[0]
    return tell(
        "W845.unit",
        given.place,
        name=column.joined,
        stated="、".join(dict.fromkeys(stated)),
        asked=measure.unit,
    )


def _titles(given: Given) -> list[str]:
    """Titles above, what stands about the table among the headings, and the name of the sheet.

    What a column says in the same words in all rows is a title too: 表章項目 of a long table.
    """
    cells = [cell.text for row in given.band.titles for cell in row if cell.text]
    cells += [cell.text for row in given.band.rows for cell in row if is_about(cell.text)]
    return [*dict.fromkeys((*cells, *dict(constant(given)).values())), given.grid.sheet]


def constant(given: Given) -> Iterator[tuple[str, str]]:
    """Heading and words of each column that says the same of every body: 男女 of which all are 男."""
    if len(given.rows) == 1:
        return
    passed = {*given.band.keys, *given.band.prefectures}
    for column in given.columns:
        words = {column.text(row) for row in given.rows.values()}
        text = next(iter(words)) if len(words) == 1 else ""
        stating = column.states_day or column.states_unit
        if column.column not in passed and not stating and text and not _is_figure(text):
            yield column.name, text


def _units(texts: Iterable[str]) -> Iterator[str]:
    """Units in brackets of a heading: `（千円）`, `【人】`."""
    for text in texts:
        for inside in _BRACKETS.findall(fold(text)):
            said = _UNIT.search(inside)
            parts = _PARTS.split(said[1] if said else inside)
            yield from (digits(part) for part in parts if said or unit_in(part))


def _is_figure(text: str) -> bool:
    return is_value(text) or is_number(text)


def _of_rows(given: Given) -> list[str]:
    """Units that a column of units states for the rows of bodies."""
    columns = [column for column in given.columns if column.states_unit]
    cells = (column.text(row) for column in columns for row in given.rows.values())
    return [digits(text).strip("()") for text in dict.fromkeys(cells) if digits(text) not in _NONE]


def _of_titles(given: Given) -> list[str]:
    """Units that the titles state: `（単位：千円）`, `人口（千人）`, a cell with nothing but a unit."""
    found: list[str] = []
    for text in _titles(given):
        said = _UNIT.search(fold(text))
        if said:
            found += [digits(part) for part in _PARTS.split(said[1].strip()) if part]
        else:
            found += [unit_in(text)] if unit_in(text) else [*_units([text])]
    return found


def _unit_key(unit: str) -> str:
    key = name_key(unit)
    return _SAME.get(key, key)
