"""What an import would write, and writing it: the former files are kept."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, InputError, Problem, Source, grave, tell
from apportion.core.text import name_key
from apportion.core.year import FiscalYear, revises
from apportion.imports.budget import completeness, document, estimates, joining, reading
from apportion.imports.budget.document import DocumentLine
from apportion.imports.budget.draft import FOLDER, DraftedError, drafted
from apportion.imports.budget.estimates import CONTRIBUTIONS, EstimateDocument, Refusal
from apportion.imports.budget.headings import carries_budget
from apportion.imports.budget.joining import BudgetRow
from apportion.imports.budget.reading import BudgetDocument
from apportion.imports.budget.words import YEARS, AmountColumn, BudgetNode, loose_key, spot
from apportion.outcome.rewriting import years
from apportion.outputs.taken import take_in
from apportion.tables import budget
from apportion.tables.cells import MONEY, measure, plain, yen
from apportion.tables.edit import Replacement, new_csv
from apportion.tables.files import TableForm, open_table
from apportion.tables.grid import Cell, CellKind, Grid
from apportion.tables.table import MEMO, REMARK

Amounts = Mapping[str, int | None]
"""Yen by column (予算額, 前年度予算額) that the document gives for a line; None where unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A budget file: its headings in the order of the shipped ones, and that of the finest name."""

    title: str
    path: str
    name: str
    texts: tuple[str, ...]
    unit: str


SPENDING = Shape(
    title="支出の部", path="budget", name="経費", texts=("区分", "事業", "項", "経費"), unit="千円"
)
INCOME = Shape(
    title="収入の部", path="income", name="科目", texts=("区分", "事業", "科目"), unit="円"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of one line: `was` and `now` are cells by heading, empty where there is none."""

    project: str
    name: str
    was: Mapping[str, str]
    now: Mapping[str, str]

    @property
    def differing(self) -> tuple[str, ...]:
        """Headings under which something changes."""
        return tuple(head for head, text in self.now.items() if self.was.get(head, "") != text)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedBudget:
    """A new file: headings and rows, with the change of every line, also of those that go."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    changes: tuple[Change, ...]


def merged(
    shape: Shape, grid: Grid | None, entries: Sequence[BudgetRow], given: Sequence[Amounts]
) -> MergedBudget:
    """The file that `entries` make of the present one (None: there is none).

    Lines that a 補正 made stay below: the document of the first budget cannot have them.
    """
    units = _units(shape, grid, given)
    headings = _headings(shape, grid, units)
    present = dict(_present(shape, grid)) if grid else {}
    changes = []
    for entry, amounts in zip(entries, given, strict=True):
        was = present.pop(entry.key, {})
        now = was | _texts(shape, entry, was) | _money(amounts, units, was)
        changes.append(Change(project=entry.project, name=entry.name, was=was, now=now))
    left = [(was, was if _made_later(was) else {}) for was in present.values()]
    changes += [
        Change(project=was.get("事業", ""), name=was.get(shape.name, ""), was=was, now=now)
        for was, now in left
    ]
    stays = [change.now for change in changes if change.now]
    rows = tuple(tuple(now.get(head, "") for head in headings) for now in stays)
    return MergedBudget(headings=headings, rows=rows, changes=tuple(changes))


def _made_later(row: Mapping[str, str]) -> bool:
    """Whether a line has an amount of a 補正 and none of the first budget."""
    amounts = {
        name_key(head).partition("(")[0]: text for head, text in row.items() if text.strip("0,. ")
    }
    return AmountColumn.NOW.value not in amounts and any(map(revises, amounts))


def _units(shape: Shape, grid: Grid | None, given: Sequence[Amounts]) -> dict[str, tuple[str, str]]:
    """Heading and unit of each column that the document fills, as the present file has them."""
    wanted = dict.fromkeys(name for amounts in given for name in amounts)
    units = {name: (f"{name}（{shape.unit}）", shape.unit) for name in wanted}
    for head in grid.headings if grid else ():
        found = measure(head)
        if found and found.is_money and name_key(found.name) in units:
            units[name_key(found.name)] = (head.text, found.unit)
    return units


def _headings(
    shape: Shape, grid: Grid | None, units: Mapping[str, tuple[str, str]]
) -> tuple[str, ...]:
    """Headings of the present file, then those that it lacks; the remark stays last."""
    amounts = [heading for heading, _ in units.values()]
    if grid is None:
        return (*shape.texts, *amounts, REMARK)
    own = [_known(cell, shape) for cell in grid.headings]
    lacking = [head for head in (*shape.texts, *amounts) if head not in own]
    place = own.index(REMARK) if REMARK in own else len(own)
    return (*own[:place], *lacking, *own[place:])


def _known(cell: Cell, shape: Shape) -> str:
    """A heading in our spelling where it is one of ours, else as it stands."""
    ours = {name_key(text): text for text in (*shape.texts, REMARK)}
    return ours.get(name_key(cell.text), cell.text)


def _present(shape: Shape, grid: Grid) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """Rows of the present file by folded (事業, name); of two of one name the first is kept."""
    heads = [_known(cell, shape) for cell in grid.headings]
    for row in reversed(grid.rows):
        cells = {head: cell.text for head, cell in zip(heads, row, strict=False) if head}
        yield (name_key(cells.get("事業", "")), name_key(cells.get(shape.name, ""))), cells


def _texts(shape: Shape, entry: BudgetRow, was: Mapping[str, str]) -> dict[str, str]:
    """Names of a line, in the present spelling where only that differs, and its remark."""
    new = {
        "区分": entry.category,
        "事業": entry.project,
        "項": "／".join(entry.path),
        shape.name: entry.name,
    }
    kept = {head: _kept(new[head], was.get(head, "")) for head in shape.texts}
    # Where somebody keeps a 覚え書き, the remark of the document has been dealt with.
    remark = was.get(REMARK) or ("" if was.get(MEMO) else entry.remark)
    return {**kept, REMARK: remark}


def _kept(new: str, old: str) -> str:
    return old if name_key(old) == name_key(new) else new


def _money(
    amounts: Amounts, units: Mapping[str, tuple[str, str]], was: Mapping[str, str]
) -> dict[str, str]:
    """Amounts in the unit of their column; one that does not change keeps its spelling."""
    found = {}
    for name, value in amounts.items():
        heading, unit = units[name]
        old = was.get(heading, "")
        same = bool(old) and yen(Cell(old, CellKind.PLAIN, 1, 1), unit) == value
        found[heading] = old if same else _written(value, unit)
    return found


def _written(value: int | None, unit: str) -> str:
    return "" if value is None else plain(Fraction(value, MONEY[unit])).replace("-", "△")


_SHORTEST = 8
"""A remark of fewer signs (運用保守) is no mark of one line."""


def compare(root: Path, found: BudgetDocument, year: FiscalYear, findings: Findings) -> None:
    """Tell remarks of the document that another year has at the row above or below."""
    rows = [node for root in found.spending.blocks[0] for node in root.walk()]
    others = dict(_others(root, {year, found.year}))
    for upper, lower in pairwise(rows):
        for row, neighbour in ((upper, lower), (lower, upper)):
            if len(row.remark) < _SHORTEST:
                continue
            agreeing = _places(row.remark, row, neighbour, others)
            differing = _places(row.remark, neighbour, row, others)
            # The document and those that agree with it are not the odd ones where they are more.
            if len(differing) > len(agreeing):
                findings.add(
                    tell(
                        "W828",
                        row.source,
                        remark=row.remark,
                        row=row.name,
                        place=differing[0],
                        other=neighbour.name,
                    )
                )


def _places(
    remark: str, row: BudgetNode, neighbour: BudgetNode, others: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Where the remark stands at `row`, and not at its neighbour as well."""
    here, beside = loose_key(row.name), loose_key(neighbour.name)
    return [
        place
        for place, notes in others.items()
        if remark in notes.get(here, "") and remark not in notes.get(beside, "")
    ]


def _others(root: Path, but: set[FiscalYear]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Remarks of each other year by folded name of 経費 and of the 項 above it."""
    for year in years(root):
        table = None if year in but else open_table(root, budget.FORM, year, Findings())
        lines = budget.read(table) if table else None
        notes: dict[str, str] = {}
        for line in lines or ():
            for name in {line.name, *line.path[-1:]}:
                notes[loose_key(name)] = notes.get(loose_key(name), "") + line.note + line.memo
        if table and notes:
            yield table.grid.file, notes


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetFile:
    """One budget file to be: `present` is the file that it follows, None where there is none."""

    shape: Shape
    path: Path
    present: Path | None
    merged: MergedBudget
    total: int

    @property
    def changes(self) -> tuple[Change, ...]:
        """Lines that are new, go or change."""
        found = self.merged.changes
        return tuple(change for change in found if not change.now or change.differing)

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return self.present is None or bool(self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetProposal:
    """What the document says of `year`; `problems` hold no error. Totals are in 円."""

    root: Path
    year: FiscalYear
    document: FiscalYear
    sheets: tuple[BudgetFile, ...]
    problems: tuple[Problem, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return any(sheet.differs for sheet in self.sheets)


def propose(root: Path, file: Path, year: FiscalYear) -> BudgetProposal:
    """Read the document and compare it with the files of `year`; nothing is written.

    Raises `InputError` where a figure cannot be placed, does not add up, or a file cannot be read.
    """
    findings = Findings()
    lines = document.read(file, findings)
    found = _found(root, lines, year, file.name, findings) if lines else None
    called = joining.read(root, year, findings)
    sheets: list[BudgetFile] = []
    if found:
        for shape, entries, part in (
            (SPENDING, tuple(found.budget(called)), found.spending),
            (INCOME, tuple(found.receipts(called)), found.income),
        ):
            completeness.judge(entries, part, Source(file=file.name), findings)
            sheets += _sheet(root, shape, _of_year(entries, found.year, year), year, findings)
        if all(change.now.get(INCOME.name) != CONTRIBUTIONS for change in _changes(sheets)):
            findings.add(tell("W817", Source(file=file.name)))
        called.report_unused(findings)
    elif not grave(findings.problems):
        findings.add(tell("W802", Source(file=file.name)))
    if found is None or grave(findings.problems):
        raise InputError(_shortened(findings.problems))
    return BudgetProposal(
        root=root,
        year=year,
        document=found.year,
        sheets=tuple(sheets),
        problems=findings.problems,
    )


def _shortened(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Problems, of which figures without a place are told once where there are many."""
    unplaced = [problem for problem in problems if problem.code == "W807"]
    if len(unplaced) <= _EACH:
        return tuple(problems)
    rest = unplaced[_EACH:]
    where = _spots([problem.source for problem in rest])
    told = tell("W807.more", rest[0].source, count=len(rest), where=where)
    return (*(problem for problem in problems if problem not in rest), told)


def _spots(places: Sequence[Source]) -> str:
    """The first places, and how many more there are."""
    more = f" ほか{len(places) - _PLACES}か所" if len(places) > _PLACES else ""
    return "、".join(map(spot, places[:_PLACES])) + more


def _changes(sheets: Sequence[BudgetFile]) -> Iterator[Change]:
    return (change for sheet in sheets for change in sheet.merged.changes)


def _found(
    root: Path,
    lines: Sequence[DocumentLine],
    year: FiscalYear,
    name: str,
    findings: Findings,
) -> BudgetDocument | EstimateDocument | None:
    """The document, read as the form that it says it is of, and judged.

    Raises `DraftedError` where it is of none, or cannot be read as its own.
    """
    if estimates.is_estimate(lines):
        estimate = estimates.read(lines, year, name, findings)
        if isinstance(estimate, Refusal):
            if not estimate.mend:
                raise InputError((tell("W815.revised", estimate.places[0], code=year.code),))
            raise _drafted(root, lines, year, name, estimate)
        if estimate:
            estimates.judge(estimate, findings)
        return estimate
    if not any(carries_budget(line) for line in lines):
        raise _drafted(root, lines, year, name, None)
    found = reading.read(lines, year, name, findings)
    if found:
        reading.judge(found, findings)
        compare(root, found, year, findings)
    return found


def _drafted(
    root: Path,
    lines: Sequence[DocumentLine],
    year: FiscalYear,
    name: str,
    refusal: Refusal | None,
) -> DraftedError:
    """The one message about a document that is not read, with what was found in it."""
    whole = Source(file=name)
    draft = drafted(root, lines, year)
    folder, code, count = f"{FOLDER}/{year.code}", year.code, draft.count
    if refusal is None:
        told = tell("W815.unknown", whole, folder=folder, code=code, count=count)
        return DraftedError((told,), draft)
    told = tell(
        "W815",
        next(iter(refusal.places), whole),
        reason=refusal.reason,
        where=_spots(refusal.places) or "文書の全体",
        mend=refusal.mend,
        folder=folder,
        code=code,
        count=count,
    )
    return DraftedError((told,), draft)


_EACH, _PLACES = 3, 8
"""Problems of one kind that are told each, and places that one of them names."""


def write(proposal: BudgetProposal) -> Path | None:
    """Write what differs; the folder in which the former files are kept, None where there were none.

    Raises `OutputError` where the disk or an open workbook forbids it; then all is as before.
    """
    return take_in(
        proposal.root,
        "import budget",
        [
            Replacement(
                path=sheet.path,
                former=sheet.present,
                data=new_csv([sheet.merged.headings, *sheet.merged.rows]),
            )
            for sheet in proposal.sheets
            if sheet.differs
        ],
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Entries with the amounts, by column of the file, that the asked year takes from them."""

    entries: tuple[BudgetRow, ...]
    amounts: tuple[Mapping[str, int | None], ...]


def _of_year(entries: Sequence[BudgetRow], document: FiscalYear, year: FiscalYear) -> _Wanted:
    """The document's own year has both columns; the year before has the one of comparison."""
    if document == year:
        return _Wanted(
            tuple(entries),
            tuple({column.value: e.yen[column] for column in YEARS} for e in entries),
        )
    by = f"{document.label}の文書の比較欄（{year.label}）による"
    moved = tuple(
        BudgetRow(
            category=e.category,
            project=e.project,
            path=e.path,
            name=e.name,
            yen=e.yen,
            remark=by,
            source=e.source,
        )
        for e in entries
    )
    return _Wanted(
        moved, tuple({AmountColumn.NOW.value: e.yen[AmountColumn.BEFORE]} for e in entries)
    )


def _sheet(
    root: Path, shape: Shape, wanted: _Wanted, year: FiscalYear, findings: Findings
) -> list[BudgetFile]:
    _report(wanted, year, findings)
    form = TableForm(
        shape.title, f"rules/{{year}}/{shape.path}", ",".join(shape.texts), optional=True
    )
    table = open_table(root, form, year, findings)
    grid = table.grid if table else None
    if grid is not None and not _has_names(grid, shape):
        findings.add(tell("W829", Source(file=grid.file), name=grid.file))
        return []
    return [
        BudgetFile(
            shape=shape,
            path=root / "rules" / year.code / f"{shape.path}.csv",
            present=root / grid.file if grid else None,
            merged=merged(shape, grid, wanted.entries, wanted.amounts),
            total=sum(amounts[AmountColumn.NOW.value] or 0 for amounts in wanted.amounts),
        )
    ]


def _report(wanted: _Wanted, year: FiscalYear, findings: Findings) -> None:
    """Tell lines of one name, and lines without an amount."""
    seen: set[tuple[str, str]] = set()
    for entry, amounts in zip(wanted.entries, wanted.amounts, strict=True):
        if entry.key in seen:
            findings.add(tell("W811", entry.source, project=entry.project, name=entry.name))
        seen.add(entry.key)
        if amounts[AmountColumn.NOW.value] is None:
            findings.add(tell("W812", entry.source, name=entry.name, year=year.label))


def _has_names(grid: Grid, shape: Shape) -> bool:
    keys = {name_key(cell.text) for cell in grid.headings}
    return {"事業", shape.name} <= keys
