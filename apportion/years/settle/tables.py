"""決算額: the tables of a year with the final amounts in place of the budget, and rules to match."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from apportion.core.model import RESERVES, BudgetLine, IncomeLine, Tables, Yen, total
from apportion.core.problem import Findings, Source, tell
from apportion.core.text import name_key, on_lines
from apportion.outcome.reconcile import CONTRIBUTION
from apportion.outcome.settled import FINAL, WAYS, final_of
from apportion.rules.book import Expense, RuleBook, RuleFile, Settlement

_FINAL = re.compile("(.+)決算")
_SHOWN = 3
_TIMES = 10
"""A digit too many or too few: hardly what was spent."""


def final_place(line: BudgetLine | IncomeLine) -> Source:
    """Cell of 決算額; that of 予算額 where it is blank."""
    places = (place for head, place in line.cells.items() if name_key(head) == FINAL)
    return next(places, line.source)


def complete(tables: Tables, findings: Findings) -> bool:
    """Whether every line has its 決算額; what is missing becomes one finding for each table."""
    spent = [line for line in tables.budget if final_of(line) is None]
    needed = [line for line in spent if line.amount is not None]
    _missing("支出の部", "経費", needed, tables.budget, findings)
    received = [line for line in tables.income if final_of(line) is None]
    _missing("収入の部", "科目", received, tables.income, findings)
    return not needed and not received


def _missing(
    table: str,
    what: str,
    lines: Sequence[BudgetLine | IncomeLine],
    every: Sequence[BudgetLine | IncomeLine],
    findings: Findings,
) -> None:
    if not lines:
        return
    file = lines[0].source.file
    if len(lines) == len(every) or not any(final_of(line) is not None for line in every):
        findings.add(tell("W890", Source(file=file), table=table, file=file))
        return
    names = [f"「{_name(line)}」" for line in lines]
    more = f"など{len(names)}行" if names[_SHOWN:] else ""
    findings.add(
        tell(
            "W891",
            lines[0].source,
            what=what,
            names="、".join(names[:_SHOWN]),
            more=more,
            row=lines[0].source.line,
        )
    )


def off_scale(tables: Tables, findings: Findings) -> None:
    """Tell the lines whose 決算額 has another number of digits than the budget, once for each table."""
    for table, lines in (("支出の部", tables.budget), ("収入の部", tables.income)):
        if found := [line for line in lines if _is_off_scale(line)]:
            shown = on_lines(found, "行", _figures, _SHOWN)
            place = final_place(found[0])
            findings.add(tell("W889", place, table=table, count=len(found), lines=shown))


def _figures(line: BudgetLine | IncomeLine) -> str:
    return f"{_name(line)}: 予算額 {line.amount:,}円、決算額 {final_of(line):,}円"


def _is_off_scale(line: BudgetLine | IncomeLine) -> bool:
    budget, spent = abs(line.amount or 0), abs(final_of(line) or 0)
    return bool(budget and spent) and max(budget, spent) >= _TIMES * min(budget, spent)


def _name(line: BudgetLine | IncomeLine) -> str:
    own = line.name if isinstance(line, BudgetLine) else line.subject
    return f"{line.project}の{own}" if line.project else own


def final(tables: Tables) -> Tables:
    """The tables with 決算額 as the amounts of the 支出の部; `特定財源 決算` stands for 特定財源."""
    return replace(tables, budget=tuple(_final(line) for line in tables.budget))


def _final(line: BudgetLine) -> BudgetLine:
    columns = {**line.columns, **{heading: yen for heading, yen, _ in _replaced(line)}}
    return replace(line, amount=final_of(line), columns=columns, source=final_place(line))


def _replaced(line: BudgetLine) -> Iterator[tuple[str, Yen, Yen]]:
    """Every further column that has a 決算 of its own: its heading, that amount, and the budget's."""
    names = {name_key(heading): heading for heading in line.columns}
    for heading, yen in line.columns.items():
        own = _FINAL.fullmatch(name_key(heading))
        if own:
            name = names.get(own[1], own[1])
            yield name, yen, line.columns.get(name, Yen(0))


def other(tables: Tables, project: str) -> Yen:
    """その他の収支 of a 事業 in yen: what came in beyond the budget and lowers what members owe.

    Income but 負担金収入 (利子, 取崩収入, 繰越金 …) less its budget, which the members' amounts rest on
    already; less what 特定財源 決算 and the like take off by themselves, and less what went into the
    reserve (積立金等) beyond the budget.
    """
    key = name_key(project)
    income = (
        (final_of(line) or 0) - line.amount
        for line in tables.income
        if name_key(line.project) == key and line.subject != CONTRIBUTION
    )
    own = [line for line in tables.budget if name_key(line.project) == key]
    columns = (
        final - budget
        for line in own
        if line.category != RESERVES
        for _, final, budget in _replaced(line)
    )
    kept = ((final_of(x) or 0) - (x.amount or 0) for x in own if x.category == RESERVES)
    return Yen(total(income) - total(columns) - total(kept))


def rules(book: RuleBook) -> RuleBook:
    """The rules without 平準化: it says what the budget of the year is, and not what was spent."""
    return replace(book, files=tuple(replace(f, expenses=_unsmoothed(f)) for f in book.files))


def _unsmoothed(file: RuleFile) -> tuple[Expense, ...]:
    return tuple(replace(e, smoothing=None) for e in file.expenses)


def settlements(tables: Tables, book: RuleBook, findings: Findings) -> dict[str, Settlement]:
    """■精算 of each 事業, by folded name: that of its own file, or of 共通; each missing one is told."""
    found: dict[str, Settlement] = {}
    for key in dict.fromkeys(name_key(line.project) for line in tables.charged):
        file = book.by_project.get(key)
        files = book.scope(file).files if file else ()
        said = next((f.settlement for f in files if f.settlement), None)
        if said:
            found[key] = said
        elif file:
            findings.add(
                tell(
                    "W892",
                    file.source,
                    project=file.project.text,
                    file=file.source.file,
                    ways="、".join(WAYS),
                )
            )
    return found
