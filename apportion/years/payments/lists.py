"""A list of payments as a table: where its headings are, which columns decide, and its totals."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.model import Payment, Yen
from apportion.core.problem import Fault, Findings, fault
from apportion.core.text import fold, name_key
from apportion.core.year import FiscalYear
from apportion.tables.cells import MONEY, measure, yen
from apportion.tables.grid import Cell, Grid, build
from apportion.tables.payments import AMOUNT, DAY, TERM, paid_day, term
from apportion.tables.register import CODE, NAME
from apportion.tables.table import Row, Table
from apportion.years.payments.bills import Aside, YearBills
from apportion.years.payments.ledger import AmountReading, PaymentEntry, PaymentRows
from apportion.years.payments.payers import RowPayers, serial_account, serial_term
from apportion.years.payments.words import (
    BILLED,
    DONE,
    DUES,
    HEADINGS,
    OF_ACCOUNT,
    ONCE,
    OPEN,
    RUNNING,
    SERIAL,
    SOME,
    SUBJECT,
    YEAR,
    RowKind,
    among,
    foreign_year,
    heading,
    is_own_subject,
    is_own_year,
    meaning,
    our_name,
    preferred,
    tells_state,
    terms_in,
)

Columns = Mapping[str, Sequence[Cell]]

WHO = (CODE, SERIAL, NAME)
_NEEDED = (TERM, DAY, AMOUNT)
DEEPEST = 30
_TOTAL = re.compile(r"(?:小|合|総|総合|月|日|頁|ページ|当月|本日|期別|集)?計(?:額|欄)?(?:\(.*\))?")
_CARRIED = re.compile(r"累計.*|前(?:頁|月|回)(?:まで)?の?(?:計|累計)|繰越.*")
_UNIT = re.compile(r"単位[:は]?((?:[百千万億]*)円)")
_BILLS = re.compile(r"調定|請求|未納|未収|督促")
_NOT_YET = re.compile(r"未.*")
_MONEY_SIGNS = re.compile(rf"^[{chr(0xA5)}￥\\]|円$")  # cp932 has no sign U+00A5


class Headed(NamedTuple):
    """A table below its row of headings, what stands above it, and its columns by our names."""

    grid: Grid
    title: str
    columns: Columns


def headed(grid: Grid, fits: Callable[[Columns], bool]) -> Headed | None:
    """The grid below the first row whose columns fit; None where there is none."""
    rows = [grid.headings, *grid.rows]
    for place, row in enumerate(rows[:DEEPEST]):
        columns = _columns(row)
        if fits(columns):
            title = "".join(cell.text for above in rows[:place] for cell in above)
            below = build(grid.file, grid.sheet, rows[place:], grid.lines)
            return Headed(below, fold(title).replace(" ", ""), columns)
    return None


def _columns(row: Sequence[Cell]) -> dict[str, list[Cell]]:
    """Columns of a row of headings by our name for each."""
    found: dict[str, list[Cell]] = {}
    for cell in row:
        ours = our_name(cell)
        if ours:
            found.setdefault(ours, []).append(cell)
    return found


def is_ledger(columns: Columns) -> bool:
    """Whether these are the headings of a list with payer, 期, day and amount."""
    return not any(lacking(columns))


def lacking(columns: Columns) -> Iterator[str]:
    """Columns that are needed and not there; a 整理番号 may say the 期."""
    if not any(name in columns for name in WHO):
        yield CODE
    if TERM not in columns and SERIAL not in columns:
        yield TERM
    if DAY not in columns:
        yield DAY
    if not any(name in columns for name in (AMOUNT, RUNNING, SOME)):
        yield AMOUNT


def headless(grid: Grid) -> Fault:
    """Fault of a list without a row of headings: what the most promising row lacks."""
    best = max(map(_columns, [grid.headings, *grid.rows][:DEEPEST]), key=len)
    missing = list(lacking(best))
    return fault(
        "W840.payments",
        missing="」「".join(missing),
        deepest=DEEPEST,
        first=missing[0],
        names="、".join(HEADINGS[missing[0]]),
    )


@dataclass()
class Totals:
    """Adds the rows of a list up again, and compares each total that it prints."""

    checked: int = 0
    rows: int = 0
    all: int = 0
    plain: int = 0
    since: int = 0

    def add(self, amount: int, kind: RowKind) -> None:
        """Count a row; what is cancelled may be left out of a printed total."""
        self.all += amount
        self.since += amount
        refund = kind is RowKind.REFUND and amount > 0
        self.plain += (
            0 if kind in {RowKind.CANCELLED, RowKind.UNPAID} else -amount if refund else amount
        )

    def compare(self, row: Row, amount: int | None) -> None:
        """Compare a row of a total with what stands above it."""
        self.rows += 1
        carried = any(_CARRIED.fullmatch(name_key(cell.text)) for cell in row.cells)
        if amount is None or carried:
            return
        if amount in {self.all, self.plain, self.since}:
            self.checked += 1
        else:
            told = fault("W922", printed=f"{amount:,}", added=f"{self.all:,}")
            row.table.report(row.cell(AMOUNT), told)
        self.since = 0


def is_total(row: Row, names: Sequence[str]) -> bool:
    """Whether a row is one of totals, or empty but for columns that are not used."""
    if not any(row.text(name) for name in names):
        return True
    words = (name_key(cell.text) for cell in row.cells)
    return not row.text(DAY) and any(_TOTAL.fullmatch(w) or _CARRIED.fullmatch(w) for w in words)


def amount_in(column: Cell, cell: Cell) -> Yen | Fault:
    """Amount with or without the signs of yen; without a unit in the heading it is in 円, as banks write."""
    found = measure(column)
    text = _MONEY_SIGNS.sub("", fold(cell.text).replace(" ", ""))
    return yen(cell._replace(text=text), found.unit if found and found.unit in MONEY else "円")


def quiet(row: Row, column: Cell) -> int | None:
    """Amount of a column; None where it is blank or no amount, and nothing is said."""
    cell = row.under(column)
    found = amount_in(column, cell) if cell.text else None
    return None if isinstance(found, Fault) else found


class ListFacts(NamedTuple):
    """What the cells of a row say that it is: the word, and the word as it is shown to a person."""

    kind: RowKind
    text: str = ""
    shown: str = ""


def said_of(row: Row, used: frozenset[int], own: frozenset[str], year: FiscalYear) -> ListFacts:
    """What the cells that are not `used` say of a row; another 年度 in a text makes it doubtful."""
    found: dict[RowKind, ListFacts] = {}
    for head in row.table.grid.headings:
        text = row.under(head).text
        if head.column in used or not text:
            continue
        kind = meaning(head, text, own)
        if kind is RowKind.FINE and foreign_year(text, year):
            kind = RowKind.DOUBTFUL
        shown = f"{head.text}の列に「{text}」"
        found.setdefault(kind, ListFacts(kind, text, shown))
    kinds = (RowKind.CANCELLED, RowKind.REFUND, RowKind.UNPAID, RowKind.DOUBTFUL)
    return next((found[kind] for kind in kinds if kind in found), ListFacts(RowKind.FINE))


def own_words(billed: YearBills) -> frozenset[str]:
    """Words that tell what a body is, or what our income is."""
    tables = billed.tables
    bodies = {word for m in tables.members for word in (m.kind, m.county, m.membership)}
    income = {word for line in tables.income for word in (line.subject, line.project)}
    return DUES | {name_key(word) for word in bodies | income}


def is_heading_again(row: Row) -> bool:
    """Whether a row repeats the headings, as at the top of a page."""
    heads = row.table.grid.headings
    return all(name_key(row.under(head).text) == name_key(head.text) for head in heads)


def compare_title(table: Table, title: str, year: FiscalYear, amount: Cell | None) -> None:
    """What a list says of itself above its headings: its 年度, and its unit of yen."""
    foreign = foreign_year(title, year)
    if foreign:
        table.report(None, fault("W919.title", title=foreign, year=year.label))
    unit = _UNIT.search(title)
    if amount and unit and unit[1] != "円" and measure(amount) is None:
        new = f"{heading(amount)}（{unit[1]}）"
        table.report(amount, fault("W921.unit", unit=unit[1], heading=amount.text, new=new))


@dataclass()
class ListReader:
    """Reads a list with payer, 期, day and amount in each row."""

    billed: YearBills
    found: Headed
    findings: Findings
    passed: list[Aside] = field(default_factory=list)
    left: list[Aside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)

    def __post_init__(self) -> None:
        """Claim the columns that are used."""
        self.table = Table(self.found.grid, self.findings)
        self.payers = RowPayers(self.billed)
        self.words = own_words(self.billed)
        self.amount = self._amount()
        for name in (*WHO, TERM, DAY, BILLED, OPEN):
            if cells := self.found.columns.get(name):
                self.table.claim(name, preferred(cells))
        if self.amount:
            self.table.claim(AMOUNT, self.amount)
        compare_title(self.table, self.found.title, self.billed.year, self.amount)
        for name in (AMOUNT, RUNNING, SOME, *self._apart):
            self.table.claimed.update(cell.column for cell in self.found.columns.get(name, ()))
        self.used = frozenset(self.table.claimed)
        self.table.claimed.update(c.column for c in self.table.rest() if tells_state(c))

    @property
    def _apart(self) -> tuple[str, ...]:
        """Columns that say that a row is of something else."""
        return (YEAR, SUBJECT, OF_ACCOUNT) if self.billed.account else (YEAR, SUBJECT)

    def _amount(self) -> Cell | None:
        """The column that is certainly what was received; None, with a problem, where none is."""
        columns = self.found.columns
        once, done = self._received()
        sure = [*once, *done, *columns.get(RUNNING, ())]
        if sure:
            return sure[0]
        some = columns[SOME][0]
        beside = next((columns[name][0].text for name in (BILLED, OPEN) if name in columns), "")
        beside = beside or (self.found.title if _BILLS.search(self.found.title) else "")
        if beside:
            self.table.report(some, fault("W921.some", some=some.text, beside=beside))
            return None
        return some

    def _received(self) -> tuple[list[Cell], list[Cell]]:
        """Columns of what was received: payments, and what came in until now (収入済額)."""
        cells = self.found.columns.get(AMOUNT, ())
        once = sorted((c for c in cells if not among(c, DONE)), key=lambda c: not among(c, ONCE))
        return once, [cell for cell in cells if among(cell, DONE)]

    def ledger(self) -> PaymentRows:
        """All rows that name a payment; the others stand in `passed`, `left` and `notes`."""
        self.table.need()
        entries: list[PaymentEntry] = []
        for row in self.table.rows():
            again = is_heading_again(row)
            entry = self._row(row, self.amount) if self.amount and not again else None
            if entry:
                entries.append(entry)
        head = heading(self.amount) if self.amount else ""
        return PaymentRows(tuple(entries), self._reading(), head)

    def _reading(self) -> AmountReading:
        if self.amount is None:
            return AmountReading.UNSURE
        as_of, running = "現在" in self.found.title, "累計" in self.found.title
        if our_name(self.amount) == RUNNING or running:
            return AmountReading.RUNNING
        if as_of and among(self.amount, DONE):
            return AmountReading.RUNNING
        return (
            AmountReading.ONCE if among(self.amount, ONCE) and not as_of else AmountReading.UNSURE
        )

    def _row(self, row: Row, column: Cell) -> PaymentEntry | None:
        amount = quiet(row, column)
        if is_total(row, (*WHO, *_NEEDED)):
            self.totals.compare(row, amount)
            return None
        if not any(row.text(name) for name in _NEEDED):
            self.notes.append("　".join(cell.text for cell in row.cells if cell.text))
            return None
        kind, word, shown = said_of(row, self.used, self.words, self.billed.year)
        if kind is RowKind.UNPAID and amount and _NOT_YET.match(name_key(word)):
            kind = RowKind.DOUBTFUL  # 未納, and yet an amount that came in
        self.totals.add(amount or 0, kind)
        if self._is_elsewhere(row, amount or 0):
            return None
        unpaid = amount == 0 or (not row.text(AMOUNT) and not row.text(DAY))
        if kind is RowKind.UNPAID or unpaid:
            self._pass(row, RowKind.UNPAID.value, amount or 0)
            return None
        payment = self._payment(row, column, kind)
        if payment is None:
            if kind is RowKind.CANCELLED:
                self._pass(row, kind.value, amount or 0)
            return None
        self._compare_rivals(row, column, payment.yen)
        return self._entry(row, payment, kind, shown)

    def _entry(self, row: Row, payment: Payment, kind: RowKind, word: str) -> PaymentEntry:
        columns, (_, done) = self.found.columns, self._received()
        running = [*columns.get(RUNNING, ()), *done]
        return PaymentEntry(
            payment=payment,
            kind=kind,
            word=word,
            terms=frozenset(
                n for head in self.table.rest() for n in terms_in(row.under(head).text)
            ),
            billed=self._beside(row, columns.get(BILLED, ())),
            open=self._beside(row, columns.get(OPEN, ())),
            other=self._beside(row, columns.get(SOME, ())),
            running=self._beside(row, running),
        )

    def _beside(self, row: Row, cells: Sequence[Cell]) -> int | None:
        """What the first of these columns says, the amount itself left out."""
        return next((quiet(row, cell) for cell in cells if cell is not self.amount), None)

    def _pass(self, row: Row, kind: str, amount: int) -> None:
        source = row.table.source(row.cell(AMOUNT))
        self.passed.append(Aside(kind=kind, source=source, yen=amount))

    def _is_elsewhere(self, row: Row, amount: int) -> bool:
        """Whether a row is of another 年度, 科目 or 会計, or of one that nobody knows."""
        for name in self._apart:
            cells = [row.under(head) for head in self.found.columns.get(name, ())]
            said = {cell.text: self._is_own(name, cell.text) for cell in cells if cell.text}
            if name == OF_ACCOUNT and SERIAL in row.table.columns and row.text(SERIAL):
                said[row.text(SERIAL)] = self._is_own(name, serial_account(row.text(SERIAL)))
            if False in said.values():
                self._pass(row, f"別の{name}の行", amount)
                return True
            if None in said.values():
                word = next(text for text, own_one in said.items() if own_one is None)
                self._leave(row, f"{name}「{word}」が、この請求のものか決まらない", amount)
                return True
        return False

    def _is_own(self, name: str, text: str) -> bool | None:
        if name == YEAR:
            return is_own_year(text, self.billed.year)
        if name == OF_ACCOUNT:
            return self.billed.is_own_account(text)
        subjects = (line.subject for line in self.billed.tables.income)
        return is_own_subject(text, frozenset(map(name_key, subjects)))

    def _leave(self, row: Row, why: str, amount: int) -> None:
        payment = self._payment(row, row.table.columns[AMOUNT], RowKind.CANCELLED)
        source = row.table.source(row.cell(AMOUNT))
        self.left.append(
            Aside(
                kind=RowKind.DOUBTFUL.value,
                source=source,
                yen=amount,
                why=why,
                code=payment.code if payment else "",
                number=payment.number if payment else None,
                day=payment.day if payment else None,
                draft=amount,
            )
        )

    def _payment(self, row: Row, column: Cell, kind: RowKind) -> Payment | None:
        """The payment that a row names; of a cancelled one nothing is said."""
        if kind is RowKind.CANCELLED:
            row = row._replace(table=replace(row.table, findings=Findings()))
        member = self.payers.find(row)
        number = _term(row)
        day = row.take(row.cell(DAY), paid_day) if row.name(DAY) else None
        amount = (
            row.take(row.cell(AMOUNT), lambda cell: amount_in(column, cell))
            if row.name(AMOUNT)
            else None
        )
        if member is None or number is None or day is None or amount is None:
            return None
        source = row.table.source(row.cell(AMOUNT))
        return Payment(code=member.code, number=number, day=day, yen=amount, source=source)

    def _compare_rivals(self, row: Row, column: Cell, amount: int) -> None:
        """Two columns of what was received must say one amount."""
        for rival in self._received()[0]:
            said = quiet(row, rival)
            if rival is not column and said not in {None, amount}:
                told = fault(
                    "W921",
                    first=column.text,
                    second=rival.text,
                    one=f"{amount:,}",
                    other=f"{said:,}",
                )
                row.table.report(row.under(rival), told)


def _term(row: Row) -> int | None:
    """期 of a row: its own column, or the 整理番号 of a bill of one 期; both must agree."""
    named = serial_term(row.text(SERIAL)) if SERIAL in row.table.columns else None
    if named is None:
        return row.take(row.cell(TERM), term) if row.name(TERM) else None
    written = row.take(row.cell(TERM), term) if row.text(TERM) else named
    if written in (named, None):
        return written
    row.table.report(row.cell(TERM), fault("W912.two", written=written, named=named))
    return None
