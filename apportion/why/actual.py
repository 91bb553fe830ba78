"""What was really billed, beside what the program computes: every difference, row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from apportion.core.model import Member
from apportion.core.problem import Findings, InputError, Problem, fault, grave
from apportion.core.sums import summed
from apportion.core.text import name_key
from apportion.explain.choice import find_member
from apportion.outcome.outcome import Outcome
from apportion.tables.cells import NOTHING, Measure, yen
from apportion.tables.files import cleaned, opened
from apportion.tables.register import CODE, NAME
from apportion.tables.table import REMARK, Row, Table

PROJECT, LINE = "事業", "経費"
Place = tuple[str, str, str]
"""団体コード, folded 事業 and folded 経費; empty where the bills do not tell them apart."""


class BesideBill(NamedTuple):
    """An amount of the bills and the same as computed, in yen; 0 where one side has none.

    `project` and `line` are empty where the bills do not tell them apart.
    """

    member: Member
    project: str
    line: str
    computed: int
    billed: int

    @property
    def difference(self) -> int:
        """What was billed beyond what is computed."""
        return self.billed - self.computed


def beside_bills(outcome: Outcome, path: Path) -> tuple[BesideBill, ...]:
    """Every amount of a table of bills, and everything computed that it leaves out.

    The table has a column of 団体名 or 団体コード, 事業 and 経費 as far as the bills tell them apart, and
    one column in yen. Raises `InputError` where it cannot be read.
    """
    findings = Findings()
    table = Table(cleaned(opened(path, findings), findings), findings)
    money = _columns(table)
    if money is None:
        raise InputError(findings.problems)
    apart = (PROJECT in table.columns, LINE in table.columns)
    rows = [_row(row, money, outcome) for row in table.rows()]
    if grave(findings.problems):
        raise InputError(findings.problems)
    billed = summed(row for row in rows if row)
    charges = outcome.charges
    computed = summed(
        (_place(c.member.code, c.line.project, c.line.name, apart), c.yen) for c in charges
    )
    names = {_place("", c.line.project, c.line.name, apart)[1:]: c.line for c in charges}
    return tuple(
        BesideBill(
            outcome.tables.by_code[place[0]],
            names[place[1:]].project if apart[0] or apart[1] else "",
            names[place[1:]].name if apart[1] else "",
            computed.get(place, 0),
            billed.get(place, 0),
        )
        for place in sorted({*billed, *computed})
        if billed.get(place) or computed.get(place)
    )


def _columns(table: Table) -> Measure | None:
    """Claim the columns; the one in yen, or None with a problem."""
    table.allow(CODE, NAME, PROJECT, LINE, REMARK)
    found = [own for own in table.measures() if own.is_money]
    bodies = {CODE, NAME} & table.columns.keys()
    if len(found) != 1 or not bodies:
        headings = table.existing
        table.report(None, fault("W907", headings=headings))
        return None
    return found[0]


def _row(row: Row, money: Measure, outcome: Outcome) -> tuple[Place, int] | None:
    text = row.text(CODE) or row.text(NAME)
    amount = row.number(money, yen, NOTHING)
    if not text or amount is None:
        return None
    member = find_member(outcome.tables, text)
    if isinstance(member, Problem):
        place = row.table.source(row.cell(CODE if row.text(CODE) else NAME))
        row.table.findings.add(replace(member, source=place))
        return None
    code = outcome.tables.heir(member.code).code
    named = _named(row, outcome)
    return ((code, *named), amount) if named else None


def _named(row: Row, outcome: Outcome) -> tuple[str, str] | None:
    """事業 and 経費 of a row, folded; None, with a problem, where there is none of that name."""
    project, line = (name_key(row.text(heading)) for heading in (PROJECT, LINE))
    apart = (PROJECT in row.table.columns, LINE in row.table.columns)
    keys = {result.case.line.key for result in outcome.results}
    fitting = [key for key in keys if key[0] == project or not project]
    fitting = [key for key in fitting if key[1] == line or not line]
    if not fitting or (line and len(fitting) > 1):
        where = row.cell(LINE if line else PROJECT)
        known = "、".join(_known(outcome, line=bool(line)))
        name = fault("W907.several" if fitting else "W907.unknown", text=where.text, known=known)
        row.table.report(where, name)
        return None
    return _place("", *fitting[0], apart)[1:]


def _known(outcome: Outcome, *, line: bool) -> Sequence[str]:
    lines = [result.case.line for result in outcome.results]
    return list(dict.fromkeys(own.name if line else own.project for own in lines))


def _place(code: str, project: str, line: str, apart: tuple[bool, bool]) -> Place:
    """Where an amount belongs, as far as the bills tell 事業 and 経費 apart."""
    whole = apart[0] or apart[1]
    return code, name_key(project) if whole else "", name_key(line) if apart[1] else ""


def differences(found: Sequence[BesideBill]) -> Iterator[BesideBill]:
    """Those that differ, the largest first."""
    other = (own for own in found if own.difference)
    yield from sorted(other, key=lambda own: (-abs(own.difference), own.member.code, own.project))
