"""All tables of one year, with everything that is wrong in them.

A new table is one module with a FORM and a `read`, a field of `Tables`, and two lines here.
"""

from dataclasses import replace
from pathlib import Path

from apportion.core.model import Tables
from apportion.core.problem import Findings, Problem
from apportion.core.sums import grouped
from apportion.core.year import FiscalYear
from apportion.tables import (
    acts,
    budget,
    figures,
    income,
    payments,
    previous,
    register,
    reserve,
    roster,
    rotation,
    seen,
)
from apportion.tables.files import TableForm, open_table, report_copies
from apportion.tables.table import Table

FORMS = (
    *(budget.FORM, income.FORM, register.FORM, roster.FORM, figures.FORM),
    *(previous.FORM, rotation.FORM, payments.FORM, reserve.FORM, acts.FORM),
    seen.FORM,
)

# What goes wrong down a whole column is said once, with the number of cells.
_ONCE_A_COLUMN = frozenset({"W111", "W123", "W130", "W132", "W133", "W135"})


def load(root: Path, year: FiscalYear) -> tuple[Tables | None, tuple[Problem, ...]]:
    """Tables of `year` in the workspace `root`, and all problems found in them.

    Rows at fault are left out, so what is sound can be checked further. None where a table is
    missing or cannot be read at all.
    """
    findings = Findings()
    report_copies(root, FORMS, year, findings)
    opened = {form: open_table(root, form, year, findings) for form in FORMS}
    tables = _read(opened, year)
    return tables, said_once(findings.problems)


def _read(opened: dict[TableForm, Table | None], year: FiscalYear) -> Tables | None:
    spending, receipts, bodies, lists, numbers, last, turns, paid, kept, decided, marks = (
        opened.values()
    )
    lines = budget.read(spending) if spending else None
    incomes = income.read(receipts) if receipts else None
    directory = register.read(bodies) if bodies else None
    # Without the register, every row of rosters and figures would be a follower.
    rosters = roster.read(lists, directory, year) if lists and directory else None
    columns = figures.read(numbers, directory) if numbers and directory else None
    if lines is None or incomes is None or directory is None or rosters is None or columns is None:
        return None
    return Tables(
        members=directory.members,
        budget=lines,
        income=incomes,
        rosters=rosters,
        figures=columns,
        previous=previous.read(last, directory) if last else None,
        rotation=(rotation.read(turns, directory) if turns else None) or {},
        payments=(payments.read(paid, directory, year) if paid else None) or (),
        reserve=(reserve.read(kept) if kept else None) or {},
        acts=(acts.read(decided, year) if decided else None) or (),
        seen=seen.read(marks) if marks else (),
        # Nothing is computed from what was seen: it may change after the bills.
        files=tuple(table.grid.file for table in opened.values() if table and table is not marks),
    )


def said_once(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """One problem, with the number of cells, for each kind that goes wrong down a whole column."""
    kept = grouped(
        (_column(p) if p.code in _ONCE_A_COLUMN else n, p) for n, p in enumerate(problems)
    )
    return tuple(_counted(group) for group in kept.values())


def _column(problem: Problem) -> object:
    return problem.code, problem.why, problem.source.file, problem.source.heading


def _counted(group: list[Problem]) -> Problem:
    first = group[0]
    if len(group) == 1:
        return first
    what = f"{first.what.removesuffix('。')}（ほか{len(group) - 1}か所）。"
    return replace(first, what=what)
