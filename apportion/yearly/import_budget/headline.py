"""Headings of the plan: `（１）電子申請事業 【予算額：40,856千円（令和6年度：28,758千円）】`."""

import re
from typing import NamedTuple

from apportion.findings import Findings
from apportion.text import fold
from apportion.year import FiscalYear
from apportion.yearly.import_budget import messages, notices
from apportion.yearly.import_budget.document import Line, plain
from apportion.yearly.import_budget.words import Column, Figure, figure, spelled, squeezed, year_in

_AMOUNT = r"[-△▲]? *[0-9][0-9,]*|[-ー―─]"
_UNIT = r"百万円|千円|万円|億円|円"
_BUDGET = re.compile(
    rf"[【\[] *(?P<word>予算額? *:? *)?(?P<now>{_AMOUNT}) *(?P<unit>{_UNIT}) *(?P<star>※?) *"
    rf"(?:\( *(?P<year>[^():\[\]【】]{{1,20}}?) *: *(?P<before>{_AMOUNT}) *(?P<unit2>{_UNIT})"
    rf" *(?P<star2>※?) *\))? *[】\]]"
)
_SUSPECT = re.compile(rf"予算額[ :]{{0,3}}[0-9]|[【\[] *[0-9][0-9,]* *(?:{_UNIT})")
_LOOSE_MONEY = re.compile(rf"[0-9][0-9,]* *(?:{_UNIT})")

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
    own: dict[Column, Figure]
    unit: str


def carries_budget(line: Line) -> bool:
    """Whether a figure of the plan stands in the line."""
    return _BUDGET.search(fold(line.raw)) is not None


def looks_like_budget(line: Line) -> bool:
    """Whether a figure seems to be meant that cannot be read."""
    rest = _BUDGET.sub("", fold(line.raw))
    return _SUSPECT.search(rest) is not None


def money_in(line: Line) -> bool:
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


def headline(line: Line, year: FiscalYear, findings: Findings) -> Headline | None:
    """Heading of the plan in `line`, or None where it holds none that can be read."""
    match = _BUDGET.search(fold(line.raw))
    if match is None:
        return None
    own: dict[Column, Figure] = {}
    for column, group, unit in ((Column.NOW, "now", "unit"), (Column.BEFORE, "before", "unit2")):
        if match[group] is not None:
            source = line.marked(match.start(group), len(match[group]))
            found = figure(
                match[group] + match["star" if column is Column.NOW else "star2"],
                match[unit],
                source,
            )
            if found is None:
                messages.unplaced(findings, source, match[group])
                continue
            own[column] = found
    _remarkable(line, match, year, findings)
    return Headline(title(line.raw[: match.start()]), own, match["unit"])


def _remarkable(line: Line, match: "re.Match[str]", year: FiscalYear, findings: Findings) -> None:
    """Say what is unusual in the bracket: no 予算額, another year, a ※."""
    whole = line.marked(match.start(), len(match[0]))
    if match["word"] is None:
        notices.no_word(findings, whole)
    if match["star"] or match["star2"]:
        notices.starred(findings, whole)
    label = match["year"]
    if label is not None and squeezed(label) != "前年度":
        named = year_in(label)
        if named is None or named + 1 != year:
            messages.other_year(findings, line.marked(match.start("year"), len(label)), named, year)
