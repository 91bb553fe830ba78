"""精算: what was billed beside what the year cost, by member and 経費, and the reserve of each 事業."""

import csv
import io
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.model import BudgetLine, FigureColumn, IncomeLine, Member, Yen, total
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.outcome.charges import ACCOUNT, to_csv, unquoted

REFUND, NEXT_YEAR, RESERVE = "還付と追徴", "翌年度で調整", "積立金に積む"
"""差額 of ■精算: where a difference goes."""
WAYS = (REFUND, NEXT_YEAR, RESERVE)

FINAL = "決算額"
"""Heading of its column before the parenthesis."""
OTHER = "その他の収支"
"""The row of a 事業 for what came in (利子 …) and went into the reserve beyond the budget."""


def final_of(line: BudgetLine | IncomeLine) -> Yen | None:
    """決算額 of a line; None where it is blank."""
    return next((yen for head, yen in line.columns.items() if name_key(head) == FINAL), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledRow:
    """A member and a 経費: yen billed, yen settled, and where the difference goes (`way`).

    その他の収支 has a row of its own: nothing was billed, and what came in stands as a negative.
    """

    member: Member
    project: str
    line: str
    billed: Yen
    settled: Yen
    way: str

    @property
    def difference(self) -> Yen:
        """精算額 − 請求済額: above 0 too little was billed."""
        return Yen(self.settled - self.billed)

    @property
    def is_other(self) -> bool:
        """Whether it is その他の収支 and no 経費."""
        return self.line == OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """事業調整積立金 of a 事業 over the year, in yen; `known` tells whether `before` was written down."""

    project: str
    before: Yen
    settled: Yen
    deposited: Yen
    drawn: Yen
    known: bool = True

    @property
    def after(self) -> Yen:
        """年度末残高."""
        return Yen(self.before + self.settled + self.deposited - self.drawn)


class FiguresUsed(NamedTuple):
    """Which column of 基礎数値 a 経費 was settled by; `name` is what the rules call it."""

    project: str
    line: str
    name: str
    column: FigureColumn


@dataclass(frozen=True, kw_only=True)
class Settled:
    """All rows, in budget order and within a 経費 in code order, and the reserve of each 事業.

    `budget` is the 支出の部 as it was planned, with every 補正; `unpaid` holds the yen of each 事業
    (folded) that its rules leave to nobody (対象外, 端数未調整額, 繰越, 徴収しない額 …).
    `issue` is the sealed issue that was billed (第1回); empty: the amounts were computed. `payers`
    gives the 代表 of a member whose 事業 (folded) it is invoiced for, by (団体コード, 事業). `figures`
    are the columns of 基礎数値 that each 経費 was settled by. `accounts` gives the 会計 of each 事業
    (folded) where bills are divided.
    """

    rows: tuple[SettledRow, ...]
    reserves: tuple[Reserve, ...]
    payers: Mapping[tuple[str, str], str]
    budget: tuple[BudgetLine, ...]
    unpaid: Mapping[str, Yen]
    issue: str = ""
    figures: tuple[FiguresUsed, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)

    def of(self, projects: Container[str]) -> "Settled":
        """The part of these folded 事業."""
        return replace(
            self,
            rows=tuple(row for row in self.rows if name_key(row.project) in projects),
            reserves=tuple(own for own in self.reserves if name_key(own.project) in projects),
            figures=tuple(use for use in self.figures if name_key(use.project) in projects),
        )

    @cached_property
    def figure_lines(self) -> tuple[tuple[str, str, str], ...]:
        """事業, the column, and the 経費 that it was used for; in the order of the rules."""
        lines = grouped(
            ((use.project, f"{use.column.name}（{use.column.as_of}）"), use.line)
            for use in self.figures
        )
        return tuple((*key, "、".join(names)) for key, names in lines.items())

    @cached_property
    def by_member(self) -> Mapping[str, tuple[SettledRow, ...]]:
        """Rows of each 団体コード, in code order."""
        found = grouped((row.member.code, row) for row in self.rows)
        return {code: tuple(found[code]) for code in sorted(found)}

    @cached_property
    def ways(self) -> Mapping[str, str]:
        """差額 of each 事業, by folded name."""
        return {name_key(row.project): row.way for row in self.rows}

    @cached_property
    def has_other(self) -> frozenset[str]:
        """Folded 事業 with その他の収支."""
        return frozenset(name_key(row.project) for row in self.rows if row.is_other)

    def payer_of(self, row: SettledRow) -> str:
        """団体コード of who pays and gets the difference: the member, or its 代表."""
        key = (row.member.code, name_key(row.project))
        return self.payers.get(key, row.member.code)

    @cached_property
    def by_payer(self) -> Mapping[str, tuple[SettledRow, ...]]:
        """Rows by the 団体コード of who pays, in code order."""
        found = grouped((self.payer_of(row), row) for row in self.rows)
        return {code: tuple(found[code]) for code in sorted(found)}


def billed_of(rows: Iterable[SettledRow]) -> Yen:
    """請求済額 of these rows."""
    return total(row.billed for row in rows)


def settled_of(rows: Iterable[SettledRow]) -> Yen:
    """精算額 of these rows."""
    return total(row.settled for row in rows)


def difference_of(rows: Iterable[SettledRow], way: str | None = None) -> Yen:
    """差額 of these rows, all of them or those that go one way."""
    return total(row.difference for row in rows if way in (None, row.way))


SETTLEMENT = (
    *("年度", "団体コード", "団体名", "事業", "経費", "請求済額_円", "精算額_円", "差額_円"),
    "扱い",
)
"""Headings of data/settlement.csv."""


class SettlementRow(NamedTuple):
    """A row of data/settlement.csv, in the order of its headings; 事業 and 経費 as written."""

    year: str
    code: str
    name: str
    project: str
    line: str
    billed: int
    settled: int
    difference: int
    way: str

    @property
    def key(self) -> tuple[str, str]:
        """Folded (事業, 経費)."""
        return name_key(self.project), name_key(self.line)

    @property
    def amounts(self) -> tuple[int, int, int]:
        """請求済額, 精算額 and 差額."""
        return self.billed, self.settled, self.difference


def settlement_rows(year: str, settled: Settled) -> list[SettlementRow]:
    """Rows of data/settlement.csv."""
    return [_data(year, row) for row in settled.rows]


def settlement_csv(year: str, settled: Settled) -> bytes:
    """data/settlement.csv; with 会計 where bills are divided."""
    rows = settlement_rows(year, settled)
    if not settled.accounts:
        return to_csv(SETTLEMENT, rows)
    named = ((*row, settled.accounts.get(name_key(row.project), "")) for row in rows)
    return to_csv((*SETTLEMENT, ACCOUNT), named)


def _data(year: str, row: SettledRow) -> SettlementRow:
    member = row.member
    amounts = (int(row.billed), int(row.settled), int(row.difference))
    return SettlementRow(year, member.code, member.name, row.project, row.line, *amounts, row.way)


def read_settlement(data: bytes) -> tuple[SettlementRow, ...]:
    """Rows of a data/settlement.csv; ValueError or csv.Error where it is not what `settle` writes."""
    heads, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    if tuple(heads) not in (SETTLEMENT, (*SETTLEMENT, ACCOUNT)):
        raise ValueError(heads)
    return tuple(_read(row, len(heads)) for row in rows)


def _read(cells: Sequence[str], width: int) -> SettlementRow:
    read = [unquoted(cell) for _, cell in zip(range(width), cells, strict=True)]
    year, code, name, project, line, billed, settled, difference, way = read[: len(SETTLEMENT)]
    amounts = int(billed), int(settled), int(difference)
    return SettlementRow(year, code, name, project, line, *amounts, way)
