"""Drafts (案): files that hold only what differs, laid over the rules and tables of a year in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple, TypeVar

from apportion.core.model import BudgetLine, FigureColumn, Roster, Tables
from apportion.core.problem import Findings, Source, tell
from apportion.core.text import decode, fold, name_key
from apportion.core.year import FiscalYear
from apportion.outcome.workspace import Workspace, vocabulary
from apportion.rules import read
from apportion.rules.book import COMMON, Defaults, Expense, RuleBook, RuleFile, stem
from apportion.rules.read.blocks import ALL_OTHERS
from apportion.rules.read.file import in_head, project_of
from apportion.rules.read.scan import Heading, Item, rows
from apportion.tables import figures, roster
from apportion.tables.amounts import AMOUNT, claim_amounts, read_amounts
from apportion.tables.files import parsed
from apportion.tables.register import Directory
from apportion.tables.table import MEMO, Table

RULES, BUDGET, ROSTER, FIGURES = "規則", "予算", "名簿", "基礎数値"
"""What a draft is of."""
NOTHING = "なし"
"""Value of a line that takes a rule away: `上限: なし`."""
_REMOVABLE = {"上限", "下限", "対象", "差し引く", "団体別加減"}


class DraftFile(NamedTuple):
    """A draft: what it is of, the name of its file (or of what was typed), and its bytes."""

    of: str
    name: str
    data: bytes


def laid_over(workspace: Workspace, drafts: Iterable[DraftFile], findings: Findings) -> Workspace:
    """The workspace with drafts over it, in their order; what is wrong with them goes to findings.

    検算 of the year are about its amounts: none of them is asked of a draft.
    """
    assert workspace.tables is not None
    book = RuleBook(tuple(unasserted(file) for file in workspace.book.files))
    made = replace(workspace, book=book)
    for draft in drafts:
        made = _LAYERS[draft.of](made, draft, findings)
    return made


def unasserted(file: RuleFile) -> RuleFile:
    """A rule file without its 検算."""
    return replace(file, expenses=tuple(replace(e, assertions=()) for e in file.expenses))


# --- rules ----------------------------------------------------------------------------------------


class _Removed(NamedTuple):
    """What a line of a draft takes away: its key, and of which 経費 (None: of the head)."""

    lines: frozenset[str] | None
    key: str


def _with_rules(workspace: Workspace, draft: DraftFile, findings: Findings) -> Workspace:
    assert workspace.tables is not None
    decoded = decode(draft.data)
    text = decoded.text if decoded else ""
    names = replace(vocabulary(workspace.tables), draft=True)
    project = name_key(project_of(text))
    for file in workspace.book.files:
        if name_key(file.project.text) in {COMMON, project}:
            names = read.with_common(names, file)
    data = _without(text).encode() if decoded else draft.data
    rules, problems = read.read(draft.name, data, names)
    findings.extend(problems)
    if rules is None:
        return workspace
    if year_of(draft.data) and rules.year != workspace.year.code:
        label = workspace.year.label
        findings.add(tell("W421", rules.year_source, year=label, new=label))
    rules = replace(rules, year=workspace.year.code)
    return replace(workspace, book=_merged(workspace.book, rules, tuple(_removed(text, rules))))


def _removed(text: str, draft: RuleFile) -> Iterator[_Removed]:
    """Lines that take something away, each with the 経費 of its block."""
    blocks = {expense.source.line: expense for expense in draft.expenses}
    lines: frozenset[str] | None = None
    for number, row in enumerate(rows("", text), start=1):
        if isinstance(row, Heading):
            lines = _names(blocks[number]) if number in blocks else frozenset()
        elif isinstance(row, Item) and _takes_away(row):
            yield _Removed(lines, name_key(row.key.text))


def _names(expense: Expense) -> frozenset[str]:
    return frozenset(name_key(name.text) for name in expense.names) or frozenset({ALL_OTHERS})


def _takes_away(row: Item) -> bool:
    return fold(row.value.text).strip() == NOTHING and name_key(row.key.text) in _REMOVABLE


def _without(text: str) -> str:
    """The text with an empty line for each that takes something away: places stay true."""
    lines = text.split("\n")
    for number, row in enumerate(rows("", text)):
        if isinstance(row, Item) and _takes_away(row):
            lines[number] = ""
    return "\n".join(lines)


def _merged(book: RuleBook, draft: RuleFile, removed: tuple[_Removed, ...]) -> RuleBook:
    key = name_key(draft.project.text)
    if all(name_key(file.project.text) != key for file in book.files):
        return RuleBook((*book.files, draft), unread=book.unread)
    files = tuple(
        _over(file, draft, removed) if name_key(file.project.text) == key else file
        for file in book.files
    )
    return RuleBook(files, unread=book.unread)


N = TypeVar("N")


def _over(file: RuleFile, draft: RuleFile, removed: tuple[_Removed, ...]) -> RuleFile:
    """A rule file with what the draft says in place of what it said."""
    head = _defaults_over(file.head, draft.head)
    expenses = _expenses_over(file.expenses, draft.expenses)
    return replace(
        file,
        head=_taken_away_from_head(head, removed),
        account=draft.account or file.account,
        due_rounding=draft.due_rounding or file.due_rounding,
        holiday=draft.holiday or file.holiday,
        expenses=tuple(_taken_away(expense, removed) for expense in expenses),
        bases=_blocks_over(file.bases, draft.bases, lambda b: stem(b.name.text)),
        tiers=_blocks_over(file.tiers, draft.tiers, lambda b: stem(b.name.text)),
        coefficients=_blocks_over(
            file.coefficients, draft.coefficients, lambda b: stem(b.name.text)
        ),
        groups=_blocks_over(file.groups, draft.groups, lambda b: name_key(b.name.text)),
        invoice={**file.invoice, **draft.invoice},
        settlement=draft.settlement or file.settlement,
        marks=(*file.marks, *draft.marks),
    )


def _blocks_over(
    before: tuple[N, ...], draft: tuple[N, ...], key: Callable[[N], str]
) -> tuple[N, ...]:
    return tuple(({key(block): block for block in before} | {key(b): b for b in draft}).values())


def _defaults_over(before: Defaults, draft: Defaults) -> Defaults:
    bounds = [
        bound
        for upper in (True, False)
        for bound in (
            [b for b in draft.bounds if b.upper is upper]
            or [b for b in before.bounds if b.upper is upper]
        )
    ]
    aliases = {stem(bind.alias.text) for bind in draft.binds}
    kept = tuple(bind for bind in before.binds if stem(bind.alias.text) not in aliases)
    return Defaults(
        roster=draft.roster or before.roster,
        legal=draft.legal or before.legal,
        notes=draft.notes or before.notes,
        binds=(*draft.binds, *kept),
        rounding=draft.rounding or before.rounding,
        proration=draft.proration or before.proration,
        dues=draft.dues or before.dues,
        bounds=tuple(bounds),
    )


def _expenses_over(before: tuple[Expense, ...], draft: tuple[Expense, ...]) -> tuple[Expense, ...]:
    """Blocks of a draft over those that rule the same 経費; others keep their blocks."""
    made = list(before)
    for expense in draft:
        for key in [name_key(name.text) for name in expense.names] or [""]:
            names = tuple(name for name in expense.names if name_key(name.text) == key)
            old = next((e for e in made if _rules(e, key)), None)
            rest = next((e for e in made if not e.names), None)
            new = _expense_over(old or rest, replace(expense, names=names))
            at = made.index(old) if old else len(made)
            made[at : at + 1] = [new, *_others(old, key)]
    return tuple(made)


def _rules(expense: Expense, key: str) -> bool:
    """Whether a block names a 経費; without a key, whether it is that of all others."""
    return not expense.names if not key else any(name_key(n.text) == key for n in expense.names)


def _others(old: Expense | None, key: str) -> list[Expense]:
    """The old block for the other 経費 that it names."""
    if old is None or not key:
        return []
    left = tuple(name for name in old.names if name_key(name.text) != key)
    return [replace(old, names=left)] if left else []


def _expense_over(before: Expense | None, draft: Expense) -> Expense:
    if before is None:
        return draft
    return replace(
        draft,
        clauses=draft.clauses or before.clauses,
        own=_defaults_over(before.own, draft.own),
        base=draft.base or before.base,
        deducts=draft.deducts or before.deducts,
        adjusts=draft.adjusts or before.adjusts,
        smoothing=draft.smoothing or before.smoothing,
        former_names=draft.former_names or before.former_names,
        tax=draft.tax if draft.taxed else before.tax,
        source=draft.source if draft.clauses else before.source,
    )


def _taken_away(expense: Expense, removed: tuple[_Removed, ...]) -> Expense:
    keys = {taken.key for taken in removed if taken.lines and _names(expense) & taken.lines}
    if not keys:
        return expense
    return replace(
        expense,
        own=_without_bounds(expense.own, keys),
        base=None if "対象" in keys else expense.base,
        deducts=() if "差し引く" in keys else expense.deducts,
        adjusts=() if "団体別加減" in keys else expense.adjusts,
    )


def _taken_away_from_head(head: Defaults, removed: tuple[_Removed, ...]) -> Defaults:
    return _without_bounds(head, {taken.key for taken in removed if taken.lines is None})


def _without_bounds(own: Defaults, keys: set[str]) -> Defaults:
    kept = tuple(b for b in own.bounds if ("上限" if b.upper else "下限") not in keys)
    return replace(own, bounds=kept)


# --- tables ---------------------------------------------------------------------------------------


def _opened(draft: DraftFile, findings: Findings) -> Table | None:
    grid = parsed(draft.name, draft.data, findings)
    return None if grid is None else Table(grid, findings)


def _with_budget(workspace: Workspace, draft: DraftFile, findings: Findings) -> Workspace:
    """Rows of a draft by 事業 and 経費: their amounts instead of those of the budget, or new lines."""
    assert workspace.tables is not None
    table = _opened(draft, findings)
    if table is None or not table.need("事業", "経費"):
        return workspace
    table.allow("区分", "項", MEMO)
    money = claim_amounts(table)
    if money is None:
        return workspace
    table.report_unknown(["区分", "事業", "項", "経費", AMOUNT])
    lines = {line.key: line for line in workspace.tables.budget}
    for row in table.rows():
        project, name = row.name("事業"), row.name("経費")
        if project is None or name is None:
            continue
        amounts = read_amounts(row, money)
        key = (name_key(project), name_key(name))
        old = lines.get(key) or _new_line(workspace.tables, project, name, row.text("区分"))
        lines[key] = replace(
            old,
            amount=old.amount if amounts.amount is None else amounts.amount,
            columns={**old.columns, **amounts.columns},
            cells={**old.cells, **amounts.cells},
            parts=() if amounts.amount is not None else old.parts,
            source=amounts.source,
        )
    return _tables(workspace, budget=tuple(lines.values()))


def _new_line(tables: Tables, project: str, name: str, category: str) -> BudgetLine:
    known = (line for line in tables.charged if name_key(line.project) == name_key(project))
    like = next(known, None)
    return BudgetLine(
        category=category or (like.category if like else ""),
        project=like.project if like else project,
        path=(),
        name=name,
        amount=None,
        source=Source(),
    )


def _with_roster(workspace: Workspace, draft: DraftFile, findings: Findings) -> Workspace:
    """Rows of a draft: each body named in it takes part as its cells say (blank: it does not)."""
    tables = workspace.tables
    assert tables is not None
    table = _opened(draft, findings)
    directory = Directory(tables.members, frozenset())
    found = roster.read(table, directory, workspace.year) if table else None
    if table is None or found is None:
        return workspace
    listed = _listed(table, directory)
    made = {name_key(own.name): own for own in tables.rosters}
    for own in found:
        old = made.get(name_key(own.name))
        kept = {c: e for c, e in (old.entries if old else {}).items() if c not in listed}
        made[name_key(own.name)] = Roster(
            name=own.name, entries={**kept, **own.entries}, source=(old or own).source
        )
    return _tables(workspace, rosters=tuple(made.values()))


def _with_figures(workspace: Workspace, draft: DraftFile, findings: Findings) -> Workspace:
    """Cells of a draft that are not blank, instead of those of the same column; or new columns."""
    tables = workspace.tables
    assert tables is not None
    table = _opened(draft, findings)
    found = figures.read(table, Directory(tables.members, frozenset())) if table else None
    if found is None:
        return workspace
    made = {_column_key(column): column for column in tables.figures}
    for own in found:
        old = made.get(_column_key(own))
        if old and old.unit != own.unit:
            findings.add(
                tell("W905.unit", own.source, column=own.name, unit=own.unit, wanted=old.unit)
            )
            continue
        values: Mapping[str, Fraction] = {**(old.values if old else {}), **own.values}
        cells = {**(old.cells if old else {}), **{c: own.cells[c] for c in own.values}}
        made[_column_key(own)] = replace(old or own, values=values, cells=cells)
    return _tables(workspace, figures=tuple(made.values()))


def _column_key(column: FigureColumn) -> tuple[str, str]:
    return name_key(column.name), column.as_of


def _listed(table: Table, directory: Directory) -> frozenset[str]:
    quiet = Table(table.grid, Findings())
    quiet.need("団体コード", "団体名")
    members = (directory.find(row) for row in quiet.rows())
    return frozenset(member.code for member in members if member)


def _tables(workspace: Workspace, **changed: object) -> Workspace:
    assert workspace.tables is not None
    return replace(workspace, tables=replace(workspace.tables, **changed))  # type: ignore[arg-type]


_LAYERS: Mapping[str, Callable[[Workspace, DraftFile, Findings], Workspace]] = {
    RULES: _with_rules,
    BUDGET: _with_budget,
    ROSTER: _with_roster,
    FIGURES: _with_figures,
}


def year_of(data: bytes) -> FiscalYear | None:
    """The year that the head of a rule draft names."""
    decoded = decode(data)
    return FiscalYear.parse(in_head(decoded.text, "年度")) if decoded else None
