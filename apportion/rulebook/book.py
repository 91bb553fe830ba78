"""All rule files of a year together: which file rules a 事業, and what its words mean there."""

from dataclasses import dataclass
from functools import cached_property

from apportion.rulebook.blocks import (
    COMMON,
    Basis,
    Bind,
    Coefficients,
    Defaults,
    Expense,
    Group,
    Remark,
    RuleFile,
    TierTable,
)
from apportion.rulebook.terms import DuePlan, DueRounding, Proration, Rounding
from apportion.text import name_key

DECIDED = "議決"
STATES = ("例", "案", DECIDED)
"""状態, from the least binding to the most."""


@dataclass(frozen=True)
class RuleBook:
    """The rule files of one year; `unread` counts those that could not be read at all."""

    files: tuple[RuleFile, ...]
    unread: int = 0

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
        """The least binding 状態 of all files: it is stamped on every output."""
        return min((file.state for file in self.files), key=STATES.index, default=STATES[0])

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
