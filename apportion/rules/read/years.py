"""`（令和6年度、令和7年度に限る）` at the end of a line: the years in which it holds.

A line that does not hold in the year of its file is read, so that a fault in it is told, and not used.
"""

import re
from dataclasses import replace

from apportion.core.problem import Source, tell
from apportion.core.text import blank_marks, fold, name_key, wide
from apportion.core.year import FiscalYear
from apportion.rules.read.names import LineError
from apportion.rules.read.phrasing import MONEY, PART
from apportion.rules.read.scan import Item, Piece

Years = tuple[tuple[FiscalYear, FiscalYear | None], ...]
"""First and last year of each stretch; None: for good."""

LIMITED = ("対象", "差し引く", "負担割合", "上限", "下限", "団体別加減", "端数", "途中参加", "値")
"""Keys of lines that may hold in some years alone, beside the rows of tables."""
FORM = "負担割合: 人口 1人につき 100円（令和6年度、令和7年度に限る）"

_ONLY = re.compile(r"\(([^()]*)に\s*限る\s*\)$")
_NAME = r"((?:令和|平成|[RHrh])\s*(?:[0-9]{1,2}|元)(?:\s*年度)?|[0-9]{4}(?:\s*年度)?)"
_STRETCH = re.compile(rf"{_NAME}\s*(?:(以降)|から\s*{_NAME}\s*まで)?")
_IN_YEAR = re.compile(rf"((?:令和|平成)(?:[0-9]+|元)年度)(?:は|に)?\s*({MONEY}|{PART})(?:、|\Z)")
_SEVERAL = 2


def limited(item: Item, *, row: bool = False) -> tuple[Item, Years | None]:
    """The item without its years, and these; None where it holds in every year.

    `row`: it is a row of a table, whose key is a name. Raises `LineError`.
    """
    value = item.value
    found = _ONLY.search(value.text) if row or name_key(item.key.text) in LIMITED else None
    if found is None:
        return item, None
    inside = value.cut(value.start + found.start(1), value.start + found.end(1))
    years = _stretches(inside)
    return replace(item, value=value.cut(value.start, value.start + found.start())), years


def by_years(text: str) -> tuple[str, ...]:
    """`人口 1人につき 令和6年度 100円、令和7年度 160円` as a line for each year; else nothing."""
    found = list(_IN_YEAR.finditer(text))
    before = text[: found[0].start()] if found else ""
    if len(found) < _SEVERAL or _IN_YEAR.sub("", text) != before:
        return ()
    return tuple(f"負担割合: {before}{own[2]}({own[1]}に限る)" for own in found)


def holds(years: Years | None, year: FiscalYear) -> bool:
    """Whether a line with these years is one of `year`."""
    return years is None or any(
        first <= year and (last is None or year <= last) for first, last in years
    )


def behind(value: Piece) -> str:
    """What stands behind a value on its line: `（令和7年度に限る）`, else nothing."""
    return wide(value.line.folded[value.end :].strip())


def ending(source: Source) -> Years:
    """The years that a line says of itself; none where it says nothing of them."""
    found = _ONLY.search(blank_marks(fold(source.text)).rstrip())
    return _years(found[1]) if found else ()


def _stretches(inside: Piece) -> Years:
    years = _years(inside.text)
    if not years:
        raise LineError(tell("W220.only", inside.source, form=FORM))
    return years


def _years(text: str) -> Years:
    """The stretches that a text is; none where it is something else."""
    stretches: list[tuple[FiscalYear, FiscalYear | None]] = []
    for part in text.split("、"):
        found = _STRETCH.fullmatch(part.strip())
        first = FiscalYear.parse(found[1]) if found else None
        if found is None or first is None:
            return ()
        last = None if found[2] else FiscalYear.parse(found[3]) if found[3] else first
        if found[3] and (last is None or last < first):
            return ()
        stretches.append((first, last))
    return tuple(stretches)
