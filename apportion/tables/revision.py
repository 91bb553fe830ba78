"""補正: the tables of a year with the signed columns `補正第1号（千円）` … worked into the amounts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise

from apportion.core.model import Act, BudgetLine, IncomeLine, Tables, Yen, total
from apportion.core.problem import Findings, Source, tell
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.core.year import (
    CORRECTION,
    FIRST,
    Edition,
    FiscalYear,
    parse_date,
    revises,
    wareki,
)
from apportion.rules.book import STATES
from apportion.tables import acts
from apportion.tables.amounts import AMOUNT
from apportion.tables.cells import as_of


def editions(tables: Tables) -> tuple[Edition, ...]:
    """Everything that changes the year after its first budget, in order.

    That is what the table 決定 lists; without it every 補正 that has an amount somewhere.
    """
    listed = tuple(acts.editions(tables.acts))
    return (*listed, *(edition for edition in _amended(tables) if edition not in listed))


def _amended(tables: Tables) -> list[Edition]:
    """Every 補正 that has an amount somewhere, in order."""
    found = {own[1] for line in _lines(tables) for name in line.columns if (own := revises(name))}
    return sorted(found, key=lambda edition: edition.number)


def last(tables: Tables) -> Edition | None:
    """The last of them; None: there is only the first budget."""
    return (None, *editions(tables))[-1]


def case_before(tables: Tables, edition: Edition) -> Edition | None:
    """What came before this one; None: the first budget."""
    return (None, *until(tables, edition)[:-1])[-1]


def until(tables: Tables, edition: Edition | None) -> tuple[Edition, ...]:
    """Those up to this one; none for the first budget."""
    known = editions(tables)
    return known[: known.index(edition) + 1] if edition in known else ()


def is_later(tables: Tables, one: Edition | None, other: Edition | None) -> bool:
    """Whether one comes after the other; what no table knows any more comes first."""
    return len(until(tables, one)) > len(until(tables, other))


def next_correction(tables: Tables) -> Edition:
    """The 訂正 after the last one of the year."""
    known = [one.number for one in editions(tables) if one.kind == CORRECTION]
    return Edition(max(known, default=0) + 1, CORRECTION)


def act_of(tables: Tables, name: str) -> Act | None:
    """The row of the table 決定 for 当初, 補正1 … or 精算; None without it."""
    return next((act for act in tables.acts if act.name == name), None)


def state_of(tables: Tables, name: str) -> str | None:
    """状態 of an act; None where only the rule files say it.

    Without the table nothing says that a 補正 or 精算 is decided: it is 案.
    """
    act = act_of(tables, name)
    if act is None:
        return None if name == FIRST else STATES[1]
    return act.state


def unlisted(tables: Tables, findings: Findings) -> None:
    """Say which 補正 the table 決定 does not list."""
    if not tables.acts:
        return
    for edition in _amended(tables):
        if act_of(tables, str(edition)) is None:
            source = tables.acts[-1].source
            line = f"{edition.column},,案,"
            findings.add(tell("W865", source, file=source.file, act=edition.column, line=line))


def revised(tables: Tables, edition: Edition, findings: Findings) -> Tables | None:
    """The tables as they are after all 補正 up to `edition`; None where there is no such 補正.

    What changed points to the cell of the last 補正 that changed it. A fault leaves the amount as it
    was.
    """
    if missing := _missing(tables, edition):
        _unknown(tables, missing, findings)
        return None
    counted = frozenset(until(tables, edition))
    return replace(
        tables,
        budget=tuple(_budget(line, counted, findings) for line in tables.budget),
        income=tuple(_income(line, counted, findings) for line in tables.income),
    )


def changed_by(line: BudgetLine | IncomeLine, edition: Edition) -> Yen:
    """What a 補正 adds to the amount of a line; negative: takes off."""
    return total(yen for name, yen in line.columns.items() if revises(name) == ("", edition))


def _lines(tables: Tables) -> tuple[BudgetLine | IncomeLine, ...]:
    return (*tables.budget, *tables.income)


def _headings(line: BudgetLine | IncomeLine, counted: frozenset[Edition]) -> dict[str, list[str]]:
    """Headings of these 補正, in order, by the folded heading of what they change."""
    found = grouped(
        (own[0], (own[1].number, heading))
        for heading in line.columns
        if (own := revises(heading)) and own[1] in counted
    )
    return {key: [heading for _, heading in sorted(listed)] for key, listed in found.items()}


def _budget(line: BudgetLine, counted: frozenset[Edition], findings: Findings) -> BudgetLine:
    changes = _headings(line, counted)
    own = changes.pop("", [])
    columns, cells = dict(line.columns), dict(line.cells)
    names = {name_key(heading): heading for heading in line.columns}
    for key, headings in changes.items():
        name = names.get(key, key)
        before = columns.get(name, Yen(0))
        columns[name] = _sum(before, line, headings, findings)
        cells[name] = line.cells[headings[-1]]
    if line.amount is None:
        _no_amount(line, own, findings)
        return replace(line, columns=columns, cells=cells)
    return replace(
        line,
        amount=_sum(line.amount, line, own, findings),
        columns=columns,
        cells=cells,
        parts=(
            (AMOUNT, line.amount, line.source),
            *((heading, line.columns[heading], line.cells[heading]) for heading in own),
        ),
        source=_place(line, own),
    )


def _income(line: IncomeLine, counted: frozenset[Edition], findings: Findings) -> IncomeLine:
    own = _headings(line, counted).get("", [])
    amount = _sum(line.amount, line, own, findings)
    added = tuple(line.texts[heading] for heading in own)
    return replace(line, amount=amount, added=added, source=_place(line, own))


def _sum(
    before: Yen, line: BudgetLine | IncomeLine, headings: list[str], findings: Findings
) -> Yen:
    """The amount after these 補正; below 0 it is a fault, told at the first that makes it so."""
    amount = before
    for heading in headings:
        after = total((amount, line.columns[heading]))
        if after < 0 <= amount:
            findings.add(
                tell("W851", line.cells[heading], before=amount, columns=-line.columns[heading])
            )
        amount = after
    return amount


def _place(line: BudgetLine | IncomeLine, headings: list[str]) -> Source:
    changed = [heading for heading in headings if line.columns[heading]]
    return line.cells[changed[-1]] if changed else line.source


def _missing(tables: Tables, edition: Edition) -> Edition | None:
    """The first act up to this one that is nowhere: a 補正 without columns, or what is not listed."""
    amended = _amended(tables)
    counted = until(tables, edition) or (edition,)
    known = editions(tables)
    absent = (one for one in counted if one not in (amended if one.has_columns else known))
    return next(absent, None)


def _unknown(tables: Tables, edition: Edition, findings: Findings) -> None:
    amended = _amended(tables)
    listed = "、".join(map(str, amended))
    findings.add(
        tell(
            "W850.act" if not edition.has_columns else "W850.known" if amended else "W850",
            Source(file=tables.budget[0].source.file if tables.budget else ""),
            edition=edition,
            column=edition.column,
            listed=listed,
        )
    )


def _no_amount(line: BudgetLine, headings: list[str], findings: Findings) -> None:
    for heading in headings[:1]:
        findings.add(tell("W852", line.cells[heading], line=line.name))


def day_of(tables: Tables, edition: Edition, year: FiscalYear, findings: Findings) -> date | None:
    """The day of an act, from the table 決定 or the headings of a 補正.

    None where neither has one or it is at fault.
    """
    days = _headed(tables, edition, year, findings)
    act = act_of(tables, str(edition))
    if act is None or act.day is None:
        return next(iter(days), None)
    for day, source in days.items():
        if day != act.day:
            findings.add(
                tell(
                    "W865.day",
                    source,
                    act=edition.column,
                    heading=wareki(day),
                    table=wareki(act.day),
                )
            )
    return act.day


def _headed(
    tables: Tables, edition: Edition, year: FiscalYear, findings: Findings
) -> dict[date, Source]:
    """The day in the headings of a 補正; empty where there is none or it is at fault."""
    days: dict[date, Source] = {}
    for source, text in _days(tables, edition):
        day = parse_date(text)
        if day is None or not year.first_day <= day <= year.last_day:
            example = wareki(year.first_day.replace(month=11, day=20))
            findings.add(tell("W853", source, text=text, year=year.label, example=example))
            return {}
        days.setdefault(day, source)
    if len(days) > 1:
        _two_days(days, findings)
        return {}
    return days


def in_order(tables: Tables, edition: Edition, year: FiscalYear, findings: Findings) -> None:
    """Say it where a 補正 has a day before that of one that came before it; 決定 tells its own rows."""
    if tables.acts:
        return
    known = until(tables, edition)
    days = [(one, day) for one in known if (day := day_of(tables, one, year, Findings()))]
    for (above, former), (later, day) in pairwise(days):
        if day < former:
            findings.add(
                tell(
                    "W865.order",
                    next((source for source, _ in _days(tables, later)), Source()),
                    act=later.column,
                    day=wareki(day),
                    above=above.column,
                    former=wareki(former),
                )
            )


def _days(tables: Tables, edition: Edition) -> Iterator[tuple[Source, str]]:
    """What stands behind the unit in each heading of the 補正, with a cell of its column."""
    told: set[tuple[str, str]] = set()
    for line in _lines(tables):
        for name, source in line.cells.items():
            own = revises(name)
            key = (source.file, source.heading)
            if own is None or own[1] != edition or key in told:
                continue
            told.add(key)
            if text := as_of(source.heading):
                yield source, text


def _two_days(days: Mapping[date, Source], findings: Findings) -> None:
    (first, _), (second, source) = list(days.items())[:2]
    findings.add(tell("W854", source, first=wareki(first), second=wareki(second)))
