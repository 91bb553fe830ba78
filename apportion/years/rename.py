"""`rename`: another name for a 経費 in the rules and tables of all years, with every amount as before.

A sealed year keeps the name that its papers have; the year after it says 旧名 instead. The new files are
computed beside the old ones: where anything else would change, nothing is written.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, InputError, Problem, Source, tell
from apportion.core.text import decode, likely, name_key
from apportion.core.written import HISTORY
from apportion.core.year import FiscalYear
from apportion.outcome.computation import examine_year
from apportion.outcome.issued import Issues
from apportion.outcome.rewriting import years
from apportion.outcome.workspace import Workspace, load, rule_texts
from apportion.rules import spell
from apportion.rules.book import Expense, RuleFile
from apportion.rules.nodes import Name
from apportion.tables.edit import Changes, Replacement, changed, encoded
from apportion.tables.files import TableForm, open_table

PROJECT, LINE = "事業", "経費"
_TABLES = ("rules/{year}/budget", "rules/{year}/names", "members/{year}/rotation")
_PREVIOUS = "members/{year}/previous"
_ROSTER = "members/{year}/roster"


class NewName(NamedTuple):
    """New files, what changes in each, and the sealed years that keep the old name."""

    files: tuple[Replacement, ...]
    told: tuple[str, ...]
    sealed: tuple[FiscalYear, ...]


class AskedName(NamedTuple):
    """A 経費 of one 事業 (folded; None: the only one that has it), its name and the new one."""

    old: str
    new: str
    project: str | None = None


def proposed(root: Path, asked: AskedName) -> NewName:
    """What a new name changes. Raises `InputError` where it cannot be given."""
    own = _Years(root, asked)
    own.judge()
    made = {file: count for year in own.open for file, count in own.of_year(year)}
    if problems := own.compared(tuple(made)):
        raise InputError(problems)
    told = (
        f"{file.path.relative_to(root).as_posix()}: {count}か所" for file, count in made.items()
    )
    return NewName(tuple(made), tuple(told), own.sealed)


@dataclass(frozen=True)
class _Years:
    """All years of a workspace with their tables and rules, and what was asked."""

    root: Path
    asked: AskedName

    @cached_property
    def all(self) -> dict[FiscalYear, Workspace]:
        """Every year as it is read; raises `InputError` where the tables of one cannot be."""
        found = {year: load(self.root, year) for year in years(self.root)}
        for workspace in found.values():
            if workspace.tables is None:
                raise InputError(workspace.problems)
        return found

    @cached_property
    def sealed(self) -> tuple[FiscalYear, ...]:
        """Years with bills that hold, which name the 経費 as before."""
        named = [year for year in self.all if self.old in self._lines(year)]
        return tuple(year for year in named if _is_sealed(self.root, year))

    @property
    def open(self) -> tuple[FiscalYear, ...]:
        """The other years."""
        return tuple(year for year in self.all if year not in self.sealed)

    @property
    def old(self) -> str:
        """The name, folded."""
        return name_key(self.asked.old)

    @cached_property
    def project(self) -> str:
        """The 事業 that has the 経費, folded; raises `InputError` where none or several have it."""
        named = [pair for year in self.all for pair in self._named(year)]
        wanted = self.asked.project and name_key(self.asked.project)
        having = {project for project, line in named if line == self.old}
        chosen = sorted(key for key in having if wanted in {None, key})
        if len(chosen) == 1:
            return chosen[0]
        old, where = self.asked.old, Source()
        if chosen:
            raise InputError((tell("W935.several", where, old=old, projects="、".join(chosen)),))
        close = likely(old, {line for _, line in named})
        unknown = tell("W935.near", where, old=old, near=close) if close else None
        raise InputError((unknown or tell("W935", where, old=old),))

    def judge(self) -> None:
        """Raise `InputError` where the name cannot be given."""
        new, where = name_key(self.asked.new), Source()
        if not new or new == self.old:
            raise InputError((tell("W935.same", where, new=self.asked.new),))
        both = {self.old, new}
        taken = next((year for year in self.open if both <= self._lines(year)), None)
        if taken is not None:
            raise InputError((tell("W935.taken", where, new=self.asked.new, year=taken.label),))
        if not any(self.old in self._lines(year) for year in self.open):
            raise InputError((tell("W935.sealed", where, old=self.asked.old),))

    def of_year(self, year: FiscalYear) -> Iterator[tuple[Replacement, int]]:
        """Files of a year with the new name, and at how many places it goes in."""
        texts, kept = rule_texts(self.root, year, Findings()), year + -1 in self.sealed
        roster = self._has_roster(year)
        for file in self.all[year].book.files:
            names = list(self._names(file, roster=roster, former=not kept))
            if names:
                data = self._renamed(texts[file.source.file], file, names, say_former=kept)
                yield self._replacement(file.source.file, data), len(names)
        for path in (*_TABLES, *(() if kept else (_PREVIOUS,)), *((_ROSTER,) if roster else ())):
            yield from self._table(path, year)

    def compared(self, files: Sequence[Replacement]) -> tuple[Problem, ...]:
        """What a year would say or charge otherwise; empty where all is as before."""
        with tempfile.TemporaryDirectory() as folder:
            beside = Path(folder)
            for name in ("rules", "members"):
                skip = shutil.ignore_patterns(HISTORY)
                shutil.copytree(self.root / name, beside / name, ignore=skip)
            for file in files:
                (beside / file.path.relative_to(self.root)).write_bytes(file.data)
            return tuple(
                tell("W935.changes", Source(), year=year.label, new=self.asked.new)
                for year in self.open
                if self._said(self.root, year) != self._said(beside, year)
            )

    def _said(self, root: Path, year: FiscalYear) -> tuple[object, ...]:
        """Every amount by body, and what is told, of a year; the 経費 by its new name."""
        done = examine_year(root, year, None, Issues.of(self.root, year))
        keys = {(self.project, self.old): (self.project, name_key(self.asked.new))}
        charges = {
            (keys.get(c.line.key, c.line.key), c.member.code): c.yen
            for result in done.results
            if result
            for c in result.charges()
        }
        return charges, Counter(problem.code for problem in done.problems)

    def _lines(self, year: FiscalYear) -> set[str]:
        """Folded names of the 経費 of the 事業, in the budget and in the rules."""
        return {line for project, line in self._named(year) if project == self.project}

    def _named(self, year: FiscalYear) -> Iterator[tuple[str, str]]:
        workspace = self.all[year]
        assert workspace.tables is not None
        yield from (line.key for line in workspace.tables.budget)
        for file in workspace.book.files:
            key = name_key(file.project.text)
            yield from ((key, name_key(n.text)) for e in file.expenses for n in e.names)

    def _has_roster(self, year: FiscalYear) -> bool:
        """Whether a 名簿 bears the name of the 経費, and serves no other."""
        tables, users = self.all[year].tables, []
        for file in self.all[year].book.files:
            said = [(e.own.roster, e) for e in file.expenses] + [(file.head.roster, None)]
            users += [(file, e) for name, e in said if name and name_key(name.text) == self.old]
        own = all(self._is_project(f) and e and self._only(e) for f, e in users)
        return bool(tables and users and own and self.old in tables.roster_by_name)

    def _is_project(self, file: RuleFile) -> bool:
        return name_key(file.project.text) == self.project

    def _only(self, expense: Expense) -> bool:
        return _keys(expense.names) == [self.old]

    def _names(self, file: RuleFile, *, roster: bool, former: bool) -> Iterator[Name]:
        """Where a rule file names the 経費: in ■経費, in 旧名 of another year's name, as its 名簿."""
        if not self._is_project(file):
            return
        for expense in file.expenses:
            places = [*expense.names, *(expense.former_names if former else ())]
            places += [expense.own.roster] if roster and expense.own.roster else []
            yield from (name for name in places if name_key(name.text) == self.old)

    def _renamed(
        self, data: bytes, file: RuleFile, names: Sequence[Name], *, say_former: bool
    ) -> bytes:
        decoded = decode(data)
        assert decoded is not None
        lines = decoded.text.split("\n")
        for name in sorted(names, key=lambda n: (n.source.line, n.source.column), reverse=True):
            source, line = name.source, lines[name.source.line - 1]
            start, end = source.column - 1, source.column - 1 + source.length
            lines[source.line - 1] = line[:start] + self._spelled(line[:start]) + line[end:]
        for expense in file.expenses if say_former else ():
            if self.old in _keys(expense.names):
                if not self._only(expense):
                    raise InputError((tell("W935.shared", expense.source, old=self.asked.old),))
                said = f"旧名: {spell.bare(_quoted(self.asked.old), spell.IN_A_LIST)}"
                lines[expense.source.line - 1] += f"\n{said}"
        own = set(self._own_names(file))
        kept = (line for number, line in enumerate(lines, start=1) if number not in own)
        return encoded("\n".join(kept), decoded)

    def _own_names(self, file: RuleFile) -> Iterator[int]:
        """Lines 旧名 of a block that has the new name already, which would repeat it."""
        for expense in file.expenses:
            former = [name for name in expense.former_names if name_key(name.text) == self.old]
            places = Counter(name.source.line for name in expense.former_names)
            if former and name_key(self.asked.new) in _keys(expense.names):
                yield from (n.source.line for n in former if places[n.source.line] == 1)

    def _spelled(self, before: str) -> str:
        """The new name, in 「」 where it needs them and none stand there."""
        quoted = _quoted(self.asked.new)
        return quoted[1:-1] if before.endswith("「") else spell.bare(quoted, spell.IN_A_LIST)

    def _table(self, path: str, year: FiscalYear) -> Iterator[tuple[Replacement, int]]:
        table = open_table(self.root, TableForm("", path, "", optional=True), year, Findings())
        if table is None:
            return
        table.allow(PROJECT, LINE)
        cells = [h for h in table.grid.headings if path == _ROSTER and name_key(h.text) == self.old]
        if path != _ROSTER and {PROJECT, LINE} <= table.columns.keys():
            named = ((row.cell(PROJECT), row.cell(LINE)) for row in table.rows())
            keys = (self.project, self.old)
            cells = [c for p, c in named if (name_key(p.text), name_key(c.text)) == keys]
        if cells:
            file = self.root / table.grid.file
            new = {(cell.row, cell.column): self.asked.new for cell in cells}
            changes = Changes(heading=table.grid.headings[0].row, cells=new)
            data = changed(file.suffix, file.read_bytes(), changes)
            yield self._replacement(table.grid.file, data), len(cells)

    def _replacement(self, name: str, data: bytes) -> Replacement:
        return Replacement(path=self.root / name, former=self.root / name, data=data)


def _is_sealed(root: Path, year: FiscalYear) -> bool:
    return bool(Issues.of(root, year).standing())


def _keys(names: Sequence[Name]) -> list[str]:
    return [name_key(name.text) for name in names]


def _quoted(text: str) -> str:
    return spell.name(Name(text, Source()))
