"""From tables and rules to one `Case` per budget line; everything that is wrong becomes a finding."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from apportion.allocate.base import BaseRule, clash, is_whole, part_of_year
from apportion.allocate.case import Case, Participant
from apportion.allocate.columns import Columns, LastYear
from apportion.allocate.limits import Limits, rest_rule
from apportion.allocate.parts import Parts, Splitter, is_unit_price
from apportion.allocate.who import Circle
from apportion.allocate.worth import Worth
from apportion.core.model import Attendance, BudgetLine, Member, Roster, Tables, Yen
from apportion.core.problem import Findings
from apportion.core.text import name_key, near
from apportion.core.year import FiscalYear
from apportion.rules.book import Defaults, Expense, RuleBook, RuleFile, Scope
from apportion.rules.nodes import Name, Proration

Pair = tuple[BudgetLine, RuleFile, Expense | None]


def assign(tables: Tables, book: RuleBook, findings: Findings) -> Iterator[Pair]:
    """Every charged line with its file and block (None: 0円 without a rule), in budget order."""
    by_project: dict[str, list[BudgetLine]] = {}
    for line in tables.charged:
        by_project.setdefault(name_key(line.project), []).append(line)
    _unused_files(book, by_project, tables, findings)
    for key, lines in by_project.items():
        file = book.by_project.get(key)
        if file is None:
            _no_file(lines[0], book, findings)
            continue
        yield from _of_file(file, lines, findings)


def _of_file(file: RuleFile, lines: list[BudgetLine], findings: Findings) -> Iterator[Pair]:
    named = _named(file, lines, findings)
    rest = next((expense for expense in file.expenses if not expense.names), None)
    if rest is not None and all(name_key(line.name) in named for line in lines):
        findings.add(
            "W406",
            rest.source,
            "「ほかの経費すべて」に当たる経費が残っていません。",
            why=f"「{file.project.text}」の経費は、すべてほかの■経費に書いてあります。",
            fix="この■経費を消してください。",
        )
    for line in lines:
        expense = named.get(name_key(line.name))
        if expense is None and file.unread:
            findings.follow()  # its ■経費 may be the one whose heading could not be read
            continue
        expense = expense or rest
        if expense is None and line.amount != 0:
            _no_rule(line, file, findings)
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
    close = near(name.text, known)
    findings.add(
        "W404",
        name.source,
        f"「{name.text}」という経費は、予算（budget）の「{file.project.text}」にありません。",
        why=f"予算にある経費: {'、'.join(known)}",
        fix=f"次の行に直してください: {name.source.mended(close)}"
        if close
        else "予算の経費の名前をそのまま書くか、この■経費を消してください。",
    )


def _no_rule(line: BudgetLine, file: RuleFile, findings: Findings) -> None:
    findings.add(
        "W403",
        line.cells.get("経費", line.source),
        f"「{line.project}」の「{line.name}」に、負担のきまりがありません。",
        why=f"{file.source.file} のどの■経費にも書いてありません。",
        fix=f"{file.source.file} に「■経費 {line.name}」と「負担割合: 均等割」のような2行を足してください。",
    )


def _no_file(line: BudgetLine, book: RuleBook, findings: Findings) -> None:
    if book.unread or not book.files:
        findings.follow()  # its file may be the one that could not be read
        return
    close = near(line.project, [file.project.text for file in book.files])
    findings.add(
        "W401",
        line.cells.get("事業", line.source),
        f"「{line.project}」の規則ファイルがありません。",
        why="予算にある事業には、規則ファイルが一つずつ要ります。",
        fix=f"「{close}」の規則ファイルがそれなら、次の行に直してください: 事業: {line.project}"
        if close
        else f"規則ファイルを作り、先頭に次の行を書いてください: 事業: {line.project}",
    )


def _unused_files(
    book: RuleBook, by_project: dict[str, list[BudgetLine]], tables: Tables, findings: Findings
) -> None:
    for key, file in book.by_project.items():
        if key not in by_project:
            known = dict.fromkeys(line.project for line in tables.charged)
            close = near(file.project.text, known)
            findings.add(
                "W402",
                file.project.source,
                f"「{file.project.text}」という事業は予算（budget）にありません。",
                why=f"予算にある事業: {'、'.join(known)}",
                fix=f"次の行に直してください: {file.project.source.mended(close)}"
                if close
                else "予算に事業を足すか、このファイルをほかへ移してください。",
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
        empty = Case(
            line=line,
            file=file,
            expense=expense,
            participants=ground.participants,
            base=Yen(0),
            parts=(),
            rounding=scope.rounding(expense),
        )
        return self._shared(empty, ground) if line.amount != 0 else empty

    def _shared(self, case: Case, ground: Ground) -> Case:
        """The case with its base and parts."""
        line, expense, circle, words = case.line, case.expense, ground.circle, ground.words
        unit_price = is_unit_price(expense.clauses)
        members = tuple(p.member for p in case.participants)
        base = BaseRule(line, expense, words, self.findings).base(members, unit_price=unit_price)
        last_year = LastYear(self.tables, line.project)
        limits = Limits(
            circle,
            base.shared,
            case.rounding.unit,
            lambda member: last_year.of_line(member, line, expense.former_names),
        )
        return replace(
            case,
            base=base.shared,
            excluded=base.excluded,
            adjustments=base.adjustments,
            parts=Parts(circle, words, ground.splitter, base.shared).of(expense),
            bounds=tuple(limits.use(bound) for bound in expense.own.bounds),
            rest=rest_rule(case.rounding, circle, words, self.tables.rotation.get(line.key, "")),
            unit_price=unit_price,
        )

    def _ground(
        self, line: BudgetLine, file: RuleFile, expense: Expense, scope: Scope
    ) -> Ground | None:
        if id(expense) in self._grounds:
            return self._grounds[id(expense)]
        participants = self._participants(line, file, expense, scope)
        if participants is None:
            return None
        circle = Circle(participants, self.tables, scope, self.findings)
        columns = Columns(self.tables, scope.binds(expense), scope, self.year, self.findings)
        words = Worth(scope, columns, circle, [p.member for p in participants], self.findings)
        proration = scope.proration(expense)
        splitter = Splitter(circle, words, carry=proration is not None and proration.carry)
        ground = Ground(participants, circle, words, splitter)
        self._grounds[id(expense)] = ground
        return ground

    def _participants(
        self, line: BudgetLine, file: RuleFile, expense: Expense, scope: Scope
    ) -> tuple[Participant, ...] | None:
        name = expense.own.roster or file.head.roster or Name(line.project, file.project.source)
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
            "W861",
            next(iter(dated.values())).source,
            f"合併した{together}の期間が重なるので、{names}の日付は計算に使えません。",
            why=f"合併した団体は{heir.name}が引き継ぎ、基礎数値を足して、一つの団体として計算します。"
            "同じ日に二つの団体としては数えません。",
            fix=f"{names}のます目を「○」にしてください（{heir.name}が、年度を通して全部の分を負担します。"
            "ほかの団体への影響は、お知らせ W860 に出ます）。",
        )

    def _part(self, entry: Attendance, rule: Proration | None, name: str) -> Fraction | None:
        if is_whole(entry, self.year):
            return Fraction(1)
        if rule is None:
            self.findings.add(
                "W324",
                entry.source,
                f"{name}は年度の途中で参加・脱退しますが、途中参加のきまりがありません。",
                why="月割にするか、全額にするかで金額が変わるため、規則に書かないと計算しません。",
                fix="途中参加: 月割（参加した月を含む）、減った分は他の団体で負担",
            )
            return None
        return part_of_year(entry, self.year, rule)

    def _roster(self, name: Name) -> Roster | None:
        roster = self.tables.roster_by_name.get(name_key(name.text))
        if roster is None:
            known = [found.name for found in self.tables.rosters]
            close = near(name.text, known)
            self.findings.add(
                "W325",
                name.source,
                f"「{name.text}」という名簿の列がありません。",
                why=f"名簿（roster）にある列: {'、'.join(known)}",
                fix=f"名簿: {close or known[0] if known else '（名簿に列を足してください）'}",
            )
        return roster
