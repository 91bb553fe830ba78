"""A table from elsewhere: which row is about which body, and what became of every cell of it.

It comes as ministries and staff make it: titles above, headings in several rows, codes of five or
six digits or names alone, totals and bodies of other prefectures between the rows. Each cell that
holds something is used, told, or refused (`tables.ledger`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import pairwise
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.core.problem import Findings, InputError, Problem, Source, tell
from apportion.core.text import fold, name_key, near, why
from apportion.imports import heading, layout
from apportion.imports.bodies import Fit, Match, Register, WrittenBody
from apportion.imports.heading import Band, Row, SourceColumn, is_number, is_value
from apportion.tables.files import cleaned, opened
from apportion.tables.grid import Cell, CellKind, Grid, letters
from apportion.tables.ledger import CellLedger
from apportion.tables.loading import said_once

_DASHES = ("-", "ー", "―", "…")
_TOTAL = re.compile(
    r"(?:総|合|小|中|累)?計|総数|全国|.*(?:市|郡|町村|県|都|道|府|区|村|町|部|団体|管内|地区|圏域?)計"
    r"|.*(?:合計|総計|小計)|計\(.*\)|市部|区部|郡部|.+郡|町村部?|市町村|市区町村"
)
_REMARKS = ("備考", "摘要", "注", "注記")
_SHOWN = 10
# Kana and kanji; cp932 has no sign at the end of them.
_KANJI = re.compile(f"[\u3041-\u30fe\u4e00-{chr(0x9FFF)}]")
_THOUSAND = re.compile(r"[0-9]{3}")

REPEATED = "見出しの繰り返し"
TITLES = "表の上の題や注"
NOTES = "団体の行でない行（注など）"
TOTALS = "合計の行"
OTHERS = "団体一覧にない団体の行"
AREAS = "町丁など、団体より細かい行"
COLUMNS = "取り込まない列の値"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A row below the headings: what it says of itself, and whom it is about."""

    row: Row
    written: WrittenBody
    match: Match
    total: str = ""

    @property
    def nameless(self) -> bool:
        """Whether it says nothing of a body."""
        return not (self.written.code or self.written.name or self.total)


@dataclass(frozen=True, slots=True)
class Given:
    """The table: `rows` by 団体コード of the bodies of the register, `lines` all rows of the body."""

    grid: Grid
    findings: Findings
    band: Band
    lines: tuple[SourceLine, ...]
    rows: Mapping[str, Row]
    members: Mapping[str, Member]
    ledger: CellLedger
    told: list[str] = field(default_factory=list)

    @property
    def columns(self) -> tuple[SourceColumn, ...]:
        """The columns, with their headings."""
        return self.band.columns

    @property
    def place(self) -> Source:
        """The table as a whole."""
        return Source(file=self.grid.file, sheet=self.grid.sheet)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Rows of bodies that are not in the register, and totals."""
        rest = (line for line in self.lines if line.match.fit is not Fit.OURS)
        return tuple(line.total or line.written.shown for line in rest if not line.nameless)

    def account(
        self, used: Iterable[int], wanted: Iterable[str], *, marks: bool
    ) -> tuple[Problem, ...]:
        """Account for every cell, these columns being used: what is wrong, and what to be warned of.

        `wanted` are the bodies that must not be missed, `marks` tells that the columns hold ○.
        """
        columns = frozenset(used)
        self._read(columns)
        found = [*self._concerning(columns), *self._conflicts(columns)]
        found += _Account(self, columns, frozenset(wanted), marks).problems()
        return tuple(found)

    def _read(self, used: frozenset[int]) -> None:
        """Headings, keys and used columns are read; titles and other columns are told."""
        band, ledger = self.band, self.ledger
        ledger.tell(TITLES, (cell for row in band.titles for cell in row))
        ledger.use(cell for row in band.rows for cell in row)
        stating = (c.column for c in band.columns if c.states_unit or c.states_day)
        keys = {*band.keys, *band.prefectures, *used, *stating}
        headed = {column.column for column in band.columns if column.name}
        for line in self.lines:
            if line.match.fit is Fit.OURS:
                ledger.use(cell for cell in line.row if cell.column in keys)
                ledger.tell(COLUMNS, (cell for cell in line.row if cell.column in headed))

    def _concerning(self, used: frozenset[int]) -> Iterator[Problem]:
        """What the reader of the file found: of the cells in use, and of all others in one notice."""
        rows = {line.row[0].row for line in self.lines if self._counts(line)}
        heads = {row[0].row for row in (*self.band.titles, *self.band.rows)}
        self.findings.extend(self.grid.doubted({*self.band.keys, *used}, rows, heads))
        yield from said_once(self.findings.problems)

    def _counts(self, line: SourceLine) -> bool:
        """Whether a row is one of our bodies, or its code or name cannot be read."""
        keys = (cell for cell in line.row if cell.column in self.band.keys)
        unread = any(cell.kind is CellKind.BROKEN for cell in keys)
        return line.match.fit is Fit.OURS or unread

    def _conflicts(self, used: frozenset[int]) -> Iterator[Problem]:
        """A second row of one body may only say the same."""
        for line in self.lines:
            member = line.match.member
            if line.match.fit is not Fit.OURS or member is None:
                continue
            for before, cell in zip(self.rows[member.code], line.row, strict=False):
                if before.column in used and before.text != cell.text:
                    yield tell(
                        "W844",
                        self.grid.source(cell),
                        member=member.name,
                        before=before.text or "空欄",
                        value=cell.text or "空欄",
                        place=before.place,
                    )


@dataclass(frozen=True, slots=True)
class _Account:
    """What is passed over is told, what may not be is refused: row by row."""

    given: Given
    used: frozenset[int]
    wanted: frozenset[str]
    marks: bool

    def problems(self) -> Iterator[Problem]:
        strangers = []
        for line in self.given.lines:
            kind = self._kind(line)
            if kind:
                self.given.ledger.tell(kind, line.row)
            elif line.match.fit in _FAULTS:
                yield _FAULTS[line.match.fit](self.given, line)
                self.given.ledger.use(line.row)
            elif line.match.fit is not Fit.OURS and not line.nameless:
                strangers.append(line)
                self.given.ledger.use(line.row)
        yield from self._parted()
        yield from self._strange(strangers)
        yield from self._left()

    def _parted(self) -> Iterator[Problem]:
        """Parts of a body (wards, 町丁) that itself has no row: its value would be missed."""
        parts = [line for line in self.given.lines if line.match.fit is Fit.AREA]
        for code in dict.fromkeys(line.match.code for line in parts):
            own = [line for line in parts if line.match.code == code]
            member = own[0].match.member
            if member and code in self.wanted and code not in self.given.rows:
                yield tell(
                    "W843.parts",
                    self.given.grid.source(self._key_cell(own[0])),
                    shown=own[0].written.shown,
                    count=len(own),
                    member=member.name,
                )

    def _kind(self, line: SourceLine) -> str:
        """What to tell a passed row as; empty for a row that is used or must not be passed."""
        fit = line.match.fit
        passed = (
            (REPEATED, self.given.band.repeated(line.row)),
            (TOTALS, bool(line.total)),
            (AREAS, fit is Fit.AREA),
            ("", fit is Fit.OURS),
            (NOTES, not self._holds(line) and not self._renamed(line)),
            (OTHERS, self._other(line)),
        )
        return next((kind for kind, so in passed if so), "")

    def _other(self, line: SourceLine) -> bool:
        """Whether a row with a value is certainly none of ours."""
        if line.match.fit is Fit.OTHER:
            return not (self.marks and self._near(line))
        named = line.match.fit is Fit.UNKNOWN and not line.nameless
        return named and not self.marks and not self._renamed(line) and not self._missing()

    def _holds(self, line: SourceLine) -> bool:
        """Whether a used column has a value here; a word below numbers is none."""
        return any(self.marks or is_number(text) for text in self._used_texts(line))

    def _used_texts(self, line: SourceLine) -> list[str]:
        """What stands in used columns, but for a note that is merged over the whole row."""
        own = {cell.text for cell in line.row if cell.column in self.given.band.keys}
        used = [cell.text for cell in line.row if cell.column in self.used and cell.text]
        return [text for text in used if text not in own]

    def _renamed(self, line: SourceLine) -> bool:
        """Whether a heading stands here again, with another one in a used column."""
        words = [text for text in self._used_texts(line) if not is_value(text)]
        keys = {name_key(c.name) for c in self.given.columns if c.column in self.given.band.keys}
        own = {name_key(c.text) for c in line.row if c.column in self.given.band.keys and c.text}
        again = own <= keys or any(map(_KANJI.search, words))
        return bool(own and words) and again and line.match.fit is Fit.UNKNOWN

    def _near(self, line: SourceLine) -> bool:
        """Whether a body of another code belongs to the prefectures of the register."""
        return line.match.code[:2] in {code[:2] for code in self.given.members}

    def _missing(self) -> list[str]:
        names = (c for c in self.given.members if c in self.wanted and c not in self.given.rows)
        return [self.given.members[code].name for code in names]

    def _strange(self, lines: Sequence[SourceLine]) -> Iterator[Problem]:
        """Rows of nobody, in one message: one of them may be a body that is missed."""
        if not lines:
            return
        missing = self._missing()
        guesses = [(line, near(line.written.name, missing)) for line in lines]
        line, guess = next((pair for pair in guesses if pair[1]), guesses[0])
        renamed = next((each for each in lines if self._renamed(each)), None)
        if renamed:
            yield tell(
                "W840.changed",
                self.given.grid.source(renamed.row[0]),
                shown="、".join(cell.text for cell in renamed.row if cell.text),
            )
            return
        yield tell(
            "W843.near" if guess else "W843.missing" if missing else "W843.unknown",
            self.given.grid.source(self._key_cell(line)),
            shown=line.written.shown,
            count=len(lines),
            guess=guess,
            missing="、".join(missing[:_SHOWN]),
            because=why(line.written.name, guess) if guess else "",
        )

    def _key_cell(self, line: SourceLine) -> Cell:
        keys = self.given.band.names or self.given.band.codes
        return line.row[keys[0] - 1]

    def _shifted(self) -> Cell | None:
        """A cell of a CSV beyond the headings, or three digits in a remark: a comma parted a number."""
        if self.given.grid.sheet:
            return None
        width = max(self.given.grid.width, *(len(row) for row in self.given.band.rows))
        names = {column.column: name_key(column.name) for column in self.given.columns}
        ours = (line.row for line in self.given.lines if line.match.fit is Fit.OURS)
        for left, cell in (pair for row in ours for pair in pairwise(row)):
            remark = names.get(cell.column) in _REMARKS and left.column in self.used
            if cell.column > width or (remark and _THOUSAND.fullmatch(cell.text)):
                return cell
        return None

    def _left(self) -> Iterator[Problem]:
        """Cells that nobody accounted for: the first of each kind, with their number."""
        left = self.given.ledger.left
        nameless = {line.row[0].row for line in self.given.lines if line.nameless}
        without = [cell for cell in left if cell.row in nameless]
        if without:
            first = next((cell for cell in without if cell.column in self.used), without[0])
            count = len({cell.row for cell in without})
            yield tell("W843.nameless", self.given.grid.source(first), cell=first.text, count=count)
        stray = next((cell for cell in left if cell.row not in nameless), None) or self._shifted()
        if stray:
            yield self._stray(stray)

    def _stray(self, cell: Cell) -> Problem:
        row = (c for line in self.given.lines for c in line.row if c.row == cell.row)
        before = [c.text for c in row if c.column < cell.column and c.text]
        left = before[-1] if before else ""
        column, place = letters(cell.column), self.given.grid.source(cell)
        return tell("W120.split", place, column=column, cell=cell.text, left=left)


def read(path: Path, members: Sequence[Member]) -> Given:
    """Read `path`. Raises `InputError` where it is no such table, `OutputError` where it is locked."""
    findings = Findings()
    grid = cleaned(opened(path, findings), findings)
    rows = [
        row for row in (grid.headings, *grid.rows) if row
    ]  # a file of nothing has a row without cells
    layout.check(grid, rows, members)
    band = heading.find(grid, rows)
    written = [_written(row, band) for row in band.below]
    register = Register(members, [each.code for each in written])
    lines = tuple(
        _line(row, each, register, band) for row, each in zip(band.below, written, strict=True)
    )
    found: dict[str, Row] = {}
    for line in lines:
        if line.match.fit is Fit.OURS and line.match.member:
            found.setdefault(line.match.member.code, line.row)
    given = Given(
        grid=grid,
        findings=findings,
        band=band,
        lines=lines,
        rows=found,
        members={member.code: member for member in members},
        ledger=CellLedger(cell for row in rows for cell in row),
    )
    if not found and not any(line.match.fit in _FAULTS for line in lines):
        raise InputError((_nobody(given),))
    return given


def _line(row: Row, written: WrittenBody, register: Register, band: Band) -> SourceLine:
    total = "" if written.code else _total(row, written, band)
    if total or band.repeated(row):
        return SourceLine(row, written, Match(Fit.UNKNOWN), total)
    return SourceLine(row, written, register.match(written))


def _total(row: Row, written: WrittenBody, band: Band) -> str:
    """The word of a row of totals, where its name is one; it may stand left of the names."""
    keys = band.names or band.codes
    before = (cell.text for cell in row if cell.text and not is_number(cell.text))
    words = [written.name] if written.name else [*before][: max(keys)]
    return next((word for word in words if _TOTAL.fullmatch(name_key(word))), "")


def _written(row: Row, band: Band) -> WrittenBody:
    code = _text(row, band.codes)
    prefecture = next((cell.text for cell in row if cell.column in band.prefectures), "")
    name = _text(row, band.names)
    prefecture = "" if fold(prefecture) in _DASHES else prefecture
    return WrittenBody(code, name or ("" if code else prefecture), prefecture)


def _text(row: Row, columns: Sequence[int]) -> str:
    """What a row says in its columns of codes or names; a dash there is a blank."""
    texts = [cell.text for cell in row if cell.column in columns]
    return "".join(text for text in dict.fromkeys(texts) if fold(text) not in _DASHES)


def _disagreement(given: Given, line: SourceLine) -> Problem:
    member = line.match.member
    assert member is not None
    code = line.written.code
    names = given.band.keys
    known = line.match.code or member.code
    at = given.grid.source(line.row[names[0] - 1])
    if line.match.code != member.code:
        return tell("W843.other-code", at, code=code, name=line.written.name, member=member.code)
    return tell(
        "W843.disagreement", at, code=code, name=line.written.name, known=known, member=member.name
    )


def _unclear(given: Given, line: SourceLine) -> Problem:
    at = given.grid.source(line.row[given.band.keys[0] - 1])
    member = line.match.member
    assert member is not None
    return tell("W843.unclear", at, code=line.written.code, known=member.code, member=member.name)


_FAULTS: Mapping[Fit, Callable[[Given, SourceLine], Problem]] = {
    Fit.DISAGREES: _disagreement,
    Fit.UNCLEAR: _unclear,
}


def _nobody(given: Given) -> Problem:
    shown = "、".join(given.unknown[:3]) or "（団体の行がありません）"
    return tell("W843.nobody", Source(file=given.grid.file), shown=shown)
