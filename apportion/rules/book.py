"""All rule files of a year together: which file rules a 事業, and what its words mean there."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from functools import cached_property

from apportion.core.dataclass import dataclass
from apportion.core.problem import Source
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.rules.nodes import (
    Arith,
    Bound,
    Clause,
    Decimals,
    Doubling,
    DuePlan,
    DueRounding,
    Money,
    Name,
    Proration,
    Rounding,
    Smoothing,
    Who,
)

UNTAXED = "不課税"
NOTIFIED = "不課税（基本通達5-5-3）"
"""Not taxed as both sides have always held it, of which the bill is the notice."""
ON_TOP = "課税10%（外税）"
"""消費税 comes on top of what the rule makes; 課税10% is within it."""
COMMON = "共通"
"""事業 of the file whose defaults and blocks hold for all files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """基礎数値: what the rules call a figure, its heading before the parenthesis, and its date.

    `as_of` is folded text without spaces and without 現在. `over` is 平均 or 合計 of several times:
    `years`, in order, or `days` where each year has its day. `settled` is what a 精算 goes by, where the line says it.
    """

    alias: Name
    heading: Name
    as_of: str
    over: str = ""
    years: tuple[FiscalYear, ...] = ()
    days: tuple[date, ...] = ()
    settled: "Bind | None" = None
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Deduct:
    """差し引く: a named amount, or (amount None) a budget column."""

    name: Name
    amount: Money | None
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Adjust:
    """団体別加減: kind `先に引き、後で足す`, `差し引く` or `足す`, with a figure in 円."""

    figure: Name
    kind: str
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Assertion:
    """検算: `合計 = …円`, `団体数 = 54`, `県 = …`; value None: 予算額. `tolerance` in 円 (±).

    `less`: 対象額, which is 予算額 less what is taken off.
    """

    subject: Name
    yen: Fraction | None
    count: int | None
    tolerance: Fraction
    source: Source = field(compare=False)
    less: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """Free text with its place (根拠, 備考, a line of ■請求書)."""

    text: str
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """未対応: a clause that the rules cannot say, why, and the office that lets it be (empty: none yet)."""

    clause: str
    reason: str
    office: str
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a file head and a ■経費 may both say; None and empty: not said here."""

    roster: Name | None = None
    legal: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    binds: tuple[Bind, ...] = ()
    rounding: Rounding | None = None
    proration: Proration | None = None
    dues: DuePlan | None = None
    bounds: tuple[Bound, ...] = ()
    unsaid: tuple[Unsaid, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense:
    """■経費: `names` empty means ほかの経費すべて."""

    names: tuple[Name, ...]
    clauses: tuple[Clause, ...]
    own: Defaults
    base: Arith | None = None
    deducts: tuple[Deduct, ...] = ()
    adjusts: tuple[Adjust, ...] = ()
    smoothing: Smoothing | None = None
    former_names: tuple[Name, ...] = ()
    tax: str = UNTAXED
    tax_source: Source = field(default=Source(), compare=False)
    assertions: tuple[Assertion, ...] = ()
    source: Source = field(compare=False)

    @property
    def taxed(self) -> bool:
        """Whether what members pay contains 消費税."""
        return self.tax not in (UNTAXED, NOTIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """■基準: one number per member. `unit` is 円 when `の額` uses it."""

    name: Name
    formula: Arith | Doubling
    decimals: Decimals | None
    unit: str
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A row of a 段階表: low ≤ x (or <) and x < high (or ≤); None is open."""

    low: Fraction | None
    low_included: bool
    high: Fraction | None
    high_included: bool
    counter: str
    value: Arith
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTable:
    """■段階表: `by` names what is looked up; `marginal`: 段ごとに積み上げる."""

    name: Name
    by: Name
    marginal: bool
    rows: tuple[Tier, ...]
    unit: str
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """■係数表: 団体, group or その他 to a value; `percent`: all rows in %, a fixed table."""

    name: Name
    rows: tuple[tuple[Name, Arith], ...]
    percent: bool
    unit: str
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """■グループ: a named set; with `lead`, its members' charges are invoiced to that body."""

    name: Name
    members: Who
    lead: Name | None
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """■精算: 差額 (還付と追徴／翌年度で調整／積立金に積む), 基礎数値 (賦課時／決算年度)."""

    difference: str
    figures: str
    legal: tuple[Remark, ...]
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """One rule text. `project` is 共通 for the file of common rules; `year` as `r7`.

    `unread`: a heading is at fault, so that nobody knows which 経費 the lines below it rule.
    `spoiled` are the stems of names that a fault keeps from being known, `marks` the lines with
    【要確認】, which are read as if the mark were not there. `idle` are the lines of other years.
    """

    project: Name
    year: str
    year_source: Source = field(compare=False)
    state: str
    state_source: Source = field(default=Source(), compare=False)
    head: Defaults
    due_rounding: DueRounding | None = None
    holiday: str | None = None
    expenses: tuple[Expense, ...] = ()
    bases: tuple[Basis, ...] = ()
    tiers: tuple[TierTable, ...] = ()
    coefficients: tuple[Coefficients, ...] = ()
    groups: tuple[Group, ...] = ()
    invoice: Mapping[str, tuple[Remark, ...]] = field(default_factory=dict)
    settlement: Settlement | None = None
    unread: bool = False
    spoiled: frozenset[str] = frozenset()
    marks: tuple[Source, ...] = field(default=(), compare=False)
    idle: tuple[Source, ...] = field(default=(), compare=False)
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Names a parser may meet, so that a name that holds 、 or に is read whole, longest first.

    `units` has the unit of each figure, `bases` are the ■基準, ■段階表, ■係数表 and 基礎数値 of 共通,
    `groups` its ■グループ. `draft`: what is read holds only what differs from a rule file.
    """

    projects: tuple[str, ...] = ()
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    rosters: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    draft: bool = False


DECIDED = "議決"
STATES = ("例", "案", DECIDED)
"""状態, from the least binding to the most."""
STAMPS: Mapping[str, tuple[str, ...]] = {
    "例": ("例　これは計算例です。協議会の決定ではありません。",),
    "案": ("案　これは案です。まだ議決されていません。",),
    DECIDED: (),
}
"""What every page says about its state; 議決 needs no stamp."""


@dataclass(frozen=True)
class RuleBook:
    """The rule files of one year; `unread` counts those that could not be read at all.

    `act` is the 状態 that the table 決定 gives to what is computed; None where the files alone say it.
    """

    files: tuple[RuleFile, ...]
    unread: int = 0
    act: str | None = None

    @cached_property
    def common(self) -> tuple[RuleFile, ...]:
        """The files of 事業: 共通."""
        return tuple(file for file in self.files if file.project.text == COMMON)

    @cached_property
    def by_project(self) -> dict[str, RuleFile]:
        """Rule file of each 事業, by folded name."""
        return {name_key(f.project.text): f for f in self.files if f.project.text != COMMON}

    @property
    def state(self) -> str:
        """The least binding 状態 of the act and of all files: it is stamped on every output.

        Beside the state of an act, a file may leave its own out.
        """
        said = [f.state for f in self.files if self.act is None or f.state_source.text]
        acts = [] if self.act is None else [self.act]
        return min((*said, *acts), key=STATES.index, default=STATES[0])

    @cached_property
    def unsaid(self) -> tuple[Unsaid, ...]:
        """Clauses that the rules cannot say, files and lines in their order."""
        return tuple(
            clause
            for file in self.files
            for own in (file.head, *(expense.own for expense in file.expenses))
            for clause in own.unsaid
        )

    @property
    def lacks(self) -> tuple[str, ...]:
        """What every paper says of clauses that are not in its amounts: nothing, or one sentence."""
        if not self.unsaid:
            return ()
        offices = "、".join(dict.fromkeys(clause.office for clause in self.unsaid))
        count = f"計算に入れていない条文が{len(self.unsaid)}件あります"
        return (f"未対応　{count}（承認 {offices}）。",)

    @property
    def stamps(self) -> tuple[str, ...]:
        """What every paper says of its state, and of what its amounts lack."""
        return (*STAMPS[self.state], *self.lacks)

    def scope(self, file: RuleFile) -> "Scope":
        """Words and defaults that hold in `file`: its own before those of 共通."""
        files = (file, *(other for other in self.common if other is not file))
        return Scope(files, unread=bool(self.unread))


Table = Basis | TierTable | Coefficients


@dataclass(frozen=True)
class Scope:
    """What holds in one rule file, nearest first; `unread`: a file of the year is missing here."""

    files: tuple[RuleFile, ...]
    unread: bool = False

    def doubtful(self, name: str) -> bool:
        """Whether a name may be unknown, or its rows wanting, only for a fault that is told."""
        return self.unread or any(stem(name) in file.spoiled for file in self.files)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """■基準, ■段階表 and ■係数表 by folded name without 割."""
        blocks: dict[str, Table] = {}
        for file in self.files:
            for kind in (file.bases, file.tiers, file.coefficients):
                blocks |= {stem(block.name.text): block for block in kind}
        return blocks

    @cached_property
    def groups(self) -> dict[str, Group]:
        """■グループ by folded name."""
        return {name_key(g.name.text): g for file in self.files for g in file.groups}

    def binds(self, expense: Expense) -> tuple[Bind, ...]:
        """基礎数値 that hold for a 経費, nearest first."""
        return tuple(b for layer in self._layers(expense) for b in layer.binds)

    def rounding(self, expense: Expense) -> Rounding:
        """端数; 円未満切捨て、差額は端数の大きい順 where nothing is said."""
        said = (layer.rounding for layer in self._layers(expense))
        return next((r for r in said if r is not None), Rounding())

    def proration(self, expense: Expense) -> Proration | None:
        """途中参加; there is no default."""
        said = (layer.proration for layer in self._layers(expense))
        return next((p for p in said if p is not None), None)

    def roster(self, expense: Expense) -> Name | None:
        """名簿, if any is said; else it is the column of the 事業."""
        return next((layer.roster for layer in self._layers(expense) if layer.roster), None)

    def dues(self, expense: Expense) -> DuePlan | None:
        """納期, if any is said."""
        said = (layer.dues for layer in self._layers(expense))
        return next((d for d in said if d is not None), None)

    def due_rounding(self) -> DueRounding:
        """期割の端数."""
        said = (file.due_rounding for file in self.files)
        return next((d for d in said if d is not None), DueRounding())

    def holiday(self) -> str:
        """休日."""
        return next((file.holiday for file in self.files if file.holiday), "翌営業日")

    def legal(self, expense: Expense) -> tuple[Remark, ...]:
        """根拠 of a 経費, else of its file, else of 共通."""
        return next((layer.legal for layer in self._layers(expense) if layer.legal), ())

    def invoice(self, key: str) -> tuple[Remark, ...]:
        """A line of ■請求書, the file's own before 共通."""
        return next((file.invoice[key] for file in self.files if file.invoice.get(key)), ())

    def _layers(self, expense: Expense) -> tuple[Defaults, ...]:
        return (expense.own, *(file.head for file in self.files))


def stem(name: str) -> str:
    """Folded name without a final 割: X and X割 are one thing."""
    return name_key(name).removesuffix("割")
