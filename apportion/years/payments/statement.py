"""Lists of banks: deposits without 団体コード and 期 are matched to bills, where that is certain."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.model import Member, Payment, Yen
from apportion.core.problem import Fault, Findings, Source, fault
from apportion.core.text import name_key
from apportion.tables.grid import Cell
from apportion.tables.payments import AMOUNT, DAY, TERM, closing_day, paid_day
from apportion.tables.table import Row, Table
from apportion.years.payments.bills import Aside, OpenBills, YearBills
from apportion.years.payments.lists import (
    Columns,
    Headed,
    Totals,
    amount_in,
    compare_title,
    is_heading_again,
    is_total,
    own_words,
    quiet,
    said_of,
)
from apportion.years.payments.payers import Named, TextPayers
from apportion.years.payments.words import (
    BALANCE,
    OUT,
    SERIAL,
    SIGNED,
    SOME,
    TEXT,
    WAY,
    RowKind,
    preferred,
    tells_state,
)

_IN = re.compile(r"入金?|預入|受入|1")
_OUT = re.compile(r"出金?|払|支払|払出|引出|2")


def is_statement(columns: Columns) -> bool:
    """Whether these are the headings of a bank: a day, what it was for, and what came in."""
    amounts = any(name in columns for name in (AMOUNT, SIGNED, SOME))
    texts = any(name in columns for name in (TEXT, OUT))
    return DAY in columns and TERM not in columns and SERIAL not in columns and amounts and texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """What came in on a day, with all that the bank writes of it; `kind` by its words."""

    day: date
    yen: int
    texts: tuple[str, ...]
    kind: RowKind
    word: str
    source: Source


@dataclass()
class StatementReader:
    """Reads the rows of a bank."""

    billed: YearBills
    found: Headed
    findings: Findings
    passed: list[Aside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    undone: Counter[int] = field(default_factory=Counter)
    balanced: bool = False

    def __post_init__(self) -> None:
        """Claim the columns that are used."""
        self.table = Table(self.found.grid, self.findings)
        self.words = own_words(self.billed)
        for name in (DAY, AMOUNT, OUT, SIGNED, SOME, WAY, BALANCE):
            if cells := self.found.columns.get(name):
                self.table.claim(name, preferred(cells))
        self.amount = next(n for n in (AMOUNT, SIGNED, SOME) if n in self.table.columns)
        self.used = frozenset(self.table.claimed)
        amount = self.table.columns[self.amount]
        compare_title(self.table, self.found.title, self.billed.year, amount)

    def deposits(self) -> tuple[Deposit, ...]:
        """All deposits; what goes out, and what is of another year, is passed over."""
        self.table.need()
        rows = []
        found = []
        for row in self.table.rows():
            amount = quiet(row, self.table.columns[self.amount])
            if is_heading_again(row):
                continue
            if is_total(row, (DAY, self.amount, OUT)):
                self.totals.compare(row, amount)
            elif not any(row.text(name) for name in (self.amount, OUT)):
                self.notes.append("　".join(cell.text for cell in row.cells if cell.text))
            else:
                moved = self._moved(row)
                rows.append((row, moved))
                deposit = self._deposit(row, moved)
                found += [deposit] if deposit else []
        self._balances(rows)
        judged = [cell for cell in self.table.rest() if tells_state(cell)]
        for cell in (*self.found.columns.get(TEXT, ()), *judged):
            self.table.claimed.add(cell.column)
        return tuple(found)

    def _moved(self, row: Row) -> int | None:
        """What a row adds to the account; None, with a problem, where that is unknown."""
        came, went = self._yen(row, self.amount), self._yen(row, OUT)
        if came is None or went is None:
            return None
        way = name_key(row.text(WAY))
        if not way or self.amount == SIGNED:
            return came - went
        if not (_IN.fullmatch(way) or _OUT.fullmatch(way)):
            row.table.report(row.cell(WAY), fault("W925", way=row.text(WAY)))
            return None
        return came if _IN.fullmatch(way) else -came - went

    def _yen(self, row: Row, name: str) -> int | None:
        column = self.table.columns.get(name)
        cell = row.cell(name)
        if column is None or not cell.text or cell.text in {"-", "－"}:
            return 0

        def door(cell: Cell) -> Yen | Fault:
            return amount_in(column, cell)

        return row.take(cell, door)

    def _deposit(self, row: Row, moved: int | None) -> Deposit | None:
        day = row.take(row.cell(DAY), paid_day) if row.name(DAY) else None
        if moved is None or day is None:
            return None
        kind, _, word = said_of(row, self.used, self.words, self.billed.year)
        source = row.table.source(row.cell(self.amount))
        if kind is not RowKind.FINE:
            self.undone[abs(moved)] += 1
        self.totals.add(max(moved, 0), kind)
        year = self.billed.year
        inside = year.first_day <= day <= closing_day(year)
        if moved <= 0 or not inside:
            what = "出金の行" if moved <= 0 else f"{year.label}の外の日の入金"
            self.passed.append(Aside(kind=what, source=source, yen=abs(moved)))
            return None
        texts = tuple(c.text for c in row.cells if c.text and c.column not in self.used)
        return Deposit(day=day, yen=moved, texts=texts, kind=kind, word=word, source=source)

    def _balances(self, rows: Sequence[tuple[Row, int | None]]) -> None:
        """Compare the balances with what came and went, in the order of the list or against it."""
        column = self.table.columns.get(BALANCE)
        if column is None:
            return
        moves = [_Move(row, moved, quiet(row, column)) for row, moved in rows]
        pairs = list(pairwise(moves))
        down = [after.row for before, after in pairs if not after.follows(before)]
        up = [after.row for before, after in pairs if not before.follows(after)]
        if down and up:
            row = min(down, up, key=len)[0]
            row.table.report(row.cell(BALANCE), fault("W923"))
        elif pairs:
            self.balanced = True


class _Move(NamedTuple):
    """A row of a bank: what it adds to the account, and the balance after it."""

    row: Row
    moved: int | None
    balance: int | None

    def follows(self, former: "_Move") -> bool:
        """Whether the balance is the former one and what this row adds."""
        if self.moved is None or self.balance is None or former.balance is None:
            return False
        return former.balance + self.moved == self.balance


@dataclass(frozen=True)
class Matching:
    """Finds the bill of each deposit; `undone` are amounts of rows that cancel or correct."""

    billed: YearBills
    bills: OpenBills
    undone: Counter[int]

    def match(self, deposits: Sequence[Deposit]) -> None:
        """Book what is certain: one body, one open 期, its exact amount."""
        payers = TextPayers(self.billed)
        for deposit in deposits:
            self._match(deposit, payers.find(deposit.texts))

    def _match(self, deposit: Deposit, named: Named) -> None:
        why = self._doubt(deposit, named)
        member = named.sure[0] if len(named.sure) == 1 else None
        if named.foreign and not named.sure:
            of = "別の年度か会計" if self.billed.account else "別の年度"
            kind = f"{of}の整理番号の入金"
            self.bills.passed.append(Aside(kind=kind, source=deposit.source, yen=deposit.yen))
        elif why or member is None:
            self._leave(deposit, why or self._nobody(deposit, named), member, named.number)
        elif not self._is_known(deposit, member):
            self._bill(deposit, member, named.number)

    def _doubt(self, deposit: Deposit, named: Named) -> str:
        if deposit.kind is not RowKind.FINE:
            return f"{deposit.word}とあり、納入かどうか決まらない"
        if self.undone[deposit.yen]:
            return "同じ額の取消や組戻の行があり、取り消されたかどうか決まらない"
        if len(named.sure) > 1 or (named.foreign and named.sure):
            shown = "、".join(
                [member.name for member in named.sure] + [named.foreign] * bool(named.foreign)
            )
            return f"団体が一つに決まらない（{shown}）"
        return ""

    def _is_known(self, deposit: Deposit, member: Member) -> bool:
        """Whether the table holds this deposit, for whatever 期."""
        present = [p for p, times in self.bills.present.items() if times]
        kin = self.billed.kin(member.code)
        same = (
            p for p in present if p.code in kin and (p.day, p.yen) == (deposit.day, deposit.yen)
        )
        return any(self.bills.has(payment) for payment in list(same)[:1])

    def _bill(self, deposit: Deposit, member: Member, number: int | None) -> None:
        opened = self.bills.open_terms(member.code)
        fitting = [k for k, yen in opened.items() if yen == deposit.yen and number in (None, k[1])]
        if len(fitting) == 1:
            self.bills.book(
                Payment(
                    code=fitting[0][0],
                    number=fitting[0][1],
                    day=deposit.day,
                    yen=Yen(deposit.yen),
                    source=deposit.source,
                )
            )
            return
        labels = (f"{self.bills.label(key, member.code)} {opened[key]:,}円" for key in opened)
        shown = "、".join(labels) or "なし"
        why = (
            f"同じ額の未納の期が{len(fitting)}つある（{shown}）"
            if fitting
            else f"額が、未納の期の額と違う（{shown}）"
        )
        self._leave(deposit, why, member, number)

    def _nobody(self, deposit: Deposit, named: Named) -> str:
        """Why no body is certain, and which are likely."""
        if named.alike:
            names = "、".join(member.name for member in named.alike)
            return f"団体が決まらない（{names} かもしれない）"
        bodies = list(self.bills.terms)
        fitting = [
            self.billed.name(code)
            for code in sorted(bodies)
            if deposit.yen in self.bills.open_terms(code).values()
        ]
        likely = (
            f"額の合う未納があるのは {'、'.join(fitting[:3])}" if fitting else "額の合う未納もない"
        )
        return f"団体が決まらない（{likely}）"

    def _leave(self, deposit: Deposit, why: str, member: Member | None, number: int | None) -> None:
        self.bills.left.append(
            Aside(
                kind=RowKind.DOUBTFUL.value,
                source=deposit.source,
                yen=deposit.yen,
                why=f"{why}: {'　'.join(deposit.texts)}",
                code=member.code if member else "",
                number=number,
                day=deposit.day,
                draft=deposit.yen if deposit.kind is RowKind.FINE else None,
            )
        )
