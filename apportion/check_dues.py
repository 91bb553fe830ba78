"""Checks of 納期: days that can be moved off holidays, and who takes what the cuts leave."""

from collections.abc import Iterator
from fractions import Fraction

from apportion.allocate.holidays import FIRST_KNOWN, LAST_KNOWN, is_known
from apportion.language.messages.base import percent
from apportion.problem import Problem
from apportion.rulebook import DuePlan, Ratio, Rest
from apportion.workspace import Workspace
from apportion.year import wareki


def difference_beside_rest(workspace: Workspace) -> Iterator[Problem]:
    """A 納期 with 残り beside a 期割の端数: 残り takes every difference, and 差額は … none."""
    for file in workspace.book.files:
        scope = workspace.book.scope(file)
        rounding = scope.due_rounding()
        plans = [file.head.dues, *(scope.dues(expense) for expense in file.expenses)]
        for plan in (plan for plan in plans if plan and rounding.source.line):
            for rest in (due.share for due in plan.dues if isinstance(due.share, Rest)):
                yield Problem(
                    code="W434",
                    source=rest.source,
                    what="「残り」の期があるので、期割の端数の「差額は…」は使われません。",
                    why="「残り」は、ほかの期の端数をすべて引き受けます。"
                    f"期割の端数は {rounding.source.place()} にあります。",
                    fix=_without_rest(plan, rest),
                )


def unknown_holidays(workspace: Workspace) -> Iterator[Problem]:
    """Due dates in years whose national holidays nobody knows."""
    for file in workspace.book.files:
        plans = (file.head.dues, *(expense.own.dues for expense in file.expenses))
        for due in (due for plan in plans if plan for due in plan.dues):
            if not is_known(due.day):
                yield Problem(
                    code="W521",
                    source=due.source,
                    what=f"{due.day.year}年の祝日が分からないため、納期限を決められません。",
                    why=f"祝日が分かるのは {FIRST_KNOWN + 1}年から {LAST_KNOWN - 1}年までです。",
                    fix="納期の年を確かめて、直してください。",
                )


def _without_rest(plan: DuePlan, rest: Rest) -> str:
    """The line with the part that 残り stands for, where the others are parts too."""
    others = [due.share for due in plan.dues if due.share is not rest]
    parts = [share.value for share in others if isinstance(share, Ratio)]
    if len(parts) < len(others):
        return "「残り」を金額か割合に直すか、期割の端数の行を消してください。"
    line = rest.source.mended(percent(1 - sum(parts, Fraction(0))))
    return f"差額を期割の端数のとおりにするには、次の行に直してください: {line}"


def due_in_year(workspace: Workspace) -> Iterator[Problem]:
    """Due dates of another year, as a copied file has them."""
    first = workspace.year.first_day
    last = (workspace.year + 1).first_day.replace(month=5, day=31)
    for file in workspace.book.files:
        plans = (file.head.dues, *(expense.own.dues for expense in file.expenses))
        for due in (due for plan in plans if plan for due in plan.dues):
            if is_known(due.day) and not first <= due.day <= last:
                yield Problem(
                    code="W426",
                    source=due.source,
                    what=f"第{due.number}期の納期限 {wareki(due.day)} は、"
                    f"{workspace.year.label}の納期限ではありません。",
                    why=f"納期限は {wareki(first)} から {wareki(last)}（出納整理期間の終わり）までです。"
                    "前の年度のファイルを写したままかもしれません。",
                    fix="日付を直してください。",
                )
