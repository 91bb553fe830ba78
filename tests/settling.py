"""Small councils with 決算額, written by a test: what matters stands in the test itself."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import Settled
from tests import small
from tests.small import save

PROJECT = "共同事業"
FIGURES: Mapping[str, Mapping[str, int | str]] = {
    "甲市": {"人口（人、令和2年10月1日現在）": 50_000},
    "乙市": {"人口（人、令和2年10月1日現在）": 30_000},
    "丙町": {"人口（人、令和2年10月1日現在）": 20_000},
}
RULES = "■経費 運用費\n負担割合: 人口割\n■経費 事務費\n負担割合: 均等割\n"
Spent = Mapping[str, tuple[int | str, ...]]
"""Amounts of each 経費 in the order of the headings."""
Received = Sequence[tuple[str, int, int | str]]
"""科目, 予算額 and 決算額."""

SPENT: Spent = {"運用費": (1_000_000, 940_010), "事務費": (100_000, 110_000)}
RECEIVED: Received = [("負担金収入", 1_100_000, 1_100_000), ("預金利子", 0, 1_000)]


def settlement(way: str, figures: str = "") -> str:
    """■精算."""
    return f"■精算\n差額: {way}\n" + (f"基礎数値: {figures}\n" if figures else "")


def council(  # noqa: PLR0913  each is one table
    root: Path,
    rules: str,
    spent: Spent,
    received: Received,
    *,
    headings: Sequence[str] = ("予算額（円）", "決算額（円）"),
    figures: Mapping[str, Mapping[str, int | str]] | None = None,
    rosters: Mapping[str, Mapping[str, str]] | None = None,
    reserves: Sequence[tuple[str, int]] = (),
) -> Path:
    """A workspace of one 事業 whose budget and 決算額 are these."""
    budget = {line: amounts[0] for line, amounts in spent.items()}
    small.write(root, rules, budget, figures or FIGURES, rosters=rosters, income=0)
    save(root, "rules/r7/budget.csv", _budget(headings, spent, reserves))
    save(root, "rules/r7/income.csv", _income(received))
    return root


def worked(root: Path, way: str = "還付と追徴") -> Path:
    """The council whose settlement `test_settle` derives by hand."""
    return council(root, RULES + settlement(way), SPENT, RECEIVED)


def _budget(headings: Sequence[str], spent: Spent, reserves: Sequence[tuple[str, int]]) -> str:
    rows = [f"区分,{PROJECT},,{line},{','.join(map(str, a))}" for line, a in spent.items()]
    rows += [
        f"積立金等,{PROJECT},,{name},0,{yen}" + ",0" * (len(headings) - 2) for name, yen in reserves
    ]
    return "\n".join([f"区分,事業,項,経費,{','.join(headings)}", *rows, ""])


def _income(received: Received) -> str:
    rows = [f"区分,{PROJECT},{subject},{budget},{final}" for subject, budget, final in received]
    return "\n".join(["区分,事業,科目,予算額（円）,決算額（円）", *rows, ""])


def settled(outcome: Outcome) -> Settled:
    """What was settled."""
    assert outcome.settled is not None
    return outcome.settled


def rows(outcome: Outcome) -> dict[str, dict[str, tuple[int, int]]]:
    """請求済額 and 精算額 by 経費 and body."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for row in settled(outcome).rows:
        found.setdefault(row.line, {})[row.member.name] = (row.billed, row.settled)
    return found


def differences(outcome: Outcome) -> dict[str, int]:
    """差額 of each body."""
    return {
        own[0].member.name: sum(row.settled - row.billed for row in own)
        for own in settled(outcome).by_member.values()
    }
