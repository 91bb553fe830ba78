"""Headings of the plan: `（１）電子申請事業 【予算額：40,856千円（令和6年度：28,758千円）】`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, Source, tell
from apportion.core.text import fold
from apportion.core.year import FiscalYear
from apportion.imports.budget.document import DocumentLine, plain
from apportion.imports.budget.words import (
    UNITS,
    AmountColumn,
    Figure,
    figure,
    is_figure,
    spelled,
    squeezed,
    unplaced,
    year_in,
)

_UNIT = re.compile(rf"\(({UNITS})\)$")
_YEAR = re.compile(r"(?:令和|平成|昭和)(?:[0-9]{1,2}|元)年度?")
_BARE = re.compile(
    r"(?:(?:当初|本年度|今年度|当年度)+(?:当初)?(?:予算額?|金額)?|予算額?|金額)(?:\(?[A-Z]\)?)?"
)
_LAST = re.compile(r"(?:前年度)(?:当初)?(?:予算額?|金額)?(?:\(?[A-Z]\)?)?")
_AFTER_YEAR = re.compile(r"(?:当初)?(?:予算額?|金額)?(?:\(?[A-Z]\)?)?")
_REFERENCE = re.compile(r"\(?参考\)?")


class Role(Enum):
    """What a column holds."""

    NAME = "name"
    AMOUNT = "amount"
    REMARK = "remark"


_REMARKS = {"備考", "説明", "摘要", "積算内訳", "主な内容", "内容"}
_DIFFERENCES = {
    "比較",
    "増減",
    "増減額",
    "比較増減",
    "比較増△減",
    "差引",
    "差引増減",
    "増△減",
    "比較増減額",
}
_SHORT_YEAR = re.compile(r"[0-9]{1,2}年度(?=当初|予算)")
_SUBTRACTED = re.compile(r"\(?[A-Z][-ー―─][A-Z]\)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Columns of a table by place; `unit` where a heading gives one."""

    roles: tuple[Role, ...]
    columns: Mapping[int, AmountColumn]
    unit: str | None = None

    def places(self, role: Role) -> Iterator[int]:
        """Places of a role."""
        return (place for place, found in enumerate(self.roles) if found is role)


def heads(line: DocumentLine, year: FiscalYear, findings: Findings) -> Heads | None:
    """Headings in `line`, or None where it is no row of headings with this year's amounts."""
    if not line.is_row or any(is_figure(cell.text) for cell in line.cells):
        return None
    found = [column_of(cell.text, year) for cell in line.cells]
    if not any(column is AmountColumn.NOW or other for column, other in found):
        return None
    for cell, (_, other) in zip(line.cells, found, strict=True):
        if other is not None:
            _other_year(findings, line.at(cell), other, year)
    columns: dict[int, AmountColumn] = {}
    for place, (column, _) in enumerate(found):
        if column in columns.values():
            findings.add(tell("W810.same", line.at(line.cells[place])))
        elif column:
            columns[place] = column
    units = [match[1] for cell in line.cells if (match := _UNIT.search(squeezed(cell.text)))]
    return Heads(
        roles=tuple(_roles(line, columns)), columns=columns, unit=units[0] if units else None
    )


_UNIT_CELL = re.compile(rf"\(?({UNITS}|%|パーセント)\)?")


def unit_row(line: DocumentLine) -> str | None:
    """Unit of money in a row of nothing but units, as one stands below headings."""
    words = [word for cell in line.cells for word in fold(cell.text).split()]
    units = [match[1] for word in words if (match := _UNIT_CELL.fullmatch(word))]
    money = {unit for unit in units if unit.endswith("円")}
    return money.pop() if words and len(units) == len(words) and len(money) == 1 else None


def _roles(line: DocumentLine, columns: Mapping[int, AmountColumn]) -> Iterator[Role]:
    """What stands left of the amounts is a name, what has no amounts right of that a remark."""
    first = min(columns, default=0)
    for place, cell in enumerate(line.cells):
        if place in columns:
            yield Role.AMOUNT
        elif squeezed(cell.text) in _REMARKS or place > first:
            yield Role.REMARK
        else:
            yield Role.NAME


def column_of(text: str, year: FiscalYear) -> tuple[AmountColumn | None, FiscalYear | None]:
    """Column that a heading names, or the year that it wrongly names."""
    words = _SUBTRACTED.sub("", _UNIT.sub("", squeezed(text)))
    bare = _REFERENCE.sub("", words)
    named = year_in(bare)
    if match := _SHORT_YEAR.match(words):  # 「29年度予算額」 in a document of 平成29年度
        bare, named = f"{year.label[:2]}{bare}", FiscalYear.parse(f"{year.label[:2]}{match[0]}")
    if words in _DIFFERENCES:
        return AmountColumn.DIFFERENCE, None
    if named is None:
        if _LAST.fullmatch(bare):
            return AmountColumn.BEFORE, None
        return (AmountColumn.NOW, None) if _BARE.fullmatch(words) else (None, None)
    if not _AFTER_YEAR.fullmatch(_YEAR.sub("", bare, count=1)):
        return None, None
    if named == year:
        return AmountColumn.NOW, None
    return (AmountColumn.BEFORE, None) if named + 1 == year else (None, named)


_SECTION = re.compile(r"[【\[(<■○●◆]*(収入|歳入|支出|歳出)(?:の部)?[】\])>]*")
_TITLE = re.compile(r"(?:事業計画|予算)")


class DocumentPart(Enum):
    """Parts of a document."""

    PLAN = "事業計画"
    INCOME = "収入の部"
    SPENDING = "支出の部"


def split(lines: Sequence[DocumentLine]) -> dict[DocumentPart, list[DocumentLine]]:
    """Lines of each part; a heading that carries a budget leads back to the plan."""
    found: dict[DocumentPart, list[DocumentLine]] = {part: [] for part in DocumentPart}
    here = DocumentPart.PLAN
    for line in lines:
        if match := _SECTION.fullmatch(squeezed(line.text)):
            here = DocumentPart.INCOME if match[1] in {"収入", "歳入"} else DocumentPart.SPENDING
        elif here is not DocumentPart.PLAN and not line.is_row and carries_budget(line):
            here = DocumentPart.PLAN
        found[here].append(line)
    return found


def year_of(lines: Sequence[DocumentLine]) -> FiscalYear | None:
    """Year in the title of the document."""
    titles = (line.text for line in lines if _TITLE.search(line.text))
    return next((year for text in titles if (year := year_in(text))), None)


_AMOUNT = r"[-△▲]? *[0-9][0-9,]*|[-ー―─]"
_BUDGET = re.compile(
    rf"[【\[] *(?P<word>予算額? *:? *)?(?P<now>{_AMOUNT}) *(?P<unit>{UNITS}) *(?P<star>※?) *"
    rf"(?:\( *(?P<year>[^():\[\]【】]{{1,20}}?) *: *(?P<before>{_AMOUNT}) *(?P<unit2>{UNITS})"
    rf" *(?P<star2>※?) *\))? *[】\]]"
)
_SUSPECT = re.compile(rf"予算額[ :]{{0,3}}[0-9]|[【\[] *[0-9][0-9,]* *(?:{UNITS})")
_LOOSE_MONEY = re.compile(rf"[0-9][0-9,]* *(?:{UNITS})")

_STYLES = {
    "第1": re.compile(r"第[0-9]{1,2}(?:[章節款項目])?[ 、.]?"),
    "(1)": re.compile(r"\([0-9]{1,2}\)"),
    "(ア)": re.compile(r"\([ア-ン]\)"),
    "(a)": re.compile(r"\([a-zA-Z]\)"),
    "①": re.compile(r"[\u2460-\u2473]"),
    "1": re.compile(r"[0-9]{1,2}(?:[.、] ?| )"),
    "ア": re.compile(r"[ア-ン](?:[.、] ?| )"),
    "a": re.compile(r"[a-zA-Z](?:[.、)] ?| )"),
    "I": re.compile(r"[\u2160-\u216b][.、 ]?"),
}
"""Ways of numbering; which one stands below which, the document shows."""


class Title(NamedTuple):
    """A numbered line: its way of numbering, and its words."""

    style: str
    name: str


class Headline(NamedTuple):
    """Figures of a heading; `title` is None where its words stand on the line before."""

    title: Title | None
    own: dict[AmountColumn, Figure]
    unit: str


def carries_budget(line: DocumentLine) -> bool:
    """Whether a figure of the plan stands in the line."""
    return _BUDGET.search(fold(line.raw)) is not None


def looks_like_budget(line: DocumentLine) -> bool:
    """Whether a figure seems to be meant that cannot be read."""
    rest = _BUDGET.sub("", fold(line.raw))
    return _SUSPECT.search(rest) is not None


def money_in(line: DocumentLine) -> bool:
    """Whether an amount of money stands in the words of the line."""
    return _LOOSE_MONEY.search(fold(line.raw)) is not None


def title(text: str) -> Title | None:
    """Numbered heading in `text`."""
    words = plain(text)
    folded = fold(words)
    for style, pattern in _STYLES.items():
        if (match := pattern.match(folded)) and words[match.end() :].strip():
            return Title(style, spelled(words[match.end() :]))
    return None


def headline(line: DocumentLine, year: FiscalYear, findings: Findings) -> Headline | None:
    """Heading of the plan in `line`, or None where it holds none that can be read."""
    match = _BUDGET.search(fold(line.raw))
    if match is None:
        return None
    own: dict[AmountColumn, Figure] = {}
    for column, group, unit in (
        (AmountColumn.NOW, "now", "unit"),
        (AmountColumn.BEFORE, "before", "unit2"),
    ):
        if match[group] is not None:
            source = line.marked(match.start(group), len(match[group]))
            found = figure(
                match[group] + match["star" if column is AmountColumn.NOW else "star2"],
                match[unit],
                source,
            )
            if found is None:
                unplaced(findings, source, match[group])
                continue
            own[column] = found
    _remarkable(line, match, year, findings)
    return Headline(title(line.raw[: match.start()]), own, match["unit"])


def _remarkable(
    line: DocumentLine, match: "re.Match[str]", year: FiscalYear, findings: Findings
) -> None:
    """Say what is unusual in the bracket: no 予算額, another year, a ※."""
    whole = line.marked(match.start(), len(match[0]))
    if match["word"] is None:
        findings.add(tell("W825", whole))
    if match["star"] or match["star2"]:
        findings.add(tell("W826", whole))
    label = match["year"]
    if label is not None and squeezed(label) != "前年度":
        named = year_in(label)
        if named is None or named + 1 != year:
            _other_year(findings, line.marked(match.start("year"), len(label)), named, year)


def _other_year(
    findings: Findings, source: Source, named: FiscalYear | None, year: FiscalYear
) -> None:
    """A column or heading of a year that the document is not about."""
    label = named.label if named else "年度の分からない額"
    findings.add(tell("W810.other", source, label=label, year=year.label, before=(year + -1).label))
