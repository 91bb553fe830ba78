"""A budget that a later one, sealed, has replaced: its amounts are those of nobody's bill any more."""

from collections.abc import Iterator
from pathlib import Path

from apportion.case_name import label, place
from apportion.outcome import Outcome
from apportion.problem import Problem, Source
from apportion.yearly.sealed import Sealed, newest


def cautions(outcome: Outcome, root: Path) -> Iterator[Problem]:
    """That the outcome is of a budget before the one that was sealed last."""
    if last := _later(outcome, root):
        yield Problem(
            code="W885",
            source=Source(file=last.path),
            what=f"最後に確定した請求は{label(last.case)}のものです（{last.label}）。"
            f"この計算は、その前の{label(outcome.case)}の額です。",
            why="前の予算の額は、もう請求する額ではありません。確定もできません（W883）。",
            fix=f"今の額は、次で計算します: apportion run --year {outcome.year} --case {last.case}",
        )


def refusals(outcome: Outcome, root: Path) -> Iterator[Problem]:
    """That sealing the outcome would go back to an earlier budget."""
    if last := _later(outcome, root):
        yield Problem(
            code="W883",
            source=Source(file=last.path),
            what=f"{last.label}で{label(last.case)}の請求を確定したので、"
            f"その前の{label(outcome.case)}の請求は確定できません。",
            why="前の予算の額が、いちばん新しい請求になってしまいます。",
            fix=f"今の予算の run を実行し、内容を確かめてから、--case {last.case} を付けて確定してください: "
            f"apportion seal --year {outcome.year} --case {last.case} --note 備考",
        )


def _later(outcome: Outcome, root: Path) -> Sealed | None:
    """The last issue, where it is of a later budget."""
    last = newest(root, outcome.year)
    return last if last and place(last.case) > place(outcome.case) else None
