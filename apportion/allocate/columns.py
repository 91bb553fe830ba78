"""Which column of 基礎数値 a name means, and what it says of a member."""

from collections.abc import Iterator, Sequence
from dataclasses import field
from fractions import Fraction
from typing import Protocol

from apportion.core.dataclass import dataclass
from apportion.core.mends import OR
from apportion.core.model import BudgetLine, FigureColumn, Member, PastCharge, Tables
from apportion.core.problem import Findings, Problem, Source, tell
from apportion.core.text import fold, likely, mark_in, name_key, some, why
from apportion.core.year import FiscalYear, parse_date
from apportion.rules.book import Bind, Scope, stem
from apportion.rules.nodes import EQUAL, Name


@dataclass(frozen=True, slots=True)
class LastYear:
    """Last year's charges of one 事業; none where there were none."""

    tables: Tables
    project: str

    def of_line(
        self, member: Member, line: BudgetLine, former_names: Sequence[Name] = ()
    ) -> tuple[PastCharge, ...]:
        """Charges of a member for a line, under its name of today or a former one (旧名)."""
        known = self.tables.previous or {}
        key = name_key(self.project)
        names = dict.fromkeys(name_key(n) for n in (line.name, *(f.text for f in former_names)))
        places = [(code, key, name) for code in self._codes(member) for name in names]
        return tuple(known[place] for place in places if place in known)

    def of_project(self, member: Member) -> tuple[PastCharge, ...]:
        """Charges of a member over the 事業."""
        codes, key = self._codes(member), name_key(self.project)
        return tuple(
            charge
            for (code, project, _), charge in (self.tables.previous or {}).items()
            if code in codes and project == key
        )

    def _codes(self, member: Member) -> tuple[str, ...]:
        return (member.code, *self.tables.former_bodies.get(member.code, ()))


BUDGET, PREVIOUS = "予算額", "前年度の負担金"
"""What a formula calls the budget of its own line, and last year's charge of the member."""


@dataclass(frozen=True, slots=True)
class OwnLine:
    """What of the line itself its formulas may use: 予算額 and its columns, 前年度の負担金.

    `line` has the name under which last year's charges stand, `money` the budget.
    """

    tables: Tables
    line: BudgetLine
    money: BudgetLine
    former_names: tuple[Name, ...]

    def column(self, key: str) -> FigureColumn | None:
        """A column as a table of figures would have it; None where the line has none of that name."""
        if key == PREVIOUS and self.tables.previous is not None:
            return self._last_year()
        amounts = {name_key(heading): yen for heading, yen in self.money.columns.items()}
        if self.money.amount is not None:
            amounts[BUDGET] = self.money.amount
        if key not in amounts:
            return None
        place = self.money.cells.get(key, self.money.source)
        codes = [code for code in self.tables.by_code if self.tables.heir(code).code == code]
        return FigureColumn(
            name=key,
            unit="円",
            as_of="",
            values=dict.fromkeys(codes, Fraction(amounts[key])),
            cells=dict.fromkeys(codes, place),
            shared=True,
            source=place,
        )

    def _last_year(self) -> FigureColumn:
        years = LastYear(self.tables, self.line.project)
        own = {
            member.code: charges
            for member in self.tables.members
            if self.tables.heir(member.code).code == member.code
            if (charges := years.of_line(member, self.line, self.former_names))
        }
        places = [charges[0].source for charges in own.values()]
        return FigureColumn(
            name=PREVIOUS,
            unit="円",
            as_of="",
            values={c: Fraction(sum(past.yen for past in charges)) for c, charges in own.items()},
            cells={code: charges[0].source for code, charges in own.items()},
            source=places[0] if places else self.line.source,
        )


class Figures(Protocol):
    """Where the figures of a 経費 come from."""

    @property
    def year(self) -> FiscalYear:
        """The year that they are used in."""

    def find(self, name: Name, wanted: str = "") -> FigureColumn | None:
        """Column that a name means; None after a finding, which offers those of the unit `wanted`."""

    def value(self, name: Name, member: Member) -> Fraction | None:
        """Figure of a member; None after a finding."""

    def places(self, name: Name, members: Sequence[Member]) -> tuple[Source, ...]:
        """Cell of each member's figure."""

    @property
    def used(self) -> tuple[tuple[str, FigureColumn], ...]:
        """Every column that was found so far, by folded name."""

    @property
    def rests_on_line(self) -> bool:
        """Whether something that was found is of one line alone."""


@dataclass(frozen=True)
class NamedFigures:
    """Figures as one 経費 names them: by 基礎数値, or by heading where only one column has the name."""

    tables: Tables
    binds: tuple[Bind, ...]
    scope: Scope
    year: FiscalYear
    findings: Findings
    own: OwnLine | None = None

    _found: dict[str, FigureColumn | None] = field(default_factory=dict)

    def find(self, name: Name, wanted: str = "") -> FigureColumn | None:
        """Column that a name (人口, 人口割) means; None after a finding, which offers those of a unit."""
        key = stem(name.text)
        if key not in self._found:
            bind = next((b for b in self.binds if stem(b.alias.text) == key), None)
            self._found[key] = self._bound(bind) if bind else self._by_heading(name, wanted)
        return self._found[key]

    @property
    def used(self) -> tuple[tuple[str, FigureColumn], ...]:
        """Every column that was found so far, by folded name."""
        return tuple((key, column) for key, column in self._found.items() if column)

    @property
    def rests_on_line(self) -> bool:
        """Whether something that was found is of one line alone."""
        known = {stem(column.name) for column in self.tables.figures}
        return any(stem(column.name) not in known for _, column in self.used)

    def _by_heading(self, name: Name, wanted: str) -> FigureColumn | None:
        named = [c for c in self.tables.figures if stem(c.name) == stem(name.text)]
        if len(named) == 1:
            return named[0]
        if not named and self.own and (own := self.own.column(stem(name.text))):
            return own
        if stem(name.text) == PREVIOUS:
            self.findings.add(tell("W515", name.source))
        elif named:
            self._several(name, named)
        else:
            self._unknown(name, wanted)
        return None

    def value(self, name: Name, member: Member) -> Fraction | None:
        """Figure of a member, its former bodies added up; a blank is a finding."""
        column = self.find(name)
        if column is None:
            return None
        codes = (member.code, *self.tables.former_bodies.get(member.code, ()))
        values = [column.values[code] for code in codes if code in column.values]
        if not values:
            self._blank(column, member)
            return None
        return values[0] if len(values) == 1 else sum(values, Fraction(0))

    def places(self, name: Name, members: Sequence[Member]) -> tuple[Source, ...]:
        """Cell of each member's figure (of its first former body, where it has none itself)."""
        column = self.find(name)
        if column is None or column.editions:
            return (column.source if column else Source(),) * len(members)
        former = self.tables.former_bodies
        bodies = ((m.code, *former.get(m.code, ())) for m in members)
        return tuple(
            next((column.cells[code] for code in codes if code in column.values), column.source)
            for codes in bodies
        )

    def _bound(self, bind: Bind) -> FigureColumn | None:
        named = [c for c in self.tables.figures if stem(c.name) == stem(bind.heading.text)]
        if bind.over:
            editions = [_edition(named, year.label, self.year) for year in bind.years]
            editions += [_edition(named, day.isoformat(), self.year) for day in bind.days]
            known = [column for column in editions if column is not None]
            if known and len(known) == len(editions):
                return over_years(bind, known)
        else:
            dated = [c for c in named if as_of(c.as_of, self.year) == as_of(bind.as_of, self.year)]
            if len(dated) == 1:
                return dated[0]
        self._no_edition(bind, named)
        return None

    def _no_edition(self, bind: Bind, named: list[FigureColumn]) -> None:
        if mark_in(bind.source.text):
            self.findings.follow()  # whether there is a newer column is what has to be decided
            return
        if self._column_left_out():
            return
        exist = some(f"{c.name}（{c.as_of}）" for c in named) or "（ありません）"
        self.findings.add(
            tell("W341", bind.source, heading=bind.heading.text, as_of=bind.as_of, exist=exist)
        )

    def _column_left_out(self) -> bool:
        """Whether a figures column without a unit was left out, perhaps the one that is missing."""
        left_out = any(
            problem.code == "W109" and "/figures." in problem.source.file
            for problem in self.findings.problems
        )
        if left_out:
            self.findings.follow()
        return left_out

    def _several(self, name: Name, named: list[FigureColumn]) -> None:
        dates = some(column.as_of for column in named)
        self.findings.add(
            tell(
                "W342",
                name.source,
                name=name.text,
                dates=dates,
                lines=OR.join(f"基礎数値: {c.name}（{c.as_of}）" for c in named),
            )
        )

    def _unknown(self, name: Name, wanted: str) -> None:
        if self.scope.doubtful(name.text):
            self.findings.follow()
            return
        if self._column_left_out():
            return
        self.findings.extend([unknown_basis(name, list(dict.fromkeys(self._words(wanted))))])

    def _words(self, wanted: str) -> Iterator[str]:
        """Names that can be used, without 割: all, or those whose values have the unit `wanted`."""
        if not wanted:
            yield stem(EQUAL)
        for bind in self.binds:
            units = {c.unit for c in self.tables.figures if stem(c.name) == stem(bind.heading.text)}
            if not wanted or wanted in units:
                yield bind.alias.text.removesuffix("割")
        yield from (key for key, own in self.scope.tables.items() if wanted in {"", own.unit})
        bound = {stem(bind.heading.text) for bind in self.binds}
        for column in self.tables.figures:
            if stem(column.name) not in bound and wanted in {"", column.unit}:
                yield column.name

    def _blank(self, column: FigureColumn, member: Member) -> None:
        if column.name == PREVIOUS:
            self.findings.add(tell("W344.previous", column.source, member=member.name))
            return
        cell = column.cells.get(member.code)
        if cell is None and self.findings.in_file(column.source.file):
            self.findings.follow()  # the row was left out because something else is wrong in it
            return
        self.findings.add(
            tell("W343", cell, member=member.name, column=column.name)
            if cell
            else tell("W344", column.source, member=member.name, code=member.code)
        )


def unknown_basis(name: Name, known: Sequence[str]) -> Problem:
    """A basis that nothing defines; `known` are those that can be used here, without 割.

    They are offered as the line has the name: with 割 in 負担割合, without it elsewhere.
    """
    ending = "割" if _is_share(name) else ""
    shown = f"{name.text.removesuffix('割')}{ending}"
    usable = [f"{word}{ending}" for word in known if ending or word != stem(EQUAL)]
    meant = likely(shown, usable)
    ranked = dict.fromkeys([*([meant] if meant else []), *usable])
    reason = why(shown, meant) if meant else ""
    return tell(
        "W207.lookalike" if reason else "W207.near" if meant else "W207",
        name.source,
        name=name.text,
        column=stem(name.text),
        usable=some(ranked) or "（ありません）",
        shown=shown,
        meant=meant,
        reason=reason,
    )


def _is_share(name: Name) -> bool:
    """Whether a name stands with 割 where it was written."""
    source = name.source
    after = source.text[source.column - 1 + source.length :]
    return source.words.rstrip("」").endswith("割") or after.startswith("割")


def _edition(named: list[FigureColumn], label: str, year: FiscalYear) -> FigureColumn | None:
    """The one column of a fiscal year (令和4年度, 令和4年度実績)."""
    fitting = [column for column in named if as_of(column.as_of, year).startswith(label)]
    return fitting[0] if len(fitting) == 1 else None


def over_years(bind: Bind, editions: list[FigureColumn]) -> FigureColumn:
    """Mean or sum over several years; who has a blank in one of them has no value."""
    complete = set(editions[0].values).intersection(*(column.values for column in editions))
    count = len(editions) if bind.over == "平均" else 1
    return FigureColumn(
        name=editions[0].name,
        unit=editions[0].unit,
        as_of=bind.as_of,
        values={
            code: sum((column.values[code] for column in editions), Fraction(0)) / count
            for code in complete
        },
        cells={
            code: source
            for column in editions
            for code, source in column.cells.items()
            if code not in column.values or code in complete
        },
        editions=tuple(editions),
        over=bind.over,
        source=bind.source,
    )


def as_of(text: str, year: FiscalYear) -> str:
    """One spelling of a reference date: 当年度 and the like become years, dates become ISO."""
    said = name_key(text).removesuffix("現在")
    for word, years in (("前々年度", -2), ("前年度", -1), ("当年度", 0)):
        said = said.replace(word, (year + years).label)
    day = parse_date(said)
    return day.isoformat() if day else fold(said)
