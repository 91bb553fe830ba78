"""補正: the tables of a year with the signed columns `補正第1号（千円）` … worked into the amounts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from apportion.core.model import BudgetLine, IncomeLine, Tables, Yen, total
from apportion.core.problem import Findings, Source, tell
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.core.year import Edition, FiscalYear, parse_date, revises, wareki
from apportion.tables.amounts import AMOUNT
from apportion.tables.cells import as_of


def editions(tables: Tables) -> tuple[Edition, ...]:
    """Every 補正 that has an amount somewhere, in order."""
    found = (revises(name) for line in _lines(tables) for name in line.columns)
    return tuple(Edition(number) for number in sorted({own[1] for own in found if own}))


def last(tables: Tables) -> Edition | None:
    """The last 補正 that has an amount somewhere; None: there is only the first budget."""
    return (None, *editions(tables))[-1]


def case_before(tables: Tables, edition: Edition) -> Edition | None:
    """The 補正 before this one; None: the first budget."""
    before = [other for other in editions(tables) if other.number < edition.number]
    return before[-1] if before else None


def revised(tables: Tables, edition: Edition, findings: Findings) -> Tables | None:
    """The tables as they are after all 補正 up to `edition`; None where there is no such 補正.

    What changed points to the cell of the last 補正 that changed it. A fault leaves the amount as it
    was.
    """
    known = editions(tables)
    if edition not in known:
        _unknown(tables, edition, known, findings)
        return None
    return replace(
        tables,
        budget=tuple(_budget(line, edition, findings) for line in tables.budget),
        income=tuple(_income(line, edition, findings) for line in tables.income),
    )


def changed_by(line: BudgetLine | IncomeLine, number: int) -> Yen:
    """What 補正第`number`号 adds to the amount of a line; negative: takes off."""
    return total(yen for name, yen in line.columns.items() if revises(name) == ("", number))


def _lines(tables: Tables) -> tuple[BudgetLine | IncomeLine, ...]:
    return (*tables.budget, *tables.income)


def _headings(line: BudgetLine | IncomeLine, edition: Edition) -> dict[str, list[str]]:
    """Headings of the 補正 up to `edition`, in order, by the folded heading of what they change."""
    found = grouped(
        (own[0], (own[1], heading))
        for heading in line.columns
        if (own := revises(heading)) and own[1] <= edition.number
    )
    return {key: [heading for _, heading in sorted(listed)] for key, listed in found.items()}


def _budget(line: BudgetLine, edition: Edition, findings: Findings) -> BudgetLine:
    changes = _headings(line, edition)
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


def _income(line: IncomeLine, edition: Edition, findings: Findings) -> IncomeLine:
    own = _headings(line, edition).get("", [])
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


def _unknown(
    tables: Tables, edition: Edition, known: tuple[Edition, ...], findings: Findings
) -> None:
    listed = "、".join(map(str, known))
    findings.add(
        tell(
            "W850.known" if known else "W850",
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
    """The day that stands in the headings of a 補正; None where none does or it is at fault."""
    days: dict[date, Source] = {}
    for source, text in _days(tables, edition):
        day = parse_date(text)
        if day is None or not year.first_day <= day <= year.last_day:
            findings.add(
                tell(
                    "W853",
                    source,
                    text=text,
                    year=year.label,
                    example=wareki(year.first_day.replace(month=11, day=20)),
                )
            )
            return None
        days.setdefault(day, source)
    if len(days) > 1:
        _two_days(days, findings)
        return None
    return next(iter(days), None)


def _days(tables: Tables, edition: Edition) -> Iterator[tuple[Source, str]]:
    """What stands behind the unit in each heading of the 補正, with a cell of its column."""
    told: set[tuple[str, str]] = set()
    for line in _lines(tables):
        for name, source in line.cells.items():
            own = revises(name)
            key = (source.file, source.heading)
            if own is None or own[1] != edition.number or key in told:
                continue
            told.add(key)
            if text := as_of(source.heading):
                yield source, text


def _two_days(days: Mapping[date, Source], findings: Findings) -> None:
    (first, _), (second, source) = list(days.items())[:2]
    findings.add(tell("W854", source, first=wareki(first), second=wareki(second)))
