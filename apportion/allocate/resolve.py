"""From tables and rules to one `Case` per budget line; everything that is wrong becomes a finding."""

from collections.abc import Iterator
from dataclasses import field, replace
from fractions import Fraction

from apportion.allocate.base import BaseRule, clash, is_whole, part_of_year
from apportion.allocate.case import Case, Participant
from apportion.allocate.columns import Figures, LastYear, NamedFigures, OwnLine
from apportion.allocate.engine import exact_by_position
from apportion.allocate.limits import Limits, nested, rest_rule
from apportion.allocate.parts import Parts, Splitter, is_unit_price
from apportion.allocate.who import Circle
from apportion.allocate.worth import Worth
from apportion.core.dataclass import dataclass
from apportion.core.model import Attendance, BudgetLine, Member, Roster, Tables, Yen
from apportion.core.problem import Findings, tell
from apportion.core.sums import grouped
from apportion.core.text import likely, name_key, near, some
from apportion.core.year import FiscalYear
from apportion.rules.book import Defaults, Expense, RuleBook, RuleFile, Scope
from apportion.rules.nodes import Name, Proration

_FEW = 2
"""Up to so many 事業 without a file are told one by one."""
Pair = tuple[BudgetLine, RuleFile, Expense | None]


def assign(tables: Tables, book: RuleBook, findings: Findings) -> Iterator[Pair]:
    """Every charged line with its file and block (None: 0円 without a rule), in budget order."""
    by_project = grouped((name_key(line.project), line) for line in tables.charged)
    _unused_files(book, by_project, tables, findings)
    _no_files(
        [own[0] for key, own in by_project.items() if key not in book.by_project], book, findings
    )
    for key, lines in by_project.items():
        if file := book.by_project.get(key):
            yield from _of_file(file, lines, findings)


def _of_file(file: RuleFile, lines: list[BudgetLine], findings: Findings) -> Iterator[Pair]:
    named = _named(file, lines, findings)
    rest = next((expense for expense in file.expenses if not expense.names), None)
    if rest is not None and all(name_key(line.name) in named for line in lines):
        findings.add(tell("W406", rest.source, project=file.project.text))
    for line in lines:
        expense = named.get(name_key(line.name))
        if expense is None and file.unread:
            findings.follow()  # its ■経費 may be the one whose heading could not be read
            continue
        expense = expense or rest
        if expense is None and line.amount != 0:
            findings.add(
                tell(
                    "W403",
                    line.cells.get("経費", line.source),
                    project=line.project,
                    line=line.name,
                    file=file.source.file,
                )
            )
            continue
        yield line, file, expense


def _named(file: RuleFile, lines: list[BudgetLine], findings: Findings) -> dict[str, Expense]:
    known = {name_key(line.name): line.name for line in lines}
    found: dict[str, Expense] = {}
    for expense in file.expenses:
        for name in expense.names:
            key = name_key(name.text)
            if key not in known:
                _no_line(name, file, list(known.values()), findings)
            else:
                found[key] = expense
    return found


def _no_line(name: Name, file: RuleFile, known: list[str], findings: Findings) -> None:
    close = near(name.text, known) if findings.room("W404") else None
    findings.add(
        tell(
            "W404.near" if close else "W404",
            name.source,
            name=name.text,
            project=file.project.text,
            known=some(known),
            new=close,
        )
    )


def _no_files(lines: list[BudgetLine], book: RuleBook, findings: Findings) -> None:
    """事業 without a rule file; many of them are told as one, as files that were deleted together."""
    if lines and (book.unread or not book.files):
        findings.follow()  # its file may be the one that could not be read
    elif len(lines) > _FEW:
        names = some([line.project for line in lines])
        findings.add(tell("W401.several", lines[0].source, count=len(lines), names=names))
    else:
        for line in lines:
            _no_file(line, book, findings)


def _no_file(line: BudgetLine, book: RuleBook, findings: Findings) -> None:
    known = (file.project.text for file in book.files)
    close = near(line.project, known) if findings.room("W401") else None
    findings.add(
        tell(
            "W401.near" if close else "W401",
            line.cells.get("事業", line.source),
            project=line.project,
            close=close,
        )
    )


def _unused_files(
    book: RuleBook, by_project: dict[str, list[BudgetLine]], tables: Tables, findings: Findings
) -> None:
    for key, file in book.by_project.items():
        if key not in by_project:
            known = dict.fromkeys(line.project for line in tables.charged)
            close = near(file.project.text, known) if findings.room("W402") else None
            findings.add(
                tell(
                    "W402.near" if close else "W402",
                    file.project.source,
                    project=file.project.text,
                    known=some(known),
                    new=close,
                )
            )


@dataclass(frozen=True, slots=True)
class Ground:
    """What the lines of one ■経費 have in common: who takes part, and what words are worth there."""

    participants: tuple[Participant, ...]
    circle: Circle
    words: Worth
    splitter: Splitter


@dataclass(frozen=True, slots=True)
class Resolver:
    """Makes cases from the tables and the rule book of a year; what is wrong goes to findings."""

    year: FiscalYear
    tables: Tables
    book: RuleBook
    findings: Findings
    _grounds: dict[int, Ground] = field(default_factory=dict)

    def case(self, line: BudgetLine, file: RuleFile, expense: Expense | None) -> Case | None:
        """Case of one line; None where nobody is known to take part."""
        scope = self.book.scope(file)
        if expense is None:  # a line of 0円 needs no rule: everybody in the roster owes 0
            expense = Expense(names=(), clauses=(), own=Defaults(), source=file.source)
        ground = self._ground(line, file, expense, scope)
        if ground is None:
            return None
        return self.on(ground, line, file, expense)

    def on(self, ground: Ground, line: BudgetLine, file: RuleFile, expense: Expense) -> Case:
        """Case of one line on a ground."""
        empty = Case(
            line=line,
            file=file,
            expense=expense,
            participants=ground.participants,
            base=Yen(0),
            parts=(),
            rounding=self.book.scope(file).rounding(expense),
        )
        return self._shared(empty, ground) if line.amount != 0 else empty

    def ground(
        self, scope: Scope, participants: tuple[Participant, ...], columns: Figures, *, carry: bool
    ) -> Ground:
        """What those that take part share out by; `carry`: what proration takes off stays open."""
        circle = Circle(participants, self.tables, scope, self.findings)
        words = Worth(scope, columns, circle, [p.member for p in participants], self.findings)
        return Ground(participants, circle, words, Splitter(circle, words, carry=carry))

    def _shared(self, case: Case, ground: Ground) -> Case:
        """The case with its base and parts."""
        line, expense, circle, words = case.line, case.expense, ground.circle, ground.words
        unit_price = is_unit_price(expense.clauses)
        members = tuple(p.member for p in case.participants)
        base = BaseRule(line, expense, words, self.findings).base(members, unit_price=unit_price)
        last_year = LastYear(self.tables, line.project)
        made = replace(
            case,
            base=base.shared,
            excluded=base.excluded,
            adjustments=base.adjustments,
            parts=Parts(circle, words, ground.splitter, base.shared).of(expense),
            unit_price=unit_price,
        )
        limits = Limits(
            circle,
            base.shared,
            case.rounding.unit,
            lambda member: last_year.of_line(member, line, expense.former_names),
            exact_by_position(made.parts, made.size) if expense.own.bounds else (),
            words,
        )
        made = replace(
            made,
            bounds=nested([limits.use(bound) for bound in expense.own.bounds]),
            rest=rest_rule(case.rounding, circle, words, self.tables.rotation.get(line.key, "")),
        )
        return replace(made, figures=words.columns.used)

    def _ground(
        self, line: BudgetLine, file: RuleFile, expense: Expense, scope: Scope
    ) -> Ground | None:
        known = self._grounds.get(id(expense))
        if known is not None and not known.words.columns.rests_on_line:
            return known
        participants = self._participants(line, file, expense, scope)
        if participants is None:
            return None
        own = OwnLine(self.tables, line, line, expense.former_names)
        binds = scope.binds(expense)
        columns = NamedFigures(self.tables, binds, scope, self.year, self.findings, own)
        proration = scope.proration(expense)
        carry = proration is not None and proration.carry
        ground = self.ground(scope, participants, columns, carry=carry)
        self._grounds[id(expense)] = ground
        return ground

    def _participants(
        self, line: BudgetLine, file: RuleFile, expense: Expense, scope: Scope
    ) -> tuple[Participant, ...] | None:
        name = scope.roster(expense) or Name(line.project, file.project.source)
        roster = self._roster(name)
        if roster is None:
            return None
        rule = scope.proration(expense)
        merged: dict[str, dict[str, Attendance]] = {}
        for code, entry in sorted(roster.entries.items()):
            merged.setdefault(self.tables.heir(code).code, {})[code] = entry
        found = (
            self._participant(self.tables.by_code[code], merged[code], rule)
            for code in sorted(merged)
        )
        return tuple(participant for participant in found if participant is not None)

    def _participant(
        self, member: Member, bodies: dict[str, Attendance], rule: Proration | None
    ) -> Participant | None:
        """Bodies of one merger are one participant: its year is theirs put together."""
        entries = list(bodies.values())
        if clash(entries, self.year):
            self._overlap(member, bodies)
            return None
        parts = [self._part(entry, rule, member.name) for entry in entries]
        known = [part for part in parts if part is not None]
        if not known:
            return None
        part = min(sum(known, Fraction(0)), Fraction(1))
        return Participant(member=member, attendance=entries[-1], part=part)

    def _overlap(self, heir: Member, bodies: dict[str, Attendance]) -> None:
        dated = {c: entry for c, entry in bodies.items() if not is_whole(entry, self.year)}
        names = "、".join(self.tables.by_code[code].name for code in dated)
        together = "と".join(self.tables.by_code[code].name for code in bodies)
        self.findings.add(
            tell(
                "W861",
                next(iter(dated.values())).source,
                together=together,
                names=names,
                heir=heir.name,
            )
        )

    def _part(self, entry: Attendance, rule: Proration | None, name: str) -> Fraction | None:
        if is_whole(entry, self.year):
            return Fraction(1)
        if rule is None:
            self.findings.add(tell("W324", entry.source, name=name))
            return None
        return part_of_year(entry, self.year, rule)

    def _roster(self, name: Name) -> Roster | None:
        roster = self.tables.roster_by_name.get(name_key(name.text))
        if roster is None:
            known = [found.name for found in self.tables.rosters]
            close = likely(name.text, known)
            # Without 名簿 the column has the name of the 事業: its line says something else.
            named = close and "名簿" in name.source.text
            self.findings.add(
                tell(
                    "W325.near" if named else "W325",
                    name.source,
                    name=name.text,
                    known=some(known),
                    new=close,
                )
            )
        return roster
