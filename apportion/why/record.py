"""A difference as plain data (JSON), amounts as integers and exact ones as `a/b`."""

from collections.abc import Sequence
from typing import Any

from apportion.outcome.outcome import Outcome
from apportion.why.difference import Cause, Diff, LineChange


def record(diff: Diff, changes: Sequence[LineChange]) -> dict[str, Any]:
    """Both sides, the changes asked for with their causes, and the 収入の部."""
    return {
        "前": _side(diff.before),
        "後": _side(diff.after),
        "負担金": [_change(change) for change in changes],
        "収入の部": [
            {
                "事業": change.project,
                "科目": change.subject,
                "前_円": change.before,
                "後_円": change.after,
            }
            for change in diff.income
        ],
    }


def _side(outcome: Outcome) -> dict[str, str | None]:
    edition = str(outcome.edition) if outcome.edition else None
    return {"年度": outcome.year.code, "ケース": edition, "状態": outcome.state}


def _change(change: LineChange) -> dict[str, Any]:
    return {
        "団体コード": change.member.code,
        "団体名": change.member.name,
        "事業": change.project,
        "経費": change.line,
        "前_円": change.before,
        "後_円": change.after,
        "原因": [_cause(cause) for cause in change.causes],
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "原因": [kind.value for kind in cause.kinds],
        "正確額_円": str(cause.exact),
        "金額_円": cause.yen,
    }
