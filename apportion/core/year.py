"""Fiscal years and dates as Japanese offices write them."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, Literal, NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.text import fold, name_key

__version__ = "0.1.0"


_ERAS = {"令和": ("r", 2018), "平成": ("h", 1988), "昭和": ("s", 1925)}
BASES = dict(_ERAS.values()) | {era: base for era, (_, base) in _ERAS.items()}
"""The year before the first one of each era, by its name and its letter."""
# The day on which each era begins; an earlier day belongs to the era before.
_ERA_STARTS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))

_YEAR = re.compile(r"(令和|平成|昭和|[rhs])([0-9]{1,2}|元)(?:年度?)?|(?:fy)?([0-9]{4})(?:年度?)?")
_DATE = re.compile(
    r"(?:(令和|平成|昭和|[rhs])([0-9]{1,2}|元)|([0-9]{4}))"
    r"(?:年([0-9]{1,2})月([0-9]{1,2})日|[./-]([0-9]{1,2})[./-]([0-9]{1,2}))"
)
_FIRST, _LAST = 1926, 2200


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """A fiscal year, 1 April of `start` to 31 March of the next.

    `r7 R7 ｒ７ 令和7 令和７年度 2025 FY2025` are one value; a bare `7` is refused.
    """

    start: int

    @classmethod
    def parse(cls, text: str) -> "FiscalYear | None":
        """Year that `text` names, or None where it names none (a bare number is none)."""
        match = _YEAR.fullmatch(fold(text).replace(" ", "").lower())
        if match is None:
            return None
        era, number, western = match.groups()
        start = int(western) if western else BASES[era] + _ordinal(number)
        return cls(start) if _FIRST <= start <= _LAST else None

    @property
    def code(self) -> str:
        """`r7`: the name of the year's folders."""
        era, number = _era_year(self._naming_day)
        return f"{_ERAS[era][0]}{number}"

    @property
    def label(self) -> str:
        """`令和7年度`."""
        era, number = _era_year(self._naming_day)
        return f"{era}{'元' if number == 1 else number}年度"

    @property
    def _naming_day(self) -> date:
        # A year is named after the era that most of it lies in: 2019 is 令和元年度, not 平成31.
        return date(self.start, 5, 1)

    @property
    def first_day(self) -> date:
        """1 April."""
        return date(self.start, 4, 1)

    @property
    def last_day(self) -> date:
        """31 March."""
        return date(self.start + 1, 3, 31)

    def months(self) -> Iterator[tuple[date, date]]:
        """First and last day of the twelve months, April first."""
        # 13 to 15 are January to March of the next calendar year.
        for month in range(4, 16):
            yield (
                _month(self.start, month),
                date.fromordinal(_month(self.start, month + 1).toordinal() - 1),
            )

    def __add__(self, years: int) -> "FiscalYear":
        return FiscalYear(self.start + years)

    def __str__(self) -> str:
        return self.code


def parse_date(text: str) -> date | None:
    """Day that `text` names: `令和7年7月31日`, `R7.7.31`, `2025-07-31`; None where it names none."""
    match = _DATE.fullmatch(fold(text).replace(" ", "").lower())
    if match is None:
        return None
    era, number, western, *parts = match.groups()
    year = int(western) if western else BASES[era] + _ordinal(number)
    month, day = (int(part) for part in parts if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def wareki(day: date) -> str:
    """`令和7年7月31日`."""
    era, number = _era_year(day)
    return f"{era}{'元' if number == 1 else number}年{day.month}月{day.day}日"


def _month(start: int, month: int) -> date:
    return date(start + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _ordinal(number: str) -> int:
    return 1 if number == "元" else int(number)


def _era_year(day: date) -> tuple[str, int]:
    era = next((name for start, name in _ERA_STARTS if day >= start), "昭和")
    return era, day.year - _ERAS[era][1]


SETTLED: Final = "精算"
FIRST: Final = "当初"

KINDS = ("補正", "訂正", "加入", "脱退", "合併")
"""What a year may decide after its first budget; only 補正 has columns of its own."""

CORRECTION = KINDS[1]

_NUMBERED = (
    rf"({'|'.join(KINDS)})(?:予算)?\(?第?([0-9]+)号?\)?|第([0-9]+)号({'|'.join(KINDS)})(?:予算)?"
)
_EDITION = re.compile(_NUMBERED)
_COLUMN = re.compile(rf"(.*?)(?:{_NUMBERED})")


@dataclass(frozen=True, slots=True)
class Edition:
    """The year after an act that changed it: 補正第1号, 加入第1号, 訂正第1号 …"""

    number: int
    kind: str = KINDS[0]

    @classmethod
    def parse(cls, text: str) -> "Edition | None":
        """`補正1`, `補正第1号`, `補正予算（第１号）`, `第1号補正`, `加入1`; None where it is none of them."""
        match = _EDITION.fullmatch(name_key(text))
        return _numbered(*match.groups()) if match else None

    @property
    def label(self) -> str:
        """`補正予算（第1号）`, `加入（第1号）`."""
        return f"{self.kind}{'予算' if self.has_columns else ''}（第{self.number}号）"

    @property
    def column(self) -> str:
        """As the tables name it: `補正第1号`."""
        return f"{self.kind}第{self.number}号"

    @property
    def has_columns(self) -> bool:
        """Whether amounts of the budget are changed by columns of its name."""
        return self.kind == KINDS[0]

    def __str__(self) -> str:
        return f"{self.kind}{self.number}"


class AskedBudget(NamedTuple):
    """A budget that a person asks for: 補正1 …, None: the first one (当初)."""

    edition: Edition | None

    @classmethod
    def parse(cls, text: str) -> "AskedBudget | None":
        """`当初`, or an act as above; None where it is none of them."""
        if name_key(text) in (FIRST, f"{FIRST}予算"):
            return cls(None)
        edition = Edition.parse(text)
        return cls(edition) if edition else None


def _numbered(kind: str, number: str, first: str, last: str) -> Edition | None:
    count = int(number or first)
    return Edition(count, kind or last) if count else None


def label(edition: Edition | None) -> str:
    """`当初予算`, `補正予算（第1号）`."""
    return edition.label if edition else f"{FIRST}予算"


def revises(heading: str) -> tuple[str, Edition] | None:
    """(`特定財源`, 補正1) of `特定財源 補正第1号`, folded; (``, 補正1) of `補正第1号`; None of others."""
    match = _COLUMN.fullmatch(name_key(heading))
    edition = _numbered(*match.groups()[1:]) if match else None
    return (match[1], edition) if match and edition and edition.has_columns else None


Case = Edition | Literal["精算"] | None
"""What is computed and sealed: a change of the year, its 精算, or (None) its first budget."""


def act_name(case: Case) -> str:
    """As the table 決定 names it: `当初`, `補正第1号`, `精算`."""
    return case.column if isinstance(case, Edition) else case or FIRST


def folder_name(year: FiscalYear, case: Case) -> str:
    """`r7`, `r7-補正1`, `r7-精算`: the folder of outputs."""
    return f"{year.code}-{case}" if case else year.code
