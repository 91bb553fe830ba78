"""基礎数値: 決算年度: the column of the year itself in place of the one that was billed by."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from apportion.allocate.case import LineResult
from apportion.allocate.columns import as_of
from apportion.core.model import FigureColumn
from apportion.core.problem import Findings, Problem, tell
from apportion.core.text import name_key
from apportion.core.year import FiscalYear, parse_date
from apportion.outcome.settled import FiguresUsed
from apportion.rules.book import Bind, Defaults, RuleBook, RuleFile, Settlement, stem

YEAR_ITSELF = "決算年度"
_RELATIVE = ("前々年度", "前年度", "当年度")
_ESTIMATES = ("見込", "予算")
_KNOWN_AFTER = ("実績", "決算")
_FISCAL = re.compile(r"(.+?年度)(実績|決算|算定|予算|見込)?")


def own_figures(book: RuleBook, columns: Sequence[FigureColumn], year: FiscalYear) -> RuleBook:
    """The rules, each 基礎数値 bound to the one column of `year` itself where there is one."""
    return _rebound(book, lambda bind: bind.settled or _bound(bind, columns, year))


def as_levied(book: RuleBook) -> RuleBook:
    """The rules with the 基礎数値 of the bills, but where a line says what a 精算 goes by."""
    return _rebound(book, lambda bind: bind.settled or bind)


def columns_of(
    book: RuleBook, levied: Sequence[FigureColumn], now: Sequence[FigureColumn], year: FiscalYear
) -> tuple[FigureColumn, ...]:
    """The columns of the bills, with those of today that a 精算 alone goes by."""
    meant = {
        (stem(bind.settled.heading.text), as_of(bind.settled.as_of, year))
        for bind in _binds(book)
        if bind.settled
    }
    ours = [c for c in now if (stem(c.name), as_of(c.as_of, year)) in meant]
    taken = {(name_key(c.name), c.as_of) for c in ours}
    return (*(c for c in levied if (name_key(c.name), c.as_of) not in taken), *ours)


def _binds(book: RuleBook) -> Iterator[Bind]:
    for file in book.files:
        for own in (file.head, *(expense.own for expense in file.expenses)):
            yield from own.binds


def _rebound(book: RuleBook, changed: Callable[[Bind], Bind]) -> RuleBook:
    def defaults(own: Defaults) -> Defaults:
        return replace(own, binds=tuple(map(changed, own.binds)))

    def file(rules: RuleFile) -> RuleFile:
        expenses = tuple(replace(e, own=defaults(e.own)) for e in rules.expenses)
        return replace(rules, head=defaults(rules.head), expenses=expenses)

    return replace(book, files=tuple(file(rules) for rules in book.files))


def _bound(bind: Bind, columns: Sequence[FigureColumn], year: FiscalYear) -> Bind:
    found = _of_year(bind, columns, year)
    return replace(bind, as_of=found[0].as_of) if len(found) == 1 else bind


def _of_year(bind: Bind, columns: Sequence[FigureColumn], year: FiscalYear) -> list[FigureColumn]:
    """Columns of a figure that are of `year` itself and no estimate; a mean or sum of years has none."""
    if bind.over:
        return []
    named = [c for c in columns if stem(c.name) == stem(bind.heading.text)]
    dated = [(c, *_dated(c.as_of, year)) for c in named]
    own = [(c, kind) for c, found, kind in dated if found == year and kind not in _ESTIMATES]
    known = [c for c, kind in own if kind in _KNOWN_AFTER]
    return known or [c for c, _ in own]


def _dated(said: str, year: FiscalYear) -> tuple[FiscalYear | None, str]:
    """The fiscal year that a time lies (or a period ends) in, and 実績, 見込 …."""
    text = as_of(said, year)
    if fiscal := _FISCAL.fullmatch(text):
        return FiscalYear.parse(fiscal[1]), fiscal[2] or ""
    day = parse_date(text) or parse_date(text.partition("から")[2].removesuffix("まで"))
    return (FiscalYear(day.year - (day.month < 4)) if day else None), ""  # noqa: PLR2004  April


def used(
    results: Sequence[LineResult],
    said: Mapping[str, Settlement],
    book: RuleBook,
    columns: Sequence[FigureColumn],
    year: FiscalYear,
    findings: Findings,
) -> tuple[FiguresUsed, ...]:
    """Which column each line used; one that the ■精算 does not mean is told."""
    listed = []
    for result in results:
        case = result.case
        own_year = said[name_key(case.line.project)].figures == YEAR_ITSELF
        binds = book.scope(book.by_project[name_key(case.line.project)]).binds(case.expense)
        for name, column in case.figures:
            bind = next((b for b in binds if stem(b.alias.text) == name), None)
            if own_year and bind and not bind.settled:
                findings.extend(_not_meant(bind, column, columns, year))
            listed.append(FiguresUsed(case.line.project, case.line.name, name, column))
    return tuple(listed)


def _not_meant(
    bind: Bind, column: FigureColumn, columns: Sequence[FigureColumn], year: FiscalYear
) -> list[Problem]:
    """Why `column` is not the one of the year itself, where the rule lets expect one."""
    found = _of_year(bind, columns, year)
    name = bind.heading.text
    if len(found) > 1:
        exist = "、".join(f"{c.name}（{c.as_of}）" for c in found)
        return [tell("W342.final", bind.source, name=name, year=year.label, exist=exist)]
    estimated = bind.as_of.startswith(_RELATIVE) or _dated(bind.as_of, year)[1] in _ESTIMATES
    if not found and estimated and not bind.over:
        said = column.as_of
        return [tell("W341.final", bind.source, name=name, year=year.label, column=said)]
    return []
