"""What a table from elsewhere says of a column: its unit and its day, against what was asked for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apportion.allocate.columns import as_of
from apportion.core.problem import Problem, tell
from apportion.core.text import fold, name_key
from apportion.core.year import FiscalYear
from apportion.imports.heading import SourceColumn, is_about, unit_in
from apportion.imports.source import Given
from apportion.tables.cells import MONEY, Measure, digits

_DAY = re.compile(
    r"(?:(令和|平成|昭和)([0-9]{1,2}|元)|(?<![0-9])((?:19|20)[0-9]{2}))"
    r"(?:年(?:([0-9]{1,2})月(?:([0-9]{1,2})日)?)?(度)?|[./-]([0-9]{1,2})[./-]([0-9]{1,2}))"
    r"|(?<![a-z0-9])([rh])([0-9]{1,2})(?:[./]([0-9]{1,2})[./]([0-9]{1,2}))?(?![0-9])"
)
_BARE = re.compile(r"(?:19|20)[0-9]{2}")
_MADE = re.compile(r" *[)）]?(?:公表|作成|更新|発表|印刷|出力|訂正|修正|付け|調製|発行)")
_BASE = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988}
_UNIT = re.compile(r"単位 *[:;]? *([^()\[\]]+)")
_PARTS = re.compile(r"[、,・/／ ]+")
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]+)[)\]】〕]")
_SAME = {"名": "人", "トン": "t", "㎢": "km2", "㎡": "m2", "㎥": "m3"}


@dataclass(frozen=True, slots=True)
class Day:
    """A day, a month or a year that a text states, as it is written; `fiscal` of a 年度."""

    text: str
    year: int
    month: int = 0
    day: int = 0
    fiscal: bool = False

    def agrees(self, asked: "Day") -> bool:
        """Whether both may speak of one time: what only one of them states does not part them."""
        if not (self.fiscal or asked.fiscal):
            pairs = ((self.month, asked.month), (self.day, asked.day))
            return self.year == asked.year and all(a == b for a, b in pairs if a and b)
        return bool(self.years & asked.years)

    @property
    def whole(self) -> bool:
        """Whether it is a day or a 年度, and no mere year."""
        return bool(self.day) or self.fiscal

    @property
    def years(self) -> set[int]:
        """The 年度 that it may speak of; a day of January is of the year before as well."""
        early = 0 < self.month < FiscalYear(self.year).first_day.month
        return {self.year, self.year - 1} if early else {self.year}


def days(text: str) -> list[Day]:
    """The days and years that a text states, but for those on which it was made."""
    plain = fold(text).lower().replace(" ", "")
    if _BARE.fullmatch(plain):
        return [Day(plain, int(plain))]
    found = (m for m in _DAY.finditer(plain) if not _MADE.match(plain, m.end()))
    return [_day(match) for match in found]


def _day(match: re.Match[str]) -> Day:
    era, number, western, month, day, fiscal, m2, d2, short, n2, m3, d3 = match.groups()
    of = era or short
    count = number or n2
    year = int(western) if western else _BASE[of] + (1 if count == "元" else int(count))
    months, of_month = int(month or m2 or m3 or 0), int(day or d2 or d3 or 0)
    # `R6` alone may be 令和6年 or 令和6年度.
    return Day(match[0], year, months, of_month, bool(fiscal or (short and not months)))


def asked_day(measure: Measure, year: FiscalYear) -> Day | None:
    """The day of `人口（人、令和7年1月1日現在）`, 当年度 and the like being those of `year`."""
    return next(iter(days(as_of(measure.as_of, year))), None)


def check_day(
    given: Given, column: SourceColumn, measure: Measure, year: FiscalYear
) -> Problem | None:
    """Problem of a day that differs from the one asked for; a line where none is stated."""
    asked = asked_day(measure, year)
    if asked is None:
        return None
    stated = False
    for texts in (column.parts, _titles(given)):
        said = [day for text in texts for day in days(text)]
        stated = stated or bool(said)
        if said and not any(day.agrees(asked) for day in said):
            return _other_day(given, column, said[0].text, measure.as_of)
        if any(day.whole and day.agrees(asked) for day in said):
            return None
    if not stated:
        given.told.append(
            f"「{column.both}」がいつの値かは、元の表に書かれていません。{measure.as_of}としました。"
        )
    return None


def check_year(
    given: Given, columns: Iterable[SourceColumn], year: FiscalYear
) -> Iterator[Problem]:
    """Problems of a roster whose headings or titles name another 年度; a line where none is named."""
    asked = Day(year.label, year.start, fiscal=True)
    for column in columns:
        scopes = [
            [day for text in texts for day in days(text)]
            for texts in (column.parts, _titles(given))
        ]
        named = next((found for said in scopes if (found := [d for d in said if d.fiscal])), [])
        if named and not any(day.agrees(asked) for day in named):
            yield _other_day(given, column, named[0].text, year.label)
        if not named:
            days_said = "、".join(dict.fromkeys(day.text for said in scopes for day in said))
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
    stated = own or _of_titles(given)
    if not stated:
        given.told.append(
            f"「{column.both}」の単位は、元の表に書かれていません。{measure.unit}としました。"
        )
        return measure.unit
    if _unit_key(measure.unit) in {_unit_key(unit) for unit in stated}:
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
    """Titles above, what stands about the table among the headings, and the name of the sheet."""
    cells = [cell.text for row in given.band.titles for cell in row if cell.text]
    cells += [cell.text for row in given.band.rows for cell in row if is_about(cell.text)]
    return [*dict.fromkeys(cells), given.grid.sheet]


def _units(texts: Iterable[str]) -> Iterator[str]:
    """Units in brackets of a heading: `（千円）`, `【人】`."""
    for text in texts:
        for inside in _BRACKETS.findall(fold(text)):
            said = _UNIT.search(inside)
            parts = _PARTS.split(said[1] if said else inside)
            yield from (digits(part) for part in parts if said or unit_in(part))


def _of_titles(given: Given) -> list[str]:
    """Units that the titles state: `（単位：千円）`, or a cell with nothing but a unit."""
    found = []
    for text in _titles(given):
        said = _UNIT.search(fold(text))
        found += [digits(part) for part in _PARTS.split(said[1].strip()) if part] if said else []
        found += [unit_in(text)] if not said and unit_in(text) else []
    return found


def _unit_key(unit: str) -> str:
    key = name_key(unit)
    return _SAME.get(key, key)
