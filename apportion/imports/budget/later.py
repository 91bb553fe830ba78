"""Papers that come after the budget: 補正 (補正前の額, 補正額, 計) and 決算 (予算現額, 決算額).

Each row must be one of the tables of the year, begin with the amount that it has there, and add up;
what it brings goes into a column of the tables. All else is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from enum import Enum
from fractions import Fraction
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.model import BudgetLine, IncomeLine, Tables
from apportion.core.problem import Findings, InputError, Source, tell
from apportion.core.text import name_key
from apportion.core.year import Case, Edition, FiscalYear, act_name
from apportion.imports.budget import document
from apportion.imports.budget.document import DocumentLine
from apportion.imports.budget.estimate_tables import is_total, section_in, unnumbered
from apportion.imports.budget.headings import DocumentPart, unit_row, year_of
from apportion.imports.budget.words import UNITS, figure, is_figure, is_numbering, squeezed, unit_in
from apportion.outcome.settled import FINAL
from apportion.outcome.workspace import load
from apportion.outputs.taken import take_in
from apportion.tables import budget, income
from apportion.tables.cells import MONEY, measure
from apportion.tables.edit import Added, Changes, Replacement, Value, changed
from apportion.tables.files import TableForm, open_table
from apportion.tables.revision import case_before, editions, last, revised
from apportion.tables.table import Table


class LaterColumn(Enum):
    """Amounts of such a paper."""

    BEFORE = "補正前の額（予算現額）"
    CHANGE = "補正額"
    AFTER = "計"
    FINAL = "決算額"


_HEADS = {
    LaterColumn.BEFORE: re.compile(
        r"補正前(?:の?額|予算額)?|既[定決](?:予算)?額|(?:現計)?予算(?:現|総)?額"
    ),
    LaterColumn.CHANGE: re.compile(r"(?:今回)?補正(?:予算)?額"),
    LaterColumn.AFTER: re.compile(r"計|合計|補正後(?:の?額|予算額)?"),
    LaterColumn.FINAL: re.compile(r"決算額?|(?:支出|収入)済額"),
}
_PASSED = re.compile(
    r"差引(?:額|残額)?|不用額|収入未済額|調定額|比較(?:増減)?|増減額?|予算残額|翌年度繰越額|執行率|(?:収入|収納)率|備考|説明|摘要"
)
_UNIT = re.compile(rf"\(?(?:単位:?)?({UNITS})\)?$")
_LETTERS = re.compile(r"\(?[A-Z](?:[-+][A-Z])*\)?$")
AMENDED = (LaterColumn.BEFORE, LaterColumn.CHANGE, LaterColumn.AFTER)
CLOSED = (LaterColumn.BEFORE, LaterColumn.FINAL)


@dataclass(frozen=True, kw_only=True)
class LaterRow:
    """A row of a paper: its names from the outermost, and its yen."""

    part: DocumentPart
    names: tuple[str, ...]
    yen: Mapping[LaterColumn, int]
    source: Source


@dataclass(kw_only=True)
class _PaperReader:
    """Where the reading of a paper stands: part, unit, columns of the table, names above."""

    wanted: Sequence[LaterColumn]
    findings: Findings
    part: DocumentPart | None = None
    unit: str | None = None
    columns: dict[int, LaterColumn] = field(default_factory=dict)
    first: int = 0
    above: dict[int, str] = field(default_factory=dict)
    rows: list[LaterRow] = field(default_factory=list)

    def read(self, line: DocumentLine) -> None:
        """One line."""
        self.unit = unit_in(line.text) or self.unit
        if part := section_in(line):
            self.part, self.columns = part, {}
        elif self._is_head(line):
            self._begin(line)
        elif own := unit_row(line):
            self.unit = own
        elif self.columns and line.is_row and line.text:
            self._row(line)

    def _is_head(self, line: DocumentLine) -> bool:
        found = {_column(cell.text) for cell in line.cells}
        return line.is_row and set(self.wanted) <= found

    def _begin(self, line: DocumentLine) -> None:
        named = {place: _column(cell.text) for place, cell in enumerate(line.cells)}
        self.columns = {p: found for p, found in named.items() if found and found in self.wanted}
        self.first, self.above = min(self.columns), {}
        units = [m[1] for cell in line.cells if (m := _UNIT.search(squeezed(cell.text)))]
        self.unit = units[0] if units else self.unit
        if self.part is None:
            self.findings.add(tell("W849.part", line.whole))
        if self.unit is None:
            self.findings.add(tell("W849.unit", line.whole))
        if len(set(self.columns.values())) < len(self.columns) or len(set(units)) > 1:
            self.findings.add(tell("W849.twice", line.whole))
        for place, cell in enumerate(line.cells):
            known = place < self.first or named[place] or _PASSED.fullmatch(_bare(cell.text))
            if cell.text and not known:
                self.findings.add(tell("W849.column", line.at(cell), column=cell.text))

    def _row(self, line: DocumentLine) -> None:
        own, yen = dict(self._names(line)), dict(self._amounts(line))
        if own:
            self.above = {p: t for p, t in self.above.items() if p < min(own)} | own
        if not yen:
            return
        if self.part is None or not own or len(yen) < len(self.columns):
            self.findings.add(tell("W849.part_row", line.whole))
            return
        named = tuple(self.above[place] for place in sorted(self.above))
        self.rows.append(LaterRow(part=self.part, names=named, yen=yen, source=line.whole))

    def _names(self, line: DocumentLine) -> Iterator[tuple[int, str]]:
        """Names by place, without their numbers; a larger number among them is an amount."""
        for place, cell in enumerate(line.cells[: self.first]):
            if is_numbering(cell.text):
                continue
            if cell.text and is_figure(cell.text):
                self.findings.add(tell("W849.column", line.at(cell), column=cell.text))
            elif name := unnumbered(cell.text):
                yield place, name

    def _amounts(self, line: DocumentLine) -> Iterator[tuple[LaterColumn, int]]:
        for place, column in self.columns.items():
            cell = line.cells[place] if place < len(line.cells) else None
            found = figure(cell.text, self.unit or "円", Source()) if cell and cell.text else None
            if found:
                yield column, found.yen
            elif cell and cell.text:
                self.findings.add(tell("W849.number", line.at(cell), text=cell.text))


def _bare(text: str) -> str:
    return _LETTERS.sub("", _UNIT.sub("", squeezed(text)))


def _column(text: str) -> LaterColumn | None:
    bare = _bare(text)
    return next((column for column, head in _HEADS.items() if head.fullmatch(bare)), None)


Key = tuple[str, str]
"""Folded 事業 and 経費 or 科目."""
Line = BudgetLine | IncomeLine


@dataclass(frozen=True, kw_only=True)
class LaterTable:
    """What goes into one table: yen by line, and the bytes that it has then."""

    path: Path
    title: str
    lines: Mapping[str, int]
    data: bytes
    former: bytes

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return self.data != self.former


@dataclass(frozen=True, kw_only=True)
class LaterProposal:
    """What a paper brings for a year."""

    root: Path
    column: str
    tables: tuple[LaterTable, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return any(table.differs for table in self.tables)


def propose(root: Path, file: Path, year: FiscalYear, case: Case) -> LaterProposal:
    """Read a paper of a 補正, or of 精算, and compare it with the tables; nothing is written.

    Raises `InputError` with everything that does not agree.
    """
    findings = Findings()
    reader = _PaperReader(
        wanted=AMENDED if isinstance(case, Edition) else CLOSED, findings=findings
    )
    paper = document.read(file, findings)
    _is_meant(paper, file, year, case, findings)
    for line in paper:
        reader.read(line)
    if not reader.rows and not findings.problems:
        wanted = "、".join(column.value for column in reader.wanted)
        findings.add(tell("W849", Source(file=file.name), wanted=wanted))
    findings.stop()
    tables = _before(root, year, case, findings)
    findings.stop()
    column = case.column if isinstance(case, Edition) else FINAL
    parts: tuple[tuple[DocumentPart, TableForm, Sequence[Line]], ...] = (
        (DocumentPart.SPENDING, budget.FORM, tables.budget),
        (DocumentPart.INCOME, income.FORM, tables.income),
    )
    brought = [
        (form, _judged([r for r in reader.rows if r.part is part], lines, reader.wanted, findings))
        for part, form, lines in parts
    ]
    findings.stop()
    opened = [(open_table(root, form, year, Findings()), form, yen) for form, yen in brought if yen]
    found = [_table(root, table, form, column, yen) for table, form, yen in opened if table]
    return LaterProposal(root=root, column=column, tables=tuple(found))


_NUMBER = re.compile(r"補正予算\(?第([0-9]+)号")


def _is_meant(
    lines: Sequence[DocumentLine], file: Path, year: FiscalYear, case: Case, findings: Findings
) -> None:
    """That the paper is not of another year or another 補正."""
    said = year_of(lines)
    if said and said != year:
        findings.add(tell("W849.year", Source(file=file.name), said=said.label, year=year.label))
    for line in lines:
        number = _NUMBER.search(squeezed(line.text))
        if number and str(case) != f"補正{int(number[1])}":
            act = act_name(case)
            findings.add(tell("W849.act", line.whole, said=number[0], act=act))
            return


def _before(root: Path, year: FiscalYear, case: Case, findings: Findings) -> Tables:
    """The tables as they are before the act, with all that came before it."""
    workspace = load(root, year)
    tables = workspace.tables
    if tables is None:
        raise InputError(workspace.problems)
    former = last(tables)
    if isinstance(case, Edition):
        former = case_before(tables, case) if case in editions(tables) else former
    return (revised(tables, former, findings) if former else None) or tables


def _judged(
    rows: Sequence[LaterRow],
    lines: Sequence[Line],
    wanted: Sequence[LaterColumn],
    findings: Findings,
) -> dict[Key, int]:
    """Yen of each line that the paper has; all its sums are proved."""
    leaves: list[tuple[LaterRow, Line]] = []
    sums: list[tuple[LaterRow, list[Line]]] = []
    for row in rows:
        _closes(row, findings)
        own = _lines_of(row, lines)
        if is_total(row.names[-1]):
            sums.append((row, list(lines)))
        elif len(own) == 1 and _name(own[0]) == name_key(row.names[-1]):
            leaves.append((row, own[0]))
        elif own and all(_name(line) != name_key(row.names[-1]) for line in own):
            sums.append((row, own))
        else:
            _unmatched(row, len(own), findings)
    for row, own in sums:
        _adds_up(row, own, leaves, wanted, findings)
    found: dict[Key, int] = {}
    for row, line in leaves:
        _agrees(row, line, findings)
        if _key(line) in found:
            findings.add(tell("W849.again", row.source, name=row.names[-1]))
        found[_key(line)] = row.yen[wanted[1]]
    return found


def _unmatched(row: LaterRow, count: int, findings: Findings) -> None:
    name = row.names[-1]
    findings.add(
        tell("W849.many", row.source, name=name, count=count)
        if count
        else tell("W849.row", row.source, name=name)
    )


def _name(line: Line) -> str:
    return name_key(line.name if isinstance(line, BudgetLine) else line.subject)


def _key(line: Line) -> Key:
    return name_key(line.project), _name(line)


def _above(line: Line) -> set[str]:
    """Folded names that may stand above a line."""
    path = line.path if isinstance(line, BudgetLine) else ()
    return {name_key(name) for name in (line.category, line.project, *path) if name}


def _lines_of(row: LaterRow, lines: Sequence[Line]) -> list[Line]:
    """Lines that bear the innermost name, as their own or above it; of several those below the outer names."""
    name, outer = name_key(row.names[-1]), {name_key(text) for text in row.names[:-1]}
    own = [line for line in lines if _name(line) == name]
    found = own or [line for line in lines if name in _above(line)]
    known = {text for line in lines for text in _above(line)} & outer
    return [line for line in found if known <= _above(line)] if own and known else found


def _closes(row: LaterRow, findings: Findings) -> None:
    yen = row.yen
    if LaterColumn.CHANGE not in yen:
        return
    before, change, after = (yen[column] for column in AMENDED)
    if before + change != after:
        findings.add(tell("W849.sum", row.source, before=before, change=change, after=after))


def _agrees(row: LaterRow, line: Line, findings: Findings) -> None:
    """That the paper begins with what the table has."""
    before = row.yen[LaterColumn.BEFORE]
    if line.amount != before:
        place = line.source.place()
        findings.add(
            tell(
                "W849.before",
                row.source,
                name=row.names[-1],
                paper=before,
                table=line.amount or 0,
                place=place,
            )
        )


def _adds_up(
    row: LaterRow,
    own: Sequence[Line],
    leaves: Sequence[tuple[LaterRow, Line]],
    wanted: Sequence[LaterColumn],
    findings: Findings,
) -> None:
    """A row above others: what it brings is the sum of them; before it, also with lines that stay."""
    keys = {_key(line) for line in own}
    below = [leaf for leaf, line in leaves if _key(line) in keys]
    brought = sum(leaf.yen[wanted[1]] for leaf in below)
    listed = sum(leaf.yen[LaterColumn.BEFORE] for leaf in below)
    whole = sum(line.amount or 0 for line in own)
    before = row.yen[LaterColumn.BEFORE]
    if row.yen[wanted[1]] != brought:
        findings.add(
            tell(
                "W849.total",
                row.source,
                column=wanted[1].value,
                paper=row.yen[wanted[1]],
                rows=brought,
            )
        )
    elif before not in (listed, whole):
        findings.add(
            tell("W849.total", row.source, column=wanted[0].value, paper=before, rows=listed)
        )


def _table(
    root: Path, table: Table, form: TableForm, column: str, yen: Mapping[Key, int]
) -> LaterTable:
    """The table with the column; a line that the paper does not name has 0 in it (決算額: nothing)."""
    finest = "経費" if form is budget.FORM else "科目"
    table.need("事業", finest)
    rows = {(name_key(row.text("事業")), name_key(row.text(finest))): row for row in table.rows()}
    path = root / table.grid.file
    changes = _changes(table, column, {rows[key].cell("事業").row: own for key, own in yen.items()})
    former = path.read_bytes()
    named = {key: f"{rows[key].text('事業')} {rows[key].text(finest)}".strip() for key in yen}
    return LaterTable(
        path=path,
        title=form.title,
        lines={named[key]: own for key, own in yen.items()},
        data=changed(path.suffix, former, changes),
        former=former,
    )


def _changes(table: Table, column: str, yen: Mapping[int, int]) -> Changes:
    heading = table.grid.headings[0].row
    for cell in table.grid.headings:
        found = measure(cell)
        if found and name_key(found.name) == name_key(column) and found.unit in MONEY:
            cells: dict[tuple[int, int], Value] = {
                (row, cell.column): Fraction(own, MONEY[found.unit]) for row, own in yen.items()
            }
            return Changes(heading=heading, cells=cells)
    values = {row: Fraction(own) for row, own in yen.items()}
    if column != FINAL:
        values = {row.cell("事業").row: Fraction(0) for row in table.rows()} | values
    return Changes(heading=heading, columns=(Added(heading=f"{column}（円）", values=values),))


def write(proposal: LaterProposal) -> Path | None:
    """Write what differs; the folder with the former tables. Raises `OutputError`."""
    new = [
        Replacement(path=table.path, former=table.path, data=table.data)
        for table in proposal.tables
        if table.differs
    ]
    return take_in(proposal.root, "import budget", new)
