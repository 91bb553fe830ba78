"""The days, months and years that a text from elsewhere states, in all the ways offices write them."""

import re
import unicodedata

from apportion.core.dataclass import dataclass
from apportion.core.text import fold
from apportion.core.year import BASES, FiscalYear

_ERA = {name[0]: base for name, base in BASES.items()}
_LAST = {2018: 99, 1988: 31, 1925: 64}
"""Last year of an era by the year before its first; 令和 goes on."""
_CENTURY, _MONTHS, _DAYS = 2000, 12, 31
_NO_YEAR = (
    "間|前|後|平均|以|未満|目|ご|毎|お|比|増|物|生|債|超|連|分の|計画|頃|代|余|来|ぶり|齢|少|金|数"
    "|次|額|報|限|制|保"
)
"""What makes a span of a bare `5年`: 5年間, 5年前, 5年平均."""
_NO_MONTH = "間|齢|額|報|号|例|定|補|締|払|納|分の"
_DAY = re.compile(
    r"(?<![a-z0-9])(?P<compact>[rhs])(?P<n4>[0-9]{2})(?P<m4>0[1-9]|1[0-2])(?P<d4>[0-3][0-9])?(?![0-9])"
    r"|(?<![0-9])(?P<w5>20[0-9]{2})(?P<m5>0[1-9]|1[0-2])(?P<d5>[0-3][0-9])(?![0-9])"
    r"|(?:(?:(?P<era>令和|平成|昭和|(?<![^\W\d])[令平昭]|(?<![a-z0-9])(?:[rh]|s(?=[0-9]{2})))"
    r"(?P<n1>[0-9]{1,2}|元)"
    r"|(?<![0-9.])(?P<w1>(?:19|20)[0-9]{2})(?=年|[./-][0-9]|国勢調査|国調)"
    r"|(?<![0-9a-z.第去近後約満築~-])'?(?P<n2>[0-9]{1,2}|元)"
    rf"(?=年(?!{_NO_YEAR})|国勢調査|国調))"
    r"(?:年(?P<fiscal>度)|(?P<year>年)(?:(?P<m1>[0-9]{1,2})月(?:(?P<d1>[0-9]{1,2})日)?)?"
    r"|[./-](?P<m2>[0-9]{1,2})(?:[./-](?P<d2>[0-9]{1,2}))?(?![0-9年])|(?![0-9])))"
    r"|fy(?P<fy>(?:19|20)[0-9]{2})(?![0-9])"
    rf"|(?<![0-9年./-])(?P<m3>[0-9]{{1,2}})月(?!{_NO_MONTH})(?:(?P<d3>[0-9]{{1,2}})日)?"
)
_ALONE = re.compile(
    r"(?P<w1>(?:19|20)[0-9]{2})(?:(?P<m1>0[1-9]|1[0-2]))?"
    r"|\(?'?(?P<n2>[0-9]{1,2})[./](?P<m2>[0-9]{1,2})[./](?P<d2>[0-9]{1,2})(?:現在)?\)?"
    r"|'?(?P<n3>1[3-9]|[2-9][0-9])/(?P<m3>[0-9]{1,2})"
)
"""What is a day where nothing else stands in a cell, and a number of a table elsewhere."""
_MADE = "公表|作成|更新|発表|印刷|出力|訂正|修正|付け|調製|発行|掲載|登録|改訂"
_MADE_AFTER = re.compile(rf"[)）]?(?:{_MADE})")
_MADE_BEFORE = re.compile(rf"(?:{_MADE})(?:年月)?日?[:;(]?$")
_KANJI = re.compile("[〇一二三四五六七八九十]+(?=[年月日])")
_FIGURES = {sign: place for place, sign in enumerate("〇一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Day:
    """A day, a month or a year that a text states, as it is written; `fiscal` of a 年度.

    `years` are those that it may be, none where only a month is stated; `loose` tells of `R6`, which
    may be 令和6年 or 令和6年度.
    """

    text: str
    years: frozenset[int]
    month: int = 0
    day: int = 0
    fiscal: bool = False
    loose: bool = False

    def agrees(self, other: "Day") -> bool:
        """Whether both may speak of one time: what only one of them states does not part them."""
        if self.fiscal or other.fiscal:
            return _meet(self.fiscal_years, other.fiscal_years)
        pairs = ((self.month, other.month), (self.day, other.day))
        return _meet(self.years, other.years) and all(a == b for a, b in pairs if a and b)

    @property
    def whole(self) -> bool:
        """Whether it is one day or one 年度, and no mere year."""
        return len(self.years) == 1 and not self.loose and bool(self.day or self.fiscal)

    @property
    def fiscal_years(self) -> frozenset[int]:
        """The 年度 that it may speak of; a day of January is of the year before as well."""
        early = 0 < self.month < FiscalYear(_CENTURY).first_day.month and not self.fiscal
        return self.years | {year - 1 for year in self.years} if early else self.years


def _meet(some: frozenset[int], others: frozenset[int]) -> bool:
    return not some or not others or bool(some & others)


def days(text: str) -> list[Day]:
    """The days, months and years that a text states, but for those on which it was made."""
    plain = _KANJI.sub(_arabic, unicodedata.normalize("NFKC", fold(text))).lower().replace(" ", "")
    alone = _ALONE.fullmatch(plain)
    if alone and (found := _day(alone)):
        return [found]
    return [
        found for match in _DAY.finditer(plain) if not _made(plain, match) if (found := _day(match))
    ]


def _made(plain: str, match: re.Match[str]) -> bool:
    after = _MADE_AFTER.match(plain, match.end())
    return bool(after or _MADE_BEFORE.search(plain[: match.start()]))


def _arabic(match: re.Match[str]) -> str:
    """`25` of 二十五, `2025` of 二〇二五."""
    tens, ten, ones = match[0].rpartition("十")
    if not ten:
        return "".join(str(_FIGURES[sign]) for sign in ones)
    return str(10 * (_FIGURES.get(tens, 1)) + _FIGURES.get(ones, 0))


def _day(match: re.Match[str]) -> Day | None:
    """What was found; None where its month or day does not exist."""
    said = {name: value for name, value in match.groupdict().items() if value is not None}
    month, day = (int(_first(said, letter) or 0) for letter in "md")
    if month > _MONTHS or day > _DAYS:
        return None
    years = _years(said)
    bare = "era" in said and not month and "year" not in said and "fiscal" not in said
    return Day(match[0], years, month, day, bare or "fiscal" in said or "fy" in said, bare)


def _years(said: dict[str, str]) -> frozenset[int]:
    """The years that are meant: one of an era or of four digits, several of two digits alone."""
    western = _first(said, "w") or said.get("fy")
    if western:
        return frozenset({int(western)})
    number = _first(said, "n")
    if number is None:
        return frozenset()
    count = 1 if number == "元" else int(number)
    era = said.get("era") or said.get("compact")
    if era:
        return frozenset({_ERA[era[0]] + count})
    eras = {base + count for base, last in _LAST.items() if 0 < count <= last}
    return frozenset(eras if number == "元" else {*eras, _CENTURY + count})


def _first(said: dict[str, str], letter: str) -> str | None:
    """The group of this letter that was found: `m1`, `m2`, … are the month."""
    return next((said[name] for name in said if name[0] == letter and name[1:].isdigit()), None)
