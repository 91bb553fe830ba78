"""The words of the domain, frozen: members, budget and income lines, rosters, figures.

Amounts are whole yen (`Yen`); figures are exact (`Fraction`) in the unit of their heading,
yen units converted to 円. Every value knows where it was written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, NewType

from apportion.core.dataclass import dataclass
from apportion.core.problem import Source
from apportion.core.text import name_key

Yen = NewType("Yen", int)
"""Whole yen. Minted only by `tables.cells`, `allocate.rounding` and `total`."""


def total(amounts: Iterable[int]) -> Yen:
    """Sum of whole yen."""
    return Yen(sum(amounts))


CITIES = frozenset({"政令市", "中核市", "市"})
TOWNS = frozenset({"町", "村"})
LOCAL = CITIES | TOWNS | {"特別区"}
PREFECTURES = frozenset({"県", "都", "道", "府"})
KINDS = PREFECTURES | CITIES | TOWNS | {"特別区", "組合", "広域連合"}
"""区分 of the register."""

KIND_GROUPS: Mapping[str, frozenset[str]] = {
    **{kind: frozenset({kind}) for kind in KINDS},
    "県": PREFECTURES,
    "市": CITIES,
    "町村": TOWNS,
    "市町村": CITIES | TOWNS,
    "市区町村": LOCAL,
}
"""Built-in group words that stand for 区分; 市 and 県 are wider than the 区分 of that name."""

RESERVES = "積立金等"
"""区分 of the lower block of the 支出の部: published, not charged to members."""


_TITLES = {
    **dict.fromkeys(PREFECTURES, "知事"),
    **dict.fromkeys(CITIES, "市長"),
    "町": "町長",
    "村": "村長",
    "特別区": "区長",
    "組合": "管理者",
    "広域連合": "広域連合長",
}
"""Head of a body by 区分, where the register names no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One row of the register. `membership` is 会員, 準会員 or empty (非会員).

    `title` is the office of its head (長の職名), empty where that follows from 区分.
    """

    code: str
    name: str
    kana: str
    kind: str
    county: str = ""
    membership: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    title: str = ""
    source: Source = field(compare=False)

    @property
    def head(self) -> str:
        """Whom a paper for the body is addressed to: `愛知県知事`, `豊橋市長`, `○○組合 管理者`.

        What the name ends with and the office begins with stands once: 豊橋市 and 市長.
        """
        title = self.title or _TITLES[self.kind]
        shared = next((n for n in range(len(title), 0, -1) if self.name.endswith(title[:n])), 0)
        gap = "" if shared or title == "知事" else " "
        return f"{self.name}{gap}{title[shared:]}"

    def exists_between(self, first: date, last: date) -> bool:
        """Whether the body exists on at least one day of the period."""
        return (self.valid_from is None or self.valid_from <= last) and (
            self.valid_to is None or self.valid_to >= first
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """One finest line of the 支出の部; (project, name) is its key.

    `amount` is None where 予算額 is blank (単価方式). `columns` holds the further yen columns by the
    heading before its parenthesis (特定財源, 補正第1号), `cells` where each of them stands, and
    where 区分, 事業 and 経費 do. `parts` are what a revised `amount` is the sum of: 予算額 and each
    補正 by its heading, with its cell. `note` (備考) is printed, `memo` (覚え書き) nowhere.
    """

    category: str
    project: str
    path: tuple[str, ...]
    name: str
    amount: Yen | None
    previous: Yen | None = None
    columns: Mapping[str, Yen] = field(default_factory=dict)
    cells: Mapping[str, Source] = field(default_factory=dict, compare=False)
    parts: tuple[tuple[str, Yen, Source], ...] = ()
    note: str = ""
    memo: str = ""
    source: Source = field(compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Folded (事業, 経費)."""
        return name_key(self.project), name_key(self.name)

    @property
    def is_revised(self) -> bool:
        """Whether the amount is another than 予算額."""
        return any(yen for _, yen, _ in self.parts[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeLine:
    """One finest line of the 収入の部. `text` is the amount as it stands in the file, in `unit`.

    `columns` and `cells` hold the further yen columns (補正第1号, 決算額), as in `BudgetLine`, `texts`
    what stands there, each with its unit. `added` are those texts that `amount` has in it besides
    `text` (補正).
    """

    category: str
    project: str
    subject: str
    amount: Yen
    previous: Yen | None = None
    columns: Mapping[str, Yen] = field(default_factory=dict)
    cells: Mapping[str, Source] = field(default_factory=dict, compare=False)
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    text: str = ""
    unit: str = "円"
    added: tuple[tuple[str, str], ...] = ()
    note: str = ""
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One filled roster cell: takes part all year, from `joins`, or until `leaves` (that day included)."""

    joins: date | None = None
    leaves: date | None = None
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One 名簿 column: who takes part, by member code."""

    name: str
    entries: Mapping[str, Attendance]
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureColumn:
    """One column of 基礎数値. `name` stands before the parenthesis.

    A blank cell is not in `values`; `cells` has every cell of the column, the blank ones too.
    `editions` are the columns of which this one is the `over`: 平均 or 合計. `shared`: one number for all (予算額).
    """

    name: str
    unit: str
    as_of: str
    values: Mapping[str, Fraction]
    cells: Mapping[str, Source] = field(default_factory=dict, compare=False)
    editions: "tuple[FigureColumn, ...]" = ()
    over: str = ""
    shared: bool = False
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class PastCharge:
    """A charge of last year, in yen."""

    yen: Yen
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What a payer paid for an instalment on a day, in yen; negative: what was paid back (戻出)."""

    code: str
    number: int
    day: date
    yen: Yen
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Balance:
    """事業調整積立金 of a 事業 at the end of last year, in yen."""

    project: str
    yen: Yen
    source: Source = field(compare=False)


class Act(NamedTuple):
    """A decision of the year, as the table 決定 has it: `name` is 当初, 補正1 … or 精算.

    `day` is None while nobody knows it; `state` is 例, 案 or 議決; `reason` (総会議決) may be empty.
    """

    name: str
    day: date | None
    state: str
    reason: str
    source: Source


class SeenMark(NamedTuple):
    """A 注意 that a person has seen: its code, its file (empty: any), what it says, and why it may be."""

    code: str
    place: str
    words: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Tables:
    """All tables of one year, as read; `files` are their paths below the workspace.

    `previous` holds last year's charges by (団体コード, folded 事業, folded 経費), None without that
    table; `rotation` whose turn it is (団体コード) by (folded 事業, folded 経費). `payments` stand in
    the order of their file. `acts` are what the year decided, in its order; none without that table.
    """

    members: tuple[Member, ...]
    budget: tuple[BudgetLine, ...]
    income: tuple[IncomeLine, ...]
    rosters: tuple[Roster, ...]
    figures: tuple[FigureColumn, ...]
    previous: Mapping[tuple[str, str, str], PastCharge] | None = None
    rotation: Mapping[tuple[str, str], str] = field(default_factory=dict)
    payments: tuple[Payment, ...] = ()
    reserve: Mapping[str, Balance] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    seen: tuple[SeenMark, ...] = ()
    files: tuple[str, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Member]:
        """Register by 団体コード."""
        return {member.code: member for member in self.members}

    @cached_property
    def by_name(self) -> Mapping[str, Member]:
        """Register by folded name; a former body never hides one that exists."""
        former = {name_key(m.name): m for m in self.members if m.valid_to is not None}
        return former | {name_key(m.name): m for m in self.members if m.valid_to is None}

    @cached_property
    def former_bodies(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the bodies that each successor took over, directly or in a chain."""
        successors = {m.code: m.successor for m in self.members if m.successor}
        former: dict[str, tuple[str, ...]] = {}
        for code, first in successors.items():
            heir = first
            while heir in successors:
                heir = successors[heir]
            former[heir] = (*former.get(heir, ()), code)
        return former

    def heir(self, code: str) -> Member:
        """The body that exists today for a code: itself, or its last successor."""
        member = self.by_code[code]
        while member.successor:
            member = self.by_code[member.successor]
        return member

    @cached_property
    def roster_by_name(self) -> Mapping[str, Roster]:
        """名簿 columns by folded heading."""
        return {name_key(roster.name): roster for roster in self.rosters}

    @property
    def charged(self) -> tuple[BudgetLine, ...]:
        """Budget lines that members pay for: all but the lower block (積立金等)."""
        return tuple(line for line in self.budget if line.category != RESERVES)
